package datasets

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// walk asks for page after page and returns the numbers of all rows.
func walk(t *testing.T, r *RowFile, q RowQuery) []int64 {
	t.Helper()
	var numbers []int64
	for pages := int64(0); ; pages++ {
		page, err := r.Page(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if pages > r.Len()+1 {
			t.Fatal("the pages do not end")
		}
		if page.Rows.Len != len(page.Numbers) || page.Rows.Len > q.Size || page.Next != "" && page.Rows.Len != q.Size {
			t.Fatalf("a page of %d rows with %d numbers, cursor %q", page.Rows.Len, len(page.Numbers), page.Next)
		}
		numbers = append(numbers, page.Numbers...)
		if q.After = page.Next; q.After == "" {
			if page.Total != int64(len(numbers)) {
				t.Fatalf("the total is %d, and there are %d rows", page.Total, len(numbers))
			}
			return numbers
		}
	}
}

// naiveOrder sorts the rows of a table that match, without a database.
func naiveOrder(t *testing.T, table *Table, sorts []Sort, match func(b *Batch, row int) bool) []int64 {
	t.Helper()
	type row struct {
		n    int64
		null []bool
		num  []float64
		text []string
	}
	order := collate.New(language.Persian)
	var buf collate.Buffer
	var rows []row
	for b, err := range table.Scan(0, -1) {
		if err != nil {
			t.Fatal(err)
		}
		for i := range b.Len {
			if match != nil && !match(b, i) {
				continue
			}
			r := row{n: b.First + int64(i)}
			for _, s := range sorts {
				c := table.Schema.Index(s.Column)
				v := &b.Columns[c]
				num, text := 0.0, ""
				switch storageOf(&table.Schema[c]) {
				case inText:
					text = string(order.KeyFromString(&buf, v.Text[i])) + "\x00" + v.Text[i]
					buf.Reset()
				case inFloat:
					num = v.Float[i]
				case inInt:
					num = float64(v.Int[i])
				}
				r.null, r.num, r.text = append(r.null, v.Null[i]), append(r.num, num), append(r.text, text)
			}
			rows = append(rows, r)
		}
	}
	slices.SortFunc(rows, func(a, b row) int {
		for i, s := range sorts {
			switch {
			case a.null[i] && b.null[i]:
				continue
			case a.null[i]:
				return 1
			case b.null[i]:
				return -1
			}
			c := cmp.Or(cmp.Compare(a.num[i], b.num[i]), strings.Compare(a.text[i], b.text[i]))
			if s.Desc {
				c = -c
			}
			if c != 0 {
				return c
			}
		}
		return cmp.Compare(a.n, b.n)
	})
	var numbers []int64
	for _, r := range rows {
		numbers = append(numbers, r.n)
	}
	return numbers
}

func TestPagesHoldEveryRowOnceInOrder(t *testing.T) {
	table := randomTable(11, testSchema(), 1500)
	r := load(t, openFiles(t), table)
	sorts := [][]Sort{nil, {{"few", true}, {"agency", false}}, {{"open", false}, {"day", true}, {"rate", false}}}
	for _, c := range table.Schema {
		sorts = append(sorts, []Sort{{c.Name, false}}, []Sort{{c.Name, true}})
	}
	for i, sort := range sorts {
		t.Run(fmt.Sprint(sort), func(t *testing.T) {
			want := naiveOrder(t, table, sort, nil)
			wantEqual(t, "rows", walk(t, r, RowQuery{Sort: sort, Size: 100 + i*37}), want)
		})
	}
	want := naiveOrder(t, table, []Sort{{"few", false}}, nil)
	wantEqual(t, "rows one by one", walk(t, r, RowQuery{Sort: []Sort{{"few", false}}, Size: 1}), want)
}

func TestTextsAreSortedAsInADictionary(t *testing.T) {
	words := []string{"یزد", "چهارمحال و بختیاری", "گیلان", "البرز", "آذربایجان شرقی", "پارس", "banana", "Apple", "همدان", "ژاله", "تهران", "کرمان"}
	want := []string{"Apple", "banana", "آذربایجان شرقی", "البرز", "پارس", "تهران", "چهارمحال و بختیاری", "ژاله", "کرمان", "گیلان", "همدان", "یزد"}
	r := load(t, openFiles(t), textTable(words...))
	page, err := r.Page(t.Context(), RowQuery{Sort: []Sort{{"c", false}}})
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "order", page.Rows.Columns[0].Text, want)
}

