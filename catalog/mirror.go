package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/openshafaf/shafaf/datasets/durable"

	"github.com/goccy/go-json"
)

// MirrorName is the file in a data folder that makes it a mirror.
const MirrorName = "catalog.sqlite"

// A MirrorOf says which public snapshot a mirror shows.
type MirrorOf struct {
	Site   string    `json:"site"` // public address of the portal; empty when the snapshot does not tell it
	Made   time.Time `json:"made"`
	Change int64     `json:"change"`
	Digest string    `json:"digest"` // SHA-256 of the snapshot
}

// Mirror makes the data folder dir a read-only mirror of the public snapshot
// catalog.sqlite in it, when there is one and the catalogue there is not of a
// portal of its own; one that is of an older snapshot is replaced. It returns
// nil where there is nothing to mirror. Nobody else may have the folder open.
//
// A mirror has the same agencies, sources, runs, datasets, resources and drafts
// under the same ids and slugs. Files and rows stay with the portal: resources lead
// there. Nothing can be written to the catalogue of a mirror.
func Mirror(ctx context.Context, dir string, o Options) (*MirrorOf, error) {
	path := filepath.Join(dir, MirrorName)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	digest, _, err := digestFile(path)
	if err != nil {
		return nil, wrap("mirror", err)
	}
	have, portal, err := mirrored(ctx, dir, o)
	if err != nil || portal || have != nil && have.Digest == digest {
		return have, wrap("mirror", err)
	}
	of, err := makeMirror(ctx, dir, digest, o)
	return of, wrap("mirror", diskFull(err))
}

// mirrored reads which snapshot the catalogue in dir mirrors, and whether it is
// that of a portal of its own.
func mirrored(ctx context.Context, dir string, o Options) (of *MirrorOf, portal bool, err error) {
	if _, err := os.Stat(filepath.Join(dir, catalogueName)); errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	s, err := Open(ctx, dir, o)
	if err != nil {
		return nil, false, err
	}
	of, err = s.MirrorOf(ctx)
	return of, err == nil && of == nil, errors.Join(err, s.Close())
}

// MirrorOf returns which snapshot the catalogue mirrors, nil when it is that of
// a portal of its own.
func (s *Store) MirrorOf(ctx context.Context) (*MirrorOf, error) {
	var text string
	err := s.row(ctx, "select value from meta where key = 'mirror'").Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, wrap("mirror", err)
	}
	of := &MirrorOf{}
	return of, wrap("mirror", json.Unmarshal([]byte(text), of))
}

func digestFile(path string) (string, int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	return digestOfFile(f)
}

// makeMirror builds the catalogue beside its place and renames it.
func makeMirror(ctx context.Context, dir, digest string, o Options) (*MirrorOf, error) {
	work, err := os.MkdirTemp(dir, "mirror-*.tmp")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(work)
	s, err := Open(ctx, work, o)
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	of, err := fillMirror(ctx, filepath.Join(work, catalogueName), filepath.Join(dir, MirrorName), digest)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be mirrored: %w", filepath.Join(dir, MirrorName), err)
	}
	if _, _, err := settle(filepath.Join(work, catalogueName), 0o644); err != nil {
		return nil, err
	}
	return of, durable.Rename(filepath.Join(work, catalogueName), filepath.Join(dir, catalogueName))
}

