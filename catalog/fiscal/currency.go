package fiscal

import (
	"strings"
	"unicode"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// scaleOf is how many digits amounts of a currency have behind the point, as in
// ISO 4217; of those that are not here it is two.
func scaleOf(currency string) int {
	switch currency {
	case "IRR", "JPY", "KRW", "VND", "CLP", "PYG", "ISK", "UGX", "XAF", "XOF", "XPF", "RWF", "BIF", "DJF", "GNF", "KMF", "VUV", "UYI":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	}
	return 2
}

// currencySigns are how currencies are written beside amounts that are not known
// as units of columns.
var currencySigns = map[string]string{"kn": "HRK", "zł": "PLN", "kč": "CZK", "ft": "HUF", "lei": "RON", "лв": "BGN", "₽": "RUB", "₹": "INR", "﷼": "IRR", "ريال": "IRR"}

// cutCurrency parts an amount as text from the currency beside it: its code, "$"
// for a dollar of whichever state, nothing where there is none.
func cutCurrency(text string) (bare, code string) {
	s := strings.TrimSpace(persian.ASCIIDigits(text))
	bare = strings.TrimFunc(s, func(r rune) bool { return !unicode.IsDigit(r) && !strings.ContainsRune("-+().,", r) })
	bare = strings.Trim(bare, ".,")
	sign := strings.ToLower(strings.Trim(strings.Replace(s, bare, "", 1), " .\u00a0"))
	switch known := datasets.CurrencyOf(text); {
	case bare == "" || sign == "":
		return text, ""
	case strings.Contains(text, "$"):
		return bare, "$"
	case known != "":
		return bare, known
	case currencySigns[sign] != "":
		return bare, currencySigns[sign]
	case isCurrencyCode(strings.ToUpper(sign)):
		return bare, strings.ToUpper(sign)
	}
	return text, ""
}

// The toman, as tables of it say.
const (
	toman      = "IRT"
	tomanRials = 10
)

// rialOf takes the toman, which is no currency of its own, for the rial.
func rialOf(code string) string {
	if code == toman {
		return "IRR"
	}
	return code
}

func isCurrencyCode(code string) bool {
	for _, r := range code {
		if r < 'A' || r > 'Z' {
			return false
		}
	}
	return len(code) == 3
}
