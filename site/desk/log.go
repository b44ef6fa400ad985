package desk

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// logSize is how many acts a page of the log shows.
const logSize = 100

// A logView is a page of the log of all acts, the newest first.
type logView struct {
	page
	Entries  []catalog.Entry
	Find     []field
	Wrong    string // what cannot be asked for
	Next     string // address of older ones
	CSV      string // addresses of what is shown as files
	Lines    string
	Head     catalog.LogHead
	Key      string // that the head is checked with
	Filtered bool
}

// logActs are the kinds of acts by which the log can be narrowed: what acts are
// done to.
var logActs = []string{"any", catalog.NounDataset, "agency", "source", "run", "person", "token", "session", "portal", "question", "filing", "indicators", "budget", "mail"}

// log shows what was done: to operators all, to an agency what concerns it.
func (d *Desk) log(_ *site.Site, r *site.Request) (site.View, error) {
	agencies, all := r.Actor.Agencies(catalog.Audit)
	if !all && len(agencies) == 0 {
		return nil, fiber.ErrNotFound
	}
	if all {
		agencies = nil
	}
	v := &logView{page: page{frame(r, "desk.log.title")}, Key: d.Log.Public()}
	q, ok := v.query(r)
	if !ok {
		v.Wrong, v.Status = r.Text("desk.wrong.start"), fiber.StatusUnprocessableEntity
		return v, nil
	}
	q.Agencies, q.Size = agencies, logSize
	if kind := r.Query.Get("as"); kind == "csv" || kind == "jsonl" {
		return nil, d.exportLog(r, q, kind)
	}
	var err error
	if v.Entries, err = d.Store.LogEntries(r.Context(), q); err != nil {
		return nil, err
	}
	if n := len(v.Entries); n == logSize && v.Entries[n-1].N > 0 {
		v.Next = logURL(r, "before", strconv.FormatInt(v.Entries[n-1].N, 10))
	}
	v.CSV, v.Lines = logURL(r, "as", "csv"), logURL(r, "as", "jsonl")
	if v.Head, err = d.Store.LastLogHead(r.Context()); err != nil && !errors.Is(err, catalog.ErrNoHead) {
		return nil, err
	}
	return v, nil
}

// query reads what is asked for, and puts it into the fields again.
func (v *logView) query(r *site.Request) (q catalog.LogQuery, ok bool) {
	var err error
	who, act := strings.TrimSpace(r.Query.Get("who")), r.Query.Get("act")
	acts := field{Name: "act", Kind: "select", Label: r.Text("desk.log.act")}
	for _, kind := range logActs {
		acts.Options = append(acts.Options, option{Value: kind, Label: r.Text("desk.log.kind." + kind), Chosen: kind == act})
		if kind == act && act != "any" {
			q.Act = act
		}
	}
	q.Who = who
	v.Find = []field{
		{Name: "who", Kind: "text", Label: r.Text("desk.log.who"), Value: who, Optional: true, Short: true},
		acts,
		{Name: "from", Kind: "text", Label: r.Text("desk.log.from"), Value: r.Query.Get("from"), Optional: true, Short: true},
		{Name: "to", Kind: "text", Label: r.Text("desk.log.to"), Value: r.Query.Get("to"), Optional: true, Short: true},
	}
	if q.From, err = midnight(r.Query.Get("from")); err != nil {
		return q, false
	}
	if q.To, err = midnight(r.Query.Get("to")); err != nil {
		return q, false
	}
	if !q.To.IsZero() {
		q.To = q.To.AddDate(0, 0, 1)
	}
	if n, err := strconv.ParseInt(r.Query.Get("before"), 10, 64); err == nil && n > 0 {
		q.Before = n
	}
	v.Filtered = who != "" || q.Act != "" || !q.From.IsZero() || !q.To.IsZero()
	return q, true
}

// midnight is the beginning of a day, of either calendar, where people say when;
// zero for none.
func midnight(day string) (time.Time, error) {
	iso, err := dayOf(day)
	if err != nil || iso == "" {
		return time.Time{}, err
	}
	zone, err := time.LoadLocation(zoneName)
	if err != nil {
		return time.Time{}, err
	}
	return time.ParseInLocation(time.DateOnly, iso, zone)
}

// logURL is the address of what is asked for, with one parameter set.
func logURL(r *site.Request, name, value string) string {
	q := url.Values{}
	for _, kept := range []string{"who", "act", "from", "to", "before"} {
		if text := r.Query.Get(kept); text != "" {
			q.Set(kept, text)
		}
	}
	q.Set(name, value)
	return "/" + r.Lang + pathHome + "/log?" + q.Encode()
}
