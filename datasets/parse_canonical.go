package datasets

// canonical reports whether text, which was read as value i of v, prints as it
// is written. It knows the plain cases, which are nearly all, without printing:
// false says nothing.
func (f *format) canonical(c *Column, v *Vector, i int, text []byte) bool {
	switch c.Type { //nolint:exhaustive // the others are printed
	case Integer:
		whole, decimals := digitsOf(text)
		return whole == len(text) && decimals == 0 && (whole == 1 || text[0] != '0')
	case Decimal:
		if c.Float {
			return false
		}
		whole, decimals := digitsOf(text)
		switch _, point := f.style.separators(); {
		case point != '.' || whole == 0 || whole > 1 && text[0] == '0':
			return false
		case decimals == 0:
			return whole == len(text) && (!c.Fixed || c.Scale == 0)
		}
		return whole+1+decimals == len(text) && decimals <= c.Scale && (decimals == c.Scale && c.Fixed || !c.Fixed && text[len(text)-1] != '0')
	case Boolean:
		return v.Int[i] != 0 && string(text) == "true" || v.Int[i] == 0 && string(text) == "false"
	case Date:
		return f.layout == isoLayout && len(text) == len("2006-01-02") && text[4] == '-' && text[7] == '-' && allDigits(text[:4]) && allDigits(text[5:7]) && allDigits(text[8:])
	}
	return false
}

// digitsOf returns how many digits text begins with, and how many stand behind
// a point that follows them.
func digitsOf(text []byte) (whole, decimals int) {
	for whole < len(text) && '0' <= text[whole] && text[whole] <= '9' {
		whole++
	}
	if whole == len(text) || text[whole] != '.' {
		return whole, 0
	}
	for at := whole + 1; at < len(text) && '0' <= text[at] && text[at] <= '9'; at++ {
		decimals++
	}
	return whole, decimals
}
