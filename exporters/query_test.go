package exporters

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/persian"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// querySchema has a column of every type.
var querySchema = datasets.Schema{
	{Name: "agency", Label: "agency", Type: datasets.Text},
	{Name: "note", Label: "note", Type: datasets.Text},
	{Name: "few", Label: "few", Type: datasets.Integer},
	{Name: "id", Label: "id", Type: datasets.Integer},
	{Name: "amount", Label: "amount", Type: datasets.Decimal, Scale: 2, Fixed: true},
	{Name: "rate", Label: "rate", Type: datasets.Decimal, Float: true},
	{Name: "open", Label: "open", Type: datasets.Boolean},
	{Name: "day", Label: "day", Type: datasets.Date},
	{Name: "moment", Label: "moment", Type: datasets.DateTime},
}

// queryWords are texts that are written in several ways, or hard to keep.
var queryWords = []string{
	"علی", "علي", "كرمان", "کرمان", "Kerman", "KERMAN", "کتاب‌های", "کتاب های", "یزد", "چابهار", "ژاله", "گیلان", "آمل", "۱۲۳", "123",
	"a,b", "it's", "50%", ".*", "", "line\nbreak", " space", "الف",
}

const microDay = 24 * 60 * 60 * 1_000_000

// queryTable makes a random table; one value in eight is null.
func queryTable(r *rand.Rand, rows int) *datasets.Table {
	b := &datasets.Batch{Len: rows, Columns: make([]datasets.Vector, len(querySchema))}
	for c := range querySchema {
		b.Columns[c].Reset(&querySchema[c], rows)
	}
	distinct := 1 + r.IntN(rows) // of notes
	for row := range rows {
		v := b.Columns
		for c := range v {
			v[c].Null[row] = r.IntN(8) == 0
		}
		v[0].Text[row] = queryWords[r.IntN(len(queryWords))]
		v[1].Text[row] = fmt.Sprintf("%s %d", queryWords[r.IntN(4)], r.IntN(distinct))
		v[2].Int[row], v[3].Int[row] = int64(r.IntN(5))-2, r.Int64N(1<<40)-1<<39
		v[4].Int[row], v[5].Float[row] = r.Int64N(2_000_000)-1_000_000, r.NormFloat64()*1000
		v[6].Int[row], v[7].Int[row], v[8].Int[row] = int64(r.IntN(2)), 18_000+r.Int64N(1500), 19_000*microDay+r.Int64N(100*microDay)
		for c := range v { // what is null has no value
			if v[c].Null[row] {
				clearCell(&v[c], row)
			}
		}
	}
	t := &datasets.Table{Schema: querySchema, Rows: int64(rows), Scan: chunks(querySchema, b)}
	if r.IntN(2) == 0 {
		t.Totals = []int64{int64(rows / 3), int64(rows - 1)}
	}
	return t
}

func clearCell(v *datasets.Vector, row int) {
	switch {
	case v.Text != nil:
		v.Text[row] = ""
	case v.Float != nil:
		v.Float[row] = 0
	default:
		v.Int[row] = 0
	}
}

// chunks scans one large batch in the usual pieces.
func chunks(s datasets.Schema, all *datasets.Batch) func(from, to int64) iter.Seq2[*datasets.Batch, error] {
	return func(int64, int64) iter.Seq2[*datasets.Batch, error] {
		return func(yield func(*datasets.Batch, error) bool) {
			for at := 0; at < all.Len; at += datasets.BatchRows {
				to := min(at+datasets.BatchRows, all.Len)
				b := &datasets.Batch{First: int64(at), Len: to - at, Columns: make([]datasets.Vector, len(s))}
				for c := range s {
					v, w := &b.Columns[c], &all.Columns[c]
					v.Null = w.Null[at:to]
					switch {
					case w.Text != nil:
						v.Text = w.Text[at:to]
					case w.Float != nil:
						v.Float = w.Float[at:to]
					default:
						v.Int = w.Int[at:to]
					}
				}
				if !yield(b, nil) {
					return
				}
			}
		}
	}
}

