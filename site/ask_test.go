package site

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site/limit"
	"github.com/openshafaf/shafaf/site/proof"
)

const askPath = "/en/datasets/population-of-provinces/ask"

// A visitor fills in the form of a dataset.
type visitor struct {
	*portal
	ticket, nonce string
}

func newVisitor(t *testing.T) *visitor {
	t.Helper()
	v := &visitor{portal: newPortal(t, true)}
	v.Limits = Limits{BudgetQuestions: limit.New(limit.Options{Units: 8, Per: time.Hour, Now: v.Now})}
	v.open(askPath)
	return v
}

var (
	ticketIn = regexp.MustCompile(`name="ticket" value="([^"]+)"`)
	seedIn   = regexp.MustCompile(`data-seed="([^"]+)"`)
)

// open asks for the form and solves its puzzle.
func (v *visitor) open(path string) {
	v.t.Helper()
	_, body := v.get(path)
	v.ticket = ticketIn.FindStringSubmatch(body)[1]
	v.nonce = proof.Solve(seedIn.FindStringSubmatch(body)[1], proof.Bits)
}

// send posts the form with fields that are not as usual.
func (v *visitor) send(path string, fields ...string) (status int, location, body string) {
	v.t.Helper()
	form := url.Values{"kind": {"problem"}, "text": {"Row 3 is empty."}, "ticket": {v.ticket}, "nonce": {v.nonce}, "do": {"send"}}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", formType)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	resp, err := v.app.Test(req, -1)
	must(v.t, err)
	b, err := io.ReadAll(resp.Body)
	must(v.t, err)
	return resp.StatusCode, resp.Header.Get("Location"), string(b)
}

func TestAskingLeadsToAReceipt(t *testing.T) {
	v := newVisitor(t)
	status, _, body := v.send(askPath, "do", "look", "text", "<b>Row</b> 3\u202e is\x00 empty.")
	if status != http.StatusOK || !strings.Contains(body, "&lt;b&gt;Row&lt;/b&gt; 3 is empty.") || !strings.Contains(body, "were taken out") || !strings.Contains(body, `value="send"`) {
		t.Fatalf("the preview: %d %s", status, body)
	}
	status, to, body := v.send(askPath, "name", "Sara", "email", "sara@example.org")
	if status != http.StatusSeeOther || !strings.HasPrefix(to, "/en/receipt/") {
		t.Fatalf("%d to %q: %s", status, to, body)
	}
	if status, again, _ := v.send(askPath, "name", "Sara", "email", "sara@example.org"); status != http.StatusSeeOther || again != to {
		t.Errorf("a double click: %d to %q, want %q", status, again, to)
	}
	resp, body := v.get(to)
	if resp.StatusCode != http.StatusOK || !strings.Contains(body, "Row 3 is empty.") || !strings.Contains(body, "noindex") || strings.Contains(body, "sara@example.org") {
		t.Errorf("the receipt: %d %s", resp.StatusCode, body)
	}
	if resp.Header.Get("Referrer-Policy") != "no-referrer" || resp.Header.Get("Cache-Control") != CacheNever {
		t.Errorf("the receipt is sent with %v", resp.Header)
	}
	if _, body := v.get("/api/v1/datasets/population-of-provinces/questions"); strings.Contains(body, "Row 3") || !strings.Contains(body, `"waiting":1`) {
		t.Errorf("before anybody looked at it: %s", body)
	}
	mails, err := v.Catalog.Outbox(t.Context(), "", 10)
	if err != nil || len(mails) != 1 || mails[0].Kind != catalog.MailConfirm || mails[0].To != "sara@example.org" {
		t.Fatalf("%+v, %v", mails, err)
	}
	link := "/en" + mails[0].Data.Path
	if resp, _ := v.get(link[:len(link)-1]); resp.StatusCode != http.StatusNotFound {
		t.Errorf("a link that was cut answers %d", resp.StatusCode)
	}
	if status, _, body := v.send(link, "do", "mine"); status != http.StatusOK || !strings.Contains(body, "Thank you") {
		t.Errorf("confirming: %d %s", status, body)
	}
	if _, body := v.get(to); !strings.Contains(body, "You will get an e-mail") {
		t.Errorf("after that the receipt says %s", body)
	}
	code := strings.ToLower(strings.TrimPrefix(to, "/en/receipt/"))
	if status, found, _ := v.send("/en/receipt", "code", code); status != http.StatusSeeOther || strings.ReplaceAll(found, "-", "") != strings.ReplaceAll(to, "-", "") {
		t.Errorf("the code leads with %d to %q", status, found)
	}
	if status, _, _ := v.send(to); status != http.StatusUnprocessableEntity {
		t.Errorf("it is withdrawn by a form that nobody ticked: %d", status)
	}
	v.send(to, "sure", "1")
	if _, body := v.get(to); strings.Contains(body, "Row 3") || !strings.Contains(body, "You took it back") {
		t.Errorf("a withdrawn question: %s", body)
	}
}

