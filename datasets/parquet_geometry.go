package datasets

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-json"
	"github.com/parquet-go/parquet-go"
	meta "github.com/parquet-go/parquet-go/format"
)

// withoutGeometry takes the columns of geometries out, whose bytes are nothing
// that can be read in a table, and returns a note that names them. They are
// those of the types GEOMETRY and GEOGRAPHY, and those that the metadata of
// GeoParquet 1.x name.
func withoutGeometry(file *parquet.File, columns []parquetColumn) (rest []parquetColumn, note string) {
	named := geoColumns(file)
	var left []string
	for _, c := range columns {
		if !c.node.geometry() && (!slices.Contains(named, c.label) || !c.node.bytes()) {
			rest = append(rest, c)
			continue
		}
		left = append(left, fmt.Sprintf("%q", shorten(c.label)))
	}
	switch n := len(left); n {
	case 0:
		return rest, ""
	case 1:
		return rest, "The column " + left[0] + " has geometries and is left out; publish it as GeoJSON for a map, or as columns of longitude and latitude."
	default:
		names := strings.Join(left[:min(n, maxTold)], ", ")
		if n > maxTold {
			names += fmt.Sprintf(" and %d more", n-maxTold)
		}
		return rest, "The columns " + names + " have geometries and are left out; publish them as GeoJSON for a map, or as columns of longitude and latitude."
	}
}

// geoColumns returns the columns that the metadata of GeoParquet name; none
// when there are no such metadata or they are broken.
func geoColumns(file *parquet.File) []string {
	text, ok := file.Lookup("geo")
	if !ok || len(text) > maxPart {
		return nil
	}
	var geo struct {
		Columns map[string]struct{} `json:"columns"`
	}
	if err := json.Unmarshal([]byte(text), &geo); err != nil {
		return nil // the columns are read as what they are stored as
	}
	names := make([]string, 0, len(geo.Columns))
	for name := range geo.Columns {
		names = append(names, name)
	}
	return names
}

// geometry reports whether the node is a column of the types for geometries.
func (n *parquetNode) geometry() bool {
	switch n.el.LogicalType.Value.(type) {
	case *meta.GeometryType, *meta.GeographyType:
		return n.el.Type.Valid
	}
	return false
}

// bytes reports whether the node is a column of bytes that are no text.
func (n *parquetNode) bytes() bool {
	text, ok := n.read.(textCells)
	return ok && text.binary
}
