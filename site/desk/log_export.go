package desk

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site"

	"github.com/goccy/go-json"
)

// exportSize is how many acts a file of the log has. Its last line says when
// there are older ones.
const exportSize = 20_000

// exportLog sends acts as a file. A file that could not hold all says so behind
// the last act, with where the next one begins.
func (d *Desk) exportLog(r *site.Request, q catalog.LogQuery, kind string) error {
	q.Size = exportSize + 1
	all, err := d.Store.LogEntries(r.Context(), q)
	if err != nil {
		return err
	}
	next := int64(0)
	if len(all) > exportSize {
		all = all[:exportSize]
		next = all[exportSize-1].N
	}
	if kind == "csv" {
		b, err := logCSV(r, all, next)
		if err != nil {
			return err
		}
		return r.Send("log.csv", "text/csv; charset=utf-8", b)
	}
	b, err := logLines(all, next)
	if err != nil {
		return err
	}
	return r.Send("log.jsonl", "application/jsonl; charset=utf-8", b)
}

// logLines writes acts as JSON Lines.
func logLines(all []catalog.Entry, next int64) ([]byte, error) {
	var b bytes.Buffer
	for i := range all {
		line, err := json.MarshalWithOption(&all[i], json.DisableHTMLEscape())
		if err != nil {
			return nil, err
		}
		b.Write(append(line, '\n'))
	}
	if next > 0 {
		b.WriteString(`{"older":true,"before":` + strconv.FormatInt(next, 10) + "}\n")
	}
	return b.Bytes(), nil
}

// logCSV writes acts as a table that spreadsheets open.
func logCSV(r *site.Request, all []catalog.Entry, next int64) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\uFEFF") // so that Excel reads it as UTF-8
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	rows := [][]string{{"n", "at", "actor", "name", "token", "act", "noun", "thing", "agency", "before", "after", "note"}}
	for i := range all {
		e := &all[i]
		row := []string{strconv.FormatInt(e.N, 10), e.At.UTC().Format(time.RFC3339)}
		for _, text := range []string{e.Actor, e.Name, e.Token, e.Act, e.Noun, e.Thing, e.Agency, string(e.Before), string(e.After), e.Note} {
			row = append(row, harmless(text))
		}
		rows = append(rows, row)
	}
	if next > 0 {
		rows = append(rows, []string{"", "", "", r.Text("desk.log.older.file", "n", strconv.FormatInt(next, 10)), "", "", "", "", "", "", "", ""})
	}
	err := w.WriteAll(rows)
	return b.Bytes(), err
}
