package exporters

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"testing"

	"github.com/openshafaf/shafaf/datasets"
)

// A file of our own comes back with the same columns, types and values.
func TestParquetComesBackTheSame(t *testing.T) {
	table := table(datasets.Schema{
		{Name: "text", Type: datasets.Text},
		{Name: "b", Type: datasets.Integer},
		{Name: "dec", Type: datasets.Decimal, Scale: 3, Fixed: true},
		{Name: "float", Type: datasets.Decimal, Float: true},
		{Name: "truth", Type: datasets.Boolean},
		{Name: "day", Type: datasets.Date},
		{Name: "moment", Type: datasets.DateTime},
		{Name: "instant", Type: datasets.DateTime, UTC: true},
		{Name: "a, b", Type: datasets.Text},
		{Name: "درآمد", Type: datasets.Integer},
	}, 3,
		[]cell{"x", int64(1), int64(-1500), 0.1, true, int64(19724), int64(1704164645123456), int64(-1), "007", int64(math.MaxInt64)},
		[]cell{nil, nil, nil, nil, nil, nil, nil, nil, nil, nil},
		[]cell{"", int64(math.MinInt64), int64(999999999999999999), -1e300, false, int64(-200000), int64(0), int64(1), "متن\n", int64(0)})
	var b bytes.Buffer
	if err := writeParquet(t.Context(), &b, table, Options{}); err != nil {
		t.Fatal(err)
	}
	sheets, err := datasets.Open(t.Context(), bytes.NewReader(b.Bytes()), int64(b.Len()), "t.parquet", datasets.Options{})
	if err != nil {
		t.Fatal(err)
	}
	schema, err := sheets[0].Infer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(schema) != len(table.Schema) {
		t.Fatalf("%d columns came back of %d", len(schema), len(table.Schema))
	}
	for i, name := range Header(table.Schema) {
		want, got := table.Schema[i], schema[i]
		if got.Label != name || got.Type != want.Type || got.Scale != want.Scale || got.Float != want.Float || got.UTC != want.UTC {
			t.Errorf("column %+v came back as %+v", want, got)
		}
	}
	want, got := values(t, table), values(t, sheets[0].Table(schema))
	if len(want) == 0 || len(got) != len(want) {
		t.Fatalf("%d values came back of %d", len(got), len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("value %d: %s came back as %s", i, want[i], got[i])
		}
	}
}

// values are all values of a table, whatever they print as.
func values(t *testing.T, table *datasets.Table) []string {
	t.Helper()
	var all []string
	for b, err := range table.Scan(0, -1) {
		if err != nil {
			t.Fatal(err)
		}
		for i := range table.Schema {
			v := &b.Columns[i]
			for row := range b.Len {
				switch {
				case v.Null[row]:
					all = append(all, "null")
				case len(v.Text) > 0:
					all = append(all, fmt.Sprintf("%q", v.Text[row]))
				case len(v.Float) > 0:
					all = append(all, fmt.Sprint(v.Float[row]))
				default:
					all = append(all, strconv.FormatInt(v.Int[row], 10))
				}
			}
		}
	}
	return all
}
