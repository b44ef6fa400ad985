package site

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"

	"github.com/gofiber/fiber/v2"
)

// draftRows is how many drafts a page of the list has.
const draftRows = 50

// draftsPath is the list of drafts, draftPath one of them, without language.
const draftsPath = "/drafts"

func draftPath(slug string) string { return draftsPath + "/" + slug }

// draftRoutes are the pages of draft regulations.
func draftRoutes() []Route {
	draft := apiPrefix + draftPath("{draft}")
	return []Route{
		{Path: draftsPath, View: (*Site).draftList, Template: "drafts", Doc: "api.drafts", Params: []Param{
			{paramState, "param.drafts.state"}, {"agency", "param.drafts.agency"}, {paramAfter, "param.after"},
		}},
		{
			Path: draftPath("{slug}"), View: (*Site).draft, Template: "draft", Cost: costSearch, Doc: "api.draft",
			Params: []Param{{paramVersion, "param.draft.version"}}, Example: draft,
		},
		{
			Path: draftPath("{slug}") + "/comments", View: (*Site).draftComments, Template: "comments", Cost: costSearch, Doc: "api.draft.comments",
			Params: []Param{
				{paramAt, "param.comments.at"},
				{paramKind, "param.comments.kind"},
				{paramProvenance, "param.comments.provenance"},
				{paramCluster, "param.comments.cluster"},
				{paramVersion, "param.draft.version"},
				{paramAfter, "param.after"},
			},
			Example: draft + "/comments",
			Write:   map[string]Handler{fiber.MethodPost: (*Site).writeComment},
			Writes:  map[string]WriteDoc{fiber.MethodPost: {Doc: "api.comment.send", Takes: commentIn{}, Gives: commentTaken{}, Status: fiber.StatusCreated, Open: true}},
		},
		{
			Path: draftPath("{slug}") + "/comment", View: (*Site).say, Act: (*Site).doSay, Template: "say", Cache: CacheNever, Doc: "api.draft.comment",
			Params:  []Param{{paramAt, "param.comments.at"}, {paramReply, "param.comment.reply"}, {paramVersion, "param.draft.version"}},
			Example: draft + "/comment",
		},
		{
			Path: draftPath("{slug}") + "/compare", View: (*Site).compareDrafts, Template: "draft_compare", Cost: costCompare, Doc: "api.draft.compare",
			Params: []Param{{paramA, "param.compare.a"}, {paramB, "param.compare.b"}}, Example: apiPrefix + draftPath("{compared_draft}") + "/compare",
		},
		{Path: draftPath("{slug}") + "/heard", View: (*Site).heard, Template: "heard", Cost: costSearch, Doc: "api.draft.heard", Example: draft + "/heard"},
		{Path: commentPath("{id}"), View: (*Site).comment, Template: "comment", Doc: "api.comment", Params: []Param{{paramAfter, "param.after"}}, Example: apiPrefix + commentPath("{comment}")},
		{Path: commentPath("{id}") + "/confirm/{word}", View: (*Site).commentConfirm, Act: (*Site).doCommentConfirm, Template: "comment_confirm", PageOnly: true, Cache: CacheNever},
		{Path: pathCommentReceipt + "/{code}", View: (*Site).commentReceipt, Act: (*Site).doCommentReceipt, Template: "comment_receipt", PageOnly: true, Cache: CacheNever},
		{Path: pathCommentReceipt + "/{code}.json", Serve: (*Site).serveReceipt, Cache: CacheNever},
		{Path: "/feeds/drafts.atom", Serve: (*Site).feedDrafts, Doc: "api.feed.drafts", Params: []Param{{paramLang, "param.lang"}}},
		{Path: draftsPath + ".ics", Serve: (*Site).serveDraftsCalendar, Doc: "api.drafts.calendar", Params: []Param{{paramLang, "param.lang"}}},
		{Path: draftPath("{slug}") + ".sqlite", Serve: (*Site).serveDocket, Cost: costSearch, Doc: "api.draft.docket", Example: draftPath("{draft}") + ".sqlite"},
		{Path: draftPath("{slug}") + ".ics", Serve: (*Site).serveDraftCalendar, Doc: "api.draft.calendar", Params: []Param{{paramLang, "param.lang"}}, Example: draftPath("{draft}") + ".ics"},
		{
			Path: pathVerify, View: (*Site).verify, Act: (*Site).doVerify, Template: "verify", Upload: true, Doc: "api.verify",
			Write:  map[string]Handler{fiber.MethodPost: (*Site).writeVerify},
			Writes: map[string]WriteDoc{fiber.MethodPost: {Doc: "api.verify.check", Takes: consultation.Receipt{}, Gives: verifyAnswer{}, Status: fiber.StatusOK, Open: true}},
		},
		{Path: draftFilePath("{slug}", "{id}"), Serve: (*Site).serveDraftFile, Doc: "api.draft.file", Example: draftFilePath("{filed}", "{paper}")},
	}
}

