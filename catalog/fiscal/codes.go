package fiscal

import (
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// COFOG returns a code of the classification of the functions of government in
// its dotted form (01, 01.1, 01.1.1), however it is written: 1, 011, 0111, 01.1,
// GF0101, 7011. It reports false for what is no such code.
func COFOG(code string) (string, bool) {
	s := strings.ToUpper(strings.TrimSpace(persian.ASCIIDigits(code)))
	s, eurostat := strings.CutPrefix(s, "GF")
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '.' || r == '-' || r == '/' || r == ' ' })
	if len(parts) == 0 || len(parts) > 3 {
		return "", false
	}
	if len(parts) == 1 {
		if parts = cutCOFOG(s, eurostat); parts == nil {
			return "", false
		}
	} else if len(parts[0]) == 3 {
		parts[0] = strings.TrimPrefix(parts[0], "7")
	}
	var out []string
	for i, p := range parts {
		n, err := strconv.ParseUint(p, 10, 8)
		switch {
		case err != nil || n == 0 && i < 2 || i == 0 && n > 10 || i > 0 && n > 9:
			return "", false
		case i == 0 && n < 10:
			out = append(out, "0"+strconv.FormatUint(n, 10))
		default:
			out = append(out, strconv.FormatUint(n, 10))
		}
	}
	return strings.Join(out, "."), true
}

// cutCOFOG parts a code of digits alone.
func cutCOFOG(s string, eurostat bool) []string {
	if eurostat && (len(s) == 4 || len(s) == 6) {
		return pairs(s)
	}
	if len(s) > 2 && s[0] == '7' { // as in the statistics of government finance
		s = s[1:]
	}
	switch {
	case len(s) <= 2 && s != "":
		return []string{s}
	case len(s) == 3:
		return []string{s[:2], s[2:]}
	case len(s) == 4 && s[2] == '0' || len(s) == 6:
		return pairs(s)
	case len(s) == 4:
		return []string{s[:2], s[2:3], s[3:]}
	}
	return nil
}

func pairs(s string) []string {
	var parts []string
	for ; len(s) >= 2; s = s[2:] {
		parts = append(parts, s[:2])
	}
	return parts
}

// GFSM returns a code of the economic classification of Government Finance
// Statistics without points: 21, 211, 2111. It reports false for what is none.
func GFSM(code string) (string, bool) {
	s := strings.NewReplacer(".", "", " ", "").Replace(strings.TrimSpace(persian.ASCIIDigits(code)))
	if s == "" || len(s) > 6 || s[0] < '1' || s[0] > '8' {
		return "", false
	}
	for _, r := range s {
		if r < '0' || r > '9' {
			return "", false
		}
	}
	return s, true
}

// levelOf returns the part of a code of a derived scheme that is its level,
// from 1; nothing when it does not go so deep.
func levelOf(scheme, code string, level int) string {
	if scheme == SchemeGFSM { // 21, 211, 2111: the first digit alone tells nothing of expenses
		end := level + 1
		switch {
		case len(code) >= end:
			return code[:end]
		case level == 1:
			return code
		}
		return ""
	}
	parts := strings.Split(code, ".")
	if len(parts) < level {
		return ""
	}
	return strings.Join(parts[:level], ".")
}
