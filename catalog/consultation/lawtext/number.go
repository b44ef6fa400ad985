package lawtext

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// A number is how a provision is numbered.
type number struct {
	text string // as Num of a Provision
	n    int    // its value; 0 for none
	end  int    // where it ends in the text it was read from
}

// readNumber reads the number that s begins with: digits of any kind, also
// "12/1", Roman digits, or words of Persian, Arabic or English.
func readNumber(s string) (number, bool) {
	if n, ok := readDigits(s); ok {
		return n, true
	}
	if n, ok := readRoman(s); ok {
		return n, true
	}
	return readWords(s)
}

const maxDigits = 4

func readDigits(s string) (number, bool) {
	end := digitsEnd(s)
	if end == 0 {
		return number{}, false
	}
	text := persian.ASCIIDigits(s[:end])
	n, err := strconv.Atoi(text)
	if err != nil || len(text) > maxDigits {
		return number{}, false
	}
	num := number{text: strconv.Itoa(n), n: n, end: end}
	for { // 12/1, 1.1, 12a
		r, size := utf8.DecodeRuneInString(s[num.end:])
		more := digitsEnd(s[num.end+size:])
		switch {
		case strings.ContainsRune("/.", r) && more > 0 && more <= maxDigits*2 && len(num.text) < maxNum:
			num.text += "-" + persian.ASCIIDigits(s[num.end+size:num.end+size+more])
			num.end += size + more
		case isLatin(r) && !isLatinAt(s[num.end+size:]):
			num.text += strings.ToLower(string(r))
			num.end += size
			return num, true
		default:
			return num, !isLatin(r)
		}
	}
}

func digitsEnd(s string) int {
	return len(s) - len(strings.TrimLeftFunc(s, unicode.IsDigit))
}

func isLatin(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }

func isLatinAt(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return isLatin(r) || unicode.IsDigit(r)
}

// readRoman reads Roman digits in capital letters.
func readRoman(s string) (number, bool) {
	end := len(s) - len(strings.TrimLeft(s, "IVXLC"))
	if end == 0 || end > 8 || isLatinAt(s[end:]) {
		return number{}, false
	}
	n := roman(s[:end])
	return number{strconv.Itoa(n), n, end}, n > 0
}

// roman returns the value of Roman digits, 0 for what is none.
func roman(s string) int {
	values := map[byte]int{'I': 1, 'V': 5, 'X': 10, 'L': 50, 'C': 100}
	n := 0
	for i := range len(s) {
		v := values[s[i]]
		if i+1 < len(s) && v < values[s[i+1]] {
			n -= v
		} else {
			n += v
		}
	}
	if romanText(n) != s {
		return 0
	}
	return n
}

func romanText(n int) string {
	var b strings.Builder
	for _, d := range []struct {
		n int
		s string
	}{{100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= d.n; n -= d.n {
			b.WriteString(d.s)
		}
	}
	return b.String()
}
