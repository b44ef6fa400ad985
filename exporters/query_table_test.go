package exporters

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
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
