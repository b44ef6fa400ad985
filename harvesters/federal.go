package harvesters

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/jsonstream"
)

const (
	federalAPI   = "/api/v1/documents.json"
	federalRows  = "1000"
	federalCap   = 10_000 // documents that one query gives; of more it gives these alone, and counts no more
	federalFirst = 1994   // the first year that it has
	federalAhead = 31     // days ahead that documents are listed
)

// federalFields are the fields that are mapped.
var federalFields = []string{
	"abstract", "action", "agencies", "cfr_references", "citation", "comment_url", "comments_close_on", "correction_of", "docket_ids", "dockets",
	"document_number", "effective_on", "full_text_xml_url", "html_url", "pdf_url", "publication_date", "raw_text_url", "regulation_id_numbers",
	"subtype", "title", "type", "withdrawn_on",
}

// walkFederalRegister reads the documents of the US Federal Register through its
// API, version 1, or files that hold its answers. Each document is a draft of
// its own, known by its number. That of a rule's stages share a docket or a RIN
// makes no one draft of them: both are file numbers that are used for years and
// for things that have nothing to do with each other (one RIN for all airspace,
// one docket for all notices of a park), and the stages come in different runs.
// They are kept as further identifiers, by which the stages are found.
// It gives the oldest first.
func walkFederalRegister(ctx context.Context, v *Visit, yield giver) error {
	w := &federalWalk{ctx: ctx, visit: v, yield: yield, seen: map[string]bool{}, answers: map[string]bool{}}
	var err error
	if w.zone, err = zone(easternZone); err != nil {
		return err
	}
	return w.walk()
}

// A federalWalk is one walk over the documents.
type federalWalk struct {
	ctx     context.Context
	visit   *Visit
	yield   giver
	zone    *time.Location
	seen    map[string]bool // numbers, of queries that meet at a day
	answers map[string]bool // of files, so that pages of one are declared once
	total   int64           // declared
	n       int             // documents so far
}

func (w *federalWalk) walk() error {
	if isURL(w.visit.Source.URL) {
		return w.query()
	}
	return w.visit.pieces(w.ctx, func(p *piece) error {
		if !p.ends(".json") {
			return w.beside(p)
		}
		f, err := p.open()
		if err != nil {
			return say("piece.closed").because(err)
		}
		defer f.Close()
		seek, ok := f.(io.ReadSeeker)
		if !ok {
			b, err := p.read()
			if err != nil {
				return err
			}
			seek = strings.NewReader(string(b))
		}
		text, err := jsonText(seek, "", w.visit.Note)
		if err != nil {
			return err
		}
		page, err := w.read(jsonstream.New(text))
		if err == nil {
			w.declare(page, page.about+strconv.FormatInt(page.count, 10))
		}
		return err
	})
}

// beside notes a file that holds no answer of the API.
func (w *federalWalk) beside(p *piece) error {
	return w.visit.passed(p)
}

// declare adds to how many documents there are what an answer says, once.
func (w *federalWalk) declare(page *federalPage, answer string) {
	if page.count < 0 || w.answers[answer] {
		return
	}
	w.answers[answer] = true
	w.total += page.count
	w.visit.Declare(w.total)
}

// query asks for all that the address of the source means: in one query, or in
// one a month where that has more than the API gives.
func (w *federalWalk) query() error {
	u, err := url.Parse(strings.TrimSpace(w.visit.Source.URL))
	if err != nil {
		return say("ckan.address", w.visit.Source.URL)
	}
	if !strings.Contains(u.Path, "/documents") {
		u.Path = strings.TrimRight(u.Path, "/") + federalAPI
	}
	q := u.Query()
	if len(q) == 0 {
		q.Set("conditions[type][]", "PRORULE")
	}
	for _, drop := range []string{"page", "format"} {
		q.Del(drop)
	}
	q.Set("per_page", federalRows)
	q.Set("order", "oldest")
	q["fields[]"] = federalFields
	u.RawQuery = q.Encode()
	first, err := w.get(u.String())
	if err != nil {
		return err
	}
	if first.count < federalCap {
		w.declare(first, u.String())
		return w.pages(u, first)
	}
	return w.months(u, q)
}

// pages reads the documents of a query, of which the first page is there.
func (w *federalWalk) pages(u *url.URL, page *federalPage) error {
	for n := 1; ; n++ {
		if err := w.give(page); err != nil {
			return err
		}
		if page.next == "" {
			return nil
		}
		next, err := u.Parse(page.next)
		switch {
		case err != nil || next.Host != u.Host:
			return say("federal.next", n)
		case n == maxPages:
			return say("ckan.pages", maxPages)
		}
		if page, err = w.get(next.String()); err != nil {
			return then(err, "ckan.page", n+1)
		}
	}
}

