package catalog_test

import (
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

func TestThemeIsFoundByWhatSourcesCallIt(t *testing.T) {
	for name, want := range map[string]string{
		"Health":  "health",
		" سلامت ": "health",
		"http://publications.europa.eu/resource/authority/data-theme/TRAN": "transport",
		"حمل‌و‌نقل":         "transport",
		"geospatial":        "geospatial",
		"کشاورزی و غذا":     "agriculture",
		"Economy & finance": "Economy & finance",
	} {
		if got := catalog.ThemeOf(name); got != want {
			t.Errorf("ThemeOf(%q) = %q, want %q", name, got, want)
		}
	}
	if got := catalog.ThemeTitle("energy")["fa"]; got == "" {
		t.Error("energy has no Persian name")
	}
	if got := catalog.ThemeTitle("geospatial")["en"]; got != "geospatial" {
		t.Errorf("a theme of the source's own is called %q", got)
	}
}
