package lawtext

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// hostile are texts that are written to take long: each line makes the splitter
// look at as many others as it ever does.
var hostile = map[string]func(i int) string{
	"notes":      func(i int) string { return fmt.Sprintf("تبصره %d– متن\n", i%7+1) },
	"long notes": func(i int) string { return fmt.Sprintf("تبصره %d– %s\n", i+1, strings.Repeat("متن ", 1500)) },
	"articles":   func(int) string { return "ماده ۱- . " },
	"lists":      func(int) string { return "۱– الف– متن\n" },
	"quoted":     func(i int) string { return fmt.Sprintf("ماده %d– متن:\n", i%1000*2+5) },
	"chapters":   func(i int) string { return fmt.Sprintf("فصل %d– متن است.\n", i%1000+2) },
	"changes":    func(int) string { return "ماده ۱ (اصلاحی) (اصلاحی) مکرر مکرر " },
	"brackets":   func(int) string { return "ماده ) " },
	"split":      func(i int) string { return strings.Repeat("@", i%(2*MaxDepth)+1) + " note 1\n" },
}

// A text that is made to take long is split whole, as fast as others of its
// size.
func TestHostileTextsAreSplit(t *testing.T) {
	for name, unit := range hostile {
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			if name == "split" {
				b.WriteString(formatHead + " fa x\n")
			}
			for i := 0; b.Len() < maxParagraph/4; i++ {
				b.WriteString(unit(i))
			}
			l, err := Read(t.Context(), name, strings.NewReader(b.String()), int64(b.Len()))
			if err != nil {
				t.Fatal(err)
			}
			checkLaw(t, &l)
			if len(l.Provisions) > MaxProvisions || len(l.Remarks) > maxRemarks+1 {
				t.Errorf("%d provisions and %d remarks", len(l.Provisions), len(l.Remarks))
			}
		})
	}
}

// How far others are looked at has an end for the text as a whole.
func TestLooksEnd(t *testing.T) {
	text := strings.Repeat("۱– الف– متن\n", 20_000)
	s := &splitter{law: &Law{Lang: "fa"}, ended: func() error { return nil }}
	s.readLines(text)
	s.looks = 10 * len(s.lines)
	s.readMarks()
	s.build()
	if s.looks != 0 {
		t.Errorf("%d looks are left: the text does not take them", s.looks)
	}
	s.law.settle(s.begins)
	checkLaw(t, s.law)
}

// Splitting ends when nobody waits for it any more.
func TestSplitEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	text := []byte(strings.Repeat("ماده ۱– متن\n", 1000))
	if l, err := Read(ctx, "x", bytes.NewReader(text), int64(len(text))); !errors.Is(err, context.Canceled) || len(l.Provisions) > 0 {
		t.Errorf("%d provisions, %v", len(l.Provisions), err)
	}
}
