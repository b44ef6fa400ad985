//go:build unix

package search

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// lockTry is how long to wait before the lock is tried again.
const lockTry = 50 * time.Millisecond

// A held is a lock file that this process has.
type held struct{ file *os.File }

// free lets go of it.
func (h *held) free() error { return h.file.Close() }

// same reports whether path still names the file that is held.
func (h *held) same(path string) bool {
	mine, err := h.file.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(path)
	return err == nil && os.SameFile(mine, there)
}

// lock takes the lock file, which the operating system frees when the process
// ends, and writes the process id into it. It waits at most as long as wait.
func lock(path string, wait time.Duration) (*held, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	for waited := time.Duration(0); ; waited += lockTry {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			break
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			return nil, errors.Join(fmt.Errorf("lock: %w", err), f.Close())
		}
		if waited >= wait {
			return nil, errors.Join(inUse(path), f.Close())
		}
		time.Sleep(lockTry)
	}
	if err = f.Truncate(0); err == nil {
		_, err = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &held{f}, nil
}

func inUse(path string) error {
	if b, err := os.ReadFile(path); err == nil && len(b) > 0 && len(b) < 20 {
		return fmt.Errorf("%w (process %s); stop it first, or ask it", ErrInUse, strings.TrimSpace(string(b)))
	}
	return fmt.Errorf("%w; stop it first, or ask it", ErrInUse)
}
