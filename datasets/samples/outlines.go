package samples

import (
	"bufio"
	"fmt"
	"io"
	"strconv"

	"github.com/goccy/go-json"
)

// A position is a longitude and a latitude in hundred-thousandths of a degree.
type position struct{ longitude, latitude int }

func (p position) String() string {
	return fmt.Sprintf("[%d.%05d,%d.%05d]", p.longitude/1e5, p.longitude%1e5, p.latitude/1e5, p.latitude%1e5)
}

// The districts of the invented town stand in rows from the south-west on.
const (
	townColumns = 5
	townRows    = 4
	townSide    = 900 // of a district, in hundred-thousandths of a degree
)

// district returns the border of the i-th district of the invented town, from
// 0. Neighbours share the corners and the bends of their borders.
func district(i int) []position {
	x, y := 2*(i%townColumns), 2*(i/townColumns)
	var ring []position
	for _, step := range [][2]int{{0, 0}, {1, 0}, {2, 0}, {2, 1}, {2, 2}, {1, 2}, {0, 2}, {0, 1}, {0, 0}} {
		ring = append(ring, bend(x+step[0], y+step[1]))
	}
	return ring
}

// bend returns a point of a lattice that is a little crooked.
func bend(x, y int) position {
	return position{
		longitude: 5_420_000 + x*townSide/2 + (x*x*37+y*y*61+x*y*17)%200,
		latitude:  3_340_000 + y*townSide/2 + (x*x*53+y*y*29+x*y*23)%200,
	}
}

// writeOutlines writes the rows of the table as GeoJSON features with the
// outlines of the file.
func (f *file) writeOutlines(w io.Writer) error {
	buf := bufio.NewWriter(w)
	t := &f.tables[0]
	for i := range t.n {
		before := ",\n"
		if i == 0 {
			before = `{"type":"FeatureCollection","features":[` + "\n"
		}
		fmt.Fprintf(buf, `%s{"type":"Feature","properties":{`, before)
		for k, cell := range t.row(i) {
			value, err := property(cell)
			if err != nil {
				return err
			}
			if k > 0 {
				fmt.Fprint(buf, ",")
			}
			fmt.Fprintf(buf, "%q:%s", t.columns[k], value)
		}
		fmt.Fprint(buf, `},"geometry":{"type":"Polygon","coordinates":[[`)
		for k, p := range f.outline(i) {
			if k > 0 {
				fmt.Fprint(buf, ",")
			}
			fmt.Fprint(buf, p)
		}
		fmt.Fprint(buf, "]]}}")
	}
	fmt.Fprint(buf, "\n]}\n")
	return buf.Flush()
}

// property writes a cell as JSON: a number as one, unless it begins with a zero
// as codes do.
func property(cell string) ([]byte, error) {
	if n, err := strconv.Atoi(cell); err == nil && strconv.Itoa(n) == cell {
		return []byte(cell), nil
	}
	return json.Marshal(cell)
}

// townDistricts are the districts of a town that does not exist.
func townDistricts() dataset {
	names := []string{
		"دروازهٔ باد", "باغ انار", "چهارسو", "سروناز", "آسیاب", "کاریز", "نیلوفر", "میدان کهن", "بازارچه", "گلشن",
		"پل چوبی", "سپیدار", "ارغوان", "تیمچه", "نارون", "برج خشتی", "شبدر", "چشمه", "ترمه", "دشت آرام",
	}
	return dataset{
		name: "sample-town-districts", source: inDataJSON, agency: ministryR, lang: "fa", theme: onPopulation, spatial: text{"شهر نمونه", "Sample Town"},
		title: text{"محله‌های شهر نمونه", "Districts of Sample Town"},
		about: text{
			"هر سطر یک محله از شهری است که وجود ندارد، با مرز آن روی نقشه. شهر و نام محله‌ها و مرزها ساختگی است تا نقشهٔ محدوده‌ها را بتوان دید.",
			"A row is one district, with its border on the map, of a town that does not exist. The town, the names and the borders are invented, so that a map of areas can be seen.",
		},
		keywords: []text{{"محله", "district"}, {"نقشه", "map"}, {"مرز", "boundary"}},
		licence:  ccZero(), frequency: "R/P1Y", issued: "2026-05-20", modified: "2026-05-20", from: "2025-03-21", to: "2026-03-20",
		files: []file{{
			name: "sample-town-districts.geojson", form: outlines, outline: district, title: text{"محله‌ها", "Districts"},
			tables: []table{grid("محله‌ها",
				over(byName('k', text{"شمارهٔ محله از جنوب باختری", "the number of the district from the south-west"}, "محله", names...)),
				code("کد محله", 3, "k"), count("جمعیت", "4000 + (1931*k + 577) mod 21001"), count("مساحت (هکتار)", "60 + (41*k) mod 37"), count("بوستان", "1 + (7*k) mod 9"))},
		}},
	}
}
