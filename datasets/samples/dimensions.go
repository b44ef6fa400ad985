package samples

import (
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// byProvince runs through the 31 provinces.
func byProvince(lang string) dim {
	all := provinces()
	return dim{
		letter: 'p', first: 1, n: len(all),
		means: text{"شمارهٔ استان به ترتیب جدول استان‌ها", "the number of the province in the table of provinces"},
		also: map[byte]func(p int) int64{
			'n': func(p int) int64 { return hundredths(all[p-1].latitude) },
			'e': func(p int) int64 { return hundredths(all[p-1].longitude) },
		},
		shown: []shown{{text{"استان", "Province"}.in(lang), func(p int) string { return all[p-1].name.in(lang) }}},
	}
}

// hundredths returns a coordinate, which has two decimals, as a whole number.
func hundredths(degrees string) int64 {
	n, err := strconv.ParseInt(strings.ReplaceAll(degrees, ".", ""), 10, 64)
	if err != nil {
		panic(err) // the file of provinces is part of the program
	}
	return n
}

// byYear runs through years of the Jalali calendar.
func byYear(lang string, from, to int) dim {
	return dim{
		letter: 'y', first: from, n: to - from + 1,
		means: text{"سال خورشیدی", "the year of the Jalali calendar"},
		shown: []shown{{text{"سال", "Jalali year"}.in(lang), strconv.Itoa}},
	}
}

// byMonth runs through the months of the Jalali year.
func byMonth(lang string) dim {
	return dim{
		letter: 'm', first: 1, n: 12, means: text{"شمارهٔ ماه", "the number of the month"},
		shown: []shown{{text{"ماه", "Month"}.in(lang), func(m int) string { return persian.MonthName(m, lang) }}},
	}
}

// byDay runs through n days; its variable counts them from 0.
func byDay(heading, since string, n int, in calendar) dim {
	return dim{
		letter: 'd', n: n,
		means: text{"شمارهٔ روزهای پس از " + jalaliDigits(dayAfter(since, 0)), "the number of days after " + since},
		shown: []shown{{heading, func(d int) string { return in(dayAfter(since, d)) }}},
	}
}

// byHour runs through the hours of a day.
func byHour(heading string) dim {
	return dim{
		letter: 'h', n: 24, means: text{"ساعت", "the hour"},
		shown: []shown{{heading, strconv.Itoa}},
	}
}

// byName runs through named things, numbered from 1.
func byName(letter byte, means text, heading string, names ...string) dim {
	return dim{
		letter: letter, first: 1, n: len(names), means: means,
		shown: []shown{{heading, func(i int) string { return names[i-1] }}},
	}
}

// byNumber runs through n numbered things, shown as codes of the given width
// with a prefix.
func byNumber(letter byte, means text, heading, prefix string, width, n int) dim {
	return dim{
		letter: letter, first: 1, n: n, means: means,
		shown: []shown{{heading, func(i int) string {
			s := strconv.Itoa(i)
			for len(s) < width {
				s = "0" + s
			}
			return prefix + s
		}}},
	}
}

// byAgency runs through the agencies of the demo.
func byAgency(lang string) dim {
	all := Agencies()
	return dim{
		letter: 'a', first: 1, n: len(all),
		means: text{"شمارهٔ دستگاه به ترتیب جدول", "the number of the agency in the order of the table"},
		shown: []shown{{text{"دستگاه", "Agency"}.in(lang), func(a int) string { return all[a-1].Title[lang] }}},
	}
}
