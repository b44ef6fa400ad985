package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog/accounts"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/site/proof"
)

// crashComments is how many comments are posted in a round.
const crashComments = 4

// commentStep is somebody who comments in a browser, one comment after the
// other. Who was cut off sends the same form again.
func commentStep() crashStep {
	return crashStep{
		name: "commenting", ready: draftReady, args: words("serve --addr 127.0.0.1:0"), drive: comments,
		half:  func(p *program, _ *stopped) error { return commentsAre(p, 0) },
		whole: func(p *program, _ string) error { return commentsAre(p, crashComments) },
	}
}

func draftReady(p *program) {
	s, _, d := openDraft(p.t, p.data())
	write(p.t, filepath.Join(p.dir, "draft"), d.Slug)
	if err := s.Close(); err != nil {
		p.t.Fatal(err)
	}
}

// comments posts the comments to the server at base, and notes the receipt of
// each.
func comments(p *program, base string) error {
	slug, err := os.ReadFile(filepath.Join(p.dir, "draft"))
	if err != nil {
		return err
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for i := range crashComments {
		form, err := filledForm(p, base+"/api/v1/drafts/"+string(slug)+"/comment", i)
		if err != nil {
			return err
		}
		req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, base+"/en/drafts/"+string(slug)+"/comment", strings.NewReader(form.Encode()))
		if err != nil {
			return err
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
		resp, err := client.Do(req)
		if err != nil {
			return err
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusSeeOther {
			return fmt.Errorf("comment %d: %d", i, resp.StatusCode)
		}
		if err := os.WriteFile(filepath.Join(p.dir, fmt.Sprint("receipt", i)), []byte(path.Base(resp.Header.Get("Location"))), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// filledForm is the i-th form, which is asked for once.
func filledForm(p *program, from string, i int) (form url.Values, err error) {
	name := filepath.Join(p.dir, fmt.Sprint("form", i))
	kept, err := os.ReadFile(name)
	if err == nil {
		return url.ParseQuery(string(kept))
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	b, err := asked(from)
	if err != nil {
		return nil, err
	}
	var ticket struct {
		Ticket, Seed string
		Bits         int
	}
	if err := json.Unmarshal(b, &ticket); err != nil {
		return nil, err
	}
	form = url.Values{
		"kind": {consultation.Change}, "text": {fmt.Sprintf("Comment %d.", i)}, "do": {"send"},
		"ticket": {ticket.Ticket}, "nonce": {proof.Solve(ticket.Seed, ticket.Bits)},
	}
	return form, os.WriteFile(name, []byte(form.Encode()), 0o600)
}

// commentsAre says what was acknowledged and is not there, what is there twice,
// and whether there are fewer than least.
func commentsAre(p *program, least int) (fault error) {
	if _, err := os.Stat(filepath.Join(p.data(), "catalog.db")); err != nil {
		return nil
	}
	p.inside(func(e *env, q *portal, _ *accounts.Accounts) error {
		c := consultation.New(q.store)
		drafts, _, err := c.Drafts(e.ctx, consultation.DraftFilter{})
		if err != nil || len(drafts) != 1 {
			fault = fmt.Errorf("%d drafts: %w", len(drafts), errors.Join(err))
			return nil
		}
		all, total, err := c.Comments(e.ctx, consultation.CommentFilter{Draft: drafts[0].ID, Limit: 100})
		times := map[string]int{}
		for i := range all {
			times[all[i].Text]++
		}
		if err != nil || int(total) != len(all) || len(times) != len(all) || len(all) < least {
			fault = fmt.Errorf("%d of %d comments, %v: %w", len(all), total, times, errors.Join(err))
		}
		for i := range crashComments {
			receipt, err := os.ReadFile(filepath.Join(p.dir, fmt.Sprint("receipt", i)))
			if err != nil {
				continue
			}
			hash, _ := proof.CodeHash(string(receipt))
			if own, err := c.CommentByReceipt(e.ctx, hash); err != nil || own.Text != fmt.Sprintf("Comment %d.", i) {
				fault = errors.Join(fault, fmt.Errorf("comment %d was acknowledged: %+v %w", i, own, errors.Join(err)))
			}
		}
		return nil
	})
	return fault
}

// However the server is killed while somebody comments, what was acknowledged is
// there, and the same forms sent again make no second comment. It is done as
// often as SHAFAF_CRASH_ROUNDS says, and by TestCrash in further ways;
// TestCrashComments does it to a crowd.
func TestKilledWhileCommenting(t *testing.T) {
	n, step, count := rounds(t), commentStep(), tally{}
	x := newTrial(t, &step)
	for i := range n {
		roundDir(t, func(dir string) { count.add("killed at a moment", killAtMoment(x, i, dir), 1) })
	}
	t.Log(count)
}