// withHelp adds to a table what DuckDB cannot know: the number of the row,
// whether it is a total, each text folded, its place among the texts as a
// dictionary sorts them, and the Jalali year and month of the day.
func withHelp(t *testing.T, tab *datasets.Table) *datasets.Table {
	t.Helper()
	all := gather(t, tab)
	s := append(slices.Clone(tab.Schema), datasets.Column{Name: "n", Label: "n", Type: datasets.Integer},
		datasets.Column{Name: "total", Label: "total", Type: datasets.Boolean})
	n, total := vector(all.Len), vector(all.Len)
	for row := range all.Len {
		n.Int[row] = int64(row)
		if slices.Contains(tab.Totals, int64(row)) {
			total.Int[row] = 1
		}
	}
	all.Columns = append(all.Columns, n, total)
	for c, name := range []string{"agency", "note"} {
		fold, rank := vector(all.Len), vector(all.Len)
		fold.Text = make([]string, all.Len)
		ranks := ranksOf(all.Columns[c].Text)
		for row, text := range all.Columns[c].Text {
			fold.Null[row], rank.Null[row] = all.Columns[c].Null[row], all.Columns[c].Null[row]
			fold.Text[row], rank.Int[row] = persian.Fold(text), ranks[text]
		}
		s = append(s, datasets.Column{Name: name + "_fold", Label: name + "_fold", Type: datasets.Text},
			datasets.Column{Name: name + "_rank", Label: name + "_rank", Type: datasets.Integer})
		all.Columns = append(all.Columns, fold, rank)
	}
	year, month := vector(all.Len), vector(all.Len)
	month.Text = make([]string, all.Len)
	for row, d := range all.Columns[7].Int {
		year.Null[row], month.Null[row] = all.Columns[7].Null[row], all.Columns[7].Null[row]
		j, err := persian.FromDays(d)
		if err != nil {
			t.Fatal(err)
		}
		year.Int[row], month.Text[row] = int64(j.Y), fmt.Sprintf("%04d-%02d", j.Y, j.M)
	}
	s = append(s, datasets.Column{Name: "jyear", Label: "jyear", Type: datasets.Integer}, datasets.Column{Name: "jmonth", Label: "jmonth", Type: datasets.Text})
	all.Columns = append(all.Columns, year, month)
	return &datasets.Table{Schema: s, Rows: tab.Rows, Scan: chunks(s, all)}
}

func vector(n int) datasets.Vector {
	return datasets.Vector{Null: make([]bool, n), Int: make([]int64, n)}
}

// ranksOf numbers texts as a Persian dictionary sorts them; those that it takes
// for the same have one number.
func ranksOf(texts []string) map[string]int64 {
	order := collate.New(language.Persian)
	different := slices.Compact(slices.Sorted(slices.Values(texts)))
	slices.SortStableFunc(different, order.CompareString)
	ranks := map[string]int64{}
	for i, text := range different {
		if i > 0 && order.CompareString(different[i-1], text) == 0 {
			ranks[text] = ranks[different[i-1]]
		} else {
			ranks[text] = int64(i)
		}
	}
	return ranks
}

// gather returns all rows of a table as one batch.
func gather(t *testing.T, tab *datasets.Table) *datasets.Batch {
	t.Helper()
	all := &datasets.Batch{Columns: make([]datasets.Vector, len(tab.Schema))}
	for b, err := range tab.Scan(0, -1) {
		if err != nil {
			t.Fatal(err)
		}
		grow(all, b)
	}
	return all
}

func grow(all, b *datasets.Batch) {
	for c := range b.Columns {
		v, w := &all.Columns[c], &b.Columns[c]
		v.Null, v.Int = append(v.Null, w.Null...), append(v.Int, w.Int...)
		v.Text, v.Float = append(v.Text, w.Text...), append(v.Float, w.Float...)
		for _, s := range w.Source {
			v.Source = append(v.Source, datasets.SourceText{Row: s.Row + all.Len, Text: s.Text})
		}
	}
	all.Len += b.Len
}

// A querySample is a random query with the same in SQL.
type querySample struct {
	values   url.Values
	filters  []string
	selected []string
	groups   []string
	order    []string
}

// filter adds a filter, unless there is one of that name.
func (q *querySample) filter(param, sql string, values ...string) {
	if !q.values.Has(param) {
		q.values[param], q.filters = values, append(q.filters, sql)
	}
}