// A DraftShape is a draft in the API. Its state is where it stands in its
// consultation.
type DraftShape struct {
	Kind string `json:"kind"`
	consultation.Draft
	Type   string             `json:"type,omitempty"` // kind of regulation
	State  consultation.Stage `json:"state"`
	Agency AgencyRef          `json:"agency"`
	URL    string             `json:"url"` // of its page
}

func (s *Site) shapeDraft(d *consultation.Draft, agencies agencyList) DraftShape {
	shape := DraftShape{
		Kind: consultation.NounDraft, Draft: *d, Type: d.Kind, State: d.Stage(s.Now()), Agency: AgencyRef{ID: d.Agency},
		URL: s.baseURL() + "/" + s.Language() + draftPath(d.Slug),
	}
	if a := agencies.byID[d.Agency]; a != nil {
		shape.Agency = AgencyRef{a.ID, a.Slug, a.Title, a.State}
	}
	return shape
}

// A draftRow is a draft in a list.
type draftRow struct {
	Title   said
	Summary said
	URL     string
	Agency  Link
	Stage   stageView
}

// A stageView says where a draft stands: its sentence names the date that
// counts, Left how long there is to it.
type stageView struct {
	Stage consultation.Stage
	Class string // of its mark
	Key   string // of the sentence: "drafts.says.open"
	At    time.Time
	Left  string
}

var stageClasses = map[consultation.Stage]string{
	consultation.Open: "ok", consultation.Announced: "warn", consultation.InReview: "warn",
	consultation.Approved: "idle", consultation.Withdrawn: "idle",
}

func (s *Site) stage(l *locale, d *consultation.Draft) stageView {
	now := s.Now()
	stage := d.Stage(now)
	v := stageView{Stage: stage, Class: stageClasses[stage], Key: string(stage), At: d.DecidedAt}
	switch stage {
	case consultation.Open:
		v.At, v.Left = l.until(d.Closes), l.Span(d.Closes.Sub(now))
	case consultation.Announced:
		if v.At = d.Opens; v.At.IsZero() {
			v.Key = "undated"
		} else {
			v.Left = l.Span(d.Opens.Sub(now))
		}
	case consultation.InReview:
		if v.At = l.until(d.Closes); d.Opens.After(now) {
			v.Key, v.At, v.Left = "again", d.Opens, l.Span(d.Opens.Sub(now))
		}
	default: // decided
	}
	return v
}

func (s *Site) draftRow(l *locale, d *consultation.Draft, agencies agencyList) draftRow {
	row := draftRow{
		Title: l.said(d.Title), Summary: l.said(d.Summary), URL: "/" + l.lang + draftPath(d.Slug),
		Agency: l.agencyLink(agencies.byID[d.Agency]), Stage: s.stage(l, d),
	}
	if row.Title.Text == "" {
		row.Title.Text = d.Slug
	}
	row.Summary.Text = lead(row.Summary.Text, cardSummary)
	return row
}

// A draftGroup is drafts of a list that stand alike: open, announced, in review,
// decided.
type draftGroup struct {
	Key  string
	Rows []draftRow
}

// A draftsView is the list of drafts: the open ones first, that which closes
// first before all.
type draftsView struct {
	Frame
	States   []tab
	Agencies []choice
	Chosen   said // the agency
	State    string
	Groups   []draftGroup
	Total    int64
	NextURL  string
	Calendar string // address of the calendar
	shape    List[DraftShape]
}

// JSON is the list as the API answers it.
func (v *draftsView) JSON() any { return v.shape }

// draftList answers the drafts.
func (s *Site) draftList(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return nil, err
	}
	f, chosen, err := s.draftFilter(r, agencies)
	if err != nil {
		return nil, err
	}
	all, total, err := s.drafts.Drafts(ctx, f)
	if err != nil {
		return nil, err
	}
	v := &draftsView{Total: total, State: r.Query.Get(paramState), Calendar: draftsPath + ".ics?" + paramLang + "=" + r.Lang}
	v.shape = List[DraftShape]{Total: total, Results: []DraftShape{}}
	if len(all) == f.Limit {
		all = all[:draftRows]
		v.NextURL, v.shape.Next = r.next(all[draftRows-1].ID)
	}
	for i := range all {
		v.add(s.draftRow(l, &all[i], agencies))
		v.shape.Results = append(v.shape.Results, s.shapeDraft(&all[i], agencies))
	}
	v.states(r)
	if err := s.draftAgencies(ctx, v, l, agencies, chosen); err != nil {
		return nil, err
	}
	v.Frame = Frame{
		Title: l.Text("drafts.title"), Description: l.Text("drafts.description"), Section: "drafts", NoIndex: len(r.Query) > 0,
		Feeds: []Link{{Text: l.Text("feed.drafts.title"), URL: "/feeds/drafts.atom?" + paramLang + "=" + r.Lang}},
	}
	return v, nil
}

