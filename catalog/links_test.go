package catalog_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

func TestLinksAreListedDatasetByDataset(t *testing.T) {
	s := open(t, t.TempDir())
	src := source(t, s)
	want := []string{"https://example.org/a"}
	for i := range 5 {
		r := record(strconv.Itoa(i), "Rivers "+strconv.Itoa(i))
		d := r.Value.(*catalog.Dataset)
		d.LandingPage = "https://example.org/" + strconv.Itoa(i)
		d.Resources[0].DownloadURL = d.LandingPage + "/file.csv"
		put(t, s, src, r)
		want = append(want, d.LandingPage, d.Resources[0].DownloadURL)
	}
	list := func() (urls []string) {
		for last := ""; ; {
			fresh, to, err := s.UnknownLinks(t.Context(), last, 2)
			must(t, err)
			if to == "" {
				return urls
			}
			must(t, s.Write(t.Context(), func(tx *catalog.Tx) error {
				for i := range fresh {
					urls = append(urls, fresh[i].URL)
					if err := tx.PutLink(&fresh[i]); err != nil {
						return err
					}
				}
				return nil
			}))
			last = to
		}
	}
	got := list()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("listed %q, want %q", got, want)
	}
	if again := list(); len(again) > 0 {
		t.Errorf("listed again: %q", again)
	}
	must(t, s.Write(t.Context(), func(tx *catalog.Tx) error { return tx.LookAtLink("https://example.org/lost") }))
	if lost, err := s.LostLinks(t.Context(), 10); err != nil || !slices.Equal(lost, []string{"https://example.org/lost"}) {
		t.Errorf("lost are %q, %v", lost, err)
	}
}
