package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Peers of exports and imports.
const (
	sqliteName   = "sqlite3"
	duckName     = "DuckDB"
	duckCSVName  = "DuckDB from the CSV"
	datasetteCSV = "Datasette"
	utilsName    = "sqlite-utils insert"
	libName      = "libxlsxwriter"
	writerName   = "XlsxWriter"
)

// csv compares the export of the whole table as CSV.
func (b *bench) csv() {
	rows := b.rows()
	p := b.spendPortal(rows)
	plain, err := b.sqlite(rows, false)
	all := []contender{b.ours(p, "export", "spend", "--format", "csv")}
	if err != nil {
		b.miss(sqliteName, err)
	} else {
		all = append(all, command(sqliteName, "sqlite3", "-csv", "-header", plain, "select * from spend"))
	}
	all = append(all, b.duckCopy(duckName, rows, "copy spend to '%s' (format csv)", true), b.datasette(rows))
	b.compete(all...)
	b.tell("CSV of "+grouped(int64(rows))+" rows × 12 columns", rows, shafafName, sqliteName, duckName, datasetteCSV)
	for _, peer := range []string{sqliteName, duckName, datasetteCSV} {
		if b.had(peer) {
			b.sameTable(b.answer(shafafName), b.answer(peer))
		}
	}
	b.note("DuckDB is timed from the opening of its database to the end of COPY, Datasette by the request alone; the others as processes from start to end. All files hold equal values.")
	b.wantFaster(sqliteName, 3)
	b.wantFaster(duckName, 0.9)
	b.wantFaster(datasetteCSV, 8)
}

// sameTable fails unless two CSV files hold equal records.
func (b *bench) sameTable(one, other string) {
	if same, err := sameBytes(one, other); err == nil && same {
		return
	}
	var read [2]*csv.Reader
	for i, name := range []string{one, other} {
		f, err := os.Open(name)
		if err != nil {
			b.t.Fatal(err)
		}
		defer f.Close()
		read[i] = csv.NewReader(f)
		read[i].ReuseRecord = true
	}
	for n := 1; ; n++ {
		x, errX := read[0].Read()
		y, errY := read[1].Read()
		if errors.Is(errX, io.EOF) && errors.Is(errY, io.EOF) {
			return
		}
		if errX != nil || errY != nil || !slices.Equal(x, y) {
			b.t.Fatalf("record %d of %s and %s: %q, %v; %q, %v", n, one, other, x, errX, y, errY)
		}
	}
}

// duckCopy is a statement of DuckDB that writes the answer, from its own table or not.
func (b *bench) duckCopy(name string, rows int, statement string, own bool) contender {
	db := filepath.Join(b.dir, "empty.duckdb")
	var err error
	if own {
		db, err = b.duck(rows)
	}
	return contender{name, func(out string) (measure, error) {
		if err != nil {
			return measure{}, err
		}
		_ = os.Remove(out)
		s, _, err := b.duckRun(db, fmt.Sprintf(statement, out))
		if info, broken := os.Stat(out); err == nil && broken == nil {
			s.size = info.Size()
		}
		return s, err
	}}
}

