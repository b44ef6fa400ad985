package indicators

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/catalog"
)

// Bounds of what is handed in.
const (
	MaxEvidence = 20
	MaxText     = 5000 // characters of a statement or a reason
	maxURL      = 2000
)

// A Handing is what an agency hands in: for which indicator and period, and by
// which evidence, of which Kind, Thing, URL and Text are looked at.
type Handing struct {
	Agency    string // id
	Indicator string
	Period    string
	Revision  int64 // of the filing that it replaces; 0 for the first
	Statement catalog.Text
	Evidence  []Evidence
}

// A request is a handing that was found to be asked for.
type request struct {
	agency    catalog.Agency
	set       *Set
	indicator *Indicator
	period    Period
	due       time.Time
}

// asked finds what is handed in for.
func (h *Handing) asked(book rulebook, agency catalog.Agency, now time.Time) (request, error) {
	q := request{agency: agency}
	var err error
	if q.period, err = PeriodOf(h.Period); err != nil {
		return q, err
	}
	if q.period.Start.After(now) {
		return q, invalid("period", "it has not begun yet")
	}
	if q.set = book.of(&q.period, now); q.set == nil {
		return q, &catalog.ConflictError{Code: "filing.unmeasured", Reason: "no indicators were in force in this period"}
	}
	q.indicator = q.set.Indicator(h.Indicator)
	if q.indicator == nil {
		return q, invalid("indicator", "there was no indicator %q in this period", h.Indicator)
	}
	if asked := PeriodAt(q.indicator.Period, q.period.Start); asked.ID != q.period.ID {
		return q, invalid("period", "%s is handed in for other periods: this day is in %s", q.indicator.ID, asked.ID)
	}
	if !q.indicator.Rule.asks(agency.Kind) {
		return q, &catalog.ConflictError{Code: "filing.unasked", Reason: "agencies of this kind are not asked for it"}
	}
	q.due = q.period.Due(q.indicator.Rule.Days)
	return q, nil
}

// of is the set that a period is judged by: the last one in force before it
// ended, or by now. It is nil for none.
func (b rulebook) of(p *Period, now time.Time) *Set {
	if p.Ended(now) {
		return b.before(p.End)
	}
	return b.before(now.Add(time.Nanosecond))
}

// File hands in evidence for an indicator and a period, or other evidence in
// the place of what was handed in before, and checks it. Who publishes for the
// agency may. What does not fit is an *catalog.InvalidError of the field
// agency, indicator, period, statement or evidence[n].
func File(tx *catalog.Tx, by *catalog.Actor, h Handing) (Filing, error) {
	if !by.Can(catalog.Publish, h.Agency) {
		return Filing{}, fmt.Errorf("agency %q: %w", h.Agency, catalog.ErrDenied)
	}
	agency, err := tx.Agency(h.Agency)
	if err != nil || !catalog.Visible(agency.State) {
		return Filing{}, invalid("agency", "there is no such agency")
	}
	book, err := sets(tx)
	if err != nil {
		return Filing{}, err
	}
	q, err := h.asked(book, agency, tx.Now())
	if err != nil {
		return Filing{}, err
	}
	if err := h.check(tx, &q); err != nil {
		return Filing{}, err
	}
	f, err := h.replaces(tx, &q)
	if err != nil {
		return f, err
	}
	before := f
	f.State, f.Due, f.Updated, f.Statement = Submitted, q.due, tx.Now(), h.Statement
	if err := f.put(tx); err != nil {
		return f, err
	}
	if err := h.put(tx, f.ID); err != nil {
		return f, err
	}
	return did(tx, by, book, &before, &f, ActSubmitted, "")
}

// replaces is the filing that the handing is for: a new one, or the one that is
// there, when it is at the revision that its author worked on.
func (h *Handing) replaces(tx *catalog.Tx, q *request) (Filing, error) {
	f, err := scanFiling(tx.Row("select "+filingColumns+" from filings f where f.agency = ? and f.indicator = ? and f.period = ?", h.Agency, h.Indicator, h.Period))
	switch {
	case catalog.NoRow(err):
		return Filing{ID: tx.NewID(), Agency: h.Agency, Indicator: q.indicator.ID, Period: q.period.ID, Filed: tx.Now()}, nil
	case err == nil && h.Revision == 0:
		return f, &catalog.ConflictError{Code: "filing.filed", Reason: "something was handed in for it already: change that"}
	case err == nil && h.Revision != f.Revision && h.Revision != catalog.AnyRevision:
		return f, &catalog.StaleError{Given: h.Revision, Current: f.Revision}
	case err == nil && f.State == Objected:
		return f, &catalog.ConflictError{Code: "filing.objected", Reason: "an objection waits for its decision"}
	}
	return f, err
}

