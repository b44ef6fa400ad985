package datasets

import (
	"fmt"
	"html"
	"strconv"
	"strings"
	"testing"
)

// A table of a test has a row on each line and bars between its cells; →2 and
// ↓2 behind a text are the columns and rows that its cell is merged over.
func spans(cell string) (text string, columns, rows int) {
	columns, rows = 1, 1
	if before, n, ok := strings.Cut(cell, "↓"); ok {
		rows, _ = strconv.Atoi(n)
		cell = before
	}
	if before, n, ok := strings.Cut(cell, "→"); ok {
		columns, _ = strconv.Atoi(n)
		cell = before
	}
	return cell, columns, rows
}

// inODS and inHTML write such a table. A cell ~ is covered by another.
func inODS(t *testing.T, table string) []byte {
	t.Helper()
	var b strings.Builder
	for line := range strings.SplitSeq(table, "\n") {
		b.WriteString("<row>")
		for cell := range strings.SplitSeq(line, "|") {
			text, columns, rows := spans(cell)
			_, err := strconv.ParseFloat(text, 64)
			switch {
			case text == "~":
				b.WriteString("<cov/>")
			case text == "":
				b.WriteString("<c/>")
			case err == nil:
				fmt.Fprintf(&b, `<c float="%s" cs="%d" rs="%d"><p>%[1]s</p></c>`, text, columns, rows)
			default:
				fmt.Fprintf(&b, `<c cs="%d" rs="%d"><p>%s</p></c>`, columns, rows, html.EscapeString(text))
			}
		}
		b.WriteString("</row>")
	}
	return odsFileOf(t, `<table:table table:name="t">`+b.String()+`</table:table>`)
}

func inHTML(table string) []byte {
	var b strings.Builder
	b.WriteString("<html><meta charset=utf-8><table>")
	for line := range strings.SplitSeq(table, "\n") {
		b.WriteString("<tr>")
		for cell := range strings.SplitSeq(line, "|") {
			if text, columns, rows := spans(cell); text != "~" {
				fmt.Fprintf(&b, `<td colspan=%d rowspan=%d>%s</td>`, columns, rows, html.EscapeString(text))
			}
		}
		b.WriteString("</tr>")
	}
	return []byte(b.String() + "</table></html>")
}

