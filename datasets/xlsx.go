package datasets

import (
	"context"
	"io"
)

func sniffDirectory(f io.ReaderAt, size int64) string { return "xlsx" }

func openXLSX(ctx context.Context, f io.ReaderAt, size int64, name string, opt Options) ([]*Sheet, error) {
	return nil, nil
}
