package site

import (
	"html/template"
	"net/url"
	"regexp"
	"slices"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// A viewTable is a page of rows with what is known of their columns above and
// below them.
type viewTable struct {
	ID      string // of its caption
	Caption string
	Head    []viewHead
	Rows    []viewRow
	Foot    []footCell // empty when nothing can be summed
	Left    int64      // rows that are sums of others and not part of the foot
}

// A viewHead is the head of a column: a small picture of its values, or the
// most frequent one.
type viewHead struct {
	headCell
	Unit     string
	Then     int64 // its place among several columns that rows are sorted by, from 2
	Spark    template.HTML
	From, To string        // the ends of the picture
	Top      template.HTML // the most frequent value and its share
}

// Dir is the direction that the label is written in.
func (h viewHead) Dir() string { return labelDirection(h.Label) }

// A viewRow is a row. One that is a sum of others says so; one that is a group
// leads to its rows.
type viewRow struct {
	Total bool
	URL   string
	Cells []cell
}

// A footCell is the figures of a column over all rows of the view.
type footCell struct {
	Sum, Mean, Other string
	Numeric          bool
}

// mostSorts is how many columns rows can be sorted by through the heads.
const mostSorts = 8

// viewTable writes a page of rows or groups for the readers of l's language.
func (l *locale) viewTable(x *exploration, page *datasets.RowPage, raw bool) viewTable {
	profile := x.Edition.Profile
	if x.Query.Grouped() {
		profile = nil
	}
	plain := l.dataTable("rows", l.Text("table.caption", "name", l.name(x.Resource.Label(l.lang))), page, profile, raw)
	t := viewTable{ID: plain.ID, Caption: plain.Caption, Left: page.Left, Rows: make([]viewRow, len(plain.Rows))}
	for i := range plain.Head {
		h := viewHead{headCell: plain.Head[i], Unit: page.Schema[i].Unit}
		if h.Label = bareLabel(page.Schema, page.Schema[i].Name); x.Query.Grouped() {
			h.Label, _ = x.resultLabel(l, page.Schema[i].Name)
			x.roundMeans(l, page, i, plain.Rows)
		}
		t.Head = append(t.Head, h)
	}
	totals := x.Rows.Totals()
	for i := range t.Rows {
		t.Rows[i].Cells = plain.Rows[i]
		if !x.Query.Grouped() {
			_, t.Rows[i].Total = slices.BinarySearch(totals, page.Numbers[i])
		} else if first := &plain.Rows[i][0]; first.Kind != "link" && first.Short == "" { // these are links and folds themselves
			t.Rows[i].URL = x.groupURL(page, i)
		}
	}
	return t
}

// roundMeans writes the means of groups with as many digits as say something.
func (x *exploration) roundMeans(l *locale, page *datasets.RowPage, column int, rows [][]cell) {
	for _, m := range x.Query.Measures {
		if m.Op != datasets.OpAvg || m.Name() != page.Schema[column].Name || x.Schema.Index(m.Column) < 0 {
			continue
		}
		w := l.cellWriter(&x.Schema[x.Schema.Index(m.Column)], nil, false)
		v := &page.Rows.Columns[column]
		for i := range rows {
			if !v.Null[i] {
				rows[i][column].Text = w.mean(v.Float[i])
			}
		}
	}
}

// groupURL is the view of the rows of a group, empty where no condition says
// which those are.
func (x *exploration) groupURL(page *datasets.RowPage, row int) string {
	q := x.without(ungroup)
	q.Filters = slices.Clone(q.Filters)
	if len(x.Query.Group) == 0 {
		return ""
	}
	for _, g := range x.Query.Group {
		i := page.Schema.Index(g.Name())
		if i < 0 || g.Part == datasets.Quarter {
			return ""
		}
		v := &page.Rows.Columns[i]
		f := datasets.Filter{Column: g.Column, Op: datasets.Equal, Values: []string{string(page.Schema[i].Append(nil, v, row))}}
		if v.Null[row] {
			f.Op, f.Values = datasets.IsNull, []string{"true"}
		}
		if f.Values[0] == "" {
			return ""
		}
		q.Filters = append(q.Filters, f)
	}
	return x.here(q)
}

// sortLinks puts into the heads the addresses of the view sorted by each, and
// what it is sorted by.
func (x *exploration) sortLinks(head []viewHead, schema datasets.Schema) {
	for i := range schema {
		h, name := &head[i], schema[i].Name
		next := datasets.Sort{Column: name}
		for k, s := range x.Query.Sort {
			if s.Column != name {
				continue
			}
			h.Sorted = "ascending"
			if s.Desc {
				h.Sorted = "descending"
			}
			if k > 0 {
				h.Then = int64(k + 1)
			} else {
				next.Desc = !s.Desc
			}
		}
		h.URL = x.here(x.without(func(q *datasets.RowQuery) { q.Sort = []datasets.Sort{next} }))
	}
}

// shares finds columns whose values are shares of something by their headings.
var shares = regexp.MustCompile(`(?i)%|٪|درصد|percent|نرخ|\brate\b|\bratio\b`)

// additive reports whether sums of the column's values mean something: not of
// what names things, not of shares and rates. averaged reports it of means.
func additive(c *datasets.Column) bool {
	return averaged(c) && !shares.MatchString(c.Label) && !shares.MatchString(c.Name) && !shares.MatchString(c.Unit)
}

func averaged(c *datasets.Column) bool {
	return c.Numeric() && !identifying.MatchString(c.Label) && !identifying.MatchString(c.Name) && !coordinate.MatchString(c.Name)
}

// coordinate finds columns that say where something is.
var coordinate = regexp.MustCompile(`(?i)^(lat|lon|lng|latitude|longitude|x|y)$|طول جغرافیایی|عرض جغرافیایی`)

// foot writes the figures of the columns under a page of rows.
func (l *locale) foot(x *exploration, schema datasets.Schema, stats []datasets.ColumnStats) []footCell {
	foot := make([]footCell, len(schema))
	some := false
	for i := range schema {
		c := &schema[i]
		foot[i].Numeric = c.Numeric()
		for k := range stats {
			st := &stats[k]
			if st.Name != c.Name || st.Count == 0 {
				continue
			}
			w := l.cellWriter(c, profileOf(x.Edition.Profile, c.Name), false)
			if additive(c) && st.Sum != "" {
				foot[i].Sum = l.number(st.Sum, true)
			}
			if averaged(c) && st.Mean != nil {
				foot[i].Mean = w.mean(*st.Mean)
			}
			some = some || foot[i].Sum != "" || foot[i].Mean != ""
		}
	}
	if !some {
		return nil
	}
	return foot
}

// groupFoot writes under groups the figures of all rows together.
func (l *locale) groupFoot(x *exploration, page *datasets.RowPage, stats []datasets.ColumnStats) []footCell {
	foot := make([]footCell, len(page.Schema))
	for i := range page.Schema {
		foot[i].Numeric = page.Schema[i].Numeric()
		for _, m := range x.Query.Measures {
			if m.Name() == page.Schema[i].Name {
				foot[i].Other = l.whole(x, m, page, stats)
			}
		}
		if len(x.Query.Measures) == 0 && i == len(page.Schema)-1 {
			foot[i].Other = l.Num(page.Matched - page.Left)
		}
	}
	return foot
}

// whole is a figure over all rows of the view.
func (l *locale) whole(x *exploration, m datasets.Measure, page *datasets.RowPage, stats []datasets.ColumnStats) string {
	if m.Op == datasets.OpCount {
		return l.Num(page.Matched - page.Left)
	}
	for k := range stats {
		st := &stats[k]
		if st.Name != m.Column || st.Count == 0 {
			continue
		}
		c := &x.Schema[x.Schema.Index(m.Column)]
		w := l.cellWriter(c, profileOf(x.Edition.Profile, c.Name), false)
		switch m.Op {
		case datasets.OpSum:
			return l.number(st.Sum, true)
		case datasets.OpMin:
			return w.canonical(st.Min)
		case datasets.OpMax:
			return w.canonical(st.Max)
		case datasets.OpAvg:
			if st.Mean != nil {
				return w.mean(*st.Mean)
			}
		case datasets.OpCount:
		}
	}
	return ""
}

// mean writes a mean with one digit more than the column's values have.
func (w *cellWriter) mean(f float64) string {
	places := 2
	if w.column.Type == datasets.Decimal {
		places = max(places, w.column.Scale+1)
	}
	return w.l.Float(f, places)
}

// profileHead puts what the profile knows of a whole column into its head.
func (l *locale) profileHead(h *viewHead, c *datasets.Column, p *datasets.ColumnProfile) {
	if p == nil {
		return
	}
	h.spark(l, c, p, p.Histogram)
	if h.Spark == "" && (len(p.Top) == 1 || len(p.Top) > 1 && p.Top[0].Count > p.Top[1].Count+p.Top[1].Count/10) {
		h.top(l, c, p, p.Top[0], p.Rows-p.Nulls)
	}
}

// spark draws the values of a column that are not names of things.
func (h *viewHead) spark(l *locale, c *datasets.Column, p *datasets.ColumnProfile, bins []datasets.HistoBin) {
	if wordsOf(c) != wordsDate && (!c.Numeric() || identifying.MatchString(c.Label) && p != nil && p.Distinct == p.Rows) {
		return
	}
	if h.Spark = histogram(bins); h.Spark != "" {
		w := l.cellWriter(c, p, false)
		h.From, h.To = w.canonical(bins[0].From), w.canonical(bins[len(bins)-1].To)
	}
}

// leastShare is the share of the rows from which on the most frequent value of
// a column is worth telling.
const leastShare = 0.01

func (h *viewHead) top(l *locale, c *datasets.Column, p *datasets.ColumnProfile, top datasets.ValueFreq, filled int64) {
	if top.Count < 2 || filled == 0 || float64(top.Count)/float64(filled) < leastShare {
		return
	}
	const letters = 24
	w := l.cellWriter(c, p, false)
	value := isolated(persian.Shorten(w.canonical(top.Value), letters))
	if c.Type == datasets.Text && plainCode(top.Value) {
		value = leftToRight(persian.Shorten(top.Value, letters))
	}
	h.Top = l.HTML("view.top", "value", value, "share", l.Percent(float64(top.Count)/float64(filled)))
}

// exportParams are the parameters of a view for its rows in the API or in a
// file, which have parameters of their own.
func exportParams(q datasets.RowQuery, raw bool) url.Values {
	q.Size, q.After = 0, ""
	out := url.Values{}
	for name, values := range q.Values() {
		if name == paramRaw || name == paramEscape || name == paramBOM {
			name += "__eq"
		}
		out[name] = values
	}
	if raw {
		out.Set(paramRaw, "1")
	}
	return out
}

// rowsURL is the view's rows in the API.
func (s *Site) rowsURL(x *exploration) string {
	return s.baseURL() + withQuery(apiPrefix+x.dataPath()+"/rows", exportParams(x.Query, x.Own.Get(paramRaw) == "1"))
}

// dataPath is what the addresses of the table's data begin with.
func (x *exploration) dataPath() string {
	if x.Frozen {
		return editionPath(x.Dataset.Slug, x.Resource.ID, x.Edition.Digest)
	}
	return resourcePath(x.Dataset.Slug, x.Resource.ID)
}
