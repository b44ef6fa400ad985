// Package fiscal keeps public money: budgets, whose lines are rows of ordinary
// tables read by a mapping of their columns to the terms of the Fiscal Data
// Package (1.0), and the sums of these lines along each tree of classifications.
//
// Amounts are integers of the smallest unit of their currency; nothing is ever
// summed as a float. A table is shown as a budget only when it was read whole
// and nothing in it contradicts itself: else the budget is held, with the
// reasons, and what was shown before stays.
package fiscal

import (
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// NounBudget is the noun of budgets in changes and in the log.
const NounBudget = "budget"

// SettingCurrency is the setting of the currency in which the country's figures
// are summed, DefaultCurrency without it.
const (
	SettingCurrency = "spending.currency"
	DefaultCurrency = "IRR"
)

// Fiscal reads and loads budgets.
type Fiscal struct {
	store *catalog.Store
	files *datasets.Files
	limit int // of the nodes of a budget
}

// New returns the budgets of a catalogue, whose tables are in files.
func New(store *catalog.Store, files *datasets.Files) *Fiscal {
	return &Fiscal{store: store, files: files, limit: maxNodes}
}

// Where a budget stands.
const (
	Waiting = "waiting" // its table was not read yet
	Loaded  = "loaded"
	Held    = "held" // its last state is not shown; see its faults
)

// A Budget is a table that is read as one.
type Budget struct {
	ID       string    `json:"id"`
	Slug     string    `json:"slug"`
	Resource string    `json:"resource"`
	Dataset  string    `json:"dataset"` // id
	Agency   string    `json:"agency"`  // id
	Mapping  Mapping   `json:"mapping"`
	Revision int64     `json:"-"`
	State    string    `json:"state"`
	Edition  string    `json:"edition,omitempty"` // digest of the table that its figures come from
	Lines    string    `json:"lines,omitempty"`   // digest of the row file of its lines
	Cube     string    `json:"-"`                 // key of its sums
	Tried    string    `json:"-"`                 // the state of table and mapping that was tried last
	Rows     int64     `json:"rows"`              // of the row file of lines
	LeftOut  int64     `json:"left_out"`          // rows of the table that are sums of others
	Counted  bool      `json:"counted"`           // its figures are part of those of the country
	Currency string    `json:"currency,omitempty"`
	Scale    int       `json:"scale"` // digits of its amounts behind the point
	About    About     `json:"about"`
	Loaded   time.Time `json:"loaded,omitzero"`
	Changed  time.Time `json:"changed"`

	Title catalog.Text `json:"title"` // of its dataset

	agency string // slug of Agency
}

// About is what is known of the lines of a budget beside their sums.
type About struct {
	Table       int64        `json:"table,omitempty"`       // rows of the table
	Empty       int64        `json:"empty,omitempty"`       // amounts that are not given
	Undisclosed int64        `json:"undisclosed,omitempty"` // amounts of which the table says that it does not tell them
	Negative    int64        `json:"negative,omitempty"`    // amounts below zero
	Rounded     int64        `json:"rounded,omitempty"`     // amounts with more digits than the currency has
	Beside      string       `json:"beside,omitempty"`      // slug of the budget that counts in its place
	Trees       []string     `json:"trees,omitempty"`       // those that it has
	Totals      []Total      `json:"totals,omitempty"`
	Columns     []Classified `json:"columns,omitempty"` // of the row file of lines, those of classifications
}

// A Total is the sum of the lines of a year, a direction and a phase.
type Total struct {
	Year      string    `json:"year"`
	Direction Direction `json:"direction"`
	Phase     Phase     `json:"phase"`
	Lines     int64     `json:"lines"`  // of the year and direction, of all phases
	Amount    Amount    `json:"amount"` // minor units
}

// A Classified is a column of the lines with the codes of one level of a scheme,
// and that with their names.
type Classified struct {
	Scheme string `json:"scheme"` // as in Node
	Level  int    `json:"level"`  // from 1
	Code   string `json:"code"`   // name of the column
	Label  string `json:"label,omitempty"`
}

// Severities of faults: an error keeps a state of a budget from being shown.
const (
	SeverityError   = "error"
	SeverityWarning = "warning"
	SeverityNote    = "note"
)

// A Fault is something wrong with a budget, or worth saying.
type Fault struct {
	Severity string         `json:"severity"`
	Row      int64          `json:"row,omitempty"`    // of the table, from 1 without its heading
	Column   string         `json:"column,omitempty"` // label of the column
	Text     string         `json:"text"`             // in English
	Said     []catalog.Said `json:"said"`             // the same by kind
}

// A Loading is what came of reading a table by a mapping.
type Loading struct {
	About
	Currency string  `json:"currency,omitempty"`
	Scale    int     `json:"scale"`
	Lines    int64   `json:"lines"`
	LeftOut  int64   `json:"left_out"`
	Nodes    int     `json:"nodes"`
	Years    []Year  `json:"years"`
	Faults   []Fault `json:"faults,omitempty"`
	FaultsN  int64   `json:"faults_n"` // how many there are; MaxFaults of them are listed
}

// Fit reports whether the loading may be shown: it has lines and no errors.
func (l *Loading) Fit() bool {
	for i := range l.Faults {
		if l.Faults[i].Severity == SeverityError {
			return false
		}
	}
	return l.Lines > 0
}

// A Year is a fiscal year of a budget in one direction.
type Year struct {
	Year      string    `json:"year"`
	Direction Direction `json:"direction"`
	Starts    string    `json:"starts,omitempty"` // ISO 8601; empty where the year is not known as dates
	Ends      string    `json:"ends,omitempty"`   // the last day
	Until     string    `json:"until,omitempty"`  // how far its outturn reaches, where that is said
	Phases    []Phase   `json:"phases"`
}