func quoteSQL(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// addFilter adds a random filter.
func (q *querySample) addFilter(r *rand.Rand, all *datasets.Batch) {
	c := r.IntN(len(querySchema))
	column := &querySchema[c]
	name, row := column.Name, r.IntN(all.Len)
	v := &all.Columns[c]
	text := string(column.Append(nil, v, row))
	not := func(condition string) string { return "(not (" + condition + ") or " + name + " is null)" }
	if v.Null[row] || r.IntN(12) == 0 {
		if r.IntN(3) > 0 {
			q.filter(name+"__isnull", name+" is null", "true")
		} else {
			q.filter(name+"__isnull", name+" is not null", "0")
		}
		return
	}
	if column.Type == datasets.Text {
		q.addTextFilter(r, name, text)
		return
	}
	literal := "cast(" + quoteSQL(text) + " as " + map[datasets.Type]string{
		datasets.Integer: "bigint", datasets.Decimal: "decimal(18,2)", datasets.Boolean: "boolean", datasets.Date: "date", datasets.DateTime: "timestamp",
	}[column.Type] + ")"
	if column.Float {
		literal = "cast(" + quoteSQL(text) + " as double)"
	}
	op := []string{"eq", "not", "gt", "gte", "lt", "lte", "in"}[r.IntN(7)]
	sign := map[string]string{"eq": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}[op]
	if r.IntN(2) == 0 {
		text = persian.Digits(text, "fa")
	}
	switch op {
	case "not":
		q.filter(name+"__not", not(name+" = "+literal), text)
	case "in":
		q.filter(name+"__in", name+" in ("+literal+")", text)
	default:
		q.filter(name+"__"+op, name+" "+sign+" "+literal, text)
	}
}

func (q *querySample) addTextFilter(r *rand.Rand, name, text string) {
	folded := persian.Fold(text)
	if folded == "" || strings.Contains(text, ",") { // an empty value is no filter
		return
	}
	runes := []rune(text)
	switch op := []string{"eq", "not", "contains", "startswith", "in", "gt", "lte"}[r.IntN(7)]; op {
	case "eq":
		q.filter(name, name+"_fold = "+quoteSQL(folded), text)
	case "not":
		q.filter(name+"__not", "("+name+"_fold <> "+quoteSQL(folded)+" or "+name+" is null)", text)
	case "contains":
		part := string(runes[r.IntN(len(runes)):])
		if part = strings.TrimSpace(part); part == "" {
			return
		}
		q.filter(name+"__contains", "contains("+name+"_fold, "+quoteSQL(persian.Fold(part))+")", part)
	case "startswith":
		part := string(runes[:1+r.IntN(len(runes))])
		if strings.TrimSpace(part) == "" {
			return
		}
		q.filter(name+"__startswith", "starts_with("+name+"_fold, "+quoteSQL(persian.Fold(part))+")", part)
	case "in":
		other := queryWords[r.IntN(12)]
		q.filter(name+"__in", name+"_fold in ("+quoteSQL(folded)+", "+quoteSQL(persian.Fold(other))+")", text, other)
	default:
		sign := map[string]string{"gt": ">", "lte": "<="}[op]
		q.filter(name+"__"+op, fmt.Sprintf("%s_rank %s (select any_value(%s_rank) from base where %s = %s)", name, sign, name, name, quoteSQL(text)), text)
	}
}

// randomQuery makes a query for rows or for groups.
func randomQuery(r *rand.Rand, all *datasets.Batch) *querySample {
	q := &querySample{values: url.Values{}}
	for range r.IntN(3) {
		q.addFilter(r, all)
	}
	q.values.Set("_size", strconv.Itoa([]int{1 + r.IntN(20), 100, 1000}[r.IntN(3)]))
	if r.IntN(2) == 0 {
		q.rows(r)
	} else {
		q.group(r)
	}
	return q
}

func (q *querySample) rows(r *rand.Rand) {
	for _, c := range r.Perm(len(querySchema))[:1+r.IntN(len(querySchema))] {
		q.selected = append(q.selected, querySchema[c].Name)
	}
	q.values.Set("_select", strings.Join(q.selected, ","))
	var sorts []string
	for _, c := range r.Perm(len(querySchema))[:r.IntN(4)] {
		name, desc := querySchema[c].Name, r.IntN(2) == 0
		sorts = append(sorts, map[bool]string{true: "-"}[desc]+name)
		by := []string{name}
		if querySchema[c].Type == datasets.Text {
			by = []string{name + "_rank", name}
		}
		for _, b := range by {
			q.order = append(q.order, b+map[bool]string{true: " desc", false: " asc"}[desc]+" nulls last")
		}
	}
	q.values.Set("_sort", strings.Join(sorts, ","))
	q.order = append(q.order, "n")
}

// queryGroups is what rows are grouped by: the address, SQL, and what it is
// sorted by.
var queryGroups = [][3]string{
	{"agency", "agency", "any_value(agency_rank)"},
	{"few", "few", ""},
	{"open", "open", ""},
	{"note", "note", "any_value(note_rank)"},
	{"id", "id", ""},
	{"rate", "rate", ""},
	{"day__year", "year(day)", ""},
	{"day__quarter", "year(day) || '-Q' || quarter(day)", ""},
	{"day__month", "strftime(day, '%Y-%m')", ""},
	{"day__jyear", "jyear", ""},
	{"day__jmonth", "jmonth", ""},
	{"moment__day", "cast(moment as date)", ""},
	{"moment__month", "strftime(moment, '%Y-%m')", ""},
}

func (q *querySample) group(r *rand.Rand) {
	var names []string
	for _, g := range r.Perm(len(queryGroups))[:r.IntN(4)] {
		group := queryGroups[g]
		names = append(names, group[0])
		q.groups = append(q.groups, group[1])
		q.selected = append(q.selected, group[1])
		if group[2] != "" {
			q.order = append(q.order, group[2]+" nulls last")
		}
		q.order = append(q.order, group[1]+" nulls last")
	}
	q.values.Set("_group", strings.Join(names, ","))
	measures := map[string]string{"_sum": "amount,few,rate,id", "_avg": "amount,rate", "_min": "day,rate,amount,open", "_max": "moment,id"}
	for _, param := range []string{"_sum", "_avg", "_min", "_max"} {
		if r.IntN(2) == 0 {
			continue
		}
		q.values.Set(param, measures[param])
		for column := range strings.SplitSeq(measures[param], ",") {
			q.selected = append(q.selected, param[1:]+"("+column+")")
		}
	}
	q.values.Set("_count", "1")
	q.selected = append(q.selected, "count(*)")
	if r.IntN(2) == 0 {
		q.values.Set("_sort", "-count")
		q.order = append([]string{"count(*) desc"}, q.order...)
	}
}

// sql asks the table base for the same.
func (q *querySample) sql() string {
	where := append([]string{"true"}, q.filters...)
	if q.values.Has("_count") {
		where = append(where, "not total")
	}
	s := "select " + strings.Join(q.selected, ", ") + " from base where " + strings.Join(where, " and ")
	if len(q.groups) > 0 {
		s += " group by " + strings.Join(q.groups, ", ")
	}
	if len(q.order) > 0 {
		s += " order by " + strings.Join(q.order, ", ")
	}
	return s
}

// compareQueries is a Python program that compares files of results to what
// DuckDB says to the query of each.
const compareQueries = `
import duckdb, json, math, sys
con = duckdb.connect()
con.execute("set enable_progress_bar = false")
con.execute("create table base as select * from read_parquet('%s')" % sys.argv[1])
def near(a, b):
	if a == b: return True
	try: return math.isclose(float(a), float(b), rel_tol=1e-9, abs_tol=1e-7)
	except (TypeError, ValueError): return False
for job in json.load(open(sys.argv[2])):
	names = ["x%d" % i for i in range(job["columns"])]
	want = con.execute("select columns(*)::varchar from (%s) t(%s)" % (job["sql"], ", ".join(names))).fetchall()
	got = con.execute("select columns(*)::varchar from (select * from read_parquet('%s')) t(%s)" % (job["file"], ", ".join(names))).fetchall()
	if len(want) != len(got):
		print("%s\n%s\n%d rows, want %d" % (job["query"], job["sql"], len(got), len(want)))
		continue
	for i, (g, w) in enumerate(zip(got, want)):
		if not all(near(a, b) for a, b in zip(g, w)):
			print("%s\n%s\nrow %d:\ngot  %r\nwant %r" % (job["query"], job["sql"], i, g, w))
			break
`

// TestQueriesAreWhatDuckDBSays makes random tables and random queries. All pages
// together, the view as CSV and as Parquet, and what DuckDB computes must be the
// same. SHAFAF_QUERIES sets how many queries a table gets.
func TestQueriesAreWhatDuckDBSays(t *testing.T) {
	interpreter := python(t, "duckdb")
	queries := 40
	if n, err := strconv.Atoi(os.Getenv("SHAFAF_QUERIES")); err == nil {
		queries = n
	}
	for seed, rows := range []int{3, 500, 3000, 30_000} {
		t.Run(fmt.Sprint(rows, " rows"), func(t *testing.T) {
			r := rand.New(rand.NewPCG(uint64(seed), uint64(queries)))
			file := queryFile(t, queryTable(r, rows))
			dir := t.TempDir()
			base := filepath.Join(dir, "base.parquet")
			save(t, base, export(t, "parquet", withHelp(t, file.Table()), Options{}))
			all := gather(t, file.Table())
			type job struct {
				Query   string `json:"query"`
				SQL     string `json:"sql"`
				File    string `json:"file"`
				Columns int    `json:"columns"`
			}
			var jobs []job
			for i := range queries {
				q := randomQuery(r, all)
				view := checkPages(t, file, q)
				path := filepath.Join(dir, fmt.Sprintf("%d.parquet", i))
				save(t, path, export(t, "parquet", view, Options{}))
				jobs = append(jobs, job{q.values.Encode(), q.sql(), path, len(view.Schema)})
			}
			text, err := json.Marshal(jobs)
			if err != nil {
				t.Fatal(err)
			}
			list := filepath.Join(dir, "jobs.json")
			save(t, list, text)
			out, err := exec.Command(interpreter, "-c", compareQueries, base, list).Output()
			if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
				t.Fatalf("%v: %s", err, exit.Stderr)
			}
			if err != nil || len(out) > 0 {
				t.Fatalf("%v\n%s", err, out)
			}
		})
	}
}

