package indicators

import (
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// A State is where an agency stands with an indicator in a period.
type State string

// The states.
const (
	Unmeasured State = "unmeasured" // nobody asked for it: no set was in force, or it is not for such agencies
	Running    State = "running"    // the period has not ended
	Due        State = "due"        // it has, and there is still time
	Late       State = "late"       // there is none left, and nothing was handed in: 0 points
	Quiet      State = "quiet"      // an indicator of events of which none was handed in: nothing to score
	Submitted  State = "submitted"  // handed in, and scored by the machine
	Accepted   State = "accepted"   // somebody looked at it
	Rejected   State = "rejected"   // likewise, and it is none: 0 points
	Objected   State = "objected"   // the agency says that it is: 0 points until that is decided
)

// Kinds of evidence.
const (
	EvidenceDataset   = "dataset"
	EvidenceResource  = "resource"
	EvidenceLink      = "link"
	EvidenceStatement = "statement"
)

// EvidenceKinds are all kinds of evidence.
var EvidenceKinds = []string{EvidenceDataset, EvidenceResource, EvidenceLink, EvidenceStatement}

// An Evidence is one thing by which an agency shows that it published what an
// indicator asks for.
type Evidence struct {
	N     int          `json:"n"`
	Kind  string       `json:"kind"`
	Thing string       `json:"thing,omitempty"` // id of the dataset or resource
	URL   string       `json:"url,omitempty"`   // of a link
	Text  catalog.Text `json:"text,omitempty"`  // of a statement; beside other evidence what it shows
	At    time.Time    `json:"at"`              // when it was handed in
	Until time.Time    `json:"until,omitzero"`  // when other evidence took its place

	Title   catalog.Text `json:"title,omitempty"`   // of the dataset or resource, as it was last known
	Dataset string       `json:"dataset,omitempty"` // slug of its dataset
	Gone    bool         `json:"gone,omitempty"`    // it is not published any more
}

// A Filing is what an agency handed in for an indicator and a period.
type Filing struct {
	ID        string       `json:"id"`
	Agency    string       `json:"agency"` // id
	Indicator string       `json:"indicator"`
	Period    string       `json:"period"`
	State     State        `json:"state"`
	Revision  int64        `json:"-"`
	Due       time.Time    `json:"due,omitzero"`
	Filed     time.Time    `json:"filed"` // first
	Updated   time.Time    `json:"updated"`
	Statement catalog.Text `json:"statement,omitempty"` // the agency's own words about it

	Evidence []Evidence `json:"evidence"` // in force
	Former   []Evidence `json:"former,omitempty"`
	Checks   []Check    `json:"checks"` // the newest first
	Acts     []Act      `json:"acts"`   // the first one first
	Score    Score      `json:"score"`
}

// A Check is what the machine found in a filing at a moment.
type Check struct {
	N       int       `json:"n"`
	At      time.Time `json:"at"`
	Version int       `json:"version"` // of the set by which it was judged
	Points  int       `json:"points"`  // 0 to Most
	Hash    string    `json:"hash"`    // SHA-256 of Seen as JSON
	Seen    Seen      `json:"seen"`    // what was looked at
	Facts   []Fact    `json:"facts"`   // what follows from it, by criterion
}

// A Fact is a sentence of a check. The points of a criterion stand in the first
// of its facts; the others tell why.
type Fact struct {
	Criterion Criterion      `json:"criterion"`
	Points    *int           `json:"points,omitempty"`   // of Each
	Evidence  int            `json:"evidence,omitempty"` // number of the piece that it speaks of
	Missing   []string       `json:"missing,omitempty"`  // ids of columns (of Set.Columns) that are asked for and were not found
	Text      string         `json:"text"`               // in English
	Said      []catalog.Said `json:"said"`               // by which it is told in any language
}

// Kinds of acts.
const (
	ActSubmitted = "submitted"
	ActAccepted  = "accepted"
	ActRejected  = "rejected"
	ActObjected  = "objected"
	ActUpheld    = "upheld"    // the objection was right
	ActDismissed = "dismissed" // it was not
)

// An Act is what somebody did about a filing.
type Act struct {
	N      int       `json:"n"`
	At     time.Time `json:"at"`
	Kind   string    `json:"kind"`
	Reason string    `json:"reason,omitempty"`
	Check  int       `json:"check,omitempty"` // number of the newest check then
	Name   string    `json:"-"`               // of who did it
}

// A Score is how an agency stands with an indicator in a period.
type Score struct {
	Agency    string    `json:"agency"` // id
	Indicator string    `json:"indicator"`
	Period    string    `json:"period"`
	Version   int       `json:"version,omitempty"` // of the set by which it was judged
	State     State     `json:"state"`
	Points    *int      `json:"points"` // of Most; nil: not measured
	Filing    string    `json:"filing,omitempty"`
	Gone      bool      `json:"gone,omitempty"` // its evidence vanished after the period was closed
	At        time.Time `json:"at,omitzero"`
}
