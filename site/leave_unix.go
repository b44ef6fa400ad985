//go:build linux || darwin

package site

import "syscall"

// hasLeft reports whether the other end of a connection has closed it, without
// taking anything from what it has sent.
func hasLeft(raw syscall.RawConn) (left bool) {
	var one [1]byte
	err := raw.Control(func(fd uintptr) {
		n, _, err := syscall.Recvfrom(int(fd), one[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		left = n == 0 && err == nil || err == syscall.ECONNRESET
	})
	return left || err != nil
}