// textTable is a table with one column of text, c.
func textTable(words ...string) *Table {
	t := oneCell(Column{Name: "c", Label: "C", Type: Text}, Vector{})
	t.Rows = int64(len(words))
	t.Scan = batches(Batch{Len: len(words), Columns: []Vector{{Null: make([]bool, len(words)), Text: words}}})
	return t
}

func TestFilters(t *testing.T) {
	table := randomTable(13, testSchema(), 2500)
	r := load(t, openFiles(t), table)
	s := table.Schema
	col := func(b *Batch, name string) *Vector { return &b.Columns[s.Index(name)] }
	for query, match := range map[string]func(b *Batch, row int) bool{
		"few=2":             func(b *Batch, i int) bool { v := col(b, "few"); return !v.Null[i] && v.Int[i] == 2 },
		"few=%DB%B2":        func(b *Batch, i int) bool { v := col(b, "few"); return !v.Null[i] && v.Int[i] == 2 },
		"few=-1&few=1":      func(b *Batch, i int) bool { v := col(b, "few"); return !v.Null[i] && (v.Int[i] == -1 || v.Int[i] == 1) },
		"few__in=-1,1":      func(b *Batch, i int) bool { v := col(b, "few"); return !v.Null[i] && (v.Int[i] == -1 || v.Int[i] == 1) },
		"few__not=1":        func(b *Batch, i int) bool { v := col(b, "few"); return v.Null[i] || v.Int[i] != 1 },
		"few=1.5":           func(*Batch, int) bool { return false },
		"few__not=1.5":      func(*Batch, int) bool { return true },
		"few__gt=0.5":       func(b *Batch, i int) bool { v := col(b, "few"); return !v.Null[i] && v.Int[i] >= 1 },
		"few__lt=-0.5":      func(b *Batch, i int) bool { v := col(b, "few"); return !v.Null[i] && v.Int[i] <= -1 },
		"few__isnull=1":     func(b *Batch, i int) bool { return col(b, "few").Null[i] },
		"few__isnull=false": func(b *Batch, i int) bool { return !col(b, "few").Null[i] },
		"few=":              func(*Batch, int) bool { return true },
		"amount__gte=12.5":  func(b *Batch, i int) bool { v := col(b, "amount"); return !v.Null[i] && v.Int[i] >= 1250 },
		"amount__lte=-3":    func(b *Batch, i int) bool { v := col(b, "amount"); return !v.Null[i] && v.Int[i] <= -300 },
		"amount__lt=0&few=1": func(b *Batch, i int) bool {
			v, w := col(b, "amount"), col(b, "few")
			return !v.Null[i] && v.Int[i] < 0 && !w.Null[i] && w.Int[i] == 1
		},
		"rate__gt=100.25":     func(b *Batch, i int) bool { v := col(b, "rate"); return !v.Null[i] && v.Float[i] > 100.25 },
		"open=true":           func(b *Batch, i int) bool { v := col(b, "open"); return !v.Null[i] && v.Int[i] == 1 },
		"day__gte=1999-12-31": func(b *Batch, i int) bool { v := col(b, "day"); return !v.Null[i] && v.Int[i] >= 10956 },
		"day=1999": func(b *Batch, i int) bool {
			v := col(b, "day")
			return !v.Null[i] && v.Int[i] >= 10592 && v.Int[i] <= 10956
		},
		"day=1999-12": func(b *Batch, i int) bool {
			v := col(b, "day")
			return !v.Null[i] && v.Int[i] >= 10926 && v.Int[i] <= 10956
		},
		"day=1378/10/10":                   func(b *Batch, i int) bool { v := col(b, "day"); return !v.Null[i] && v.Int[i] == 10956 },
		"day__lt=%DB%B1%DB%B3%DB%B7%DB%B8": func(b *Batch, i int) bool { v := col(b, "day"); return !v.Null[i] && v.Int[i] < 10671 },
		"day__in=1999,2001-01-01": func(b *Batch, i int) bool {
			v := col(b, "day")
			return !v.Null[i] && (v.Int[i] >= 10592 && v.Int[i] <= 10956 || v.Int[i] == 11323)
		},
		"at__gt=2001-01-01": func(b *Batch, i int) bool {
			v := col(b, "at")
			return !v.Null[i] && v.Int[i] >= 11324*int64(microsPerDay)
		},
		"at__lte=2001-01-01T00:00": func(b *Batch, i int) bool {
			v := col(b, "at")
			return !v.Null[i] && v.Int[i] < 11323*int64(microsPerDay)+60*microsPerSecond
		},
		"agency__contains=%D9%83%D8%AA%D8%A7%D8%A8%20%D9%87%D8%A7%DB%8C": func(b *Batch, i int) bool {
			v := col(b, "agency")
			return !v.Null[i] && strings.HasPrefix(v.Text[i], "كتاب")
		},
		"agency__startswith=MINISTRY": func(b *Batch, i int) bool {
			v := col(b, "agency")
			return !v.Null[i] && strings.HasPrefix(v.Text[i], "Ministry")
		},
		"agency__startswith=of": func(*Batch, int) bool { return false },
		"agency__in=a%2Cb&agency__in=%DB%8C%D8%B2%D8%AF": func(b *Batch, i int) bool {
			v := col(b, "agency")
			return !v.Null[i] && (v.Text[i] == "a,b" || v.Text[i] == "یزد")
		},
		"agency__gt=b": func(b *Batch, i int) bool {
			v := col(b, "agency")
			return !v.Null[i] && v.Text[i] != "" && v.Text[i] != "a,b" && !strings.HasPrefix(v.Text[i], "\"")
		},
		"note__contains=':%20DROP%20TABLE%20rows%3B--": func(*Batch, int) bool { return false },
	} {
		t.Run(query, func(t *testing.T) {
			q, err := ParseRowQuery(s, parseQuery(t, query))
			if err != nil {
				t.Fatal(err)
			}
			q.Size = 300
			wantEqual(t, "rows", walk(t, r, q), naiveOrder(t, table, nil, match))
			q.Sort = []Sort{{"agency", true}, {"few", false}}
			wantEqual(t, "sorted rows", walk(t, r, q), naiveOrder(t, table, q.Sort, match))
		})
	}
}

