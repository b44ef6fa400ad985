package harvesters

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/jsonstream"
)

const (
	ckanRows     = 100
	maxPages     = 10_000
	maxPage      = 64 << 20 // bytes
	emptyInARow  = 2        // pages without a new record that end the paging
	ckanSearch   = "package_search"
	actionPrefix = "/api/3/action/"
)

// walkCKAN reads a CKAN portal through its Action API, page by page, or a file
// that holds what such an API answers. DKAN, which looks like CKAN from afar,
// the documents of CKAN's search index, and the records of Magda are read too.
func walkCKAN(ctx context.Context, v *Visit, yield giver) error {
	w := &ckanWalk{ctx: ctx, visit: v, yield: yield, seen: map[string]struct{}{}, pages: map[[32]byte]bool{}}
	if isURL(v.Source.URL) {
		return w.portal()
	}
	return w.file()
}

// A ckanWalk is one walk over a portal or file.
type ckanWalk struct {
	ctx   context.Context
	visit *Visit
	yield giver
	base  *url.URL            // of the portal, nil for a file
	seen  map[string]struct{} // ids of all pages
	pages map[[32]byte]bool   // what pages held
	page  *ckanPage           // that is being read
	n     int                 // records so far
}

// A ckanPage is what one answer says beside its records.
type ckanPage struct {
	count   int64 // -1: it does not say
	records int
	fresh   int // not met before
	hash    [32]byte
	lists   int
	rest    object // fields that are no list of records
}

func (w *ckanWalk) file() error {
	doc, err := openPath(w.visit.Source.URL)
	if err != nil {
		return err
	}
	defer doc.Close()
	text, err := doc.jsonText(w.visit)
	if err != nil {
		return err
	}
	page, err := w.read(text)
	if err != nil {
		return err
	}
	if page.count >= 0 {
		w.visit.Declare(page.count)
	}
	return nil
}

// portal asks for page after page until one brings nothing new.
func (w *ckanWalk) portal() error {
	api, first, err := w.findAPI()
	if err != nil {
		return err
	}
	start, dry, count := 0, 0, int64(-1)
	for n := 1; ; n++ {
		page := first
		if page == nil {
			if page, err = w.get(w.searchURL(api, start)); err != nil {
				return then(err, "ckan.page", n)
			}
		}
		first = nil
		start += page.records
		if page.count >= 0 {
			count = page.count
			w.visit.Declare(count)
		}
		if page.fresh == 0 {
			dry++
		} else {
			dry = 0
		}
		again := w.pages[page.hash] && page.records > 0
		w.pages[page.hash] = true
		whole := count >= 0 && int64(len(w.seen)) == count
		switch {
		case page.records == 0, whole && page.fresh == 0:
			return nil
		case again:
			return say("ckan.again", n)
		case dry == emptyInARow:
			return say("ckan.dry", n-1, n)
		case n == maxPages:
			return say("ckan.pages", maxPages)
		}
	}
}

// read yields the records of one document.
func (w *ckanWalk) read(text io.Reader) (*ckanPage, error) {
	w.page = &ckanPage{count: -1, rest: object{}}
	s := jsonstream.New(text)
	c, err := s.Peek()
	if err != nil {
		return nil, err
	}
	if c == '[' {
		err = w.list(s)
	} else {
		err = w.answer(s, 0, w.page.rest)
	}
	if err == nil {
		err = s.End()
	}
	var broken *jsonstream.SyntaxError
	if errors.As(err, &broken) {
		err = afterRecords(err, w.n)
	}
	if err != nil {
		return nil, err
	}
	return w.page, w.alone()
}

// Lists of an answer that hold records, and what else an answer is made of.
var (
	ckanLists   = []string{"results", "docs", "dataset", "datasets", "packages", "records"}
	ckanObjects = []string{"result", "response"}
	ckanCounts  = []string{"count", "numFound", "totalCount"}
)

