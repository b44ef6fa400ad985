package harvesters_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/harvesters"
)

// A fakeAPI answers requests by a function, and remembers who asked what.
type fakeAPI struct {
	*httptest.Server
	mu   sync.Mutex
	asks []string
	keys map[string]bool
}

func newFakeAPI(t *testing.T, answer func(r *http.Request) any) *fakeAPI {
	t.Helper()
	f := &fakeAPI{keys: map[string]bool{}}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		f.asks = append(f.asks, r.URL.Path+"?"+r.URL.RawQuery)
		f.keys[r.Header.Get("X-Api-Key")] = true
		f.mu.Unlock()
		v := answer(r)
		if v == nil {
			http.NotFound(w, r)
			return
		}
		if s, ok := v.(string); ok {
			_, _ = fmt.Fprint(w, s)
			return
		}
		_ = json.NewEncoder(w).Encode(v)
	}))
	t.Cleanup(f.Close)
	return f
}

type fields = map[string]any

// fakeDocuments answers like regulations.gov with n documents, each of a docket
// of its own and with one comment.
func fakeDocuments(n int) func(r *http.Request) any {
	changed := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	at := func(i int) string { return changed.Add(time.Duration(i) * time.Hour).Format(time.RFC3339) }
	document := func(i int) fields {
		return fields{"id": fmt.Sprintf("D-%d-1", i), "type": "documents", "attributes": fields{
			"docketId": fmt.Sprintf("D-%d", i), "title": fmt.Sprintf("Document %d", i), "documentType": "Proposed Rule", "objectId": fmt.Sprintf("o%d", i),
			"postedDate": "2026-01-01T05:00:00Z", "commentEndDate": "2027-01-01T05:00:00Z", "lastModifiedDate": at(i),
		}}
	}
	list := func(r *http.Request) any {
		q := r.URL.Query()
		from := 0
		if since := q.Get("filter[lastModifiedDate][ge]"); since != "" {
			loc, _ := time.LoadLocation("America/New_York")
			moment, err := time.ParseInLocation(time.DateTime, since, loc)
			for err == nil && from < n && at(from) < moment.UTC().Format(time.RFC3339) {
				from++
			}
		}
		size, _ := strconv.Atoi(q.Get("page[size]"))
		page, _ := strconv.Atoi(q.Get("page[number]"))
		start := min(n, from+(page-1)*size)
		all := []any{}
		for i := start; i < min(n, start+size); i++ {
			all = append(all, document(i))
		}
		return fields{"data": all, "meta": fields{"totalElements": n - from, "hasNextPage": start+size < n}}
	}
	return func(r *http.Request) any {
		what, id, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/v4/"), "/")
		var i int
		switch {
		case what == "documents" && id == "":
			return list(r)
		case what == "comments" && id == "":
			on := strings.TrimPrefix(r.URL.Query().Get("filter[commentOnId]"), "o")
			return fields{"data": []any{fields{"id": "D-" + on + "-2", "type": "comments", "attributes": fields{"lastModifiedDate": at(0)}}}, "meta": fields{"totalElements": 1}}
		case what == "dockets":
			if id == "D-1" { // this one has none
				return nil
			}
			return fields{"data": fields{"id": id, "type": "dockets", "attributes": fields{"title": "Docket " + id, "agencyId": "OOQ"}}}
		case what == "documents":
			_, _ = fmt.Sscanf(id, "D-%d-1", &i)
			return fields{"data": document(i)}
		}
		return fields{"data": fields{"id": id, "type": "comments", "attributes": fields{"comment": "I say " + id, "postedDate": "2026-01-05T05:00:00Z"}}}
	}
}

