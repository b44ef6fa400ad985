package datasets

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// A money is a way in which a currency, or thousands and millions of one,
// stands beside amounts.
type money struct {
	text     string // as it is written
	currency string // ISO 4217; IRT for the toman of ten rials
	sign     bool   // it may stand without a space, and before the amount
}

// moneys are the currencies that are known beside amounts, the longer texts
// first. A dollar may be of several states: its sign says no more.
var moneys = []money{
	{"میلیارد ریال", "IRR", false},
	{"میلیون ریال", "IRR", false},
	{"هزار ریال", "IRR", false},
	{"ریال", "IRR", false},
	{"﷼", "IRR", true},
	{"میلیارد تومان", "IRT", false},
	{"میلیون تومان", "IRT", false},
	{"هزار تومان", "IRT", false},
	{"تومان", "IRT", false},
	{"دلار", "USD", false},
	{"یورو", "EUR", false},
	{"پوند", "GBP", false},
	{"درهم", "AED", false},
	{"rials", "IRR", false},
	{"rial", "IRR", false},
	{"toman", "IRT", false},
	{"tomans", "IRT", false},
	{"dollars", "USD", false},
	{"euros", "EUR", false},
	{"euro", "EUR", false},
	{"IRR", "IRR", false},
	{"IRT", "IRT", false},
	{"USD", "USD", false},
	{"EUR", "EUR", false},
	{"GBP", "GBP", false},
	{"AED", "AED", false},
	{"CHF", "CHF", false},
	{"JPY", "JPY", false},
	{"CNY", "CNY", false},
	{"TRY", "TRY", false},
	{"IQD", "IQD", false},
	{"PLN", "PLN", false},
	{"US$", "USD", true},
	{"$", "USD", true},
	{"€", "EUR", true},
	{"£", "GBP", true},
	{"¥", "", true},
	{"₺", "TRY", true},
}

// CurrencyOf returns the currency that a unit is of, as a code of ISO 4217 or
// IRT; empty when it is none.
func CurrencyOf(unit string) string {
	words := " " + strings.Join(labelWords(unit), " ") + " "
	for i := range moneys {
		m := &moneys[i]
		if m.sign && strings.Contains(unit, m.text) || !m.sign && strings.Contains(words, " "+persian.Fold(m.text)+" ") {
			return m.currency
		}
	}
	return ""
}

// cutMoney parts an amount from the currency beside it: "$1,200", "۱۲۰۰ ریال".
// The unit is as it is written; empty when there is none.
func cutMoney(text []byte) (amount []byte, unit string) {
	if len(text) > maxNumber {
		return text, ""
	}
	for i := range moneys {
		m := &moneys[i]
		if rest, ok := bytes.CutSuffix(text, []byte(m.text)); ok {
			return bare(rest, text, m)
		}
		minus := 0
		if len(text) > 0 && text[0] == '-' { // -$5
			minus = 1
		}
		if rest, ok := bytes.CutPrefix(text[minus:], []byte(m.text)); ok {
			return bare(append(text[:minus:minus], trim(rest)...), text, m)
		}
	}
	return text, ""
}

// bare is what is left of text without its currency, when it begins and ends
// like an amount.
func bare(rest, text []byte, m *money) ([]byte, string) {
	rest = trim(rest)
	first, _ := utf8.DecodeRune(bytes.TrimPrefix(rest, []byte("-")))
	last, _ := utf8.DecodeLastRune(rest)
	if len(rest) == 0 || !unicode.IsDigit(last) || !unicode.IsDigit(first) && first != '.' {
		return text, ""
	}
	return rest, m.text
}

// moneyWords are words of headings of amounts of money.
var moneyWords = map[string]bool{
	"مبلغ": true, "مبالغ": true, "اعتبار": true, "اعتبارات": true, "بودجه": true, "هزینه": true, "درآمد": true, "قیمت": true, "ارزش": true, "پرداخت": true, "حقوق": true, "دستمزد": true, "فروش": true,
	"amount": true, "amounts": true, "budget": true, "cost": true, "costs": true, "price": true, "prices": true, "revenue": true, "expenditure": true, "spending": true, "salary": true, "payment": true, "paid": true, "allocation": true,
}

// moneyOfHeading returns the unit that a heading without brackets says: "مبلغ به
// میلیون ریال", "price_eur", "Amount in USD".
func moneyOfHeading(label string) string {
	words := labelWords(label)
	if strings.ContainsAny(label, "()[]") {
		return ""
	}
	for i := range moneys {
		m := &moneys[i]
		if m.sign {
			if rest, ok := strings.CutSuffix(label, m.text); ok && strings.TrimSpace(rest) != "" {
				return m.text
			}
			continue
		}
		own := strings.Fields(persian.Fold(m.text))
		if n := len(words) - len(own); n > 0 && strings.Join(words[n:], " ") == strings.Join(own, " ") && (moneyWords[words[0]] || joins[words[n-1]]) {
			return m.text
		}
	}
	return ""
}

// joins are words that stand before the unit in a heading.
var joins = map[string]bool{"به": true, "برحسب": true, "حسب": true, "in": true}

// moneyOfNotes returns the unit in which a title above the table says that all
// amounts are: "(ارقام به میلیون ریال)".
func moneyOfNotes(notes []string) string {
	for _, note := range notes {
		words := " " + strings.Join(labelWords(note), " ") + " "
		for i := range moneys {
			m := &moneys[i]
			if m.sign {
				continue
			}
			unit := persian.Fold(m.text) + " "
			for _, before := range []string{"ارقام به", "مبالغ به", "برحسب", "بر حسب", "واحد", "amounts in", "figures in", "values in", "unit"} {
				if strings.Contains(words, " "+persian.Fold(before)+" "+unit) {
					return m.text
				}
			}
		}
	}
	return ""
}

// unitOf returns the unit of a column of the sheet: the one of its heading,
// else the currency that stands in its cells, else, of a column of amounts, the
// one that a title above the table says.
func (s *Sheet) unitOf(c *Column, cells string) string {
	unit := unitOf(c)
	if unit != "" || !c.Numeric() {
		return unit
	}
	if cells == "" && isAmount(c.Label) {
		return moneyOfNotes(s.Notes[:s.titles])
	}
	return cells
}

// isAmount reports whether a heading speaks of an amount of money.
func isAmount(label string) bool {
	for _, word := range labelWords(label) {
		if moneyWords[word] {
			return true
		}
	}
	return false
}