func TestTotalsOfFiltersThatDifferInANumber(t *testing.T) {
	r := load(t, openFiles(t), intTable(1_000_000, 2_000_000, 3_000_000, -5))
	for text, want := range map[string]int64{"1500000": 2, "2500000": 1, "-2000000": 4, "-1": 3} {
		page, err := r.Page(t.Context(), RowQuery{Filters: []Filter{{"c", Greater, []string{text}}}})
		if err != nil || page.Total != want {
			t.Errorf("%d rows above %s, want %d; error %v", page.Total, text, want, err)
		}
	}
}

func TestPageShowsTheSelectedColumnsWithSourceTexts(t *testing.T) {
	table := randomTable(14, testSchema(), 400)
	r := load(t, openFiles(t), table)
	lines := dump(t, table, 0, -1)
	page, err := r.Page(t.Context(), RowQuery{Sort: []Sort{{"rate", true}}, Size: 50})
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range dumpBatch(page.Schema, page.Rows) {
		wantEqual(t, "row", line, lines[page.Numbers[i]])
	}
	some, err := r.Page(t.Context(), RowQuery{Sort: []Sort{{"rate", true}}, Size: 50, Select: []string{"day", "id", "day"}})
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "columns", []string{some.Schema[0].Name, some.Schema[1].Name, some.Schema[2].Name}, []string{"day", "id", "day"})
	wantEqual(t, "values", some.Rows.Columns[0], page.Rows.Columns[6])
	wantEqual(t, "values again", some.Rows.Columns[2], page.Rows.Columns[6])
	wantEqual(t, "other values", some.Rows.Columns[1], page.Rows.Columns[0])
}

