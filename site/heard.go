package site

import (
	"cmp"
	"context"
	"slices"

	"github.com/openshafaf/shafaf/catalog/consultation"
)

// What the report of what an agency heard lists.
const (
	heardClusters = 20
	heardPlaces   = 12
)

// A heardView is the report of what an agency heard: made of what was said,
// answered and changed, not of what it says of that.
type heardView struct {
	Frame
	Draft       said
	Words       said // the agency's own
	Agency      Link
	Stage       stageView
	Figures     consultation.Counts
	Kinds       []bar
	Provenances []bar
	Coverage    []coverageRow
	Changes     []heardChange
	Clusters    []clusterRow
	Places      []bar
	Tallies     []tallyGroup
	URLs        draftURLs
	shape       heardAnswer
}

// A heardAnswer is the report as the API answers it.
type heardAnswer struct {
	Draft      DraftShape               `json:"draft"`
	Comments   consultation.Counts      `json:"comments"`
	Coverage   consultation.Coverage    `json:"coverage"`
	Clusters   []consultation.Cluster   `json:"clusters"` // of more than one comment, the largest
	Influences []consultation.Influence `json:"influences"`
	Tallies    []consultation.Tally     `json:"tallies"` // none before the draft is approved
}

// JSON is the report as the API answers it.
func (v *heardView) JSON() any { return v.shape }

// A coverageRow is which part of something was dealt with.
type coverageRow struct {
	Key      string
	Part, Of int64
	Share    float64
}

// A heardChange is a change of the text with what caused it.
type heardChange struct {
	Place  string
	Lang   string // of its name, where it is not the page's
	URL    string
	Causes []influenceRow
}

// A clusterRow is comments that say nearly the same, on a page.
type clusterRow struct {
	First    commentRow
	URL      string // of all of them
	Size     int64
	Variants int64
	People   int64
}

// A tallyGroup is what those who commented said of themselves.
type tallyGroup struct {
	Field string
	Rows  []tallyRow
}

type tallyRow struct {
	consultation.Tally
	Key string // of its text
}

func (s *Site) heard(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	d, err := s.drafts.Draft(ctx, r.Param("slug"))
	if err != nil {
		return nil, err
	}
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return nil, err
	}
	versions, err := s.drafts.Versions(ctx, d.ID)
	if err != nil {
		return nil, err
	}
	v := &heardView{Draft: l.draftTitle(&d), Words: l.said(d.Heard), Agency: l.agencyLink(agencies.byID[d.Agency]), Stage: s.stage(l, &d)}
	v.shape = heardAnswer{Draft: s.shapeDraft(&d, agencies), Clusters: []consultation.Cluster{}, Influences: []consultation.Influence{}, Tallies: []consultation.Tally{}}
	for _, add := range []func() error{
		func() error { return s.heardFigures(ctx, l, v, &d) },
		func() error { return s.heardChanges(ctx, l, v, &d, versions) },
		func() error { return s.heardClusters(ctx, l, v, &d, versions, agencies) },
		func() error { return s.heardPlaces(ctx, l, v, &d, versions) },
	} {
		if err := add(); err != nil {
			return nil, err
		}
	}
	at := "/" + l.lang + draftPath(d.Slug)
	if v.Figures.Seen() > 0 {
		v.URLs.Comments = at + "/comments"
	}
	if len(versions) > 1 {
		v.URLs.Compare = at + "/compare"
	}
	v.Frame = Frame{
		Title: l.Text("heard.title.of", "name", v.Draft.Text), Description: l.Text("heard.description", "name", v.Draft.Text),
		Section: "drafts", Crumbs: l.draftCrumbs(&d),
	}
	return v, nil
}

// heardFigures adds how many comments came, from whom, and how much of it was
// dealt with.
func (s *Site) heardFigures(ctx context.Context, l *locale, v *heardView, d *consultation.Draft) (err error) {
	if v.Figures, err = s.drafts.CommentFigures(ctx, d.ID); err != nil {
		return err
	}
	coverage, err := s.drafts.Coverage(ctx, d.ID)
	if err != nil {
		return err
	}
	tallies, err := s.drafts.Tallies(ctx, d.ID)
	if err != nil {
		return err
	}
	f := &v.Figures
	v.shape.Comments, v.shape.Coverage = *f, coverage
	v.shape.Tallies = append(v.shape.Tallies, tallies...)
	v.Kinds = l.heardBars("comment.kind.", []string{consultation.Support, consultation.Change, consultation.Asks}, f.Support, f.Change, f.Asks)
	v.Provenances = l.heardBars("comments.provenance.", provenances, f.Anonymous, f.Confirmed, f.Organisation, f.Harvested)
	for _, row := range []coverageRow{
		{"comments", coverage.Answered, coverage.Comments, 0}, {"clusters", coverage.ClustersAnswered, coverage.Clusters, 0}, {"changes", coverage.Sourced, coverage.Changes, 0},
	} {
		if row.Of > 0 {
			row.Share = consultation.Share(row.Part, row.Of)
			v.Coverage = append(v.Coverage, row)
		}
	}
	for i := range tallies {
		t := &tallies[i]
		if t.Value == "" && t.N == f.Received() { // nobody said anything
			continue
		}
		if n := len(v.Tallies); n == 0 || v.Tallies[n-1].Field != t.Field {
			v.Tallies = append(v.Tallies, tallyGroup{Field: t.Field})
		}
		group := &v.Tallies[len(v.Tallies)-1]
		group.Rows = append(group.Rows, tallyRow{*t, firstOf(t.Value, "unsaid")})
	}
	return nil
}

