package samples

import "strings"

// facts is a table of known figures, written as text: a line for each row, the
// first one the header, cells between bars.
func facts(name, lines string) table {
	rows := strings.Split(strings.TrimSpace(lines), "\n")
	t := table{name: name, columns: cells(rows[0]), n: len(rows) - 1}
	t.row = func(i int) []string { return cells(rows[i+1]) }
	return t
}

func cells(line string) []string {
	all := strings.Split(line, "|")
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	return all
}
