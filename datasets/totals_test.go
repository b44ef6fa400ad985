package datasets

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestWordsForTotals(t *testing.T) {
	for label, want := range map[string]totalLabel{
		"Total": saysTotal, "TOTAL:": saysTotal, "Grand total": saysTotal, "Sub-total": saysTotal, "subtotal": saysTotal, "Sum": saysTotal, "Total (€)": saysTotal,
		"جمع": saysTotal, "جمع کل": saysTotal, "جمع\u200cکل": saysTotal, "جمع كل:": saysTotal, "مجموع": saysTotal, "کل": saysTotal, "كل": saysTotal, "کل کشور": saysTotal,
		"المجموع": saysTotal, "الإجمالي": saysTotal,
		"Total général": saysTotal, "Sous-total": saysTotal, "Ensemble": saysTotal, "Suma total": saysTotal, "Gesamt": saysTotal, "Insgesamt": saysTotal,
		"Zwischensumme": saysTotal, "Total geral": saysTotal, "Totaal": saysTotal, "Razem": saysTotal, "Ogółem": saysTotal, "Итого": saysTotal, "ΣΥΝΟΛΟ": saysTotal,
		"Total Berlin": maybeTotal, "Berlin total": maybeTotal, "Total SA": maybeTotal, "جمع استان تهران": maybeTotal, "Summe Titelgruppe 1": maybeTotal, "Total: Region 1": maybeTotal,
		"Totalenergies": noTotal, "Summer school": noTotal, "Consumption": noTotal, "Collective": noTotal, "جمعه": noTotal, "جمعیت": noTotal, "کلاله": noTotal,
		"": noTotal, "12": noTotal, "Tot": noTotal, "Ensemble of the opera": noTotal, "(total)": saysTotal,
	} {
		if got := totalLabelOf([]Cell{{Text: []byte(label)}, {Text: []byte("5")}}); got != want {
			t.Errorf("%q says %d, want %d", label, got, want)
		}
	}
	far := make([]Cell, 8)
	for i := range far {
		far[i].Text = []byte("x")
	}
	far[6].Text = []byte("Total")
	if totalLabelOf(far) != noTotal {
		t.Error("a word in the seventh cell is taken for the label")
	}
	if totalLabelOf([]Cell{{Text: []byte("true"), Kind: CellBoolean}, {Text: []byte("Total")}}) != saysTotal {
		t.Error("the label in the second cell is not seen")
	}
}

