package indicators

import (
	"context"
	"errors"

	"github.com/openshafaf/shafaf/catalog"
)

// A Handing is what an agency hands in: for which indicator and period, and by
// which evidence.
type Handing struct {
	Agency    string // id
	Indicator string
	Period    string
	Revision  int64 // of the filing that it replaces; 0 for the first
	Statement catalog.Text
	Evidence  []Evidence
}

var errNotYet = errors.New("not yet")

// File hands in evidence for an indicator and a period, or other evidence in
// the place of what was handed in before. Who publishes for the agency may.
func File(tx *catalog.Tx, by *catalog.Actor, h Handing) (Filing, error) {
	return Filing{}, errNotYet
}

// Review accepts or rejects a filing. A rejection needs a reason; everybody
// sees it. Who operates the portal may.
func Review(tx *catalog.Tx, by *catalog.Actor, id string, revision int64, accept bool, reason string) (Filing, error) {
	return Filing{}, errNotYet
}

// Object says in the agency's name why a rejection is wrong.
func Object(tx *catalog.Tx, by *catalog.Actor, id string, revision int64, reason string) (Filing, error) {
	return Filing{}, errNotYet
}

// Decide ends an objection: upheld, the filing is accepted; dismissed, it stays
// rejected. Who operates the portal may.
func Decide(tx *catalog.Tx, by *catalog.Actor, id string, revision int64, uphold bool, reason string) (Filing, error) {
	return Filing{}, errNotYet
}

// Check checks a filing now. Where something changed since its last check, the
// new one is kept.
func (i *Indicators) Check(ctx context.Context, id string) (Check, error) { return Check{}, errNotYet }

// Preview checks evidence that is not handed in yet.
func (i *Indicators) Preview(ctx context.Context, h Handing) (Check, error) {
	return Check{}, errNotYet
}

// Recheck checks every filing of the periods that are open and writes the
// scores of all agencies anew where they are others now. It returns how many.
func (i *Indicators) Recheck(ctx context.Context) (int, error) { return 0, errNotYet }

// Follow is the monitor: it checks what changed, everything once a day, and
// reminds agencies, until ctx ends.
func (i *Indicators) Follow(ctx context.Context) error { return errNotYet }

// Figures returns how each indicator in force stands over all agencies.
func (i *Indicators) Figures(ctx context.Context) ([]Figure, error) { return nil, errNotYet }

// Ranking returns the agencies by an indicator in a period (its id), by default
// the newest that was due. It is ErrNotFound for one that there never was.
func (i *Indicators) Ranking(ctx context.Context, indicator, period string) (Ranking, error) {
	return Ranking{}, errNotYet
}

// League returns the agencies by their values in a half or a year ("1405-H1",
// "1405"), by default the newest half that ended.
func (i *Indicators) League(ctx context.Context, period string) (League, error) {
	return League{}, errNotYet
}

// Scoreboard returns how an agency (its id) stands.
func (i *Indicators) Scoreboard(ctx context.Context, agency string) (Scoreboard, error) {
	return Scoreboard{}, errNotYet
}

// History returns all scores of an agency (its id), the newest period first.
func (i *Indicators) History(ctx context.Context, agency string) ([]Score, error) {
	return nil, errNotYet
}

// Values returns the value of each agency (by id) in the newest half of a year
// that ended.
func (i *Indicators) Values(ctx context.Context) (map[string]float64, Period, error) {
	return nil, Period{}, errNotYet
}

// Late returns what was due and was not handed in, the longest overdue first.
func (i *Indicators) Late(ctx context.Context) ([]Overdue, error) { return nil, errNotYet }

// Asked returns what is late, due or running for agencies (their ids), for
// their desks.
func (i *Indicators) Asked(ctx context.Context, agencies []string) ([]Overdue, error) {
	return nil, errNotYet
}

// Filing returns a filing with all its rows, or ErrNotFound.
func (i *Indicators) Filing(ctx context.Context, id string) (Filing, error) {
	return Filing{}, errNotYet
}

// A FilingFilter says which filings Filings returns. Empty fields do not filter.
type FilingFilter struct {
	Agencies  []string // ids
	Indicator string
	States    []State
	Before    string // id that the list goes on after
	Limit     int
}

// Filings returns filings without their rows, those first that changed last,
// and how many there are in all.
func (i *Indicators) Filings(ctx context.Context, f FilingFilter) ([]Filing, int64, error) {
	return nil, 0, errNotYet
}
