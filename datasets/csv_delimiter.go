package datasets

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// delimiters of CSV files. Where two fit alike, the earlier is it: commas
// stand in numbers, tabs in nothing.
var delimiters = []byte("\t;|,")

// sampleRows and sampleText bound what is read to find the delimiter.
const (
	sampleRows = 1000
	sampleText = 512 << 10
)

// findDelimiter returns the delimiter by which most records have the same
// width, or 0 if there is none: the file has one column.
func (c *csvFile) findDelimiter() (byte, error) {
	text := make([]byte, sampleText)
	n, err := io.ReadFull(c.text(), text)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return 0, fmt.Errorf("datasets: read %s: %w", c.name, err)
	}
	text = text[:n]
	if named := separatorNamed(text); named != 0 {
		return named, nil
	}
	whole := err != nil // the sample is the whole file
	var best cut
	for _, d := range delimiters {
		if found := measure(text, d, whole); found.better(best) {
			best = found
		}
	}
	if best.share < minShare {
		return 0, nil
	}
	return best.delim, nil
}

// separatorNamed returns the delimiter that the first line names: sep=;
func separatorNamed(text []byte) byte {
	if len(text) < 6 || !bytes.EqualFold(text[:4], []byte("sep=")) || text[5] != '\r' && text[5] != '\n' {
		return 0
	}
	return text[4]
}

// A cut is how well a delimiter cuts the records of a sample.
type cut struct {
	delim byte
	width int     // the usual number of cells, over 1
	share float64 // of the records that have it
}

// minShare is the least share of records that must have the usual width.
const minShare = 0.3

// better reports whether c cuts clearly better than the best so far, which is
// of a delimiter that is preferred.
func (c cut) better(best cut) bool {
	switch {
	case c.share < minShare:
		return false
	case best.share < minShare:
		return true
	case c.width >= 2*best.width && c.share >= best.share-0.05:
		return true
	}
	return c.share > best.share+0.1
}

// measure cuts the sample by a delimiter. A last record that the sample cuts
// off does not count.
func measure(text []byte, delim byte, whole bool) cut {
	p := newCSVParser(bytes.NewReader(text), delim, min(len(text)+1, 64<<10))
	widths := map[int]int{}
	records, last := 0, 0
	for records < sampleRows {
		rec, err := p.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil { // too many cells: the reader says so where it comes to them
			records++
			widths[maxColumns]++
			whole = true
			break
		}
		if blank(rec.Cells) {
			continue
		}
		records++
		last = len(rec.Cells)
		widths[last]++
	}
	if !whole && records > 1 && records < sampleRows {
		records--
		widths[last]--
	}
	c := cut{delim: delim}
	most := 0
	for width, n := range widths {
		if width > 1 && (n > most || n == most && width > c.width) {
			most, c.width = n, width
		}
	}
	if records > 0 {
		c.share = float64(most) / float64(records)
	}
	return c
}
