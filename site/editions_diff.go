package site

import (
	"context"
	"errors"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"

	"github.com/gofiber/fiber/v2"
)

// paramWith is the digest of the edition that another is compared with.
const paramWith = "with"

// Of each kind of difference a page shows diffRows rows, or fewer when they have
// many columns: diffCells cells.
const (
	diffRows  = 100
	diffCells = 10_000
)

// A diffView is the difference between two editions: what the newer has that
// the older has not, and the other way round.
type diffView struct {
	Frame
	Name      string
	From, To  *editionRow
	Compare   compareForm
	SwapURL   string
	Sentence  string // why there are no rows to compare; empty when there are
	SameFile  bool
	Columns   []columnRow
	Compared  bool // row by row
	Counts    diffCounts
	Key       []string // labels of the columns that rows were matched by
	Changed   *changedTable
	Added     *oneSided
	Removed   *oneSided
	Downloads []download
	shape     diffAnswer
}

type diffCounts struct {
	From    int64 `json:"from"` // rows of the older
	To      int64 `json:"to"`
	Same    int64 `json:"same"`
	Added   int64 `json:"added"`
	Removed int64 `json:"removed"`
	Changed int64 `json:"changed"`
}

// Any reports whether a row differs.
func (c diffCounts) Any() bool { return c.Added+c.Removed+c.Changed > 0 }

// A columnRow is a column that only one edition has, or that has another type.
type columnRow struct {
	Label    string
	Kind     string // added, removed or changed
	From, To string // its types
}

type diffAnswer struct {
	From      *editionShape   `json:"from"` // null when there is no other edition
	To        editionShape    `json:"to"`
	Columns   []diffColumn    `json:"columns"`
	Rows      *diffCounts     `json:"rows"` // null when they are not compared
	Key       []string        `json:"key,omitempty"`
	Reason    string          `json:"reason,omitempty"` // why not
	Downloads []DownloadShape `json:"downloads,omitempty"`
}

