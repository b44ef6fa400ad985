package xls

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/openshafaf/shafaf/datasets/xls/xlstest"
)

func openBytes(t *testing.T, file []byte) (*Book, error) {
	t.Helper()
	return Open(t.Context(), bytes.NewReader(file), int64(len(file)), nil)
}

// show prints the rows of sheet i, a line each: "row: column=value …", from 0.
func show(t *testing.T, k *Book, i int) (string, error) {
	t.Helper()
	var b strings.Builder
	for row, err := range k.Rows(t.Context(), i) {
		if err != nil {
			return b.String(), err
		}
		fmt.Fprintf(&b, "%d:", row.Number)
		for _, c := range row.Cells {
			switch c.Kind {
			case Number:
				fmt.Fprintf(&b, " %d=%v", c.Column, c.Number)
			case Boolean:
				fmt.Fprintf(&b, " %d=%v", c.Column, c.Number != 0)
			default:
				fmt.Fprintf(&b, " %d=%q", c.Column, c.Text)
			}
		}
		b.WriteByte('\n')
	}
	return b.String(), nil
}

// check reads a file and compares its first sheet.
func check(t *testing.T, file []byte, want string) *Book {
	t.Helper()
	k, err := openBytes(t, file)
	if err != nil {
		t.Fatal(err)
	}
	got, err := show(t, k, 0)
	if err != nil {
		t.Fatal(err)
	}
	if want = strings.ReplaceAll(strings.TrimSpace(want), "\t", ""); strings.TrimSpace(got) != want {
		t.Errorf("the sheet has\n%s\nand not\n%s", got, want)
	}
	return k
}

// one returns the stream of a book with one sheet.
func one(globals []byte, records ...[]byte) []byte {
	return xlstest.Stream(globals, xlstest.Sheet{Name: "s", Records: slices.Concat(records...)})
}

func rec(id uint16, values ...any) []byte { return xlstest.Record(id, values...) }

// at begins a cell.
func at(row, column uint16) []byte { return xlstest.Pack(row, column, uint16(0)) }

func TestCellsOfAllKinds(t *testing.T) {
	globals := xlstest.Strings("نام", "b")
	file := one(globals,
		xlstest.Label(0, 0, 0), xlstest.Label(0, 1, 1), xlstest.Label(0, 2, 7), // there is no text 7
		xlstest.Number(1, 0, 0, 1.5), rec(recBoolErr, at(1, 1), byte(1), byte(0)), rec(recBoolErr, at(1, 2), byte(0x2A), byte(1)),
		rec(recLabel, at(2, 0), xlstest.Text("own")), rec(0x0201, at(2, 1)), // an empty cell
		rec(recRK, at(3, 0), uint32(0x3FF00000)), rec(recRK, at(3, 1), uint32(123<<2|2)),
		rec(recRK, at(3, 2), uint32(0x40080000|1)), rec(recRK, at(3, 3), ^uint32(0)), // -1 in hundredths
		rec(recMulRK, uint16(4), uint16(1), uint16(0), uint32(7<<2|2), uint16(0), uint32(8<<2|2), uint16(0), uint32(9<<2|3), uint16(3)),
		rec(recFormula4, at(5, 0), 2.5, make([]byte, 8)), rec(recFormula, at(5, 1), "\x01\x00\x01\x00\x00\x00\xFF\xFF", make([]byte, 8)),
		rec(recFormula, at(5, 2), "\x02\x00\x07\x00\x00\x00\xFF\xFF", make([]byte, 8)), rec(recFormula, at(5, 3), "\x03\x00\x00\x00\x00\x00\xFF\xFF"),
		rec(recFormula, at(6, 0), "\x00\x00\x00\x00\x00\x00\xFF\xFF", make([]byte, 8)), rec(0x04BC, "shared"), rec(recString, xlstest.Text("text of it")),
		rec(recFormula, at(6, 1), "\x00\x00\x00\x00\x00\x00\xFF\xFF", make([]byte, 8)), rec(recNumber, at(6, 2), 4.0),
		rec(recString, xlstest.Text("of nothing")),
	)
	want := `
	0: 0="نام" 1="b"
	1: 0=1.5 1=true 2="#N/A"
	2: 0="own"
	3: 0=1 1=123 2=0.03 3=-0.01
	4: 1=7 2=8 3=0.09
	5: 0=2.5 1=true 2="#DIV/0!"
	6: 0="text of it" 2=4`
	for name, f := range map[string][]byte{
		"stream": file, "small": xlstest.Wrap(file), "large": xlstest.Wrap(append(file, make([]byte, 20_000)...)),
	} {
		t.Run(name, func(t *testing.T) { check(t, f, want) })
	}
}

