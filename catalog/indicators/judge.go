package indicators

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"

	"github.com/goccy/go-json"
)

// tables are formats that programs read rows of.
var tables = []string{"CSV", "TSV", "JSON", "JSONL", "GEOJSON", "XML", "PARQUET", "ODS", "XLSX", "XLS", "RDF", "SQLITE", "DBF"}

// A judging works out the facts of one check.
type judging struct {
	set    *Set
	rule   *Rule
	seen   *Seen
	period *Period
	due    time.Time
	facts  []Fact
}

// Judge works out what follows from what was seen of a filing by a rule of the
// set: the facts, and its points of Most. It looks at nothing else, so that what
// came out once comes out again. How it reckons is part of what was published:
// to reckon otherwise takes a member of the set that says so.
func Judge(set *Set, rule *Rule, seen *Seen, period *Period, due time.Time) (facts []Fact, points int) {
	j := &judging{set: set, rule: rule, seen: seen, period: period, due: due}
	criteria := rule.criteria()
	for _, c := range criteria {
		at := len(j.facts)
		n := max(0, min(Each, j.judge(c)))
		for i := at; i < len(j.facts); i++ {
			j.facts[i].Criterion = c
		}
		if at < len(j.facts) {
			j.facts[at].Points = &n
		}
		points += n
	}
	return j.facts, points * Most / (Each * len(criteria))
}

// judge returns the points of a criterion and says at least one fact.
func (j *judging) judge(c Criterion) int {
	switch c {
	case Published:
		return j.published()
	case OnTime:
		return j.onTime()
	case Machine:
		return j.machine()
	case Complete:
		return j.complete()
	default:
		return j.licensed()
	}
}

// Hash is the digest of what was seen.
func (s *Seen) hash() (string, error) {
	b, err := json.Marshal(s)
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), err
}

// say adds a fact about a piece of evidence, 0 for all of it.
func (j *judging) say(evidence int, kind string, args ...any) {
	text, said := datasets.NewSaid(kind, sayings[kind], args...)
	j.facts = append(j.facts, Fact{Evidence: evidence, Text: text, Said: []catalog.Said{said}})
}

// there reports whether a piece of evidence is public.
func (l *Look) there() bool {
	switch l.Kind {
	case EvidenceLink:
		return l.State == catalog.LinkAlive || l.State == catalog.LinkMoved
	case EvidenceDataset, EvidenceResource:
		return catalog.Visible(l.State) && len(l.Files) > 0
	}
	return true
}

// there is the evidence that is public.
func (j *judging) there() []*Look {
	var all []*Look
	for i := range j.seen.Evidence {
		if l := &j.seen.Evidence[i]; l.there() {
			all = append(all, l)
		}
	}
	return all
}

// title is what a piece of evidence is called.
func (l *Look) title() string {
	title, _ := l.Title.In(catalog.Languages[0])
	return title
}

// published gives 4 points when all evidence is there, else the share of it
// that is.
func (j *judging) published() int {
	all, there := len(j.seen.Evidence), len(j.there())
	if all == 0 {
		j.say(0, "filing.nothing")
		return 0
	}
	j.say(0, "filing.there", there, all)
	for i := range j.seen.Evidence {
		l := &j.seen.Evidence[i]
		day := datasets.Moment(l.Since.Format(time.DateOnly))
		switch {
		case l.there() && l.Kind == EvidenceStatement:
			j.say(l.N, "filing.statement")
		case l.there() && l.Kind == EvidenceLink:
			j.say(l.N, "filing.link.alive", l.title())
		case l.there():
			j.say(l.N, "filing.public", l.title())
		case l.Kind != EvidenceLink && catalog.Visible(l.State):
			j.say(l.N, "filing.empty", l.title())
		case l.Kind != EvidenceLink:
			j.say(l.N, "filing.gone", l.title())
		case l.State == catalog.LinkBroken:
			j.say(l.N, "filing.link.broken", l.title(), day)
		case l.State == catalog.LinkRefused:
			j.say(l.N, "filing.link.refused", l.title())
		default:
			j.say(l.N, "filing.link.new", l.title())
		}
	}
	if there == 0 {
		return 0
	}
	return max(1, Each*there/all)
}

// onTime takes a point for each Step days of delay, of the evidence that was
// handed in first. A statement counts only where there is nothing else.
func (j *judging) onTime() int {
	var first, statement time.Time
	for i := range j.seen.Evidence {
		l := &j.seen.Evidence[i]
		at := &first
		if l.Kind == EvidenceStatement {
			at = &statement
		}
		if at.IsZero() || l.At.Before(*at) {
			*at = l.At
		}
	}
	if first.IsZero() {
		first = statement
	}
	if first.IsZero() {
		j.say(0, "filing.nothing")
		return 0
	}
	came, due := dayOf(first), dayOf(j.due.Add(-time.Second))
	if first.Before(j.due) {
		j.say(0, "filing.ontime", came, due)
		return Each
	}
	days, step := daysBetween(j.due, first), j.rule.step()
	j.say(0, "filing.late", days, came, due, step)
	return Each - (days+step-1)/step
}

// dayOf is the day of a moment in Tehran.
func dayOf(t time.Time) datasets.Moment {
	return datasets.Moment(t.In(tehran()).Format(time.DateOnly))
}

// daysBetween is how many days there are from one moment to a later one, a
// part of a day counted as one.
func daysBetween(from, to time.Time) int {
	const day = 24 * time.Hour
	return int((to.Sub(from) + day - 1) / day)
}

// machine gives the points of the piece of evidence that programs read best.
func (j *judging) machine() int {
	best, at, kind, args := -1, 0, "filing.unread", []any(nil)
	take := func(points, n int, as string, with ...any) {
		if points > best {
			best, at, kind, args = points, n, as, with
		}
	}
	for _, l := range j.there() {
		switch l.Kind {
		case EvidenceLink:
			take(1, l.N, "filing.machine.link")
		case EvidenceStatement:
			take(0, l.N, "filing.machine.statement")
		}
		for i := range l.Files {
			f := &l.Files[i]
			switch {
			case f.Table && f.Rows > 0 && f.Faults == 0:
				take(Each, l.N, "filing.machine.table", f.Title, f.Rows)
			case f.Table && f.Rows > 0:
				take(Each-1, l.N, "filing.machine.faults", f.Title, f.Faults)
			case f.Digest == "":
				take(0, l.N, "filing.machine.absent", f.Title)
			case slices.Contains(j.rule.Formats, f.Format):
				take(Each, l.N, "filing.machine.asked", f.Title, f.Format)
			case slices.Contains(tables, f.Format):
				take(Each-1, l.N, "filing.machine.format", f.Title, f.Format)
			default:
				take(1, l.N, "filing.machine.document", f.Title, f.Format)
			}
		}
	}
	j.say(at, kind, args...)
	return max(0, best)
}

// licensed gives the points of the piece of evidence that is freest.
func (j *judging) licensed() int {
	best, at, kind := -1, 0, "filing.unlicensed"
	for _, l := range j.there() {
		points, as := 0, "filing.licence.none"
		licence, known := catalog.LicenceByID(l.Licence)
		switch {
		case l.Kind == EvidenceLink || l.Kind == EvidenceStatement:
			as = "filing.licence.link"
		case known && licence.Open:
			points, as = Each, "filing.licence.open"
		case l.Licence != "":
			points, as = Each/2, "filing.licence.own"
		}
		if points > best {
			best, at, kind = points, l.N, as
		}
	}
	j.say(at, kind)
	return max(0, best)
}
