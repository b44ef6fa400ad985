package catalog

import (
	"slices"
	"strings"
)

// A Check is one thing that makes a dataset of more use, and what it counts.
type Check struct {
	Key    string `json:"key"`
	Points int    `json:"points"` // of 100
	Got    bool   `json:"got"`
}

// The checks of Quality.
const (
	CheckDescription = "description" // it is described in more than a line
	CheckColumns     = "columns"     // every column of its tables is explained
	CheckLicence     = "licence"     // one may know what one may do
	CheckFrequency   = "frequency"   // one may know when it is new
	CheckFormats     = "formats"     // there is a table, or its files are of open formats
	CheckPeriod      = "period"
	CheckPlace       = "place"
	CheckFiles       = "files" // every file is here and was read
)

// longEnough is how many bytes a description has that says more than the title.
const longEnough = 80

// openFormats are formats that no program of one maker is needed for.
var openFormats = []string{"CSV", "TSV", "JSON", "JSONL", "GEOJSON", "XML", "PARQUET", "ODS", "ODT", "TXT", "HTML", "RDF", "PDF", "XLSX", "PNG", "JPEG", "GIF"}

// Quality returns the checks, those first that count most.
func Quality(d *Dataset) []Check {
	about, _ := d.Description.In("fa")
	tables := d.Tables()
	described, open, here := len(tables) > 0 || len(d.Resources) > 0, len(d.Resources) > 0, len(d.Resources) > 0
	for _, r := range tables {
		for i := range r.Edition.Schema {
			text := d.ColumnText(r, r.Edition.Schema[i].Name)
			described = described && (!text.Empty() || r.Edition.Schema[i].Unit != "")
		}
	}
	for i := range d.Resources {
		r := &d.Resources[i]
		open = open && (r.PartOf != "" || len(tables) > 0 || slices.Contains(openFormats, r.Format))
		here = here && r.Edition != nil
		described = described && (len(tables) > 0 || len(r.Description) > 0)
	}
	licence := d.Licence != "" || d.Rights != ""
	return []Check{
		{CheckDescription, 20, len(strings.TrimSpace(about)) >= longEnough},
		{CheckColumns, 20, described},
		{CheckLicence, 15, licence},
		{CheckFrequency, 10, d.Frequency != ""},
		{CheckPeriod, 10, d.Temporal != Interval{}},
		{CheckPlace, 10, d.Spatial != ""},
		{CheckFiles, 10, here},
		{CheckFormats, 5, open},
	}
}

// Score is the sum of the points that were got.
func Score(checks []Check) int {
	sum := 0
	for _, c := range checks {
		if c.Got {
			sum += c.Points
		}
	}
	return sum
}