// A text goes on in the next record between any two characters, with either
// width, and between the parts behind it.
func TestSharedStringsThatAreSplit(t *testing.T) {
	wide := xlstest.Wide("سلام دنیا 🏛")
	for cut := 0; cut <= len(wide); cut += 2 {
		globals := slices.Concat(
			rec(recStrings, uint32(3), uint32(3), xlstest.Text("first"), uint16(len(wide)/2), byte(1), wide[:cut]),
			rec(recContinue, byte(1), wide[cut:], xlstest.Text("last")),
		)
		if cut == len(wide) { // between two texts nothing says how wide they are
			globals = slices.Concat(
				rec(recStrings, uint32(3), uint32(3), xlstest.Text("first"), uint16(len(wide)/2), byte(1), wide),
				rec(recContinue, xlstest.Text("last")),
			)
		}
		check(t, one(globals, xlstest.Label(0, 0, 0), xlstest.Label(0, 1, 1), xlstest.Label(0, 2, 2)), `0: 0="first" 1="سلام دنیا 🏛" 2="last"`)
	}
	// The rest in one byte a character, then in two; a mark of a record of no text between.
	globals := slices.Concat(
		rec(recStrings, uint32(2), uint32(2), uint16(6), byte(1), xlstest.Wide("اب")), rec(recContinue, byte(0), "c\xE9"),
		rec(recContinue, byte(1)), rec(recContinue, byte(1), xlstest.Wide("پت"), xlstest.Text("z")),
	)
	check(t, one(globals, xlstest.Label(0, 0, 0), xlstest.Label(0, 1, 1)), `0: 0="ابcéپت" 1="z"`)
}

func TestRichAndPhoneticTexts(t *testing.T) {
	after := slices.Concat(make([]byte, 2*4), []byte("readings of words"))
	text := xlstest.Pack(uint16(4), byte(richFlag|phoneticFlag), uint16(2), uint32(17), "rich")
	for cut := range after {
		globals := slices.Concat(
			rec(recStrings, uint32(2), uint32(2), text, after[:cut]),
			rec(recContinue, after[cut:], xlstest.Text("next")),
		)
		check(t, one(globals, xlstest.Label(0, 0, 0), xlstest.Label(0, 1, 1)), `0: 0="rich" 1="next"`)
	}
	// The head of a text may be cut as well.
	for cut := range 9 {
		globals := slices.Concat(
			rec(recStrings, uint32(2), uint32(2), text[:cut]),
			rec(recContinue, text[cut:], after, xlstest.Text("next")),
		)
		check(t, one(globals, xlstest.Label(0, 0, 0), xlstest.Label(0, 1, 1)), `0: 0="rich" 1="next"`)
	}
}

func TestTextOfAFormulaThatIsSplit(t *testing.T) {
	check(t, one(nil,
		rec(recFormula, at(0, 0), "\x00\x00\x00\x00\x00\x00\xFF\xFF", make([]byte, 8)),
		rec(recString, uint16(5), byte(0), "ab"), rec(recContinue, byte(1), xlstest.Wide("پتث"))), `0: 0="abپتث"`)
}

