package datasets

import "testing"

// Amounts with a currency beside them are numbers of which it is the unit.
func TestCurrenciesAreUnits(t *testing.T) {
	for name, c := range map[string]struct {
		file  string
		typ   Type
		unit  string
		first string
	}{
		"in cells, before":         {"a,price\nx,$1.50\ny,$20.25\nz,-$3\n", Decimal, "$", "1.5‹$1.50›"},
		"in cells, behind":         {"a,price\nx,1.5 €\ny,20 €\n", Decimal, "€", "1.5‹1.5 €›"},
		"Persian words":            {"a,مبلغ\nx,۱۲۰۰ ریال\ny,۳۴۰۰۰ ریال\n", Integer, "ریال", "1200‹۱۲۰۰ ریال›"},
		"Persian groups":           {"a,مبلغ\nx,۱٬۲۰۰ تومان\ny,۳۴٬۰۰۰ تومان\n", Integer, "تومان", "1200‹۱٬۲۰۰ تومان›"},
		"with a few bare ones":     {"a,price\nx,0\ny,5 USD\nz,7 USD\n", Integer, "USD", "0"},
		"two currencies":           {"a,price\nx,5 USD\ny,7 EUR\n", Text, "", "5 USD"},
		"mostly bare":              {"a,price\nx,5 USD\ny,7\nz,8\n", Text, "", "5 USD"},
		"in the heading, brackets": {"a,Amount (million rial)\nx,5\ny,7\n", Integer, "million rial", "5"},
		"in the heading":           {"a,مبلغ به میلیون ریال\nx,5\ny,7\n", Integer, "میلیون ریال", "5"},
		"in the name":              {"a,price_eur\nx,5\ny,7\n", Integer, "EUR", "5"},
		"in a title":               {"بودجه شهرستان‌ها (ارقام به میلیون ریال)\nشهر,مبلغ مصوب,جمعیت\nالف,5,100\nب,7,200\n", Integer, "میلیون ریال", "5"},
		"not of people":            {"Budget (figures in USD)\ncity,people,x\na,5,q\nb,7,q\n", Integer, "", "5"},
		"a word, no amount":        {"a,b\nx,5 USD days\ny,7 USD days\n", Text, "", "5 USD days"},
	} {
		t.Run(name, func(t *testing.T) {
			sheet, schema, rows := openText(t, c.file, Options{})
			if col := schema[1]; col.Type != c.typ || col.Unit != c.unit {
				t.Errorf("the column is %v in %q, want %v in %q (%v)", col.Type, col.Unit, c.typ, c.unit, sheet.Notes)
			}
			if rows[0][1] != c.first {
				t.Errorf("the first value is %q, want %q", rows[0][1], c.first)
			}
		})
	}
}

// What the cells of a chosen type have beside them is its unit too.
func TestChosenAmountsHaveTheirCurrency(t *testing.T) {
	im, _ := chosen(t, "a,price\nx,5 USD\ny,n.n.\nz,7 USD\n", ColumnChoice{Column: "price", Type: Decimal})
	if c := im.Schema[1]; c.Unit != "USD" || im.FaultsN != 1 {
		t.Errorf("the column is %+v with %d faults", c, im.FaultsN)
	}
}

func TestCurrencyOf(t *testing.T) {
	for unit, want := range map[string]string{"ریال": "IRR", "میلیون ریال": "IRR", "million rials": "IRR", "€": "EUR", "US$": "USD", "km²": "", "EUR": "EUR", "نفر": "", "هزار تومان": "IRT"} {
		if got := CurrencyOf(unit); got != want {
			t.Errorf("%q is of %q, want %q", unit, got, want)
		}
	}
}
