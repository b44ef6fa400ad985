//go:build !linux && !darwin

package datasets

import "errors"

// freeSpace is not known here.
func freeSpace(string) (free, total int64, err error) { return 0, 0, errors.ErrUnsupported }
