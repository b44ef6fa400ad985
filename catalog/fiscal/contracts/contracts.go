// Package contracts keeps the processes of open contracting: their releases as
// they came, what these make together, the organisations in them, and the red
// flags that follow. Amounts are integers of the smallest unit of their
// currency, and sums are never of two currencies.
package contracts

import (
	"context"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal/ocds"

	"github.com/goccy/go-json"
)

// Nouns of the package.
const (
	NounRelease = "release"
	NounProcess = "process"
	NounParty   = "party"
)

// SettingFlags is the setting with the limits of red flags: ocds.Limits as JSON.
const SettingFlags = "contracts.flags"

// Contracts are the processes of a catalogue. It is safe for concurrent use.
type Contracts struct {
	store *catalog.Store
	turn  turn // of counting all organisations
}

// New returns the processes of a catalogue.
func New(store *catalog.Store) *Contracts { return &Contracts{store, make(turn, 1)} }

// A Process is a process in a list.
type Process struct {
	ID         string       `json:"id"`
	OCID       string       `json:"ocid"`
	Slug       string       `json:"slug"`
	State      string       `json:"-"`
	Agency     string       `json:"-"` // id
	Source     string       `json:"-"` // id
	Created    time.Time    `json:"created"`
	Updated    time.Time    `json:"updated"`
	Title      catalog.Text `json:"title"`
	Stage      string       `json:"stage"`
	Status     string       `json:"status,omitempty"`
	Method     string       `json:"method,omitempty"`
	Category   string       `json:"category,omitempty"`
	Buyer      string       `json:"-"` // id of the party
	Date       string       `json:"date,omitempty"`
	Currency   string       `json:"currency,omitempty"` // of the amounts that follow
	Scale      int          `json:"scale"`              // digits behind their point
	Tendered   *int64       `json:"tendered,omitempty"` // minor units
	Awarded    *int64       `json:"awarded,omitempty"`
	Contracted *int64       `json:"contracted,omitempty"`
	Paid       *int64       `json:"paid,omitempty"`
	Tenderers  *int64       `json:"tenderers,omitempty"`
	Line       string       `json:"budget_line,omitempty"` // that it names
	Budget     string       `json:"budget,omitempty"`      // slug of the budget that has this line
	Raised     []string     `json:"flags"`                 // keys of the red flags that are raised
}

// Worth is what the process is worth as far as it has come: contracted, else
// awarded, else tendered; nil when no amount is known.
func (p *Process) Worth() *int64 {
	for _, a := range []*int64{p.Contracted, p.Awarded, p.Tendered} {
		if a != nil {
			return a
		}
	}
	return nil
}

const columns = `p.id, p.ocid, p.slug, p.state, p.agency, p.source, p.created, p.updated, p.title, p.stage, p.status, p.method, p.category, p.buyer, p.date,
	p.currency, p.scale, p.tendered, p.awarded, p.contracted, p.paid, p.tenderers, p.line, p.budget, p.flags -> '$.raised'`

// fields are where the columns of a row go.
func (p *Process) fields() []any {
	return []any{
		&p.ID, &p.OCID, &p.Slug, &p.State, &p.Agency, catalog.OrNull(&p.Source), catalog.AsTime(&p.Created), catalog.AsTime(&p.Updated), catalog.AsJSON(&p.Title), &p.Stage,
		&p.Status, &p.Method, &p.Category, &p.Buyer, &p.Date, &p.Currency, &p.Scale, &p.Tendered, &p.Awarded, &p.Contracted, &p.Paid, &p.Tenderers,
		&p.Line, &p.Budget, catalog.AsJSON(&p.Raised),
	}
}

func scan(row catalog.Row) (p Process, err error) {
	err = row.Scan(p.fields()...)
	return p, err
}

// A Whole is a process with all that is known of it.
type Whole struct {
	Process
	Body    ocds.Object   `json:"compiled"` // its releases, merged
	Read    ocds.Process  `json:"-"`        // the same, read
	Changes []ocds.Change `json:"changes"`  // what releases said otherwise than those before
	Flags   []ocds.Flag   `json:"checks"`   // of every rule, raised or not
}

// verdicts are what the column flags holds.
type verdicts struct {
	Raised []string    `json:"raised"`
	All    []ocds.Flag `json:"all"`
}

