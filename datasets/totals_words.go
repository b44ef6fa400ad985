package datasets

import (
	"strings"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// A totalLabel is how surely the label of a row says that it is a total.
type totalLabel uint8

const (
	noTotal    totalLabel = iota
	maybeTotal            // a word for totals stands beside others: "Total Berlin", "Total SA"
	saysTotal             // nothing else stands there: "Grand total (EUR)"
)

// totalLabels are labels that say so, folded, with spaces for hyphens.
var totalLabels = labelSet(
	"total", "totals", "grand total", "overall total", "total general", "sum", "sum total", "subtotal", "sub total", "subtotals", "total amount",
	"suma", "suma total", "gran total", "total geral", "soma", "somme", "sous total", "total global", "ensemble", "total ensemble",
	"summe", "gesamt", "gesamtsumme", "insgesamt", "zwischensumme", "endsumme", "teilsumme", "summe gesamt",
	"totale", "totale generale", "somma", "totaal", "subtotaal", "eindtotaal", "razem", "ogolem", "ogołem", "celkem", "spolu", "ukupno", "sveukupno",
	"skupaj", "summa", "kopa", "yhteensa", "toplam", "genel toplam", "итого", "всего", "συνολο", "γενικο συνολο",
	"جمع", "جمع کل", "جمع کل کشور", "جمع کشور", "مجموع", "مجموع کل", "کل", "کل کشور", "کل جمع", "سرجمع", "جمع جز", "جمع نهایی",
	"المجموع", "الاجمالی", "المجموع الکلی", "الاجمالی العام", "مجموع کلی",
)

// totalWords are those by which a label that says more begins or ends.
var totalWords = labelSet(
	"total", "subtotal", "sum", "suma", "somme", "summe", "zwischensumme", "gesamt", "gesamtsumme", "insgesamt", "totale", "totaal", "razem", "ukupno",
	"toplam", "итого", "всего", "συνολο", "جمع", "مجموع", "کل", "المجموع", "الاجمالی",
)

func labelSet(labels ...string) map[string]bool {
	set := make(map[string]bool, len(labels))
	for _, l := range labels {
		set[persian.Fold(l)] = true
	}
	return set
}

// The label of a total stands in one of the first cells that have text.
const (
	labelCells  = 4
	labelLength = 120 // bytes
)

// totalLabelOf reads the first cells of a row.
func totalLabelOf(cells []Cell) totalLabel {
	best, seen := noTotal, 0
	for i := range cells {
		text := trim(cells[i].Text)
		if len(text) == 0 {
			continue
		}
		if seen++; seen > labelCells {
			break
		}
		if len(text) > labelLength || cells[i].Kind != CellText || !hintsTotal(text) {
			continue
		}
		best = max(best, labelKind(string(text)))
	}
	return best
}

// hintsTotal reports whether text may have a word for totals in it: most have
// none, and are told so without being folded.
func hintsTotal(text []byte) bool {
	for i := 0; i+2 < len(text); i++ {
		switch text[i] | 0x20 {
		case 't':
			if text[i+1]|0x20 == 'o' && (text[i+2]|0x20 == 't' || text[i+2]|0x20 == 'p') {
				return true
			}
		case 's':
			if c := text[i+2] | 0x20; text[i+1]|0x20 == 'u' && c == 'm' || text[i+1]|0x20 == 'o' && c == 'm' {
				return true
			}
		case 'g', 'i', 'e', 'r', 'o', 'c', 'u', 'k', 'y':
			if rareStems[[3]byte{text[i] | 0x20, text[i+1] | 0x20, text[i+2] | 0x20}] {
				return true
			}
		default:
			if text[i] >= 0xCE && text[i] <= 0xDB { // Greek to Arabic
				return true
			}
		}
	}
	return false
}

// rareStems are how other words for totals begin.
var rareStems = map[[3]byte]bool{
	{'g', 'e', 's'}: true, {'i', 'n', 's'}: true, {'e', 'n', 's'}: true, {'e', 'n', 'd'}: true, {'r', 'a', 'z'}: true, {'o', 'g', 'o'}: true,
	{'o', 'g', 0xE3}: true, {'c', 'e', 'l'}: true, {'u', 'k', 'u'}: true, {'k', 'o', 'p'}: true, {'y', 'h', 't'}: true,
}

// labelKind reads one label. What stands in brackets is no part of it, unless
// the label is nothing else.
func labelKind(label string) totalLabel {
	if before, _ := cutBracket(label); before != "" {
		label = before
	}
	folded := strings.Trim(strings.ReplaceAll(persian.Fold(label), "-", " "), " :.=*_–—،؛()[]")
	if totalLabels[folded] {
		return saysTotal
	}
	words := strings.Fields(folded)
	if len(words) < 2 || len(words) > 12 {
		return noTotal
	}
	if totalWords[strings.Trim(words[0], ":,")] || totalWords[words[len(words)-1]] {
		return maybeTotal
	}
	return noTotal
}

// SaysTotal reports whether a label says that its row is a total, and nothing
// else.
func SaysTotal(label string) bool {
	return len(label) <= labelLength && hintsTotal([]byte(label)) && labelKind(label) == saysTotal
}
