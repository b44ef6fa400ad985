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