// duckRun runs a statement in a database of DuckDB; its time counts from the
// opening of the database on. The rows are of a query.
func (b *bench) duckRun(db string, statements ...string) (measure, [][]string, error) {
	out := filepath.Join(b.dir, "duck.json")
	s, err := timed(exec.CommandContext(b.t.Context(), venv("python"), append([]string{"testdata/bench/duck.py", db}, statements...)...), out)
	if err != nil {
		return s, nil, errors.New(lastLine([]byte(err.Error())))
	}
	var told struct {
		Seconds, CPU float64
		Rows         [][]string
	}
	text, err := os.ReadFile(out)
	if err == nil {
		err = json.Unmarshal(text, &told)
	}
	s.wall, s.cpu, s.first, s.size = seconds(told.Seconds), seconds(told.CPU), 0, 0
	return s, told.Rows, err
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// datasette is its streamed CSV of the table.
func (b *bench) datasette(rows int) contender {
	var base string
	var pid int
	return contender{datasetteCSV, func(out string) (s measure, err error) {
		if base == "" {
			if base, pid, err = b.startDatasette(rows); err != nil {
				return s, err
			}
		}
		return fetchInto(base+"/spend.csv?_stream=on", pid, out)
	}}
}

// startDatasette serves the table with it until the test ends.
func (b *bench) startDatasette(rows int) (base string, pid int, err error) {
	file, err := b.sqlite(rows, true)
	if err != nil {
		return "", 0, err
	}
	port, err := freePort()
	if err != nil {
		return "", 0, err
	}
	cmd := exec.CommandContext(b.t.Context(), venv("datasette"), "serve", file, "-p", port, "--setting", "max_csv_mb", "0", "--setting", "sql_time_limit_ms", "600000")
	if err := b.start(cmd); err != nil {
		return "", 0, err
	}
	base = "http://127.0.0.1:" + port
	return base + "/" + strings.TrimSuffix(filepath.Base(file), ".db"), cmd.Process.Pid, b.answers(base + "/-/versions.json")
}

// start starts a program of others, which ends with the test.
func (b *bench) start(cmd *exec.Cmd) error {
	if err := cmd.Start(); err != nil {
		return err
	}
	b.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return nil
}

// answers waits until an address answers.
func (b *bench) answers(address string) error {
	for range 300 {
		if resp, err := http.Get(address); err == nil {
			return resp.Body.Close()
		}
		time.Sleep(100 * time.Millisecond)
	}
	return fmt.Errorf("%s does not answer", address)
}

// fetchInto asks a process for an address and writes the answer to a file.
func fetchInto(address string, pid int, out string) (s measure, err error) {
	s, _, err = fetchAs(address, "identity", pid, out)
	return s, err
}

// fetchAs is fetchInto in an encoding; kind is the one that came.
func fetchAs(address, encoding string, pid int, out string) (s measure, kind string, err error) {
	f, err := os.Create(out)
	if err != nil {
		return s, kind, err
	}
	defer f.Close()
	req, err := http.NewRequest(http.MethodGet, address, http.NoBody)
	if err != nil {
		return s, kind, err
	}
	req.Header.Set("Accept-Encoding", encoding)
	w, used, start := watchMemory(pid, ""), cpuOf(pid), time.Now()
	defer func() {
		s.peak, _ = w.end()
		s.cpu = cpuOf(pid) - used
	}()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return s, kind, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return s, kind, fmt.Errorf("%s answers %s", address, resp.Status)
	}
	kind = resp.Header.Get("Content-Encoding")
	first := make([]byte, 1)
	if _, err := io.ReadFull(resp.Body, first); err != nil {
		return s, kind, err
	}
	s.first = time.Since(start)
	if _, err := f.Write(first); err != nil {
		return s, kind, err
	}
	n, err := io.Copy(f, resp.Body)
	s.wall, s.size = time.Since(start), n+1
	return s, kind, err
}

// sheetTypes are the types of the columns for those that write sheets: numbers,
// texts, a day, and true or false.
const sheetTypes = "nntttnndbttt"

// xlsx compares the export as XLSX.
func (b *bench) xlsx() {
	rows := b.rows()
	p, file := b.spendPortal(rows), b.spend(rows)
	lib := filepath.Join(b.dir, "sheet")
	out, broken := exec.CommandContext(b.t.Context(), "gcc", "-O2", "-o", lib, "testdata/bench/sheet.c", "-lxlsxwriter").CombinedOutput()
	b.compete(b.ours(p, "export", "spend", "--format", "xlsx"),
		b.writer(libName, func(out string) *exec.Cmd { return exec.Command(lib, file, out, sheetTypes) }, broken, string(out)),
		b.writer(writerName, func(out string) *exec.Cmd {
			return exec.Command(venv("python"), "testdata/bench/sheet_writer.py", file, out, sheetTypes)
		}, nil, ""))
	b.tell("XLSX of "+grouped(int64(rows))+" rows × 12 columns", rows, shafafName, libName, writerName)
	want, err := b.sheet(file)
	if err != nil {
		b.miss("python-calamine, which reads the sheets,", err)
	}
	for _, name := range []string{shafafName, libName} {
		if err != nil || !b.had(name) {
			continue
		}
		if got, err := b.sheet(b.answer(name)); err != nil || got != want {
			b.t.Fatalf("the sheet of %s holds %s, %v; wanted %s", name, got, err, want)
		}
	}
	b.note("libxlsxwriter and XlsxWriter read the rows from the CSV file and keep one row in memory. What python-calamine reads out of the sheets adds up to the same as the CSV file.")
	b.wantFaster(libName, 5)
	b.wantPeak("", b.peak(shafafName), 64)
	b.wantMS("first byte of the command", b.firstByte(), 100)
	s := b.firstDownload(p, "xlsx")
	b.wantMS("first byte over HTTP, when nobody asked before,", s.first, 100)
}

