package datasets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/traditionalchinese"
	enc "golang.org/x/text/encoding/unicode"
)

// csvCases are files and what their rows are: cells with | between them.
var csvCases = []struct{ name, text, delimiter, want string }{
	{"plain", "a,b\n1,x\n2,y\n", ",", "1|x 2|y"},
	{"no line end at the end", "a,b\n1,x\n2,y", ",", "1|x 2|y"},
	{"byte order mark", "\xEF\xBB\xBFa,b\n1,x\n", ",", "1|x"},
	{"CR LF", "a,b\r\n1,x\r\n2,y\r\n", ",", "1|x 2|y"},
	{"bare CR", "a,b\r1,x\r2,y", ",", "1|x 2|y"},
	{"mixed line ends", "a,b\r\n1,x\n2,y\r3,z\n", ",", "1|x 2|y 3|z"},
	{"semicolons", "a;b;c\n1;1,5;x\n2;2,5;y\n", ";", "1|1,5|x 2|2,5|y"},
	{"tabs", "a\tb\n1\tx y\n2\ty, z\n", "\t", "1|x_y 2|y,_z"},
	{"bars", "a|b\n1|x\n2|y\n", "|", "1|x 2|y"},
	{"sep line", "sep=;\na;b\n1;x\n", ";", "1|x"},
	{"one column", "name\nx\ny\n", "", "x y"},
	{"one column with commas", "text\nHello, all\nnobody\nAll, of, them\nnothing\n", "", "Hello,_all nobody All,_of,_them nothing"},
	{"quotes", "a,b\n\"x, y\",\"he said \"\"no\"\"\"\n1,2\n", ",", `x,_y|he_said_"no" 1|2`},
	{"quote in a cell", "a,b\n5\" pipe,x\n6\" pipe,y\n", ",", `5"_pipe|x 6"_pipe|y`},
	{"text behind a quote", "a,b\n\"x\"y,z\n1,2\n", ",", "xy|z 1|2"},
	{"blanks before a quote", "a, b\n1, \"x, y\"\n2, \"z\"\n", ",", "1|x,_y 2|z"},
	{"lines in a cell", "a,b\n\"x\ny\",1\n\"x\r\ny\",2\n", ",", "x\ny|1 x\r\ny|2"},
	{"blank lines", "a,b\n\n1,x\n\n,\n2,y\n   \n", ",", "1|x 2|y"},
	{"short rows", "a,b,c\n1,x,y\n2\n3,x,y\n", ",", "1|x|y 2 3|x|y"},
	{"empty cells", "a,b,c\n1,,\"\"\n2,x,y\n", ",", "1|| 2|x|y"},
	{"NUL", "a,b\n1,x\x00y\n2,z\n", ",", "1|xy 2|z"},
	{"broken UTF-8", "a,b\n1,éééééééééééééééééééééééé\xff\n2,z\n", ",", "1|éééééééééééééééééééééééé\uFFFD 2|z"},
	{"open quote", "a,b\n1,x\n\"2,y\n3,z\n", ",", `1|x "2|y 3|z`},
	{"repeated header", "a,b\n1,x\na,b\n2,y\n", ",", "1|x 2|y"},
	{"Persian", "نام،لقب;سن\nعلی;۳۴\nزهرا;۲۳\n", ";", "علی|۳۴ زهرا|۲۳"},
}

func TestCSV(t *testing.T) {
	for _, c := range csvCases {
		t.Run(c.name, func(t *testing.T) {
			s, _, _ := openText(t, c.text, Options{})
			if s.Delimiter != c.delimiter {
				t.Errorf("delimiter %q, want %q", s.Delimiter, c.delimiter)
			}
			var rows []string
			for rec, err := range s.Records(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				cells := make([]string, len(rec.Cells))
				for i, cell := range rec.Cells {
					cells[i] = strings.ReplaceAll(string(cell.Text), " ", "_")
				}
				rows = append(rows, strings.Join(cells, "|"))
			}
			if got := strings.Join(rows, " "); got != c.want {
				t.Errorf("rows %q, want %q", got, c.want)
			}
		})
	}
}

// A record is the same wherever the parts in which the text comes are cut.
func TestCSVInSmallParts(t *testing.T) {
	for _, c := range csvCases {
		if c.delimiter == "" || strings.HasPrefix(c.text, "sep=") {
			continue
		}
		whole := parseAll(t, strings.NewReader(c.text), c.delimiter[0], 1<<10)
		for _, size := range []int{2, 3, 7} {
			if got := parseAll(t, oneByte{strings.NewReader(c.text)}, c.delimiter[0], size); got != whole {
				t.Errorf("%s: with a buffer of %d: %q, want %q", c.name, size, got, whole)
			}
		}
	}
}

