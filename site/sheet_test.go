package site

import (
	"bytes"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"
)

func TestASheetIsATable(t *testing.T) {
	schema := datasets.Schema{{Name: "name"}, {Name: "n", Type: datasets.Integer}, {Name: "share", Type: datasets.Decimal, Float: true}, {Name: "day", Type: datasets.Date}, {Name: "ok", Type: datasets.Boolean}}
	fill := func(n any) *sheet {
		s := newSheet("x", schema)
		s.row("a", n, 0.5, time.Date(2026, 3, 21, 0, 0, 0, 0, time.UTC), true)
		s.row("", nil, nil, time.Time{}, false)
		return s
	}
	var b bytes.Buffer
	csv, _ := exporters.ByExt("csv")
	must(t, csv.Write(t.Context(), &b, fill(7).table(), exporters.Options{}))
	if want := "name,n,share,day,ok\r\na,7,0.5,2026-03-21,true\r\n,,,,false\r\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
	if fill(7).digest() != fill(int64(7)).digest() || fill(7).digest() == fill(0).digest() || fill(0).digest() == fill(nil).digest() {
		t.Error("the digest does not follow what the sheet holds")
	}
}
