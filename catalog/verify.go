package catalog

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/openshafaf/shafaf/datasets"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// A VerifyPart is what was found of one part of a portal.
type VerifyPart struct {
	Name      string   `json:"part"`
	Checked   int64    `json:"checked"`             // things that were looked at
	Faults    int64    `json:"faults"`              // of which Sentences tell the first
	Sentences []string `json:"sentences,omitempty"` // what is wrong, and what to do
	Note      string   `json:"note,omitempty"`      // what else there is to know
}

// maxSentences is how many faults of a part are told.
const maxSentences = 20

func (p *VerifyPart) fault(format string, args ...any) {
	p.Faults++
	if len(p.Sentences) < maxSentences {
		p.Sentences = append(p.Sentences, fmt.Sprintf(format, args...))
	}
}

// Damaged reports whether err means that the catalogue's file does not hold
// what was written to it.
func Damaged(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	return slices.Contains([]int{sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}, e.Code()&0xff)
}

// VerifyOptions say how thorough Verify is.
type VerifyOptions struct {
	Fast     bool                              // look whether files are there and how large they are, and read none
	Progress func(part string, done, of int64) // unless nil, told as it goes
	Part     func(VerifyPart)                  // told of each part when it is done
}

// Verify checks a portal beside running writers: the database and what refers
// to what in it, the list of changes, and every file and table of every
// edition. What is wrong is no error but a fault of its part; an error means
// that it could not be looked at. Memory does not grow with the portal.
func Verify(ctx context.Context, s *Store, files *datasets.Files, o VerifyOptions) error {
	v := &verifier{ctx, s, files, o}
	for _, part := range []struct {
		name  string
		check func(*VerifyPart) error
	}{
		{"database", v.database}, {"references", v.references}, {"changes", v.changes}, {"files", v.storedFiles}, {"tables", v.tables},
	} {
		p := VerifyPart{Name: part.name}
		err := part.check(&p)
		if Damaged(err) {
			p.fault("the catalogue cannot be read: %v; restore it from a backup with shafaf restore", err)
			err = nil
		}
		if err != nil {
			return wrap("verify "+part.name, err)
		}
		o.Part(p)
	}
	return nil
}

type verifier struct {
	ctx   context.Context
	store *Store
	files *datasets.Files
	o     VerifyOptions
}

func (v *verifier) tell(p *VerifyPart, of int64) {
	if v.o.Progress != nil {
		v.o.Progress(p.Name, p.Checked, of)
	}
}

// database lets SQLite look at every page.
func (v *verifier) database(p *VerifyPart) error {
	pragma := "pragma integrity_check(20)"
	if v.o.Fast {
		pragma = "pragma quick_check(20)"
	}
	rows, err := v.store.query(v.ctx, pragma)
	found, err := collect(rows, err, scanID)
	if err != nil {
		return err
	}
	for _, sentence := range found {
		if sentence != "ok" {
			p.fault("the catalogue is damaged: %s; restore it from a backup with shafaf restore", sentence)
		}
	}
	return v.store.row(v.ctx, "select page_count from pragma_page_count").Scan(&p.Checked)
}

// references looks for what refers to nothing.
func (v *verifier) references(p *VerifyPart) error {
	err := v.store.row(v.ctx, "select (select count(*) from datasets) + (select count(*) from resources) + (select count(*) from editions)").Scan(&p.Checked)
	if err != nil {
		return err
	}
	type dangling struct {
		table, to string
		n         int64
	}
	rows, err := v.store.query(v.ctx, `select "table", "parent", count(*) from pragma_foreign_key_check group by 1, 2
		union all select 'resources', 'editions', count(*) from resources r where edition <> ''
			and not exists (select 1 from editions e where e.resource = r.id and e.digest = r.edition)
		union all select 'records', 'datasets', count(*) from records r where noun = 'dataset' and not exists (select 1 from datasets d where d.id = r.thing)`)
	all, err := collect(rows, err, func(row scanner) (d dangling, err error) {
		err = row.Scan(&d.table, &d.to, &d.n)
		return d, err
	})
	for _, d := range all {
		if d.n > 0 {
			p.fault("%d rows of %s refer to rows of %s that are not there; restore the catalogue from a backup with shafaf restore", d.n, d.table, d.to)
		}
	}
	return err
}

// changes looks for a gap in the list that everything else follows.
func (v *verifier) changes(p *VerifyPart) error {
	var first, last, given int64
	err := v.store.row(v.ctx, `select count(*), coalesce(min(seq), 1), coalesce(max(seq), 0),
		(select coalesce(max(seq), 0) from sqlite_sequence where name = 'changes') from changes`).Scan(&p.Checked, &first, &last, &given)
	if err != nil {
		return err
	}
	if first != 1 {
		p.fault("the list of changes begins with %d, not with 1; restore the catalogue from a backup with shafaf restore", first)
	}
	if given != last {
		p.fault("the last change that was written was %d and the list ends with %d; restore the catalogue from a backup with shafaf restore", given, last)
	}
	if gaps := last - first + 1 - p.Checked; gaps > 0 {
		var after int64
		err = v.store.row(v.ctx, "select min(seq) from changes c where seq < ? and not exists (select 1 from changes n where n.seq = c.seq + 1)", last).Scan(&after)
		p.fault("%d changes are missing from the list, the first after number %d; restore the catalogue from a backup with shafaf restore", gaps, after)
	}
	return err
}

// verifyPage is how many editions are read at a time: files are looked at
// between two reads, so that no read keeps the log of the database growing.
const verifyPage = 500

