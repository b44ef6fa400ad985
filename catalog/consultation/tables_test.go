package consultation

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// printed are the rows of a table of a draft, each by the names of its columns.
func (h *hall) printed(d *Draft, name string, from, to int64) []map[string]string {
	h.Helper()
	table, err := h.c.Table(h.Context(), d.ID, name)
	if err != nil {
		h.Fatal(err)
	}
	var all []map[string]string
	for b, err := range table.Scan(from, to) {
		if err != nil {
			h.Fatal(err)
		}
		for i := range b.Len {
			row := map[string]string{}
			for k := range table.Schema {
				if text := string(table.Schema[k].Append(nil, &b.Columns[k], i)); text != "" {
					row[table.Schema[k].Name] = text
				}
			}
			all = append(all, row)
		}
	}
	if from == 0 && to < 0 && int64(len(all)) != table.Rows {
		h.Errorf("%d rows of %d", len(all), table.Rows)
	}
	return all
}

// TestTableHasEachReceipt compares the table with the receipts: each has its
// row, and what the public may not read is in none.
func TestTableHasEachReceipt(t *testing.T) {
	h, d := square(t)
	n := datasets.BatchRows + 10
	h.do(func(tx *catalog.Tx) error {
		for i := range n {
			f := says(&d, strconv.Itoa(i), fmt.Sprint("Text of ", i))
			f.Name, f.Address, f.Proven = "Canary", "art_1", i%3 != 0
			f.Quote = "road of the province"
			if _, _, err := File(tx, &f); err != nil {
				return err
			}
			if i%10 == 1 {
				if _, err := TakeBack(tx, f.Receipt); err != nil {
					return err
				}
			}
		}
		return nil
	})
	all := h.printed(&d, TableComments, 0, -1)
	if figures, err := h.c.CommentFigures(t.Context(), d.ID); err != nil || int(figures.Received()) != len(all) || len(all) != n {
		t.Errorf("%d rows, %+v, %v", len(all), figures, err)
	}
	for i, row := range all {
		own, err := h.c.CommentByReceipt(t.Context(), code(strconv.Itoa(i)))
		if err != nil || row["id"] != own.ID || row["state"] != own.State || row["received"] == "" {
			t.Fatalf("row %d: %v, %+v, %v", i, row, own, err)
		}
		switch line := fmt.Sprint(row); {
		case own.State == Shown && (row["text"] != own.Text || row["name"] != "Canary" || row["version"] != "1" || row["quote"] == ""):
			t.Errorf("row %d: %v", i, row)
		case own.State == Waiting && len(row) != 4, own.State == TakenBack && own.Published.IsZero() && len(row) != 5:
			t.Errorf("row %d tells more than that it came: %v", i, row)
		case own.State != Shown && (strings.Contains(line, "Canary") || strings.Contains(line, "Text")):
			t.Errorf("row %d tells what is not public: %v", i, row)
		}
	}
	part := h.printed(&d, TableComments, 1020, 1030)
	if len(part) != 10 || part[0]["id"] != all[1020]["id"] || part[9]["id"] != all[1029]["id"] {
		t.Errorf("%v", part)
	}
	h.at = h.at.Add(day)
	if more := h.printed(&d, TableComments, 5000, -1); len(more) != 0 {
		t.Errorf("%v", more)
	}
}

func TestAnswersAndInfluenceAreTables(t *testing.T) {
	h, d := square(t)
	c := h.files(says(&d, "a", "Twice a year."))
	h.do(func(tx *catalog.Tx) error {
		_, err := PublishResponse(tx, h.moderator, About{Comment: c.ID}, 0, Reply{Adopted, "en", "We will."})
		return err
	})
	if all := h.printed(&d, TableAnswers, 0, -1); len(all) != 1 || all[0]["comment"] != c.ID || all[0]["text"] != "We will." || all[0]["at"] == "" {
		t.Errorf("%v", all)
	}
	if all := h.printed(&d, TableInfluences, 0, -1); len(all) != 0 {
		t.Errorf("%v", all)
	}
	if _, err := h.c.Table(t.Context(), d.ID, "secrets"); err == nil {
		t.Error("there is a table of secrets")
	}
	hidden := h.prepared("Bylaw of tunnels")
	if _, err := h.c.Table(t.Context(), hidden.ID, TableComments); err == nil {
		t.Error("of a draft that is not public")
	}
}
