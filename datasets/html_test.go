package datasets

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"unicode/utf16"
)

const htmlRowsOf = `<tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr><tr><td>c</td><td>3</td></tr>`

func TestTablesOfAPage(t *testing.T) {
	data := `<table><tr><th>name</th><th>n</th></tr>` + htmlRowsOf + `</table>`
	want := "a|1\nb|2\nc|3\n"
	for _, c := range []struct {
		name, page string
		tables     string // their names, between commas
		rows       string // of the first
	}{
		{"with thead", `<table><thead><tr><td>name</td><td>n</td></tr></thead><tbody>` + htmlRowsOf + `</tbody></table>`, "", want},
		{"of td alone", `<table><tr><td>name</td><td>n</td></tr>` + htmlRowsOf + `</table>`, "", want},
		{"without ends", `<TABLE><TR><TH>name<TH>n<TR><TD>a<TD>1<TR><TD>b<TD>2<TR><TD>c<TD>3`, "", want},
		{
			"with a caption", `<h2>Not this</h2><table><caption> The <b>one</b>
			table </caption><tr><th>name</th><th>n</th></tr>` + htmlRowsOf + `</table>`, "The one table", want,
		},
		{"below a heading", `<h2>Spending &amp; more</h2><p>text</p>` + data, "Spending & more", want},
		{"several", `<h1>All</h1>` + data + data + `<h2>All</h2>` + data, "All,Table 2,All (2)", want},
		{"in a layout", `<table><tr><td>menu</td><td>` + data + `</td></tr><tr><td>foot</td><td>x</td></tr><tr><td>foot</td><td>x</td></tr></table>`, "", want},
		{
			"beside layouts", `<table><tr><td>logo</td><td>title</td></tr></table><table><tr><td>one</td></tr><tr><td>two</td></tr><tr><td>three</td></tr></table>` +
				`<table role="presentation"><tr><th>a</th><th>b</th></tr>` + htmlRowsOf + `</table>` +
				`<table><tr><td>User</td><td><input type=text></td></tr><tr><td>Password</td><td><input type=password></td></tr><tr><td>a</td><td><input type=submit></td></tr></table>` + data, "", want,
		},
		{
			"with a small table in a cell", `<table><tr><th>name</th><th>n</th></tr><tr><td>a <table><tr><td>in</td><td>side</td></tr></table></td><td>1</td></tr>` + htmlRowsOf + `</table>`,
			"", "a\nin side|1\n" + want,
		},
		{
			"with breaks and entities", `<table><tr><th>name</th><th>n</th></tr><tr><td> a&nbsp;<br>b<p>c </p></td><td>&lt;1&nbsp;</td></tr>` + htmlRowsOf + `</table>`,
			"", "a\u00A0\nb\nc|<1\n" + want,
		},
		{
			"with hidden text", `<table><tr><th>name</th><th>n</th></tr><tr><td><span style="display: none">0001</span>a<script>x()</script><sup hidden>*</sup></td><td>1</td></tr>` + htmlRowsOf + `</table>`,
			"", "a|1\n" + want,
		},
		{
			"with hidden text that does not end", `<table><tr><th>name</th><th>n</th></tr><tr><td>a<span style="display:none">x</td><td>1</td></tr>` + htmlRowsOf + `</table>`,
			"", "a|1\n" + want,
		},
		{"with empty rows", `<table><tr><th>name</th><th>n</th></tr><tr></tr><tr><td>&nbsp;</td><td></td></tr>` + htmlRowsOf + `</table>`, "", want},
		{"with rows that name themselves", `<table><tr><th>name</th><th>n</th></tr><tr><th>a</th><td>1</td></tr><tr><th>b</th><td>2</td></tr><tr><th>c</th><td>3</td></tr></table>`, "", want},
	} {
		t.Run(c.name, func(t *testing.T) {
			sheets, _ := openNamed(t, "page.xls", []byte("<html><body>"+c.page+"</body></html>"))
			var names []string
			for _, s := range sheets {
				names = append(names, s.Name)
			}
			if got := strings.Join(names, ","); got != c.tables {
				t.Errorf("the tables are %q", got)
			}
			if got := strings.Join(sheets[0].Header, ","); got != "name,n" {
				t.Errorf("the header is %q", got)
			}
			if got := cellsOf(t, sheets[0]); got != c.rows {
				t.Errorf("the rows are\n%q, want\n%q", got, c.rows)
			}
		})
	}
}

