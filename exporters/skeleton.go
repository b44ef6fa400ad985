package exporters

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/datasets"

	"github.com/xuri/excelize/v2"
)

// The styles of cells, by their number in the workbook: the formats below, and
// one more for each scale of a decimal that is printed with all its digits.
const (
	styleText = iota // the workbook's default
	styleHead
	styleInteger
	styleDate
	styleMoment
	styleMillis
	styleFixed // two after the point: styleFixed+1
)

const maxScale = 9

// styleOf returns the style of the values of a column.
func styleOf(c *datasets.Column) int {
	switch c.Type {
	case datasets.Integer:
		return styleInteger // without it long ones are shown as 1.2E+12
	case datasets.Date:
		return styleDate
	case datasets.DateTime:
		return styleMoment
	case datasets.Decimal:
		if c.Fixed && !c.Float && c.Scale >= 1 && c.Scale <= maxScale {
			return styleFixed + c.Scale - 1
		}
	case datasets.Text, datasets.Boolean:
	}
	return styleText
}

// styleFormats are the number formats of the styles from styleInteger on.
func styleFormats() []string {
	formats := []string{"0", "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "yyyy-mm-dd hh:mm:ss.000"}
	for scale := 1; scale <= maxScale; scale++ {
		formats = append(formats, "0."+strings.Repeat("0", scale))
	}
	return formats
}

func sheetPath(n int) string { return fmt.Sprintf("xl/worksheets/sheet%d.xml", n) }

// writeSkeleton writes all parts of a workbook but its sheets.
func writeSkeleton(zw *zip.Writer, s *sheet, title string) error {
	skeleton, err := makeSkeleton(s, title)
	if err != nil {
		return fmt.Errorf("make the workbook: %w", err)
	}
	parts, err := zip.NewReader(bytes.NewReader(skeleton), int64(len(skeleton)))
	if err != nil {
		return fmt.Errorf("make the workbook: %w", err)
	}
	// Programs know a workbook by the list of its parts at the beginning.
	slices.SortFunc(parts.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	for _, part := range parts.File {
		if strings.HasPrefix(part.Name, "xl/worksheets/") {
			continue
		}
		if err := copyPart(zw, part); err != nil {
			return err
		}
	}
	return nil
}

func copyPart(zw *zip.Writer, part *zip.File) error {
	w, err := zw.Create(part.Name) // without a time: the same table gives the same file
	if err != nil {
		return err
	}
	if part.Name == "docProps/core.xml" {
		_, err = io.WriteString(w, coreProperties)
		return err
	}
	r, err := part.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	_, err = io.Copy(w, r)
	return err
}

// coreProperties stands in place of those of excelize, which say that the file
// was made in 2006.
const coreProperties = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" ` +
	`xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Shafaf</dc:creator></cp:coreProperties>`

// makeSkeleton returns a workbook with empty sheets, its names and styles.
func makeSkeleton(s *sheet, title string) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	if err := addStyles(f); err != nil {
		return nil, err
	}
	for n := 1; n <= sheetsFor(s.rows); n++ {
		name := sheetName(title, n)
		if n == 1 {
			if err := f.SetSheetName(f.GetSheetName(0), name); err != nil {
				return nil, err
			}
		} else if _, err := f.NewSheet(name); err != nil {
			return nil, err
		}
		if len(s.head) > 0 {
			if err := f.AutoFilter(name, s.area(n), nil); err != nil {
				return nil, err
			}
		}
	}
	if err := f.SetAppProps(&excelize.AppProperties{Application: "Shafaf"}); err != nil {
		return nil, err
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func addStyles(f *excelize.File) error {
	id, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	if id != styleHead {
		return fmt.Errorf("style %d of the header got number %d", styleHead, id)
	}
	for i, format := range styleFormats() {
		if id, err = f.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
			return err
		}
		if id != styleInteger+i {
			return fmt.Errorf("style %d got number %d", styleInteger+i, id)
		}
	}
	return nil
}
