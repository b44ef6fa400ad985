package lawtext

import (
	"strconv"
	"strings"
	"unicode"
)

// numerals are words of numbers in Persian, Arabic and English, cardinals and
// ordinals; a Persian ordinal that is not here is a cardinal with «م».
var numerals = map[string]int{
	"یک": 1, "دو": 2, "سه": 3, "چهار": 4, "پنج": 5, "شش": 6, "هفت": 7, "هشت": 8, "نه": 9, "ده": 10, "یازده": 11,
	"دوازده": 12, "سیزده": 13, "چهارده": 14, "پانزده": 15, "شانزده": 16, "هفده": 17, "هجده": 18, "هیجده": 18, "نوزده": 19,
	"بیست": 20, "سی": 30, "چهل": 40, "پنجاه": 50, "شصت": 60, "هفتاد": 70, "هشتاد": 80, "نود": 90,
	"صد": 100, "یکصد": 100, "دویست": 200, "سیصد": 300, "چهارصد": 400, "پانصد": 500, "ششصد": 600, "هفتصد": 700,
	"هشتصد": 800, "نهصد": 900,

	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
	"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
	"eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
	"eighty": 80, "ninety": 90, "hundred": 100,
}

// ordinals end a number.
var ordinals = map[string]int{
	"اول": 1, "یکم": 1, "نخست": 1, "نخستین": 1, "دوم": 2, "سوم": 3, "سیام": 30, "ام": 0,

	"الأول": 1, "الاول": 1, "الأولى": 1, "الاولى": 1, "الثاني": 2, "الثانية": 2, "الثالث": 3, "الثالثة": 3, "الرابع": 4,
	"الرابعة": 4, "الخامس": 5, "الخامسة": 5, "السادس": 6, "السادسة": 6, "السابع": 7, "السابعة": 7, "الثامن": 8,
	"الثامنة": 8, "التاسع": 9, "التاسعة": 9, "العاشر": 10, "العاشرة": 10, "الحادي": 1, "الحادية": 1,

	"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
	"tenth": 10, "eleventh": 11, "twelfth": 12,
}

// arabicTens come after the units: «الحادي والعشرون», «الحادي عشر».
var arabicTens = map[string]int{
	"عشر": 10, "عشرة": 10, "والعشرون": 20, "والعشرين": 20, "والثلاثون": 30, "والثلاثين": 30, "والأربعون": 40,
	"والأربعين": 40, "والخمسون": 50, "والخمسين": 50,
}

// numeral returns the value of a word and whether it is an ordinal, 0 for a
// word that is no number.
func numeral(w string) (n int, ordinal bool) {
	w = strings.Map(func(r rune) rune {
		if unicode.IsMark(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, w)
	if n := numerals[w]; n > 0 {
		return n, false
	}
	if n := ordinals[w]; n > 0 {
		return n, true
	}
	stem, ok := strings.CutSuffix(w, "م")
	return numerals[stem], ok && numerals[stem] > 0
}

// readWords reads a number in words.
func readWords(s string) (number, bool) {
	total, limit, at, end := 0, 1000, 0, 0
	for at < len(s) && limit > 1 {
		w := s[at : at+wordEnd(s[at:])]
		n, ordinal := numeral(w)
		if n == 0 && total > 0 {
			n, ordinal = numeral(strings.TrimPrefix(w, "و"))
		}
		switch {
		case n > 0 && n < limit:
			total, end = total+n, at+len(w)
			limit = below(n)
			if ordinal {
				return arabicRest(s, number{n: total, end: end}).told(), true
			}
		case total > 0 && w == "ام":
			return number{n: total, end: at + len(w)}.told(), true
		case total == 0 || w != "و" && w != "and":
			return number{n: total, end: end}.told(), total > 0
		}
		at += len(w)
		gap := len(s[at:]) - len(strings.TrimLeft(s[at:], " \u200c-"))
		if gap == 0 || gap > 4 {
			break
		}
		at += gap
	}
	if rest := strings.TrimLeft(s[end:], " \u200c"); total > 0 && strings.HasPrefix(rest, "ام") && wordEnd(rest) == len("ام") {
		end = len(s) - len(rest) + len("ام")
	}
	return number{n: total, end: end}.told(), total > 0
}

// below returns the least number that cannot follow n in a number: after
// hundreds come tens, after tens units.
func below(n int) int {
	switch {
	case n >= 100:
		return 100
	case n >= 20:
		return 10
	}
	return 0
}

func (n number) told() number {
	n.text = strconv.Itoa(n.n)
	return n
}

func arabicRest(s string, n number) number {
	rest := strings.TrimLeft(s[n.end:], " ")
	w := rest[:wordEnd(rest)]
	if tens := arabicTens[w]; tens > 0 && n.n < 10 {
		return number{n: n.n + tens, end: len(s) - len(rest) + len(w)}
	}
	return n
}

func wordEnd(s string) int {
	end := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
	if end < 0 {
		return len(s)
	}
	return end
}
