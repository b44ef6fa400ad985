package consultation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// A Consultation is the draft regulations of a catalogue. It is safe for
// concurrent use. Readers are its methods; what writes takes the *catalog.Tx of
// a write.
type Consultation struct {
	store    *catalog.Store
	compared comparisons
}

// New returns the draft regulations of the catalogue.
func New(store *catalog.Store) *Consultation { return &Consultation{store: store} }

const draftColumns = `d.id, d.slug, d.state, d.agency, d.source, d.identifier, d.created, d.updated, d.missing, d.begins, d.opens, d.closes,
	d.decided, d.decided_at, d.moderation, d.revision, d.title, d.summary, d.reason, d.kind, d.legal_basis, d.contact, d.landing_page, d.dockets, d.heard, d.note`

func scanDraft(row catalog.Row) (d Draft, err error) {
	err = row.Scan(&d.ID, &d.Slug, &d.State, &d.Agency, catalog.OrNull(&d.Source), &d.Identifier, catalog.AsTime(&d.Created), catalog.AsTime(&d.Updated),
		catalog.AsTime(&d.Missing), catalog.AsTime(&d.Begins), catalog.AsTime(&d.Opens), catalog.AsTime(&d.Closes), &d.Decided, catalog.AsTime(&d.DecidedAt),
		&d.Moderation, &d.Revision, catalog.AsJSON(&d.Title), catalog.AsJSON(&d.Summary), catalog.AsJSON(&d.Reason), &d.Kind, catalog.AsJSON(&d.LegalBasis),
		&d.Contact, &d.Landing, catalog.AsJSON(&d.Dockets), catalog.AsJSON(&d.Heard), catalog.AsJSON(&d.Note))
	return d, err
}

// A DraftFilter says which drafts Drafts returns. Empty fields do not filter.
type DraftFilter struct {
	Stages []Stage
	Agency string // id
	Query  string // words of title, summary or dockets, folded; all must be there
	Sort   string // one of DraftSorts
	After  string // id of the draft that the list goes on after
	Limit  int    // 0: no limit
}

// DraftSorts are the orders of a list: by stage, and there what is closing or
// opening soonest first and what ended last first; and by the last change.
var DraftSorts = []string{"", "-updated"}

// inStage is, by stage, which drafts d are in it at ?1, and the order that they
// stand in, with the column that the order is by and the index of that: SQLite
// would rather go by the condition and sort all of them.
var inStage = map[Stage]struct{ where, by, order, index string }{
	Open:      {"d.decided = '' and d.opens <= ?1 and d.closes > ?1", "d.closes", "asc", "drafts_closes"},
	Announced: {"d.decided = '' and (d.begins = '' or d.begins > ?1)", "iif(d.opens = '', '9', d.opens)", "asc", "drafts_stage"},
	InReview:  {"d.decided = '' and d.begins <> '' and d.begins <= ?1 and (d.opens > ?1 or d.closes <= ?1)", "d.closes", "desc", "drafts_closes"},
	Approved:  {"d.decided = 'approved'", "d.decided_at", "desc", "drafts_decided"},
	Withdrawn: {"d.decided = 'withdrawn'", "d.decided_at", "desc", "drafts_decided"},
}

// listed is the order of the stages in a list.
var listed = []Stage{Open, Announced, InReview, Approved, Withdrawn}

// mostWords is how many words of a query are looked at.
const mostWords = 8

// where is the condition of what the filter asks for but for stages, with its
// arguments, of which ?1 is the moment.
func (f *DraftFilter) where(now string) (condition string, args []any) {
	condition, args = "d."+catalog.PublicRows, []any{now}
	add := func(more string, arg any) {
		args = append(args, arg)
		condition += fmt.Sprintf(more, len(args))
	}
	if f.Agency != "" {
		add(" and d.agency = ?%d", f.Agency)
	}
	words := strings.Fields(persian.Fold(f.Query))
	for _, w := range words[:min(len(words), mostWords)] {
		add(" and instr(d.fold, ?%d) > 0", w)
	}
	return condition, args
}