func TestBookAndItsSheets(t *testing.T) {
	globals := slices.Concat(
		rec(recDateMode, uint16(1)), xlstest.Code(164, "yyyy/mm/dd"), xlstest.Style(0), xlstest.Style(14), xlstest.Style(164),
	)
	chart := slices.Concat(xlstest.Begin(0x0600, 0x20), xlstest.Number(9, 9, 0, 9), xlstest.End())
	k := check(t, xlstest.Stream(globals,
		xlstest.Sheet{Name: "داده", Records: slices.Concat(
			xlstest.Number(0, 0, 2, 1), chart, xlstest.Number(1, 0, 0, 2),
			rec(recMerged, uint16(3), uint16(0), uint16(1), uint16(0), uint16(2), uint16(5), uint16(4), uint16(0), uint16(0), uint16(3), uint16(3), uint16(1), uint16(1)),
			rec(recMerged, uint16(99), uint16(7), uint16(8), uint16(0), uint16(0)), // counts more than there are
		)},
		xlstest.Sheet{Name: "chart", Kind: 2, Records: xlstest.Number(0, 0, 0, 5)},
		xlstest.Sheet{Name: "hidden", State: 1, Records: xlstest.Number(0, 0, 0, 3)},
		xlstest.Sheet{Name: "very", State: 2},
	), "0: 0=1\n1: 0=2")
	if !k.Date1904 || len(k.Styles) != 3 || k.Styles[1] != (Format{14, ""}) || k.Styles[2] != (Format{164, "yyyy/mm/dd"}) {
		t.Errorf("%v %v", k.Date1904, k.Styles)
	}
	var names []string
	for _, s := range k.Sheets {
		names = append(names, fmt.Sprint(s.Name, s.Hidden))
	}
	if got := strings.Join(names, " "); got != "دادهfalse hiddentrue verytrue" {
		t.Errorf("sheets %s", got)
	}
	if want := []Range{{0, 1, 0, 2}, {3, 3, 1, 1}, {7, 8, 0, 0}}; !slices.Equal(k.Sheets[0].Merged, want) {
		t.Errorf("merged %v", k.Sheets[0].Merged)
	}
}

// Programs that write cells as they come: column by column, or twice.
func TestCellsInNoOrder(t *testing.T) {
	text := slices.Concat(rec(recFormula, at(1, 2), "\x00\x00\x00\x00\x00\x00\xFF\xFF", make([]byte, 8)), rec(recString, xlstest.Text("f")))
	lost := rec(recFormula, at(0, 3), "\x00\x00\x00\x00\x00\x00\xFF\xFF", make([]byte, 8)) // its text is missing
	file := one(nil,
		xlstest.Number(2, 0, 0, 1), xlstest.Number(1, 0, 0, 2), text, lost, xlstest.Number(0, 1, 0, 3), xlstest.Number(2, 0, 0, 4), rec(recLabel, at(1, 1), xlstest.Text("l")))
	check(t, file, "0: 1=3\n1: 0=2 1=\"l\" 2=\"f\"\n2: 0=4")
	check(t, one(nil, xlstest.Number(0, 5, 0, 1), xlstest.Number(0, 2, 0, 2), xlstest.Number(0, 5, 0, 3)), "0: 2=2 5=3")
	_, err := open(t.Context(), &Book{stream: bytes.NewReader(file), size: int64(len(file)), limit: limits{MaxStrings, 5}})
	if !errors.Is(err, errPlaces) {
		t.Errorf("%v", err)
	}
}