// firstByte is the median of how long our answers took to begin.
func (b *bench) firstByte() time.Duration {
	return median(each(b.taken[shafafName], func(s *measure) time.Duration { return s.first }))
}

// writer is a program that writes the file that it is given.
func (b *bench) writer(name string, cmd func(out string) *exec.Cmd, broken error, why string) contender {
	return contender{name, func(out string) (measure, error) {
		if broken != nil {
			return measure{}, fmt.Errorf("%w: %s", broken, why)
		}
		out += ".xlsx"
		_ = os.Remove(out)
		s, err := timed(cmd(out), filepath.Join(b.dir, "said"))
		if err != nil {
			return s, err
		}
		info, err := os.Stat(out)
		if err != nil {
			return s, err
		}
		// They write the file when all is done, whatever the system says of the
		// file that they keep until then.
		s.size, s.first = info.Size(), s.wall
		return s, os.Rename(out, strings.TrimSuffix(out, ".xlsx"))
	}}
}

// sheet is what a reader that is not ours finds in a sheet or a CSV file, in short.
func (b *bench) sheet(file string) (string, error) {
	name := file
	if !strings.HasSuffix(file, ".csv") {
		name = filepath.Join(b.dir, "read.xlsx")
		_ = os.Remove(name)
		if err := os.Link(file, name); err != nil {
			return "", err
		}
	}
	out, err := b.python(venv("python"), "sheet.py", name)
	return string(out), err
}

// parquet compares the export as Parquet.
func (b *bench) parquet() {
	rows := b.rows()
	p, file := b.spendPortal(rows), b.spend(rows)
	const as = " (format parquet, compression zstd, compression_level 1)"
	b.compete(b.ours(p, "export", "spend", "--format", "parquet"), b.duckCopy(duckName, rows, "copy spend to '%s'"+as, true),
		b.duckCopy(duckCSVName, rows, "copy ("+duckSpend(file)+") to '%s'"+as, false))
	b.tell("Parquet of "+grouped(int64(rows))+" rows × 12 columns", rows, shafafName, duckName, duckCSVName)
	if b.had(duckName) {
		const sums = "select count(*), sum(id), sum(year), sum(amount), sum(share), sum(cast(paid as int)), bit_xor(hash(agency, programme, province, cast(day as varchar), note, supplier, code)) from read_parquet('%s')"
		_, want, err := b.duckRun("", fmt.Sprintf(sums, b.answer(duckName)))
		_, got, failed := b.duckRun("", fmt.Sprintf(sums, b.answer(shafafName)))
		if err != nil || failed != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			b.t.Fatalf("the Parquet file adds up to %v, %v; wanted %v, %v", got, failed, want, err)
		}
	}
	b.note("All write zstd of level 1. DuckDB is timed from the opening of its database to the end of COPY, the program as a process from start to end. The files add up to the same in DuckDB.")
	b.wantWithin(duckName, 1.5)
	b.wantFaster(duckCSVName, 1)
	b.wantPeak("", b.peak(shafafName), 128)
}

// firstDownload is a download that was not asked for before.
func (b *bench) firstDownload(p *program, ext string) measure {
	_ = os.RemoveAll(filepath.Join(p.data(), "exports"))
	base, stop := b.serveAt(p)
	defer stop()
	s, err := fetchInto(base+tableOf(p, "spend")+"."+ext, b.server, filepath.Join(b.dir, "first."+ext))
	if err != nil {
		b.t.Fatal(err)
	}
	b.note("Over HTTP, the first download: first byte after %.2f s, all after %.2f s, peak of the server %s.", s.first.Seconds(), s.wall.Seconds(), megabyte(s.peak))
	return s
}

// serveAt serves a portal. The caller stops it.
func (b *bench) serveAt(p *program, args ...string) (base string, stop func()) {
	base, cmd := p.serve(append(b.profile([]string{"serve"})[1:], args...)...)
	b.server = cmd.Process.Pid
	return base, func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it leaves its profiles
		_ = cmd.Wait()
	}
}

// tableOf is the address of the only table of a dataset, without the extension.
func tableOf(p *program, slug string) string {
	p.t.Helper()
	var d struct{ Resources []struct{ ID string } }
	if err := json.Unmarshal([]byte(p.run("dataset", "show", slug, "--json").out), &d); err != nil || len(d.Resources) == 0 {
		p.t.Fatalf("%s: %v", slug, err)
	}
	return "/datasets/" + slug + "/resources/" + d.Resources[0].ID
}
