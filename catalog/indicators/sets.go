package indicators

import (
	"context"
	_ "embed" // the set that comes with the program
	"fmt"
	"strconv"
	"time"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/goccy/go-json"
)

//go:embed set.json
var defaultSet []byte

// Default is the set that comes with the program: fourteen indicators, nine of
// the resolution on the transparency of executive bodies and five proposed
// after the law on access to information. It is in force where an operator puts
// it in force.
func Default() (Set, error) { return ReadSet(defaultSet) }

// A rulebook is the sets that were ever put in force, the newest first.
type rulebook []Set

// at is the set in force at a moment, nil for none. Of a period it is the last
// one before its end.
func (b rulebook) before(t time.Time) *Set {
	for i := range b {
		if b[i].Since.Before(t) {
			return &b[i]
		}
	}
	return nil
}

const setColumns = "version, since, rules, note, name"

func scanSet(row catalog.Row) (s Set, err error) {
	var rules string
	var since time.Time
	var version int
	var note catalog.Text
	var name string
	if err := row.Scan(&version, catalog.AsTime(&since), &rules, catalog.AsJSON(&note), &name); err != nil {
		return s, err
	}
	err = json.Unmarshal([]byte(rules), &s)
	s.Version, s.Since, s.Note, s.Name = version, since, note, name
	return s, err
}

func sets(ask catalog.Asker) (rulebook, error) {
	rows, err := ask.Rows("select " + setColumns + " from indicator_sets order by since desc, version desc")
	return catalog.Collect(rows, err, scanSet)
}

// Sets returns all sets that were put in force, the newest first.
func (i *Indicators) Sets(ctx context.Context) ([]Set, error) {
	all, err := sets(i.store.Asker(ctx))
	return all, catalog.Wrap("sets of indicators", err)
}

// Set returns the set in force now, and the one that comes with the program
// (its version is 0) where none is.
func (i *Indicators) Set(ctx context.Context) (Set, error) {
	all, err := i.Sets(ctx)
	if err != nil {
		return Set{}, err
	}
	if s := rulebook(all).before(i.store.Now().Add(time.Nanosecond)); s != nil {
		return *s, nil
	}
	return Default()
}

// Try reads a set (as JSON) as PutSet does, and puts it nowhere. What refers to
// nothing is an *catalog.InvalidError that names the place.
func (i *Indicators) Try(ctx context.Context, raw []byte) (Set, error) {
	s, err := ReadSet(raw)
	if err != nil {
		return s, err
	}
	book, err := i.Sets(ctx)
	if err != nil {
		return s, err
	}
	return s, s.replaces(book)
}

// PutSet puts a set (as JSON, without: the default one) in force from a moment
// on: an RFC 3339 moment or a day of the Gregorian or Jalali calendar; empty:
// now. It may be in the past only for the first set: what was judged once stays
// as it was. One that refers to something that there is not is an
// *catalog.InvalidError that names the place. Who operates the portal may.
func PutSet(tx *catalog.Tx, by *catalog.Actor, raw []byte, since string, note catalog.Text) (Set, error) {
	if !by.Can(catalog.Operate, "") {
		return Set{}, fmt.Errorf("indicators: %w", catalog.ErrDenied)
	}
	if len(raw) == 0 {
		raw = defaultSet
	}
	s, err := ReadSet(raw)
	if err != nil {
		return s, err
	}
	book, err := sets(tx)
	if err != nil {
		return s, err
	}
	if s.Since, err = moment(since, tx.Now()); err != nil {
		return s, err
	}
	if len(book) > 0 {
		if s.Since.Before(tx.Now()) {
			return s, invalid("since", "periods that are over were judged by the set of then: give a moment that is yet to come, or none")
		}
		if last := &book[0]; last.Since.After(s.Since) {
			return s, invalid("since", "version %d is in force from %s on: give a later moment", last.Version, last.Since.Format(time.RFC3339))
		}
	}
	if err := s.replaces(book); err != nil {
		return s, err
	}
	for i := range book {
		s.Version = max(s.Version, book[i].Version)
	}
	s.Version++
	s.Note, s.Name = note, by.Name
	return s, putSet(tx, by, &s)
}

func putSet(tx *catalog.Tx, by *catalog.Actor, s *Set) error {
	rules := *s
	rules.Version, rules.Since, rules.Note = 0, time.Time{}, nil
	if err := tx.Exec("insert into indicator_sets ("+setColumns+") values (?, ?, ?, ?, ?)", s.Version, catalog.AsTime(&s.Since), catalog.AsJSON(&rules),
		catalog.AsJSON(&s.Note), s.Name); err != nil {
		return err
	}
	thing := strconv.Itoa(s.Version)
	tx.Changed(NounSet, thing, catalog.OpPut)
	return tx.Log(by, catalog.Entry{Act: "indicators.put", Noun: NounSet, Thing: thing}, nil, s)
}

// replaces refuses what goes on the trend of an indicator that no earlier set
// has.
func (s *Set) replaces(book rulebook) error {
	for i := range s.Indicators {
		in := &s.Indicators[i]
		if in.Replaces == "" {
			continue
		}
		known := false
		for n := range book {
			known = known || book[n].Indicator(in.Replaces) != nil
		}
		if !known {
			return invalid(fmt.Sprintf("indicators[%d].replaces", i), "no set before has an indicator %q", in.Replaces)
		}
	}
	return nil
}

// moment reads when something begins.
func moment(s string, now time.Time) (time.Time, error) {
	if s == "" {
		return now, nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.UTC(), nil
	}
	if t, err := time.ParseInLocation(time.DateOnly, s, tehran()); err == nil && t.Year() > mostYear {
		return t.UTC(), nil
	}
	if d, err := jalaliDay(s); err == nil {
		return d, nil
	}
	return now, invalid("since", "%q is no moment: give a day like 2026-12-01 or 1405-09-10", s)
}
