package ocds

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/datasets/persian"

	"github.com/goccy/go-json"
)

// An Amount is money in minor units of its currency (ISO 4217).
type Amount struct {
	Minor    int64  `json:"minor"`
	Currency string `json:"currency"`
}

// scales are the digits behind the point of currencies that have not two. The
// rial has none in use.
var scales = map[string]int{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "IRR": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0, "UYI": 0,
	"VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}

// Scale is how many digits behind the point amounts of a currency have.
func Scale(currency string) int {
	if n, ok := scales[currency]; ok {
		return n
	}
	return 2
}

var (
	isCurrency = regexp.MustCompile(`^[A-Z]{3}$`)
	isNumber   = regexp.MustCompile(`^-?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,2})?$`)
)

// mostMinor bounds an amount, so that sums of many fit.
const mostMinor = 9_000_000_000_000_000

// Money reads a value of the standard: an object with amount and currency. The
// problem is the kind of what is wrong: "amount.text" and "amount.round" come
// with the amount, with all others there is none. An object without amount has
// none and no problem.
func Money(v Object) (a *Amount, problem string) {
	if v == nil || v["amount"] == nil {
		return nil, ""
	}
	var number string
	switch raw := v["amount"].(type) {
	case json.Number:
		number = raw.String()
	case string:
		number = strings.TrimSpace(persian.ASCIIDigits(raw))
		if number == "" {
			return nil, ""
		}
		problem = "amount.text"
	default:
		return nil, "amount.unread"
	}
	if !isNumber.MatchString(number) {
		return nil, "amount.unread"
	}
	currency := strings.ToUpper(text(v["currency"]))
	if currency == "" {
		return nil, "amount.currency"
	}
	if !isCurrency.MatchString(currency) {
		return nil, "amount.currency.none"
	}
	minor, exact, ok := minorUnits(number, Scale(currency))
	if !ok {
		return nil, "amount.large"
	}
	if !exact {
		problem = "amount.round"
	}
	return &Amount{minor, currency}, problem
}

// minorUnits is a decimal number in units of its digits behind the point,
// rounded half away from zero.
func minorUnits(number string, scale int) (minor int64, exact, ok bool) {
	r, ok := new(big.Rat).SetString(number)
	if !ok {
		return 0, false, false
	}
	r.Mul(r, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)))
	exact = r.IsInt()
	whole, ok := new(big.Int).SetString(r.FloatString(0), 10)
	if !ok || !whole.IsInt64() || whole.Int64() > mostMinor || whole.Int64() < -mostMinor {
		return 0, false, false
	}
	return whole.Int64(), exact, true
}

func itoa(n int) string { return strconv.Itoa(n) }
