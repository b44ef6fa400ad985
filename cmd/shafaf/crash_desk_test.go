package main

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/accounts"

	"github.com/pquerna/otp/totp"
)

// deskSession lets a publisher of the agency in, and returns the cookie.
func (p *program) deskSession(agency string) (cookie string) {
	p.t.Helper()
	p.inside(func(e *env, q *portal, a *accounts.Accounts) error {
		office, err := q.store.Agency(e.ctx, agency)
		if err != nil {
			return err
		}
		const email = "desk@example.org"
		_, link, err := a.Invite(e.ctx, &catalog.Shell, accounts.Invitation{Email: email, Agency: office.ID, Role: catalog.Publisher})
		if err != nil {
			return err
		}
		factor, err := a.Factor(e.ctx, link, "Shafaf")
		if err != nil {
			return err
		}
		first, err1 := totp.GenerateCode(factor.Secret, e.now())
		second, err2 := totp.GenerateCode(factor.Secret, e.now().Add(30*time.Second))
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		if _, err := a.Join(e.ctx, link, accounts.Joining{Name: "desk", Password: staffPassword, Code: first}); err != nil {
			return err
		}
		_, cookie, err = a.SignIn(e.ctx, accounts.SignIn{Email: email, Password: staffPassword, Code: second})
		return err
	})
	return cookie
}

// sendForm gives a dataset a file by the form of the desk, and reports whether
// that was acknowledged.
func sendForm(t *testing.T, base, cookie, dataset string, file []byte) bool {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "t.csv")
	if err != nil {
		t.Error(err)
		return false
	}
	_, _ = part.Write(file) // into memory
	_ = form.Close()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/en/desk/datasets/"+dataset+"/file", &body)
	if err != nil {
		t.Error(err)
		return false
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.Header.Set("Origin", base)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.AddCookie(&http.Cookie{Name: "__Host-shafaf", Value: cookie})
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusSeeOther {
		t.Errorf("the form is answered %d", resp.StatusCode)
	}
	return resp.StatusCode == http.StatusSeeOther
}

// However the server is killed while a file comes by the form of the desk and is
// read, the file is there whole or not at all, one that was acknowledged is
// there, and nothing temporary stays. It is done as often as SHAFAF_CRASH_ROUNDS
// says.
func TestKilledWhileTheDeskTakesAFile(t *testing.T) {
	t.Parallel()
	const rows = 200_000
	p, file, n := newProgram(t), crashCSV(rows), 3
	if os.Getenv("SHAFAF_CRASH_ROUNDS") != "" {
		n = rounds(t)
	}
	s := p.employ("office", catalog.Publisher)
	cookie, count := p.deskSession("office"), map[string]int{}
	base, cmd := p.serve()
	within := []time.Duration{30 * time.Millisecond, 300 * time.Millisecond, 2 * time.Second} // it arrives, is read, is there
	for i := range n {
		d := call(t, "POST", base+"/api/v1/datasets", s.tokens["publisher"], `{"agency":"office","title":{"en":"By hand"}}`).want(t, "create", 201).dataset(t)
		acked := make(chan bool, 1)
		go func() { acked <- sendForm(t, base, cookie, d.ID, file) }()
		time.Sleep(time.Duration(rand.Int64N(int64(within[i%len(within)]))))
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		done := <-acked
		grow(t, filepath.Join(p.data(), "tmp"))
		base, cmd = p.serve()
		count[p.tookForm(base, s.tokens["publisher"], d.ID, done, rows)]++
	}
	t.Logf("of %d uploads that were killed: %v", n, count)
}

// grow makes temporary files as old as those that a start cleans away.
func grow(t *testing.T, tmp string) {
	t.Helper()
	old := time.Now().Add(-25 * time.Hour)
	left, err := os.ReadDir(tmp)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range left {
		if err := os.Chtimes(filepath.Join(tmp, f.Name()), old, old); err != nil {
			t.Fatal(err)
		}
	}
}

// tookForm waits until what came of a file by the form is settled, and says what
// that is.
func (p *program) tookForm(base, token, dataset string, acked bool, rows int64) string {
	p.t.Helper()
	is := "nothing kept"
	p.eventually(func() bool {
		d := call(p.t, "GET", base+"/api/v1/datasets/"+dataset, token, nil).want(p.t, "read", 200).dataset(p.t)
		if len(d.Resources) == 0 {
			return !acked && !p.reads(dataset)
		}
		if r := d.Resources[0]; len(d.Resources) != 1 || r.Pending == nil || len(r.Pending.Tables) != 1 || r.Pending.Tables[0].Rows != rows {
			p.t.Fatalf("half of the file is there: %+v", d)
		}
		is = "kept and read, not acknowledged"
		if acked {
			is = "acknowledged and read"
		}
		return true
	})
	p.eventually(func() bool {
		left, err := os.ReadDir(filepath.Join(p.data(), "tmp"))
		return err == nil && len(left) == 0
	})
	return is
}

// reads reports whether a file of the dataset waits to be read.
func (p *program) reads(dataset string) (waits bool) {
	p.inside(func(e *env, q *portal, _ *accounts.Accounts) error {
		all, err := q.store.Uploads(e.ctx, dataset)
		waits = len(all) > 0
		return err
	})
	return waits
}
