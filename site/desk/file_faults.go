package desk

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site"
)

// faults sends what is wrong with the rows of a table as CSV.
func (d *Desk) faults(_ *site.Site, r *site.Request) (site.View, error) {
	p, err := d.place(r)
	if err != nil {
		return nil, err
	}
	t := p.table(r.Query.Get("table"))
	if t == nil {
		return nil, catalog.ErrNotFound
	}
	var b bytes.Buffer
	b.WriteString("\uFEFF") // so that Excel reads it as UTF-8
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	rows := [][]string{{r.Text("desk.faults.row"), r.Text("desk.faults.column"), r.Text("desk.faults.text")}}
	for i := range t.Edition.Faults {
		f := &t.Edition.Faults[i]
		row := ""
		if f.Row > 0 {
			row = strconv.FormatInt(f.Row, 10)
		}
		rows = append(rows, []string{row, harmless(f.Column), harmless(r.FaultText(f))})
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, err
	}
	return nil, r.Send("faults.csv", "text/csv; charset=utf-8", b.Bytes())
}

// harmless is a text that no spreadsheet takes for a formula.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// changes shows what a table that waits would change for the public.
func (d *Desk) changes(s *site.Site, r *site.Request) (site.View, error) {
	p, err := d.place(r)
	if err != nil {
		return nil, err
	}
	t := p.table(r.Query.Get("table"))
	if t == nil || p.ds.PendingOf(p.res.ID) == nil {
		return nil, catalog.ErrNotFound
	}
	was := p.ds.Resource(t.ID)
	if was == nil || was.Edition == nil {
		return nil, catalog.ErrNotFound
	}
	back := "/" + r.Lang + filePath(p.ds, p.res.ID)
	banner := &site.Banner{Text: site.Plain(r.Text("desk.changes.banner")), Links: []site.Link{{Text: r.Text("desk.back.file"), URL: back}, {Text: r.Text("desk.step.publish"), URL: "/" + r.Lang + datasetPath(p.ds) + "/publish"}}}
	return s.PreviewDiff(r, t, was.Edition, t.Edition, banner, back)
}
