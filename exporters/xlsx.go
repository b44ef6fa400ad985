package exporters

import (
	"archive/zip"
	"context"
	"fmt"
	"io"

	"github.com/openshafaf/shafaf/datasets"

	"github.com/klauspost/compress/flate"
)

// What a sheet of Excel can hold.
const (
	sheetRows    = 1<<20 - 1 // below the header
	sheetColumns = 1 << 14
	cellUnits    = 32767 // UTF-16 code units in a cell
)

// writeXLSX writes an Excel workbook (ISO/IEC 29500). The rows stand on one
// sheet, or where they are more than 1,048,575 on as many as they need, each
// with the header. Numbers are numbers, dates and moments real dates, text is
// text and never a formula, a null is no cell.
//
// What Excel cannot hold is text: dates before 1900-03-01 and after 9999,
// integers of more than 15 significant digits, numbers that are not finite.
// Characters that XML forbids become U+FFFD. A moment is shown to the
// millisecond. A cell of more than 32,767 characters and more than 16,384
// columns are errors.
func writeXLSX(ctx context.Context, w io.Writer, t *datasets.Table, o Options) error {
	if len(t.Schema) > sheetColumns {
		return &datasets.FileError{Fault: datasets.Fault{Text: fmt.Sprintf(
			"the table has %d columns and Excel holds %d: take CSV or Parquet", len(t.Schema), sheetColumns)}}
	}
	if t.Rows < 0 { // the list of sheets stands before the sheets
		counted := *t
		rows, err := count(ctx, t)
		if err != nil {
			return err
		}
		counted.Rows = rows
		t = &counted
	}
	zw := zip.NewWriter(w)
	zw.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestSpeed)
	})
	x := &xlsxWriter{zip: zw, sheet: newSheet(t, o)}
	if err := writeSkeleton(zw, x.sheet, o.Title); err != nil {
		return err
	}
	defer x.abandon()
	if err := x.begin(); err != nil {
		return err
	}
	if err := scan(ctx, t, o, x.batch); err != nil {
		return err
	}
	if err := x.end(); err != nil {
		return err
	}
	return zw.Close()
}

func count(ctx context.Context, t *datasets.Table) (int64, error) {
	var rows int64
	counting := *t
	counting.Rows = -1
	err := scan(ctx, &counting, Options{}, func(b *datasets.Batch) error {
		rows += int64(b.Len)
		return nil
	})
	return rows, err
}

// xlsxWriter puts rows on sheets, and sheets into the ZIP file.
type xlsxWriter struct {
	zip   *zip.Writer
	sheet *sheet
	relay *relay // to the entry of the current sheet
	buf   []byte
	n     int // of the current sheet, from 1
}

func (x *xlsxWriter) begin() error {
	x.n++
	entry, err := x.zip.Create(sheetPath(x.n))
	if err != nil {
		return err
	}
	x.relay = newRelay(entry, blockSize)
	x.buf = x.sheet.appendHead(x.relay.take(), x.n)
	return nil
}

func (x *xlsxWriter) end() error {
	_, err := x.relay.swap(x.sheet.appendTail(x.buf, x.n))
	if err != nil {
		return err
	}
	relay := x.relay
	x.relay, x.buf = nil, nil
	return relay.close()
}

// abandon ends the goroutine of a sheet that will not be finished.
func (x *xlsxWriter) abandon() {
	if x.relay != nil {
		_ = x.relay.close() // there is an earlier error
	}
}

func (x *xlsxWriter) batch(batch *datasets.Batch) error {
	clear(x.sheet.src)
	for row := range batch.Len {
		at := batch.First + int64(row)
		if at == int64(x.n)*sheetRows {
			if err := x.end(); err != nil {
				return err
			}
			if err := x.begin(); err != nil {
				return err
			}
		}
		var err error
		if x.buf, err = x.sheet.appendRow(x.buf, batch, row, at); err != nil {
			return err
		}
		if len(x.buf) >= blockSize {
			if x.buf, err = x.relay.swap(x.buf); err != nil {
				return err
			}
		}
	}
	return nil
}
