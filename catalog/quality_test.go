package catalog

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// wholeDataset is a dataset that lacks nothing.
func wholeDataset() Dataset {
	return Dataset{
		ID: "d", Agency: "a", Title: Text{"en": "Wells"}, Description: Text{"en": strings.Repeat("words ", 20)}, Licence: "cc-by-4.0", Frequency: "R/P1Y", Temporal: Interval{Start: "2024"},
		Spatial: "Iran", Keywords: []string{"well"}, Themes: []string{"water"}, Contact: Contact{Name: "Office"}, References: []string{"https://example.org/"},
		Modified:  "2026-05-01",
		Resources: []Resource{{ID: "r", Format: "CSV", Edition: &Edition{HasTable: true}, Description: Text{"en": "Depths."}, Columns: []ColumnText{{Name: "depth", Unit: "m"}}}},
	}
}

var assessedAt = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

func TestPointsOfQualityAreThoseOfTheMethodology(t *testing.T) {
	nothing := Assess(&Dataset{Source: "s"}, nil, assessedAt)
	most := map[string]int{}
	for _, m := range nothing.Metrics {
		most[m.Dimension] += m.Points
	}
	sum := 0
	for dimension, want := range map[string]int{Findability: 100, Accessibility: 100, Interoperability: 110, Reusability: 75, Contextuality: 20} {
		if sum += most[dimension]; most[dimension] != want {
			t.Errorf("%s gives %d points, want %d", dimension, most[dimension], want)
		}
	}
	if sum != MostQuality || nothing.Points != 0 || nothing.Stars != 0 || nothing.Rating != RatedBad {
		t.Errorf("in all %d, nothing has %d and %d stars", sum, nothing.Points, nothing.Stars)
	}
	d := wholeDataset()
	all := Assess(&d, nil, assessedAt)
	if all.Points != MostQuality || all.Rating != RatedExcellent || all.Stars != 3 || all.Files[0].Lacks != LacksAddresses || all.Freshness.State != FreshCurrent {
		t.Errorf("a whole one has %d, %d stars, is %s: %+v", all.Points, all.Stars, all.Freshness.State, all.Metrics)
	}
	if checks := all.Checks(&d); slices.ContainsFunc(checks, func(c Check) bool { return !c.Got }) {
		t.Errorf("it lacks %+v", checks)
	}
	for points, want := range map[int]string{405: RatedExcellent, 351: RatedExcellent, 350: RatedGood, 221: RatedGood, 220: RatedSufficient, 121: RatedSufficient, 120: RatedBad} {
		if got := RatingOf(points); got != want {
			t.Errorf("%d points are %s", points, got)
		}
	}
}

// What a check says to gain is what is gained by it.
func TestFixGainsWhatItSays(t *testing.T) {
	for key, fix := range map[string]func(d *Dataset){
		CheckKeywords: func(d *Dataset) { d.Keywords = nil }, CheckTheme: func(d *Dataset) { d.Themes = nil }, CheckPlace: func(d *Dataset) { d.Spatial = "" },
		CheckPeriod: func(d *Dataset) { d.Temporal = Interval{} }, CheckLicence: func(d *Dataset) { d.Licence = LicenceOther }, CheckContact: func(d *Dataset) { d.Contact = Contact{} },
		CheckDescription: func(d *Dataset) { d.Description = nil }, CheckFiles: func(d *Dataset) { d.Resources[0].Edition = nil },
	} {
		d := wholeDataset()
		fix(&d)
		a := Assess(&d, nil, assessedAt)
		first := a.Checks(&d)[0]
		if first.Key != key || first.Got || first.Gain <= 0 || a.Points+first.Gain > MostQuality {
			t.Errorf("without %s the first is %+v of %d points", key, first, a.Points)
		}
	}
	for key, fix := range map[string]func(d *Dataset){
		CheckColumns: func(d *Dataset) { d.Resources[0].Edition.Schema = readTable().Tables[0].Schema }, CheckFrequency: func(d *Dataset) { d.Frequency = "" },
	} {
		d := wholeDataset()
		fix(&d)
		a := Assess(&d, nil, assessedAt)
		if first := a.Checks(&d)[0]; first.Key != key || first.Points != 0 || a.Points != MostQuality {
			t.Errorf("without %s the first is %+v of %d points", key, first, a.Points)
		}
	}
}

