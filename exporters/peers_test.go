package exporters

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/pythontest"
)

// peer returns what a Python program prints about the file in its first
// argument.
func peer(t *testing.T, module, name string, file []byte, program string) map[string]any {
	t.Helper()
	interpreter := pythontest.With(t, module)
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, file, 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(interpreter, "-c", program, path).Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("%v: %s", err, exit.Stderr)
		}
		t.Fatal(err)
	}
	var facts map[string]any
	if err := json.Unmarshal(out, &facts); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return facts
}

// wantFacts compares what a peer found with what is true.
func wantFacts(t *testing.T, got, want map[string]any) {
	t.Helper()
	for name, value := range want {
		g, err := json.Marshal(got[name])
		if err != nil {
			t.Fatal(err)
		}
		w, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(g, w) {
			t.Errorf("%s: %s, want %s", name, g, w)
		}
	}
}

// sums are facts of spend(n), told by adding up its vectors.
func sums(t *testing.T, tab *datasets.Table) map[string]any {
	t.Helper()
	var amount, lines, notes, final, persian int64
	for b, err := range tab.Scan(0, -1) {
		if err != nil {
			t.Fatal(err)
		}
		for row := range b.Len {
			amount += b.Columns[4].Int[row]
			lines += b.Columns[11].Int[row]
			final += b.Columns[10].Int[row]
			persian += int64(len([]rune(b.Columns[7].Text[row])))
			if !b.Columns[8].Null[row] {
				notes++
			}
		}
	}
	return map[string]any{
		"rows": tab.Rows, "amount": string(datasets.AppendDecimal(nil, amount, 2, true)),
		"lines": lines, "notes": notes, "final": final, "persian": persian,
	}
}

func TestDuckDBReadsParquet(t *testing.T) {
	const rows = 150_000 // more than one row group
	wantFacts(t, peer(t, "duckdb", "t.parquet", export(t, "parquet", spend(rows), Options{}), `
import duckdb, json, sys
q = duckdb.sql("""select count(*), cast(sum(amount) as varchar), cast(sum(lines) as bigint), count(note), count(*) filter (final),
	cast(sum(length("شرح")) as bigint) from read_parquet('%s')""" % sys.argv[1]).fetchall()[0]
print(json.dumps(dict(zip(["rows", "amount", "lines", "notes", "final", "persian"], q))))`), sums(t, spend(rows)))

	odd := awkward()
	file := export(t, "parquet", odd, Options{})
	wantFacts(t, peer(t, "duckdb", "t.parquet", file, `
import duckdb, json, sys
r = duckdb.sql("select * from read_parquet('%s')" % sys.argv[1])
# As text: to fetch an instant DuckDB needs another module.
rows = duckdb.sql("""set timezone = 'UTC'; select columns(*)::varchar from read_parquet('%s')""" % sys.argv[1]).fetchall()
print(json.dumps({"names": r.columns, "types": [str(x) for x in r.types], "first": rows[0],
	"nulls": sum(x is None for x in rows[2]), "date": rows[1][8], "old": rows[5][8], "text": rows[3][0],
	"moments": rows[1][9:11], "exact": rows[3][10], "amount": rows[3][4]}))`), map[string]any{
		"names": Header(odd.Schema),
		"types": []string{
			"VARCHAR", "VARCHAR", "VARCHAR", "BIGINT", "DECIMAL(18,2)", "DECIMAL(18,4)", "DOUBLE", "BOOLEAN", "DATE",
			"TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "VARCHAR", "BIGINT", "BIGINT", "VARCHAR",
		},
		"first":   []string{"تهران", "یک خط\nو خط دیگر", "0012345678", "13267637", "12.50", "1.2500", "0.1", "true", "2024-08-03", "2024-08-03 10:20:30", "2024-08-03 06:50:30+00", "", "1", "1", "a,b"},
		"moments": []string{"1899-12-31 23:59:59", "1969-12-31 23:59:59.5+00"}, "exact": "2024-02-29 12:00:00.123456+00", "amount": "1234567890123456.78",
		"nulls": 15, "date": "1899-12-31", "old": "1403-05-12", "text": "😀 emoji 🏛️",
	})
}

