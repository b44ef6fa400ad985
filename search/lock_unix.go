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

// lock takes the lock file, which the operating system frees when the process
// ends, and writes the process id into it. It waits at most as long as wait.
func lock(path string, wait time.Duration) (unlock func() error, err error) {
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
	return f.Close, nil
}

func inUse(path string) error {
	if b, err := os.ReadFile(path); err == nil && len(b) > 0 && len(b) < 20 {
		return fmt.Errorf("%w (process %s); stop it first, or ask it", ErrInUse, strings.TrimSpace(string(b)))
	}
	return fmt.Errorf("%w; stop it first, or ask it", ErrInUse)
}
