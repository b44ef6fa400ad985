package indicators

import (
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// A Point of a trend: what came out in a period, nil when that was not measured.
type Point struct {
	Period Period `json:"period"`
	Points *int   `json:"points"`
	State  State  `json:"state"`
}

// A Cell is one indicator on the scoreboard of an agency.
type Cell struct {
	Indicator Indicator `json:"indicator"`
	Period    Period    `json:"period"` // the newest that there is a score of, else that which is asked for
	Due       time.Time `json:"due,omitzero"`
	Days      int       `json:"days,omitempty"` // it is late by
	Score     Score     `json:"score"`
	Next      Period    `json:"next,omitzero"` // a later one, that nothing was handed in for yet
	NextDue   time.Time `json:"next_due,omitzero"`
	Trend     []Point   `json:"trend"`           // the oldest first
	Median    *float64  `json:"median"`          // of the peers in the period; nil without any
	Peers     int       `json:"peers,omitempty"` // how many were measured
}

// A Scoreboard is how an agency stands with every indicator in force.
type Scoreboard struct {
	Agency  string   `json:"agency"` // id
	Version int      `json:"version"`
	Period  Period   `json:"period"` // that Value is of: the newest half of a year that ended
	Value   *float64 `json:"value"`  // of Most, weighted; nil: not measured
	Parts   []Part   `json:"parts"`  // that Value follows from
	Median  *float64 `json:"median"` // of the peers' values
	Peers   int      `json:"peers,omitempty"`
	Rank    int      `json:"rank,omitempty"`
	Cells   []Cell   `json:"cells"`
}

// A Part is what an indicator adds to a value: the mean of its periods, by its
// weight.
type Part struct {
	Indicator string  `json:"indicator"`
	Weight    int     `json:"weight"`
	Mean      float64 `json:"mean"`
	Periods   int     `json:"periods"`
}

// A Place is an agency in a league or ranking.
type Place struct {
	Agency string       `json:"agency"` // id
	Slug   string       `json:"slug"`
	Title  catalog.Text `json:"title"`
	Kind   string       `json:"kind,omitempty"`
	Rank   int          `json:"rank,omitempty"` // ties share one; 0: not measured
	Value  *float64     `json:"value"`          // of Most
	Parts  []Part       `json:"parts,omitempty"`
	Late   int          `json:"late"`
	Before *float64     `json:"before,omitempty"` // in the period before
	Score  Score        `json:"score,omitzero"`   // of a ranking by one indicator
}

// A League is the agencies by their values in a period.
type League struct {
	Period     Period   `json:"period"`
	Version    int      `json:"version"` // of the set in force when it ended
	Places     []Place  `json:"places"`
	Unmeasured []Place  `json:"unmeasured"`
	Median     *float64 `json:"median"`
	Counts     []int    `json:"counts"`  // agencies by whole points of their values, 0 to Most
	Periods    []Period `json:"periods"` // halves and years that there are values of, the newest first
}

// A Ranking is the agencies by one indicator in a period.
type Ranking struct {
	Indicator  Indicator `json:"indicator"`
	Set        Set       `json:"-"` // that the period was judged by
	Period     Period    `json:"period"`
	Due        time.Time `json:"due,omitzero"`
	Places     []Place   `json:"places"`
	Unmeasured []Place   `json:"unmeasured"`
	Median     *float64  `json:"median"`
	Counts     []int     `json:"counts"`
	Periods    []Period  `json:"periods"` // that there are scores of, the newest first
}

// A Figure is how an indicator stands over all agencies in its newest period
// that was due.
type Figure struct {
	Indicator Indicator `json:"indicator"`
	Period    Period    `json:"period"`
	Asked     int       `json:"asked"`   // agencies
	Filed     int       `json:"filed"`   // of them
	OnTime    int       `json:"on_time"` // of those
	Late      int       `json:"late"`
	Median    *float64  `json:"median"`
	Counts    []int     `json:"counts"`
}

// An Overdue is something that an agency did not hand in, or has to.
type Overdue struct {
	Agency    string       `json:"agency"` // id
	Slug      string       `json:"slug"`
	Title     catalog.Text `json:"title"`
	Indicator Indicator    `json:"-"`
	ID        string       `json:"indicator"`
	Period    Period       `json:"period"`
	Due       time.Time    `json:"due"`
	Days      int          `json:"days"` // late by; below 0: still to come
}
