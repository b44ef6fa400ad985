package site

import (
	"io/fs"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
	_ "time/tzdata" // bare machines have no zone files

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// A locale writes texts, numbers and dates as the readers of one language do.
type locale struct {
	lang  string
	texts map[string]message
	zone  *time.Location
	brand *atomic.Pointer[brand] // nil: there is none yet
}

// zoneName is where the clock of the pages stands.
const zoneName = "Asia/Tehran"

// newLocales reads the texts of the sources; without any, those of the site.
func newLocales(sources ...fs.FS) map[string]*locale {
	if len(sources) == 0 {
		sources = []fs.FS{ownTexts()}
	}
	zone, err := time.LoadLocation(zoneName)
	if err != nil {
		panic(err)
	}
	all := map[string]*locale{}
	for _, lang := range catalog.Languages {
		texts, err := readTexts(lang, sources)
		if err != nil {
			panic(err)
		}
		all[lang] = &locale{lang: lang, texts: texts, zone: zone}
	}
	return all
}

// What stands between groups of digits, before fractions and negative numbers,
// as CLDR has it for fa and en. The mark before the Persian minus keeps it on
// the left of its number.
const (
	groupFa, pointFa, minusFa = "٬", "٫", "\u200e−"
	groupEn, pointEn, minusEn = ",", ".", "-"
)

// Digits writes the digits of s in the language's own.
func (l *locale) Digits(s string) string { return persian.Digits(s, l.lang) }

// Num writes a whole number with its digits in groups.
func (l *locale) Num(n int64) string { return l.number(strconv.FormatInt(n, 10), true) }

// Plain writes a whole number without groups: years and page numbers.
func (l *locale) Plain(n int64) string { return l.number(strconv.FormatInt(n, 10), false) }

// Float writes f with at most places digits after the point.
func (l *locale) Float(f float64, places int) string {
	s := strconv.FormatFloat(f, 'f', places, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return l.number(s, true)
}

// number writes a decimal number as strconv prints it.
func (l *locale) number(s string, grouped bool) string {
	group, point, minus := groupEn, pointEn, minusEn
	if l.lang == "fa" {
		group, point, minus = groupFa, pointFa, minusFa
	}
	var b strings.Builder
	if rest, negative := strings.CutPrefix(s, "-"); negative {
		b.WriteString(minus)
		s = rest
	}
	whole, fraction, _ := strings.Cut(s, ".")
	if !isDigits(whole) { // 1e+30, NaN
		b.WriteString(l.Digits(s))
		return b.String()
	}
	for i, d := range whole {
		if grouped && i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteRune(l.digit(d))
	}
	if fraction != "" {
		b.WriteString(point)
		b.WriteString(l.Digits(fraction))
	}
	return b.String()
}

func (l *locale) digit(d rune) rune {
	if l.lang == "fa" {
		return d - '0' + '۰'
	}
	return d
}

func isDigits(s string) bool {
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}

// The steps of sizes and of large numbers, and the keys of their words.
const (
	kilo = 1000
	mega = kilo * kilo
	giga = kilo * mega
	tera = kilo * giga
)

// Size writes a number of bytes in words: "3.1 MB".
func (l *locale) Size(n int64) string {
	switch {
	case n < kilo:
		return l.Text("size.b", "n", n)
	case n < mega:
		return l.Text("size.kb", "x", l.Float(float64(n)/kilo, 0))
	case n < giga:
		return l.Text("size.mb", "x", l.Float(float64(n)/mega, 1))
	default:
		return l.Text("size.gb", "x", l.Float(float64(n)/giga, 1))
	}
}

// Compact writes a large number in words: "1.4 million".
func (l *locale) Compact(n int64) string {
	switch f := float64(n); {
	case n < 10*kilo && n > -10*kilo:
		return l.Num(n)
	case n < mega && n > -mega:
		return l.Text("compact.thousand", "x", l.Float(f/kilo, 0))
	case n < giga && n > -giga:
		return l.Text("compact.million", "x", l.Float(f/mega, 1))
	case n < tera && n > -tera:
		return l.Text("compact.billion", "x", l.Float(f/giga, 1))
	default:
		return l.Text("compact.trillion", "x", l.Float(f/tera, 1))
	}
}

// Percent writes a share of one: "12.3%".
func (l *locale) Percent(share float64) string {
	return l.Text("percent", "x", l.Float(share*100, 1))
}