// Rows are totals where a word says so and the numbers prove it.
func TestTotals(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []int64
	}{
		{"last", "a,n\nx,1\ny,2\nTotal,3\n", []int64{2}},
		{"with groups of thousands", "a,n\nx,\"1,000\"\ny,\"2,500\"\nTotal,\"3,500\"\n", []int64{2}},
		{"in Persian", "نام,مبلغ\nالف,۱۰\nب,۲۰\nجمع كل,۳۰\n", []int64{2}},
		{"in the second column", "no,a,n\n1,x,4\n2,y,5\n,Total,9\n", []int64{2}},
		{"rounded", "a,n\nx,1.4\ny,2.4\nz,96.4\nTotal,100.3\n", []int64{3}},
		{"rounded to thousands", "a,n\nx,14000\ny,24000\nz,964000\nTotal,1003000\n", []int64{3}},
		{"subtotals and a grand total", "g,a,n\n1,x,1\n1,y,2\n1,Subtotal,3\n2,x,10\n2,y,20\n2,Subtotal,30\n,Grand total,33\n", []int64{2, 5, 6}},
		{"three levels", "a,n\nx,1\ny,2\nTotal A1,3\nx,4\ny,5\nTotal A2,9\nTotal A,12\nx,10\ny,10\nTotal B,20\nTotal,32\n", []int64{2, 5, 6, 9, 10}},
		{"of groups below headings", "a,n\nNorth,\nx,1\ny,2\nSouth,\nx,3\ny,4\nSouth total,7\nTotal,10\n", []int64{6, 7}},
		{"of one row", "a,n\nx,5\nTotal,5\ny,7\nTotal,7\n", []int64{1, 3}},
		{"of zeros", "a,n\nx,0\ny,0\nTotal,0\nx,1\ny,1\nTotal,2\n", []int64{2, 5}},
		{"of negative numbers", "a,n\nx,-5\ny,3\nTotal,-2\n", []int64{2}},
		{"with rates", "a,n,m,rate\nx,10,100,2.5\ny,20,300,7.5\nTotal,30,400,5.1\n", []int64{2}},
		{"with rows that are numbered", "no,a,n\n1,x,10\n2,y,20\n3,Total,30\n", []int64{2}},
		{"last, of more than is shown", "a,n\nx,50\ny,40\nTotal,120\n", []int64{2}},
		{"last but for notes", "a,n\nx,50\ny,40\nTotal,120\nSource: the office,\n", []int64{2}},
		{"first", "a,n\nTotal,6\nx,1\ny,2\nz,3\n", []int64{0}},
		{"first, with groups", "a,n\nTotal,10\nx,1\ny,2\nSubtotal,3\nz,3\nw,4\nSubtotal,7\n", []int64{0, 3, 6}},
		{"first, with groups above theirs", "a,n\nTotal,10\nNorth total,3\nx,1\ny,2\nSouth total,7\nz,3\nw,4\n", []int64{0, 1, 4}},
		{"above their groups", "a,n\nNorth total,30\nx,10\ny,20\nSouth total,70\nz,34\nw,36\n", []int64{0, 3}},
		{"above their groups, and the sum of all last", "a,n\nNorth total,30\nx,10\ny,20\nSouth total,70\nz,34\nw,36\nTotal,100\n", []int64{0, 3, 6}},
		{"in the second column, before", "g,a,n\n1,جمع,30\n1,x,10\n1,y,20\n2,جمع,70\n2,z,34\n2,w,36\n", []int64{0, 3}},
		{"three levels, before", "a,n\nTotal,77\nA total,32\nA1 total,12\nx,5\ny,7\nA2 total,20\nx,8\ny,12\nB total,45\nx,21\ny,24\n", []int64{0, 1, 2, 5, 8}},
		{"before, between headings", "a,n\nNorth,\nTotal,30\nx,10\ny,20\nSouth,\nTotal,70\nz,34\nw,36\n", []int64{1, 5}},
		{"first, with a rate", "a,n,m,rate\nTotal,30,400,5.1\nx,10,100,2.5\ny,20,300,7.5\n", []int64{0}},

		{"before, a part missing", "a,n\nNorth total,30\nx,10\ny,19\nSouth total,70\nz,34\nw,33\n", nil},
		{"before, of one row", "a,n\nx,5\nTotal A,10\ny,10\nTotal B,7\nz,7\n", nil},
		{"before, one number that disagrees", "a,n,m\nv,1,1\nTotal A,30,5\nx,10,1\ny,20,2\nTotal B,4,4\n", nil},
		{"before, nothing but a number of the row", "no,a\n3,Total\n4,x\n5,y\n", nil},
		{"no group between", "a,n\nNorth total,30\nx,10\ny,20\nz,34\nw,36\nSouth total,70\n", nil},
		{"a company", "company,n\nShell,5\nTotal SA,7\nBP,9\nTotal SA,2\n", nil},
		{"a company that is the sum by chance of one", "company,n\nShell,7\nTotal SA,7\nBP,9\n", nil},
		{"a company of that name alone", "company,n\nShell,5\nBP,4\nTotal,7\nEni,3\n", nil},
		{"a company of that name, last", "company,n\nShell,5\nBP,4\nTotal,2\n", nil},
		{"a company of that name, first", "company,n\nTotal,5\nBP,4\nShell,2\nEni,3\n", nil},
		{"a sum without a word", "a,n\nx,1\ny,2\nz,3\n", nil},
		{"numbers that disagree", "a,n,m\nx,1,10\ny,2,20\nTotal,3,31\nw,5,6\nv,5,6\nu,5,6\n", []int64{2}},
		{"more numbers that disagree", "a,n,m,o\nx,1,10,5\ny,2,20,5\nTotal,3,31,11\nw,5,6,1\n", nil},
		{"nothing but a number of the row", "no,a\n1,x\n2,y\n3,Total\n4,z\n", nil},
		{"small numbers that are off by one", "a,n\nx,1\ny,1\nTotal,3\nz,4\n", nil},
		{"the mean, last", "a,n\nx,10\ny,20\nTotal,15\n", nil},
		{"a table of totals", "what,n\nTotal income,10\nTotal costs,7\nTotal staff,3\n", nil},
		{"text", "a,b\nx,one\ny,two\nTotal,three\n", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _, _ := openText(t, c.text, Options{})
			if !slices.Equal(s.Totals, c.want) {
				t.Errorf("the totals are %v, want %v", s.Totals, c.want)
			}
			told := slices.ContainsFunc(s.Notes, func(n string) bool { return strings.Contains(n, "left out of sums") })
			if told != (len(c.want) > 0) {
				t.Errorf("the notes are %q", s.Notes)
			}
		})
	}
}

