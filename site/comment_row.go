package site

import (
	"context"
	"errors"
	"strconv"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
)

// commentPath is the address of a comment with its thread, without language.
func commentPath(id string) string { return "/comments/" + id }

// A commentRow is a comment on a page.
type commentRow struct {
	consultation.Comment
	URL      string
	Author   string // empty: they gave no name
	For      string // the organisation, beside a name
	Lang     string // of the text, where it is not the page's
	Lead     string // the text, or its beginning
	Cut      bool   // it is the beginning
	Place    string // what the provision is called; empty for the draft as a whole
	PlaceURL string
	ReplyURL string // empty where nobody can reply
	Agency   Link
	Said     *answerRow
	Moved    string // what a later text did to its place: moved, changed or removed
	Campaign string // address of the comments that say nearly the same
	Alike    int64  // how many these are, with this one
	To       *replied
}

// A replied comment is what a reply answers, by the name of who wrote it where
// that stands on the same page.
type replied struct{ By, URL string }

// An answerRow is what the agency says, on a page.
type answerRow struct {
	consultation.Answer
	Class string // of its verdict
	Lang  string // where it is not the page's
	Lead  string
	Cut   bool
}

var verdictClasses = map[string]string{
	consultation.Adopted: "ok", consultation.Partly: "warn", consultation.Rejected: "bad", consultation.Noted: "idle",
}

// Readable reports whether there is a text to read.
func (c *commentRow) Readable() bool {
	return c.State == consultation.Shown || c.State == consultation.Waiting
}

// A commentScribe makes rows of the comments of one draft for one page.
type commentScribe struct {
	s      *Site
	l      *locale
	draft  *consultation.Draft
	agency Link
	open   bool
	most   int                   // letters of a text; 0: all
	newest *consultation.Version // the text whose places are named, where there are several
	names  map[[2]string]string  // of provisions, by version and address
}

// commentScribe makes a scribe. versions are the texts of the draft.
func (s *Site) commentScribe(l *locale, d *consultation.Draft, versions []consultation.Version, agencies agencyList, most int) *commentScribe {
	w := &commentScribe{
		s: s, l: l, draft: d, agency: l.agencyLink(agencies.byID[d.Agency]), open: d.Stage(s.Now()) == consultation.Open,
		most: most, names: map[[2]string]string{},
	}
	if n := len(versions); n > 1 {
		w.newest = &versions[n-1]
	}
	return w
}

// rows makes the rows of comments.
func (w *commentScribe) rows(ctx context.Context, all []consultation.Comment) ([]commentRow, error) {
	var rows []commentRow
	var clusters []int64
	for i := range all {
		row := w.row(&all[i])
		if err := w.place(ctx, &row); err != nil {
			return nil, err
		}
		if row.Campaign != "" {
			clusters = append(clusters, row.Cluster)
		}
		rows = append(rows, row)
	}
	sizes, err := w.s.drafts.ClusterSizes(ctx, clusters)
	w.replied(rows)
	for i := range rows {
		if rows[i].Alike = sizes[rows[i].Cluster]; rows[i].Alike == 0 {
			rows[i].Campaign = ""
		}
	}
	return rows, err
}

// replied says of each reply what it answers. How far it stands in does not:
// replies to several comments are in order of time.
func (w *commentScribe) replied(rows []commentRow) {
	here := map[string]*commentRow{}
	for i := range rows {
		here[rows[i].ID] = &rows[i]
	}
	for i := range rows {
		if id := rows[i].Parent; id == "" {
			continue
		} else if p := here[id]; p != nil {
			rows[i].To = &replied{URL: "#c-" + id}
			if p.Readable() {
				rows[i].To.By = p.Author
			}
		} else {
			rows[i].To = &replied{URL: "/" + w.l.lang + commentPath(id)}
		}
	}
}

// one makes the row of a comment.
func (w *commentScribe) one(ctx context.Context, c *consultation.Comment) (commentRow, error) {
	rows, err := w.rows(ctx, []consultation.Comment{*c})
	if err != nil {
		return commentRow{}, err
	}
	return rows[0], nil
}

func (w *commentScribe) row(c *consultation.Comment) commentRow {
	row := commentRow{Comment: *c, URL: "/" + w.l.lang + commentPath(c.ID), Author: firstOf(c.Name, c.Organisation), Agency: w.agency}
	if c.Name != "" {
		row.For = c.Organisation
	}
	if c.Lang != w.l.lang {
		row.Lang = c.Lang
	}
	row.Lead, row.Cut = w.cut(c.Text)
	if a := c.Answer; a != nil {
		row.Said = &answerRow{Answer: *a, Class: verdictClasses[a.Verdict]}
		row.Said.Lead, row.Said.Cut = w.cut(a.Text)
		if a.Lang != w.l.lang {
			row.Said.Lang = a.Lang
		}
	}
	at := "/" + w.l.lang + draftPath(w.draft.Slug)
	if w.open && c.State == consultation.Shown {
		row.ReplyURL = at + "/comment?" + paramReply + "=" + c.ID
	}
	if c.Cluster != 0 && c.Root == "" {
		row.Campaign = at + "/comments?" + paramCluster + "=" + strconv.FormatInt(c.Cluster, 10)
	}
	return row
}

// cut is the text, or its beginning.
func (w *commentScribe) cut(text string) (shown string, cut bool) {
	if w.most == 0 {
		return text, false
	}
	shown = lead(text, w.most)
	return shown, shown != text
}

// place says where the comment stands: in the text that it was filed on, and
// what the newest one did to that.
func (w *commentScribe) place(ctx context.Context, row *commentRow) (err error) {
	if row.Address == "" {
		return nil
	}
	address := row.Address
	if row.Place, err = w.name(ctx, row.Version, address); err != nil {
		return err
	}
	if w.newest != nil && row.Version != w.newest.ID {
		placed, err := w.s.drafts.Placements(ctx, row.Seq)
		if err != nil {
			return err
		}
		if n := len(placed); n > 0 {
			address = placed[n-1].Address
			if v := placed[n-1].Verdict; v == "moved" || v == "changed" || v == "removed" {
				row.Moved = v
			}
		}
	}
	row.PlaceURL = "/" + w.l.lang + draftPath(w.draft.Slug)
	if address != "" {
		row.PlaceURL += "#" + provisionID(address)
	}
	return nil
}

// name is what a provision of a version is called; what is not there is called
// by its address.
func (w *commentScribe) name(ctx context.Context, version, address string) (string, error) {
	key := [2]string{version, address}
	if name, ok := w.names[key]; ok {
		return name, nil
	}
	name, err := ProvisionName(ctx, w.s.drafts, w.l, version, address)
	switch {
	case err == nil:
		w.names[key] = name
	case isNotFound(err):
		w.names[key] = address
	default:
		return "", err
	}
	return w.names[key], nil
}

// isNotFound reports whether what was asked for is not there for the public.
func isNotFound(err error) bool { return errors.Is(err, catalog.ErrNotFound) }
