package search

import (
	"cmp"
	"hash/fnv"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/catalog"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// An entry is a document before it is indexed: its texts by field, and the
// facts that filters, facets and orders need.
type entry struct {
	id    string
	texts [fieldCount][]string
	facts record
}

// Bounds of what is searched of one document; more names no document better.
const (
	maxDescription = 64 << 10 // bytes
	maxNames       = 5000     // resources, columns
	maxName        = 1000     // bytes of one of these
	maxTitleKey    = 120      // bytes
)

// A reader turns what the catalogue holds into entries. It is for one
// goroutine.
type reader struct {
	agencies map[string]*catalog.Agency
	collator *collate.Collator
	buf      collate.Buffer
}

func newReader(agencies []catalog.Agency) *reader {
	r := &reader{
		agencies: make(map[string]*catalog.Agency, len(agencies)),
		collator: collate.New(language.Persian, collate.Loose, collate.Numeric),
	}
	for i := range agencies {
		r.agencies[agencies[i].ID] = &agencies[i]
	}
	return r
}

// dataset returns the entry of a dataset, read with its editions' schemas.
func (r *reader) dataset(d *catalog.Dataset) *entry {
	e := &entry{id: d.ID}
	e.texts[inTitle] = texts(nil, d.Title)
	e.texts[inKeywords] = slices.Concat(d.Keywords, d.Themes)
	if !strings.HasPrefix(d.Spatial, "{") { // GeoJSON has no words
		e.texts[inKeywords] = append(e.texts[inKeywords], d.Spatial)
	}
	e.texts[inDescription] = texts(nil, d.Description)
	names := []string{d.Publisher}
	if a := r.agencies[d.Agency]; a != nil {
		names = texts(names, a.Title)
	}
	var columns, formats []string
	for i := range d.Resources {
		res := &d.Resources[i]
		names = texts(append(names, res.Name), res.Title)
		formats = append(formats, res.Format)
		if res.Edition == nil {
			continue
		}
		for j := range res.Edition.Schema {
			c := &res.Edition.Schema[j]
			columns = append(columns, c.Label)
			if c.Name != c.Label {
				columns = append(columns, c.Name)
			}
		}
	}
	e.texts[inNames], e.texts[inColumns] = distinct(names), distinct(columns)
	from, to := years(d)
	e.facts = record{
		kind: kindDataset, date: dateOf(d), from: from, to: to,
		titles: r.titleKeys(d.Title),
	}
	e.facts.values[ofAgency] = distinct([]string{d.Agency})
	e.facts.values[ofTheme] = distinct(slices.Clone(d.Themes))
	e.facts.values[ofFormat] = distinct(formats)
	e.facts.values[ofLicence] = distinct([]string{d.Licence})
	return e.seal()
}

// agency returns the entry of an agency.
func (r *reader) agency(a *catalog.Agency) *entry {
	e := &entry{id: a.ID}
	e.texts[inTitle] = texts(nil, a.Title)
	e.texts[inKeywords] = []string{strings.ReplaceAll(a.Slug, "-", " ")}
	e.texts[inDescription] = texts(nil, a.Description)
	e.facts = record{kind: kindAgency, date: a.Created.Unix(), titles: r.titleKeys(a.Title)}
	return e.seal()
}

// seal bounds the texts and takes their hash.
func (e *entry) seal() *entry {
	h := fnv.New64a()
	for f := range e.texts {
		limit, room := maxName, maxNames*maxName/100
		if f == inDescription {
			limit, room = maxDescription, 2*maxDescription
		}
		kept := e.texts[f][:0]
		for _, s := range e.texts[f] {
			s = head(s, limit)
			if room -= len(s); s == "" || room < 0 {
				continue
			}
			kept = append(kept, s)
			_, _ = io.WriteString(h, s) // never fails
			_, _ = h.Write([]byte{0})
		}
		e.texts[f] = kept
		_, _ = h.Write([]byte{1})
	}
	e.facts.hash = 0
	_, _ = h.Write(e.facts.encode(nil))
	e.facts.hash = h.Sum64()
	return e
}

// size is how many bytes of text the entry has.
func (e *entry) size() int {
	n := 0
	for _, list := range e.texts {
		for _, s := range list {
			n += len(s)
		}
	}
	return n
}

// head returns at most n bytes of s, whole letters.
func head(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}

func texts(list []string, t catalog.Text) []string {
	langs := make([]string, 0, len(t))
	for l := range t {
		langs = append(langs, l)
	}
	slices.Sort(langs)
	for _, l := range langs {
		list = append(list, t[l])
	}
	return list
}

// distinct returns the list without what is empty or said before, in order.
func distinct(list []string) []string {
	if len(list) > maxNames {
		list = list[:maxNames]
	}
	seen := make(map[string]bool, len(list))
	return slices.DeleteFunc(list, func(s string) bool {
		if s == "" || seen[s] {
			return true
		}
		seen[s] = true
		return false
	})
}

// titleKeys returns what titles are sorted by, for readers of each language of
// the site: titles in that language's script come first.
func (r *reader) titleKeys(t catalog.Text) (keys [2][]byte) {
	for i := range keys {
		title, _ := t.In(catalog.Languages[i])
		script := byte(0)
		if catalog.LanguageOf(title) != catalog.Languages[i] {
			script = 1
		}
		r.buf.Reset()
		key := r.collator.KeyFromString(&r.buf, head(title, maxTitleKey))
		keys[i] = append([]byte{script}, key[:min(len(key), maxTitleKey)]...)
	}
	return keys
}

// dateOf returns the moment that a dataset is sorted by, in seconds since
// 1970: when its data changed as its source says, else as the catalogue knows.
// What the portal itself knows changes all the time: it comes after all else.
func dateOf(d *catalog.Dataset) int64 {
	if catalog.IsBuiltin(d.ID) {
		return 0
	}
	for _, s := range []string{d.Modified, d.Issued} {
		if t, ok := parseDate(s); ok {
			return t
		}
	}
	return d.Updated.Unix()
}

// Years that coverage is counted for; others are mistakes.
const (
	minYear  = 1000
	maxYear  = 2200
	maxYears = 300 // that one dataset covers
)

// years returns the first and last year that a dataset is about: those of its
// temporal coverage, else the year of its date of issue or change; 0 and 0
// when nothing says.
func years(d *catalog.Dataset) (from, to int16) {
	a, b := yearOf(d.Temporal.Start), yearOf(d.Temporal.End)
	if a == 0 && b == 0 {
		a = cmp.Or(yearOf(d.Issued), yearOf(d.Modified))
	}
	a, b = cmp.Or(a, b), cmp.Or(b, a)
	if a > b {
		a, b = b, a
	}
	return int16(max(a, b-maxYears)), int16(b)
}

// yearOf returns the year that an ISO 8601 date opens with, or 0.
func yearOf(s string) int {
	if len(s) < 4 || len(s) > 4 && '0' <= s[4] && s[4] <= '9' {
		return 0
	}
	n, err := strconv.Atoi(s[:4])
	if err != nil || n < minYear || n > maxYear {
		return 0
	}
	return n
}
