package datasets

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"github.com/openshafaf/shafaf/datasets/jsonstream"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// geoTypes are the types that the outermost object of a GeoJSON file has.
var geoTypes = []string{
	"FeatureCollection", "Feature", "Point", "MultiPoint", "LineString", "MultiLineString",
	"Polygon", "MultiPolygon", "GeometryCollection",
}

// The columns of a table of features behind those of their properties.
// Coordinates that are no degrees are told under names that do not say so.
const (
	geoTypeColumn = "geometry_type"
	lonColumn     = "longitude"
	latColumn     = "latitude"
)

// maxGeometry is the most bytes of the JSON of one geometry.
const maxGeometry = 64 << 20

// A geoSurvey is what the first walk finds of the geometries of a table.
type geoSurvey struct {
	id       bool // some feature has an id
	located  int64
	far      int64 // of those, such with positions that are no degrees
	shapes   int64 // lines and polygons
	bound    orb.Bound
	foreign  []string // members of features beside their properties
	crs      string   // what the old member "crs" names, if it is not degrees
	plain    bool     // coordinates are not degrees
	idAt     int      // columns of a record; idAt is -1 without ids
	firstGeo int
}

// geoRoot walks over the outermost object of a GeoJSON file.
func (v *jsonSurvey) geoRoot() error {
	at := v.s.Offset()
	isList := false
	t := &jsonTable{file: v.file, single: true, at: at, kind: jsonFeatures, row: 1}
	err := v.s.Object(func(key string) error {
		c, err := v.s.Peek()
		switch {
		case err != nil:
			return err
		case key == "features" && c == '[':
			isList = true
			return v.list([]string{key})
		case key == "crs" && c == '{':
			raw, over, err := v.s.Value()
			if err == nil && over == "" {
				v.file.crs = otherCRS(raw)
			}
			return err
		}
		return v.s.Skip()
	})
	if err != nil || isList {
		return err
	}
	if v.s, err = v.file.stream(at); err != nil {
		return err
	}
	v.tables = append(v.tables, t)
	return v.feature(t)
}

// otherCRS returns the name of the coordinate system that a member "crs"
// names, if it is another than longitude and latitude in degrees.
func otherCRS(raw []byte) string {
	c := &jsonCursor{b: raw}
	name := ""
	c.members(func(key string) {
		if key != "properties" || c.peek() != '{' {
			c.skip()
			return
		}
		c.members(func(key string) {
			if key == "name" || key == "code" || key == "href" {
				name = c.text()
				return
			}
			c.skip()
		})
	})
	upper := strings.ToUpper(name)
	for _, degrees := range []string{"CRS84", "EPSG:4326", "EPSG::4326", "CRS:84"} {
		if strings.Contains(upper, degrees) {
			return ""
		}
	}
	if upper == "4326" {
		return ""
	}
	return name
}

// isGeoLine reports whether a line holds a feature or a geometry.
func isGeoLine(line []byte) bool {
	c := &jsonCursor{b: line}
	typ, geometry := "", false
	if c.peek() != '{' {
		return false
	}
	c.members(func(key string) {
		switch key {
		case "type":
			typ = c.text()
			return
		case "geometry", "coordinates", "geometries", "features":
			geometry = true
		}
		c.skip()
	})
	return geometry && slices.Contains(geoTypes, typ)
}

// feature takes note of a feature, or of a geometry in its place.
func (v *jsonSurvey) feature(t *jsonTable) error {
	return v.s.Members(func(key []byte) error {
		c, err := v.s.Peek()
		switch {
		case err != nil:
			return err
		case string(key) == "properties" && c == '{':
			return v.keys(t, func([]byte, byte) error { return v.s.Skip() })
		case string(key) == "geometry" && c == '{':
			raw, over, err := v.large()
			if err != nil || over != "" {
				return err
			}
			t.geo.add(raw)
			return nil
		case string(key) == "coordinates" || string(key) == "geometries":
			raw, over, err := v.large()
			if err != nil || over != "" {
				return err
			}
			t.geo.add(bareGeometry(raw, string(key)))
			return nil
		case string(key) == "id" && c != 'n':
			t.geo.id = true
		case !slices.Contains([]string{"type", "bbox", "properties", "geometry", "id"}, string(key)):
			if len(t.geo.foreign) < 20 && !slices.Contains(t.geo.foreign, string(key)) {
				t.geo.foreign = append(t.geo.foreign, string(key))
			}
		}
		return v.s.Skip()
	})
}

// large reads a value that may be as large as a geometry.
func (v *jsonSurvey) large() (raw []byte, over string, err error) {
	v.s.Max = maxGeometry
	defer func() { v.s.Max = jsonstream.MaxValue }()
	return v.s.Value()
}

// bareGeometry makes a geometry of the one member of it that was read; its
// type does not matter to who only asks where it lies.
func bareGeometry(raw []byte, key string) []byte {
	return append(append([]byte(`{"type":"","`+key+`":`), raw...), '}')
}

// add takes note of a geometry.
func (g *geoSurvey) add(raw []byte) {
	bound, area, ok := geometryBound(raw)
	if !ok {
		return
	}
	g.located++
	if area {
		g.shapes++
	}
	if !inDegrees(bound) {
		g.far++
		return
	}
	if g.located-g.far == 1 {
		g.bound = bound
	} else {
		g.bound = g.bound.Union(bound)
	}
}

