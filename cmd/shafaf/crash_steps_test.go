package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
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
		commentStep(),
		budgetStep(),
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
