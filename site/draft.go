package site

import (
	"context"
	"strconv"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// paramVersion is the number of a version of a draft.
const paramVersion = "version"

// A draftView is a draft with one of its texts.
type draftView struct {
	Frame
	Draft       consultation.Draft
	Title       said
	Summary     said
	Reason      said
	Basis       said // of the regulation itself
	Note        said // why it was withdrawn
	Agency      Link
	Stage       stageView
	Steps       []draftStep
	Versions    []choice
	Version     *consultation.Version // the one that is shown, nil without any
	TextLang    string                // of it, where it is not the page's
	TextDir     string
	VersionNote said
	Latest      string // address of the newest version, where an older one is shown
	Text        []*provisionView
	flat        []*provisionView // of Text, with what stands in them
	Contents    []contentsLine
	Periods     []consultation.Period
	Papers      []paperRow
	Document    *paperRow // what the text was read from
	Override    *consultation.Override
	Comments    int64 // that can be read
	Gone        int64 // of these, on provisions of which nothing is left in this text
	Whole       threadCard
	Downloads   []Link
	URLs        draftURLs
	shape       draftAnswer
}

// draftURLs are addresses of pages about the draft; those that are empty have
// nothing to show.
type draftURLs struct{ Table, Comment, Comments, Gone, Compare, Heard, Follow, Calendar, Database string }

// A draftStep is a step of the consultation.
type draftStep struct {
	Key      string // of its name: "draft.step.…"
	Done     bool
	Current  bool
	From, To time.Time
}

// A draftAnswer is a draft as the API answers it.
type draftAnswer struct {
	DraftShape
	Comments   int64                  `json:"comments"` // that can be read
	Periods    []consultation.Period  `json:"periods"`
	Versions   []versionShape         `json:"versions"`
	Papers     []consultation.Paper   `json:"papers"`
	Override   *consultation.Override `json:"override,omitempty"` // of the rule that all clusters are answered before approval
	Version    *versionShape          `json:"version,omitempty"`  // whose text this is
	Provisions []provisionShape       `json:"provisions"`
	RowsURLs   map[string]string      `json:"rows_urls,omitempty"` // of its rows in the tables of all drafts, by table
}

// A versionShape is a text of a draft in the API.
type versionShape struct {
	consultation.Version
	URL string `json:"url"` // where its text is answered
}

func (s *Site) shapeVersion(slug string, v *consultation.Version) versionShape {
	return versionShape{*v, s.baseURL() + apiPrefix + draftPath(slug) + "?" + paramVersion + "=" + strconv.Itoa(v.N)}
}

// JSON is the draft as the API answers it.
func (v *draftView) JSON() any { return v.shape }

// draft answers a draft and its newest text, or the one that is asked for.
func (s *Site) draft(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	d, err := s.drafts.Draft(ctx, r.Param("slug"))
	if err != nil {
		return nil, err
	}
	if d.Slug != r.Param("slug") && !r.JSON {
		return nil, Moved(withQuery("/"+r.Lang+draftPath(d.Slug), r.Query))
	}
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return nil, err
	}
	v := s.newDraftView(l, &d, agencies)
	versions, err := s.drafts.Versions(ctx, d.ID)
	if err != nil {
		return nil, err
	}
	if v.Version, err = chosenVersion(r, versions); err != nil {
		return nil, err
	}
	v.listVersions(s, l, versions)
	if err := s.draftRecord(ctx, v, l); err != nil {
		return nil, err
	}
	if err := s.draftText(ctx, r, v, versions); err != nil {
		return nil, err
	}
	v.Steps = draftSteps(&d, versions, s.Now())
	v.links(l, s.Snapshots != nil)
	return v, s.draftTables(ctx, l, v)
}

func (s *Site) newDraftView(l *locale, d *consultation.Draft, agencies agencyList) *draftView {
	v := &draftView{
		Draft: *d, Title: l.draftTitle(d), Summary: l.said(d.Summary), Reason: l.said(d.Reason), Basis: l.said(d.LegalBasis), Note: l.said(d.Note),
		Agency: l.agencyLink(agencies.byID[d.Agency]), Stage: s.stage(l, d),
	}
	v.shape = draftAnswer{DraftShape: s.shapeDraft(d, agencies), Versions: []versionShape{}, Provisions: []provisionShape{}}
	v.Frame = Frame{
		Title: v.Title.Text, TitleLang: v.Title.Lang, Section: "drafts", Crumbs: l.draftCrumbs(nil),
		Description: lead(firstOf(v.Summary.Text, l.Text("draft.description", "name", v.Title.Text)), cardSummary),
		Feeds:       []Link{{Text: l.Text("feed.drafts.title"), URL: "/feeds/drafts.atom?" + paramLang + "=" + l.lang}},
	}
	return v
}

// draftTitle is what a draft is called in the best language there is.
func (l *locale) draftTitle(d *consultation.Draft) said {
	t := l.said(d.Title)
	if t.Text == "" {
		t.Text = d.Slug
	}
	return t
}

// draftCrumbs lead to the list of drafts, and to a draft.
func (l *locale) draftCrumbs(d *consultation.Draft) []Link {
	crumbs := []Link{{Text: l.Text("nav.drafts"), URL: "/" + l.lang + draftsPath}}
	if d != nil {
		t := l.draftTitle(d)
		crumbs = append(crumbs, Link{Text: t.Text, Lang: t.Lang, URL: "/" + l.lang + draftPath(d.Slug)})
	}
	return crumbs
}