func save(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
}

func queryFile(t *testing.T, tab *datasets.Table) *datasets.RowFile {
	t.Helper()
	files, err := datasets.OpenFiles(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = files.Close() })
	loaded, err := files.PutRows(t.Context(), tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	file, err := files.Rows(loaded.Digest)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// checkPages compares all pages of a query to its view, and its address read
// again to itself. It returns the view.
func checkPages(t *testing.T, file *datasets.RowFile, sample *querySample) *datasets.Table {
	t.Helper()
	q, err := datasets.ParseRowQuery(file.Schema(), sample.values)
	if err != nil {
		t.Fatalf("%s: %v", sample.values.Encode(), err)
	}
	again, err := datasets.ParseRowQuery(file.Schema(), q.Values())
	if err != nil || again.Key(file.Schema()) != q.Key(file.Schema()) || again.Values().Encode() != q.Values().Encode() {
		t.Fatalf("%s: became %s and then %s, error %v", sample.values.Encode(), q.Values().Encode(), again.Values().Encode(), err)
	}
	view, err := file.View(t.Context(), q)
	if err != nil {
		t.Fatalf("%s: %v", sample.values.Encode(), err)
	}
	if !q.Grouped() && view.Rows > 0 && q.Excluding(file.Schema()) != nil {
		t.Fatalf("%s: conditions %v exclude each other, and there are %d rows", sample.values.Encode(), q.Excluding(file.Schema()), view.Rows)
	}
	all := &datasets.Batch{Columns: make([]datasets.Vector, len(view.Schema))}
	for {
		page, err := file.Page(t.Context(), q)
		if err != nil {
			t.Fatalf("%s: %v", sample.values.Encode(), err)
		}
		if page.Total != view.Rows || page.Next != "" && page.Rows.Len != q.Size {
			t.Fatalf("%s: a page of %d rows, %d of %d in all", sample.values.Encode(), page.Rows.Len, page.Total, view.Rows)
		}
		grow(all, page.Rows)
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	pages := &datasets.Table{Schema: view.Schema, Rows: int64(all.Len), Scan: chunks(view.Schema, all)}
	if got, want := export(t, "csv", pages, Options{}), export(t, "csv", view, Options{}); !bytes.Equal(got, want) {
		t.Fatalf("%s: the pages are not the view\n%s\n%s", sample.values.Encode(), got, want)
	}
	return view
}
