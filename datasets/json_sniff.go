package datasets

import (
	"bytes"
	"regexp"

	"github.com/openshafaf/shafaf/datasets/jsonstream"
)

// geoHead matches the head of a feature, of a geometry, or of a list of
// features.
var geoHead = regexp.MustCompile(`^(\[\s*)?\{[^{}\[\]]*"type"\s*:\s*"(Feature|(Multi)?(Point|LineString|Polygon)|GeometryCollection)"`)

// sniffJSON tells the kinds of JSON by the head of a text that is some: "json",
// "jsonl" (a value on each line) or "geojson".
func sniffJSON(text []byte) string {
	if bytes.Contains(text, []byte(`"FeatureCollection"`)) {
		return "geojson"
	}
	if m := geoHead.FindSubmatch(text); m != nil {
		if string(m[2]) == "Feature" && bytes.Contains(text, []byte(`"geometry"`)) ||
			bytes.Contains(text, []byte(`"coordinates"`)) || bytes.Contains(text, []byte(`"geometries"`)) {
			return "geojson"
		}
	}
	line, rest, _ := bytes.Cut(text, []byte("\n"))
	rest = bytes.TrimLeft(rest, " \t\r\n\x1E")
	if len(rest) > 0 && (rest[0] == '{' || rest[0] == '[') && oneValue(line) {
		return "jsonl"
	}
	return "json"
}

// oneValue reports whether a line is a whole value.
func oneValue(line []byte) bool {
	s := jsonstream.New(bytes.NewReader(line))
	s.NaN = true
	return s.Skip() == nil && s.End() == nil
}

// sniffWide tells JSON from other text in UTF-16, whose encoding is name.
func sniffWide(head []byte, name string) string {
	c, ok := charsetNamed(name)
	if !ok {
		return "csv"
	}
	text, err := c.enc.NewDecoder().Bytes(head)
	text = bytes.TrimLeft(bytes.TrimPrefix(text, []byte("\xEF\xBB\xBF")), " \t\r\n")
	switch {
	case err != nil:
	case looksLikeJSON(text):
		return sniffJSON(text)
	case bytes.HasPrefix(text, []byte("<")) && sniffText(text) == "html": // text has no zero bytes any more
		return "html"
	}
	return "csv"
}
