package site

import (
	"context"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
	"github.com/openshafaf/shafaf/catalog/consultation/revision"
)

// The parameters of a comparison: the numbers of two versions, whether what is
// the same is shown too, and how the words stand.
const (
	paramA    = "a"
	paramB    = "b"
	paramAll  = "all"
	paramView = "view"
	viewSide  = "side"
)

// A compareView is what differs between two texts of a draft.
type compareView struct {
	Frame
	Draft    said
	A, B     *consultation.Version
	From, To []choice // versions
	Names    [2]string
	Counts   []changeCount // of articles
	Same     bool          // they are identical
	Rows     []changeRow
	All      bool // what is the same is shown too
	Side     bool
	Switches []tab
	Lang     string // of the texts, where it is not the page's
	Dir      string
	SelfURL  string
	shape    compareAnswer
}

// A changeCount is how many articles changed in one way.
type changeCount struct {
	Key string
	N   int64
}

// A changeRow is what became of a provision.
type changeRow struct {
	ID     string
	Change string
	Class  string // added, removed or empty
	Old    string // what it was called
	New    string // what it is called now
	Line   []wordSpan
	Left   []wordSpan
	Right  []wordSpan
	Plain  string // the words, where they are the same
	Causes []influenceRow
	Lang   string
	Dir    string
}

// A wordSpan is a run of words: empty Op for those that stand in both texts.
type wordSpan struct{ Op, Text string }

// What a span is.
const (
	spanAdded   = "added"
	spanRemoved = "removed"
)

// A compareAnswer is a comparison as the API answers it.
type compareAnswer struct {
	A          versionShape    `json:"a"`
	B          versionShape    `json:"b"`
	Articles   revision.Counts `json:"articles"` // by change
	Provisions revision.Counts `json:"provisions"`
	Total      int             `json:"total"`
	Results    []changeShape   `json:"results"`
}

// A changeShape is what became of provisions, by their addresses.
type changeShape struct {
	Change   string   `json:"change"`
	A        []string `json:"a,omitempty"`
	B        []string `json:"b,omitempty"`
	Likeness float64  `json:"likeness"`
}

// JSON is the comparison as the API answers it.
func (v *compareView) JSON() any { return v.shape }

// changeKinds are the changes in the order of the summary.
var changeKinds = []revision.Change{
	revision.Added, revision.Removed, revision.Reworded, revision.MovedReworded, revision.Moved, revision.Renumbered, revision.Split, revision.Merged, revision.Same,
}

// compareDrafts answers what differs between two versions: the first and the
// newest, when nothing else is asked for.
func (s *Site) compareDrafts(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	d, err := s.drafts.Draft(ctx, r.Param("slug"))
	if err != nil {
		return nil, err
	}
	versions, err := s.drafts.Versions(ctx, d.ID)
	if err != nil {
		return nil, err
	}
	v := &compareView{Draft: l.draftTitle(&d), All: r.Query.Get(paramAll) == "1", Side: r.Query.Get(paramView) == viewSide, SelfURL: "/" + r.Lang + r.Path}
	if err := v.choose(r, l, versions); err != nil {
		return nil, err
	}
	cmp, err := s.drafts.Compare(ctx, v.A, v.B)
	if err != nil {
		return nil, err
	}
	v.summarize(s, &d, cmp)
	if !r.JSON {
		causes, err := s.causesBetween(ctx, l, &d, versions, v)
		if err != nil {
			return nil, err
		}
		v.rows(l, cmp, causes)
	}
	v.Frame = Frame{Title: l.Text("compare.title.of", "name", v.Draft.Text), Section: "drafts", Crumbs: l.draftCrumbs(&d), NoIndex: len(r.Query) > 0}
	return v, nil
}

// choose reads which versions are meant.
func (v *compareView) choose(r *Request, l *locale, versions []consultation.Version) (err error) {
	first, last := "1", strconv.Itoa(len(versions))
	if n := len(versions); n > 0 {
		first, last = strconv.Itoa(versions[0].N), strconv.Itoa(versions[n-1].N)
	}
	if v.A, err = versionNumbered(r, versions, paramA, firstOf(r.Query.Get(paramA), first)); err != nil {
		return err
	}
	if v.B, err = versionNumbered(r, versions, paramB, firstOf(r.Query.Get(paramB), last)); err != nil {
		return err
	}
	for i := range versions {
		one := &versions[i]
		c := choice{Key: strconv.Itoa(one.N), Label: l.versionName(one)}
		c.Current = one.N == v.A.N
		v.From = append(v.From, c)
		c.Current = one.N == v.B.N
		v.To = append(v.To, c)
	}
	v.Names = [2]string{l.versionName(v.A), l.versionName(v.B)}
	if v.B.Lang != l.lang {
		v.Lang, v.Dir = v.B.Lang, direction(v.B.Lang)
	}
	all, side := "1", viewSide
	if v.All {
		all = ""
	}
	if v.Side {
		side = ""
	}
	v.Switches = []tab{{Key: "all", URL: r.url(paramAll, all), Current: v.All}, {Key: "side", URL: r.url(paramView, side), Current: v.Side}}
	return nil
}

