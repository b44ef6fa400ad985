package catalog_test

import (
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

func TestFormatOf(t *testing.T) {
	for _, c := range []struct{ format, media, address, want string }{
		{"csv", "text/csv", "", "CSV"},
		{"", "text/csv; charset=utf-8", "", "CSV"},
		{"", "", "https://x.test/a/b.CSV?x=1", "CSV"},
		{"text/csv", "", "", "CSV"},
		{"Web Page", "text/html", "", "HTML"},
		{"ArcGIS GeoServices REST API", "application/json", "", "API"},
		{"Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "", "XLSX"},
		{"xls", "", "https://x.test/a.xlsx", "XLSX"},
		{"EXCEL", "application/vnd.ms-excel", "", "XLS"},
		{"Undefined", "", "https://x.test/a.nc", "NETCDF"},
		{"Undefined", "", "", ""},
		{"http://www.iana.org/assignments/media-types/text/csv", "", "", "CSV"},
		{"http://publications.europa.eu/resource/authority/file-type/CSV", "", "", "CSV"},
		{"", "application/vnd.geo+json", "", "GEOJSON"},
		{"shx", "", "", "SHX"},
		{"a long sentence about the file", "", "", ""},
	} {
		if got := catalog.FormatOf(c.format, c.media, c.address); got != c.want {
			t.Errorf("FormatOf(%q, %q, %q) = %q, want %q", c.format, c.media, c.address, got, c.want)
		}
	}
}

func TestFetchable(t *testing.T) {
	for _, c := range []struct {
		r    catalog.Resource
		want bool
	}{
		{catalog.Resource{Format: "CSV"}, true},
		{catalog.Resource{Format: "XLSX"}, true},
		{catalog.Resource{Format: "XLS", DownloadURL: "https://x.test/a.xlsx"}, true},
		{catalog.Resource{DownloadURL: "https://x.test/a.tsv"}, true},
		{catalog.Resource{Format: "GEOJSON"}, true},
		{catalog.Resource{Format: "ZIP", DownloadURL: "https://x.test/a.zip"}, true},
		{catalog.Resource{DownloadURL: "https://x.test/a.ods"}, true},
		{catalog.Resource{Format: "SHP", DownloadURL: "https://x.test/a.zip"}, false},
		{catalog.Resource{Format: "PDF", DownloadURL: "https://x.test/a.pdf"}, false},
		{catalog.Resource{Format: "API", DownloadURL: "https://x.test/rows.csv"}, false},
	} {
		if got := catalog.Fetchable(&c.r); got != c.want {
			t.Errorf("Fetchable(%+v) = %v", c.r, got)
		}
	}
}
