package main

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// The portal that most steps begin with.
const (
	crashRecords = 60   // of a source
	crashTable   = 1000 // rows of a table that was imported
	crashGone    = 3    // records that the source lacks later
	crashFiles   = 5    // files of another source
	crashRows    = 200  // of each
	crashPages   = 300  // records of a source with pages
)

// crashSteps is the table of what the crash tests stop the program in. A step
// more is a line more.
func crashSteps() []crashStep {
	steps := []crashStep{
		{name: "make the catalogue", args: words("dataset list --json"), whole: holdsDatasets(0)},
		{name: "migration", newer: true, ready: portalReady, args: words("dataset list --json"), half: datasetsAre(crashRecords + 1), whole: isMigrated},
		{name: "harvest", ready: sourceReady, args: words("harvest"), says: "src: complete", whole: holdsDatasets(crashRecords)},
		{name: "removal", ready: removalReady, args: words("harvest"), says: "src: complete", half: removedWhole, whole: holdsDatasets(crashRecords - crashGone)},
		{name: "pages of a source", ready: pagesReady, args: words("harvest"), says: "src: complete", whole: holdsDatasets(crashPages)},
		{name: "file fetch", ready: filesReady, args: words("harvest --wait-files"), half: tablesAreWhole, whole: holdsTables(crashFiles)},
		{name: "import", ready: portalReady, args: words("dataset import DIR/t.csv --title More"), says: "more", half: importsAreWhole, whole: holdsImport},
		{name: "index batch", ready: behindReady, args: words("index compare"), whole: holdsDatasets(crashRecords + 31)},
		{name: "index creation", ready: noIndexReady, args: words("index compare"), whole: holdsDatasets(crashRecords + 1)},
		{name: "index rebuild", ready: portalReady, args: words("index rebuild"), whole: holdsDatasets(crashRecords + 1)},
		{name: "snapshot", ready: portalReady, args: words("serve --addr 127.0.0.1:0"), drive: asksSnapshot, half: snapshotsAreWhole},
		{name: "export by the server", ready: exportsReady, args: words("serve --addr 127.0.0.1:0"), drive: asksExports},
		{name: "import beside it", ready: portalReady, args: words("serve --addr 127.0.0.1:0"), drive: importsBeside, says: "more", half: importsAreWhole, whole: holdsImport},
		publishStep(),
		{name: "first backup", ready: portalReady, args: words("backup DIR/b"), says: "backed up to", half: backupsAreWhole, whole: restores(crashRecords + 1)},
		{name: "later backup", ready: backedUpReady, args: words("backup DIR/b"), says: "backed up to", half: backupsAreWhole, whole: restores(crashRecords + 31)},
		{name: "restore", on: "r", ready: backedUpReady, args: words("restore DIR/b"), says: "restored to", whole: holdsDatasets(crashRecords + 1)},
	}
	for _, format := range []string{"csv", "xlsx", "parquet", "json", "jsonl"} {
		steps = append(steps, crashStep{name: "export " + format, ready: exportsReady, args: words("export table --format " + format + " -o DIR/out." + format), half: exportIs(format, true), whole: exported(format)})
	}
	return steps
}

func words(s string) []string { return strings.Fields(s) }

func sourceReady(p *program) {
	writeCatalogue(p.t, filepath.Join(p.dir, "data.json"), crashRecords)
	p.run("source", "add", "--kind", "datajson", "--url", filepath.Join(p.dir, "data.json"), "--name", "src")
}

func portalReady(p *program) {
	sourceReady(p)
	p.run("harvest")
	var b strings.Builder
	b.WriteString("n,name,amount\n")
	for i := range crashTable {
		b.WriteString(strconv.Itoa(i) + ",نام " + strconv.Itoa(i%100) + "," + strconv.Itoa(i*7) + ".25\n")
	}
	write(p.t, filepath.Join(p.dir, "t.csv"), b.String())
	p.run("dataset", "import", filepath.Join(p.dir, "t.csv"), "--title", "Table")
}

