package site

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/site/geomap"
)

// mapPlaces is what a table has that a map can be made of.
type mapPlaces struct {
	Provinces []string // columns of names or codes of provinces
	Lon, Lat  string   // columns of positions in degrees; empty where there are none
	Shapes    bool     // rows have lines or areas
}

// any reports whether there is anything to draw.
func (p *mapPlaces) any() bool { return len(p.Provinces) > 0 || p.Lon != "" || p.Shapes }

// provinceWord is what headings of columns of provinces say.
var provinceWord = regexp.MustCompile(`(?i)استان|province|ostan|iso.?3166`)

// placeCache remembers what tables have of places, by digest: an edition never
// changes.
type placeCache struct {
	mu    sync.Mutex
	known map[string]mapPlaces
}

// mostPlaces is how many tables are remembered.
const mostPlaces = 10_000

// mapTab is whether there is a map of an edition. A table whose rows cannot be
// read has none.
func mapTab(s *Site, e *catalog.Edition) bool {
	p, err := s.mapPlaces(context.Background(), e)
	return err == nil && p.any()
}

// mapPlaces finds what the table of an edition has of places.
func (s *Site) mapPlaces(ctx context.Context, e *catalog.Edition) (mapPlaces, error) {
	s.places.mu.Lock()
	p, ok := s.places.known[e.Digest]
	s.places.mu.Unlock()
	if ok {
		return p, nil
	}
	rows, err := s.Files.Rows(e.Digest) //nolint:contextcheck // what it opens outlives the request
	if err != nil {
		return p, err
	}
	p.Shapes = rows.HasShapes()
	p.Lon, p.Lat = positions(e.Schema, e.Profile)
	if p.Provinces, err = provinceColumns(ctx, rows, e.Profile); err != nil {
		return p, err
	}
	s.places.mu.Lock()
	defer s.places.mu.Unlock()
	if s.places.known == nil || len(s.places.known) >= mostPlaces {
		s.places.known = map[string]mapPlaces{}
	}
	s.places.known[e.Digest] = p
	return p, nil
}

// PlaceColumns says which columns of the table of an edition are places that a
// map can be made of, by name: "province" or "position".
func (s *Site) PlaceColumns(ctx context.Context, e *catalog.Edition) (map[string]string, error) {
	p, err := s.mapPlaces(ctx, e)
	if err != nil {
		return nil, err
	}
	kinds := map[string]string{}
	for _, name := range p.Provinces {
		kinds[name] = "province"
	}
	if p.Lon != "" {
		kinds[p.Lon], kinds[p.Lat] = "position", "position"
	}
	return kinds, nil
}

// positions returns the columns of longitude and latitude, known by their
// names and by values that can be such.
func positions(schema datasets.Schema, profile []datasets.ColumnProfile) (lon, lat string) {
	find := func(axis datasets.Axis) string {
		for i := range schema {
			c := &schema[i]
			if !c.Numeric() || datasets.AxisOf(c.Name) != axis && datasets.AxisOf(c.Label) != axis {
				continue
			}
			p := profileOf(profile, c.Name)
			if p == nil || p.Rows == p.Nulls {
				continue
			}
			low, err1 := strconv.ParseFloat(p.Min, 64)
			high, err2 := strconv.ParseFloat(p.Max, 64)
			if err1 == nil && err2 == nil && low >= -axis.Most() && high <= axis.Most() {
				return c.Name
			}
		}
		return ""
	}
	lon, lat = find(datasets.Longitude), find(datasets.Latitude)
	if lon == "" || lat == "" {
		return "", ""
	}
	return lon, lat
}

// The sample of rows by which columns of provinces are known.
const (
	sampleRows    = 300
	sampleColumns = 60
)

// provinceColumns returns the columns of which most of the different values in
// the first rows are provinces, those that say so in their heading first.
func provinceColumns(ctx context.Context, rows *datasets.RowFile, profile []datasets.ColumnProfile) ([]string, error) {
	var names []string
	for i, c := range rows.Schema() {
		named := provinceWord.MatchString(c.Label)
		p := profileOf(profile, c.Name)
		short := p != nil && p.Distinct > 0 && p.Distinct <= 2000
		if (c.Type == datasets.Text || c.Type == datasets.Integer && named) && short && len(names) < sampleColumns {
			names = append(names, rows.Schema()[i].Name)
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	page, err := rows.Page(ctx, datasets.RowQuery{Select: names, Size: sampleRows})
	if err != nil {
		return nil, err
	}
	var said, others []string
	for i := range page.Schema {
		c := &page.Schema[i]
		named := provinceWord.MatchString(c.Label)
		if !namesProvinces(c, &page.Rows.Columns[i], page.Rows.Len, named) {
			continue
		}
		if named {
			said = append(said, c.Name)
		} else {
			others = append(others, c.Name)
		}
	}
	return append(said, others...), nil
}

// namesProvinces reports whether values are provinces: at least three of them, or
// all under a heading that says so, and most of what there is.
func namesProvinces(c *datasets.Column, v *datasets.Vector, n int, named bool) bool {
	seen := map[string]bool{}
	var values []string
	for i := range n {
		if text := string(c.Append(nil, v, i)); text != "" && !seen[text] {
			seen[text] = true
			values = append(values, text)
		}
	}
	m := geomap.NewMatcher(values, named)
	found := map[int]bool{}
	matched := 0
	for _, text := range values {
		if place, ok := m.Place(text); ok {
			found[place] = true
			matched++
		}
	}
	if named {
		return matched > 0 && matched*2 >= len(values)
	}
	return len(found) >= 3 && matched*10 >= len(values)*6
}

// nameColumn is the column that names the rows: one whose heading says so,
// else the first text whose values are mostly different.
func nameColumn(schema datasets.Schema, profile []datasets.ColumnProfile) string {
	best := ""
	for i := range schema {
		c := &schema[i]
		p := profileOf(profile, c.Name)
		if c.Type != datasets.Text || c.Name == "geometry_type" || p == nil || p.Distinct == 0 {
			continue
		}
		switch label := strings.ToLower(c.Label); {
		case strings.HasPrefix(label, "name"), strings.HasPrefix(label, "title"), strings.HasPrefix(label, "نام"), strings.HasPrefix(label, "عنوان"):
			return c.Name
		}
		if best == "" && p.Distinct*2 > p.Rows-p.Nulls {
			best = c.Name
		}
	}
	return best
}
