package site

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// How many runs and faults a page shows.
const (
	sourceRuns = 50
	runFaults  = 100
)

// A sourceRow is a source as readers see it.
type sourceRow struct {
	URL      string
	Title    said
	Kind     string
	Agency   Link
	Datasets int64
	Drafts   int64
	LastRun  *catalog.Run
}

// A sourcesView is the list of all sources.
type sourcesView struct {
	Frame
	Total   int64
	Sources []sourceRow
	all     []catalog.Source
}

// JSON is the list as the API answers it.
func (v *sourcesView) JSON() any {
	return List[catalog.Source]{Total: v.Total, Results: v.all}
}

// public hides what is only the operator's business: a path on the machine, and
// a password in an address. The public snapshot does the same.
func public(src *catalog.Source) {
	if webAddress(src.URL) == "" || strings.Contains(src.URL, "@") {
		src.URL = ""
	}
}

func (s *Site) sourceRow(l *locale, src *catalog.Source, agencies agencyList) sourceRow {
	title := l.said(src.Title)
	if title.Text == "" {
		title = said{Text: src.Slug, Lang: "en", Dir: "ltr"}
	}
	return sourceRow{
		URL: "/" + l.lang + sourcePath(src.Slug), Title: title, Kind: src.Kind, Datasets: src.Datasets, Drafts: src.Drafts, LastRun: src.LastRun,
		Agency: l.agencyLink(agencies.byID[src.Agency]),
	}
}

func (s *Site) sourceList(r *Request) (View, error) {
	l := s.locales[r.Lang]
	all, err := s.Catalog.Sources(r.Context(), false)
	if err != nil {
		return nil, err
	}
	agencies, err := s.agencies.get(r.Context(), s.Catalog)
	if err != nil {
		return nil, err
	}
	v := &sourcesView{Total: int64(len(all)), all: all}
	v.Frame = Frame{Title: l.Text("sources.title"), Description: l.Text("sources.description"), Section: "sources"}
	for i := range all {
		public(&all[i])
		v.Sources = append(v.Sources, s.sourceRow(l, &all[i], agencies))
	}
	return v, nil
}

// A sourceView is one source with its newest runs.
type sourceView struct {
	Frame
	Row     sourceRow
	Address Link
	Every   string
	Is      string // how it is, see catalog.Source.Standing
	Created time.Time
	Next    time.Time // when the schedule harvests it again
	Runs    []runRow
	shape   sourceShape

	Failures   int64  // in a row
	RemovedURL string // what it removed
}

// A runRow is a run in the list of its source.
type runRow struct {
	URL string
	Run catalog.Run
}

type sourceShape struct {
	catalog.Source
	Runs []catalog.Run `json:"runs"`
}

// JSON is the source with its newest runs.
func (v *sourceView) JSON() any { return v.shape }

func (s *Site) source(r *Request) (View, error) {
	l := s.locales[r.Lang]
	src, err := s.Catalog.Source(r.Context(), r.Param("slug"))
	if err != nil {
		return nil, err
	}
	runs, err := s.Catalog.Runs(r.Context(), src.ID, sourceRuns)
	if err != nil {
		return nil, err
	}
	agencies, err := s.agencies.get(r.Context(), s.Catalog)
	if err != nil {
		return nil, err
	}
	public(&src)
	v := &sourceView{Row: s.sourceRow(l, &src, agencies), Created: src.Created, Every: l.schedule(&src), Is: src.Standing(), shape: sourceShape{src, runs}}
	v.Next, v.Failures = src.NextRun, int64(src.Failures)
	v.RemovedURL = withQuery("/"+r.Lang+"/removed", url.Values{paramSource: {src.Slug}})
	v.Address = Link{Text: l.Text("source.local")}
	if src.URL != "" {
		v.Address = Link{Text: src.URL, URL: src.URL}
	}
	for _, run := range runs {
		v.Runs = append(v.Runs, runRow{"/" + r.Lang + runPath(src.Slug, run.ID), run})
	}
	v.Frame = Frame{
		Title: v.Row.Title.Text, Section: "sources", Description: l.Text("source.description"),
		Crumbs: []Link{{Text: l.Text("nav.sources"), URL: "/" + r.Lang + "/sources"}},
	}
	return v, nil
}

// A runView is one run with its counts and faults.
type runView struct {
	Frame
	Run     catalog.Run
	Took    string
	Numbers []catalog.Figure
	Total   int64
	Faults  []catalog.RunFault
	Held    []catalog.HeldRecord // what waits for approval, the first of it
	NextURL string
	shape   runShape

	RemovedURL string // what the run removed
}

type runShape struct {
	catalog.Run
	Faults List[catalog.RunFault] `json:"faults"`
	Held   []catalog.Held         `json:"held,omitempty"` // the first of what waits for approval
}

// JSON is the run with a page of its faults.
func (v *runView) JSON() any { return v.shape }

func (s *Site) run(r *Request) (View, error) {
	l := s.locales[r.Lang]
	src, err := s.Catalog.Source(r.Context(), r.Param("slug"))
	if err != nil {
		return nil, err
	}
	run, err := s.Catalog.Run(r.Context(), r.Param("id"))
	if err != nil {
		return nil, err
	}
	if run.Source != src.ID {
		return nil, catalog.ErrNotFound
	}
	after, err := afterNumber(r)
	if err != nil {
		return nil, err
	}
	faults, last, err := s.Catalog.RunFaults(r.Context(), run.ID, after, runFaults)
	if err != nil {
		return nil, err
	}
	v := &runView{Run: run, Faults: faults, Total: run.Counts.Faults, Numbers: run.Counts.Figures()}
	if !run.Finished.IsZero() {
		v.Took = l.Text("run.took", "n", int64(run.Finished.Sub(run.Started)/time.Second))
	}
	list := List[catalog.RunFault]{Total: v.Total, Results: faults}
	if len(faults) == runFaults {
		v.NextURL, list.Next = r.next(strconv.FormatInt(last, 10))
	}
	if list.Results == nil {
		list.Results = []catalog.RunFault{}
	}
	if v.Held, err = s.Catalog.HeldRecords(r.Context(), run.ID, 0, runFaults); err != nil {
		return nil, err
	}
	if run.Counts.Retired > 0 {
		v.RemovedURL = withQuery("/"+r.Lang+"/removed", url.Values{paramRun: {run.ID}})
	}
	v.shape = runShape{Run: run, Faults: list}
	for i := range v.Held {
		v.shape.Held = append(v.shape.Held, v.Held[i].Held)
	}
	name := l.said(src.Title)
	text := firstOf(name.Text, src.Slug)
	v.Frame = Frame{
		Title: l.Text("run.title", "name", text), Section: "sources",
		Crumbs: []Link{{Text: l.Text("nav.sources"), URL: "/" + r.Lang + "/sources"}, {Text: text, Lang: name.Lang, URL: "/" + r.Lang + sourcePath(src.Slug)}},
	}
	return v, nil
}