// Tables as people lay them out: header, units, number of rows, and notes.
func TestLayoutsOfTables(t *testing.T) {
	wide := strings.TrimSuffix(strings.Repeat("x|", 30), "|")
	for _, c := range []struct {
		name, table, header, units string
		rows                       int
		notes                      string
	}{
		{"titles of several lines", "Population|||\nof provinces|||\n|||\nname|area|men|women\nA|5|1|2\nB|6|3|4", "name|area|men|women", "|||", 2, "Population;of provinces"},
		{"units below", "name|area|people\n|km²|thousands\nA|5|1\nB|6|3\nC|7|3", "name|area (km²)|people (thousands)", "|km²|thousands", 3, ""},
		{"units in brackets below", "name|area|people\nUnit|(ha)|(persons)\nA|5|1\nB|6|3\nC|7|3", "name|area (ha)|people (persons)", "|ha|persons", 3, ""},
		{"one unit below", "name|income\n|میلیون ریال\nA|5\nB|6\nC|7", "name|income (میلیون ریال)", "|میلیون ریال", 3, ""},
		{"no unit but a value", "name|income|b\nA|unknown|3\nB|6|4\nC|7|5\nD|8|6", "name|income|b", "||", 4, ""},
		{"units under two rows", "name↓2|2019→2|~|2020→2|~\n~|sum|share|sum|share\n|rials|%|rials|%\nA|5|1|6|2\nB|7|1|8|2\nC|7|3|8|4", "name|2019 / sum (rials)|2019 / share (%)|2020 / sum (rials)|2020 / share (%)", "|rials|%|rials|%", 3, ""},
		{"two rows over texts", "name↓2|contact→2|~\n~|phone|mail\nA|021-5|a@b\nB|021-6|c@d\nC|021-7|e@f", "name|contact / phone|contact / mail", "||", 3, ""},
		{"two rows over texts, unmerged", "name|contact|\n|phone|mail\nA|021-5|a@b\nB|021-6|c@d\nC|021-7|e@f", "name|contact / phone|contact / mail", "||", 3, ""},
		{"texts with holes", "name|contact|\n|021-5|a@b\n|021-6|c@d\nC|021-7|e@f", "name|contact", "||", 3, ""},
		{"numbered columns", "name|area|people\n1|2|3\nA|5|1\nB|6|3", "name|area|people", "||", 2, ""},
		{"numbered in brackets", "name|area|people\n(1)|(2)|(3)\nA|5|1\nB|6|3", "name|area|people", "||", 2, ""},
		{"numbers that count", "n|area|people\n1|2|3\n4|5|6\n7|8|9", "n|area|people", "||", 3, ""},
		{"empty columns between", "name||area||people\nA||5||1\nB||6||3", "name||area||people", "||", 2, ""},
		{"footnotes apart", "name|area|people\nA|5|1\nB|6|3\n||\nall without islands||\n* estimated||", "name|area|people", "||", 2, "all without islands;* estimated"},
		{"a source", "name|area|people\nA|5|1\nB|6|3\nمأخذ: مرکز آمار||", "name|area|people", "||", 2, "مأخذ: مرکز آمار"},
		{"a source below two columns", "name|people\nA|1\nB|3\n|\nSource: census|", "name|people", "|", 2, "Source: census"},
		{"a last row without values", "name|area|people\nA|5|1\nB|6|3\nC||", "name|area|people", "||", 3, ""},
		{"a last row without a value, apart", "name|people\nA|1\nB|3\n|\nC|", "name|people", "|", 3, ""},
		{"headings of groups", "name|area|people\nNorth||\nA|5|1\n||\nSouth||\nB|6|3", "name|area|people", "||", 4, ""},
		{"printed pages", "Title||\nname|area|people\nA|5|1\nB|6|3\nTitle||\nname|area|people\nC|5|1", "name|area|people", "||", 3, "Title"},
		{"merged downward", "region|city|people\nN↓3|a|1\n~|b|2\n~|c|3\nS↓2|d|4\n~|e|5", "region|city|people", "||", 5, ""},
		{"rows wider than the header", "c0|c1|c2\n" + wide + "\n" + wide + "\n" + wide, "c0|c1|c2", strings.Repeat("|", 29), 3, ""},
		{"numbers wider than the header", "c0|c1\n1|2|3|4|5\n6|7|8|9|0\n1|2|3|4|5", "c0|c1", "||||", 3, ""},
		{"a title above numbers", "Title||||\n1|2|3|4|5\n6|7|8|9|0\n1|2|3|4|5", "", "||||", 3, "Title"},
	} {
		for name, file := range map[string][]byte{"t.ods": inODS(t, c.table), "t.html": inHTML(c.table)} {
			t.Run(c.name+" "+name, func(t *testing.T) {
				sheets, schemas := openNamed(t, name, file)
				s := sheets[0]
				var units []string
				for i := range schemas[0] {
					units = append(units, schemas[0][i].Unit)
				}
				rows := strings.Count(cellsOf(t, s), "\n")
				header := strings.Join(s.Header, "|")
				if header != c.header || strings.Join(units, "|") != c.units || rows != c.rows || strings.Join(s.Notes, ";") != c.notes {
					t.Errorf("header %q, units %q, %d rows, notes %q", header, strings.Join(units, "|"), rows, s.Notes)
				}
			})
		}
	}
}

// Thousands of rows below the last full one are rows, and are read once.
func TestManyLastRowsAreRows(t *testing.T) {
	text := "name,area,people\nA,5,1\n\n" + strings.Repeat("more,,\n", 3000)
	s, schema, rows := openText(t, text, Options{})
	if len(rows) != 3001 || len(s.Notes) != 0 || schema[1].Type != Integer {
		t.Errorf("%d rows, %d notes", len(rows), len(s.Notes))
	}
}
