package samples

import (
	"bytes"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/datasets"
)

// imported puts f through the program's own readers.
func imported(t *testing.T, files *datasets.Files, f *file) *datasets.Imported {
	t.Helper()
	var body bytes.Buffer
	if err := f.write(&body); err != nil {
		t.Fatal(err)
	}
	digest, _, err := files.Put(t.Context(), &body, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	in, err := datasets.Import(t.Context(), files, digest, f.name, datasets.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestEveryTableIsReadAsItWasWritten(t *testing.T) {
	files, err := datasets.OpenFiles(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	for _, d := range everything() {
		for _, f := range d.files {
			if f.link != "" {
				continue
			}
			in := imported(t, files, &f)
			if len(in.Tables) != len(f.tables) {
				t.Errorf("%s: %d tables, want %d: %s", f.name, len(in.Tables), len(f.tables), in.Fault)
				continue
			}
			for i, got := range in.Tables {
				compare(t, files, &f, &f.tables[i], &got)
			}
		}
	}
}

// compare compares a table with what was read of it, cell by cell.
func compare(t *testing.T, files *datasets.Files, f *file, want *table, got *datasets.ImportedTable) {
	t.Helper()
	if got.Rows != int64(want.n) || (got.FaultsN > 0) != f.faulty || len(got.Notes) != len(f.before) {
		t.Errorf("%s: %d rows, want %d; %d notes; faults %v", f.name, got.Rows, want.n, len(got.Notes), got.Faults)
		return
	}
	if f.faulty {
		if got.FaultsN != 2 || got.Faults[0].Row != 12 || got.Faults[1].Row != 40 {
			t.Errorf("%s: faults %v", f.name, got.Faults)
		}
		return
	}
	spell := func(s string) string { return s }
	if f.form == oldArabic {
		spell = arabicSpelling().Replace
	}
	rows, err := files.Rows(got.Digest)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for b, err := range rows.Table().Scan(0, -1) {
		if err != nil {
			t.Fatal(err)
		}
		for r := range b.Len {
			for c, cell := range want.row(int(b.First) + r) {
				if s := sourceOf(&got.Schema[c], &b.Columns[c], r); s != spell(cell) && !sameNumber(s, cell) {
					t.Errorf("%s, row %d, %s: %q became %q", f.name, int(b.First)+r, want.columns[c], cell, s)
					return
				}
			}
		}
	}
	for c := range want.columns {
		if got.Schema[c].Label != spell(want.columns[c]) {
			t.Errorf("%s: heading %q became %q", f.name, want.columns[c], got.Schema[c].Label)
		}
	}
}

// sourceOf returns the text that the source wrote for a cell.
func sourceOf(c *datasets.Column, v *datasets.Vector, row int) string {
	for _, s := range v.Source {
		if s.Row == row {
			return s.Text
		}
	}
	return string(c.Append(nil, v, row))
}

// sameNumber reports whether two numbers differ in zeros at the end only: a
// spreadsheet keeps none.
func sameNumber(got, want string) bool {
	return strings.Contains(want, ".") && strings.TrimRight(strings.TrimRight(want, "0"), ".") == got
}

// The columns that pages, charts and exports of the demo depend on.
func TestColumnsHaveTheirTypes(t *testing.T) {
	files, err := datasets.OpenFiles(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	want := map[string]map[string]datasets.Type{
		"province-population-1395.csv": {"استان": datasets.Text, "جمعیت": datasets.Integer},
		"province-capitals.csv":        {"Latitude": datasets.Decimal, "Telephone prefix": datasets.Text},
		"metro-ridership.csv":          {"تاریخ": datasets.Date, "مسافر": datasets.Integer, "سر وقت (درصد)": datasets.Decimal},
		"subscriber-complaints.csv":    {"تاریخ ثبت": datasets.Date, "شمارهٔ پیگیری": datasets.Text},
		"electricity-hourly.csv":       {"Date": datasets.Date, "Hour": datasets.Integer, "Thermal (MW)": datasets.Integer},
		"development-projects.csv":     {"کد طرح": datasets.Text, "آغاز": datasets.Date, "اعتبار (ریال)": datasets.Integer},
		"software-licences.xlsx":       {"تاریخ صدور": datasets.Date, "شناسهٔ شرکت": datasets.Text, "روز بررسی": datasets.Integer},
		"exchange-transactions.xlsx":   {"تراکنش": datasets.Integer, "سهم خطا (درصد)": datasets.Decimal},
		"schools.csv":                  {"School code": datasets.Text, "Built in": datasets.Integer},
	}
	for _, d := range everything() {
		for _, f := range d.files {
			columns, asked := want[f.name]
			if !asked {
				continue
			}
			delete(want, f.name)
			in := imported(t, files, &f)
			if len(in.Tables) == 0 {
				t.Errorf("%s: %s", f.name, in.Fault)
				continue
			}
			for _, c := range in.Tables[0].Schema {
				if is, asked := columns[c.Label]; asked && c.Type != is {
					t.Errorf("%s: %s is %s, want %s", f.name, c.Label, c.Type, is)
				}
			}
		}
	}
	if len(want) > 0 {
		t.Errorf("no such files: %v", want)
	}
}
