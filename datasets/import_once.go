package datasets

import (
	"context"
	"errors"
	"iter"
	"slices"
)

const (
	onceBytes = 8 << 20 // smaller files are soon read twice
	onceRows  = 20_000  // from which the columns are guessed
	proveRows = 1 << 16 // after so many the guess is looked at again
)

// errOtherwise says that the rows of a table do not prove the columns with
// which it is loaded.
var errOtherwise = errors.New("the columns are not those that the first rows show")

// loadOnce reads a large file of text a single time: it is loaded with the
// columns that its first rows show, while all rows are looked at as Infer does.
// Only when they prove these very columns the table is kept. It is nil when it
// must be read in two passes, as most small files are, and what has totals or
// footnotes.
func (im *importing) loadOnce(ctx context.Context, sheet *Sheet) (*Loaded, error) {
	if sheet.size < onceBytes || len(im.opt.Columns) > 0 || sheet.given != nil {
		return nil, nil //nolint:nilnil // see above
	}
	p, err := sheet.guessHead(ctx, onceRows)
	if err != nil || p == nil {
		return nil, err
	}
	loaded, err := im.put(ctx, sheet.proving(p)) //nolint:contextcheck // PutRows looks at ctx between batches
	if errors.Is(err, errOtherwise) {
		sheet.faults, sheet.checked = faultList{}, false
		return nil, nil //nolint:nilnil // see above
	}
	return loaded, err
}

// A guessed is the columns with which a sheet is loaded, and what its rows show.
type guessed struct {
	schema  Schema
	formats []format
	in      inference
	foot    feet
}

// guessHead guesses the columns from the first rows. It is nil when these show
// none, or that the table has totals.
func (s *Sheet) guessHead(ctx context.Context, rows int64) (*guessed, error) {
	s.checked = true // faults are noted when all rows are read
	defer func() { s.checked = false }()
	in := s.newInference()
	defer in.guessing.wait()
	for rec, err := range s.Records(ctx) {
		if err != nil {
			return nil, err
		}
		if in.add(rec); in.row+1 == rows {
			break
		}
	}
	schema := s.schema(in.guessing.end(), in.extra)
	if len(schema) == 0 || len(in.totals) > 0 {
		return nil, nil //nolint:nilnil // see above
	}
	return &guessed{schema: schema, formats: slices.Clone(s.columns), in: s.newInference(), foot: feet{narrow: s.width < 3}}, nil
}

// proving is the table of the sheet with the guessed columns. Its scan, which
// is of all rows, ends with errOtherwise when they show others.
func (s *Sheet) proving(p *guessed) *Table {
	t := s.Table(p.schema)
	t.Scan = func(from, to int64) iter.Seq2[*Batch, error] {
		return func(yield func(*Batch, error) bool) { s.scan(p.schema, from, to, p, yield) }
	}
	return t
}

// add looks at a row. It reports false once the columns are not those guessed.
func (p *guessed) add(rec *Record) bool {
	in := &p.in
	if s := in.sheet; s.HeaderRow > 0 && s.width > 1 && p.foot.hold(rec) {
		return true
	}
	in.addAll(p.foot.release())
	in.add(rec)
	if (in.row+1)%proveRows != 0 {
		return true
	}
	in.guessing.wait()
	return p.holds()
}

// end reports whether the rows proved the columns. If so the sheet is as Infer
// leaves it.
func (p *guessed) end() bool {
	rows, notes := p.foot.end()
	p.in.addAll(rows)
	p.in.guessing.end()
	if len(notes) > 0 || !p.holds() {
		return false
	}
	p.in.sheet.checked = true
	return true
}

// holds reports whether the rows so far show the columns that were guessed.
func (p *guessed) holds() bool {
	s := p.in.sheet
	schema := s.schema(p.in.guessing.guesses, p.in.extra)
	return len(p.in.totals) == 0 && slices.Equal(schema, p.schema) && slices.EqualFunc(s.columns, p.formats, func(a, b format) bool {
		a.reading, b.reading = nil, nil
		return a == b
	})
}