func TestBooksBefore97(t *testing.T) {
	salam, err := charmap.Windows1256.NewEncoder().String("سلام")
	if err != nil {
		t.Fatal(err)
	}
	label := func(row uint16, text string) []byte { return rec(recLabel, at(row, 0), uint16(len(text)), text) }
	sheet := xlstest.Sheet{Name: salam, Records: slices.Concat(label(0, salam), rec(recRichString, at(1, 0), uint16(1), "r", byte(0)),
		rec(recFormula, at(2, 0), "\x00\x00\x00\x00\x00\x00\xFF\xFF", make([]byte, 8)), rec(recString, uint16(len(salam)), salam))}
	globals := slices.Concat(rec(recCodePage, uint16(1256)), rec(recFormat, uint16(164), byte(4), "yyyy"), xlstest.Style(164))
	k := check(t, xlstest.Container(xlstest.Entry{Name: "Book", Data: xlstest.Stream95(globals, sheet)}), "0: 0=\"سلام\"\n1: 0=\"r\"\n2: 0=\"سلام\"")
	if k.Sheets[0].Name != "سلام" || k.Styles[0].Code != "yyyy" {
		t.Errorf("%q %v", k.Sheets[0].Name, k.Styles)
	}
	// Scripts write a sheet without a book, and say nothing of its encoding.
	bare := func(text string) []byte {
		return slices.Concat(rec(recBOF, uint16(0), uint16(0x10), uint32(0)), label(0, text), rec(recNumber, at(0, 1), 5.0), xlstest.End())
	}
	check(t, bare("سلام"), `0: 0="سلام" 1=5`)
	check(t, bare("caf\xE9\x00"), `0: 0="café" 1=5`)
	file := bare(salam)
	named, err := Open(t.Context(), bytes.NewReader(file), int64(len(file)), charmap.Windows1256)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := show(t, named, 0); err != nil || got != "0: 0=\"سلام\" 1=5\n" {
		t.Errorf("%s %v", got, err)
	}
}