func TestLinksMakeAFileToBeHad(t *testing.T) {
	d := wholeDataset()
	d.Resources = []Resource{{ID: "r", Format: "CSV", DownloadURL: "https://example.org/a"}, {ID: "s", Format: "PDF", AccessURL: "https://example.org/b"}}
	points := func(states map[string]string) (sum int) {
		a := Assess(&d, states, assessedAt)
		for _, m := range a.Metrics {
			if m.Dimension == Accessibility {
				sum += m.Got
			}
		}
		return sum
	}
	for want, states := range map[int]map[string]string{
		10: nil, 50: {"https://example.org/a": LinkAlive}, 75: {"https://example.org/a": LinkAlive, "https://example.org/b": LinkMoved},
		35: {"https://example.org/a": LinkBroken, "https://example.org/b": LinkAlive},
	} {
		if got := points(states); got != want {
			t.Errorf("with %v it has %d, want %d", states, got, want)
		}
	}
}

func TestStarsOfFiles(t *testing.T) {
	for _, c := range []struct {
		licence, format string
		table           bool
		references      int
		stars           int
		lacks           string
	}{
		{"", "CSV", true, 0, 0, LacksLicence},
		{"cc-by-nc-4.0", "CSV", true, 0, 0, LacksLicence},
		{"cc-by-4.0", "PDF", false, 0, 1, LacksStructure},
		{"cc-by-4.0", "XLSX", false, 0, 2, LacksOpenness},
		{"cc-by-4.0", "XLSX", true, 0, 3, LacksAddresses},
		{"cc-by-4.0", "CSV", false, 0, 3, LacksAddresses},
		{"cc-by-4.0", "TTL", false, 0, 4, LacksLinks},
		{"cc-by-4.0", "TTL", false, 1, 5, ""},
	} {
		d := Dataset{Licence: c.licence, References: make([]string, c.references), Resources: []Resource{{Format: c.format, Edition: &Edition{HasTable: c.table}}}}
		a := Assess(&d, nil, assessedAt)
		if a.Files[0].Stars != c.stars || a.Files[0].Lacks != c.lacks || a.Stars != c.stars {
			t.Errorf("%+v has %+v", c, a.Files[0])
		}
	}
	d := Dataset{Licence: "cc-by-4.0", Resources: []Resource{{Format: "CSV"}}}
	if got := Assess(&d, nil, assessedAt).Files[0]; got.Stars != 0 || got.Lacks != LacksAccess {
		t.Errorf("a file that is nowhere: %+v", got)
	}
}

func TestQualityFollowsDatasets(t *testing.T) {
	s, err := Open(t.Context(), t.TempDir(), Options{Now: func() time.Time { return assessedAt }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	put := func(do func(tx *Tx) error) {
		t.Helper()
		if err := s.Write(t.Context(), do); err != nil {
			t.Fatal(err)
		}
	}
	var a Agency
	d := wholeDataset()
	put(func(tx *Tx) error {
		a = Agency{Title: Text{"en": "Ministry of Water"}}
		if err := tx.PutAgency(&a); err != nil {
			return err
		}
		d.ID, d.Agency, d.Resources = "", a.ID, nil
		return tx.PutDataset(&d)
	})
	seq, more, err := s.assessSince(t.Context(), 0)
	if err != nil || more {
		t.Fatal(more, err)
	}
	got, err := s.QualityOf(t.Context(), d.ID)
	if err != nil || got.Points != 220 || got.Agency != a.ID {
		t.Errorf("%d points, %v: %+v", got.Points, err, got.Metrics)
	}
	d.Keywords = nil
	put(func(tx *Tx) error { return tx.PutDataset(&d) })
	if seq, _, err = s.assessSince(t.Context(), seq); err != nil {
		t.Fatal(err)
	}
	sum, err := s.QualitySummary(t.Context(), a.ID)
	if err != nil || sum.Datasets != 1 || sum.Points != 190 || sum.Fixes[0].Key != CheckFiles || sum.Fixes[0].Gain != 100 || sum.Ratings[RatedSufficient] != 1 {
		t.Errorf("%+v, %v", sum, err)
	}
	if by, err := s.QualityByAgency(t.Context()); err != nil || len(by) != 1 || by[0].Points != 190 || by[0].Stars[0] != 1 || by[0].Freshness[FreshUnknown]+by[0].Freshness[FreshCurrent]+by[0].Freshness[FreshOverdue] != 1 {
		t.Errorf("%+v, %v", by, err)
	}
	if rows, total, err := s.QualityRows(t.Context(), "", 0, 10); err != nil || total != 1 || rows[0].Slug != d.Slug {
		t.Errorf("%+v of %d, %v", rows, total, err)
	}
	d.State = Retired
	put(func(tx *Tx) error { return tx.PutDataset(&d) })
	if _, _, err = s.assessSince(t.Context(), seq); err != nil {
		t.Fatal(err)
	}
	if _, err := s.QualityOf(t.Context(), d.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("of one that is not public: %v", err)
	}
}
