package datasets

// A ColumnProfile is what is known of the values of one column. Rows that are
// totals of others are left out of all of it, Rows too.
type ColumnProfile struct {
	Name      string      `json:"name"`
	Rows      int64       `json:"rows"`
	Nulls     int64       `json:"nulls"`
	Distinct  int64       `json:"distinct"`            // exact up to a bound, then estimated
	Estimated bool        `json:"estimated,omitempty"` // Distinct is an estimate
	Min       string      `json:"min,omitempty"`       // canonical print; of texts by code point
	Max       string      `json:"max,omitempty"`
	Mean      *float64    `json:"mean,omitempty"` // of numeric columns with values
	Top       []ValueFreq `json:"top,omitempty"`  // the most frequent values, most frequent first
	Histogram []HistoBin  `json:"histogram,omitempty"`

	// How the source writes the values, where that differs among them; see Form.
	Blanks int64  `json:"blanks,omitempty"` // values with white space around them
	Digits []Form `json:"digits,omitempty"` // in digits of several scripts: "latin", "persian", "arabic"
	Dates  []Form `json:"dates,omitempty"`  // dates of several forms: "iso-", "jalali/", "dmy.", "short/" …
	Units  []Form `json:"units,omitempty"`  // numbers with several units, of which one may be none

	// Reading tells of numbers that could be read in two ways.
	Reading *Reading `json:"reading,omitempty"`
}

// A Form is one of several ways in which the values of a column are written.
type Form struct {
	Kind    string `json:"kind"`
	Example string `json:"example"` // the least value of the form by code point, as the source writes it
	Count   int64  `json:"count"`   // values of the form
}

// A ValueFreq is a value, canonically printed, and how often it occurs.
type ValueFreq struct {
	Value string `json:"value"`
	Count int64  `json:"count"`
}

// A HistoBin counts the values from From (included) to To (excluded, but for
// the last bin) of a numeric or time column.
type HistoBin struct {
	From  string `json:"from"`
	To    string `json:"to"`
	Count int64  `json:"count"`
}