func fillMirror(ctx context.Context, path, snapshot, digest string) (of *MirrorOf, err error) {
	db, err := sql.Open("sqlite", fileURI(path, "_pragma=journal_mode(delete)&_pragma=synchronous(off)&_pragma=trusted_schema(0)"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1) // the attachment is the connection's
	if _, err := db.ExecContext(ctx, "attach ? as snap", fileURI(snapshot, "mode=ro&immutable=1")); err != nil {
		return nil, err
	}
	if of, err = aboutSnapshot(ctx, db); err != nil {
		return nil, err
	}
	of.Digest = digest
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	for _, fill := range mirrorFills {
		if _, err := tx.ExecContext(ctx, fill); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(fillDrafts(ctx, tx), fillSaid(ctx, tx)); err != nil {
		return nil, err
	}
	told, err := encode(of)
	if err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, "insert into main.meta (key, value) values ('mirror', ?)", string(told)); err != nil {
		return nil, err
	}
	for _, trigger := range mirrorTriggers {
		if _, err := tx.ExecContext(ctx, trigger); err != nil {
			return nil, err
		}
	}
	return of, tx.Commit()
}

// aboutSnapshot reads what a snapshot says of itself. One of a newer program,
// one that is damaged and a file that is no snapshot are refused.
func aboutSnapshot(ctx context.Context, db *sql.DB) (*MirrorOf, error) {
	facts := map[string]string{}
	rows, err := db.QueryContext(ctx, "select key, coalesce(value, '') from snap.about")
	if err != nil {
		return nil, fmt.Errorf("it is no public snapshot: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return nil, err
		}
		facts[key] = value
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	format, err1 := strconv.Atoi(facts["format"])
	change, err2 := strconv.ParseInt(facts["change"], 10, 64)
	made, err3 := time.Parse(time.RFC3339, facts["made"])
	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, fmt.Errorf("it is no public snapshot: %w", err)
	}
	if format > snapshotFormat {
		return nil, fmt.Errorf("%w: it has format %d and this program knows formats up to %d; install the newer program", ErrNewer, format, snapshotFormat)
	}
	var whole string
	if err := db.QueryRowContext(ctx, "pragma snap.quick_check(1)").Scan(&whole); err != nil {
		return nil, err
	}
	if whole != "ok" {
		return nil, fmt.Errorf("it is damaged (%s): download it again", whole)
	}
	return &MirrorOf{Site: facts["site"], Made: made, Change: change}, nil
}

// said is the text in all languages that words wrote as columns.
func said(name string) string {
	return fmt.Sprintf("json_patch(coalesce(p.%[1]s_other, '{}'), json_object('fa', p.%[1]s_fa, 'en', p.%[1]s_en))", name)
}

// mirrorFills write the tables of the catalogue from those of the snapshot.
// json_patch leaves out what is null.
var mirrorFills = []string{
	`insert into main.agencies (id, slug, state, title, fold, description, kind, parent, homepage, contact, created)
		select id, slug, 'published', ` + said("title") + `, '', ` + said("description") + `,
			coalesce(kind, ''), parent, coalesce(homepage, ''), coalesce(contact, ''), created from snap.agencies p`,
	`insert into main.sources (id, slug, state, title, kind, url, agency, created)
		select id, slug, 'published', ` + said("title") + `, kind, coalesce(url, ''), agency, created from snap.sources p`,
	`insert into main.runs (id, source, state, dry_run, started, finished, reason, approved, counts)
		select id, source, state, dry_run, started, coalesce(finished, ''), coalesce(reason, ''), coalesce(approved, ''),
			json_object('seen', seen, 'new', new, 'changed', changed, 'touched', touched, 'unchanged', unchanged, 'faulty', faulty,
				'missing', missing, 'relinked', relinked, 'retired', retired, 'returned', returned, 'waiting', waiting, 'faults', faults, 'declared', declared)
		from snap.runs where state not in ('queued', 'running')`,
	`insert into main.run_faults (run, n, severity, identifier, position, field, text)
		select run, n, coalesce(severity, ''), coalesce(identifier, ''), coalesce(position, ''), coalesce(field, ''), coalesce(text, '')
		from snap.run_faults where run in (select id from main.runs)`,
	`insert into main.datasets (id, slug, state, agency, source, identifier, created, updated, missing, body)
		select id, slug, 'published', agency, source, coalesce(identifier, ''), created, updated, coalesce(missing_since, ''),
			json_patch('{}', json_object('title', ` + said("title") + `, 'description', ` + said("description") + `,
				'keywords', (select json_group_array(keyword order by position) from snap.dataset_keywords k where k.dataset = p.id),
				'themes', (select json_group_array(theme order by position) from snap.dataset_themes k where k.dataset = p.id),
				'licence', licence, 'rights', rights, 'access_level', access_level, 'spatial', spatial,
				'temporal', json_patch('{}', json_object('start', temporal_start, 'end', temporal_end)), 'frequency', frequency,
				'issued', issued, 'modified', modified, 'publisher', publisher,
				'contact', json_patch('{}', json_object('name', contact_name, 'email', contact_email)), 'landing_page', landing_page,
				'described_by', described_by, 'part_of', part_of, 'languages', json(languages), 'references', json(see_also), 'conforms_to', json(conforms_to)))
		from snap.datasets p`,
	`insert into main.resources (id, dataset, position, state, part_of, fetch_fault, fetched, body)
		select p.id, p.dataset, p.position, 'published', p.part_of, iif(p.edition is null, coalesce(p.fetch_fault, ''), ''), coalesce(p.fetched, ''),
			json_patch('{}', json_object('name', p.name, 'title', ` + said("title") + `, 'description', ` + said("description") + `,
				'identifier', p.identifier, 'access_url', p.access_url,
				'download_url', iif(p.edition is not null and a.value is not null,
					a.value || '/datasets/' || d.slug || '/resources/' || p.id || iif(p.part_of is null and not p.id like '` + builtinIDs + `%', '/file', '.csv'), p.download_url),
				'media_type', p.media_type, 'format', p.format, 'size', p.size, 'modified', p.modified))
		from snap.resources p join snap.datasets d on d.id = p.dataset left join snap.about a on a.key = 'site'`,
	`insert into main.removals (id, at, noun, thing, slug, title, agency, kind, reason, source, run, identifier, missing, record, returned)
		select id, at, noun, thing, coalesce(slug, ''), ` + said("title") + `, agency, kind, coalesce(reason, ''), source,
			(select r.id from main.runs r where r.id = p.run), coalesce(identifier, ''), coalesce(missing_since, ''), coalesce(record, ''),
			coalesce(returned, '') from snap.removals p`,
}

// mirrorTriggers keep a mirror what it is, whoever opens it.
var mirrorTriggers = []string{
	`create trigger mirror_changes before insert on main.changes begin
		select raise(abort, 'this is a read-only mirror: change the data at its portal, and bring a new catalog.sqlite'); end`,
	`create trigger mirror_runs before insert on main.runs begin
		select raise(abort, 'this is a read-only mirror: change the data at its portal, and bring a new catalog.sqlite'); end`,
}
