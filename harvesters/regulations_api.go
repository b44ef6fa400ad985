package harvesters

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// Bounds of the API: pages of a query, and what goes beyond them is asked for
// from the last change on, a day earlier, because it is not said in which zone
// the moments of a filter are.
const (
	regRows    = 250
	regPages   = 20
	regOverlap = 24 * time.Hour
	regDemo    = "DEMO_KEY" // that everybody may use, a few times an hour
)

// query reads through the API the documents that the address of the source
// means, those that are open for comments now when it says nothing: docket after
// docket, with the documents and the comments of each.
func (w *regWalk) query() error {
	u, err := url.Parse(strings.TrimSpace(w.visit.Source.URL))
	if err != nil {
		return say("ckan.address", w.visit.Source.URL)
	}
	before, rest, _ := strings.Cut(u.Path, "/v4")
	api := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: before + "/v4/"}
	q := u.Query()
	what, id, _ := strings.Cut(strings.Trim(rest, "/"), "/")
	switch {
	case what == "dockets" && id != "":
		q = url.Values{"filter[docketId]": {id}}
	case what != "" && what != "documents":
		return say("regs.what", what)
	case len(q) == 0:
		q.Set("filter[withinCommentPeriod]", "true")
	}
	stubs, err := w.list(api, "documents", q)
	if err != nil {
		return err
	}
	var order []string
	of := map[string][]object{}
	for _, d := range stubs {
		r := regRecord{id: oneLine(d.text("id")), at: asObject(d["attributes"])}
		key := r.draft()
		if of[key] == nil {
			order = append(order, key)
		}
		of[key] = append(of[key], d)
	}
	for _, key := range order {
		w.dockets, w.order, w.comments, w.seen, w.bytes = map[string]*regDocket{}, nil, nil, map[string]bool{}, 0
		if err := w.gather(api, key, of[key]); err != nil {
			return err
		}
		if err := w.give(); err != nil {
			return err
		}
	}
	return nil
}

// gather fetches what belongs to one draft.
func (w *regWalk) gather(api *url.URL, key string, stubs []object) error {
	if asObject(stubs[0]["attributes"]).text("docketId") == key {
		if err := w.detail(api, "dockets", key, nil); err != nil {
			return err
		}
	}
	for _, d := range stubs {
		if err := w.detail(api, "documents", oneLine(d.text("id")), d); err != nil {
			return err
		}
	}
	for _, d := range stubs {
		on := asObject(d["attributes"]).text("objectId")
		if on == "" {
			continue
		}
		comments, err := w.list(api, "comments", url.Values{"filter[commentOnId]": {on}})
		if err != nil {
			return err
		}
		for _, c := range comments {
			if at := asObject(c["attributes"]); at.text("docketId") == "" && at.text("commentOnDocumentId") == "" {
				at["docketId"] = key // a stub does not always say so
			}
			if err := w.detail(api, "comments", oneLine(c.text("id")), c); err != nil {
				return err
			}
		}
	}
	return nil
}

// detail takes in the record of its own of a docket, document or comment, or
// its stub when the API has no such record.
func (w *regWalk) detail(api *url.URL, what, id string, stub object) error {
	u := *api
	u.Path += what + "/" + id
	u.RawPath = api.Path + what + "/" + url.PathEscape(id)
	if what != "dockets" {
		u.RawQuery = "include=attachments"
	}
	o, err := w.get(&u)
	var refused *FetchError
	switch {
	case errors.As(err, &refused) && !refused.Temporary && w.ctx.Err() == nil:
		if stub == nil {
			return nil
		}
		o = object{"data": map[string]any(stub)}
	case err != nil:
		return err
	}
	if d, at := asObject(o["data"]), asObject(stub["attributes"]); d != nil && what == "comments" {
		if full := asObject(d["attributes"]); full != nil && full.text("docketId") == "" && at != nil {
			full["docketId"] = at["docketId"]
		}
	}
	_, _, err = w.answer(u.Path, o)
	return err
}

// get fetches one answer.
func (w *regWalk) get(u *url.URL) (object, error) {
	address := u.String()
	s, bad, err := w.visit.jsonPage(w.ctx, Request{URL: address, Key: w.visit.key(address, regDemo)})
	if err != nil {
		return nil, err
	}
	s.Max = maxPiece
	raw, over, err := s.Value()
	if err == nil {
		err = s.End()
	}
	switch {
	case err != nil:
		bad()
		return nil, err
	case over != "":
		return nil, notRead(s)
	}
	v, err := decodeJSON(raw)
	o := asObject(v)
	if err != nil || o == nil {
		bad()
		return nil, say("regs.none")
	}
	return o, nil
}

// A regList is what a query found so far.
type regList struct {
	all      []object
	seen     map[string]bool
	declared int64 // how many there are, -1 while it is not said
}

// list returns all that a query finds, in the order of their last changes.
func (w *regWalk) list(api *url.URL, what string, filter url.Values) ([]object, error) {
	l := &regList{seen: map[string]bool{}, declared: -1}
	u := *api
	u.Path += what
	q := url.Values{}
	for k, v := range filter {
		if !strings.HasPrefix(k, "page[") && k != "api_key" {
			q[k] = v
		}
	}
	q.Set("sort", "lastModifiedDate,documentId")
	q.Set("page[size]", strconv.Itoa(regRows))
	for {
		before := len(l.all)
		last, more, err := w.window(&u, q, l)
		if err != nil {
			return nil, err
		}
		if len(l.all) > maxDocuments {
			return nil, say("regs.many", maxDocuments)
		}
		since, err := time.Parse(time.RFC3339, last)
		if more && err == nil && len(l.all) > before {
			q.Set("filter[lastModifiedDate][ge]", since.Add(-regOverlap).In(w.zone).Format(time.DateTime))
			continue
		}
		if more || l.declared > int64(len(l.all)) {
			w.visit.Note(say("regs.declared", what, max(l.declared, 0), len(l.all)).fault(catalog.SeverityRun))
		}
		return l.all, nil
	}
}

// window reads the pages that one query gives: when the last of what it found
// changed, and whether there is more.
func (w *regWalk) window(u *url.URL, q url.Values, l *regList) (last string, more bool, err error) {
	for n := 1; n <= regPages; n++ {
		q.Set("page[number]", strconv.Itoa(n))
		u.RawQuery = q.Encode()
		o, err := w.get(u)
		if err != nil {
			return last, false, then(err, "ckan.page", n)
		}
		meta := asObject(o["meta"])
		if l.declared < 0 && meta != nil {
			l.declared = size(textOf(meta["totalElements"]))
		}
		for _, v := range asList(o["data"]) {
			d := asObject(v)
			at, id := asObject(d["attributes"]), oneLine(d.text("id"))
			if id == "" || at == nil {
				position := fmt.Sprintf("%s, page %d", path.Base(u.Path), n)
				if err := w.yield.give(catalog.Record{}, &SkipError{Noun: nounDraft, Position: position, Err: say("regs.noid")}); err != nil {
					return last, false, err
				}
				continue
			}
			last = max(last, at.text("lastModifiedDate"))
			if !l.seen[id] {
				l.seen[id] = true
				l.all = append(l.all, d)
			}
		}
		if more = isTrue(meta["hasNextPage"]); !more {
			break
		}
	}
	return last, more, nil
}