func TestBooksThatAreNotRead(t *testing.T) {
	good := one(xlstest.Strings("a"), xlstest.Label(0, 0, 0))
	var row []byte // with more cells than there are columns
	for range 9 {
		row = append(row, rec(recMulRK, uint16(0), uint16(0), make([]byte, 6*8192), uint16(8191))...)
	}
	within := xlstest.Stream(nil, xlstest.Sheet{Name: "a", Records: slices.Concat(xlstest.Begin(0x600, 0x10), xlstest.End())}, xlstest.Sheet{Name: "b"})
	binary.LittleEndian.PutUint32(within[len(xlstest.Begin(0x600, 5))+4+10+4:], binary.LittleEndian.Uint32(within[len(xlstest.Begin(0x600, 5))+4:])+12)
	same := bytes.Clone(xlstest.Stream(nil, xlstest.Sheet{Name: "a"}, xlstest.Sheet{Name: "b"}))
	copy(same[len(xlstest.Begin(0x600, 5))+4+10+4:], same[len(xlstest.Begin(0x600, 5))+4:][:4])
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"locked", one(rec(recFilePass, uint16(1))), "password"},
		{"Excel 4", rec(0x0409, uint16(0), uint16(0x10), uint16(0)), "Excel 4"},
		{"Excel 3", rec(0x0209, uint16(0), uint16(0x10), uint16(0)), "Excel 3"},
		{"Excel 2", rec(0x0009, uint16(2), uint16(0x10)), "Excel 2"},
		{"a later one", xlstest.Begin(0x0700, 5), "0x700"},
		{"a chart alone", slices.Concat(xlstest.Begin(0x0600, 0x20), xlstest.End()), "only a chart"},
		{"no book", xlstest.Container(xlstest.Entry{Name: "Contents", Data: []byte("x")}), "no workbook"},
		{"cut in a sheet", good[:len(good)-8], "sheet \"s\": it is cut off"},
		{"cut before the end", good[:len(good)-4], "cut off"},
		{"cut in the book", good[:30], "cut off"},
		{"a sheet elsewhere", xlstest.Stream(nil, xlstest.Sheet{Name: "s"})[:30], "cut off"},
		{"sheets at one place", same, "at one place"},
		{"a sheet in a sheet", within, "sheet \"a\": it is cut off"},
		{"a row of many cells", one(nil, row, row), "more than any program writes"},
		{"a short cell", one(nil, rec(recLabelSST, uint16(0), uint16(0))), "too short"},
		{"a short number", one(nil, rec(recNumber, at(0, 0), uint32(0))), "too short"},
		{"a text that does not go on", one(rec(recStrings, uint32(1), uint32(1), uint16(9), byte(1), xlstest.Wide("abc"))), "too short"},
		{"a text of a sheet that does not go on", one(nil, rec(recLabel, at(0, 0), uint16(100), byte(0), "x")), "too short"},
	} {
		t.Run(c.name, func(t *testing.T) {
			k, err := openBytes(t, c.file)
			for i := 0; err == nil && i < len(k.Sheets); i++ {
				_, err = show(t, k, i)
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// What a book says of itself costs no memory.
func TestCountsThatLie(t *testing.T) {
	check(t, one(rec(recStrings, ^uint32(0), ^uint32(0), xlstest.Text("a")), xlstest.Label(0, 0, 0)), `0: 0="a"`)
	file := one(xlstest.Strings(strings.Repeat("x", 1000), strings.Repeat("y", 1100)))
	_, err := open(t.Context(), &Book{stream: bytes.NewReader(file), size: int64(len(file)), limit: limits{2000, 10}})
	if err == nil || !strings.Contains(err.Error(), "its texts have more than") {
		t.Errorf("%v", err)
	}
}

func TestReadingEndsWithItsContext(t *testing.T) {
	var records []byte
	for range 3 * checkEvery {
		records = append(records, xlstest.Number(0, 0, 0, 1)...)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	file := one(nil, records)
	if _, err := Open(ctx, bytes.NewReader(file), int64(len(file)), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func FuzzBook(f *testing.F) {
	text := slices.Concat(rec(recFormula, at(1, 2), "\x00\x00\x00\x00\x00\x00\xFF\xFF", make([]byte, 8)), rec(recString, xlstest.Text("f")))
	globals := slices.Concat(xlstest.Code(164, "yyyy"), xlstest.Style(164),
		rec(recStrings, uint32(2), uint32(2), uint16(6), byte(1), xlstest.Wide("اب")), rec(recContinue, byte(0), "cdef", xlstest.Text("z")))
	f.Add(one(globals, xlstest.Label(0, 0, 0), xlstest.Label(0, 1, 1), text, rec(recMerged, uint16(1), make([]byte, 8))))
	f.Add(one(nil, xlstest.Number(1, 0, 0, 1), text, xlstest.Number(0, 0, 0, 2), rec(recBoolErr, at(0, 0), byte(1), byte(0))))
	f.Add(xlstest.Wrap(one(nil, rec(recMulRK, uint16(4), uint16(1), uint16(0), uint32(7), uint16(0), uint32(8), uint16(2)))))
	f.Add(xlstest.Container(xlstest.Entry{Name: "Book", Data: xlstest.Stream95(rec(recCodePage, uint16(1256)), xlstest.Sheet{Name: "s", Records: rec(recLabel, at(0, 0), uint16(1), "x")})}))
	f.Add(slices.Concat(rec(recBOF, uint16(0), uint16(0x10), uint32(0)), rec(recLabel, at(0, 0), uint16(1), "x"), xlstest.End()))
	f.Fuzz(func(t *testing.T, file []byte) {
		Sniff(bytes.NewReader(file), int64(len(file)))
		k, err := openBytes(t, file)
		if err != nil {
			return
		}
		for i := range k.Sheets {
			last := -1
			for row, err := range k.Rows(t.Context(), i) {
				if err != nil {
					break
				}
				if row.Number <= last || len(row.Cells) == 0 {
					t.Fatalf("row %d with %d cells behind row %d", row.Number, len(row.Cells), last)
				}
				last = row.Number
				column := -1
				for _, c := range row.Cells {
					if c.Column <= column || !utf8.Valid(c.Text) || c.Kind == Text && len(c.Text) == 0 {
						t.Fatalf("cell %+v behind column %d", c, column)
					}
					column = c.Column
				}
			}
		}
	})
}