func TestRegulationsThroughTheirAPI(t *testing.T) {
	api := newFakeAPI(t, fakeDocuments(3))
	d := newDeps(t)
	d.Dir = t.TempDir()
	src := addSource(t, d, "regulationsgov", api.URL)
	run := harvest(t, d, src)
	if run.State != catalog.RunComplete || run.Counts.New != 6 {
		t.Fatalf("%s %+v %q", run.State, run.Counts, run.Reason)
	}
	if titles := one[string](t, d, "select group_concat(title ->> 'en', ', ' order by identifier) from drafts"); titles != "Docket D-0, Document 1, Docket D-2" {
		t.Errorf("the drafts are %s", titles)
	}
	if n := one[int64](t, d, "select count(*) from comments c join drafts d on d.id = c.draft where c.identifier = d.identifier || '-2'"); n != 3 {
		t.Errorf("%d comments stand at their drafts, want 3", n)
	}
	if !api.keys["DEMO_KEY"] || len(api.keys) != 1 {
		t.Errorf("the keys are %v", api.keys)
	}
	if asked := strings.Join(api.asks, "\n"); !strings.Contains(asked, "withinCommentPeriod") {
		t.Errorf("without a query what is open now is asked for: %s", asked)
	}
	writeFile(t, filepath.Join(d.Dir, "keys", "127.0.0.1.key"), " secret \n")
	clear(api.keys)
	if run := harvest(t, d, src); run.Counts.Unchanged != 6 || !api.keys["secret"] || len(api.keys) != 1 {
		t.Errorf("%+v, keys %v", run.Counts, api.keys)
	}
}

func TestRegulationsBeyondTheWindowOfTheAPI(t *testing.T) {
	const n = 5100 // 20 pages of 250 are 5,000
	documents := fakeDocuments(n)
	api := newFakeAPI(t, func(r *http.Request) any {
		if path := strings.TrimPrefix(r.URL.Path, "/v4/"); path == "documents" {
			return documents(r)
		}
		if r.URL.Path == "/v4/comments" {
			return fields{"data": []any{}, "meta": fields{"totalElements": 0}}
		}
		return nil // the stubs have to do
	})
	d := newDeps(t)
	run := harvest(t, d, addSource(t, d, "regulationsgov", api.URL+"/v4/documents?filter[agencyId]=OOQ"))
	if run.State != catalog.RunComplete || run.Counts.New != n {
		t.Errorf("%s %+v %q", run.State, run.Counts, run.Reason)
	}
}

func TestTheKeyGoesToItsHostAlone(t *testing.T) {
	other := newFakeAPI(t, func(*http.Request) any { return fields{"data": []any{}, "meta": fields{"totalElements": 0}} })
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, strings.Replace(other.URL, "127.0.0.1", "localhost", 1)+r.URL.RequestURI(), http.StatusFound)
	}))
	defer api.Close()
	d := newDeps(t)
	harvest(t, d, addSource(t, d, "regulationsgov", api.URL))
	if other.keys["DEMO_KEY"] {
		t.Errorf("another host was given the key: %v", other.keys)
	}
}

func TestFederalRegisterMonthByMonth(t *testing.T) {
	const perMonth = 5
	api := newFakeAPI(t, func(r *http.Request) any {
		q := r.URL.Query()
		from, to := q.Get("conditions[publication_date][gte]"), q.Get("conditions[publication_date][lte]")
		if to[:7] != from[:7] {
			return fields{"count": 10_000, "results": []any{fields{"document_number": "cut", "title": "cut"}}, "next_page_url": "x"}
		}
		page := 1
		if p, err := strconv.Atoi(q.Get("page")); err == nil {
			page = p
		}
		answer := fields{"count": perMonth, "results": []any{}}
		var all []any
		for i := range perMonth {
			all = append(all, fields{"document_number": fmt.Sprintf("%s-%d", from[:7], i), "title": "Of " + from[:7], "type": "Proposed Rule", "publication_date": from})
		}
		if page == 1 {
			answer["results"] = all[:3]
			answer["next_page_url"] = "http://" + r.Host + r.URL.Path + "?" + r.URL.RawQuery + "&page=2"
		} else {
			answer["results"] = all[3:]
		}
		return answer
	})
	d := newDeps(t)
	src := addSource(t, d, "federalregister", api.URL+"?conditions[publication_date][gte]=2026-01-15&conditions[publication_date][lte]=2026-04-10")
	run := harvest(t, d, src)
	if run.State != catalog.RunComplete || run.Counts.New != 4*perMonth || run.Counts.Declared != 4*perMonth {
		t.Errorf("%s %+v %q", run.State, run.Counts, run.Reason)
	}
}

