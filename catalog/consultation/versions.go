package consultation

import (
	"fmt"

	"github.com/openshafaf/shafaf/catalog"
)

// versioned is what the log keeps of a text.
type versioned struct {
	Version  string `json:"version"`
	N        int    `json:"n"`
	Kind     string `json:"kind"`
	Articles int    `json:"articles"`
	File     string `json:"file,omitempty"`
}

func (v *Version) logged() versioned { return versioned{v.ID, v.N, v.Kind, v.Articles, v.File} }

// AddVersion adds a text to a draft. It waits until it is published.
func AddVersion(tx *catalog.Tx, by *catalog.Actor, draft string, revision int64, text *Wording) (Draft, Version, error) {
	d, err := at(tx, by, catalog.Edit, draft, revision)
	if err == nil {
		err = d.undecided()
	}
	if err != nil {
		return d, Version{}, err
	}
	var waits bool
	if err := tx.Row("select exists (select 1 from versions where draft = ? and state = 'draft')", d.ID).Scan(&waits); err != nil {
		return d, Version{}, err
	}
	if waits {
		return d, Version{}, &catalog.ConflictError{Code: "version.waits", Reason: "a text waits to be published already: change that one, or discard it"}
	}
	v, err := addVersion(tx, d.ID, catalog.Drafted, text)
	if err != nil {
		return d, v, err
	}
	d, err = did(tx, by, "version.add", &d, nil, v.logged(), "")
	return d, v, err
}

// addVersion writes the next text of a draft (its id).
func addVersion(tx *catalog.Tx, draft, state string, text *Wording) (Version, error) {
	v := Version{ID: tx.NewID(), Draft: draft, State: state, Created: tx.Now(), Kind: text.Kind, N: 1}
	if err := tx.Row("select coalesce(max(n), 0) + 1 from versions where draft = ?", draft).Scan(&v.N); err != nil {
		return v, err
	}
	switch {
	case v.Kind == "" && v.N == 1:
		v.Kind = Initial
	case v.Kind == "":
		v.Kind = Revised
	case v.Kind != Initial && v.Kind != Revised && v.Kind != Final:
		return v, &catalog.InvalidError{Field: "kind", Reason: "a text is initial, revised or approved"}
	case v.Kind == Initial && v.N > 1:
		return v, &catalog.InvalidError{Field: "kind", Reason: "there is a text already: this one is revised or approved"}
	}
	if state == catalog.Published {
		v.Published = tx.Now()
	}
	return v, putText(tx, &v, text)
}

// putText writes a version and its provisions in place of those that it had.
func putText(tx *catalog.Tx, v *Version, text *Wording) error {
	law := &text.Law
	if len(law.Provisions) == 0 {
		return &catalog.InvalidError{Field: "text", Reason: "there is nothing written"}
	}
	v.Lang, v.Title, v.Note, v.Articles = law.Lang, law.Title, text.Note, law.Articles()
	if text.File.Digest != "" {
		v.File, v.FileName, v.FileSize = text.File.Digest, text.File.Name, text.File.Size
	}
	if err := fits("note", v.Note, MaxAbout); err != nil {
		return err
	}
	if err := tx.Exec(`insert into versions (id, draft, n, state, kind, lang, created, published, articles, title, note, file, file_name, file_size)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (id) do update set lang = excluded.lang, articles = excluded.articles, title = excluded.title, note = excluded.note,
			kind = excluded.kind, file = excluded.file, file_name = excluded.file_name, file_size = excluded.file_size`,
		v.ID, v.Draft, v.N, v.State, v.Kind, v.Lang, catalog.AsTime(&v.Created), catalog.AsTime(&v.Published), v.Articles, v.Title,
		catalog.AsJSON(&v.Note), v.File, v.FileName, v.FileSize); err != nil {
		return err
	}
	if err := tx.Exec("delete from provisions where version = ?", v.ID); err != nil {
		return err
	}
	at := map[string]bool{}
	for i := range law.Provisions {
		p := &law.Provisions[i]
		if at[p.Address] || p.Parent != "" && !at[p.Parent] {
			return &catalog.InvalidError{Field: "text", Reason: fmt.Sprintf("the address %q is there twice or stands before what it is in", p.Address)}
		}
		at[p.Address] = true
		if err := tx.Exec("insert into provisions (version, position, "+provisionColumns+") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			v.ID, i, p.Address, p.Parent, p.Depth, string(p.Kind), p.Num, p.Label, p.Heading, p.Text); err != nil {
			return err
		}
	}
	tx.Changed(NounVersion, v.ID, catalog.OpPut)
	return nil
}

// waiting returns a text of d that is not published yet.
func waiting(tx *catalog.Tx, d *Draft, version string) (Version, error) {
	v, err := scanVersion(tx.Row("select "+versionColumns+" from versions v where v.id = ? and v.draft = ?", version, d.ID))
	switch {
	case catalog.NoRow(err):
		return v, catalog.NotFound(NounVersion, version)
	case err == nil && v.State == catalog.Published:
		return v, &catalog.ConflictError{Code: "version.published", Reason: "this text is public and stays as it is: add a new one"}
	}
	return v, err
}

// UpdateVersion puts a text in place of one that is not published yet: its split
// was mended. A document and a kind that the new one does not name stay.
func UpdateVersion(tx *catalog.Tx, by *catalog.Actor, draft string, revision int64, version string, text *Wording) (Draft, Version, error) {
	d, err := at(tx, by, catalog.Edit, draft, revision)
	if err == nil {
		err = d.undecided()
	}
	if err != nil {
		return d, Version{}, err
	}
	v, err := waiting(tx, &d, version)
	if err != nil {
		return d, v, err
	}
	before := v.logged()
	switch {
	case text.Kind == "":
	case text.Kind == Initial && v.N == 1, text.Kind == Revised, text.Kind == Final:
		v.Kind = text.Kind
	default:
		return d, v, &catalog.InvalidError{Field: "kind", Reason: "a text is initial, revised or approved; the first one alone is initial"}
	}
	if err := putText(tx, &v, text); err != nil {
		return d, v, err
	}
	if err := tx.UnplaceComments(v.ID); err != nil {
		return d, v, err
	}
	d, err = did(tx, by, "version.update", &d, before, v.logged(), "")
	return d, v, err
}

// DiscardVersion removes a text that was not published, and what was noted of
// its changes.
func DiscardVersion(tx *catalog.Tx, by *catalog.Actor, draft string, revision int64, version string) (Draft, error) {
	d, err := at(tx, by, catalog.Edit, draft, revision)
	if err != nil {
		return d, err
	}
	v, err := waiting(tx, &d, version)
	if err != nil {
		return d, err
	}
	if err := tx.UnplaceComments(v.ID); err != nil {
		return d, err
	}
	for _, q := range []string{
		"delete from influences where version = ?", "delete from provisions where version = ?", "delete from versions where id = ?",
	} {
		if err := tx.Exec(q, v.ID); err != nil {
			return d, err
		}
	}
	tx.Changed(NounVersion, v.ID, catalog.OpRetire)
	return did(tx, by, "version.discard", &d, v.logged(), nil, "")
}