// check refuses evidence that is none, or that the rule does not take.
func (h *Handing) check(tx *catalog.Tx, q *request) error {
	switch {
	case len(h.Evidence) == 0:
		return invalid("evidence", "choose what shows it: a dataset, a file or a link")
	case len(h.Evidence) > MaxEvidence:
		return invalid("evidence", "there are %d pieces, and may be %d", len(h.Evidence), MaxEvidence)
	}
	if err := short("statement", h.Statement); err != nil {
		return err
	}
	seen := map[pieceKey]bool{}
	for i := range h.Evidence {
		e := &h.Evidence[i]
		at := fmt.Sprintf("evidence[%d]", i)
		if !slices.Contains(q.indicator.Rule.Evidence, e.Kind) {
			return invalid(at, "%q is not taken as evidence for %s: %s", e.Kind, q.indicator.ID, list(q.indicator.Rule.Evidence))
		}
		if err := short(at, e.Text); err != nil {
			return err
		}
		if err := e.exists(tx, q, at); err != nil {
			return err
		}
		key := e.key()
		if seen[key] {
			return invalid(at, "it stands there twice")
		}
		seen[key] = true
	}
	return nil
}

// key tells one piece of evidence from another; it has no text.
func (e *Evidence) key() pieceKey { return pieceKey{e.Kind, e.Thing, e.URL} }

type pieceKey struct{ kind, thing, url string }

func short(field string, text catalog.Text) error {
	for lang, s := range text {
		if n := utf8.RuneCountInString(s); n > MaxText {
			return invalid(field, "its text has %d characters, and may have %d", n, MaxText)
		}
		if !slices.Contains(catalog.Languages, lang) {
			return invalid(field, "%q is no language of this portal", lang)
		}
	}
	return nil
}

// exists refuses evidence that nobody can look at. Only what is read is kept.
func (e *Evidence) exists(tx *catalog.Tx, q *request, at string) error {
	switch e.Kind {
	case EvidenceDataset, EvidenceResource:
		e.URL = ""
		query := "select d.agency, a.parent from datasets d join agencies a on a.id = d.agency where d.id = ? and d." + catalog.PublicRows
		if e.Kind == EvidenceResource {
			query = "select d.agency, a.parent from resources r join datasets d on d.id = r.dataset join agencies a on a.id = d.agency where r.id = ? and r." +
				catalog.PublicRows + " and d." + catalog.PublicRows
		}
		var agency, parent string
		err := tx.Row(query, e.Thing).Scan(&agency, catalog.OrNull(&parent))
		if catalog.NoRow(err) {
			return invalid(at, "there is no such %s in public: publish it first", e.Kind)
		}
		if err == nil && agency != q.agency.ID && parent != q.agency.ID {
			return invalid(at, "it is another agency's")
		}
		return err
	case EvidenceLink:
		e.Thing, e.URL = "", strings.TrimSpace(e.URL)
		u, err := url.Parse(e.URL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || len(e.URL) > maxURL {
			return invalid(at, "give the address of a page: https://…")
		}
		if u.User != nil {
			return invalid(at, "the address holds a name or password")
		}
		return tx.LookAtLink(e.URL)
	}
	e.Thing, e.URL = "", ""
	if text, _ := e.Text.In(catalog.Languages[0]); strings.TrimSpace(text) == "" {
		return invalid(at, "the statement is empty")
	}
	return nil
}

// put writes the evidence: what was there already stays since when it was, what
// is not handed in any more ends.
func (h *Handing) put(tx *catalog.Tx, filing string) error {
	old, err := evidenceOf(tx, []string{filing})
	if err != nil {
		return err
	}
	next := 0
	kept := map[pieceKey]Evidence{}
	for _, e := range old {
		next = max(next, e.N)
		if e.Until.IsZero() {
			kept[e.key()] = e.Evidence
		}
	}
	for i := range h.Evidence {
		e := &h.Evidence[i]
		if was, ok := kept[e.key()]; ok {
			delete(kept, e.key())
			if sameText(was.Text, e.Text) {
				continue
			}
			if err := end(tx, filing, was.N); err != nil { // other words are another row, of the same day
				return err
			}
			e.At = was.At
		} else {
			e.At = tx.Now()
		}
		next++
		if err := tx.Exec("insert into filing_evidence (filing, n, kind, thing, url, text, at) values (?, ?, ?, ?, ?, ?, ?)",
			filing, next, e.Kind, e.Thing, e.URL, catalog.AsJSON(&e.Text), catalog.Stamp(e.At)); err != nil {
			return err
		}
	}
	for _, e := range kept {
		if err := end(tx, filing, e.N); err != nil {
			return err
		}
	}
	return nil
}

func end(tx *catalog.Tx, filing string, n int) error {
	return tx.Exec("update filing_evidence set until = ? where filing = ? and n = ?", catalog.Stamp(tx.Now()), filing, n)
}

func sameText(a, b catalog.Text) bool {
	for _, lang := range catalog.Languages {
		if a[lang] != b[lang] {
			return false
		}
	}
	return true
}
