package datasets

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/datasets/xls/xlstest"
)

// xlsFile returns a workbook with the shared strings of text, the styles of
// codes from 1 on, and the sheets.
func xlsFile(globals []byte, sheets ...xlstest.Sheet) []byte {
	return xlstest.Wrap(xlstest.Stream(globals, sheets...))
}

func TestOldWorkbook(t *testing.T) {
	globals := slices.Concat(
		xlstest.Code(164, "yyyy\\-mm\\-dd"), xlstest.Code(165, "[$-160429]dd/mm/yyyy h:mm"), xlstest.Code(166, "[h]:mm"), xlstest.Code(167, "0.0%"),
		xlstest.Style(0), xlstest.Style(164), xlstest.Style(165), xlstest.Style(166), xlstest.Style(167), xlstest.Style(14),
		xlstest.Strings("Title of the table", "id", "متن", "rate", "day", "moment", "clock", "ok", "code", "کتاب", " two\nlines ", "007", "12", "other"),
	)
	truth := func(row, column uint16, value, isError byte) []byte {
		return xlstest.Record(0x0205, row, column, uint16(0), value, isError)
	}
	var head []byte
	for i := range uint16(8) {
		head = append(head, xlstest.Label(3, i, i+1)...)
	}
	records := slices.Concat(
		xlstest.Label(1, 0, 0), head,
		xlstest.Number(4, 0, 0, 100), xlstest.Label(4, 1, 9), xlstest.Number(4, 2, 0, 0.123456789012345), xlstest.Number(4, 3, 1, 45000),
		xlstest.Number(4, 4, 2, 45000.5), xlstest.Number(4, 5, 3, 0.25), truth(4, 6, 1, 0), xlstest.Label(4, 7, 11),
		xlstest.Number(5, 0, 0, 101), xlstest.Label(5, 1, 10), xlstest.Number(5, 2, 4, 1.1), xlstest.Number(5, 3, 5, 45001),
		xlstest.Number(5, 4, 2, 45001.75), xlstest.Number(5, 5, 3, 0.5), truth(5, 6, 0, 0), xlstest.Label(5, 7, 12),
		xlstest.Number(8, 0, 0, 102), xlstest.Number(8, 2, 0, -12.5), truth(8, 3, 0x2A, 1), truth(8, 4, 0x07, 1), xlstest.Label(8, 7, 13),
		xlstest.Record(0x0201, uint16(20), uint16(0), uint16(1)), // a cell with a style alone
		xlstest.Record(0x00E5, uint16(1), uint16(1), uint16(1), uint16(0), uint16(7)),
	)
	sheets, schemas, tables := openBook(t, xlsFile(globals,
		xlstest.Sheet{Name: "یکم", Records: records}, xlstest.Sheet{Name: "خالی"},
		xlstest.Sheet{Name: "دوم", State: 1, Records: slices.Concat(xlstest.Label(2, 1, 2), xlstest.Label(2, 2, 3), xlstest.Label(3, 1, 9), xlstest.Number(3, 2, 0, 1))},
	))
	if len(sheets) != 2 || sheets[0].Name != "یکم" || sheets[1].Name != "دوم" {
		t.Fatalf("%d sheets", len(sheets))
	}
	s := sheets[0]
	if s.HeaderRow != 4 || len(s.Notes) != 1 || s.Notes[0] != "Title of the table" {
		t.Errorf("header in row %d, notes %q", s.HeaderRow, s.Notes)
	}
	want := []string{"integer", "text", "decimal float", "date serial", "datetime serial", "text", "boolean", "text"}
	for i, w := range want {
		if got := describe(&schemas[0][i]); got != w {
			t.Errorf("column %s is %s, want %s", schemas[0][i].Name, got, w)
		}
	}
	rows := []string{
		"100|کتاب|0.123456789012345|2023-03-15|2023-03-15T12:00:00|06:00|true|007",
		"101| two\nlines |1.1|2023-03-16|2023-03-16T18:00:00|12:00|false|12",
		"102|∅|-12.5|∅‹#N/A›|∅‹#DIV/0!›|∅|∅|other",
	}
	for i, w := range rows {
		if got := strings.Join(tables[0][i], "|"); got != w {
			t.Errorf("row %d is %s, want %s", i, got, w)
		}
	}
	if len(tables[0]) != 3 || len(tables[1]) != 1 {
		t.Errorf("%d and %d rows", len(tables[0]), len(tables[1]))
	}
}

func TestOldWorkbookCountsDaysFrom1904(t *testing.T) {
	globals := slices.Concat(xlstest.Record(0x0022, uint16(1)), xlstest.Style(0), xlstest.Style(14), xlstest.Strings("day", "k", "a", "b"))
	_, schemas, tables := openBook(t, xlsFile(globals, xlstest.Sheet{Name: "s", Records: slices.Concat(
		xlstest.Label(0, 0, 0), xlstest.Label(0, 1, 1), xlstest.Number(1, 0, 1, 44886), xlstest.Label(1, 1, 2), xlstest.Number(2, 0, 1, 44887), xlstest.Label(2, 1, 3),
	)}))
	if got := tables[0][0][0]; got != "2026-11-22" || schemas[0][0].Type != Date {
		t.Errorf("%s %s", got, schemas[0][0].Type)
	}
}

