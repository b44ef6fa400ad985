package datasets

import (
	"fmt"
	"testing"
)

// TestViewsHoldWhatPagesHold of a table whose columns stand in three tables of
// the file: in the order of the file, in another, and with a column twice.
func TestViewsHoldWhatPagesHold(t *testing.T) {
	schema := make(Schema, 2*partColumns+5)
	for i := range schema {
		schema[i] = Column{Name: fmt.Sprintf("c%d", i), Type: Integer}
		if i%3 == 0 {
			schema[i].Type = Text
		}
	}
	r := load(t, openFiles(t), randomTable(7, schema, 300))
	some := []Filter{{"c1", IsNull, []string{"false"}}}
	for _, q := range []RowQuery{
		{Filters: some},
		{Filters: some, Select: []string{"c2003", "c0", "c1500", "c7"}},
		{Filters: some, Select: []string{"c2003", "c0", "c1500", "c7"}, Sort: []Sort{{"c1500", true}}},
		{Select: []string{"c7", "c1500", "c7"}},
		{Filters: append(some, Filter{"c1", IsNull, []string{"true"}}), Select: []string{"c1500"}},
	} {
		q.Size = 1000
		page, err := r.Page(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		view, err := r.View(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, fmt.Sprint(q), dump(t, view, 0, -1), append([]string(nil), dumpBatch(page.Schema, page.Rows)...))
	}
}