func TestFeedIsAWindow(t *testing.T) {
	entry := func(i int) string {
		return fmt.Sprintf("<entry><id>e-%d</id><title>Entry %d</title><updated>2026-01-01T00:00:00Z</updated></entry>", i, i)
	}
	newest, gone := 12, ""
	api := newFakeAPI(t, func(r *http.Request) any {
		var b strings.Builder
		b.WriteString(`<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"><title>x</title>`)
		switch page := r.URL.Query().Get("page"); page {
		case "":
			b.WriteString(`<link rel="next" href="?page=2"/>` + gone + entry(newest) + entry(newest-1))
		case "2":
			b.WriteString(entry(newest-1) + entry(newest-2))
		}
		return b.String() + "</feed>"
	})
	d := newDeps(t)
	src := addSource(t, d, "feed", api.URL)
	if run := harvest(t, d, src); run.State != catalog.RunComplete || run.Counts.New != 3 {
		t.Fatalf("%s %+v %q", run.State, run.Counts, run.Reason)
	}
	newest = 100
	for range 3 {
		if run := harvest(t, d, src); run.State != catalog.RunComplete || run.Counts.Missing+run.Counts.Retired != 0 {
			t.Errorf("%s %+v %q: what left the feed is not gone", run.State, run.Counts, run.Reason)
		}
	}
	if n := one[int64](t, d, "select count(*) from drafts where state = 'published' and missing = ''"); n != 6 {
		t.Errorf("%d drafts, want 6", n)
	}
	gone = `<at:deleted-entry ref="e-12" when="2026-02-01T00:00:00Z"/>`
	if run := harvest(t, d, src); run.State != catalog.RunComplete || run.Counts.Retired != 1 {
		t.Errorf("%s %+v %q: the feed says that one is gone", run.State, run.Counts, run.Reason)
	}
	if state := one[string](t, d, "select state from drafts where identifier = 'e-12'"); state != catalog.Retired {
		t.Errorf("it is %s", state)
	}
}

func TestBadFeedsAndLawsSaySo(t *testing.T) {
	for _, c := range []struct{ kind, name, content, want string }{
		{"feed", "f.xml", "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>", "broken"},
		{"feed", "f.xml", "<!doctype html><html></html>", "web page"},
		{"feed", "f.xml", "<note/>", "no feed"},
		{"feed", "f.xml", "   ", "empty"},
		{"feed", "f.xml", `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel><item><title>&b;</title><link>http://x.test/1</link></item></channel></rss>`, ""},
		{"federalregister", "f.json", `{"count": 3}`, "no list"},
		{"federalregister", "f.json", `{"count": 3, "results": [`, "ends in the middle"},
		{"regulationsgov", "f.json", `{"x": 1}`, `no "data"`},
		{"regulationsgov", "f.json", `{"data": {"id"`, "ends in the middle"},
		{"regulationsgov", "f.zip", "PK\x03\x04 no", "no ZIP"},
		{"akn", "f.xml", "<akomaNtoso><bill>", "broken"},
	} {
		d := newDeps(t)
		run := harvest(t, d, addSource(t, d, c.kind, writeFile(t, c.name, c.content)))
		all := []string{run.Reason}
		for _, f := range faultsOf(t, d, run) {
			all = append(all, f.Text)
		}
		said := strings.Join(all, " / ")
		if !strings.Contains(said, c.want) {
			t.Errorf("%s %q: %s %q, want %q", c.kind, c.content, run.State, said, c.want)
		}
	}
}

func TestTrialOfDraftsWritesNothing(t *testing.T) {
	k := newDocket(t)
	setFile(t, filepath.Join(k.root, "D-1-1_attachment_1.txt"), "A paper.")
	run, err := harvesters.Run(t.Context(), k.deps, k.src, harvesters.RunOptions{DryRun: true})
	if err != nil || run.State != catalog.RunComplete || run.Counts.New != 9 {
		t.Fatalf("%s %+v, %v", run.State, run.Counts, err)
	}
	if n := one[int64](t, k.deps, "select (select count(*) from drafts) + (select count(*) from comments)"); n != 0 {
		t.Errorf("%d rows were written", n)
	}
	for _, err := range k.deps.Files.Digests(false) {
		t.Errorf("a file was kept, %v", err)
	}
	plan, err := k.deps.Store.Plan(t.Context(), run.ID, catalog.DoesAdd, 0, 100)
	if err != nil || len(plan) != 9 || plan[0].Title["en"] != "Quiet hours" {
		t.Errorf("the plan is %+v, %v", plan, err)
	}
	if _, err := os.Stat(filepath.Join(k.root, "D-1-1_attachment_1.txt")); err != nil {
		t.Error(err)
	}
}