// mergedXLS is one of mergedFiles.
func mergedXLS(*testing.T) []byte {
	globals := xlstest.Strings("A title over all columns", "Region", "2019", "2020", "Amount", "Share", "North", "South")
	records := slices.Concat(
		xlstest.Label(0, 0, 0), xlstest.Label(1, 0, 1), xlstest.Label(1, 1, 2), xlstest.Label(1, 3, 3),
		xlstest.Label(2, 1, 4), xlstest.Label(2, 2, 5), xlstest.Label(2, 3, 4), xlstest.Label(2, 4, 5),
	)
	for i, n := range []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0, 15, 16} {
		row, column := 3+uint16(i)/4, 1+uint16(i)%4
		if i%8 == 0 {
			records = append(records, xlstest.Label(row, 0, 6+uint16(i)/8)...)
		}
		if n > 0 {
			records = append(records, xlstest.Number(row, column, 0, n)...)
		}
	}
	ranges := [][4]uint16{{0, 0, 0, 4}, {1, 2, 0, 0}, {1, 1, 1, 2}, {1, 1, 3, 4}, {3, 4, 0, 0}, {5, 6, 0, 0}, {5, 6, 2, 2}}
	data := xlstest.Pack(uint16(len(ranges)))
	for _, r := range ranges {
		data = append(data, xlstest.Pack(r[0], r[1], r[2], r[3])...)
	}
	return xlsFile(globals, xlstest.Sheet{Name: "Sheet1", Records: append(records, xlstest.Record(0x00E5, data)...)})
}

func TestOldDocumentsThatAreNoTables(t *testing.T) {
	stream := xlstest.Stream(nil, xlstest.Sheet{Name: "s", Records: xlstest.Number(0, 0, 0, 1)})
	entry := func(name string) []byte {
		return xlstest.Container(xlstest.Entry{Name: name, Data: stream})
	}
	long := strings.Repeat("x", 40_000)
	var wide []byte
	for i := range uint16(2000) {
		wide = append(wide, xlstest.Label(0, i, 0)...)
	}
	split := slices.Concat(xlstest.Record(0x00FC, uint32(1), uint32(1), uint16(len(long)), byte(0), long[:8000]), xlstest.Record(0x003C, byte(0), long[8000:]))
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"a Word document", entry("WordDocument"), "Word document of the old kind"},
		{"a presentation", entry("PowerPoint Document"), "PowerPoint presentation"},
		{"a message", entry("__properties_version1.0"), "Outlook message"},
		{"another document", entry("Contents"), "Office document of the old kind"},
		{"a new workbook that is locked", entry("EncryptedPackage"), "locked with a password"},
		{"a workbook that is locked", xlsFile(xlstest.Record(0x002F, uint16(1), make([]byte, 50)), xlstest.Sheet{Name: "s"}), "locked with a password, or so"},
		{"Excel 4", xlstest.Record(0x0409, uint16(0), uint16(0x10), uint16(0)), "Excel 4, which is too old"},
		{"no rows", xlsFile(nil, xlstest.Sheet{Name: "s"}), "no sheet of the workbook has any rows"},
		{"a chart alone", xlsFile(nil, xlstest.Sheet{Name: "s", Kind: 2}), "no sheet of the workbook has any rows"},
		{"cut off", xlstest.Wrap(append(stream, make([]byte, 9000)...))[:9000], "save it as XLSX"},
		{"a sheet that is cut off", xlstest.Wrap(stream[:len(stream)-4]), `sheet "s": it is cut off`},
		{"too many columns", xlsFile(nil, xlstest.Sheet{Name: "s", Records: xlstest.Number(0, 20_000, 0, 1)}), "beyond column 16384"},
		{"too much text", xlsFile(split, xlstest.Sheet{Name: "s", Records: wide}), "more text than a table can"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Open(t.Context(), bytes.NewReader(c.file), int64(len(c.file)), "file.xls", Options{})
			fault := (*FileError)(nil)
			if !errors.As(err, &fault) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want a fault with %q", err, c.want)
			}
		})
	}
}

func FuzzXLS(f *testing.F) {
	f.Add(xlstest.Strings("a", "b"), slices.Concat(xlstest.Label(0, 0, 0), xlstest.Number(1, 0, 0, 45000), xlstest.Number(1, 1, 0, 1e300)))
	f.Add(slices.Concat(xlstest.Code(164, "yyyy"), xlstest.Style(164)), slices.Concat(xlstest.Number(0, 0, 0, 45000.5), xlstest.Number(0, 300, 0, -1)))
	f.Add(xlstest.Record(0x0022, uint16(1)), slices.Concat(xlstest.Number(1, 0, 0, 1), xlstest.Number(0, 0, 0, 2), xlstest.Record(0x00E5, uint16(1), uint16(0), uint16(1), uint16(0), uint16(0))))
	f.Fuzz(func(t *testing.T, globals, records []byte) {
		file := xlstest.Stream(globals, xlstest.Sheet{Name: "s", Records: records})
		sheets, err := Open(t.Context(), bytes.NewReader(file), int64(len(file)), "fuzz.xls", Options{})
		if err != nil {
			if fault := (*FileError)(nil); !errors.As(err, &fault) {
				t.Fatalf("no error of the file: %v", err)
			}
			return
		}
		checkSheets(t, sheets)
	})
}
