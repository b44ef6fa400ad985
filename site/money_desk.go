package site

import "github.com/openshafaf/shafaf/catalog/fiscal"

// Amount writes an amount to its last digit. scale is how many of its digits
// stand behind the point.
func (r *Request) Amount(a fiscal.Amount, scale int) string {
	return (&money{l: r.site.locales[r.Lang], scale: scale, exact: true}).digits(a)
}

// Currency is what a currency is called.
func (r *Request) Currency(code string) string {
	return (&money{l: r.site.locales[r.Lang], currency: code}).unit()
}
