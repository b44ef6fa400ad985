package ocds_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog/fiscal/ocds"
	"github.com/openshafaf/shafaf/datasets/jsonstream"
)

func decode(t *testing.T, text string) ocds.Object {
	t.Helper()
	o, err := ocds.Decode([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return o
}

func read(t *testing.T, text string) (ocds.Release, []ocds.Finding) {
	t.Helper()
	r, findings, err := ocds.Read(decode(t, text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return r, findings
}

func merged(t *testing.T, texts ...string) (string, ocds.Merged) {
	t.Helper()
	var all []ocds.Release
	for _, text := range texts {
		r, _ := read(t, text)
		all = append(all, r)
	}
	m := ocds.Merge(all)
	delete(m.Body, "ocid")
	b, err := ocds.Encode(m.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b), m
}

func TestReleasesAreMergedByTheRulesOfTheStandard(t *testing.T) {
	head := func(id, date, rest string) string {
		return `{"ocid": "ocds-a1b2c3-1", "id": "` + id + `", "date": "` + date + `", "tag": ["tender"], ` + rest + `}`
	}
	for name, c := range map[string]struct {
		want     string
		releases []string
	}{
		"by date, not as they came": {`{"tender":{"status":"late"}}`, []string{
			head("2", "2020-02-01T00:00:00Z", `"tender": {"status": "late"}`), head("1", "2020-01-01T00:00:00Z", `"tender": {"status": "early"}`),
		}},
		"of one date as they came": {`{"tender":{"status":"second"}}`, []string{
			head("b", "2020-01-01T00:00:00Z", `"tender": {"status": "first"}`), head("a", "2020-01-01T00:00:00Z", `"tender": {"status": "second"}`),
		}},
		"without a date before all others": {`{"tender":{"status":"dated"}}`, []string{
			head("1", "2020-01-01T00:00:00Z", `"tender": {"status": "dated"}`), head("2", "", `"tender": {"status": "undated"}`),
		}},
		"zones count": {`{"tender":{"status":"later"}}`, []string{
			head("1", "2020-01-01T05:00:00+03:30", `"tender": {"status": "earlier"}`), head("2", "2020-01-01T02:00:00Z", `"tender": {"status": "later"}`),
		}},
		"lists by id": {`{"awards":[{"id":"1","status":"active","value":{"amount":5}},{"id":2}]}`, []string{
			head("1", "2020-01-01T00:00:00Z", `"awards": [{"id": "1", "value": {"amount": 5}}]`),
			head("2", "2020-01-02T00:00:00Z", `"awards": [{"id": "1", "status": "active"}, {"id": 2}]`),
		}},
		"lists without ids as a whole": {`{"tender":{"submissionMethod":["b"],"tenderers":[{"name":"B"}]}}`, []string{
			head("1", "2020-01-01T00:00:00Z", `"tender": {"submissionMethod": ["a"], "tenderers": [{"name": "A"}]}`),
			head("2", "2020-01-02T00:00:00Z", `"tender": {"submissionMethod": ["b"], "tenderers": [{"name": "B"}]}`),
		}},
		"null takes back": {`{"tender":{"title":"T"}}`, []string{
			head("1", "2020-01-01T00:00:00Z", `"tender": {"title": "T", "description": "wrong"}`), head("2", "2020-01-02T00:00:00Z", `"tender": {"description": null}`),
		}},
		"an empty list takes nothing back": {`{"contracts":[{"id":"1"}]}`, []string{
			head("1", "2020-01-01T00:00:00Z", `"contracts": [{"id": "1"}]`), head("2", "2020-01-02T00:00:00Z", `"contracts": []`),
		}},
		"extensions stay": {`{"x_note":{"by":["me"]}}`, []string{head("1", "2020-01-01T00:00:00Z", `"x_note": {"by": ["me"]}`)}},
	} {
		t.Run(name, func(t *testing.T) {
			if got, _ := merged(t, c.releases...); got != c.want {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
		})
	}
}

// One release after the other comes to the same as all at once.
func TestMergingOneByOneIsMergingAll(t *testing.T) {
	texts := []string{
		`{"ocid": "o-1", "id": "1", "date": "2020-01-01T00:00:00Z", "tag": ["tender"], "tender": {"value": {"amount": 5, "currency": "EUR"}}}`,
		`{"ocid": "o-1", "id": "2", "date": "2020-01-02T00:00:00Z", "tag": ["award"], "awards": [{"id": 1, "value": {"amount": 4, "currency": "EUR"}}]}`,
		`{"ocid": "o-1", "id": "3", "date": "2020-01-03T00:00:00Z", "tag": ["awardUpdate"], "awards": [{"id": 1, "value": {"amount": 6}}]}`,
	}
	whole, all := merged(t, texts...)
	step := ocds.Merged{Body: ocds.Object{}}
	for _, text := range texts {
		r, _ := read(t, text)
		b, err := ocds.Encode(step.Body) // as it is kept between two harvests
		if err != nil {
			t.Fatal(err)
		}
		step.Body = decode(t, string(b))
		step.Add(&r)
	}
	delete(step.Body, "ocid")
	if b, err := ocds.Encode(step.Body); err != nil || string(b) != whole || !reflect.DeepEqual(step.Changes, all.Changes) {
		t.Errorf("%s and %s, %v", b, whole, err)
	}
	if want := []ocds.Change{{"3", "2020-01-03T00:00:00Z", "awards/1/value/amount", "4", "6"}}; !reflect.DeepEqual(all.Changes, want) {
		t.Errorf("changes %+v", all.Changes)
	}
}

func TestBadReleasesAreNamed(t *testing.T) {
	for text, want := range map[string]string{
		`{"id": "1"}`:                                                         "noocid",
		`{"ocid": "", "id": "1"}`:                                             "noocid",
		`{"ocid": {"a": 1}, "id": "1"}`:                                       "noocid",
		`{"ocid": "two words", "id": "1"}`:                                    "ocid",
		`{"ocid": "a\u202eb", "id": "1"}`:                                     "ocid",
		`{"ocid": "` + strings.Repeat("x", 201) + `", "id": "1"}`:             "ocid",
		`{"ocid": "ocds-a1b2c3-1", "id": "` + strings.Repeat("x", 501) + `"}`: "id",
	} {
		_, _, err := ocds.Read(decode(t, text))
		var e *ocds.IdentityError
		if !errors.As(err, &e) || e.Kind != want {
			t.Errorf("%.40s: %v, want %s", text, err, want)
		}
	}
	for text, want := range map[string]string{
		`"date": "2020-01-01T00:00:00"`: "date.zone date",
		`"date": "soon"`:                "date.none date",
		`"tag": []`:                     "date.missing date, tag.missing tag",
		`"date": "2020-01-01T00:00:00Z", "tender": {"value": {"amount": "12", "currency": "EUR"}}`:    "amount.text tender/value/amount",
		`"date": "2020-01-01T00:00:00Z", "tender": {"value": {"amount": "1,200", "currency": "EUR"}}`: "amount.unread tender/value/amount",
		`"date": "2020-01-01T00:00:00Z", "tender": {"value": {"amount": 12}}`:                         "amount.currency tender/value/amount",
		`"date": "2020-01-01T00:00:00Z", "tender": {"value": {"amount": 12, "currency": "euros"}}`:    "amount.currency.none tender/value/amount",
		`"date": "2020-01-01T00:00:00Z", "tender": {"value": {"amount": 1e30, "currency": "EUR"}}`:    "amount.large tender/value/amount",
		`"date": "2020-01-01T00:00:00Z", "tender": {"value": {"amount": 1.005, "currency": "EUR"}}`:   "amount.round tender/value/amount",
		`"date": "2020-01-01T00:00:00Z", "awards": {"id": 1}`:                                         "list.none awards",
		`"date": "2020-01-01T00:00:00Z", "tender": {"procurementMethod": "barter"}`:                   "method.unknown tender/procurementMethod",
	} {
		tag := `"tag": ["tender"], `
		if strings.Contains(text, `"tag"`) {
			tag = ""
		}
		_, findings := read(t, `{"ocid": "ocds-a1b2c3-1", "id": "1", `+tag+text+`}`)
		var got []string
		for _, f := range findings {
			got = append(got, f.Kind+" "+f.Field)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: %v, want %s", text, got, want)
		}
	}
}

func TestAmountsAreExact(t *testing.T) {
	for text, want := range map[string]int64{
		`{"amount": 0.1, "currency": "EUR"}`: 10, `{"amount": 12345678901.23, "currency": "eur"}`: 1234567890123, `{"amount": 84e9, "currency": "IRR"}`: 84_000_000_000,
		`{"amount": -1.5, "currency": "USD"}`: -150, `{"amount": "۱۲۳", "currency": "IRR"}`: 123, `{"amount": 1.5, "currency": "KWD"}`: 1500, `{"amount": 2.5, "currency": "IRR"}`: 3,
	} {
		if a, problem := ocds.Money(decode(t, text)); a == nil || a.Minor != want {
			t.Errorf("%s: %+v %s, want %d", text, a, problem, want)
		}
	}
	for _, text := range []string{`{"amount": null, "currency": "EUR"}`, `{"currency": "EUR"}`, `{"amount": "", "currency": "EUR"}`} {
		if a, problem := ocds.Money(decode(t, text)); a != nil || problem != "" {
			t.Errorf("%s: %+v %q", text, a, problem)
		}
	}
}

func TestEveryFormOfDocumentIsWalkedOver(t *testing.T) {
	release := `{"ocid": "ocds-a1b2c3-1", "id": "1"}`
	for name, c := range map[string]struct{ text, want string }{
		"a release":             {release, "0/1 ocds-a1b2c3-1"},
		"a package":             {`{"releases": [` + release + `], "publisher": {"name": "P"}}`, "0/1 ocds-a1b2c3-1"},
		"one for a list":        {`{"releases": ` + release + `}`, "0/1 ocds-a1b2c3-1"},
		"no list":               {`{"records": "none"}`, "0/1 broken"},
		"a list":                {`[` + release + `, {"releases": [` + release + `]}]`, "0/1 ocds-a1b2c3-1, 0/2 ocds-a1b2c3-1"},
		"lines":                 {release + "\n" + release + "\n", "0/1 ocds-a1b2c3-1, 0/2 ocds-a1b2c3-1"},
		"records":               {`{"records": [{"ocid": "o", "releases": [{"id": "1"}]}, {"ocid": "p", "compiledRelease": {"id": "c"}}]}`, "1/1 o, 2/1 p"},
		"a bare record":         {`{"compiledRelease": {"ocid": "o"}, "releases": [` + release + `]}`, "1/1 ocds-a1b2c3-1"},
		"a record with links":   {`{"records": [{"ocid": "o", "releases": [{"url": "https://a.test/1"}]}]}`, "1/1 link https://a.test/1"},
		"links and a compiled":  {`{"records": [{"ocid": "o", "releases": [{"url": "https://a.test/1"}], "compiledRelease": {"id": "c"}}]}`, "1/1 o"},
		"a record with nothing": {`{"records": [{"ocid": "o"}]}`, "1/1 broken"},
		"something else":        {`{"releases": [1, "two"]}`, "0/1 broken, 0/2 broken"},
	} {
		p, err := ocds.About(jsonstream.New(strings.NewReader(c.text)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var got []string
		err = ocds.Walk(jsonstream.New(strings.NewReader(c.text)), &p, func(it *ocds.Item) error {
			what := "broken"
			switch {
			case it.Link != "":
				what = "link " + it.Link
			case it.Body != nil:
				what, _ = it.Body["ocid"].(string)
			}
			got = append(got, string(rune('0'+it.Record))+"/"+string(rune('0'+it.Release))+" "+what)
			return nil
		})
		if err != nil || strings.Join(got, ", ") != c.want {
			t.Errorf("%s: %v %v, want %s", name, got, err, c.want)
		}
	}
}

// The compiled release of the standard's own example is what its releases make.
func TestTheExampleOfTheStandardIsMergedAsItSays(t *testing.T) {
	root := os.Getenv("SHAFAF_FILES")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	files, err := filepath.Glob(filepath.Join(root, "ocds", "fictional-1.1", "*.json"))
	if err != nil || len(files) == 0 {
		t.Skip("there are no real files: set SHAFAF_FILES to their folder")
	}
	var all []ocds.Release
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range decode(t, string(b))["releases"].([]any) {
			one, _, err := ocds.Read(r.(ocds.Object))
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, one)
		}
	}
	b, err := os.ReadFile(filepath.Join(root, "ocds", "fictional-1.1", "record", "ocds-213czf-000-00001.json"))
	if err != nil {
		t.Fatal(err)
	}
	record := decode(t, string(b))["records"].([]any)[0].(ocds.Object)
	got, want := ocds.Of(ocds.Merge(all).Body), ocds.Of(record["compiledRelease"].(ocds.Object))
	if !reflect.DeepEqual(got.Totals(), want.Totals()) || got.Stage != want.Stage || got.Title != want.Title || len(got.Contracts) != len(want.Contracts) {
		t.Errorf("%+v\n%+v", got.Totals(), want.Totals())
	}
	var names []string
	for _, part := range got.Parts {
		names = append(names, part.Role)
	}
	if !slices.Contains(names, ocds.RoleBuyer) || !slices.Contains(names, ocds.RoleSupplier) {
		t.Errorf("roles %v", names)
	}
}
