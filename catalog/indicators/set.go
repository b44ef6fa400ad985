package indicators

import (
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// A Set is the indicators that agencies are measured by from a moment on.
type Set struct {
	Version    int              `json:"version,omitempty"` // from 1; 0: it is in force nowhere
	Since      time.Time        `json:"since,omitzero"`
	Note       catalog.Text     `json:"note,omitempty"` // why it is as it is now
	Name       string           `json:"-"`              // of who put it
	Title      catalog.Text     `json:"title"`
	Columns    map[string]Names `json:"columns,omitempty"` // what rules ask tables for
	Indicators []Indicator      `json:"indicators"`
}

// Names are what a column that is asked for may be called.
type Names struct {
	Title catalog.Text `json:"title"`
	Names []string     `json:"names"`           // each some words that all stand in the column's name
	Terms []string     `json:"terms,omitempty"` // of the Fiscal Data Package, where a mapping says what the column is
}

// An Indicator is one thing that agencies have to publish.
type Indicator struct {
	ID       string       `json:"id"` // "S01"
	Title    catalog.Text `json:"title"`
	Why      catalog.Text `json:"why"`
	Formula  catalog.Text `json:"formula"` // how its points come about, in words
	Source   catalog.Text `json:"source"`  // the law or rule that it follows from
	Proposed bool         `json:"proposed,omitempty"`
	Period   PeriodKind   `json:"period"`
	Weight   int          `json:"weight"`
	Replaces string       `json:"replaces,omitempty"` // id of the indicator of the set before whose trend it goes on
	Rule     Rule         `json:"rule"`
}

// A Rule is what the machine looks for.
type Rule struct {
	Checks   []Criterion `json:"checks,omitempty"`   // those that count; all five when empty
	Evidence []string    `json:"evidence"`           // kinds that are taken
	Columns  []string    `json:"columns,omitempty"`  // of Set.Columns
	Rows     int64       `json:"rows,omitempty"`     // that a table has at least
	Formats  []string    `json:"formats,omitempty"`  // that count in full beside tables
	Agencies []string    `json:"agencies,omitempty"` // kinds that it is asked of; all when empty
	Days     int         `json:"days,omitempty"`     // after the end of the period until it is due
	Step     int         `json:"step,omitempty"`     // days of delay that cost a point; DefaultStep when 0
	Open     int         `json:"open,omitempty"`     // days after that in which the score still follows the evidence; DefaultOpen when 0
}

// AgencyKinds are what kinds of agencies there are, one of which operators say
// that an agency is.
var AgencyKinds = []string{"ministry", "organization", "governorate", "municipality", "university", "company", "foundation", "council"}

// A Criterion is one of five things that a filing is judged by, each with 0 to
// 4 points.
type Criterion string

// The criteria, in their order.
const (
	Published Criterion = "published" // it is there, and its links answer
	OnTime    Criterion = "ontime"
	Machine   Criterion = "machine"  // programs can read it
	Complete  Criterion = "complete" // the columns and rows asked for, of the period
	Licensed  Criterion = "licensed" // everybody may use it
)

// Criteria are all criteria.
var Criteria = []Criterion{Published, OnTime, Machine, Complete, Licensed}

// Points of one criterion, and of a filing.
const (
	Each = 4
	Most = 20
)

// Indicator returns the indicator with the id, or nil.
func (s *Set) Indicator(id string) *Indicator {
	for i := range s.Indicators {
		if s.Indicators[i].ID == id {
			return &s.Indicators[i]
		}
	}
	return nil
}