type diffColumn struct {
	Name string `json:"name"`
	Kind string `json:"change"`
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

// A changedTable is rows before and after; columns without a change are left
// out but for those of the key.
type changedTable struct {
	ID, Caption string
	Head        []headCell
	Rows        [][]changedCell
}

// A oneSided is rows that only one edition has.
type oneSided struct {
	Kind string // added or removed
	dataTable
}

type changedCell struct {
	Same     bool
	Numeric  bool
	Old, New cell
}

// JSON is the difference as the API answers it: counts, and where the rows are.
func (v *diffView) JSON() any { return v.shape }

// editionDiff answers what differs between an edition and another one: that
// which with names, else the one before it.
func (s *Site) editionDiff(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	place, err := s.editionPlace(r)
	if err != nil {
		return nil, err
	}
	pair, err := s.editionPair(ctx, &place, r.Param("digest"), r.Query.Get(paramWith))
	if err != nil {
		return nil, err
	}
	to := &pair.to
	v := &diffView{Name: place.Resource.Label(r.Lang)}
	v.Compare.URL = "/" + r.Lang + r.Path
	v.To = s.diffSide(l, &place, to)
	v.shape.To, v.shape.Columns = s.editionShape(place.Dataset.Slug, currentDigest(&place), to), []diffColumn{}
	v.Frame = editionFrame(l, &place, l.Text("diff.title"))
	v.Crumbs = append(v.Crumbs, Link{Text: l.Text("editions.title"), URL: "/" + r.Lang + resourcePath(place.Dataset.Slug, place.Resource.ID) + "/editions"})
	v.NoIndex = r.Query.Has(paramWith)
	if pair.from == nil {
		v.reason(l.Text("diff.alone"))
		return v, nil
	}
	if v.Compare.Others, err = s.otherEditions(ctx, l, &place, to.Digest, pair.from.Digest); err != nil {
		return nil, err
	}
	v.From = s.diffSide(l, &place, pair.from)
	v.SwapURL = v.From.URL + "/diff?" + paramWith + "=" + to.Digest
	from := s.editionShape(place.Dataset.Slug, currentDigest(&place), pair.from)
	v.shape.From, v.SameFile = &from, from.File == to.File
	return v, s.compareTables(r, l, &place, pair, v)
}

// reason says why rows are not compared.
func (v *diffView) reason(text string) { v.Sentence, v.shape.Reason = text, text }

func (s *Site) diffSide(l *locale, place *catalog.Place, e *catalog.Edition) *editionRow {
	row := s.editionRow(l, place, e, nil)
	return &row
}

// An editionPair is two editions of a resource; from is nil when there is no
// other one.
type editionPair struct {
	from *catalog.Edition
	to   catalog.Edition
}

// editionPair finds an edition and the one to compare it with.
func (s *Site) editionPair(ctx context.Context, place *catalog.Place, digest, with string) (p editionPair, err error) {
	if p.to, err = s.Catalog.Edition(ctx, place.Resource.ID, digest); err != nil {
		return p, err
	}
	if with == "" {
		if with, err = s.Catalog.EditionBefore(ctx, place.Resource.ID, digest); err != nil || with == "" {
			return p, err
		}
	}
	from, err := s.Catalog.Edition(ctx, place.Resource.ID, with)
	p.from = &from
	return p, err
}

// compareTables puts what differs between the tables of the pair into the view.
func (s *Site) compareTables(r *Request, l *locale, place *catalog.Place, p editionPair, v *diffView) error {
	if !p.from.HasTable || !p.to.HasTable {
		v.reason(l.Text("diff.notable"))
		return nil
	}
	columns := datasets.CompareSchemas(p.from.Schema, p.to.Schema)
	for i := range columns {
		v.column(l, &columns[i])
	}
	d, err := s.compare(r.Context(), p)
	if errors.Is(err, datasets.ErrManyRows) {
		v.reason(l.Text("diff.toolong", "n", int64(datasets.MaxDiffRows)))
		return nil
	}
	if err != nil {
		return s.diffError(r.ctx, err)
	}
	v.Compared, v.Counts = true, diffCounts{d.From, d.To, d.Same, d.Added, d.Removed, d.Changed}
	v.shape.Rows, v.shape.Key = &v.Counts, d.Key
	for _, name := range d.Key {
		v.Key = append(v.Key, firstOf(p.to.Schema[p.to.Schema.Index(name)].Label, name))
	}
	s.diffDownloads(l, place, p, v)
	if r.JSON {
		return nil
	}
	return v.tables(l, p, d)
}

// column takes note of a column that differs.
func (v *diffView) column(l *locale, c *datasets.ColumnDiff) {
	kind := c.Kind()
	if kind == datasets.ColumnSame {
		return
	}
	row, shape := columnRow{Kind: kind}, diffColumn{Name: c.Name, Kind: kind}
	if c.From != nil {
		row.Label, shape.From = firstOf(c.From.Label, c.Name), c.From.Type.String()
		row.From = l.Text("type." + shape.From)
	}
	if c.To != nil {
		row.Label, shape.To = firstOf(c.To.Label, c.Name), c.To.Type.String()
		row.To = l.Text("type." + shape.To)
	}
	v.Columns, v.shape.Columns = append(v.Columns, row), append(v.shape.Columns, shape)
}

func (s *Site) diffDownloads(l *locale, place *catalog.Place, p editionPair, v *diffView) {
	if !v.Counts.Any() {
		return
	}
	of := l.Text("diff.of", "name", v.Name)
	for _, f := range exporters.Formats() {
		url := editionPath(place.Dataset.Slug, place.Resource.ID, p.to.Digest) + "/diff." + f.Ext + "?" + paramWith + "=" + p.from.Digest
		size, _ := s.Exports.Peek(diffKey(p), f, exporters.Options{})
		v.Downloads = append(v.Downloads, download{Format: f.Title, Kind: f.Ext, Of: of, URL: url, Size: size, Rows: v.Counts.Added + v.Counts.Removed + 2*v.Counts.Changed})
		v.shape.Downloads = append(v.shape.Downloads, DownloadShape{f.Ext, s.baseURL() + url, size})
	}
}

// tables puts the first rows of each kind into the view.
func (v *diffView) tables(l *locale, p editionPair, d *datasets.Diff) error {
	limit := func(columns int) int { return max(10, min(diffRows, diffCells/max(1, columns))) }
	added, err := d.AddedRows(limit(len(p.to.Schema)))
	if err != nil {
		return err
	}
	removed, err := d.RemovedRows(limit(len(p.from.Schema)))
	if err != nil {
		return err
	}
	v.Added = l.diffTable("added", d.Added, &p.to, added)
	v.Removed = l.diffTable("removed", d.Removed, p.from, removed)
	before, after, err := d.ChangedRows(limit(len(d.Columns)))
	if err == nil && d.Changed > 0 {
		v.Changed = l.changedTable(d, p, before, after)
	}
	return err
}

// diffTable is rows that only one edition has; nil when there are none.
func (l *locale) diffTable(kind string, total int64, e *catalog.Edition, rows *datasets.Batch) *oneSided {
	if rows.Len == 0 {
		return nil
	}
	key := "diff.caption." + kind
	if int64(rows.Len) < total {
		key = "diff.caption.first." + kind
	}
	page := &datasets.RowPage{Schema: e.Schema, Rows: rows, Total: total}
	return &oneSided{kind, l.dataTable("rows-"+kind, l.Text(key, "n", total, "first", rows.Len), page, e.Profile, false)}
}

// changedTable is rows before and after.
func (l *locale) changedTable(d *datasets.Diff, p editionPair, before, after *datasets.Batch) *changedTable {
	t := &changedTable{ID: "rows-changed", Rows: make([][]changedCell, after.Len)}
	t.Caption = l.Text("diff.caption.changed", "n", d.Changed)
	if int64(after.Len) < d.Changed {
		t.Caption = l.Text("diff.caption.first.changed", "n", d.Changed, "first", after.Len)
	}
	isKey := map[string]bool{}
	for _, name := range d.Key {
		isKey[name] = true
	}
	for i := range d.Columns {
		c := &d.Columns[i]
		if c.From == nil || c.To == nil {
			continue
		}
		differs := isKey[c.Name]
		for row := 0; row < after.Len && !differs; row++ {
			differs = !d.Equal(c, before, after, row)
		}
		if !differs {
			continue
		}
		t.Head = append(t.Head, headCell{Label: firstOf(c.To.Label, c.Name), Type: c.To.Type.String(), Numeric: c.To.Numeric()})
		old, fresh := &before.Columns[p.from.Schema.Index(c.Name)], &after.Columns[p.to.Schema.Index(c.Name)]
		was, is := l.cellWriter(c.From, profileOf(p.from.Profile, c.Name), false), l.cellWriter(c.To, profileOf(p.to.Profile, c.Name), false)
		for row := range t.Rows {
			t.Rows[row] = append(t.Rows[row], changedCell{d.Equal(c, before, after, row), c.To.Numeric(), was.cell(old, row), is.cell(fresh, row)})
		}
	}
	return t
}

// serveDiff answers with the whole difference between two editions as a table.
func (s *Site) serveDiff(c *fiber.Ctx) error {
	format, ok := exporters.ByExt(c.Params("ext"))
	if !ok {
		return s.refuse(answerLanguage(c), fiber.StatusNotFound, "", "refused.format", "ext", c.Params("ext"), "formats", formatList())
	}
	place, err := s.locate(c.UserContext(), c.Params("id"))
	if err != nil {
		return err
	}
	if place.Dataset.Slug != c.Params("slug") {
		return catalog.ErrNotFound
	}
	p, err := s.editionPair(c.UserContext(), &place, c.Params("digest"), c.Query(paramWith))
	switch {
	case err != nil:
		return err
	case p.from == nil:
		return s.refuse(answerLanguage(c), fiber.StatusUnprocessableEntity, paramWith, "diff.alone")
	case !p.from.HasTable || !p.to.HasTable:
		return s.refuse(answerLanguage(c), fiber.StatusUnprocessableEntity, "", "diff.notable")
	}
	if _, written := s.Exports.Peek(diffKey(p), format, exporters.Options{}); !written {
		if _, err = s.diffs.get(s, p, diffTime); err != nil { // before its turn among the exports comes
			return s.diffError(c, err)
		}
	}
	built, err := s.Exports.Get(c.UserContext(), diffKey(p), format, exporters.Options{}, func() (*datasets.Table, error) {
		d, err := s.diffs.get(s, p, diffTime)
		if err != nil {
			return nil, err
		}
		return d.Table(), nil
	})
	if err != nil {
		return s.diffError(c, err)
	}
	w := wanted{Place: place, edition: &p.to, frozen: true}
	file := storedFile{
		body: built.File, size: built.Size, tag: strings.Trim(built.ETag, `"`), modified: built.Modified,
		kind: format.MediaType, cache: CacheRevalidate,
	}
	file.name, file.plain = w.saveNames("", "-diff."+format.Ext)
	return s.sendFile(c, &file)
}

// diffError says what keeps two editions from being compared.
func (s *Site) diffError(c *fiber.Ctx, err error) error {
	switch {
	case errors.Is(err, datasets.ErrManyRows):
		return s.refuse(answerLanguage(c), fiber.StatusUnprocessableEntity, "", "diff.toolong", "n", int64(datasets.MaxDiffRows))
	case errors.Is(err, errComparing):
		c.Set(fiber.HeaderRetryAfter, "20")
		return s.because(s.refuse(answerLanguage(c), fiber.StatusServiceUnavailable, "", "refused.comparing"), err)
	default:
		return s.exportError(c, err)
	}
}
