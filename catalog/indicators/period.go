package indicators

import (
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// A PeriodKind is how often an indicator is asked for.
type PeriodKind string

// The kinds of periods, all of the Jalali calendar.
const (
	Month   PeriodKind = "month"
	Quarter PeriodKind = "quarter"
	Half    PeriodKind = "half"
	Year    PeriodKind = "year"
	Event   PeriodKind = "event" // whenever there is something; counted by halves of the year
)

// PeriodKinds are all kinds.
var PeriodKinds = []PeriodKind{Month, Quarter, Half, Year, Event}

// A Period is a span of time that something is asked for. The zero value is
// none.
type Period struct {
	ID    string       `json:"id"` // "1405-08", "1405-Q3", "1405-H2", "1405"
	Kind  PeriodKind   `json:"kind"`
	Start time.Time    `json:"start"` // its first moment
	End   time.Time    `json:"end"`   // the first moment after it
	Label catalog.Text `json:"label"`
}