func inDegrees(b orb.Bound) bool {
	return b.Min[0] >= -180 && b.Max[0] <= 180 && b.Min[1] >= -90 && b.Max[1] <= 90
}

// finish decides what the table of features has beside their properties.
func (g *geoSurvey) finish(t *jsonTable, s *Sheet) {
	g.idAt = -1
	if g.id && !slices.Contains(s.Header, "id") {
		g.idAt = len(s.Header)
		s.Header = append(s.Header, "id")
	}
	g.firstGeo = len(s.Header)
	g.crs = t.file.crs
	g.plain = g.crs != "" || g.far*2 > g.located
	if g.plain {
		s.Header = append(s.Header, geoTypeColumn, "x", "y")
		what := "the coordinates are no degrees of longitude and latitude"
		if g.crs != "" {
			what = fmt.Sprintf("the coordinates are of another system (%s) than longitude and latitude", persian.Shorten(g.crs, 80))
		}
		s.Notes = append(s.Notes, what+"; they are kept as x and y, and there is no map; publish the file in WGS 84 (RFC 7946)")
	} else {
		s.Header = append(s.Header, geoTypeColumn, lonColumn, latColumn)
		g.draw(t, s)
	}
	if len(g.foreign) > 0 {
		s.Notes = append(s.Notes, "members of the features beside their properties are left out: "+strings.Join(g.foreign, ", "))
	}
}

// draw gives the sheet the shapes of its features, if there are any and not
// too many.
func (g *geoSurvey) draw(t *jsonTable, s *Sheet) {
	switch {
	case g.shapes == 0:
	case g.shapes > maxShapes:
		s.Notes = append(s.Notes, fmt.Sprintf("there are %d lines and areas, too many to be drawn on a map; a point stands for each", g.shapes))
	default:
		s.shapes = t.shapes(s)
	}
}

// A geoPlace is where a feature lies.
type geoPlace struct {
	typ      string
	geometry orb.Geometry // nil for null
	lon, lat string       // of a point: its coordinates as they are written
}

// feature reads a row that is a feature.
func (r *jsonRows) feature() error {
	r.where = geoPlace{}
	typ, bare, bareKey := "", []byte(nil), ""
	err := r.s.Members(func(key []byte) error {
		c, err := r.s.Peek()
		switch {
		case err != nil:
			return err
		case string(key) == "properties" && c == '{':
			return r.object()
		case string(key) == "geometry" && c == '{':
			raw, err := r.large()
			if err != nil || raw == nil {
				return err
			}
			return r.place(raw)
		case string(key) == "coordinates" || string(key) == "geometries":
			bareKey = string(key)
			raw, err := r.large()
			bare = append(bare, raw...)
			return err
		case string(key) == "id" && r.t.geo.idAt >= 0:
			return r.value(r.t.geo.idAt)
		case string(key) == "type":
			raw, _, err := r.s.Value()
			typ = string(jsonstream.AppendString(nil, raw))
			return err
		}
		return r.s.Skip()
	})
	if err != nil {
		return err
	}
	if bare != nil && r.where.typ == "" {
		raw := append(append([]byte(`{"type":`+strconv.Quote(typ)+`,"`+bareKey+`":`), bare...), '}')
		if err := r.place(raw); err != nil {
			return err
		}
	}
	r.placeCells()
	return nil
}

// large reads a geometry; one that is too large is a fault.
func (r *jsonRows) large() ([]byte, error) {
	r.s.Max = maxGeometry
	defer func() { r.s.Max = jsonstream.MaxValue }()
	raw, over, err := r.s.Value()
	if err == nil && over != "" {
		r.fault("", "geo.large", over)
		return nil, nil
	}
	return raw, err
}

// place reads the geometry of the feature.
func (r *jsonRows) place(raw []byte) error {
	where, fault := readGeometry(raw)
	if fault.Text != "" {
		fault.Row, fault.Column = r.rec.Row, geoTypeColumn
		r.sheet.fault(fault)
	}
	r.where = where
	return nil
}

// placeCells writes the columns that say where the feature lies.
func (r *jsonRows) placeCells() {
	g := &r.t.geo
	r.cell(g.firstGeo, r.where.typ, CellText)
	if r.where.geometry == nil {
		return
	}
	lon, lat := r.where.lon, r.where.lat
	if lon == "" {
		p, ok := pointInside(r.where.geometry)
		if !ok {
			return
		}
		lon, lat = coordinate(p[0]), coordinate(p[1])
	}
	if !g.plain && !inDegrees(r.where.geometry.Bound()) {
		r.fault(lonColumn, "json.coordinates")
		r.where.geometry = nil
		return
	}
	r.cell(g.firstGeo+1, lon, CellNumber)
	r.cell(g.firstGeo+2, lat, CellNumber)
}

func (r *jsonRows) cell(column int, text string, kind CellKind) {
	from := len(r.arena)
	r.arena = append(r.arena, text...)
	r.spans[column] = jsonSpan{from: from, to: len(r.arena), kind: kind}
}

// coordinate prints a computed coordinate to a tenth of a metre.
func coordinate(x float64) string {
	b := strconv.AppendFloat(nil, x, 'f', 6, 64)
	text := strings.TrimRight(strings.TrimRight(string(b), "0"), ".")
	if text == "-0" || text == "" {
		return "0"
	}
	return text
}
