package site

import (
	"strconv"

	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/consultation/revision"
)

// PreviewDraft answers the page of a draft as the public will see it when its
// text is the given version, with a banner above it. Whether the visitor may see
// it is the caller's to ask. What leads into the page, which is not there yet,
// is left out.
func (s *Site) PreviewDraft(r *Request, d *consultation.Draft, version *consultation.Version, banner *Banner) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return nil, err
	}
	v := s.newDraftView(l, d, agencies)
	v.Version = version
	v.VersionNote = l.said(version.Note)
	if version.Lang != l.lang {
		v.TextLang, v.TextDir = version.Lang, direction(version.Lang)
	}
	if err := s.draftRecord(ctx, v, l); err != nil {
		return nil, err
	}
	if err := s.draftText(ctx, r, v, []consultation.Version{*version}); err != nil {
		return nil, err
	}
	v.Steps = draftSteps(d, []consultation.Version{*version}, s.Now())
	for i := range v.Text {
		v.Text[i].Thread.CommentURL = ""
	}
	for i := range v.Papers {
		v.Papers[i].URL = ""
	}
	v.Whole.CommentURL, v.Document, v.URLs, v.Downloads = "", nil, draftURLs{}, nil
	v.Crumbs, v.Feeds, v.NoIndex, v.Banner, v.Section = nil, nil, true, banner, "desk"
	return v, nil
}

// A DraftChange is what became of a provision, for who notes why.
type DraftChange struct {
	changeRow
	Address string   // that a cause is noted at: in the newer text, or in the older one of what is gone
	Before  []string // addresses in the older text
	Other   bool     // its words, or that it is there, are other than before
}

// DraftChanges are what differs between two texts of a draft as the template
// "draftchange" shows it, in the order of the newer one. What is the same is left
// out.
func (s *Site) DraftChanges(r *Request, cmp *consultation.Comparison, lang string) []DraftChange {
	l := s.locales[r.Lang]
	v := &compareView{}
	if lang != l.lang {
		v.Lang, v.Dir = lang, direction(lang)
	}
	v.rows(l, cmp, nil)
	rows := map[string]changeRow{}
	for i := range v.Rows {
		rows[v.Rows[i].ID] = v.Rows[i]
	}
	var all []DraftChange
	for i := range cmp.Pairs {
		p := &cmp.Pairs[i]
		row, ok := rows["r-"+strconv.Itoa(i)]
		if !ok || p.Change == revision.Same {
			continue
		}
		one := DraftChange{changeRow: row, Other: p.Change != revision.Moved && p.Change != revision.Renumbered}
		for _, k := range p.A {
			one.Before = append(one.Before, cmp.A[k].Address)
			one.Address = cmp.A[k].Address
		}
		for _, k := range p.B {
			one.Address = cmp.B[k].Address
		}
		if len(p.B) > 1 {
			one.Address = cmp.B[p.B[0]].Address
		}
		all = append(all, one)
	}
	return all
}

// PlaceNames are what the provisions of two texts are called, by address: what
// is in an article with its name.
func (s *Site) PlaceNames(r *Request, cmp *consultation.Comparison) (before, after map[string]string) {
	l := s.locales[r.Lang]
	before, after = map[string]string{}, map[string]string{}
	for i, name := range l.placeNames(cmp.A) {
		before[cmp.A[i].Address] = name
	}
	for i, name := range l.placeNames(cmp.B) {
		after[cmp.B[i].Address] = name
	}
	return before, after
}
