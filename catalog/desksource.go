package catalog

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// These are the writes of the desk to sources. Each asks first whether the
// actor looks after the source, by the same way for those of others and for
// what there is not; then it does what it is asked for and logs it.

// sourceFor returns the source with the given slug or id for the actor to
// change, at the given revision.
func (t *Tx) sourceFor(by *Actor, key string, revision int64) (Source, error) {
	src, err := scanSource(t.row("select "+sourceColumns+" from sources s where s.slug = ?1 or s.id = ?1", key))
	switch {
	case errors.Is(err, sql.ErrNoRows), err == nil && !by.Can(Harvest, src.Agency):
		return Source{}, notFound(NounSource, key)
	case err != nil:
		return src, err
	case revision != AnyRevision && revision != src.Revision:
		return src, &StaleError{Given: revision, Current: src.Revision}
	}
	return src, nil
}

// RegisterSource adds a source of the agency src.Agency. One without an agency,
// whose records belong to the publishers that they name, and one in a private
// network are for operators only.
func (t *Tx) RegisterSource(by *Actor, src *Source) error {
	if !by.Can(Harvest, src.Agency) {
		return fmt.Errorf("agency %q: %w", src.Agency, ErrDenied)
	}
	src.ID, src.State = "", Published
	if err := t.checkSource(by, src, &Source{}); err != nil {
		return err
	}
	if src.Slug == "" {
		if u, err := url.Parse(src.URL); err == nil {
			src.Slug = u.Host
		}
	}
	if len(src.Title) == 0 {
		src.Title = TitleOf(src.Slug)
	}
	if err := t.PutSource(src); err != nil {
		return err
	}
	return t.LogSource(by, "source.register", nil, src, "")
}

// ChangeSource changes a source (its id). change gets it as it is and sets its
// fields; the kind and the agency stay once something was taken in.
func (t *Tx) ChangeSource(by *Actor, id string, revision int64, change func(*Source)) (Source, error) {
	src, err := t.sourceFor(by, id, revision)
	if err != nil {
		return src, err
	}
	was := src
	change(&src)
	src.ID, src.Slug, src.State = was.ID, was.Slug, was.State
	if len(src.Title) == 0 {
		src.Title = TitleOf(src.Slug)
	}
	if src.Agency != was.Agency && !by.Can(Harvest, src.Agency) {
		return src, fmt.Errorf("agency %q: %w", src.Agency, ErrDenied)
	}
	if src.Kind != was.Kind || src.Agency != was.Agency {
		var used bool
		if err := t.row("select exists (select 1 from records where source = ?)", src.ID).Scan(&used); err != nil {
			return src, err
		}
		if used {
			return src, &ConflictError{"source.used", "its kind and agency cannot change any more, since records of it were taken in: retire it and register another"}
		}
	}
	if err := t.checkSource(by, &src, &was); err != nil {
		return src, err
	}
	if err := t.PutSource(&src); err != nil {
		return src, err
	}
	return src, t.LogSource(by, "source.change", &was, &src, "")
}

// checkSource refuses what the actor may not set, and an address that another
// source reads.
func (t *Tx) checkSource(by *Actor, src, was *Source) error {
	if !strings.HasPrefix(src.URL, "https://") && !strings.HasPrefix(src.URL, "http://") && src.URL != was.URL {
		return &InvalidError{"url.path", "only http and https addresses are read; a path of this machine is given on the command line"}
	}
	if src.AllowPrivateNetwork && !by.Can(Operate, "") && (!was.AllowPrivateNetwork || src.URL != was.URL) {
		return &InvalidError{"url.operator", "a source in a private network is set up by an operator"}
	}
	if src.Clock != "" {
		if err := src.Clock.Validate(); err != nil {
			return err
		}
		src.Every = src.Clock.Every()
	}
	if src.Agency != "" {
		var there bool
		if err := t.row("select exists (select 1 from agencies where id = ? and "+visible+")", src.Agency).Scan(&there); err != nil {
			return err
		}
		if !there {
			return &InvalidError{"agency", "there is no such agency"}
		}
	}
	var slug, state string
	err := t.row("select slug, state from sources where kind = ? and url = ? and id <> ? order by state = 'published' desc limit 1", src.Kind, src.URL, src.ID).Scan(&slug, &state)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	case state == Published:
		return &InvalidError{"url.twin", fmt.Sprintf("source %s reads this address already: its datasets would be published twice", slug)}
	default:
		return &InvalidError{"url.retired", fmt.Sprintf("source %s read this address and was retired: take it up again, so that its datasets keep their addresses", slug)}
	}
}

// RetireSourceBy stops harvesting a source (its id) for a reason; its runs that
// wait or are under way end. With datasets its published ones are retired too.
// It returns how many those were.
func (t *Tx) RetireSourceBy(by *Actor, id string, revision int64, datasets bool, reason string) (int, error) {
	src, err := t.sourceFor(by, id, revision)
	if err != nil {
		return 0, err
	}
	if datasets && !by.Can(Publish, src.Agency) {
		return 0, fmt.Errorf("source %q: %w", src.Slug, ErrDenied)
	}
	if src.State != Published {
		return 0, &ConflictError{"source.retired", "the source is retired already"}
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return 0, &InvalidError{"reason", "say why"}
	}
	was := src
	n, err := t.RetireSource(&src, datasets, reason)
	if err != nil {
		return n, err
	}
	return n, t.LogSource(by, "source.retire", &was, &src, reason)
}

// ReviveSource takes a retired source (its id) up again.
func (t *Tx) ReviveSource(by *Actor, id string, revision int64) error {
	src, err := t.sourceFor(by, id, revision)
	if err != nil {
		return err
	}
	if src.State == Published {
		return &ConflictError{"source.published", "the source is harvested already"}
	}
	was := src
	src.State = Published
	if err := t.checkSource(by, &src, &was); err != nil {
		return err
	}
	if err := t.PutSource(&src); err != nil {
		return err
	}
	return t.LogSource(by, "source.revive", &was, &src, "")
}

// LogSource logs what somebody did to a source; was is nil for a new one. What is
// counted of it is none of its state.
func (t *Tx) LogSource(by *Actor, act string, was, is *Source, why string) error {
	var before any
	if was != nil {
		before = kept(was)
	}
	return t.Log(by, Entry{Act: act, Noun: NounSource, Thing: is.ID, Agency: is.Agency, Note: why}, before, kept(is))
}

// kept is what the log keeps of a source.
func kept(s *Source) Source {
	out := *s
	out.LastRun, out.Datasets, out.Failures = nil, 0, 0
	return out
}

// DecideRun approves or refuses, for a reason that everybody may read, what a
// held run of a source waits with.
func (t *Tx) DecideRun(by *Actor, source, run string, approve bool, reason string) (Run, error) {
	src, err := t.sourceFor(by, source, AnyRevision)
	if err != nil {
		return Run{}, err
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return Run{}, &InvalidError{"reason", "say why"}
	}
	act, decide := "run.refuse", t.refuseRun
	if approve {
		act, decide = "run.approve", t.approveRun
	}
	r, err := decide(&src, run, by.Name, reason)
	var invalid *InvalidError
	if errors.As(err, &invalid) {
		return r, &ConflictError{"run.decided", invalid.Reason}
	}
	if err != nil {
		return r, err
	}
	return r, t.LogRun(by, act, &src, &r, reason)
}
