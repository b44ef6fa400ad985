package main

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func holdsDatasets(n int) func(*program, string) error {
	return func(p *program, _ string) error {
		all, err := p.lines("dataset", "list", "--json")
		if err == nil && len(all) != n {
			err = fmt.Errorf("%d datasets, want %d", len(all), n)
		}
		return err
	}
}

func datasetsAre(n int) func(*program, *stopped) error {
	return func(p *program, _ *stopped) error { return holdsDatasets(n)(p, "") }
}

// removedWhole reports whether all that is to go is there, or gone and listed.
func removedWhole(p *program, _ *stopped) error {
	all, err := p.lines("dataset", "list", "--json")
	if err != nil {
		return err
	}
	gone, err := p.lines("dataset", "list", "--retired", "--json")
	if err != nil {
		return err
	}
	shown, err := p.lines("source", "show", "src", "--json")
	if err != nil {
		return err
	}
	if n := len(gone); len(all)+n != crashRecords || n != 0 && n != crashGone || strings.Contains(strings.Join(shown, ""), `"state":"running"`) {
		return fmt.Errorf("%d datasets and %d retired; %s", len(all), n, shown)
	}
	return nil
}

// tablesAreWhole reports whether each file has its table, none yet, or a reason.
func tablesAreWhole(p *program, _ *stopped) error {
	all, err := p.lines("dataset", "list", "--json")
	for _, d := range all {
		if !strings.Contains(d, fmt.Sprintf(`"rows":%d,`, crashRows)) && !strings.Contains(d, `"rows":null`) {
			err = fmt.Errorf("a table is not whole: %s", d)
		}
	}
	return err
}

// holdsTables reports whether each file has its table. One for which the disk
// had no room is put off for an hour, and says so.
func holdsTables(n int) func(*program, string) error {
	return func(p *program, _ string) error {
		all, err := p.lines("dataset", "list", "--json")
		whole := 0
		for _, d := range all {
			if strings.Contains(d, fmt.Sprintf(`"rows":%d,`, crashRows)) || strings.Contains(d, "has no room for the file; it is fetched when there is") {
				whole++
			}
		}
		if err == nil && whole != n {
			err = fmt.Errorf("%d tables, want %d: %s", whole, n, all)
		}
		return err
	}
}

// importedSlugs are the slugs of what the steps import.
func importedSlugs(p *program) ([]string, error) {
	all, err := p.lines("dataset", "list", "--json")
	var slugs []string
	for _, d := range all {
		_, rest, _ := strings.Cut(d, `"slug":"`)
		if slug, _, _ := strings.Cut(rest, `"`); slug == "more" || strings.HasPrefix(slug, "more-") {
			slugs = append(slugs, slug)
		}
	}
	return slugs, err
}

func importsAreWhole(p *program, _ *stopped) error {
	slugs, err := importedSlugs(p)
	for _, slug := range slugs {
		if rows, failed := p.lines("export", slug, "--format", "csv"); failed != nil || len(rows) != crashTable+1 {
			err = errors.Join(failed, fmt.Errorf("%s has %d lines", slug, len(rows)))
		}
	}
	return err
}

func holdsImport(p *program, _ string) error {
	slugs, err := importedSlugs(p)
	if err == nil && len(slugs) == 0 {
		err = errors.New("what was imported is not there")
	}
	return err
}

func importsBeside(p *program, base string) error {
	if u, err := p.try("--min-free", "0", "dataset", "import", filepath.Join(p.dir, "t.csv"), "--title", "More"); err != nil {
		return fmt.Errorf("%w: %s", err, u.out)
	}
	_, err := asked(base + "/api/v1/datasets?q=more")
	return err
}

func asked(url string) ([]byte, error) {
	resp, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(resp.Body); err != nil || resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %d %.300s %w", url, resp.StatusCode, b.String(), errors.Join(err))
	}
	return b.Bytes(), nil
}

func asksSnapshot(_ *program, base string) error {
	_, err := asked(base + "/catalog.sqlite")
	return err
}

// snapshotsAreWhole reports whether what has the name of a snapshot is one.
func snapshotsAreWhole(p *program, _ *stopped) error {
	all, err := filepath.Glob(filepath.Join(p.data(), "snapshots", "*.sqlite"))
	for _, name := range all {
		b, failed := os.ReadFile(name)
		if failed != nil || !strings.HasSuffix(name, fmt.Sprintf("-%x.sqlite", sha256.Sum256(b))) {
			err = fmt.Errorf("%s is not whole: %w", name, errors.Join(failed))
		}
	}
	return err
}

