package site

import (
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

// What is hidden is answered as what is not there, with as many queries: its
// time tells nothing either.
func TestHiddenAndMissingTakeTheSameQueries(t *testing.T) {
	p := newPortal(t, true)
	agencies, err := p.Catalog.Agencies(t.Context())
	must(t, err)
	var hidden catalog.DeskDataset
	must(t, p.Catalog.Write(t.Context(), func(tx *catalog.Tx) (err error) {
		hidden, err = tx.CreateDataset(&catalog.Shell, catalog.Dataset{Agency: agencies[0].ID, Title: catalog.Text{"en": "Not public yet"}}, "")
		return err
	}))
	ask := func(path string) (status int, queries int64) {
		before := p.Catalog.Queries()
		r, _ := p.get(path)
		return r.StatusCode, p.Catalog.Queries() - before
	}
	const nobody = "01890000-0000-7000-8000-000000000000"
	asked := 0
	for _, route := range Routes() {
		if !strings.HasPrefix(route.Path, "/datasets/{slug}") || route.Serve == nil && route.View == nil {
			continue
		}
		address := func(slug string) string {
			path := strings.NewReplacer("{slug}", slug, "{id}", nobody, "{digest}", strings.Repeat("0", 64), "{ext}", "csv").Replace(route.Path)
			if route.Serve == nil {
				return apiPrefix + path
			}
			return path
		}
		for _, slug := range []string{hidden.ID, hidden.Slug} {
			ask(address(slug)) // what is remembered between requests is
			there, queries := ask(address(slug))
			missing, others := ask(address(nobody))
			if there != missing || queries != others {
				t.Errorf("%s: %d after %d queries, and %d after %d for what there is not", address(slug), there, queries, missing, others)
			}
			asked++
		}
	}
	if asked < 20 {
		t.Errorf("only %d addresses were tried", asked)
	}
}