func TestCursorOfAnotherPlaceIsRefused(t *testing.T) {
	f := openFiles(t)
	r := load(t, f, randomTable(15, testSchema(), 300))
	other := load(t, f, randomTable(16, testSchema(), 300))
	q := RowQuery{Sort: []Sort{{"few", false}}, Size: 10}
	page, err := r.Page(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	refused := func(what string, r *RowFile, q RowQuery) {
		t.Helper()
		_, err := r.Page(t.Context(), q)
		var input *InputError
		if !errors.As(err, &input) || input.Param != "_after" || !strings.Contains(input.Text, "first page") {
			t.Errorf("%s: error %v", what, err)
		}
	}
	with := func(after string, sort ...Sort) RowQuery { return RowQuery{Sort: sort, Size: 10, After: after} }
	refused("another table", other, with(page.Next, q.Sort...))
	refused("no sort", r, with(page.Next))
	refused("the other direction", r, with(page.Next, Sort{"few", true}))
	refused("another column", r, with(page.Next, Sort{"id", false}))
	refused("nonsense", r, with("nonsense", q.Sort...))
	refused("a part", r, with(page.Next[:20], q.Sort...))
	refused("more", r, with(page.Next+"AA", q.Sort...))
	for i := range page.Next {
		changed := []byte(page.Next)
		if changed[i]++; changed[i] == 'z'+1 || changed[i] == 'Z'+1 || changed[i] == '9'+1 {
			changed[i] = 'A'
		}
		refused(fmt.Sprintf("letter %d changed", i), r, with(string(changed), q.Sort...))
	}
	f.Signer = Signer("another key")
	refused("another key", r, with(page.Next, q.Sort...))
}

func TestQueriesThatAreWrongNameWhatIs(t *testing.T) {
	s := testSchema()
	for query, want := range map[string]string{
		"_sort=amuont":                           `_sort: there is no column "amuont"; did you mean "amount"?`,
		"_sort=-amuont":                          `_sort: there is no column "amuont"; did you mean "amount"?`,
		"_select=id,dey":                         `_select: there is no column "dey"; did you mean "day"?`,
		"agenc__contains=x":                      `agenc__contains: there is no column "agenc"; did you mean "agency"?`,
		"%D8%AF%D8%B3%D8%AA%DA%AF%D8%A7%D9%87=x": `دستگاه: there is no column "دستگاه"; did you mean "agency"?`,
		"zzzzzz=1":                               `zzzzzz: there is no column "zzzzzz"`,
		"few__like=1":                            `few__like: there is no relation "like"; there are eq, not, contains, startswith, gt, gte, lt, lte, in, isnull`,
		"few=many":                               `few: "many" is no number`,
		"few=99999999999999999999":               `few: "99999999999999999999" is larger than any value of the column can be`,
		"few__contains=1":                        `few__contains: the column is no text but integer; use gt, gte, lt, lte or in`,
		"open=perhaps":                           `open: "perhaps" is neither true nor false`,
		"day=2024-13-01":                         `day: "2024-13-01" is no date; write 2024-08-03, 2024-08 or 2024, or a Jalali day as 1403/05/13`,
		"few__isnull=maybe":                      `few__isnull: it takes true or false, not "maybe"`,
		"_size=0":                                `_size: a page has 1 to 1000 rows, not "0"`,
		"_size=1001":                             `_size: a page has 1 to 1000 rows, not "1001"`,
		"_after=a&_after=b":                      `_after: it may stand only once`,
		"_offset=3":                              `_offset: there is no column "_offset"`,
	} {
		_, err := ParseRowQuery(s, parseQuery(t, query))
		var input *InputError
		if !errors.As(err, &input) || err.Error() != want {
			t.Errorf("%s:\ngot  %v\nwant %s", query, err, want)
		}
	}
}

func TestColumnsWithNamesOfParameters(t *testing.T) {
	s := Schema{{Name: "_size", Type: Integer}, {Name: "a__gt", Type: Integer}, {Name: "a", Type: Integer}, {Name: "-a", Type: Integer}, {Name: "b,c", Type: Text}}
	q, err := ParseRowQuery(s, parseQuery(t, "_size__eq=5&_size=7&a__gt=1&a__gt__gt=2&_sort=-a&_select=b%2Cc"))
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "query", q, RowQuery{
		Filters: []Filter{{"_size", Equal, []string{"5"}}, {"a__gt", Equal, []string{"1"}}, {"a__gt", Greater, []string{"2"}}},
		Sort:    []Sort{{"-a", false}}, Select: []string{"b,c"}, Size: 7,
	})
}
