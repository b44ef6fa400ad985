// Package exporters writes tables in the formats that people ask for, and keeps
// what it has written for the next one who asks.
//
// To add a format: write one file beside this one with a function like
// writeCSV, add its line to formats, and run the tests with -update to make its
// golden files; then read them. Pages, commands and addresses find it by itself.
//
// A format keeps these promises. Values are printed canonically, with
// Options.Raw as the source wrote them. The number of rows is the number of
// rows of the table, or the writer returns an error; what it wrote until then
// is of no use. Memory does not grow with the number of rows.
package exporters

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/datasets"
)

// A Format is a way to write a table.
type Format struct {
	Ext       string // of the file name and the address, without a dot
	MediaType string
	Title     string // what people call it
	Write     func(ctx context.Context, w io.Writer, t *datasets.Table, o Options) error

	version int  // raise it when the same table is written differently
	csv     bool // Options.NoEscape and Options.BOM matter
	titled  bool // Options.Title matters
	text    bool // Options.Coding makes it smaller
}

var formats = []Format{
	{Ext: "csv", MediaType: "text/csv; charset=utf-8; header=present", Title: "CSV", Write: writeCSV, version: 2, csv: true, text: true},
	{Ext: "xlsx", MediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Title: "Excel", Write: writeXLSX, version: 1, titled: true},
	{Ext: "parquet", MediaType: "application/vnd.apache.parquet", Title: "Parquet", Write: writeParquet, version: 2},
	{Ext: "json", MediaType: "application/json", Title: "JSON", Write: writeJSON, version: 1, text: true},
	{Ext: "jsonl", MediaType: "application/jsonl", Title: "JSON Lines", Write: writeJSONL, version: 1, text: true},
}

// Formats returns all formats in the order in which they are offered.
func Formats() []Format { return slices.Clone(formats) }

// ByExt returns the format with the given extension.
func ByExt(ext string) (Format, bool) {
	for _, f := range formats {
		if f.Ext == ext {
			return f, true
		}
	}
	return Format{}, false
}

// Options say how a table is written. The zero value is what people get who
// ask for nothing in particular.
type Options struct {
	// Raw asks for the text that the source wrote in each cell, unescaped, in
	// place of the canonical print. All values are text then, in every format.
	Raw bool
	// NoEscape leaves formula-like text in CSV as it is; see writeCSV.
	NoEscape bool
	// BOM puts a byte order mark before CSV. Excel takes a CSV file for text in
	// an old code page without one; most other programs take it for a part
	// of the first column's name, so it must be asked for.
	BOM bool
	// Title names the sheet of a workbook. What sheet names may not hold is
	// taken out.
	Title string
	// Coding compresses a format of text as a whole, as HTTP names it: "gzip" or
	// "zstd". It makes no difference to formats that are compressed themselves.
	Coding string
	// Progress, when set, is told how many rows have been written so far.
	Progress func(rows int64)
}

// Key returns a short text of [a-z0-9-] that is the same for options that
// write the same file. It is empty for the zero value.
func (o Options) Key() string {
	var parts []string
	if o.Raw {
		parts = append(parts, "raw")
	}
	if o.NoEscape {
		parts = append(parts, "plain")
	}
	if o.BOM {
		parts = append(parts, "bom")
	}
	if o.Coding != "" {
		parts = append(parts, o.Coding)
	}
	if o.Title != "" {
		h := fnv.New64a()
		h.Write([]byte(o.Title))
		parts = append(parts, fmt.Sprintf("t%016x", h.Sum64()))
	}
	return strings.Join(parts, "-")
}

// relevant returns o without what makes no difference to files of format f.
func (f *Format) relevant(o Options) Options {
	if !f.csv {
		o.NoEscape, o.BOM = false, false
	}
	if o.Raw {
		o.NoEscape = false // raw text is never escaped
	}
	if !f.text {
		o.Coding = ""
	}
	if !f.titled {
		o.Title = ""
	} else {
		o.Title = sheetName(o.Title, 1)
	}
	return o
}