// add puts a draft into its group, which is the last one or a new one.
func (v *draftsView) add(row draftRow) {
	key := string(row.Stage.Stage)
	if row.Stage.Stage == consultation.Approved || row.Stage.Stage == consultation.Withdrawn {
		key = "decided"
	}
	if n := len(v.Groups); n == 0 || v.Groups[n-1].Key != key {
		v.Groups = append(v.Groups, draftGroup{Key: key})
	}
	last := &v.Groups[len(v.Groups)-1]
	last.Rows = append(last.Rows, row)
}

// states are the ways to narrow the list down.
func (v *draftsView) states(r *Request) {
	v.States = []tab{{Key: "all", URL: r.url(paramState, "", paramAfter, ""), Current: v.State == ""}}
	for _, stage := range []consultation.Stage{consultation.Open, consultation.Announced, consultation.InReview, consultation.Approved, consultation.Withdrawn} {
		v.States = append(v.States, tab{Key: string(stage), URL: r.url(paramState, string(stage), paramAfter, ""), Current: v.State == string(stage)})
	}
}

// draftAgencies are the agencies that have drafts, to choose one.
func (s *Site) draftAgencies(ctx context.Context, v *draftsView, l *locale, agencies agencyList, chosen *catalog.Agency) error {
	ids, err := s.drafts.DraftAgencies(ctx)
	if err != nil {
		return err
	}
	if chosen != nil {
		v.Chosen = l.said(chosen.Title)
		if !slices.Contains(ids, chosen.ID) {
			ids = append(ids, chosen.ID)
		}
	}
	for i := range agencies.all {
		a := &agencies.all[i]
		if slices.Contains(ids, a.ID) {
			t := l.said(a.Title)
			v.Agencies = append(v.Agencies, choice{Key: a.Slug, Label: firstOf(t.Text, a.Slug), Current: chosen != nil && chosen.ID == a.ID})
		}
	}
	return nil
}

// draftFilter reads what is asked for. One more than a page has tells whether
// there is another page.
func (s *Site) draftFilter(r *Request, agencies agencyList) (f consultation.DraftFilter, chosen *catalog.Agency, err error) {
	f.Limit = draftRows + 1
	if state := consultation.Stage(r.Query.Get(paramState)); state != "" {
		if !slices.Contains(consultation.Stages, state) {
			return f, nil, &catalog.InvalidError{Field: paramState, Reason: r.Text("drafts.state.unknown", "state", stageList())}
		}
		f.Stages = []consultation.Stage{state}
	}
	if slug := r.Query.Get("agency"); slug != "" {
		if chosen = agencies.bySlug(slug); chosen == nil {
			return f, nil, &catalog.InvalidError{Field: "agency", Reason: r.Text("removed.agency.unknown")}
		}
		f.Agency = chosen.ID
	}
	f.After, err = afterID(r)
	return f, chosen, err
}

// stageList is the names of all stages.
func stageList() string {
	var all []string
	for _, stage := range consultation.Stages {
		all = append(all, string(stage))
	}
	return strings.Join(all, ", ")
}

// anyDrafts reports whether the public sees any draft: pages lead to them then.
func (s *Site) anyDrafts(ctx context.Context) bool {
	there, err := s.drafts.AnyDrafts(ctx)
	return there && err == nil
}

// sampleDraft finds things for examples: a draft, one with a document, and a
// comment.
func (s *Site) sampleDraft(ctx context.Context, m sample) error {
	const looked = 20
	drafts, _, err := s.drafts.Drafts(ctx, consultation.DraftFilter{Sort: "-updated", Limit: looked})
	if err != nil || len(drafts) == 0 {
		return err
	}
	m["draft"] = drafts[0].Slug
	for i := range drafts {
		if m["comment"] != "" && m["paper"] != "" {
			break
		}
		comments, _, err := s.drafts.Comments(ctx, consultation.CommentFilter{Draft: drafts[i].ID, Newest: true, Limit: 1})
		if err != nil {
			return err
		}
		if len(comments) > 0 {
			m["comment"] = comments[0].ID
		}
		versions, err := s.drafts.Versions(ctx, drafts[i].ID)
		if err != nil {
			return err
		}
		if len(versions) > 0 && m["compared_draft"] == "" {
			m["compared_draft"] = drafts[i].Slug
		}
		papers, err := s.drafts.Papers(ctx, drafts[i].ID)
		if err != nil {
			return err
		}
		for k := range papers {
			if papers[k].File != "" {
				m["filed"], m["paper"] = drafts[i].Slug, papers[k].ID
			}
		}
	}
	return nil
}

// homeDrafts is how many drafts the home page shows.
const homeDrafts = 4

// openDrafts adds to the home page the drafts that take comments.
func (s *Site) openDrafts(ctx context.Context, l *locale, v *homeView, agencies agencyList) error {
	drafts, _, err := s.drafts.Drafts(ctx, consultation.DraftFilter{Stages: []consultation.Stage{consultation.Open}, Limit: homeDrafts})
	for i := range drafts {
		v.Open = append(v.Open, s.draftRow(l, &drafts[i], agencies))
		v.open = append(v.open, s.shapeDraft(&drafts[i], agencies))
	}
	return err
}
