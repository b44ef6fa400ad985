package exporters

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"testing"

	"github.com/openshafaf/shafaf/datasets"
)

// inParts lets a table be read in parts, at rows where nothing is.
func inParts(t *datasets.Table) *datasets.Table {
	parts := *t
	parts.Parts = true
	return &parts
}

// sourcedTable is a table of many pieces with source texts and nulls here and
// there.
func sourcedTable(rows int) *datasets.Table {
	s := datasets.Schema{
		{Name: "n", Label: "n", Type: datasets.Integer},
		{Name: "amount", Label: "amount", Type: datasets.Decimal, Scale: 2, Fixed: true},
		{Name: "note", Label: "note", Type: datasets.Text},
	}
	all := make([][]cell, rows)
	for i := range all {
		all[i] = []cell{i, i * 7, fmt.Sprintf("شرح %d, \"%d\"", i, i%13)}
		switch i % 11 {
		case 3:
			all[i][1] = nil
		case 5:
			all[i][1] = sourced{i * 7, fmt.Sprintf("%d ریال", i*7)}
		case 7:
			all[i][2] = nil
		}
	}
	return table(s, datasets.BatchRows, all...)
}

func TestPiecesAreTheWholeTable(t *testing.T) {
	for _, rows := range []int{0, 1, pieceRows - 1, pieceRows, 5*pieceRows + 77, 2*groupRows + 1} {
		tab := sourcedTable(rows)
		for _, format := range Formats() {
			if rows > groupRows && format.Ext != "parquet" {
				continue // they have smaller pieces
			}
			for _, o := range []Options{{}, {Raw: true}} {
				want, got := export(t, format.Ext, tab, o), export(t, format.Ext, inParts(tab), o)
				if !bytes.Equal(want, got) {
					t.Errorf("%s of %d rows, %+v: %d bytes in pieces, %d in one", format.Ext, rows, o, len(got), len(want))
				}
			}
		}
	}
}

// damagedTable is a table whose rows from so many on cannot be read, or panic.
func damagedTable(rows, good int64, fault error) *datasets.Table {
	t := inParts(numbers(rows))
	scan := t.Scan
	t.Scan = func(from, to int64) iter.Seq2[*datasets.Batch, error] {
		return func(yield func(*datasets.Batch, error) bool) {
			for b, err := range scan(from, to) {
				if b.First+int64(b.Len) > good {
					if fault == nil {
						panic("no such row")
					}
					yield(nil, fmt.Errorf("batch of row %d: %w", b.First, fault))
					return
				}
				if !yield(b, err) {
					return
				}
			}
		}
	}
	return t
}

func TestFaultOfAPieceIsThatOfTheTable(t *testing.T) {
	const rows, good = 20 * pieceRows, 9*pieceRows + 3
	for _, format := range Formats() {
		err := format.Write(t.Context(), io.Discard, damagedTable(rows, good, errBroken), Options{})
		if !errors.Is(err, errBroken) {
			t.Errorf("%s: error %v", format.Ext, err)
		}
		if format.Ext == "xlsx" {
			continue // one goroutine reads: its panic is the caller's
		}
		var panicked *PanicError
		if err := format.Write(t.Context(), io.Discard, damagedTable(rows, good, nil), Options{}); !errors.As(err, &panicked) {
			t.Errorf("%s: error %v after a panic", format.Ext, err)
		}
	}
}

func TestPiecesThatLackRowsAreAnError(t *testing.T) {
	for _, format := range Formats() {
		tab := inParts(numbers(3 * groupRows))
		scan := tab.Scan
		tab.Scan = func(from, to int64) iter.Seq2[*datasets.Batch, error] {
			return scan(from, max(from, to-1))
		}
		if err := format.Write(t.Context(), io.Discard, tab, Options{}); err == nil {
			t.Errorf("%s: a table without its last rows was written", format.Ext)
		}
	}
}
