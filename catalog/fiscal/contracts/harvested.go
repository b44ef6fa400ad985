package contracts

import (
	"slices"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal/ocds"

	"github.com/goccy/go-json"
)

// A HarvestedRelease is a release as a source gives it: the value of a record.
type HarvestedRelease struct {
	ocds.Release
	Content json.RawMessage `json:"content"` // in its canonical form
}

// NewRelease returns the value of a record of a release.
func NewRelease(r *ocds.Release) (*HarvestedRelease, error) {
	content, err := ocds.Encode(r.Body)
	return &HarvestedRelease{*r, content}, err
}

// Noun is NounRelease.
func (h *HarvestedRelease) Noun() string { return NounRelease }

// Called is the title of what it tells of its process.
func (h *HarvestedRelease) Called() catalog.Text {
	p := ocds.Of(h.Body)
	return catalog.TitleOf(p.Title)
}

// Below is nothing: the first release of a process makes it.
func (h *HarvestedRelease) Below() catalog.Key { return catalog.Key{} }

// Validate returns an *catalog.InvalidError for a release that cannot be told
// from others.
func (h *HarvestedRelease) Validate() error {
	if h.OCID == "" || h.ID == "" {
		return &catalog.InvalidError{Field: "ocid", Reason: "a release needs an ocid and an id"}
	}
	return nil
}

// Print is all that the release says.
func (h *HarvestedRelease) Print(*catalog.Agency) (catalog.Print, error) {
	return catalog.Print{Stays: string(h.Content)}, nil
}

// Take writes the release, and what the releases of its process make together.
func (h *HarvestedRelease) Take(t *catalog.Tx, in catalog.Taking) (string, error) {
	s, err := processOf(t, h, in)
	if err != nil {
		return "", err
	}
	id := in.Thing
	if in.What == catalog.New {
		id = t.NewID()
		err = t.Exec(`insert into releases (id, process, source, identifier, release, date, tags, state, content, n)
			values (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'published', ?8, (select coalesce(max(n), 0) + 1 from releases where process = ?2))`,
			id, s.id, in.Source.ID, in.Record.Identifier, h.ID, h.Date, catalog.AsJSON(&h.Tags), string(h.Content))
	} else {
		err = t.Exec("update releases set release = ?, date = ?, tags = ?, content = ? where id = ?", h.ID, h.Date, catalog.AsJSON(&h.Tags), string(h.Content), id)
	}
	if err != nil {
		return "", err
	}
	known, err := releasesOf(t, s.id)
	if err != nil {
		return "", err
	}
	last := len(known) > 0 && known[len(known)-1].row == id
	if last && in.What == catalog.New && len(known) > 1 {
		s.merged.Add(&h.Release)
	} else if s.merged, err = mergeAll(t, known); err != nil {
		return "", err
	}
	if err := s.write(t, known); err != nil {
		return "", err
	}
	t.Changed(NounProcess, s.id, catalog.OpPut)
	return id, nil
}

// A state is a process while a release of it is taken in.
type state struct {
	id     string
	ocid   string
	merged ocds.Merged
}

// processOf finds the process of a release, or makes room for a new one.
func processOf(t *catalog.Tx, h *HarvestedRelease, in catalog.Taking) (*state, error) {
	s := &state{ocid: h.OCID, merged: ocds.Merged{Body: ocds.Object{}}}
	var compiled []byte
	var was string
	err := t.Row("select id, state, compiled, history from processes where ocid = ?", h.OCID).Scan(&s.id, &was, &compiled, catalog.AsJSON(&s.merged.Changes))
	switch {
	case catalog.NoRow(err):
		return s, s.insert(t, h, in)
	case err != nil:
		return nil, err
	}
	if s.merged.Body, err = ocds.Decode(compiled); err != nil {
		return nil, err
	}
	if was == catalog.Retired { // a release more brings it back
		if err := t.Returned(NounProcess, s.id); err != nil {
			return nil, err
		}
		err = t.Exec("update processes set state = 'published', missing = '' where id = ?", s.id)
	}
	return s, err
}

// pages are the names in addresses of contracts that are no processes.
var pages = []string{"flags", "parties"}

func (s *state) insert(t *catalog.Tx, h *HarvestedRelease, in catalog.Taking) error {
	s.id = t.NewID()
	agency, err := t.AgencyOf(in.Source, in.Record)
	if err != nil {
		return err
	}
	slug, err := t.FreeSlug("processes", h.Called(), NounProcess, s.id)
	if slices.Contains(pages, slug) {
		slug, err = t.FreeSlug("processes", nil, NounProcess, s.id)
	}
	if err != nil {
		return err
	}
	now := catalog.Stamp(t.Now())
	return t.Exec("insert into processes (id, ocid, slug, state, agency, source, created, updated, title) values (?1, ?2, ?3, 'published', ?4, ?5, ?6, ?6, '{}')",
		s.id, h.OCID, slug, agency, in.Source.ID, now)
}