// months asks month by month, within the days that the query names.
func (w *federalWalk) months(u *url.URL, q url.Values) error {
	const gte, lte, year = "conditions[publication_date][gte]", "conditions[publication_date][lte]", "conditions[publication_date][year]"
	from := time.Date(federalFirst, 1, 1, 0, 0, 0, 0, time.UTC)
	to := w.visit.Now().UTC().AddDate(0, 0, federalAhead).Truncate(24 * time.Hour)
	if t, err := time.Parse("2006", q.Get(year)); err == nil {
		from, to = t, t.AddDate(1, 0, -1)
	}
	if t, err := time.Parse(time.DateOnly, q.Get(gte)); err == nil && t.After(from) {
		from = t
	}
	if t, err := time.Parse(time.DateOnly, q.Get(lte)); err == nil && t.Before(to) {
		to = t
	}
	for ; !from.After(to); from = time.Date(from.Year(), from.Month()+1, 1, 0, 0, 0, 0, time.UTC) {
		last := time.Date(from.Year(), from.Month()+1, 0, 0, 0, 0, 0, time.UTC)
		if last.After(to) {
			last = to
		}
		part := url.Values{}
		for k, v := range q {
			if k != year {
				part[k] = v
			}
		}
		part.Set(gte, from.Format(time.DateOnly))
		part.Set(lte, last.Format(time.DateOnly))
		month := *u
		month.RawQuery = part.Encode()
		page, err := w.get(month.String())
		if err != nil {
			return err
		}
		if page.count >= federalCap {
			return say("federal.many", from.Format("2006-01"), federalCap)
		}
		w.declare(page, month.String())
		if err := w.pages(&month, page); err != nil {
			return err
		}
	}
	return nil
}

// A federalPage is one answer.
type federalPage struct {
	count   int64 // -1: it does not say
	next    string
	about   string
	results [][]byte // none when they were yielded as they came; nil one that was too large
}

// get fetches a page and keeps its documents.
func (w *federalWalk) get(address string) (*federalPage, error) {
	s, bad, err := w.visit.jsonPage(w.ctx, Request{URL: address})
	if err != nil {
		return nil, err
	}
	page, err := w.answer(s, func(p *federalPage) error {
		raw, over, err := s.Value()
		if over != "" {
			raw = nil
		}
		p.results = append(p.results, slices.Clone(raw))
		return err
	})
	if err != nil {
		bad()
	}
	return page, err
}

// give yields the documents of a page that was fetched.
func (w *federalWalk) give(page *federalPage) error {
	for _, raw := range page.results {
		one := w.one
		if raw == nil {
			one = w.large
		}
		if err := one(raw); err != nil {
			return err
		}
	}
	return nil
}

// read yields the documents of an answer as they come.
func (w *federalWalk) read(s *jsonstream.Stream) (*federalPage, error) {
	return w.answer(s, func(*federalPage) error {
		raw, over, err := s.Value()
		switch {
		case err != nil:
			return err
		case over != "":
			return w.large(nil)
		}
		return w.one(slices.Clone(raw))
	})
}

// large yields that a document is too large to be read.
func (w *federalWalk) large([]byte) error {
	w.n++
	return w.yield.give(catalog.Record{}, &SkipError{
		Noun: nounDraft, Position: fmt.Sprintf("document %d", w.n), Err: say("record.large", catalog.Bytes(jsonstream.MaxValue)),
	})
}

// answer walks over an answer and calls result at each document.
func (w *federalWalk) answer(s *jsonstream.Stream, result func(*federalPage) error) (*federalPage, error) {
	page, lists := &federalPage{count: -1}, 0
	err := s.Object(func(key string) error {
		if key == "results" {
			lists++
			return s.List(func() error { return result(page) })
		}
		raw, over, err := s.Value()
		if err != nil || over != "" {
			return err
		}
		v, err := decodeJSON(raw)
		switch {
		case err != nil:
			return s.Bad("field", "the field %q cannot be read", key)
		case key == "count":
			page.count = size(textOf(v))
		case key == "next_page_url":
			page.next = textOf(v)
		case key == "description":
			page.about = textOf(v)
		}
		return nil
	})
	if err == nil {
		err = s.End()
	}
	var broken *jsonstream.SyntaxError
	switch {
	case errors.As(err, &broken):
		return page, afterRecords(err, w.n)
	case err != nil:
		return page, err
	case lists == 0 && page.count != 0: // of nothing it has no list
		return page, say("federal.none")
	}
	return page, nil
}
