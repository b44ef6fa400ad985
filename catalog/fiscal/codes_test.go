package fiscal

import "testing"

func TestSpellingsOfCOFOG(t *testing.T) {
	for in, want := range map[string]string{
		"01": "01", "1": "01", "GF01": "01", "701": "01", "10": "10", "710": "10", "۰۱": "01",
		"01.1": "01.1", "011": "01.1", "1.1": "01.1", "7011": "01.1", "GF0101": "01.1", "gf01.1": "01.1", "701.1": "01.1", "101": "10.1", "7101": "10.1",
		"01.1.1": "01.1.1", "0111": "01.1.1", "70111": "01.1.1", "01-1-1": "01.1.1", "1011": "10.1.1", "010101": "01.1.1", "01.4.0": "01.4.0", "0140": "01.4.0",
		"": "", "11": "", "00": "", "A1": "", "01.0": "", "99999": "", "803": "", "01.1.1.1": "", "Total": "",
	} {
		if got, ok := COFOG(in); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %t; want %q", in, got, ok, want)
		}
	}
}

func TestGFSM(t *testing.T) {
	for in, want := range map[string]string{"21": "21", "2.1.1": "211", "31": "31", "": "", "x": "", "2111111": "", "05": ""} {
		if got, ok := GFSM(in); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %t; want %q", in, got, ok, want)
		}
	}
	for level, want := range map[int]string{1: "21", 2: "211", 3: "2111", 4: ""} {
		if got := levelOf(SchemeGFSM, "2111", level); got != want {
			t.Errorf("level %d: %q, want %q", level, got, want)
		}
	}
}

// TestStandardClassifications holds the numbers of what COFOG has.
func TestStandardClassifications(t *testing.T) {
	byDepth := map[int]int{}
	for code, name := range standards()[SchemeCOFOG] {
		is, ok := COFOG(code)
		if !ok || is != code || name["fa"] == "" || name["en"] == "" {
			t.Errorf("%s: %v", code, name)
		}
		byDepth[len(code)]++
	}
	if byDepth[2] != 10 || byDepth[4] != 69 {
		t.Errorf("%v", byDepth)
	}
	if got := Standard(SchemeCOFOG, "01.4.0")["en"]; got != "Basic research" {
		t.Errorf("01.4.0 is %q", got)
	}
	if got := Labelled(SchemeGFSM, "21", "حقوق"); got["fa"] != "حقوق" || got["en"] != "Compensation of employees" {
		t.Errorf("%v", got)
	}
	if Standard(SchemeGFSM, "28") == nil || Standard(SchemeAdministrative, "01") != nil {
		t.Error("schemes are mixed up")
	}
}

func TestFiscalYears(t *testing.T) {
	for _, c := range []struct {
		year, starts string
		byEnd        bool
		first, last  string
	}{
		{"1403", "", false, "2024-03-20", "2025-03-20"},
		{"1402", "", false, "2023-03-21", "2024-03-19"},
		{"2014", "", false, "2014-01-01", "2014-12-31"},
		{"2014-15", "", false, "", ""},
		{"2014-15", "07-01", false, "2014-07-01", "2015-06-30"},
		{"2016", "10-01", true, "2015-10-01", "2016-09-30"},
		{"2014-2020", "", false, "2014-01-01", "2020-12-31"},
		{"TQ", "10-01", true, "1976-07-01", "1976-09-30"},
		{"soon", "", false, "", ""},
		{"2014", "13-99", false, "", ""},
	} {
		if first, last := yearSpan(c.year, c.starts, c.byEnd); first != c.first || last != c.last {
			t.Errorf("%s from %q: %s to %s, want %s to %s", c.year, c.starts, first, last, c.first, c.last)
		}
	}
	for text, want := range map[string]bool{
		"1403": true, "۱۴۰۳": true, "2014/15": true, "FY2016": true, "سال 1402": true, "TQ": true, "2014-2020": true,
		"2014-13": false, "99": false, "1650": false, "total": false, "": false, "2014-15-16": false,
	} {
		if got := isYear(yearText(text)); got != want {
			t.Errorf("%q is a year: %t", text, got)
		}
	}
}
