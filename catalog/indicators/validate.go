package indicators

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal"

	"github.com/goccy/go-json"
)

// Bounds of a set.
const (
	maxSet        = 1 << 20 // bytes
	maxIndicators = 100
	maxColumns    = 300
	maxWeight     = 100
	maxDays       = 3660
	maxRows       = 1_000_000_000
)

// What a rule says nothing of: how many days of delay cost a point, and how
// long after its due day a score still follows the evidence.
const (
	DefaultStep = 7
	DefaultOpen = 90
)

// ReadSet reads a set as JSON. What is wrong with it is an
// *catalog.InvalidError whose field names the place: "indicators[2].rule.columns".
func ReadSet(raw []byte) (Set, error) {
	var s Set
	if len(raw) > maxSet {
		return s, invalid("set", "it has %d bytes and may have %d", len(raw), maxSet)
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&s); err != nil {
		return Set{}, invalid("set", "it is no set of indicators: %s", err)
	}
	s.Version, s.Note = 0, nil
	return s, s.Validate()
}

func invalid(field, reason string, args ...any) error {
	return &catalog.InvalidError{Field: field, Reason: fmt.Sprintf(reason, args...)}
}

// Validate returns an *catalog.InvalidError for the first thing that keeps the
// set from being put in force: what refers to nothing, too.
func (s *Set) Validate() error {
	switch {
	case len(s.Indicators) == 0:
		return invalid("indicators", "there are none")
	case len(s.Indicators) > maxIndicators:
		return invalid("indicators", "there are %d, and may be %d", len(s.Indicators), maxIndicators)
	case len(s.Columns) > maxColumns:
		return invalid("columns", "there are %d, and may be %d", len(s.Columns), maxColumns)
	}
	for id, c := range s.Columns {
		at := "columns." + id
		if len(c.Names) == 0 && len(c.Terms) == 0 {
			return invalid(at, "say by which names such a column is found")
		}
		for _, name := range c.Names {
			if len(wordsOf(name)) == 0 {
				return invalid(at+".names", "%q has no word", name)
			}
		}
		for _, term := range c.Terms {
			if !fiscal.KnownType(term) && !slices.Contains(fiscal.Phases[:], fiscal.Phase(term)) {
				return invalid(at+".terms", "%q is no type of a column and no phase of the Fiscal Data Package", term)
			}
		}
	}
	seen := map[string]bool{}
	for i := range s.Indicators {
		in := &s.Indicators[i]
		at := fmt.Sprintf("indicators[%d]", i)
		if seen[in.ID] {
			return invalid(at+".id", "%q stands there twice", in.ID)
		}
		seen[in.ID] = true
		if err := s.validate(in, at); err != nil {
			return err
		}
	}
	return nil
}

func (s *Set) validate(in *Indicator, at string) error {
	if strings.Trim(in.ID, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") != "" || in.ID == "" || len(in.ID) > 20 {
		return invalid(at+".id", "%q is no id: up to 20 letters and digits", in.ID)
	}
	if slices.Contains(reserved, in.ID) {
		return invalid(at+".id", "%q is the name of a page", in.ID)
	}
	for _, text := range []struct {
		field string
		is    catalog.Text
	}{{".title", in.Title}, {".why", in.Why}, {".formula", in.Formula}, {".source", in.Source}} {
		if _, lang := text.is.In(catalog.Languages[0]); lang == "" {
			return invalid(at+text.field, "it is empty")
		}
	}
	switch {
	case !slices.Contains(PeriodKinds, in.Period):
		return invalid(at+".period", "%q is no kind of period: %s", in.Period, list(PeriodKinds))
	case in.Weight < 1 || in.Weight > maxWeight:
		return invalid(at+".weight", "%d is no weight: 1 to %d", in.Weight, maxWeight)
	}
	return s.rule(&in.Rule, at+".rule")
}

// reserved are the names of pages that stand beside those of indicators.
var reserved = []string{"league", "late", "sets"}

// rule returns what is wrong with a rule.
func (s *Set) rule(r *Rule, at string) error {
	if len(r.Evidence) == 0 {
		return invalid(at+".evidence", "no kind of evidence is taken: %s", list(EvidenceKinds))
	}
	for _, kind := range r.Evidence {
		if !slices.Contains(EvidenceKinds, kind) {
			return invalid(at+".evidence", "%q is no kind of evidence: %s", kind, list(EvidenceKinds))
		}
	}
	for _, c := range r.Checks {
		if !slices.Contains(Criteria, c) {
			return invalid(at+".checks", "there is no check %q: %s", c, list(Criteria))
		}
	}
	for _, id := range r.Columns {
		if _, ok := s.Columns[id]; !ok {
			return invalid(at+".columns", "%q is no column of this set", id)
		}
	}
	for _, kind := range r.Agencies {
		if !slices.Contains(AgencyKinds, kind) {
			return invalid(at+".agencies", "%q is no kind of agency: %s", kind, list(AgencyKinds))
		}
	}
	for _, format := range r.Formats {
		if known := catalog.FormatOf(format, "", ""); known != format {
			return invalid(at+".formats", "no file is of the format %q: formats are written like PDF and CSV", format)
		}
	}
	if len(r.Columns) > 0 && !slices.Contains(r.Evidence, EvidenceDataset) && !slices.Contains(r.Evidence, EvidenceResource) {
		return invalid(at+".columns", "columns are asked for, and no table is taken as evidence")
	}
	for _, n := range []struct {
		field string
		is    int64
	}{{".days", int64(r.Days)}, {".step", int64(r.Step)}, {".open", int64(r.Open)}} {
		if n.is < 0 || n.is > maxDays {
			return invalid(at+n.field, "%d is out of bounds: 0 to %d", n.is, maxDays)
		}
	}
	if r.Rows < 0 || r.Rows > maxRows {
		return invalid(at+".rows", "%d is out of bounds: 0 to %d", r.Rows, maxRows)
	}
	return nil
}

func list[T ~string](all []T) string {
	words := make([]string, len(all))
	for i, s := range all {
		words[i] = string(s)
	}
	return strings.Join(words, ", ")
}

// criteria are those that count.
func (r *Rule) criteria() []Criterion {
	if len(r.Checks) == 0 {
		return Criteria
	}
	var all []Criterion
	for _, c := range Criteria { // each once, and in order
		if slices.Contains(r.Checks, c) {
			all = append(all, c)
		}
	}
	return all
}

// asks reports whether agencies of a kind are asked for it. What an agency is
// its operator says: one that only sources name is not measured.
func (r *Rule) asks(kind string) bool {
	return kind != "" && (len(r.Agencies) == 0 || slices.Contains(r.Agencies, kind))
}

func (r *Rule) step() int {
	if r.Step > 0 {
		return r.Step
	}
	return DefaultStep
}

func (r *Rule) open() int {
	if r.Open > 0 {
		return r.Open
	}
	return DefaultOpen
}
