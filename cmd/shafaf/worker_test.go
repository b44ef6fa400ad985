package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/datasets"

	"github.com/goccy/go-json"
)

// bomb is a workbook whose strings take 100 MB of memory, packed to about 1 MB,
// and whose rows go on for a while.
func bomb(t *testing.T) string {
	t.Helper()
	block := make([]byte, 16<<10)
	for i := range block {
		block[i] = "0123456789abcdef"[rand.IntN(16)]
	}
	return packWorkbook(t,
		func(w *bytes.Buffer) {
			for range 2_000_000 {
				w.WriteString("<row><c><v>1</v></c></row>" + string(block[:rand.IntN(16)]))
			}
		},
		func(w *bytes.Buffer) {
			for range 100 << 20 / len(block) {
				fmt.Fprintf(w, "<si><t>%s</t></si>", block)
			}
		})
}

func packWorkbook(t *testing.T, rows, texts func(*bytes.Buffer)) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range map[string]func(*bytes.Buffer){
		"xl/workbook.xml": func(w *bytes.Buffer) {
			w.WriteString(`<workbook><sheets><sheet name="One" r:id="r1"/></sheets></workbook>`)
		},
		"xl/_rels/workbook.xml.rels": func(w *bytes.Buffer) {
			w.WriteString(`<Relationships><Relationship Id="r1" Type="t/worksheet" Target="a.xml"/><Relationship Id="r2" Type="t/sharedStrings" Target="s.xml"/></Relationships>`)
		},
		"xl/a.xml": func(w *bytes.Buffer) {
			w.WriteString("<worksheet><sheetData>")
			rows(w)
			w.WriteString("</sheetData></worksheet>")
		},
		"xl/s.xml": func(w *bytes.Buffer) { w.WriteString("<sst>"); texts(w); w.WriteString("</sst>") },
	} {
		var part bytes.Buffer
		content(&part)
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(part.Bytes())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "bomb.xlsx")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// stored puts a file into a new data folder and returns the job to read it.
func stored(t *testing.T, path string) datasets.Job {
	t.Helper()
	dir := t.TempDir()
	files, err := datasets.OpenFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	digest, _, err := files.Put(t.Context(), f, 0)
	if err != nil {
		t.Fatal(err)
	}
	return datasets.Job{Dir: dir, Temp: ".", Digest: digest, Name: filepath.Base(path)}
}

func TestChildIsKilledForMemoryAndTime(t *testing.T) {
	job := stored(t, bomb(t))
	for want, c := range map[error]*child{
		errChildMemory: {memory: 128 << 20, time: time.Minute},
		errChildTime:   {memory: 1 << 30, time: 300 * time.Millisecond},
	} {
		c.args, c.job, c.line = []string{"parse"}, job, func([]byte) error { return nil }
		if err := c.run(t.Context(), job.Dir); !errors.Is(err, want) {
			t.Errorf("%v: %v", want, err)
		}
	}
	if rows, err := filepath.Glob(filepath.Join(job.Dir, "rows", "*", "*")); err != nil || len(rows) > 0 {
		t.Errorf("half-made tables %v, %v", rows, err)
	}
}

func TestBombIsAFaultOfItsFile(t *testing.T) {
	p := newProgram(t)
	u, err := p.try("--worker-memory", "128MiB", "dataset", "import", "--json", bomb(t))
	if err != nil {
		t.Fatalf("%v\n%s", err, u.out)
	}
	if !strings.Contains(u.out, "takes more than 128 MiB of memory; divide it, publish it as CSV") {
		t.Errorf("%s", u.out)
	}
	if left, err := filepath.Glob(filepath.Join(p.dir, "data", "tmp", "*")); err != nil || len(left) > 0 {
		t.Errorf("it left %v, %v", left, err)
	}
}

// childOf returns the process of the worker on the data folder, 0 when there
// is none.
func childOf(t *testing.T, dir string) int {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range all {
		line, err := os.ReadFile(path)
		if err != nil {
			continue // it ended
		}
		var pid int
		if args := string(line); strings.Contains(args, dir+"\x00worker\x00") {
			if _, err := fmt.Sscanf(path, "/proc/%d/cmdline", &pid); err == nil {
				return pid
			}
		}
	}
	return 0
}

// awaitChild waits until there is a worker, or none.
func awaitChild(t *testing.T, dir string, there bool) int {
	t.Helper()
	for range 500 {
		if pid := childOf(t, dir); (pid != 0) == there {
			return pid
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("after ten seconds it is %v that there is a worker", !there)
	return 0
}

func TestChildIsPoorAndDiesWithItsParent(t *testing.T) {
	if _, err := os.Stat("/proc/self/environ"); err != nil {
		t.Skip("there is no /proc to look at processes")
	}
	p := newProgram(t)
	dir := filepath.Join(p.dir, "data")
	cmd := p.command("dataset", "import", bomb(t))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	pid := awaitChild(t, dir, true)
	if environ, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid)); err != nil || len(environ) > 0 {
		t.Errorf("the environment of the worker is %q, %v", environ, err)
	}
	limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", pid))
	for range 100 { // until it has confined itself
		if err != nil || strings.Contains(string(limits), "Max data size             1073741824") {
			break
		}
		time.Sleep(10 * time.Millisecond)
		limits, err = os.ReadFile(fmt.Sprintf("/proc/%d/limits", pid))
	}
	if !strings.Contains(string(limits), "Max data size             1073741824") {
		t.Errorf("%v\n%s", err, limits)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	awaitChild(t, dir, false)
}

func TestChildThatCrashesIsAFaultOfItsFile(t *testing.T) {
	if _, err := os.Stat("/proc/self/environ"); err != nil {
		t.Skip("there is no /proc to look at processes")
	}
	p := newProgram(t)
	cmd := p.command("dataset", "import", "--json", bomb(t))
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(awaitChild(t, filepath.Join(p.dir, "data"), true), syscall.SIGABRT); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "it could not be read: its reader broke off (exit status 2): SIGABRT: abort") {
		t.Errorf("%s", out.String())
	}
}

func TestWorkerIsStartedByTheProgramOnly(t *testing.T) {
	p := newProgram(t)
	if u, err := p.try("worker", "parse"); err == nil || !strings.Contains(u.out, "only the program itself") {
		t.Errorf("%v: %s", err, u.out)
	}
}

func TestImportedGoesThroughTheLineOfAWorker(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.csv")
	if err := os.WriteFile(path, []byte("id,amount,day\nx,1.5,2024-01-02\ny,2.25,\n,,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	job := stored(t, path)
	here, err := job.Run(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var last parseLine
	c := child{args: []string{"parse"}, job: job, memory: 1 << 30, time: time.Minute, line: func(line []byte) error {
		last = parseLine{}
		return json.Unmarshal(line, &last)
	}}
	if err := c.run(t.Context(), job.Dir); err != nil {
		t.Fatal(err)
	}
	want, err1 := json.Marshal(here)
	got, err2 := json.Marshal(last.Imported)
	if err1 != nil || err2 != nil || !bytes.Equal(want, got) {
		t.Errorf("%s\nis not\n%s\n%v %v", got, want, err1, err2)
	}
}
