package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/accounts"
)

// publishStep is a program that makes a dataset, gives it a file and publishes
// it, and then a new edition. Each request has a key, so that a program which
// was cut off asks the same again.
func publishStep() crashStep {
	return crashStep{
		name: "publishing by a program", ready: publisherReady, args: words("serve --addr 127.0.0.1:0"), drive: publishes, says: "published",
		half: publishedIsWhole, whole: func(p *program, _ string) error { return publishedHas(p, crashTable+1) },
	}
}

const (
	tokenFile = "token"
	ackedFile = "acked"
)

func publisherReady(p *program) {
	s := p.employ("office", catalog.Publisher)
	write(p.t, filepath.Join(p.dir, tokenFile), s.tokens["publisher"])
}

// crashCSV is a file with n rows.
func crashCSV(n int) []byte {
	var b bytes.Buffer
	b.WriteString("n,name\n")
	for i := range n {
		fmt.Fprintf(&b, "%d,نام %d\n", i, i%50)
	}
	return b.Bytes()
}

// publishes does the step at the address of a server, and notes after each
// answer what was acknowledged.
func publishes(p *program, base string) error {
	token, err := os.ReadFile(filepath.Join(p.dir, tokenFile))
	if err != nil {
		return err
	}
	d, tag := crashDataset{}, ""
	ask := func(name, method, path string, body []byte) error {
		req, err := http.NewRequestWithContext(p.t.Context(), method, base+"/api/v1"+path, bytes.NewReader(body))
		if err != nil {
			return err
		}
		req.Header.Set("Authorization", "Bearer "+string(token))
		req.Header.Set("Idempotency-Key", name)
		if tag != "" {
			req.Header.Set("If-Match", tag)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		answer, err := io.ReadAll(resp.Body)
		if err != nil {
			return err
		}
		if resp.StatusCode > 201 {
			return fmt.Errorf("%s: %d %s", name, resp.StatusCode, answer)
		}
		tag = resp.Header.Get("ETag")
		f, err := os.OpenFile(filepath.Join(p.dir, ackedFile), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(f, name)
		return errors.Join(err, f.Close(), json.Unmarshal(answer, &d))
	}
	if err := ask("create", "POST", "/datasets", []byte(`{"agency":"office","title":{"en":"Crash"}}`)); err != nil {
		return err
	}
	at := "/datasets/" + d.ID
	if err := ask("file", "POST", at+"/resources?name=t.csv", crashCSV(crashTable)); err != nil {
		return err
	}
	if err := ask("publish", "POST", at+"/publish", []byte("{}")); err != nil {
		return err
	}
	if err := ask("edition", "PUT", at+"/resources/"+d.Resources[0].ID+"/file?name=t.csv", crashCSV(crashTable+1)); err != nil {
		return err
	}
	return ask("again", "POST", at+"/publish", []byte("{}"))
}

type crashDataset struct {
	ID        string
	Resources []struct{ ID string }
}

// publishedIsWhole says what is half done, and what was acknowledged and is not
// there.
func publishedIsWhole(p *program, _ *stopped) (fault error) {
	if _, err := os.Stat(filepath.Join(p.data(), "catalog.db")); err != nil {
		return nil
	}
	acked, _ := os.ReadFile(filepath.Join(p.dir, ackedFile))
	has := func(name string) bool { return strings.Contains("\n"+string(acked), "\n"+name+"\n") }
	p.inside(func(e *env, q *portal, _ *accounts.Accounts) error {
		all, _, err := q.store.DeskDatasets(e.ctx, &catalog.Shell, catalog.DeskFilter{})
		if err != nil || len(all) > 1 || has("create") && len(all) != 1 {
			fault = fmt.Errorf("there are %d datasets: %w", len(all), err)
			return err
		}
		if len(all) == 0 {
			return nil
		}
		d, err := q.store.DeskDataset(e.ctx, &catalog.Shell, all[0].ID)
		if err != nil {
			return err
		}
		fault = crashState(&d, has)
		// What was cut off stays in the folder for temporary files, until it is old.
		if _, err := q.files.Clean(e.now().Add(25 * time.Hour)); err != nil {
			return err
		}
		left, err := os.ReadDir(filepath.Join(p.data(), "tmp"))
		if len(left) > 0 {
			fault = errors.Join(fault, fmt.Errorf("%d temporary files stay", len(left)))
		}
		return err
	})
	return fault
}

// crashState says where a dataset is between two of the states that it goes
// through, or behind the one that was acknowledged.
func crashState(d *catalog.DeskDataset, acked func(string) bool) error {
	rows, waiting := int64(-1), int64(-1)
	for i := range d.Resources {
		if e := d.Resources[i].Edition; e != nil && d.Resources[i].State == catalog.Published {
			rows = e.Rows
		}
	}
	for i := range d.Pending {
		waiting = d.Pending[i].Imported.Tables[0].Rows
	}
	states := []struct {
		name          string
		state         string
		resources     int
		rows, waiting int64
	}{
		{"create", catalog.Drafted, 0, -1, -1},
		{"file", catalog.Drafted, 1, -1, crashTable},
		{"publish", catalog.Published, 1, crashTable, -1},
		{"edition", catalog.Published, 1, crashTable, crashTable + 1},
		{"again", catalog.Published, 1, crashTable + 1, -1},
	}
	at := -1
	for i, s := range states {
		if d.State == s.state && len(d.Resources) == s.resources && rows == s.rows && waiting == s.waiting {
			at = i
		}
	}
	if at < 0 {
		return fmt.Errorf("half done: %s, %d resources, %d rows, %d waiting", d.State, len(d.Resources), rows, waiting)
	}
	for i, s := range states {
		if i > at && acked(s.name) {
			return fmt.Errorf("%s was acknowledged, and it is at %s", s.name, states[at].name)
		}
	}
	return nil
}

// publishedHas says what is not as it is to be when all was done.
func publishedHas(p *program, rows int64) (fault error) {
	p.inside(func(e *env, q *portal, _ *accounts.Accounts) error {
		d, err := q.store.Dataset(e.ctx, "crash")
		if err != nil || len(d.Tables()) != 1 || d.Tables()[0].Edition.Rows != rows {
			fault = fmt.Errorf("published is %+v: %w", d.Resources, err)
		}
		return nil
	})
	return fault
}

// However a program is cut off while it publishes, nothing is half done, what
// was acknowledged is there, and the same requests lead to the end. It is done as
// often as SHAFAF_CRASH_ROUNDS says, and by TestCrash in further ways.
func TestKilledWhilePublishing(t *testing.T) {
	t.Parallel()
	step := publishStep()
	x := newTrial(t, &step)
	count := tally{}
	n := 3
	if os.Getenv("SHAFAF_CRASH_ROUNDS") != "" {
		n = rounds(t)
	}
	for i := range n {
		roundDir(t, func(dir string) { count.add("killed at a moment", killAtMoment(x, i, dir), 1) })
	}
	t.Log(count)
}

// beginUpload sends the head of a request that gives a dataset a file of so many
// bytes.
func beginUpload(t *testing.T, base, dataset, token, name string, length int) net.Conn {
	t.Helper()
	address, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", address.Host)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "POST /api/v1/datasets/%s/resources?name=%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n", dataset, name, token, length)
	return conn
}

// A server that is killed while a file arrives keeps nothing of it.
func TestKilledWhileAFileArrives(t *testing.T) {
	p := newProgram(t)
	s := p.employ("office", catalog.Publisher)
	base, cmd := p.serve()
	d := call(t, "POST", base+"/api/v1/datasets", s.tokens["publisher"], `{"agency":"office","title":{"en":"Large"}}`).want(t, "create", 201).dataset(t)
	conn := beginUpload(t, base, d.ID, s.tokens["publisher"], "large.csv", 1000000000)
	defer conn.Close()
	if _, err := conn.Write(bytes.Repeat([]byte("1,2,3\n"), 1<<20)); err != nil {
		t.Fatal(err)
	}
	tmp := filepath.Join(p.data(), "tmp")
	p.eventually(func() bool {
		left, err := os.ReadDir(tmp)
		return err == nil && len(left) == 1
	})
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	old := time.Now().Add(-25 * time.Hour)
	left, err := os.ReadDir(tmp)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range left { // a day has gone by
		if err := os.Chtimes(filepath.Join(tmp, f.Name()), old, old); err != nil {
			t.Fatal(err)
		}
	}
	base, _ = p.serve()
	if d := call(t, "GET", base+"/api/v1/datasets/"+d.ID, s.tokens["publisher"], nil).want(t, "read", 200).dataset(t); len(d.Resources) != 0 || d.Revision != 1 {
		t.Errorf("of the file came %+v", d)
	}
	p.eventually(func() bool {
		left, err := os.ReadDir(tmp)
		return err == nil && len(left) == 0
	})
}

// A file that is cut while the server goes on is refused, and nothing stays.
func TestCutFileIsNotKept(t *testing.T) {
	p := newProgram(t)
	s := p.employ("office", catalog.Publisher)
	base, _ := p.serve()
	d := call(t, "POST", base+"/api/v1/datasets", s.tokens["publisher"], `{"agency":"office","title":{"en":"Cut"}}`).want(t, "create", 201).dataset(t)
	conn := beginUpload(t, base, d.ID, s.tokens["publisher"], "cut.csv", 5000000)
	_, _ = conn.Write(bytes.Repeat([]byte("1,2,3\n"), 500_000))
	tmp := filepath.Join(p.data(), "tmp")
	p.eventually(func() bool {
		left, err := os.ReadDir(tmp)
		return err == nil && len(left) == 1
	})
	_ = conn.Close()
	p.eventually(func() bool {
		left, err := os.ReadDir(tmp)
		return err == nil && len(left) == 0
	})
	if d := call(t, "GET", base+"/api/v1/datasets/"+d.ID, s.tokens["publisher"], nil).want(t, "read", 200).dataset(t); len(d.Resources) != 0 {
		t.Errorf("of the file came %+v", d)
	}
}