// asksExports downloads the table in each format: it is as it was before.
func asksExports(p *program, base string) error {
	u, err := p.try("dataset", "show", "table", "--json")
	_, rest, _ := strings.Cut(u.out, `"resources":[{`)
	_, rest, _ = strings.Cut(rest, `"id":"`)
	id, _, ok := strings.Cut(rest, `"`)
	if err != nil || !ok {
		return fmt.Errorf("no resource in %s: %w", u.out, errors.Join(err))
	}
	for _, format := range extensions() {
		got, err := asked(base + "/datasets/table/resources/" + id + "." + format)
		if err != nil {
			return err
		}
		if right, err := os.ReadFile(filepath.Join(p.dir, "right."+format)); err != nil || !bytes.Equal(got, right) {
			p.t.Errorf("the server gives %d bytes of %s, want %d: %v", len(got), format, len(right), err)
		}
	}
	return nil
}

func exportIs(format string, orOlder bool) func(*program, *stopped) error {
	return func(p *program, _ *stopped) error {
		got, err := os.ReadFile(filepath.Join(p.dir, "out."+format))
		right, err2 := os.ReadFile(filepath.Join(p.dir, "right."+format))
		if err = errors.Join(err, err2); err == nil && !bytes.Equal(got, right) && (!orOlder || string(got) != "older") {
			err = fmt.Errorf("out.%s has %d bytes, want %d", format, len(got), len(right))
		}
		return err
	}
}

func exported(format string) func(*program, string) error {
	return func(p *program, _ string) error { return exportIs(format, false)(p, nil) }
}

// backupsAreWhole reports whether a backup that shows itself is one.
func backupsAreWhole(p *program, _ *stopped) error {
	if _, err := os.Stat(filepath.Join(p.dir, "b", "manifest.json")); err != nil {
		if u, err := p.on("r").try("restore", p.dir); err == nil || !strings.Contains(u.out, "it is no backup, or one that was not finished") {
			return fmt.Errorf("restored without a manifest: %s: %w", u.out, errors.Join(err))
		}
		return nil
	}
	return restores(crashRecords+1, crashRecords+31)(p, p.dir)
}

// restores reports whether the backup is that of a portal with as many datasets.
func restores(either ...int) func(*program, string) error {
	return func(p *program, _ string) error {
		q := p.on("r")
		defer os.RemoveAll(q.dir)
		if u, err := q.try("--min-free", "0", "restore", filepath.Join(p.dir, "b")); err != nil {
			return fmt.Errorf("restore: %w: %s", err, u.out)
		}
		all, err := q.lines("dataset", "list", "--json")
		for _, n := range either {
			if len(all) == n && err == nil {
				return sound(q)
			}
		}
		return fmt.Errorf("%d datasets were restored, want %v: %w", len(all), either, errors.Join(err))
	}
}

// newerProgram is the program with a migration more.
func newerProgram(t *testing.T) string {
	t.Helper()
	bin, err := newer()
	if err != nil {
		t.Fatal(err)
	}
	return bin
}

var newer = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "shafaf")
	if err != nil {
		return "", err
	}
	extra, err := filepath.Abs("../../catalog/migrations/9999_test.sql")
	if err != nil {
		return "", err
	}
	file, overlay, bin := filepath.Join(dir, "9999.sql"), filepath.Join(dir, "overlay.json"), filepath.Join(dir, "newer")
	err = errors.Join(os.WriteFile(file, []byte(newerSchema), 0o600),
		os.WriteFile(overlay, fmt.Appendf(nil, `{"Replace":{%q:%q}}`, extra, file), 0o600))
	if err != nil {
		return "", err
	}
	out, err := exec.Command("go", "build", "-overlay", overlay, "-o", bin, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return bin, nil
})

// newerSchema does what migrations do: makes, fills, alters and indexes.
const newerSchema = `create table newer (id text primary key, slug text not null) strict;
insert into newer select id, slug from datasets;
alter table datasets add column newer text not null default '';
update datasets set newer = slug;
create index datasets_newer on datasets (newer);
`

// isMigrated reports whether the newer schema is there whole and the older
// program keeps away from it.
func isMigrated(p *program, dir string) error {
	db, err := sql.Open("sqlite", filepath.Join(p.data(), "catalog.db"))
	if err != nil {
		return err
	}
	defer db.Close()
	var n int
	if err := db.QueryRowContext(p.t.Context(), "select count(*) from datasets d join newer n using (id) where d.newer = n.slug").Scan(&n); err != nil || n != crashRecords+1 {
		return fmt.Errorf("%d rows were brought over: %w", n, errors.Join(err))
	}
	old, err := built()
	if err != nil {
		return err
	}
	q := program{p.t, old, dir}
	if u, err := q.try("dataset", "list"); err == nil || !strings.Contains(u.out, "newer version of shafaf") {
		return fmt.Errorf("the older program: %w: %s", errors.Join(err), u.out)
	}
	return nil
}