func TestDuckDBReadsCSVAndJSON(t *testing.T) {
	const rows = 20_000
	for ext, from := range map[string]string{"csv": "read_csv('%s')", "json": "read_json('%s')", "jsonl": "read_json('%s')"} {
		wantFacts(t, peer(t, "duckdb", "t."+ext, export(t, ext, spend(rows), Options{}), `
import duckdb, json, sys
q = duckdb.sql("""select count(*), cast(sum(cast(amount as decimal(18,2))) as varchar), cast(sum(lines) as bigint), count(note), count(*) filter (final),
	cast(sum(length("شرح")) as bigint) from `+from+`""" % sys.argv[1]).fetchall()[0]
print(json.dumps(dict(zip(["rows", "amount", "lines", "notes", "final", "persian"], q))))`), sums(t, spend(rows)))
	}
}

func TestOpenpyxlReadsXLSX(t *testing.T) {
	file := export(t, "xlsx", awkward(), Options{Title: "جمعیت"})
	wantFacts(t, peer(t, "openpyxl", "t.xlsx", file, `
import openpyxl, json, sys
book = openpyxl.load_workbook(sys.argv[1])
s = book.worksheets[0]
rows = list(s.iter_rows(values_only=True))
print(json.dumps({"sheets": book.sheetnames, "size": s.dimensions, "rtl": s.sheet_view.rightToLeft, "freeze": s.freeze_panes,
	"filter": s.auto_filter.ref, "bold": s["A1"].font.b, "header": rows[0], "nulls": sum(x is None for x in rows[3]),
	"types": [type(x).__name__ for x in rows[1]], "id": rows[1][2], "population": rows[1][3], "amount": rows[1][4],
	"date": str(rows[1][8]), "moment": str(rows[1][9]), "instant": str(rows[1][10]), "active": rows[1][7],
	"long": rows[4][3], "formula": s["C3"].data_type + rows[2][2], "control": rows[4][1], "fixed": s["E2"].number_format}))`), map[string]any{
		"sheets": []string{"جمعیت"}, "size": "A1:O7", "rtl": true, "freeze": "A2", "filter": "A1:O7", "bold": true,
		"header": Header(awkward().Schema), "nulls": 15, "id": "0012345678", "population": 13_267_637, "amount": 12.5,
		"types": []string{
			"str", "str", "str", "int", "float", "float", "float", "bool", "datetime", "datetime", "datetime", "str", "int", "int", "str",
		},
		"date": "2024-08-03 00:00:00", "moment": "2024-08-03 10:20:30", "instant": "2024-08-03 06:50:30", "active": true,
		"long": "1234567890123456", "formula": `s=HYPERLINK("http://example.org")`,
		"control": "carriage\rreturn\r\nand \ufffd control", "fixed": "0.00",
	})
}

func TestOpenpyxlReadsAllRows(t *testing.T) {
	const rows = 5000
	wantFacts(t, peer(t, "openpyxl", "t.xlsx", export(t, "xlsx", spend(rows), Options{}), `
import openpyxl, json, sys
from decimal import Decimal
rows = list(openpyxl.load_workbook(sys.argv[1], read_only=True).worksheets[0].iter_rows(values_only=True))[1:]
print(json.dumps({"rows": len(rows), "amount": str(sum(Decimal(str(r[4])) for r in rows).quantize(Decimal("0.01"))),
	"lines": sum(r[11] for r in rows), "notes": sum(r[8] is not None for r in rows), "final": sum(r[10] for r in rows),
	"persian": sum(len(r[7]) for r in rows)}))`), sums(t, spend(rows)))
}
