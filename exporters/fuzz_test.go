package exporters

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/datasets"
)

// oddTexts are where both fuzz targets begin.
var oddTexts = []string{
	"", "a", "=1+1", `"`, "a,b", "a\nb", "\r", "\r\n", " ", "-", "\xff", "\x00", "سلام‌ها", "😀", "_x000D_", "]]>", "\u2028", "\ufeff", `\.`, "\ufffe",
}

// FuzzText: any texts come back from CSV as they were, and from JSON but for
// bytes that are not UTF-8.
func FuzzText(f *testing.F) {
	for _, text := range oddTexts {
		f.Add(text, "x", int64(0), true)
		f.Add("x", text, int64(-1)<<63, false)
	}
	f.Fuzz(func(t *testing.T, a, b string, n int64, null bool) {
		s := datasets.Schema{{Name: "a", Label: "a"}, {Name: "n", Label: "n", Type: datasets.Decimal, Scale: 4, Fixed: true}, {Name: "b", Label: "b"}}
		first := []cell{a, n, b}
		if null {
			first[1] = nil
		}
		tab := table(s, 1, first, []cell{b, sourced{n, b}, a})
		number := string(datasets.AppendDecimal(nil, n, 4, true))
		want := [][]string{{"a", "n", "b"}, {a, number, b}, {b, number, a}}
		if null {
			want[1][1] = ""
		}
		sameCSV(t, export(t, "csv", tab, Options{NoEscape: true}), want)
		want[2][1] = b
		sameCSV(t, export(t, "csv", tab, Options{Raw: true}), want)
		escaped := readCSV(t, export(t, "csv", tab, Options{}))
		for i, row := range escaped[1:] {
			for _, k := range []int{0, 2} {
				plain := crlf(want[i+1][k])
				if row[k] != plain && row[k] != "'"+plain || row[k] != "" && formulaLike(row[k]) {
					t.Errorf("%q is escaped as %q", plain, row[k])
				}
			}
		}
		sameJSONTexts(t, export(t, "json", tab, Options{Raw: true}), want)
	})
}

// FuzzXLSX: a workbook of any texts can be read, and holds them but for the
// characters that XML forbids.
func FuzzXLSX(f *testing.F) {
	for _, text := range oddTexts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := datasets.Schema{{Name: "a", Label: text}}
		sameSheet(t, export(t, "xlsx", table(s, 1, []cell{text}), Options{Title: text}), text)
	})
}

// crlf is what encoding/csv makes of line breaks in cells.
func crlf(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

func sameCSV(t *testing.T, file []byte, want [][]string) {
	t.Helper()
	r := csv.NewReader(bytes.NewReader(file))
	got, err := r.ReadAll()
	if err != nil {
		t.Fatalf("%v in %q", err, file)
	}
	if len(got) != len(want) {
		t.Fatalf("%d lines, want %d: %q", len(got), len(want), file)
	}
	for i := range want {
		for k := range want[i] {
			if got[i][k] != crlf(want[i][k]) {
				t.Errorf("%q comes back as %q", want[i][k], got[i][k])
			}
		}
	}
}

func sameJSONTexts(t *testing.T, file []byte, want [][]string) {
	t.Helper()
	var rows []map[string]*string
	if err := json.Unmarshal(file, &rows); err != nil {
		t.Fatalf("%v in %q", err, file)
	}
	for i, row := range rows {
		for k, name := range want[0] {
			text := string([]rune(want[i+1][k]))
			if row[name] == nil && text == "" {
				continue // a null
			}
			if row[name] == nil || *row[name] != text {
				t.Errorf("%q comes back from JSON otherwise", text)
			}
		}
	}
}

// sameSheet reads the first cell of the first row as XML says it is.
func sameSheet(t *testing.T, file []byte, want string) {
	t.Helper()
	var sheet struct {
		Rows []struct {
			Cells []struct {
				Text string `xml:"is>t"`
			} `xml:"c"`
		} `xml:"sheetData>row"`
	}
	if err := xml.Unmarshal([]byte(sheetXML(t, file, 1)), &sheet); err != nil {
		t.Fatal(err)
	}
	want = strings.Map(func(r rune) rune {
		if !xmlRune(r) {
			return utf8.RuneError
		}
		return r
	}, want)
	got := strings.ReplaceAll(sheet.Rows[1].Cells[0].Text, "_x005F_", "_")
	if strings.ReplaceAll(want, "_x005F_", "_") != got {
		t.Errorf("%q comes back from XLSX as %q", want, got)
	}
}