// Drafts returns the drafts that the public sees, and how many there are in
// all: those that are open first, the one that closes soonest on top, then those
// that are announced, in review and decided.
func (c *Consultation) Drafts(ctx context.Context, f DraftFilter) (all []Draft, total int64, err error) {
	which, args := f.where(catalog.Stamp(c.store.Now()))
	counts, err := c.countStages(ctx, which, args)
	if err != nil {
		return nil, 0, err
	}
	stages := f.stages()
	for _, s := range stages {
		total += counts[s]
	}
	if f.Limit <= 0 {
		f.Limit = int(total)
	}
	if f.Sort == "-updated" {
		all, err = c.newest(ctx, which, args, &f)
		return all, total, catalog.Wrap("drafts", err)
	}
	after, stage, err := c.place(ctx, args[0], f.After)
	if err != nil {
		return nil, 0, err
	}
	for _, s := range stages {
		if after != "" && s != stage || counts[s] == 0 {
			continue // before the place, or nothing
		}
		more, err := c.ofStage(ctx, which, args, s, after, f.After, f.Limit-len(all))
		if err != nil {
			return nil, 0, catalog.Wrap("drafts", err)
		}
		if all = append(all, more...); len(all) >= f.Limit {
			break
		}
		after = ""
	}
	return all, total, nil
}

// countStages counts drafts by stage, in one pass over an index.
func (c *Consultation) countStages(ctx context.Context, which string, args []any) (map[Stage]int64, error) {
	var sums []string
	n := make([]int64, len(listed))
	into := make([]any, len(listed))
	for i, s := range listed {
		sums, into[i] = append(sums, "coalesce(sum("+inStage[s].where+"), 0)"), &n[i]
	}
	if err := c.store.Row(ctx, "select "+strings.Join(sums, ", ")+" from drafts d where "+which, args...).Scan(into...); err != nil {
		return nil, catalog.Wrap("drafts", err)
	}
	all := map[Stage]int64{}
	for i, s := range listed {
		all[s] = n[i]
	}
	return all, nil
}

// stages are those that the filter asks for, in the order of lists.
func (f *DraftFilter) stages() []Stage {
	if len(f.Stages) == 0 {
		return listed
	}
	var all []Stage
	for _, s := range listed {
		if slices.Contains(f.Stages, s) {
			all = append(all, s)
		}
	}
	return all
}

// place is where the draft with the id stands in the list: its stage and what
// its order goes by. Both are empty without an id.
func (c *Consultation) place(ctx context.Context, now any, id string) (by string, stage Stage, err error) {
	if id == "" {
		return "", "", nil
	}
	for s, in := range inStage {
		err := c.store.Row(ctx, "select "+in.by+" from drafts d where d.id = ?2 and "+in.where, now, id).Scan(&by)
		if err == nil {
			return by, s, nil
		}
		if !catalog.NoRow(err) {
			return "", "", catalog.Wrap("drafts", err)
		}
	}
	return "", "", catalog.NotFound(NounDraft, id)
}

// ofStage are the drafts of a stage behind the one with the id, which stands at
// after in its order; from the first on without.
func (c *Consultation) ofStage(ctx context.Context, which string, args []any, s Stage, after, id string, limit int) ([]Draft, error) {
	in, than, n := inStage[s], ">", len(args)
	if in.order == "desc" {
		than = "<"
	}
	args = append(slices.Clone(args), limit)
	query := "select " + draftColumns + " from drafts d indexed by " + in.index + " where " + which + " and " + in.where
	if after != "" {
		query += fmt.Sprintf(" and (%s, d.id) %s (?%d, ?%d)", in.by, than, n+2, n+3)
		args = append(args, after, id)
	}
	rows, err := c.store.Rows(ctx, query+fmt.Sprintf(" order by %s %s, d.id %s limit ?%d", in.by, in.order, in.order, n+1), args...)
	return catalog.Collect(rows, err, scanDraft)
}

