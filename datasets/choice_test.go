package datasets

import (
	"slices"
	"strings"
	"testing"
)

func chosen(t *testing.T, content string, choices ...ColumnChoice) (*ImportedTable, []string) {
	t.Helper()
	f := openFiles(t)
	im := importText(t, f, content, ImportOptions{Options: Options{Columns: choices}})
	if len(im.Tables) != 1 {
		t.Fatalf("no table: %s", im.Fault)
	}
	r, err := f.Rows(im.Tables[0].Digest)
	if err != nil {
		t.Fatal(err)
	}
	return &im.Tables[0], dump(t, r.Table(), 0, -1)
}

func TestChosenTypes(t *testing.T) {
	const content = "n,day,code,m\n1,5/11/1998,7,1.5\n2,6/10/1998,8,x\n-,nothing,9,2.25\n"
	table, rows := chosen(t, content,
		ColumnChoice{Column: "day", Type: Date, Layout: "mdy"},
		ColumnChoice{Column: "code", Type: Text},
		ColumnChoice{Column: "m", Type: Decimal})
	var types []string
	for _, c := range table.Schema {
		types = append(types, c.Type.String()+" "+c.Layout)
	}
	wantEqual(t, "types", types, []string{"integer ", "date mdy", "text ", "decimal "})
	wantEqual(t, "rows", rows, []string{
		`false "1"|false "1998-05-11" from "5/11/1998"|false "7"|false "1.5"|`,
		`false "2"|false "1998-06-10" from "6/10/1998"|false "8"|true "" from "x"|`,
		`true "" from "-"|true "" from "nothing"|false "9"|false "2.25"|`,
	})
	if table.FaultsN != 2 || table.Faults[0].Row != 3 || table.Faults[0].Column != "m" || table.Faults[1].Row != 4 || !strings.Contains(table.Faults[1].Text, "nothing") {
		t.Errorf("faults %+v", table.Faults)
	}
}

func TestChosenTypesOfAllKinds(t *testing.T) {
	for name, c := range map[string]struct {
		cells  []string
		choice ColumnChoice
		want   []string
		lost   int64
	}{
		"whole numbers":     {[]string{"1", "2.0", "3.5"}, ColumnChoice{Type: Integer}, []string{"1", "2", ""}, 1},
		"grouped numbers":   {[]string{"1.234", "5.678,5"}, ColumnChoice{Type: Decimal}, []string{"1234", "5678.5"}, 0},
		"Persian numbers":   {[]string{"۱۲", "۱۳٫۵", "a?"}, ColumnChoice{Type: Decimal}, []string{"12", "13.5", ""}, 1},
		"long numbers":      {[]string{"1e-20", "2"}, ColumnChoice{Type: Decimal}, []string{"1e-20", "2"}, 0},
		"Jalali":            {[]string{"1403/05/12", "۱ آذر ۱۴۰۵", "2024-08-02"}, ColumnChoice{Type: Date, Layout: "jalali"}, []string{"2024-08-02", "2026-11-22", ""}, 1},
		"any date":          {[]string{"1403/05/12", "1403/05/13", "2024-08-02"}, ColumnChoice{Type: Date}, []string{"2024-08-02", "2024-08-03", ""}, 1},
		"moments":           {[]string{"2024-08-02 10:00", "2024-08-03", "yes"}, ColumnChoice{Type: DateTime, Layout: "iso"}, []string{"2024-08-02T10:00:00", "2024-08-03T00:00:00", ""}, 1},
		"instants":          {[]string{"2024-08-02T10:00:00Z", "2024-08-02T10:00:00+03:30", "2024-08-02T10:00:00"}, ColumnChoice{Type: DateTime}, []string{"2024-08-02T10:00:00Z", "2024-08-02T06:30:00Z", ""}, 1},
		"truth":             {[]string{"بله", "خیر", "شاید"}, ColumnChoice{Type: Boolean}, []string{"true", "false", ""}, 1},
		"text":              {[]string{"1", "2"}, ColumnChoice{Type: Text}, []string{"1", "2"}, 0},
		"nothing of a type": {[]string{"a", "b"}, ColumnChoice{Type: Integer}, []string{"", ""}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			c.choice.Column = "c"
			table, rows := chosen(t, "k;c\nx;"+strings.Join(c.cells, "\nx;")+"\n", c.choice)
			var got []string
			for _, row := range rows {
				_, cell, _ := strings.Cut(row, "|")
				cell = cell[strings.IndexByte(cell, '"')+1:]
				got = append(got, cell[:strings.IndexByte(cell, '"')])
			}
			if !slices.Equal(got, c.want) || table.FaultsN != c.lost {
				t.Errorf("%q with %d faults, want %q with %d: %v", got, table.FaultsN, c.want, c.lost, table.Faults)
			}
		})
	}
}

func TestChoiceForAColumnThatWent(t *testing.T) {
	table, _ := chosen(t, "a,b\n1,2\n", ColumnChoice{Column: "c", Type: Text}, ColumnChoice{Table: "other", Column: "a", Type: Text})
	if table.FaultsN != 1 || table.Faults[0].Column != "c" || table.Schema[0].Type != Integer {
		t.Errorf("%+v", table)
	}
}
