package datasets

import "testing"

func TestUnitIsWhatTheBracketsOfAHeadingSay(t *testing.T) {
	for label, want := range map[string]string{
		"مبلغ (میلیون ریال)":          "میلیون ریال",
		"مبلغ (ارقام به میلیون ریال)": "میلیون ریال",
		"Area (km²)":                        "km²",
		"Area [ha]":                         "ha",
		"面积（公顷）":                            "公顷",
		"Amount (in thousand EUR)":          "thousand EUR",
		"Share (%)":                         "%",
		"Price (€)":                         "€",
		"Length (m)":                        "m",
		"GDP per person\n(current US$)":     "current US$",
		"Budget (2015) (million)":           "million",
		"Population":                        "",
		"Population (2016)":                 "",
		"Population (2014-2016)":            "",
		"Population (total)":                "",
		"Population (male)":                 "",
		"جمعیت (مرد)":                       "",
		"Amount (a)":                        "",
		"Amount (1)":                        "",
		"Amount ()":                         "",
		"(EUR)":                             "EUR",
		"Gross Domestic Product (GDP)":      "",
		"Amount (EUR) of the first payment": "",
		"Amount (without the value added tax of the country)":         "",
		"Amount (that the ministry paid out in the year before last)": "",
		"Amount EUR)": "",
	} {
		if got := unitOf(&Column{Label: label, Type: Integer}); got != want {
			t.Errorf("%q has the unit %q, want %q", label, got, want)
		}
	}
	if got := unitOf(&Column{Label: "Name (English)", Type: Text}); got != "" {
		t.Errorf("a column of text has the unit %q", got)
	}
}
