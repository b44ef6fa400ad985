package desk

import (
	"errors"
	"strconv"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// logSize is how many acts a page of the log shows.
const logSize = 100

// A logView is a page of the log of all acts, the newest first.
type logView struct {
	page
	Entries []catalog.Entry
	Next    string // address of older ones
	Head    catalog.LogHead
	Key     string // that the head is checked with
}

// log shows what was done: to operators all, to an agency what concerns it.
func (d *Desk) log(_ *site.Site, r *site.Request) (site.View, error) {
	agencies, all := r.Actor.Agencies(catalog.Audit)
	if !all && len(agencies) == 0 {
		return nil, fiber.ErrNotFound
	}
	if all {
		agencies = nil
	}
	before, err := strconv.ParseInt(r.Query.Get("before"), 10, 64)
	if err != nil || before < 0 {
		before = 0
	}
	v := &logView{page: page{frame(r, "desk.log.title")}, Key: d.Log.Public()}
	if v.Entries, err = d.Store.LogEntries(r.Context(), catalog.LogQuery{Agencies: agencies, Before: before, Size: logSize}); err != nil {
		return nil, err
	}
	if n := len(v.Entries); n == logSize && v.Entries[n-1].N > 0 {
		v.Next = "/" + r.Lang + pathHome + "/log?before=" + strconv.FormatInt(v.Entries[n-1].N, 10)
	}
	if v.Head, err = d.Store.LastLogHead(r.Context()); err != nil && !errors.Is(err, catalog.ErrNoHead) {
		return nil, err
	}
	return v, nil
}