func parseAll(t *testing.T, r io.Reader, delim byte, size int) string {
	t.Helper()
	p := newCSVParser(r, delim, size)
	var b strings.Builder
	for {
		rec, err := p.next()
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range rec.Cells {
			fmt.Fprintf(&b, "%q ", c.Text)
		}
		fmt.Fprintln(&b, rec.Row)
	}
}

// oneByte reads one byte at a time.
type oneByte struct{ r io.Reader }

func (o oneByte) Read(p []byte) (int, error) { return o.r.Read(p[:min(1, len(p))]) }

func TestRowsAreCountedAsTheirAuthorCounts(t *testing.T) {
	s, _, rows := openText(t, "Title\n\na,b,c\n1,\"x\ny\",z\n\n2\n3,x,y,more,\n4,x,y\n", Options{})
	if s.HeaderRow != 3 || len(s.Notes) != 1 || s.Notes[0] != "Title" || len(rows) != 4 {
		t.Errorf("header in row %d, notes %q, %d rows", s.HeaderRow, s.Notes, len(rows))
	}
	faults, n := s.Faults()
	if n != 2 || faults[0].Row != 6 || faults[1].Row != 7 {
		t.Errorf("%d faults: %v", n, faults)
	}
	if got := rows[2]; got[len(got)-1] != `["more",""]` {
		t.Errorf("extra cells: %v", got)
	}
}

func TestFaultsAreCountedOnceAndBounded(t *testing.T) {
	s, schema, _ := openText(t, "a,b\n"+strings.Repeat("1,x\n", 2000)+strings.Repeat("1\n", 1500), Options{})
	for range 2 {
		printed(t, s, schema)
	}
	if kept, n := s.Faults(); len(kept) != MaxFaults || n != 1500 {
		t.Errorf("%d of %d faults kept", len(kept), n)
	}
}

func TestOptionsOverrideWhatIsFound(t *testing.T) {
	s, schema, rows := openText(t, "a;b,c\n1;2,3\n", Options{Delimiter: ",", HeaderRow: -1})
	if s.HeaderRow != 0 || len(schema) != 2 || len(rows) != 2 || rows[0][0] != "a;b" {
		t.Errorf("%+v %v", schema, rows)
	}
	s, _, rows = openText(t, "x,y\n1,2\na,b\n3,4\n", Options{HeaderRow: 3})
	if s.Header[0] != "a" || len(s.Notes) != 2 || len(rows) != 1 {
		t.Errorf("%v, notes %q, rows %v", s.Header, s.Notes, rows)
	}
	s, _, _ = openText(t, "نام,سن\nx,1\n", Options{Encoding: "windows-1252"})
	if s.Encoding != "windows-1252" || s.Header[0] == "نام" {
		t.Errorf("%s %q", s.Encoding, s.Header)
	}
	for _, opt := range []Options{{Encoding: "klingon"}, {Delimiter: ";;"}, {Delimiter: "\n"}} {
		_, err := Open(t.Context(), strings.NewReader("a,b\n"), 4, "x.csv", opt)
		if fault := (*FileError)(nil); !errors.As(err, &fault) {
			t.Errorf("%+v: %v", opt, err)
		}
	}
}

// One line without end is a sentence that names the row, not a full memory.
func TestTooLargeRows(t *testing.T) {
	line := func(start string, n int) func() io.ReaderAt {
		return func() io.ReaderAt {
			return bytes.NewReader(append([]byte("a,b\n1,2\n"+start), bytes.Repeat([]byte("x"), n)...))
		}
	}
	wide := append([]byte("a,b\n1,2\n"), bytes.Repeat([]byte(","), 20_000)...)
	many := append([]byte("a,b\n1,2\n"), bytes.Repeat([]byte("xxxxxxxx,"), 9<<20)...)
	for _, c := range []struct {
		name string
		file func() io.ReaderAt
		want string
	}{
		{"a line of 100 MB", line("", 100<<20), "16 MiB"},
		{"an open quote of 100 MB", line("\"", 100<<20), "16 MiB"},
		{"a row of many cells", func() io.ReaderAt { return bytes.NewReader(wide) }, "16384 cells"},
		{"a row of 80 MB", func() io.ReaderAt { return bytes.NewReader(many) }, "16384 cells"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := c.file()
			size := int64(f.(*bytes.Reader).Len())
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			sheets, err := Open(t.Context(), f, size, "big.csv", Options{})
			if err == nil {
				_, err = sheets[0].Infer(t.Context())
			}
			runtime.ReadMemStats(&after)
			fault := (*FileError)(nil)
			if !errors.As(err, &fault) || fault.Row != 3 || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("%v", err)
			}
			if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 400 {
				t.Errorf("%d MB were asked for in all", used)
			}
		})
	}
}

