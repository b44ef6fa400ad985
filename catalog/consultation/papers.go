package consultation

import (
	"net/url"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
)

// PaperKinds are the kinds of papers beside a text.
var PaperKinds = []string{"justification", "impact", "annex", "notice", "other"}

// AddPaper adds a paper to a draft: a stored file, or the address of one.
func AddPaper(tx *catalog.Tx, by *catalog.Actor, draft string, revision int64, p Paper) (Draft, Paper, error) {
	d, err := changing(tx, by, draft, revision)
	if err != nil {
		return d, p, err
	}
	p.ID, p.Draft, p.State, p.Identifier, p.Reason = tx.NewID(), d.ID, catalog.Published, "", ""
	if err := p.validate(); err != nil {
		return d, p, err
	}
	if err := putPaper(tx, &p); err != nil {
		return d, p, err
	}
	d, err = did(tx, by, "paper.add", &d, nil, &p, "")
	return d, p, err
}

func (p *Paper) validate() error {
	if _, in := p.Title.In(catalog.Languages[0]); in == "" {
		return &catalog.InvalidError{Field: "title", Reason: "a paper needs a title"}
	}
	if err := fits("title", p.Title, MaxTitle); err != nil {
		return err
	}
	if !slices.Contains(PaperKinds, p.Kind) {
		return &catalog.InvalidError{Field: "kind", Reason: "the kinds are " + strings.Join(PaperKinds, ", ")}
	}
	if p.File != "" {
		return nil
	}
	u, err := url.Parse(p.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return &catalog.InvalidError{Field: "url", Reason: "give a file, or its address beginning with https://"}
	}
	return nil
}

// putPaper writes a new paper behind the others.
func putPaper(tx *catalog.Tx, p *Paper) error {
	return tx.Exec("insert into papers (position, "+paperColumns+`)
		select coalesce(max(position), 0) + 1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13 from papers where draft = ?2`,
		p.ID, p.Draft, p.State, p.Kind, catalog.AsJSON(&p.Title), p.File, p.Name, p.Media, p.Size, p.URL, p.Lang, p.Identifier, p.Reason)
}

// RemovePaper takes a paper away. Of one that was public its title stays, with
// the reason.
func RemovePaper(tx *catalog.Tx, by *catalog.Actor, draft string, revision int64, paper, reason string) (Draft, error) {
	d, err := changing(tx, by, draft, revision)
	if err != nil {
		return d, err
	}
	p, err := scanPaper(tx.Row("select "+paperColumns+" from papers where id = ? and draft = ? and state <> 'retired'", paper, d.ID))
	if catalog.NoRow(err) {
		return d, catalog.NotFound("paper", paper)
	}
	if err != nil {
		return d, err
	}
	if d.New() {
		err = tx.Exec("delete from papers where id = ?", p.ID)
	} else if reason, err = needed(reason); err == nil {
		err = tx.Exec("update papers set state = 'retired', reason = ? where id = ?", reason, p.ID)
	}
	if err != nil {
		return d, err
	}
	return did(tx, by, "paper.remove", &d, &p, nil, reason)
}
