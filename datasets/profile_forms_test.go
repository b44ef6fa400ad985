package datasets

import (
	"fmt"
	"strings"
	"testing"
)

// The profile tells of values that are written in several ways, and of no
// others.
func TestProfileTellsOfForms(t *testing.T) {
	for _, c := range []struct{ name, cells, want string }{
		{"Jalali and Gregorian", "1403/05/13|2024-08-03|1403/05/14", "dates jalali/ 2 1403/05/13, iso- 1 2024-08-03"},
		{"signs", "2024-08-03|2024/08/04|2024/08/05", "dates iso/ 2 2024/08/04, iso- 1 2024-08-03"},
		{"names of months", "1403/05/13|۳۰ آبان ۱۴۰۵", "digits latin 1 1403/05/13, persian 1 ۳۰ آبان ۱۴۰۵; dates jalali 1 ۳۰ آبان ۱۴۰۵, jalali/ 1 1403/05/13"},
		{"orders that contradict", "13/11/1998|12/13/1998|13/10/1998", "dates dmy/ 2 13/10/1998, mdy/ 1 12/13/1998"},
		{"years of two digits", "98/05/12|1398/05/13", "dates jalali/ 1 1398/05/13, short/ 1 98/05/12"},
		{"with times", "2024-08-03 10:20|2024/08/04 11:20", "dates iso- 1 2024-08-03 10:20, iso/ 1 2024/08/04 11:20"},
		{"one form of dates", "5/11/1998|25/12/1998", ""},
		{"digits", "12|۱۳|۱۴", "digits persian 2 ۱۳, latin 1 12"},
		{"digits of three scripts", "12|۱۳|١٤", "digits arabic 1 ١٤, latin 1 12, persian 1 ۱۳"},
		{"digits in names", "منطقه 1|منطقه ۲", "digits latin 1 منطقه 1, persian 1 منطقه ۲"},
		{"units", "5 kg|3 t|7 kg", "units kg 2 5 kg, t 1 3 t"},
		{"units in Persian", "۵ تن|۳ کیلو", "units تن 1 ۵ تن, کیلو 1 ۳ کیلو"},
		{"percent and none", "5%|7", "units  1 7, % 1 5%"},
		{"currencies", "$5|€ 7", "units $ 1 $5, € 1 € 7"},
		{"one unit in two spellings", "5 KG|7 kg", ""},
		{"doors", "12 a|13 b|14 c", ""},
		{"ranks", "1st|2nd|3rd", ""},
		{"words", "five|six|7 m", ""},
		{"blanks in numbers", " 5|6|7 ", "blanks 2"},
		{"blanks in texts", "a |b|  c", "blanks 2"},
		{"no number", "5|NA|6", ""},
		{"nothing", "a|b|c", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b strings.Builder
			b.WriteString("n,k\n")
			for cell := range strings.SplitSeq(c.cells, "|") {
				fmt.Fprintf(&b, "\"%s\",k\n", cell)
			}
			im := importText(t, openFiles(t), b.String(), ImportOptions{})
			if got := formsOf(&im.Tables[0].Profile[0]); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func formsOf(p *ColumnProfile) string {
	var all []string
	if p.Blanks > 0 {
		all = append(all, fmt.Sprint("blanks ", p.Blanks))
	}
	for _, f := range []struct {
		name  string
		forms []Form
	}{{"digits", p.Digits}, {"dates", p.Dates}, {"units", p.Units}} {
		var parts []string
		for _, form := range f.forms {
			parts = append(parts, fmt.Sprintf("%s %d %s", form.Kind, form.Count, form.Example))
		}
		if len(parts) > 0 {
			all = append(all, f.name+" "+strings.Join(parts, ", "))
		}
	}
	return strings.Join(all, "; ")
}

// Forms are counted in rows that are no totals, and when more values differ
// than are counted exactly.
func TestFormsOfManyValues(t *testing.T) {
	limits := limitsFor(2)
	limits.values, limits.bytes, limits.frequent = 10, 200, 8
	schema := Schema{{Name: "d", Label: "d"}, {Name: "n", Label: "n", Type: Integer}}
	p := newProfiler(schema, []int64{3, 5}, limits)
	b := &Batch{Len: 200, Columns: make([]Vector, 2)}
	for i := range schema {
		b.Columns[i].Reset(&schema[i], b.Len)
	}
	for i := range b.Len {
		b.Columns[0].Text[i] = fmt.Sprintf("2024/01/%d", i%30+1)
		if i%4 == 0 {
			b.Columns[0].Text[i] = fmt.Sprintf("1403-01-%d", i%28+1)
		}
		b.Columns[1].Source = append(b.Columns[1].Source, SourceText{i, " ۵"})
	}
	p.begin(b)
	p.addColumns(b, 0, 1)
	var profile ColumnProfile
	p.columns[0].forms.fill(&profile, 198)
	if got, want := formsOf(&profile), "dates iso/ 148 2024/01/1, jalali- 50 1403-01-1"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	profile = ColumnProfile{}
	p.columns[1].forms.fill(&profile, 198)
	if got, want := formsOf(&profile), "blanks 198"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