func TestTotalsAreToldByTheRowsOfTheFile(t *testing.T) {
	s, schema, _ := openText(t, "A title\n\na,n\nx,1\n\ny,2\nTotal,3\nx,4\ny,5\nTotal,9\n", Options{})
	if got := s.Notes[len(s.Notes)-1]; got != "2 rows are totals of others and are left out of sums: rows 7, 10." {
		t.Errorf("%q", got)
	}
	if got := s.Table(schema).Totals; !slices.Equal(got, []int64{2, 5}) {
		t.Errorf("the table says %v", got)
	}
	if _, err := s.Infer(t.Context()); err != nil || len(s.Notes) != 2 || len(s.Totals) != 2 {
		t.Errorf("inferred twice: %v %q %v", err, s.Notes, s.Totals)
	}
	if got := totalsNote([]int64{7}); got != "Row 7 is a total of others and is left out of sums." {
		t.Errorf("%q", got)
	}
	if got := totalsNote(make([]int64, 25)); !strings.HasSuffix(got, ", 0 and 5 more.") {
		t.Errorf("%q", got)
	}
}

// Many rows that say they are totals take bounded time and memory.
func TestManyTotalsAreBounded(t *testing.T) {
	var text strings.Builder
	text.WriteString("a,n\n")
	for i := range 50_000 {
		fmt.Fprintf(&text, "x%d,%d\nTotal,%d\n", i, i+1, 7*i+3)
	}
	s, _, _ := openText(t, text.String(), Options{})
	if len(s.Totals) > 50_000 {
		t.Errorf("%d totals", len(s.Totals))
	}
	f := newTotalFinder(Schema{{Type: Integer}}, []format{{typ: Integer}})
	for range maxTotalStarts * 2 {
		f.value[0]++
		f.add(noTotal)
		f.begin()
	}
	if len(f.starts) > maxTotalStarts || f.starts[0].rows != 0 {
		t.Errorf("%d places are kept, the first after %d rows", len(f.starts), f.starts[0].rows)
	}
}

// A word for totals is told before it is folded, whatever marks stand in it.
func TestHintsOfTotalsMissNone(t *testing.T) {
	marks := []string{"", "", "", "\u0640", "\u064F", "\u0651", "\u200C", "\u200D", "\u200E", "\uFEFF", "\u00AD", "\u061C", "\u0670", "\u06D6", "\u0301", "\x01"}
	r := rand.New(rand.NewPCG(3, 4))
	var words []string
	for _, set := range []map[string]bool{totalLabels, totalWords} {
		for w := range set {
			if w[0] > 0xD7 { // in Arabic letters
				words = append(words, w)
			}
		}
	}
	slices.Sort(words)
	for _, w := range words {
		for range 200 {
			var b strings.Builder
			b.WriteString([]string{"", "", "شرکت ", "x "}[r.IntN(4)])
			for _, c := range w {
				switch c {
				case 'ک':
					c = []rune("کكڪ")[r.IntN(3)]
				case 'ی':
					c = []rune("یيىئ")[r.IntN(4)]
				case 'م':
					c = []rune("م\uFEE2")[r.IntN(2)]
				}
				b.WriteString(marks[r.IntN(len(marks))] + string(c) + marks[r.IntN(len(marks))])
			}
			label := b.String() + []string{"", "", " تهران", " 12"}[r.IntN(4)]
			if labelKind(label) != noTotal && !hintsTotal([]byte(label)) {
				t.Errorf("%q (%+q) has the word %q and gives no hint of it", label, label, w)
			}
		}
	}
}