// newest are the drafts of all stages that the filter asks for, those first
// that changed last.
func (c *Consultation) newest(ctx context.Context, which string, args []any, f *DraftFilter) ([]Draft, error) {
	n := len(args)
	args = append(slices.Clone(args), f.Limit)
	query := "select " + draftColumns + " from drafts d where " + which
	if stages := f.stages(); len(stages) < len(listed) {
		in := []string{"false"}
		for _, s := range stages {
			in = append(in, inStage[s].where)
		}
		query += " and (" + strings.Join(in, " or ") + ")"
	}
	if f.After != "" {
		query += fmt.Sprintf(" and (d.updated, d.id) < (select a.updated, a.id from drafts a where a.id = ?%d)", n+2)
		args = append(args, f.After)
	}
	rows, err := c.store.Rows(ctx, query+fmt.Sprintf(" order by d.updated desc, d.id desc limit ?%d", n+1), args...)
	return catalog.Collect(rows, err, scanDraft)
}

// Draft returns the draft with the given slug or id, or ErrNotFound, or
// *catalog.RetiredError for one that was published once.
func (c *Consultation) Draft(ctx context.Context, key string) (Draft, error) {
	d, err := scanDraft(c.store.Row(ctx, "select "+draftColumns+" from drafts d where (d.slug = ?1 or d.id = ?1) and d."+catalog.KnownRows, key))
	switch {
	case catalog.NoRow(err):
		return Draft{}, catalog.NotFound(NounDraft, key)
	case err != nil:
		return d, catalog.Wrap("draft", err)
	case !d.Visible():
		return Draft{}, c.store.Gone(ctx, NounDraft, d.ID, d.Slug)
	}
	return d, nil
}

// LastKnown returns a draft that was retired as it was last known. It is
// ErrNotFound for one that was taken down: of that nothing is shown.
func (c *Consultation) LastKnown(ctx context.Context, key string) (Draft, error) {
	d, err := scanDraft(c.store.Row(ctx, "select "+draftColumns+" from drafts d where (d.slug = ?1 or d.id = ?1) and d.state in ('published', 'retired')", key))
	if catalog.NoRow(err) {
		return d, catalog.NotFound(NounDraft, key)
	}
	return d, catalog.Wrap("draft", err)
}

// DraftCounts counts the drafts that the public sees by stage, those of the
// agency (its id) or, when that is empty, of all.
func (c *Consultation) DraftCounts(ctx context.Context, agency string) (map[Stage]int64, error) {
	which, args := (&DraftFilter{Agency: agency}).where(catalog.Stamp(c.store.Now()))
	return c.countStages(ctx, which, args)
}

// Openings returns the drafts of which a period begins or ends between the two
// moments, the first of these first.
func (c *Consultation) Openings(ctx context.Context, from, to time.Time, limit int) ([]Draft, error) {
	rows, err := c.store.Rows(ctx, "select "+draftColumns+" from drafts d where d."+catalog.PublicRows+` and d.decided = ''
		and d.closes >= ?1 and d.opens <= ?2 and d.opens <> '' order by d.closes, d.id limit ?3`, catalog.Stamp(from), catalog.Stamp(to), limit)
	all, err := catalog.Collect(rows, err, scanDraft)
	return all, catalog.Wrap("drafts", err)
}

// fold is what the words of a list's query are looked up in.
func (d *Draft) fold() string {
	var b strings.Builder
	for _, t := range []catalog.Text{d.Title, d.Summary} {
		for _, lang := range catalog.Languages {
			b.WriteString(persian.Fold(t[lang]))
			b.WriteByte('\n')
		}
	}
	b.WriteString(persian.Fold(strings.Join(d.Dockets, "\n") + "\n" + d.Identifier))
	return b.String()
}