// A kept is a release of a process without what it says.
type kept struct {
	row string // its id
	ocds.Release
}

// releasesOf are the releases of a process that count, in the order in which
// they are merged. One that its source does not have any more counts on: the
// standard knows no way of taking back but another release.
func releasesOf(t *catalog.Tx, process string) ([]kept, error) {
	rows, err := t.Rows("select id, release, date, tags from releases where process = ? and state in ('published', 'retired') order by date, n", process)
	return catalog.Collect(rows, err, func(row catalog.Row) (k kept, err error) {
		err = row.Scan(&k.row, &k.ID, &k.Date, catalog.AsJSON(&k.Tags))
		return k, err
	})
}

// mergeAll merges all releases of a process anew, one at a time in memory.
func mergeAll(t *catalog.Tx, known []kept) (m ocds.Merged, err error) {
	m.Body = ocds.Object{}
	for i := range known {
		var content []byte
		if err := t.Row("select content from releases where id = ?", known[i].row).Scan(&content); err != nil {
			return m, err
		}
		r := known[i].Release
		if r.Body, err = ocds.Decode(content); err != nil {
			return m, err
		}
		m.Add(&r)
	}
	return m, nil
}

// write writes what the releases make together.
func (s *state) write(t *catalog.Tx, known []kept) error {
	p := ocds.Of(s.merged.Body)
	buyer, err := s.parties(t, &p)
	if err != nil {
		return err
	}
	amounts, currency := p.Totals(), ""
	if currency, err = s.amounts(t, amounts); err != nil {
		return err
	}
	flags, err := s.flags(t, &p, known)
	if err != nil {
		return err
	}
	compiled, err := ocds.Encode(s.merged.Body)
	if err != nil {
		return err
	}
	if s.merged.Changes == nil {
		s.merged.Changes = []ocds.Change{}
	}
	var tenderers *int
	if p.Tender != nil {
		tenderers = p.Tender.Number
	}
	line := ""
	if p.Budget != nil && len(p.Budget.Lines) > 0 {
		line = p.Budget.Lines[0]
	}
	title := catalog.TitleOf(p.Title)
	if title == nil {
		title = catalog.Text{}
	}
	of := func(what string) any {
		if minor, ok := amounts[what][currency]; ok {
			return minor
		}
		return nil
	}
	return t.Exec(`update processes set updated = ?1, title = ?2, stage = ?3, status = ?4, method = ?5, category = ?6, buyer = ?7, date = ?8, currency = ?9, scale = ?10,
		tendered = ?11, awarded = ?12, contracted = ?13, paid = ?14, tenderers = ?15, budget = iif(line = ?16, budget, ''), line = ?16, flags = ?17, fold = ?18, compiled = ?19, history = ?20 where id = ?21`,
		catalog.Stamp(t.Now()), catalog.AsJSON(&title), p.Stage, p.Status, p.Method, p.Category, buyer, dateOf(known), currency, ocds.Scale(currency),
		of("tendered"), of("awarded"), of("contracted"), of("paid"), tenderers, line, catalog.AsJSON(&flags), foldOf(&p, s.ocid), string(compiled),
		catalog.AsJSON(&s.merged.Changes), s.id)
}

// dateOf is the date of the newest release.
func dateOf(known []kept) string {
	if len(known) == 0 {
		return ""
	}
	return known[len(known)-1].Date
}

// stages are the columns of amounts, that which says most first.
var stages = []string{"contracted", "awarded", "tendered", "paid"}

// amounts writes what the process is worth, and returns the currency that it is
// listed in: that of its contracts, else of its awards and so on; of several
// the first by name.
func (s *state) amounts(t *catalog.Tx, all map[string]map[string]int64) (currency string, err error) {
	if err := t.Exec("delete from process_amounts where process = ?", s.id); err != nil {
		return "", err
	}
	for _, what := range stages {
		by := all[what]
		names := make([]string, 0, len(by))
		for c := range by {
			names = append(names, c)
		}
		slices.Sort(names)
		for _, c := range names {
			if currency == "" {
				currency = c
			}
			if err := t.Exec("insert into process_amounts (process, what, currency, amount) values (?, ?, ?, ?)", s.id, what, c, by[c]); err != nil {
				return "", err
			}
		}
	}
	return currency, nil
}

// flags works out the red flags.
func (s *state) flags(t *catalog.Tx, p *ocds.Process, known []kept) (verdicts, error) {
	setting, err := t.Setting(SettingFlags)
	if err != nil {
		return verdicts{}, err
	}
	limits, err := limitsOf(setting)
	if err != nil {
		limits = ocds.DefaultLimits() // who set it was told
	}
	releases := make([]ocds.Release, len(known))
	for i := range known {
		releases[i] = known[i].Release
	}
	all := ocds.Flags(&ocds.Dossier{Process: p, Changes: s.merged.Changes, Releases: releases, Limits: limits})
	return verdicts{ocds.RaisedOf(all), all}, nil
}