func TestBadQuestionsAreRefusedInASentence(t *testing.T) {
	v := newVisitor(t)
	for what, c := range map[string]struct {
		status int
		says   string
		fields []string
	}{
		"empty":         {422, "Write your question", []string{"text", ""}},
		"blank":         {422, "Write your question", []string{"text", " \u200c\u200f\u00a0\n\t"}},
		"too long":      {422, "20,001 characters", []string{"text", strings.Repeat("ب", 20_001)}},
		"of no kind":    {422, "Say what it is", []string{"kind", "rant"}},
		"wrong address": {422, "no e-mail address", []string{"email", "sara at example"}},
		"header in it":  {422, "no e-mail address", []string{"email", "a@example.org\r\nBcc: b@example.org"}},
		"trapped":       {422, "people do not see", []string{"website", "https://spam.example"}},
		"forged":        {422, "open for too long", []string{"ticket", strings.Repeat("A", 76)}},
		"unsolved":      {429, "20 seconds", []string{"nonce", ""}},
		"wrongly":       {429, "20 seconds", []string{"nonce", "12"}},
	} {
		status, _, body := v.send(askPath, c.fields...)
		if status != c.status || !strings.Contains(body, c.says) {
			t.Errorf("%s: %d, without %q", what, status, c.says)
		}
		if kept := c.fields[0] == "text" || strings.Contains(body, "Row 3 is empty."); !kept {
			t.Errorf("%s: what was typed is lost", what)
		}
	}
	if status, _, _ := v.send(askPath, "text", strings.Repeat("ب", 20_000)); status != http.StatusSeeOther {
		t.Errorf("the longest question: %d", status)
	}
	if status, _, body := v.send(askPath, "text", "Another text."); status != http.StatusConflict || !strings.Contains(body, "Another text.") {
		t.Errorf("another text under the same key: %d %s", status, body)
	}
}

func TestBudgetOfQuestionsEnds(t *testing.T) {
	v := newVisitor(t)
	for n := range 8 {
		if status, _, body := v.send(askPath, "text", "Row 3 is empty."); status != http.StatusSeeOther {
			t.Fatalf("question %d: %d %s", n+1, status, body)
		}
		v.open(askPath)
	}
	status, _, body := v.send(askPath)
	if status != http.StatusTooManyRequests || !strings.Contains(body, "Row 3 is empty.") || !strings.Contains(body, "Many forms") {
		t.Errorf("over the budget: %d %s", status, body)
	}
}

func TestQuestionAboutARemovedDatasetGoesToItsAgency(t *testing.T) {
	v := newVisitor(t)
	const path = "/en/datasets/minutes-of-meetings/ask"
	v.open(path)
	must(t, v.Catalog.Write(t.Context(), func(tx *catalog.Tx) error {
		_, err := tx.Retire(&catalog.Shell, "minutes-of-meetings", catalog.AnyRevision, "They were nobody's.")
		return err
	}))
	status, _, body := v.send(path)
	if status != http.StatusGone || !strings.Contains(body, "Row 3 is empty.") || !strings.Contains(body, `action="/en/agencies/city-of-gold/ask"`) {
		t.Fatalf("%d %s", status, body)
	}
	if status, to, _ := v.send("/en/agencies/city-of-gold/ask"); status != http.StatusSeeOther {
		t.Errorf("the same form to the agency: %d %q", status, to)
	}
}
