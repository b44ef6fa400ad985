package exporters

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/openshafaf/shafaf/datasets"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Codings returns the values of Options.Coding, the better one first.
func Codings() []string { return []string{"zstd", "gzip"} }

// gzipLevel makes files hardly larger than higher levels do, in a fraction of
// their time.
const gzipLevel = 3

// zstdWindow is how far back a reader of ours must look: what RFC 9659 lets
// browsers refuse is more.
const zstdWindow = 1 << 20

// Coded reports whether a coding makes files of the format smaller.
func (f *Format) Coded() bool { return f.text }

// encode writes the table in the format and in the coding of the options.
func (f *Format) encode(ctx context.Context, w io.Writer, t *datasets.Table, o Options) (err error) {
	if o.Coding == "" {
		return f.Write(ctx, w, t, o)
	}
	coder, err := newCoder(w, o.Coding)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, coder.Close()) }() // it has goroutines
	return f.Write(ctx, coder, t, o)
}

func newCoder(w io.Writer, coding string) (io.WriteCloser, error) {
	switch coding {
	case "gzip":
		return gzip.NewWriterLevel(w, gzipLevel)
	case "zstd":
		return zstd.NewWriter(w, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(zstdWindow), zstd.WithEncoderConcurrency(2))
	default:
		return nil, fmt.Errorf("there is no coding %q", coding)
	}
}