// Get returns the process with the slug, id or ocid, or ErrNotFound, or
// *catalog.RetiredError for one that was published once.
func (c *Contracts) Get(ctx context.Context, key string) (Whole, error) {
	var w Whole
	var flags verdicts
	var compiled []byte
	fields := append(w.fields(), &compiled, catalog.AsJSON(&w.Changes), catalog.AsJSON(&flags))
	err := c.store.Row(ctx, "select "+columns+", p.compiled, p.history, p.flags from processes p where (p.slug = ?1 or p.id = ?1 or p.ocid = ?1) and p."+catalog.KnownRows, key).
		Scan(fields...)
	switch {
	case catalog.NoRow(err):
		return w, catalog.NotFound(NounProcess, key)
	case err != nil:
		return w, catalog.Wrap("process", err)
	case w.State != catalog.Published:
		return w, c.store.Gone(ctx, NounProcess, w.ID, w.Slug)
	}
	w.Flags = flags.All
	if w.Body, err = ocds.Decode(compiled); err != nil {
		return w, catalog.Wrap("process", err)
	}
	w.Read = ocds.Of(w.Body)
	return w, nil
}

// LastKnown returns a process that was retired as it was last known.
func (c *Contracts) LastKnown(ctx context.Context, key string) (Process, error) {
	p, err := scan(c.store.Row(ctx, "select "+columns+" from processes p where (p.slug = ?1 or p.id = ?1) and p.state in ('published', 'retired')", key))
	if catalog.NoRow(err) {
		return p, catalog.NotFound(NounProcess, key)
	}
	return p, catalog.Wrap("process", err)
}

// ByID returns the processes with the ids that the public sees.
func (c *Contracts) ByID(ctx context.Context, ids []string) (map[string]Process, error) {
	rows, err := c.store.Rows(ctx, "select "+columns+" from processes p where p.id in (select value from json_each(?)) and p."+catalog.PublicRows, catalog.AsJSON(&ids))
	all, err := catalog.Collect(rows, err, scan)
	if err != nil {
		return nil, catalog.Wrap("processes", err)
	}
	by := make(map[string]Process, len(all))
	for i := range all {
		by[all[i].ID] = all[i]
	}
	return by, nil
}

// Any reports whether the public sees any process.
func (c *Contracts) Any(ctx context.Context) (there bool, err error) {
	err = c.store.Row(ctx, "select exists (select 1 from processes where "+catalog.PublicRows+")").Scan(&there)
	return there, catalog.Wrap("processes", err)
}

// A Release is a release of a process as it came.
type Release struct {
	ID         string          `json:"-"`
	Release    string          `json:"id"` // the publisher's own
	Date       string          `json:"date,omitempty"`
	Tags       []string        `json:"tags"`
	State      string          `json:"state"` // published, or retired when its source does not have it any more
	Source     string          `json:"-"`     // id
	Identifier string          `json:"identifier"`
	Content    json.RawMessage `json:"release,omitempty"`
}

// Releases returns the releases of a process (its id), in the order in which
// they are merged. Without contents they have none.
func (c *Contracts) Releases(ctx context.Context, process string, contents bool) ([]Release, error) {
	content := "''"
	if contents {
		content = "r.content"
	}
	rows, err := c.store.Rows(ctx, `select r.id, r.release, r.date, r.tags, r.state, r.source, r.identifier, `+content+` from releases r
		where r.process = ? and r.state in ('published', 'retired') order by r.date, r.n`, process)
	all, err := catalog.Collect(rows, err, func(row catalog.Row) (r Release, err error) {
		var body string
		err = row.Scan(&r.ID, &r.Release, &r.Date, catalog.AsJSON(&r.Tags), &r.State, catalog.OrNull(&r.Source), &r.Identifier, &body)
		if body != "" {
			r.Content = json.RawMessage(body)
		}
		return r, err
	})
	return all, catalog.Wrap("releases", err)
}

// Limits are the limits of red flags that are in force.
func (c *Contracts) Limits(ctx context.Context) (ocds.Limits, error) {
	all, err := c.store.Settings(ctx)
	if err != nil {
		return ocds.Limits{}, err
	}
	return limitsOf(all[SettingFlags])
}

// limitsOf reads the setting; what it does not name is as by default.
func limitsOf(setting string) (ocds.Limits, error) {
	l := ocds.DefaultLimits()
	if strings.TrimSpace(setting) == "" {
		return l, nil
	}
	if err := json.Unmarshal([]byte(setting), &l); err != nil {
		return l, &catalog.InvalidError{Field: SettingFlags, Reason: "it is no JSON object of limits"}
	}
	if l.Processes < 1 || l.TenderDays < 0 || l.OverAward < 0 || l.DirectShare < 0 || l.SupplierShare < 0 || l.Near < 0 {
		return l, &catalog.InvalidError{Field: SettingFlags, Reason: "a limit is below zero"}
	}
	return l, nil
}

// PutLimits sets the limits; they hold for each process from its next release
// on, and for all when Recheck is run.
func PutLimits(t *catalog.Tx, by *catalog.Actor, l ocds.Limits) error {
	b, err := json.Marshal(&l)
	if err != nil {
		return err
	}
	if _, err := limitsOf(string(b)); err != nil {
		return err
	}
	return t.PutSetting(by, SettingFlags, string(b))
}
