package datasets

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// importText stores a text as a file and imports it.
func importAs(t *testing.T, f *Files, name, text string) *Imported {
	t.Helper()
	digest, _, err := f.Put(t.Context(), strings.NewReader(text), 0)
	if err != nil {
		t.Fatal(err)
	}
	im, err := Import(t.Context(), f, digest, name, ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return im
}

const squares = `{"type":"FeatureCollection","name":"squares","features":[
{"type":"Feature","id":7,"properties":{"name":"one","sub":{"a":1}},"geometry":{"type":"Polygon","coordinates":[[[50,30,5],[52,30],[52,32],[50,32],[50,30]]]}},
{"type":"Feature","properties":{"name":"two","sub":{"a":2}},"geometry":null},
{"type":"Feature","properties":null,"geometry":{"type":"Point","coordinates":[51.50,35.70,1200.5]}},
{"type":"Feature","properties":{"name":"four"},"geometry":{"type":"LineString","coordinates":[[50,30],[54,30]]}}]}`

func TestGeoJSONBecomesATableAndShapes(t *testing.T) {
	f := openFiles(t)
	im := importAs(t, f, "squares.geojson", squares)
	if im.Fault != "" || im.Format != "geojson" || len(im.Tables) != 1 {
		t.Fatalf("%+v", im)
	}
	r, err := f.Rows(im.Tables[0].Digest)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range r.Schema() {
		names = append(names, c.Name)
	}
	if got := strings.Join(names, " "); got != "name sub.a id geometry_type longitude latitude" {
		t.Errorf("columns %s", got)
	}
	cells := tableText(t, r.Table())
	want := [][]string{
		{"one", "1", "7", "Polygon", "51", "31"},
		{"two", "2", "", "", "", ""},
		{"", "", "", "Point", "51.50", "35.70"},
		{"four", "", "", "LineString", "52", "30"},
	}
	for i := range want {
		if strings.Join(cells[i], "|") != strings.Join(want[i], "|") {
			t.Errorf("row %d is %q, want %q", i, cells[i], want[i])
		}
	}
	var rows []int64
	for shape, err := range r.Shapes(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, shape.Row)
	}
	if !r.HasShapes() || len(rows) != 2 || rows[0] != 0 || rows[1] != 3 {
		t.Errorf("shapes of rows %v", rows)
	}
	if err := r.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// tableText returns the source texts, or else canonical prints, of all cells.
func tableText(t *testing.T, table *Table) [][]string {
	t.Helper()
	var rows [][]string
	for b, err := range table.Scan(0, -1) {
		if err != nil {
			t.Fatal(err)
		}
		for i := range b.Len {
			row := make([]string, len(table.Schema))
			for c := range table.Schema {
				v := &b.Columns[c]
				row[c] = string(table.Schema[c].Append(nil, v, i))
				for _, s := range v.Source {
					if s.Row == i {
						row[c] = s.Text
					}
				}
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func TestAShapeThatChangedMakesAnotherTable(t *testing.T) {
	f := openFiles(t)
	one := importAs(t, f, "a.geojson", squares)
	two := importAs(t, f, "b.geojson", strings.Replace(squares, "[52,32],[50,32]", "[52,31.5],[52,32],[50,32],[50,31.5]", 1))
	three := importAs(t, f, "c.geojson", strings.Replace(squares, "[52,32],[50,32],[50,30]", "[51.5,31],[52,32],[50.5,31],[50,32],[50.5,31],[50,30]", 1))
	if one.Tables[0].Digest == three.Tables[0].Digest {
		t.Error("another shape has the same digest")
	}
	if one.Tables[0].Digest != two.Tables[0].Digest {
		t.Error("the same square with a corner on its side has another digest")
	}
}

func TestShapesThatWereLostAreDamage(t *testing.T) {
	f := openFiles(t)
	im := importAs(t, f, "a.geojson", squares)
	digest := im.Tables[0].Digest
	conn, err := sqlite.OpenConn(f.rowPath(digest), sqlite.OpenReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	if err := sqlitex.ExecuteTransient(conn, "DELETE FROM shapes WHERE n = 0", nil); err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := f.Rows(digest)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Verify(t.Context()); !errors.Is(err, ErrDamaged) {
		t.Errorf("a lost shape gives %v", err)
	}
}

func TestGeoJSONOfOtherKinds(t *testing.T) {
	point := `{"type":"Feature","properties":{"n":1},"geometry":{"type":"Point","coordinates":[51,35]}}`
	for name, c := range map[string]struct {
		text, fault, note string
		rows              int64
		shapes            bool
	}{
		"one feature":        {text: point, rows: 1},
		"a bare geometry":    {text: `{"coordinates":[[[0,0],[1,0],[1,1],[0,0]]],"type":"Polygon"}`, rows: 1, shapes: true},
		"lines of features":  {text: point + "\n" + strings.Replace(point, "51", "52", 1) + "\n", rows: 2},
		"type at the end":    {text: `{"features":[{"geometry":{"coordinates":[51,35],"type":"Point"},"properties":{"n":1},"type":"Feature"}],"type":"FeatureCollection"}`, rows: 1},
		"a list of features": {text: "[" + point + "," + point + "]", rows: 2},
		"no features":        {text: `{"type":"FeatureCollection","features":[]}`, fault: "no features"},
		"topology":           {text: `{"type":"Topology","objects":{"a":{"type":"GeometryCollection","geometries":[{"type":"Polygon","arcs":[[0]]}]}},"arcs":[]}`, fault: "TopoJSON"},
		"another system": {
			text: `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32639"}},"features":[{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[5e5,3e6],[6e5,3e6],[6e5,4e6],[5e5,3e6]]]}}]}`,
			rows: 1, note: "EPSG::32639",
		},
		"metres": {text: `{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[781862,2958580]}}`, rows: 1, note: "no degrees"},
		"a collection": {
			text: `{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}]}`,
			rows: 1, shapes: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := openFiles(t)
			im := importAs(t, f, "x.geojson", c.text)
			if c.fault != "" {
				if !strings.Contains(im.Fault, c.fault) {
					t.Errorf("fault %q", im.Fault)
				}
				return
			}
			if im.Fault != "" || im.Tables[0].Rows != c.rows {
				t.Fatalf("%+v", im)
			}
			if notes := strings.Join(im.Tables[0].Notes, "\n"); !strings.Contains(notes, c.note) {
				t.Errorf("notes %q", notes)
			}
			r, err := f.Rows(im.Tables[0].Digest)
			if err != nil {
				t.Fatal(err)
			}
			if r.HasShapes() != c.shapes {
				t.Errorf("has shapes: %v", r.HasShapes())
			}
			if c.note != "" && r.Schema().Index("longitude") >= 0 {
				t.Error("coordinates that are no degrees are called longitude")
			}
		})
	}
}

// Every point that stands for an area of the real files lies in it, and the
// shapes stay within their bounds.
func TestShapesOfRealFiles(t *testing.T) {
	root, _ := realFiles(t)
	for _, name := range []string{"ir_states_boundaries_coordinates.geojson", "hawaii.geojson", "altafulla.geojson"} {
		text, err := os.ReadFile(filepath.Join(root, "geojson", name))
		if err != nil {
			t.Fatal(err)
		}
		sheets, err := Open(t.Context(), bytes.NewReader(text), int64(len(text)), name, Options{})
		if err != nil {
			t.Fatal(err)
		}
		s, ok := sheets[0], 0
		size, points := 0, 0
		schema, err := s.Infer(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		cells := tableCells(t, s, schema)
		lon, lat := schema.Index("longitude"), schema.Index("latitude")
		for shape, err := range s.shapes(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			g, isArea := shape.Geometry.(orb.MultiPolygon)
			if !isArea {
				t.Fatalf("%s: a shape is a %s", name, shape.Geometry.GeoJSONType())
			}
			p := orb.Point{degrees(t, cells[shape.Row][lon]), degrees(t, cells[shape.Row][lat])}
			if planar.MultiPolygonContains(g, p) {
				ok++
			} else {
				t.Errorf("%s: row %d: %v is not in its shape", name, shape.Row, p)
			}
			size += sizeOfShape(g)
			for _, p := range g {
				for _, r := range p {
					points += len(r)
				}
			}
		}
		t.Logf("%s: %d shapes, %d points, %d bytes", name, ok, points, size)
		if ok == 0 || size > shapeBytes {
			t.Errorf("%s: %d shapes in %d bytes", name, ok, size)
		}
	}
}

func degrees(t *testing.T, text string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}
