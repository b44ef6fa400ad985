package samples

import (
	_ "embed"
	"strconv"
	"strings"
)

// The 31 provinces in Persian alphabetical order: name and capital in both
// languages, place of the capital, telephone prefix, men and women of the
// censuses of 1390 (2011) and 1395 (2016), counties in 1395 and in 1402.
//
//go:embed provinces.csv
var provinceLines string

type province struct {
	name, capital       text
	latitude, longitude string
	phone               string
	men1390, women1390  int
	men1395, women1395  int
	counties1395        int
	counties1402        int
}

func provinces() []province {
	lines := strings.Split(strings.TrimSpace(provinceLines), "\n")[1:]
	all := make([]province, len(lines))
	for i, line := range lines {
		c := strings.Split(line, ",")
		number := func(k int) int {
			n, err := strconv.Atoi(c[k])
			if err != nil {
				panic(err) // the file is part of the program
			}
			return n
		}
		all[i] = province{
			name: text{c[0], c[1]}, capital: text{c[2], c[3]}, latitude: c[4], longitude: c[5], phone: c[6],
			men1390: number(7), women1390: number(8), men1395: number(9), women1395: number(10),
			counties1395: number(11), counties1402: number(12),
		}
	}
	return all
}

// provinceTable is a table of facts with a row for each province.
func provinceTable(name string, columns []string, row func(p province) []string) table {
	all := provinces()
	return table{name: name, columns: columns, n: len(all), row: func(i int) []string { return row(all[i]) }}
}
