package exporters

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/datasets"

	"github.com/xuri/excelize/v2"
)

// counted counts what is written.
type counted struct{ n int64 }

func (c *counted) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

// BenchmarkFormats writes 300,000 rows of 12 columns, or SHAFAF_BENCH_ROWS, in
// each format. Making the rows takes a part of it; "scan" tells how much.
func BenchmarkFormats(b *testing.B) {
	rows := int64(300_000)
	if n, err := strconv.ParseInt(os.Getenv("SHAFAF_BENCH_ROWS"), 10, 64); err == nil {
		rows = n
	}
	tab := spend(rows)
	run := func(name string, write func(io.Writer) error) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var size int64
			for b.Loop() {
				var out counted
				if err := write(&out); err != nil {
					b.Fatal(err)
				}
				size = out.n
			}
			b.SetBytes(size)
			seconds := b.Elapsed().Seconds() / float64(b.N)
			b.ReportMetric(float64(rows)/seconds, "rows/s")
			b.ReportMetric(float64(size)/1e6, "MB")
			b.ReportMetric(peakMB(), "peak-MB")
		})
	}
	run("scan", func(io.Writer) error {
		return scan(b.Context(), tab, Options{}, func(*datasets.Batch) error { return nil })
	})
	for _, format := range Formats() {
		run(format.Ext, func(w io.Writer) error { return format.Write(b.Context(), w, tab, Options{}) })
		run(format.Ext+"-raw", func(w io.Writer) error { return format.Write(b.Context(), w, tab, Options{Raw: true}) })
	}
	run("excelize", func(w io.Writer) error { return writeExcelize(w, tab) })
}

// writeExcelize is the way that writeXLSX does not go, to compare with.
func writeExcelize(w io.Writer, t *datasets.Table) error {
	f := excelize.NewFile()
	defer f.Close()
	s, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	line := make([]any, len(t.Schema))
	n := 1
	for b, err := range t.Scan(0, -1) {
		if err != nil {
			return err
		}
		for row := range b.Len {
			for i := range line {
				v := &b.Columns[i]
				switch {
				case v.Null[row]:
					line[i] = nil
				case t.Schema[i].Type == datasets.Text:
					line[i] = v.Text[row]
				case t.Schema[i].Float:
					line[i] = v.Float[row]
				case t.Schema[i].Type == datasets.Decimal:
					line[i] = float64(v.Int[row]) / 100
				case t.Schema[i].Type == datasets.Boolean:
					line[i] = v.Int[row] != 0
				default:
					line[i] = v.Int[row]
				}
			}
			n++
			if err := s.SetRow(fmt.Sprint("A", n), line); err != nil {
				return err
			}
		}
	}
	if err := s.Flush(); err != nil {
		return err
	}
	return f.Write(w)
}

// peakMB returns the most memory that the process had so far, where the system
// tells. Run one benchmark at a time to know that of one.
func peakMB() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	if fields := strings.Fields(rest); len(fields) > 0 {
		if kb, err := strconv.ParseFloat(fields[0], 64); err == nil {
			return kb / 1000
		}
	}
	return 0
}