// answer walks over an answer, and the object in it that holds the result.
func (w *ckanWalk) answer(s *jsonstream.Stream, depth int, rest object) error {
	return s.Object(func(key string) error {
		c, err := s.Peek()
		if err != nil {
			return err
		}
		switch {
		case c == '[' && (slices.Contains(ckanLists, key) || depth == 0 && key == "result"):
			return w.list(s)
		case c == '{' && depth == 0 && slices.Contains(ckanObjects, key):
			inner := object{}
			rest[key] = map[string]any(inner)
			return w.answer(s, depth+1, inner)
		}
		raw, over, err := s.Value()
		if err != nil || over != "" {
			return err
		}
		v, err := decodeJSON(raw)
		if err != nil {
			return s.Bad("field", "the field %q cannot be read", key)
		}
		if slices.Contains(ckanCounts, key) {
			if n := size(textOf(v)); n > 0 || textOf(v) == "0" {
				w.page.count = n
			}
		}
		rest[key] = v
		return nil
	})
}

// list yields the records of the list that comes next.
func (w *ckanWalk) list(s *jsonstream.Stream) error {
	w.page.lists++
	sum := sha256.New()
	err := s.List(func() error {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		raw, over, err := s.Value()
		if err != nil {
			return err
		}
		w.n++
		w.page.records++
		position := fmt.Sprintf("dataset %d", w.n)
		if over != "" {
			w.page.fresh++
			return w.yield.give(catalog.Record{}, &SkipError{Position: position, Err: notRead(s)})
		}
		_, _ = sum.Write(raw) // a hash never fails
		if r, ok := w.visit.same(raw, position); ok {
			return w.first(r, nil)
		}
		v, err := decodeJSON(raw)
		o := asObject(v)
		if err != nil || o == nil {
			w.page.fresh++
			return w.yield.give(catalog.Record{}, &SkipError{Position: position, Err: say("record.names")})
		}
		return w.one(o, slices.Clone(raw), position)
	})
	sum.Sum(w.page.hash[:0])
	return err
}

// alone takes a document without a list for the one record that it may be, or
// says why there is none.
func (w *ckanWalk) alone() error {
	o := w.page.rest
	if failed(o["success"]) {
		return &notAPIError{say("ckan.failed")}
	}
	if w.page.lists > 0 {
		return nil
	}
	if inner := asObject(o["result"]); inner != nil {
		o = inner
	}
	if o.first("title", "name", "aspects") == nil || o.first("id", "name", "identifier", "resources", "distribution", "aspects") == nil {
		return &notAPIError{say("ckan.none")}
	}
	raw, err := encodeJSON(o)
	if err != nil {
		return err
	}
	w.n++
	w.page.records++
	return w.one(o, raw, "dataset 1")
}

// failed reports whether a flag, also one in words, is set to false.
func failed(v any) bool { return v != nil && !isTrue(v) }

// isTrue reads a flag: true, "true", "True", "yes", 1.
func isTrue(v any) bool {
	if b, ok := v.(bool); ok {
		return b
	}
	switch strings.ToLower(textOf(v)) {
	case "true", "yes", "1", "on":
		return true
	}
	return false
}

// one maps and yields a record.
func (w *ckanWalk) one(o object, raw []byte, position string) error {
	m := &mapper{position: position}
	o = unwrap(o)
	d, agency, skip := m.mapPackage(o, w.base)
	if skip != nil && skip.Field == "state" && strings.EqualFold(o.text("state"), "deleted") && m.identifier != "" {
		return w.first(catalog.Record{Noun: catalog.NounDataset, Identifier: m.identifier, Position: position, Deleted: true, Raw: raw}, nil)
	}
	if skip != nil {
		return w.first(catalog.Record{Identifier: m.identifier}, skip)
	}
	return w.first(m.done(raw, d, agency), nil)
}

// first yields a record unless a page before had it: lists move while they are
// read.
func (w *ckanWalk) first(r catalog.Record, skip *SkipError) error {
	if r.Identifier != "" && w.base != nil {
		if _, again := w.seen[r.Identifier]; again {
			return nil
		}
		w.seen[r.Identifier] = struct{}{}
	}
	w.page.fresh++
	return w.yield.give(r, skip)
}