// storedFiles looks at the file of every edition.
func (v *verifier) storedFiles(p *VerifyPart) error {
	var of int64
	if err := v.store.row(v.ctx, "select count(distinct file) from "+keptFiles+" where file <> ''").Scan(&of); err != nil {
		return err
	}
	for _, from := range keepers {
		if err := v.storedFilesOf(p, from, of); err != nil {
			return err
		}
	}
	return v.spare(p, false, of)
}

// storedFilesOf looks at the files of one of the keepers.
func (v *verifier) storedFilesOf(p *VerifyPart, from string, of int64) error {
	type stored struct {
		digest, resource string
		size             int64
	}
	for after := ""; ; {
		rows, err := v.store.query(v.ctx, "select file, min(resource), max(size) from "+from+" file > ? group by file order by file limit ?", after, verifyPage)
		page, err := collect(rows, err, func(row scanner) (f stored, err error) {
			err = row.Scan(&f.digest, &f.resource, &f.size)
			return f, err
		})
		if err != nil {
			return err
		}
		for _, f := range page {
			if err := v.file(p, f.digest, f.resource, f.size); err != nil {
				return err
			}
			p.Checked++
			v.tell(p, of)
		}
		if len(page) < verifyPage {
			return nil
		}
		after = page[len(page)-1].digest
	}
}

func (v *verifier) file(p *VerifyPart, digest, resource string, size int64) error {
	have, err := v.files.FileSize(digest)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		p.fault("the file %s of %s is not there; %s", digest, v.owner(resource), remedy)
		return nil
	case err != nil:
		return err
	case have != size:
		p.fault("the file %s of %s has %d bytes and should have %d; %s", digest, v.owner(resource), have, size, remedy)
		return nil
	case v.o.Fast:
		return nil
	}
	err = v.files.CheckFile(v.ctx, digest)
	if err != nil && v.ctx.Err() == nil {
		p.fault("the file %s of %s cannot be trusted: %v; %s", digest, v.owner(resource), err, remedy)
		return nil
	}
	return v.ctx.Err()
}

const remedy = "harvest its source or import its file again, or take it from a backup"

// owner names the dataset of a resource, or the draft whose file it is.
func (v *verifier) owner(resource string) string {
	var name string
	err := v.store.row(v.ctx, `select 'dataset ' || d.slug from resources r join datasets d on d.id = r.dataset where r.id = ?1
		union all select 'draft ' || slug from drafts where id = ?1`, resource).Scan(&name)
	if err != nil {
		return "resource " + resource
	}
	return name
}

// spare notes how much more is kept than editions need: no fault, since a file
// is kept before its edition is written.
func (v *verifier) spare(p *VerifyPart, rows bool, used int64) error {
	var kept int64
	for _, err := range v.files.Digests(rows) {
		if err != nil {
			return err
		}
		kept++
	}
	if n := kept - used; n > 0 {
		p.Note = fmt.Sprintf("%d more belong to no edition", n)
	}
	return nil
}

// tables looks at the rows of every edition that has some.
func (v *verifier) tables(p *VerifyPart) error {
	var of, used int64
	if err := v.store.row(v.ctx, "select (select count(*) from editions where has_table) + (select count(*) from "+pendingTables+"), (select count(*) from "+keptTables+")").Scan(&of, &used); err != nil {
		return err
	}
	for _, from := range tableKeepers {
		if err := v.tablesOf(p, from, of); err != nil {
			return err
		}
	}
	return v.spare(p, true, used)
}

// tablesOf looks at the tables of one of the tableKeepers.
func (v *verifier) tablesOf(p *VerifyPart, from string, of int64) error {
	resource, digest := "", ""
	for {
		rows, err := v.store.query(v.ctx, "select resource, digest, rows, columns from "+from+` (resource, digest) > (?, ?) order by resource, digest limit ?`, resource, digest, verifyPage)
		page, err := collect(rows, err, func(row scanner) (e Edition, err error) {
			err = row.Scan(&e.Resource, &e.Digest, &e.Rows, asJSON(&e.Schema))
			return e, err
		})
		if err != nil {
			return err
		}
		for i := range page {
			if err := v.table(p, &page[i]); err != nil {
				return err
			}
			p.Checked++
			v.tell(p, of)
		}
		if len(page) < verifyPage {
			return nil
		}
		resource, digest = page[len(page)-1].Resource, page[len(page)-1].Digest
	}
}

func (v *verifier) table(p *VerifyPart, e *Edition) error {
	table, err := v.files.Rows(e.Digest)
	if err == nil && !v.o.Fast {
		err = errors.Join(table.Verify(v.ctx), table.Close())
	}
	switch {
	case v.ctx.Err() != nil:
		return v.ctx.Err()
	case errors.Is(err, fs.ErrNotExist):
		p.fault("the rows of table %s of %s are not there; %s", e.Digest, v.owner(e.Resource), remedy)
	case err != nil:
		p.fault("the rows of table %s of %s cannot be trusted: %v; %s", e.Digest, v.owner(e.Resource), err, remedy)
	case table.Len() != e.Rows:
		p.fault("table %s of %s has %d rows and the catalogue says %d; restore the catalogue from a backup", e.Digest, v.owner(e.Resource), table.Len(), e.Rows)
	case !slices.Equal(table.Schema(), e.Schema):
		p.fault("table %s of %s has other columns than the catalogue says; restore the catalogue from a backup", e.Digest, v.owner(e.Resource))
	}
	return nil
}