// chosenVersion is the version with the number in the query, else the newest
// one; nil when there is none yet.
func chosenVersion(r *Request, versions []consultation.Version) (*consultation.Version, error) {
	text := r.Query.Get(paramVersion)
	if text == "" {
		if len(versions) == 0 {
			return nil, nil
		}
		return &versions[len(versions)-1], nil
	}
	return versionNumbered(r, versions, paramVersion, text)
}

// versionNumbered finds the version with the number that a parameter has.
func versionNumbered(r *Request, versions []consultation.Version, param, text string) (*consultation.Version, error) {
	n, err := strconv.Atoi(persian.ASCIIDigits(text))
	for i := range versions {
		if err == nil && versions[i].N == n {
			return &versions[i], nil
		}
	}
	return nil, &catalog.InvalidError{Field: param, Reason: r.Text("draft.version.unknown", "n", len(versions))}
}

// versionName is what a version is called: its number, kind and day.
func (l *locale) versionName(v *consultation.Version) string {
	return l.Text("draft.version.name", "n", l.Plain(int64(v.N)), "kind", l.Text("draft.version."+v.Kind), "day", l.Day(v.Published))
}

func (v *draftView) listVersions(s *Site, l *locale, versions []consultation.Version) {
	for i := range versions {
		one := &versions[i]
		v.Versions = append(v.Versions, choice{Key: strconv.Itoa(one.N), Label: l.versionName(one), Current: v.Version != nil && one.N == v.Version.N})
		v.shape.Versions = append(v.shape.Versions, s.shapeVersion(v.Draft.Slug, one))
	}
	if v.Version == nil {
		return
	}
	shape := s.shapeVersion(v.Draft.Slug, v.Version)
	v.shape.Version = &shape
	v.VersionNote = l.said(v.Version.Note)
	if v.Version.Lang != l.lang {
		v.TextLang, v.TextDir = v.Version.Lang, direction(v.Version.Lang)
	}
	if newest := versions[len(versions)-1].N; newest != v.Version.N {
		v.Latest = "/" + l.lang + draftPath(v.Draft.Slug)
		v.State = paramVersion + "=" + strconv.Itoa(v.Version.N)
	}
}

// draftRecord adds what stands beside the text: when it is open, the papers,
// and an override of the rule before approval.
func (s *Site) draftRecord(ctx context.Context, v *draftView, l *locale) (err error) {
	if v.Periods, err = s.drafts.Periods(ctx, v.Draft.ID); err != nil {
		return err
	}
	papers, err := s.drafts.Papers(ctx, v.Draft.ID)
	if err != nil {
		return err
	}
	if v.Override, err = s.drafts.Override(ctx, v.Draft.ID); err != nil {
		return err
	}
	v.shape.Periods, v.shape.Papers, v.shape.Override = v.Periods, papers, v.Override
	for i := range papers {
		v.Papers = append(v.Papers, l.paperRow(v.Draft.Slug, &papers[i]))
	}
	if n := v.Version; n != nil && n.File != "" {
		v.Document = &paperRow{URL: draftFilePath(v.Draft.Slug, n.ID), Format: formatOf(n.FileName), Size: n.FileSize}
	}
	return nil
}

// draftSteps are the steps of a consultation with their dates.
func draftSteps(d *consultation.Draft, versions []consultation.Version, now time.Time) []draftStep {
	stage := d.Stage(now)
	first := draftStep{Key: "published", From: d.Created, Done: true}
	if len(versions) > 0 {
		first.From = versions[0].Published
	}
	open := draftStep{Key: "comments", From: d.Opens, To: d.Closes, Current: stage == consultation.Open || stage == consultation.Announced, Done: !d.Closes.IsZero() && !now.Before(d.Closes)}
	review := draftStep{Key: "review", Current: stage == consultation.InReview, Done: d.Decided == consultation.Approved}
	if open.Done {
		review.From = d.Closes
	}
	last := draftStep{Key: "decision", From: d.DecidedAt, Current: d.Decided != "", Done: d.Decided == consultation.Approved}
	if d.Decided != "" {
		last.Key = string(d.Decided)
	}
	return []draftStep{first, open, review, last}
}

// links adds the addresses of what there is about the draft. whole says that
// there is a file with all of it.
func (v *draftView) links(l *locale, whole bool) {
	at := "/" + l.lang + draftPath(v.Draft.Slug)
	if v.Stage.Stage == consultation.Open && v.Version != nil {
		v.URLs.Comment = at + "/comment"
	}
	if v.Comments > 0 {
		v.URLs.Comments, v.URLs.Heard = at+"/comments", at+"/heard"
	}
	if len(v.Versions) > 1 {
		v.URLs.Compare = at + "/compare"
	}
	if v.Draft.Decided == "" {
		v.URLs.Follow = at + "/follow"
	}
	if whole {
		v.URLs.Database = draftPath(v.Draft.Slug) + ".sqlite"
	}
	if !v.Draft.Closes.IsZero() {
		v.URLs.Calendar = draftPath(v.Draft.Slug) + ".ics?" + paramLang + "=" + l.lang
	}
}
