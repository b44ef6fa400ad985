package main

import (
	"os"
	"os/exec"
	"syscall"
)

const errBrokenPipe = syscall.EPIPE

// ownProgram is the file that this process runs, also when another was put in
// its place since.
func ownProgram() string { return "/proc/self/exe" }

// apartFrom gives a command a group of its own, which is killed as a whole, and
// at the latest when this process ends.
func apartFrom(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// niceness is how far behind the program its children stand for the processor.
const niceness = 10

// confine limits what this process may take. RLIMIT_DATA counts what can be
// written, which is what is used up; RLIMIT_AS would count what is only
// reserved too, of which Go's heap and mapped files have much.
func confine(memory int64) error {
	limit := &syscall.Rlimit{Cur: uint64(memory), Max: uint64(memory)}
	if err := syscall.Setrlimit(syscall.RLIMIT_DATA, limit); err != nil {
		return os.NewSyscallError("setrlimit", err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}); err != nil {
		return os.NewSyscallError("setrlimit", err)
	}
	if syscall.Getpgrp() == os.Getpid() { // of the group: of one process it would be of one thread only
		_ = syscall.Setpriority(syscall.PRIO_PGRP, 0, niceness) // not worth failing for
	}
	return nil
}

func die() { _ = syscall.Kill(os.Getpid(), syscall.SIGKILL) }