func TestPagesWithoutData(t *testing.T) {
	data := `<html><table><tr><th>name</th><th>n</th></tr>` + htmlRowsOf + `</table>`
	for _, c := range []struct{ name, page, want string }{
		{"page.html", "<html><body><h1>404</h1></body></html>", "web page"},
		{"page.xls", "<html><body><table><tr><td>Log in</td><td><input type=text></td></tr></table></body></html>", "web page"},
		{"page.html", "<html><table><tr><th>a</th><th>b</th></tr></table>", "web page"},
		{"data.csv", data, "web page"},
		{"data", data, "web page"},
		{"deep.html", "<html>" + strings.Repeat("<table><tr><td>", 100), "in each other"},
		{"wide.html", "<html><table><tr><th>a</th><th>b</th></tr><tr>" + strings.Repeat("<td colspan=1000>x</td>", 20) + "</tr><tr><td>1</td><td>2</td></tr></table>", "row 2: the row has more than 16384 cells"},
		{"tag.html", "<html><table><tr><td a=\"" + strings.Repeat("x", maxToken+1) + "\">1</td></tr></table>", "16 MiB"},
	} {
		_, err := Open(t.Context(), strings.NewReader(c.page), int64(len(c.page)), c.name, Options{})
		fault := (*FileError)(nil)
		if !errors.As(err, &fault) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want a fault with %q", c.name, err, c.want)
		}
	}
}

func TestEncodingsOfPages(t *testing.T) {
	page := func(head, text string) string {
		return "<html><head>" + head + "</head><table><tr><th>name</th><th>n</th></tr><tr><td>" + text + "</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table>"
	}
	for _, c := range []struct{ page, encoding, want string }{
		{page("", "سلام"), "utf-8", "سلام"},
		{page(`<meta charset="windows-1256">`, "\xD3\xE1\xC7\xE3"), "windows-1256", "سلام"},
		{page(`<meta http-equiv=content-type content="text/html; charset=iso-8859-2">`, "\xB3\xF3d\xBC"), "iso-8859-2", "łódź"},
		{page(`<meta charset="windows-1252">`, "سلام"), "utf-8", "سلام"}, // what it says of itself is wrong
		{page(`<meta charset="nonsense">`, "caf\xE9 na\xEFve"), "windows-1252", "café naïve"},
		{page(`<meta charset=windows-1251>`, "\xEC\xE8\xF0"), "windows-1251", "мир"},
		{wideText("\uFEFF" + page("", "سلام")), "utf-16le", "سلام"},
	} {
		sheets, _ := openNamed(t, "p.html", []byte(c.page))
		got, _, _ := strings.Cut(cellsOf(t, sheets[0]), "|")
		if got != c.want || sheets[0].Encoding != c.encoding {
			t.Errorf("%q in %s, want %q in %s", got, sheets[0].Encoding, c.want, c.encoding)
		}
	}
}

// wideText writes text in UTF-16, as programs export it.
func wideText(text string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(text)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return string(b)
}

func FuzzHTML(f *testing.F) {
	f.Add(`<table><tr><th>a<th>b<tr><td rowspan=2 colspan=3>1<td>2<tr><td>3</table>`)
	f.Add(`<h1>x</h1><table><thead><tr><td>a</td><td>b</td></tr></thead><caption>c</caption><tfoot><tr><td>1</td><td>2</td></tr></table>`)
	f.Add(`<table><tr><td><table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td><span hidden>x</table></table>`)
	f.Add("<table><tr><td>a<td>b<tr><td rowspan=99999999999>\x00<td>\xFF<tr><td>1<td>2<script></table>")
	f.Fuzz(func(t *testing.T, page string) {
		file := []byte("<html>" + page)
		sheets, err := Open(t.Context(), bytes.NewReader(file), int64(len(file)), "fuzz.html", Options{})
		if err != nil {
			if fault := (*FileError)(nil); !errors.As(err, &fault) {
				t.Fatalf("no error of the file: %v", err)
			}
			return
		}
		checkSheets(t, sheets)
	})
}