// A header of too many cells is not taken for one long cell.
func TestTooManyColumns(t *testing.T) {
	line := strings.Repeat("name,", 20_000) + "last\n"
	for _, text := range []string{line, line + strings.Repeat("1,2,3\n", 5), line[:6000*5] + "\n" + line} {
		sheets, err := Open(t.Context(), strings.NewReader(text), int64(len(text)), "wide.csv", Options{})
		if err == nil {
			_, err = sheets[0].Infer(t.Context())
		}
		if fault := (*FileError)(nil); !errors.As(err, &fault) || !strings.Contains(err.Error(), "16384 cells") {
			t.Errorf("%v", err)
		}
	}
}

func TestEncodings(t *testing.T) {
	western := "nombre;gestión;año\nMéxico;administración;más\nPeña;señor;según\n"
	polish := "tytuł;wartość;źródło\nBudowa drogi ekspresowej;społeczność łódzka;świętokrzyskie\nŻółta łódź;gęś;ćma i jaźń\nWspółpraca międzynarodowa;Kraków;Wrocław\n"
	arabicText := "نام;استان\nعلي;آذربايجان شرقي\nزهرا;كرمان و سيستان\n"
	chinese := "編號;景點名稱\n1;雲嘉南濱海國家風景區管理處\n2;七股鹽山與臺南市安平古堡\n3;停車場在旁邊\n"
	persian := "نام;استان\nعلی;آذربایجان شرقی\n"
	wideLE := enc.UTF16(enc.LittleEndian, enc.UseBOM)
	bare := enc.UTF16(enc.BigEndian, enc.IgnoreBOM)
	for _, c := range []struct {
		want, text string
		encode     func(string) (string, error)
	}{
		{"utf-8", persian, func(s string) (string, error) { return s, nil }},
		{"windows-1252", western, charmap.Windows1252.NewEncoder().String},
		{"windows-1250", polish, charmap.Windows1250.NewEncoder().String},
		{"windows-1256", arabicText, charmap.Windows1256.NewEncoder().String},
		{"macintosh", western, charmap.Macintosh.NewEncoder().String},
		{"ibm850", western, charmap.CodePage850.NewEncoder().String},
		{"big5", chinese, traditionalchinese.Big5.NewEncoder().String},
		{"utf-16le", persian, wideLE.NewEncoder().String},
		{"utf-16be", western, bare.NewEncoder().String},
	} {
		t.Run(c.want, func(t *testing.T) {
			bytes, err := c.encode(c.text)
			if err != nil {
				t.Fatal(err)
			}
			s, _, rows := openText(t, bytes, Options{})
			if s.Encoding != c.want {
				t.Errorf("encoding %s", s.Encoding)
			}
			lines := strings.Split(strings.TrimSpace(c.text), "\n")
			if got := strings.Join(s.Header, ";"); got != lines[0] {
				t.Errorf("header %q, want %q", got, lines[0])
			}
			for i, row := range rows {
				if got := strings.Join(row, ";"); got != lines[i+1] {
					t.Errorf("row %q, want %q", got, lines[i+1])
				}
			}
		})
	}
}

// The first byte that is not UTF-8 may come after a megabyte.
func TestEncodingOfTheWholeFile(t *testing.T) {
	text := "a,b\n" + strings.Repeat("plain,text\n", 200_000) + "caf\xe9,na\xefve\n"
	s, _, rows := openText(t, text, Options{})
	if last := rows[len(rows)-1]; s.Encoding != "windows-1252" || last[0] != "café" {
		t.Errorf("%s: %v", s.Encoding, last)
	}
}

func TestCSVStopsWithItsContext(t *testing.T) {
	text := "a,b\n" + strings.Repeat("1,2\n", 100_000)
	ctx, cancel := context.WithCancel(t.Context())
	sheets, err := Open(ctx, strings.NewReader(text), int64(len(text)), "x.csv", Options{})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := sheets[0].Infer(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func FuzzCSV(f *testing.F) {
	for _, c := range csvCases {
		f.Add([]byte(c.text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		sheets, err := Open(t.Context(), bytes.NewReader(text), int64(len(text)), "fuzz.csv", Options{})
		if err != nil {
			if fault := (*FileError)(nil); !errors.As(err, &fault) {
				t.Fatalf("no error of the file: %v", err)
			}
			return
		}
		checkSheets(t, sheets)
	})
}

// checkSheets reads sheets whole and checks that each row that goes in comes
// out, with the text of each cell.
func checkSheets(t *testing.T, sheets []*Sheet) {
	t.Helper()
	for _, s := range sheets {
		schema, err := s.Infer(t.Context())
		if err != nil {
			if fault := (*FileError)(nil); !errors.As(err, &fault) {
				t.Fatalf("no error of the file: %v", err)
			}
			return
		}
		names := map[string]bool{}
		for i := range schema {
			if key := strings.ToLower(schema[i].Name); key == "" || names[key] {
				t.Fatalf("the name %q is empty or there twice", schema[i].Name)
			} else {
				names[key] = true
			}
		}
		checkRoundTrip(t, s, schema)
	}
}
