package samples

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// A form is how a file is written.
type form uint8

const (
	commas     form = iota // CSV in UTF-8
	marked                 // CSV in UTF-8 with a byte order mark, as Excel writes it
	semicolons             // CSV with semicolons
	oldArabic              // CSV with semicolons in Windows-1256, with Arabic yeh and kaf
	workbook               // XLSX, a sheet for each table
	outlines               // GeoJSON, with the outline of what each row is about
	linked                 // a PDF that stands elsewhere
)

func (f form) format() string {
	switch f {
	case workbook:
		return "XLSX"
	case outlines:
		return "GeoJSON"
	case linked:
		return "PDF"
	default:
		return "CSV"
	}
}

func (f form) mediaType() string {
	switch f {
	case workbook:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case outlines:
		return "application/geo+json"
	case linked:
		return "application/pdf"
	default:
		return "text/csv"
	}
}

// write writes the whole file.
func (f *file) write(w io.Writer) error {
	switch f.form {
	case workbook:
		return writeWorkbook(w, f.tables)
	case outlines:
		return f.writeOutlines(w)
	case oldArabic:
		return f.writeCSV(charmap.Windows1256.NewEncoder().Writer(w), ';', arabicSpelling().Replace)
	case semicolons:
		return f.writeCSV(w, ';', nil)
	case marked:
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return err
		}
	default: // nothing goes before
	}
	return f.writeCSV(w, ',', nil)
}

// arabicSpelling writes words with the letters that Windows-1256 has.
func arabicSpelling() *strings.Replacer {
	return strings.NewReplacer("ی", "ي", "ک", "ك", "\u0654", "")
}

func (f *file) writeCSV(w io.Writer, comma rune, spell func(string) string) error {
	buf := bufio.NewWriter(w)
	for _, line := range f.before {
		fmt.Fprintf(buf, "%s\r\n", line)
	}
	out := csv.NewWriter(buf)
	out.Comma, out.UseCRLF = comma, true
	t := &f.tables[0]
	for i := -1; i < t.n; i++ {
		row := t.columns
		if i >= 0 {
			row = t.row(i)
		}
		if f.faulty {
			row = spoil(i, row)
		}
		if spell != nil {
			for k := range row {
				row[k] = spell(row[k])
			}
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return err
	}
	return buf.Flush()
}

// spoil makes the faults that people make: a cell too many in one row, cells
// missing at the end of another.
func spoil(i int, row []string) []string {
	switch i {
	case 10:
		return append(row, "؟")
	case 38:
		return row[:len(row)-2]
	}
	return row
}
