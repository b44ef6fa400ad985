package catalog

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// newOwner names one run of this process: its number, a random part, and what
// tells whether that number means the same process elsewhere.
func newOwner() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails
	return fmt.Sprintf("%d-%s@%s", os.Getpid(), hex.EncodeToString(b[:]), processSpace())
}

// processSpace names the system that numbers this process: machine, start of
// it, and the container. It is empty where that cannot be known.
func processSpace() string {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	space, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		return ""
	}
	sum := sha256.Sum256([]byte(string(boot) + space))
	return hex.EncodeToString(sum[:6])
}

// ownerNumber is the number of the process that owns a run.
func ownerNumber(owner string) string {
	pid, _, _ := strings.Cut(owner, "-")
	return pid
}

// ownerGone reports whether the process of an owner is known to have ended: it
// was one of this system and is there no more. Nobody needs to wait for its
// lease then.
func ownerGone(owner string) bool {
	_, space, _ := strings.Cut(owner, "@")
	pid, err := strconv.Atoi(ownerNumber(owner))
	if err != nil || pid == os.Getpid() || space == "" || space != processSpace() {
		return false
	}
	p, err := os.FindProcess(pid)
	if err != nil {
		return true
	}
	err = p.Signal(syscall.Signal(0))
	return errors.Is(err, os.ErrProcessDone) || errors.Is(err, syscall.ESRCH)
}