// removalReady leaves records of which some were missing once.
func removalReady(p *program) {
	sourceReady(p)
	p.run("harvest")
	writeCatalogue(p.t, filepath.Join(p.dir, "data.json"), crashRecords-crashGone)
	p.run("harvest")
}

// behindReady leaves an index that lacks what came last.
func behindReady(p *program) {
	portalReady(p)
	index, kept := filepath.Join(p.data(), "search"), filepath.Join(p.dir, "kept")
	copied(p.t, kept, index)
	moreRecords(p)
	if err := errors.Join(os.RemoveAll(index), os.Rename(kept, index)); err != nil {
		p.t.Fatal(err)
	}
}

func moreRecords(p *program) {
	writeCatalogue(p.t, filepath.Join(p.dir, "data.json"), crashRecords+30)
	p.run("harvest")
}

func noIndexReady(p *program) {
	portalReady(p)
	if err := os.RemoveAll(filepath.Join(p.data(), "search")); err != nil {
		p.t.Fatal(err)
	}
}

func backedUpReady(p *program) {
	portalReady(p)
	p.run("backup", filepath.Join(p.dir, "b"))
	moreRecords(p)
}

// exportsReady leaves the table in each format, and older files of these names.
func exportsReady(p *program) {
	portalReady(p)
	for _, format := range extensions() {
		p.run("export", "table", "--format", format, "-o", filepath.Join(p.dir, "right."+format))
		write(p.t, filepath.Join(p.dir, "out."+format), "older")
	}
}

func filesReady(p *program) {
	p.run("source", "add", "--kind", "datajson", "--url", crashHost().URL+"/data.json", "--name", "src", "--allow-private-network")
}

func pagesReady(p *program) {
	p.run("source", "add", "--kind", "ckan", "--url", crashHost().URL, "--name", "src", "--allow-private-network")
}

func copied(t *testing.T, to, from string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

// crashHost is a server with a catalogue of files and one in pages.
var crashHost = sync.OnceValue(func() *httptest.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("/data.json", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `{"conformsTo":"https://project-open-data.cio.gov/v1.1/schema","dataset":[`)
		for i := range crashFiles {
			fmt.Fprintf(w, `%s{"identifier":"id-%d","title":"Files %d","description":"d","publisher":{"name":"A"},"accessLevel":"public",`+
				`"distribution":[{"downloadURL":"http://%s/%d.csv","mediaType":"text/csv","title":"file"}]}`, strings.Repeat(",", min(i, 1)), i, i, r.Host, i)
		}
		fmt.Fprint(w, "]}")
	})
	mux.HandleFunc("/{file}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		fmt.Fprint(w, "file,n\n"+strings.Repeat(strings.TrimSuffix(r.PathValue("file"), ".csv")+",1\n", crashRows))
	})
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		const rows = 100
		start, _ := strconv.Atoi(r.URL.Query().Get("start"))
		fmt.Fprintf(w, `{"success":true,"result":{"count":%d,"results":[`, crashPages)
		for i := start; i < min(start+rows, crashPages); i++ {
			fmt.Fprintf(w, `%s{"id":"id-%d","name":"name-%d","title":"Package %d","state":"active"}`, strings.Repeat(",", min(i-start, 1)), i, i, i)
		}
		fmt.Fprint(w, "]}}")
	})
	return httptest.NewServer(mux) // until the process ends
})

func (p *program) lockFile() string { return filepath.Join(p.data(), "LOCK") }

// lines are what a command prints.
func (p *program) lines(args ...string) ([]string, error) {
	u, err := p.try(args...)
	if err != nil {
		return nil, fmt.Errorf("%v: %w: %s", args, err, u.out)
	}
	return strings.Split(strings.TrimSuffix(u.out, "\n"), "\n")[:strings.Count(u.out, "\n")], nil
}

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
