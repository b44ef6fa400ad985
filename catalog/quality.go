package catalog

import (
	"slices"
	"strings"
	"time"
)

// An Assessment says of how much use a dataset is, and what would make it of
// more: the stars of open data, and the points of the metadata quality
// assessment of data.europa.eu.
type Assessment struct {
	Dataset   string    `json:"dataset,omitempty"` // id
	Agency    string    `json:"agency,omitempty"`  // id
	Stars     int       `json:"stars"`             // 0 to 5: of its best file
	Points    int       `json:"points"`            // of MostQuality
	Rating    string    `json:"rating"`            // by RatingOf
	Freshness Freshness `json:"freshness"`
	Files     []Stars   `json:"files"`
	Metrics   []Metric  `json:"metrics"`
	At        time.Time `json:"at,omitzero"`
}

// Stars are those of one file (5-star open data), and what keeps it from one
// more.
type Stars struct {
	Resource string `json:"resource"`
	Stars    int    `json:"stars"`
	Lacks    string `json:"lacks,omitempty"` // of StarLacks
}

// What keeps a file from one more star.
const (
	LacksLicence   = "licence"   // an open licence: without that there is none
	LacksAccess    = "access"    // somewhere to get it
	LacksStructure = "structure" // rows that programs read
	LacksOpenness  = "openness"  // a format that belongs to nobody
	LacksAddresses = "addresses" // addresses (URIs) for the things in it
	LacksLinks     = "links"     // links to other data
)

// StarLacks are all of them, in the order of stars.
var StarLacks = []string{LacksLicence, LacksAccess, LacksStructure, LacksOpenness, LacksAddresses, LacksLinks}

// A Metric is one thing that is looked at, by its name there, and what it
// counts.
type Metric struct {
	Key       string `json:"key"`
	Dimension string `json:"dimension"`
	Points    int    `json:"points"` // at most
	Got       int    `json:"got"`
	Fix       string `json:"fix"` // what mends it: the key of a Check
}

// The dimensions, with the most points that each gives.
const (
	Findability      = "findability"      // 100
	Accessibility    = "accessibility"    // 100
	Interoperability = "interoperability" // 110
	Reusability      = "reusability"      // 75
	Contextuality    = "contextuality"    // 20
)

// Dimensions are all dimensions.
var Dimensions = []string{Findability, Accessibility, Interoperability, Reusability, Contextuality}

// MostQuality is the most points that a dataset can have.
const MostQuality = 405

// Ratings, from the best on, each with the least points of it.
const (
	RatedExcellent  = "excellent"
	RatedGood       = "good"
	RatedSufficient = "sufficient"
	RatedBad        = "bad"
)

// Ratings are all ratings.
var Ratings = []string{RatedExcellent, RatedGood, RatedSufficient, RatedBad}

// RatingOf returns the rating of points.
func RatingOf(points int) string {
	const excellent, good, sufficient = 351, 221, 121
	switch {
	case points >= excellent:
		return RatedExcellent
	case points >= good:
		return RatedGood
	case points >= sufficient:
		return RatedSufficient
	}
	return RatedBad
}

// A Check is one thing that its author can do for a dataset, and the points
// that it counts: several metrics that one step mends.
type Check struct {
	Key    string `json:"key"`
	Points int    `json:"points"` // of MostQuality; 0: it counts in no assessment, and helps all the same
	Gain   int    `json:"gain"`   // of these, those that are not got
	Got    bool   `json:"got"`
}

// The checks.
const (
	CheckDescription = "description" // it is described
	CheckColumns     = "columns"     // every column of its tables is explained
	CheckLicence     = "licence"     // one may know what one may do
	CheckFrequency   = "frequency"   // one may know when it is new
	CheckFormats     = "formats"     // programs read it, in a format that belongs to nobody
	CheckPeriod      = "period"
	CheckPlace       = "place"
	CheckFiles       = "files" // every file is to be had
	CheckKeywords    = "keywords"
	CheckTheme       = "theme"
	CheckAccess      = "access" // whom it is open to
	CheckContact     = "contact"
	CheckPublisher   = "publisher"
	CheckRights      = "rights"
	CheckDates       = "dates" // when it came out and was renewed
	CheckSize        = "size"
)

// longEnough is how many bytes a description has that says more than the title.
const longEnough = 80

// Checks returns what there is to do for the dataset: those first by which most
// is gained, those behind that are done.
func (a *Assessment) Checks(d *Dataset) []Check {
	var all []Check
	at := map[string]int{}
	for _, m := range a.Metrics {
		n, ok := at[m.Fix]
		if !ok {
			n = len(all)
			at[m.Fix], all = n, append(all, Check{Key: m.Fix})
		}
		all[n].Points += m.Points
		all[n].Gain += m.Points - m.Got
	}
	for i := range all {
		all[i].Got = all[i].Gain == 0
	}
	about, _ := d.Description.In(Languages[0])
	if n, ok := at[CheckDescription]; ok && len(strings.TrimSpace(about)) < longEnough {
		all[n].Got = false
	}
	all = append(all, Check{Key: CheckColumns, Got: d.explained()}, Check{Key: CheckFrequency, Got: d.Frequency != ""})
	slices.SortStableFunc(all, func(a, b Check) int { return compareChecks(&a, &b) })
	return all
}

// compareChecks puts those first that are not done, and there those by which
// most is gained.
func compareChecks(a, b *Check) int {
	switch {
	case a.Got != b.Got && b.Got:
		return -1
	case a.Got != b.Got:
		return 1
	case a.Gain != b.Gain:
		return b.Gain - a.Gain
	}
	return b.Points - a.Points
}

// explained reports whether every column of its tables is explained, and where
// there is none every file described.
func (d *Dataset) explained() bool {
	tables := d.Tables()
	explained := len(tables) > 0 || len(d.Resources) > 0
	for _, r := range tables {
		for i := range r.Edition.Schema {
			text := d.ColumnText(r, r.Edition.Schema[i].Name)
			explained = explained && (!text.Empty() || r.Edition.Schema[i].Unit != "")
		}
	}
	for i := range d.Resources {
		explained = explained && (len(tables) > 0 || len(d.Resources[i].Description) > 0)
	}
	return explained
}
