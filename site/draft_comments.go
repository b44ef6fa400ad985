package site

import (
	"context"
	"slices"
	"strconv"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// commentRows is how many comments a page has.
const commentRows = 50

// Places that are no provision: the draft as a whole, and provisions of older
// texts of which nothing is left.
const (
	wholeDraft = "whole"
	goneDraft  = "gone"
)

const (
	paramKind       = "kind"
	paramProvenance = "provenance"
	paramCluster    = "cluster"
)

// maxCluster is the largest number of a cluster: what programs keep exactly.
const maxCluster = 1 << 53

// provenances are what can be asked for.
var provenances = []string{consultation.Anonymous, consultation.Confirmed, consultation.Organisation, consultation.Harvested}

// placeCounts are how many comments stand at each place of a text.
type placeCounts struct {
	at           map[string]consultation.Counts
	whole, total int64
}

// published is how many can be read at an address.
func (n *placeCounts) published(address string) int64 {
	at := n.at[address]
	return at.Published
}

// placeCounts counts the comments at each place of the text that is shown.
func (s *Site) placeCounts(ctx context.Context, v *draftView) (n placeCounts, err error) {
	all, err := s.drafts.Counts(ctx, v.Draft.ID)
	if err != nil {
		return n, err
	}
	for address, counts := range all {
		n.total += counts.Published
		if address == "" {
			n.whole = counts.Published
		}
	}
	if v.Version != nil {
		n.at, err = s.drafts.CountsAt(ctx, v.Version.ID)
	}
	return n, err
}

// newestComments adds the newest few comments at each place.
func (s *Site) newestComments(ctx context.Context, l *locale, v *draftView, versions []consultation.Version) error {
	var places []*threadCard
	var addresses []string
	if v.Whole.N > 0 {
		places, addresses = append(places, &v.Whole), append(addresses, "")
	}
	for _, p := range v.flat {
		if p.Thread.N > 0 {
			places, addresses = append(places, &p.Thread), append(addresses, p.Address)
		}
	}
	each := min(shownAtPlace, shownComments/max(len(places), 1))
	if len(places) == 0 || each == 0 {
		return nil
	}
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return err
	}
	scribe := s.commentScribe(l, &v.Draft, versions, agencies, shownLead)
	for i, place := range places {
		all, err := s.newestAt(ctx, v, addresses[i], each)
		if err != nil {
			return err
		}
		if place.Newest, err = scribe.rows(ctx, all); err != nil {
			return err
		}
		for k := range place.Newest {
			place.Newest[k].Place, place.Newest[k].Depth = "", 0 // it is said already
		}
	}
	return nil
}

// newestAt are the newest threads at an address of the text that is shown, empty
// for the draft as a whole.
func (s *Site) newestAt(ctx context.Context, v *draftView, address string, n int) ([]consultation.Comment, error) {
	if address == "" {
		all, _, err := s.drafts.Comments(ctx, consultation.CommentFilter{Draft: v.Draft.ID, Whole: true, Newest: true, Limit: n})
		return all, err
	}
	return s.standing(s.drafts.CommentsAt(ctx, v.Version.ID, address, 0, n))
}

// standing takes what CommentsAt answers for the comments alone.
func (*Site) standing(all []consultation.Standing, _ int64, err error) ([]consultation.Comment, error) {
	comments := make([]consultation.Comment, len(all))
	for i := range all {
		comments[i] = all[i].Comment
	}
	return comments, err
}

// A CommentShape is a comment in the API.
type CommentShape struct {
	Kind string `json:"type"`
	consultation.Comment
	URL string `json:"url"`
}

func (s *Site) shapeComment(c *consultation.Comment) CommentShape {
	return CommentShape{consultation.NounComment, *c, s.baseURL() + "/" + s.Language() + commentPath(c.ID)}
}

// A draftCommentsView is a list of comments on a draft.
type draftCommentsView struct {
	Frame
	Draft      said
	Place      string // what the provision is called that they are on
	PlaceURL   string
	PlaceLang  string
	Older      bool // it stands in an older text only
	Filters    []commentFilterTabs
	Chips      []Link
	Rows       []commentRow
	Total      int64
	NextURL    string
	CommentURL string
	Files      []Link
	shape      List[CommentShape]
}

// commentFilterTabs are the values of a parameter that narrow the list down.
type commentFilterTabs struct {
	Name   string
	Prefix string // of the texts of the values
	Tabs   []tab
}

// JSON is the list as the API answers it.
func (v *draftCommentsView) JSON() any { return v.shape }

// draftComments answers the comments on a draft, the newest first.
func (s *Site) draftComments(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	d, err := s.drafts.Draft(ctx, r.Param("slug"))
	if err != nil {
		return nil, err
	}
	versions, err := s.drafts.Versions(ctx, d.ID)
	if err != nil {
		return nil, err
	}
	version, err := chosenVersion(r, versions)
	if err != nil {
		return nil, err
	}
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return nil, err
	}
	v := &draftCommentsView{Draft: l.draftTitle(&d), Files: commentFiles(d.Slug)}
	if version, v.Older, err = s.versionWith(r, versions, version); err != nil {
		return nil, err
	}
	all, total, err := s.listComments(r, &d, version)
	if err != nil {
		return nil, err
	}
	v.Total, v.shape = total, List[CommentShape]{Total: total, Results: []CommentShape{}}
	if len(all) > commentRows {
		all = all[:commentRows]
		v.NextURL, v.shape.Next = r.next(strconv.FormatInt(all[commentRows-1].Seq, 10))
	}
	for i := range all {
		v.shape.Results = append(v.shape.Results, s.shapeComment(&all[i]))
	}
	if v.Rows, err = s.commentScribe(l, &d, versions, agencies, 0).rows(ctx, all); err != nil {
		return nil, err
	}
	if err := s.commentPlace(r, v, &d, version); err != nil {
		return nil, err
	}
	v.narrow(r)
	v.Frame = Frame{
		Title: l.Text("comments.title.of", "name", firstOf(v.Place, v.Draft.Text)), Section: "drafts", Crumbs: l.draftCrumbs(&d), NoIndex: len(r.Query) > 0,
		Feeds: []Link{{Text: l.Text("feed.drafts.title"), URL: "/feeds/drafts.atom?" + paramLang + "=" + r.Lang}},
	}
	return v, nil
}

