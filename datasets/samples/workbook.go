package samples

import (
	"io"
	"math"
	"regexp"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"
)

// writeWorkbook writes the tables as sheets of an XLSX file: numbers as
// numbers, ISO dates as dates, everything else as text.
func writeWorkbook(w io.Writer, tables []table) error {
	book := excelize.NewFile()
	defer book.Close()
	day := "yyyy-mm-dd"
	style, err := book.NewStyle(&excelize.Style{CustomNumFmt: &day})
	if err != nil {
		return err
	}
	for i, t := range tables {
		if i == 0 {
			err = book.SetSheetName("Sheet1", t.name)
		} else {
			_, err = book.NewSheet(t.name)
		}
		if err != nil {
			return err
		}
		if err := writeSheet(book, &t, style); err != nil {
			return err
		}
	}
	return book.Write(w)
}

// writeSheet sets cell by cell: excelize's stream writer puts the sheets of a
// book into the file in an order that changes from time to time.
func writeSheet(book *excelize.File, t *table, day int) error {
	if err := book.SetSheetRow(t.name, "A1", &t.columns); err != nil {
		return err
	}
	for i := range t.n {
		for k, s := range t.row(i) {
			at, err := excelize.CoordinatesToCellName(k+1, i+2)
			if err != nil {
				return err
			}
			value := typed(s)
			if err := book.SetCellValue(t.name, at, value); err != nil {
				return err
			}
			if _, is := value.(time.Time); !is {
				continue
			}
			if err := book.SetCellStyle(t.name, at, at, day); err != nil {
				return err
			}
		}
	}
	return nil
}

var (
	wholeNumber   = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,14})$`)
	decimalNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)\.[0-9]+$`)
)

// typed returns the value of a cell as a spreadsheet keeps it.
func typed(s string) any {
	switch {
	case s == "":
		return nil
	case wholeNumber.MatchString(s):
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			return n
		}
	case decimalNumber.MatchString(s):
		if f, err := strconv.ParseFloat(s, 64); err == nil && !math.IsInf(f, 0) {
			return f
		}
	default:
		if at, err := time.Parse(time.DateOnly, s); err == nil {
			return at
		}
	}
	return s
}
