package consultation

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
)

// An Edge is what somebody notes of why a text was changed.
type Edge struct {
	Version string // id of the text that has the change
	Address string // of the provision in that text, or in the one before where it is gone now
	About   About
	Verdict string // Adopted, Partly or Rejected
	Reason  string
}

const influenceColumns = `i.id, i.draft, i.version, i.address, coalesce((select c.id from comments c where c.seq = i.comment), ''), i.cluster, i.verdict, i.reason, i.at`

func scanInfluence(row catalog.Row) (i Influence, err error) {
	err = row.Scan(&i.ID, &i.Draft, &i.Version, &i.Address, &i.Comment, &i.Cluster, &i.Verdict, &i.Reason, catalog.AsTime(&i.At))
	return i, err
}

// ofVersion returns a text and its draft for who notes why it was changed: Edit
// while it waits, Publish when everybody reads it.
func ofVersion(tx *catalog.Tx, by *catalog.Actor, version string) (Version, Draft, error) {
	v, err := scanVersion(tx.Row("select "+versionColumns+" from versions v where v.id = ?", version))
	if catalog.NoRow(err) {
		return v, Draft{}, catalog.NotFound(NounVersion, version)
	}
	if err != nil {
		return v, Draft{}, err
	}
	if v.State != catalog.Published && !by.Can(catalog.View, agencyOf(tx, v.Draft)) {
		return v, Draft{}, catalog.NotFound(NounVersion, version)
	}
	do := catalog.Publish
	if v.State != catalog.Published {
		do = catalog.Edit
	}
	d, err := seen(tx, by, do, v.Draft)
	return v, d, err
}

// agencyOf is the agency of a draft, empty when that cannot be read.
func agencyOf(tx *catalog.Tx, draft string) (agency string) {
	if tx.Row("select agency from drafts where id = ?", draft).Scan(&agency) != nil {
		return ""
	}
	return agency
}

// AddInfluence notes that a comment or a cluster caused the change of a
// provision. What was noted of the same three before is replaced.
func AddInfluence(tx *catalog.Tx, by *catalog.Actor, e Edge) (Influence, error) {
	v, d, err := ofVersion(tx, by, e.Version)
	if err != nil {
		return Influence{}, err
	}
	if e.About == (About{}) {
		return Influence{}, &catalog.InvalidError{Field: "comment", Reason: "say which comment or cluster caused it"}
	}
	s, err := e.About.find(tx)
	if err == nil && s.draft != d.ID {
		err = catalog.NotFound(NounComment, e.About.key())
	}
	if err == nil {
		err = e.check(tx, &v)
	}
	if err != nil {
		return Influence{}, err
	}
	i := Influence{
		ID: tx.NewID(), Draft: d.ID, Version: v.ID, Address: e.Address, Comment: e.About.Comment, Cluster: s.cluster,
		Verdict: e.Verdict, Reason: strings.TrimSpace(e.Reason), At: tx.Now(),
	}
	if err := tx.Exec(`insert into influences (id, draft, version, address, comment, cluster, verdict, reason, at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (version, address, comment, cluster) do update set verdict = excluded.verdict, reason = excluded.reason, at = excluded.at`,
		i.ID, i.Draft, i.Version, i.Address, s.seq, s.cluster, i.Verdict, i.Reason, catalog.AsTime(&i.At)); err != nil {
		return i, err
	}
	if err := tx.Row("select id from influences where version = ? and address = ? and comment = ? and cluster = ?", v.ID, i.Address, s.seq, s.cluster).Scan(&i.ID); err != nil {
		return i, err
	}
	tx.Changed(NounDraft, d.ID, catalog.OpPut)
	return i, tx.Log(by, catalog.Entry{Act: "influence.add", Noun: NounDraft, Thing: d.ID, Agency: d.Agency}, nil, i)
}

// check refuses an edge to what was not changed in the version.
func (e *Edge) check(tx *catalog.Tx, v *Version) error {
	if !slices.Contains([]string{Adopted, Partly, Rejected}, e.Verdict) {
		return &catalog.InvalidError{Field: "verdict", Reason: "say what became of it: adopted, partly or rejected"}
	}
	if strings.TrimSpace(e.Reason) == "" {
		return &catalog.InvalidError{Field: "reason", Reason: "say why; everybody sees it"}
	}
	if err := fits("reason", catalog.Text{"": e.Reason}, MaxAbout); err != nil {
		return err
	}
	if v.N == 1 {
		return &catalog.ConflictError{Code: "version.first", Reason: "it is the first text: no comment changed it"}
	}
	var there bool
	if err := tx.Row(`select exists (select 1 from provisions where version = ?1 and address = ?2) or exists (select 1 from provisions p
		join versions b on b.id = p.version where b.draft = ?3 and b.n = (select max(n) from versions where draft = ?3 and n < ?4) and p.address = ?2)`,
		v.ID, e.Address, v.Draft, v.N).Scan(&there); err != nil || there {
		return err
	}
	return &catalog.InvalidError{Field: "address", Reason: fmt.Sprintf("neither this text nor the one before has a provision %q", e.Address)}
}

// RemoveInfluence takes back what was noted of a draft (its slug or id).
func RemoveInfluence(tx *catalog.Tx, by *catalog.Actor, draft, id string) error {
	if _, err := seen(tx, by, catalog.Edit, draft); err != nil {
		return err
	}
	i, err := scanInfluence(tx.Row("select "+influenceColumns+` from influences i join drafts d on d.id = i.draft
		where i.id = ?1 and (d.slug = ?2 or d.id = ?2)`, id, draft))
	if catalog.NoRow(err) {
		return catalog.NotFound("influence", id)
	}
	if err != nil {
		return err
	}
	_, d, err := ofVersion(tx, by, i.Version)
	if err != nil {
		return err
	}
	if err := tx.Exec("delete from influences where id = ?", id); err != nil {
		return err
	}
	tx.Changed(NounDraft, d.ID, catalog.OpPut)
	return tx.Log(by, catalog.Entry{Act: "influence.remove", Noun: NounDraft, Thing: d.ID, Agency: d.Agency}, i, nil)
}

// Influences returns what is noted of why a published text of a draft (their
// ids) was changed, in all texts when version is empty, by address.
func (c *Consultation) Influences(ctx context.Context, draft, version string) ([]Influence, error) {
	rows, err := c.store.Rows(ctx, "select "+influenceColumns+` from influences i join versions v on v.id = i.version
		where i.draft = ?1 and (?2 = '' or i.version = ?2) and v.state = 'published' order by v.n, i.address, i.id`, draft, version)
	all, err := catalog.Collect(rows, err, scanInfluence)
	return all, catalog.Wrap("influences", err)
}

// DeskInfluences returns what is noted of a text that may wait yet, for who may
// see what is not public.
func (c *Consultation) DeskInfluences(ctx context.Context, by *catalog.Actor, draft, version string) ([]Influence, error) {
	d, err := c.DeskDraft(ctx, by, draft)
	if err != nil {
		return nil, err
	}
	rows, err := c.store.Rows(ctx, "select "+influenceColumns+" from influences i where i.draft = ? and i.version = ? order by i.address, i.id", d.ID, version)
	all, err := catalog.Collect(rows, err, scanInfluence)
	return all, catalog.Wrap("influences", err)
}
