package site

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/openshafaf/shafaf/exporters"

	"github.com/gofiber/fiber/v2"
)

const (
	// codedRows is from how many rows on a table of text is kept compressed too.
	codedRows = 1000
	// followCells is from how many cells on a file is sent while it is written;
	// smaller ones are there at once, with their length.
	followCells = 1_000_000
)

// exportCoding is what a file is compressed in for the one who asks.
func exportCoding(c *fiber.Ctx, format *exporters.Format, rows int64) string {
	accepted := c.Get(fiber.HeaderAcceptEncoding)
	if accepted == "" || !format.Coded() || rows < codedRows {
		return ""
	}
	for _, coding := range exporters.Codings() {
		if accepts(accepted, coding) {
			return coding
		}
	}
	return ""
}

// hold makes the file one that has been written.
func (f *storedFile) hold(built *exporters.Built) {
	f.body, f.size, f.tag, f.modified = built.File, built.Size, strings.Trim(built.ETag, `"`), built.Modified
}

// large reports whether writing the table takes so long that nobody should wait
// for its end.
func (w *wanted) large() bool {
	return w.edition.Rows*int64(len(w.edition.Schema)) >= followCells
}

// rowsRequest reports whether all bytes are asked for, whatever they are:
// conditions and ranges are about a file that is whole.
func rowsRequest(c *fiber.Ctx) bool {
	if c.Method() != fiber.MethodGet {
		return false
	}
	for _, name := range []string{fiber.HeaderRange, fiber.HeaderIfMatch, fiber.HeaderIfNoneMatch, fiber.HeaderIfModifiedSince, fiber.HeaderIfUnmodifiedSince} {
		if c.Get(name) != "" {
			return false
		}
	}
	return true
}

// sendFollowed sends the whole table of w: the file where it has been written,
// else what there is of it while it is. Such an answer has no length and no tag,
// and breaks off when the file cannot be finished.
func (s *Site) sendFollowed(c *fiber.Ctx, w *wanted, format exporters.Format, o exporters.Options, file *storedFile) error {
	digest := w.edition.Digest
	ctx, stop := staying(c)
	defer stop()
	built, growing, err := s.Exports.Follow(ctx, digest, format, w.titled(o), s.wholeTable(digest))
	if err != nil {
		return s.exportError(c, err)
	}
	if built != nil {
		file.hold(built)
		return s.sendFile(c, file)
	}
	file.cache = CacheNever
	file.head(c)
	for _, name := range []string{fiber.HeaderETag, fiber.HeaderAcceptRanges} {
		c.Response().Header.Del(name)
	}
	out := &blockStream{Reader: growing, file: growing, conn: c.Context().Conn(), since: c.Context().Time(), patience: usualPatience}
	broken := func(err error) {
		if !errors.Is(err, context.Canceled) {
			s.log().Error("an export broke off while it was sent", "table", digest, "format", format.Ext, "err", err)
		}
	}
	c.Response().SetBodyStream(&growingStream{out, broken}, -1)
	return nil
}

// A growingStream is a body that is read while it is made.
type growingStream struct {
	*blockStream
	broken func(error)
}

// Read waits for what comes next, and gives it its time to leave.
func (g *growingStream) Read(p []byte) (int, error) {
	n, err := g.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		g.broken(err)
		return n, err
	}
	if err := g.wait(); err != nil {
		return 0, err
	}
	return n, err
}
