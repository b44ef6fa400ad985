package datasets

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
)

// maxMerged is how many ranges of merged cells of one sheet are known; tables
// do not have so many.
const maxMerged = 1 << 17

// readMerged returns the merged ranges of a sheet by their first row. They
// stand behind the rows, which are passed over.
func (w *workbook) readMerged(ctx context.Context, part *zip.File) (map[int64][]Merged, error) {
	r, err := w.open(part, maxUnpacked)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }() // only read
	x := newXMLScanner(r)
	merged := map[int64][]Merged{}
	for n := 0; n < maxMerged; {
		token, err := x.next()
		if err == nil && token == xmlStart && x.is("sheetData") && !x.closed {
			err = x.skipPast(ctx, "sheetData>")
		}
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case errors.Is(err, io.EOF), err != nil && len(merged) == 0:
			return merged, nil // a sheet that is broken is found so where its rows are read
		case err != nil:
			return nil, w.broken(part.Name, err)
		}
		if token != xmlStart || !x.is("mergeCell") {
			continue
		}
		if row, m, ok := mergedRange(x.rawAttr("ref")); ok {
			merged[row] = append(merged[row], m)
			n++
		}
	}
	return merged, nil
}

// mergedRange reads a reference such as B2:C5.
func mergedRange(ref []byte) (row int64, m Merged, ok bool) {
	from, to, ok := bytes.Cut(ref, []byte(":"))
	if !ok {
		return 0, m, false
	}
	row, last := rowOf(from), rowOf(to)
	first, end := columnOf(from), columnOf(to)
	if row < 1 || first < 1 || last < row || end < first || last > maxSheetRows || end > maxSheetColumns {
		return 0, m, false
	}
	return row, Merged{Column: first - 1, Columns: end - first + 1, Rows: last - row + 1}, true
}

// rowOf returns the row of a reference such as AB12, 0 if it is none.
func rowOf(ref []byte) int64 {
	n, err := strconv.ParseInt(string(bytes.TrimLeft(ref, "$ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// skipPast passes over the text up to and with the next end. It is several
// times as fast as reading tags.
func (x *xmlScanner) skipPast(ctx context.Context, end string) error {
	for {
		b := x.buf[x.start:x.end]
		if n := bytes.Index(b, []byte(end)); n >= 0 {
			x.start += n + len(end)
			return nil
		}
		x.start = max(x.start, x.end-len(end)+1)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := x.fill(); err != nil {
			return err
		}
	}
}