// summarize counts the changes and lists them for the API.
func (v *compareView) summarize(s *Site, d *consultation.Draft, cmp *consultation.Comparison) {
	sum := revision.Summarize(cmp.A, cmp.B, cmp.Pairs)
	v.shape = compareAnswer{s.shapeVersion(d.Slug, v.A), s.shapeVersion(d.Slug, v.B), sum.Articles, sum.Provisions, len(cmp.Pairs), []changeShape{}}
	v.Same = sum.Provisions[revision.Same] == len(cmp.Pairs)
	for _, kind := range changeKinds {
		if n := sum.Articles[kind]; n > 0 {
			v.Counts = append(v.Counts, changeCount{string(kind), int64(n)})
		}
	}
	for i := range cmp.Pairs {
		p := &cmp.Pairs[i]
		shape := changeShape{Change: string(p.Change), Likeness: p.Likeness}
		for _, k := range p.A {
			shape.A = append(shape.A, cmp.A[k].Address)
		}
		for _, k := range p.B {
			shape.B = append(shape.B, cmp.B[k].Address)
		}
		v.shape.Results = append(v.shape.Results, shape)
	}
}

// causesBetween are what caused the changes of all versions after the first of
// the two up to the second, by address.
func (s *Site) causesBetween(ctx context.Context, l *locale, d *consultation.Draft, versions []consultation.Version, v *compareView) (map[string][]influenceRow, error) {
	all := map[string][]influenceRow{}
	for i := range versions {
		if n := versions[i].N; n <= v.A.N || n > v.B.N {
			continue
		}
		causes, err := s.causesOf(ctx, l, d, versions[i].ID)
		if err != nil {
			return nil, err
		}
		for address, rows := range causes {
			all[address] = append(all[address], rows...)
		}
	}
	return all, nil
}

// rows writes what became of each provision.
func (v *compareView) rows(l *locale, cmp *consultation.Comparison, causes map[string][]influenceRow) {
	old, now := l.placeNames(cmp.A), l.placeNames(cmp.B)
	for i := range cmp.Pairs {
		p := &cmp.Pairs[i]
		if p.Change == revision.Same && !v.All {
			continue
		}
		row := changeRow{Change: string(p.Change), Old: joined(l, old, p.A), New: joined(l, now, p.B), Lang: v.Lang, Dir: v.Dir, ID: "r-" + strconv.Itoa(i)}
		a, b := wording(cmp.A, p.A), wording(cmp.B, p.B)
		switch p.Change {
		case revision.Same, revision.Renumbered, revision.Moved:
			row.Plain = b
		case revision.Added:
			row.Class, row.Line = spanAdded, []wordSpan{{spanAdded, b}}
			row.Right = row.Line
		case revision.Removed:
			row.Class, row.Line = spanRemoved, []wordSpan{{spanRemoved, a}}
			row.Left = row.Line
		default:
			row.words(revision.Words(a, b))
		}
		for _, k := range p.B {
			row.Causes = append(row.Causes, causes[cmp.B[k].Address]...)
		}
		if len(p.B) == 0 {
			for _, k := range p.A {
				row.Causes = append(row.Causes, causes[cmp.A[k].Address]...)
			}
		}
		v.Rows = append(v.Rows, row)
	}
}

// words puts the words of both texts in one line, and in one each.
func (row *changeRow) words(spans []revision.Span) {
	for _, s := range spans {
		switch s.Op {
		case revision.Insert:
			one := wordSpan{spanAdded, s.Text}
			row.Line, row.Right = append(row.Line, one), append(row.Right, one)
		case revision.Delete:
			one := wordSpan{spanRemoved, s.Text}
			row.Line, row.Left = append(row.Line, one), append(row.Left, one)
		default:
			one := wordSpan{"", s.Text}
			row.Line, row.Left, row.Right = append(row.Line, one), append(row.Left, one), append(row.Right, one)
		}
	}
}

// wording is the words of provisions: headings and texts.
func wording(law []lawtext.Provision, list []int) string {
	var parts []string
	for _, i := range list {
		for _, text := range []string{law[i].Heading, law[i].Text} {
			if text != "" {
				parts = append(parts, text)
			}
		}
	}
	return strings.Join(parts, "\n")
}

// joined are the names of some provisions.
func joined(l *locale, names []string, list []int) string {
	var some []string
	for _, i := range list {
		some = append(some, names[i])
	}
	return strings.Join(some, " + ")
}
