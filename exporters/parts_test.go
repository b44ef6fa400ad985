package exporters

import (
	"fmt"
	"io"
	"testing"

	"github.com/openshafaf/shafaf/datasets"
)

// getPart asks for an export of a part of table d1 and returns its content.
func getPart(t *testing.T, f *Files, key string) string {
	t.Helper()
	built, err := f.GetPart(t.Context(), "d1", key, csvFormat(t), Options{}, func() (*datasets.Table, error) { return awkward(), nil })
	if err != nil {
		t.Fatal(err)
	}
	defer built.File.Close()
	b, err := io.ReadAll(built.File)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestPartsOfTablesDoNotPushWholeOnesOut(t *testing.T) {
	f := openFiles(t)
	csv := csvFormat(t)
	content, _ := get(t, f, "d1", csv, Options{})
	size := int64(len(content))
	f.Budget, f.PartBudget = size, 2*size
	for i := range 5 {
		getPart(t, f, fmt.Sprintf("%032x", i))
	}
	if _, ok := f.Peek("d1", csv, Options{}); !ok {
		t.Error("the whole table is gone")
	}
	for i, want := range []bool{false, false, false, true, true} {
		if _, ok := f.PeekPart("d1", fmt.Sprintf("%032x", i), csv, Options{}); ok != want {
			t.Errorf("part %d is kept: %t", i, ok)
		}
	}
	again, err := OpenFiles(f.dir)
	if err != nil {
		t.Fatal(err)
	}
	if again.total != size || again.parts != 2*size || again.partsN != 2 {
		t.Errorf("after a start there are %d bytes of whole tables and %d in %d parts", again.total, again.parts, again.partsN)
	}
	if _, err := f.GetPart(t.Context(), "d1", "../x", csv, Options{}, nil); err == nil {
		t.Error("a key that is none is taken")
	}
}

func TestRoomIsMadeFromPartsFirst(t *testing.T) {
	f := openFiles(t)
	getPart(t, f, "00000001")
	get(t, f, "d1", csvFormat(t), Options{})
	getPart(t, f, "00000002")
	first := f.leastWorth()
	if len(first) != 3 || !first[0].part() || !first[1].part() || first[2].part() {
		t.Errorf("the order is %v", first)
	}
}
