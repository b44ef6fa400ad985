package fiscal

// A Mapping says what the columns of a table are in the terms of the Fiscal Data
// Package. What it says of all amounts may be said of one column otherwise.
type Mapping struct {
	Table       string    `json:"table,omitempty"`        // name of the sheet or member in a file of several
	Fields      []Field   `json:"fields"`                 // what is not among them is left aside
	Currency    string    `json:"currency,omitempty"`     // ISO 4217
	Factor      string    `json:"factor,omitempty"`       // what amounts are counted in: 1000, 1000000; 1 when empty
	Direction   Direction `json:"direction,omitempty"`    // Expenditure when empty and no column says it
	Phase       Phase     `json:"phase,omitempty"`        // Approved when empty and no column says it
	Year        string    `json:"year,omitempty"`         // of all lines, when no column says it
	DecimalChar string    `json:"decimal_char,omitempty"` // of amounts that are text in the table; "." when empty
	GroupChar   string    `json:"group_char,omitempty"`
	Totals      string    `json:"totals,omitempty"`      // TotalsLines: rows that seem to be sums of others are lines too
	YearStarts  string    `json:"year_starts,omitempty"` // month and day on which fiscal years begin: "10-01"; "01-01" when empty
	YearNamed   string    `json:"year_named,omitempty"`  // YearByEnd: a year is called by that in which it ends
	Until       string    `json:"until,omitempty"`       // ISO 8601: how far the outturn of the last year reaches
}

// TotalsLines says that no row of a table is a sum of others.
const TotalsLines = "lines"

// YearByEnd says that a fiscal year is called by the year in which it ends.
const YearByEnd = "end"

// A Field is a column and what it is. Type is a columnType of the Fiscal Data
// Package 1.0: "value", "date:fiscal-year", "direction", "phase:id",
// "budget-line-id", "functional-classification:cofog:group:code" and so on.
//
// The fields behind it belong to columns of type "value".
type Field struct {
	Column string `json:"column,omitempty"` // name or label of the column
	Type   string `json:"type"`
	Value  string `json:"value,omitempty"` // in place of a column: the same for all lines

	Phase       Phase     `json:"phase,omitempty"`
	Direction   Direction `json:"direction,omitempty"`
	Year        string    `json:"year,omitempty"`
	Currency    string    `json:"currency,omitempty"`
	Factor      string    `json:"factor,omitempty"`
	DecimalChar string    `json:"decimal_char,omitempty"`
	GroupChar   string    `json:"group_char,omitempty"`
}
