package datasets

import (
	"bytes"
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
	arabic := false
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
			if rareStem(text[i]|0x20, text[i+1]|0x20, text[i+2]|0x20) {
				return true
			}
		default:
			switch c := text[i]; {
			case 0xCE <= c && c < 0xD8: // Greek to Hebrew
				return true
			case 0xD8 <= c && c <= 0xDB:
				if !arabic && bytes.IndexByte(text, 0xEF) >= 0 { // letters of another form
					return true
				}
				if arabic = true; hintsArabic(text[i:]) {
					return true
				}
			}
		}
	}
	return false
}

// rareStem reports whether other words for totals begin so.
func rareStem(a, b, c byte) bool {
	switch [3]byte{a, b, c} {
	case [3]byte{'g', 'e', 's'}, [3]byte{'i', 'n', 's'}, [3]byte{'e', 'n', 's'}, [3]byte{'e', 'n', 'd'}, [3]byte{'r', 'a', 'z'}, [3]byte{'o', 'g', 'o'},
		[3]byte{'o', 'g', 0xE3}, [3]byte{'c', 'e', 'l'}, [3]byte{'u', 'k', 'u'}, [3]byte{'k', 'o', 'p'}, [3]byte{'y', 'h', 't'}:
		return true
	}
	return false
}

// hintsArabic reports whether b, which begins with an Arabic letter, begins
// with jeem before meem or kaf before lam, as جمع and کل do and one pair stands
// in all words for totals; or with one of these before a mark that may go, and
// so before any letter.
func hintsArabic(b []byte) bool {
	if len(b) < 3 {
		return false
	}
	var next byte // the second byte of the letter behind, which begins with D9
	switch [2]byte{b[0], b[1]} {
	case [2]byte{0xD8, 0xAC}:
		next = 0x85
	case [2]byte{0xDA, 0xA9}, [2]byte{0xD9, 0x83}, [2]byte{0xDA, 0xAA}:
		next = 0x84
	default:
		return false
	}
	switch c := b[2]; {
	case c == 0xD9 && len(b) > 3 && 0x81 <= b[3] && b[3] <= 0x8A:
		return b[3] == next
	case c == 0xD8 && len(b) > 3 && b[3] >= 0xA1, c == 0xDA, ' ' <= c && c < 0x7F:
		return false
	case c == 0xDB:
		return len(b) > 3 && b[3] > 0x93
	}
	return true
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
