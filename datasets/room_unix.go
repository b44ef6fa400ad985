//go:build linux || darwin

package datasets

import "syscall"

// freeSpace returns how many bytes this process may still write to the disk of
// a folder, and how large that disk is.
func freeSpace(dir string) (free, total int64, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, 0, err
	}
	block := int64(s.Bsize) //nolint:unconvert // its type is another one on darwin
	return int64(s.Bavail) * block, int64(s.Blocks) * block, nil
}
