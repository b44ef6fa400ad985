package samples

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// A dim is one dimension of a computed table: a variable that runs through n
// values, shown in columns of its own.
type dim struct {
	letter byte
	first  int
	n      int
	means  text                           // what the variable is
	also   map[byte]func(value int) int64 // further variables that follow from it
	shown  []shown
}

type shown struct {
	heading string
	cell    func(value int) string
}

// A measure is a computed column.
type measure struct {
	heading string
	formula string
	cell    func(n int64) string
	after   text // what happens to the number: a list it chooses from, a scale
}

// over lists the dimensions of a table; the last one varies fastest.
func over(dims ...dim) []dim { return dims }

// grid is a table with one row for each combination of the dimensions.
func grid(name string, dims []dim, measures ...measure) table {
	t := table{name: name, n: 1, formula: explain(dims, measures)}
	for _, d := range dims {
		t.n *= d.n
		for _, s := range d.shown {
			t.columns = append(t.columns, s.heading)
		}
	}
	formulas := make([]formula, len(measures))
	for i, m := range measures {
		t.columns = append(t.columns, m.heading)
		formulas[i] = mustParse(m.formula)
	}
	t.row = func(i int) []string {
		var v vars
		for k := len(dims) - 1; k >= 0; k-- {
			value := dims[k].first + i%dims[k].n
			i /= dims[k].n
			v[dims[k].letter] = int64(value)
			for letter, of := range dims[k].also {
				v[letter] = of(value)
			}
		}
		cells := make([]string, 0, len(t.columns))
		for _, d := range dims {
			for _, s := range d.shown {
				cells = append(cells, s.cell(int(v[d.letter])))
			}
		}
		for k, f := range formulas {
			cells = append(cells, measures[k].cell(f(&v)))
		}
		return cells
	}
	return t
}

// explain says in both languages how the cells are computed. Each formula
// stands between backticks and begins with a Latin letter, so that it reads
// from left to right in Persian, too.
func explain(dims []dim, measures []measure) text {
	var names, sums text
	for i, d := range dims {
		if i > 0 {
			names.fa, names.en = names.fa+"، ", names.en+", "
		}
		first, last := strconv.Itoa(d.first), strconv.Itoa(d.first+d.n-1)
		names.fa += "`" + string(d.letter) + "` " + d.means.fa + persianDigits(" ("+first+" تا "+last+")")
		names.en += "`" + string(d.letter) + "` is " + d.means.en + " (" + first + " to " + last + ")"
	}
	signs := strings.NewReplacer("*", "×", "/", "÷")
	for i, m := range measures {
		if i > 0 {
			sums.fa, sums.en = sums.fa+"؛ ", sums.en+"; "
		}
		sum := " `x = " + signs.Replace(m.formula) + "`"
		sums.fa += "«" + m.heading + "»:" + sum + m.after.fa
		sums.en += "“" + m.heading + "”:" + sum + m.after.en
	}
	return text{
		"داده‌های نمایشی: با فرمول ساخته شده است و اندازه‌گیری واقعی نیست. " + sums.fa + ". در فرمول‌ها " + names.fa +
			" است و سطرها به همین ترتیب‌اند (آخری تندتر)؛ `÷` تقسیم صحیح و `mod` باقی‌ماندهٔ آن است و هر دو مانند `×` پیش از `+` و `-` انجام می‌شوند.",
		"Illustrative data: made with a formula, not measured. " + sums.en + ". In the formulas " + names.en +
			", and the rows run through them in this order, the last one fastest; `÷` drops the fraction, `mod` is the remainder, and both come before `+` and `-` as `×` does.",
	}
}

// count is a column of whole numbers.
func count(heading, formula string) measure {
	return measure{heading: heading, formula: formula, cell: func(n int64) string { return strconv.FormatInt(n, 10) }}
}

// decimal is a column of numbers with the given digits after the point.
func decimal(heading string, digits int, formula string) measure {
	scale := strconv.Itoa(pow10(digits))
	return measure{
		heading: heading, formula: formula,
		cell: func(n int64) string {
			s := fmt.Sprintf("%0*d", digits+1, n)
			return s[:len(s)-digits] + "." + s[len(s)-digits:]
		},
		after: text{" تقسیم بر " + persianDigits(scale), ", divided by " + scale},
	}
}

// code is a column of identifiers of the given width, with leading zeros.
func code(heading string, width int, formula string) measure {
	w := strconv.Itoa(width)
	return measure{
		heading: heading, formula: formula,
		cell:  func(n int64) string { return fmt.Sprintf("%0*d", width, n) },
		after: text{" با " + persianDigits(w) + " رقم", " in " + w + " digits"},
	}
}

// choice is a column of the word whose number, from 0, is computed.
func choice(heading, formula string, words ...string) measure {
	return measure{
		heading: heading, formula: formula,
		cell: func(n int64) string { return words[n] },
		after: text{
			" (شماره از صفر در فهرست " + strings.Join(words, "، ") + ")",
			" (number from 0 in the list " + strings.Join(words, ", ") + ")",
		},
	}
}

// A calendar prints a day for the reader of a table.
type calendar func(day time.Time) string

func iso(day time.Time) string { return day.Format(time.DateOnly) }

// jalali prints 1403/05/12.
func jalali(day time.Time) string { return inJalali(day, "en") }

// jalaliDigits prints ۱۴۰۳/۰۵/۱۲.
func jalaliDigits(day time.Time) string { return inJalali(day, "fa") }

func inJalali(day time.Time, lang string) string {
	date, err := persian.FromTime(day)
	if err != nil { // the days of this package are all in range
		return iso(day)
	}
	return date.Numeric(lang)
}

// date is a column of days, computed as days after the given ISO date.
func date(heading, since string, in calendar, formula string) measure {
	return measure{
		heading: heading, formula: formula,
		cell: func(n int64) string { return in(dayAfter(since, int(n))) },
		after: text{
			" روز پس از " + jalaliDigits(dayAfter(since, 0)),
			" days after " + since,
		},
	}
}

func dayAfter(since string, days int) time.Time {
	day, err := time.Parse(time.DateOnly, since)
	if err != nil {
		panic(err) // a constant of this package
	}
	return day.AddDate(0, 0, days)
}

func pow10(digits int) int {
	n := 1
	for range digits {
		n *= 10
	}
	return n
}

func persianDigits(s string) string { return persian.Digits(s, "fa") }