// heardBars are figures with their names, drawn as bars.
func (l *locale) heardBars(prefix string, keys []string, n ...int64) []bar {
	var bars []bar
	most := slices.Max(n)
	for i, key := range keys {
		if n[i] == 0 {
			continue
		}
		b := bar{Link: Link{Text: l.Text(prefix + key)}}
		b.setBar(n[i], most, l.lang)
		bars = append(bars, b)
	}
	return bars
}

// heardChanges adds what changed because of comments, from text to text.
func (s *Site) heardChanges(ctx context.Context, l *locale, v *heardView, d *consultation.Draft, versions []consultation.Version) error {
	for i := range versions {
		influences, err := s.drafts.Influences(ctx, d.ID, versions[i].ID)
		if err != nil {
			return err
		}
		v.shape.Influences = append(v.shape.Influences, influences...)
		causes, err := s.causesOf(ctx, l, d, versions[i].ID)
		if err != nil {
			return err
		}
		if len(causes) == 0 {
			continue
		}
		provisions, err := s.drafts.Provisions(ctx, versions[i].ID)
		if err != nil {
			return err
		}
		names := l.placeNames(provisions)
		for k := range provisions {
			address := provisions[k].Address
			if rows := causes[address]; len(rows) > 0 {
				c := heardChange{Place: names[k], URL: "/" + l.lang + draftPath(d.Slug) + "#" + provisionID(address), Causes: rows}
				if versions[i].Lang != l.lang {
					c.Lang = versions[i].Lang
				}
				v.Changes = append(v.Changes, c)
			}
		}
	}
	return nil
}

// heardClusters adds what many said.
func (s *Site) heardClusters(ctx context.Context, l *locale, v *heardView, d *consultation.Draft, versions []consultation.Version, agencies agencyList) error {
	all, _, err := s.drafts.Clusters(ctx, consultation.ClusterFilter{Draft: d.ID, Least: 2, Limit: heardClusters})
	if err != nil {
		return err
	}
	v.shape.Clusters = append(v.shape.Clusters, all...)
	scribe := s.commentScribe(l, d, versions, agencies, shownLead)
	for i := range all {
		k := &all[i]
		if k.First.ID == "" {
			continue
		}
		if k.First.Answer == nil {
			k.First.Answer = k.Answer
		}
		row, err := scribe.one(ctx, &k.First)
		if err != nil {
			return err
		}
		one := clusterRow{First: row, URL: row.Campaign, Size: int64(k.Size), Variants: int64(k.Variants), People: int64(k.People)}
		one.First.Campaign, one.First.ReplyURL = "", ""
		v.Clusters = append(v.Clusters, one)
	}
	return nil
}

// heardPlaces adds which provisions of the newest text are spoken of most.
func (s *Site) heardPlaces(ctx context.Context, l *locale, v *heardView, d *consultation.Draft, versions []consultation.Version) error {
	if len(versions) == 0 {
		return nil
	}
	newest := &versions[len(versions)-1]
	counts, err := s.drafts.CountsAt(ctx, newest.ID)
	if err != nil {
		return err
	}
	provisions, err := s.drafts.Provisions(ctx, newest.ID)
	if err != nil {
		return err
	}
	for i, name := range l.placeNames(provisions) {
		address := provisions[i].Address
		n := counts[address]
		if n.Published == 0 {
			continue
		}
		b := bar{Link: Link{Text: name, URL: "/" + l.lang + draftPath(d.Slug) + "/comments?" + paramAt + "=" + address}}
		if newest.Lang != l.lang {
			b.Lang = newest.Lang
		}
		b.N = n.Published
		v.Places = append(v.Places, b)
	}
	slices.SortStableFunc(v.Places, func(a, b bar) int { return cmp.Compare(b.N, a.N) })
	v.Places = v.Places[:min(len(v.Places), heardPlaces)]
	for i := range v.Places {
		v.Places[i].setBar(v.Places[i].N, v.Places[0].N, l.lang)
	}
	return nil
}