// listComments finds what is asked for. One more than a page has tells whether
// there is another page.
func (s *Site) listComments(r *Request, d *consultation.Draft, version *consultation.Version) (all []consultation.Comment, total int64, err error) {
	before, err := afterNumber(r)
	if err != nil {
		return nil, 0, err
	}
	f := consultation.CommentFilter{Draft: d.ID, Kind: r.Query.Get(paramKind), Provenance: r.Query.Get(paramProvenance), Newest: true, After: before, Limit: commentRows + 1}
	switch {
	case f.Kind != "" && !slices.Contains(consultation.CommentKinds, f.Kind):
		return nil, 0, &catalog.InvalidError{Field: paramKind, Reason: r.Text("comments.kind.unknown")}
	case f.Provenance != "" && !slices.Contains(provenances, f.Provenance):
		return nil, 0, &catalog.InvalidError{Field: paramProvenance, Reason: r.Text("comments.provenance.unknown")}
	}
	if text := r.Query.Get(paramCluster); text != "" {
		if f.Cluster, err = strconv.ParseInt(persian.ASCIIDigits(text), 10, 64); err != nil || f.Cluster < 1 || f.Cluster > maxCluster {
			return nil, 0, &catalog.InvalidError{Field: paramCluster, Reason: r.Text("comments.cluster.unknown")}
		}
	}
	at := r.Query.Get(paramAt)
	switch alone := f.Kind == "" && f.Provenance == "" && f.Cluster == 0; {
	case at == wholeDraft:
		f.Whole = true
	case at == goneDraft && version != nil:
		standing, total, err := s.drafts.CommentsAt(r.Context(), version.ID, "", before, f.Limit)
		all, err = s.standing(standing, total, err)
		return all, total, err
	case at != "" && alone && version != nil:
		standing, total, err := s.drafts.CommentsAt(r.Context(), version.ID, at, before, f.Limit)
		all, err = s.standing(standing, total, err)
		return all, total, err
	default:
		f.Address = at
	}
	return s.drafts.Comments(r.Context(), f)
}

// commentPlace says which provision the list is about.
func (s *Site) commentPlace(r *Request, v *draftCommentsView, d *consultation.Draft, version *consultation.Version) error {
	l, at := s.locales[r.Lang], r.Query.Get(paramAt)
	path := "/" + r.Lang + draftPath(d.Slug)
	open := d.Stage(s.Now()) == consultation.Open
	if open {
		v.CommentURL = path + "/comment"
	}
	switch {
	case at == wholeDraft:
		v.Place = l.Text("comments.whole")
	case at == goneDraft:
		v.Place = l.Text("comments.gone")
	case at != "" && version != nil:
		name, err := ProvisionName(r.Context(), s.drafts, l, version.ID, at)
		if err != nil {
			return err
		}
		v.Place, v.PlaceURL = name, path+"#"+provisionID(at)
		if v.Older {
			v.PlaceURL = path + "?" + paramVersion + "=" + strconv.Itoa(version.N) + "#" + provisionID(at)
		}
		if version.Lang != l.lang {
			v.PlaceLang = version.Lang
		}
		if open && !v.Older {
			v.CommentURL += "?" + paramAt + "=" + at
		}
	}
	return nil
}

// versionWith is the version in which the place stands that is asked for: the
// one that is shown, else the newest that has it, which is older.
func (s *Site) versionWith(r *Request, versions []consultation.Version, shown *consultation.Version) (with *consultation.Version, older bool, err error) {
	at := r.Query.Get(paramAt)
	if shown == nil || at == "" || at == wholeDraft || at == goneDraft {
		return shown, false, nil
	}
	for i := len(versions); i >= 0; i-- {
		v := shown
		if i < len(versions) {
			v = &versions[i]
		}
		if _, err = s.drafts.Provision(r.Context(), v.ID, at); !isNotFound(err) {
			return v, v.N < versions[len(versions)-1].N, err
		}
	}
	return nil, false, &catalog.InvalidError{Field: paramAt, Reason: r.Text("say.at.unknown")}
}

// narrow are the ways to narrow the list down, and back.
func (v *draftCommentsView) narrow(r *Request) {
	for _, by := range []struct {
		name, prefix string
		values       []string
	}{{paramKind, "comments.kind.", consultation.CommentKinds}, {paramProvenance, "comments.provenance.", provenances}} {
		now := r.Query.Get(by.name)
		tabs := []tab{{Key: "all", URL: r.url(by.name, "", paramAfter, ""), Current: now == ""}}
		for _, value := range by.values {
			tabs = append(tabs, tab{Key: value, URL: r.url(by.name, value, paramAfter, ""), Current: now == value})
		}
		v.Filters = append(v.Filters, commentFilterTabs{by.name, by.prefix, tabs})
	}
	if v.Place != "" {
		v.Chips = append(v.Chips, Link{Text: v.Place, URL: r.url(paramAt, "", paramAfter, "")})
	}
	if r.Query.Get(paramCluster) != "" {
		v.Chips = append(v.Chips, Link{Text: r.Text("comments.cluster"), URL: r.url(paramCluster, "", paramAfter, "")})
	}
}
