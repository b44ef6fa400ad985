// Package catalog is what is known about the data: the agencies that publish
// it, the sources it comes from, every run that collected it, the datasets,
// their resources and the editions of these, and the list of all changes. It
// owns the catalogue's database and the rules of what may be seen.
package catalog

import (
	"time"

	"github.com/openshafaf/shafaf/datasets"
)

// Text is the same text in several languages, keyed by BCP 47 tag ("fa", "en").
type Text map[string]string

// Languages are those that the whole site speaks, the first one first.
var Languages = []string{"fa", "en"}

// In returns the text in lang, else in the next best language that there is,
// and the language of what it returns. Both are empty when there is no text.
func (t Text) In(lang string) (text, in string) {
	if s := t[lang]; s != "" {
		return s, lang
	}
	for _, l := range Languages {
		if s := t[l]; s != "" {
			return s, l
		}
	}
	for l, s := range t { // one other language is the common case
		if s != "" && (in == "" || l < in) {
			text, in = s, l
		}
	}
	return text, in
}

// States of the things in the catalogue.
const (
	Drafted   = "draft"     // not public yet
	Scheduled = "scheduled" // not public yet, to be published at a time
	Published = "published"
	Retired   = "retired"   // its source no longer has it; its editions stay
	Withdrawn = "withdrawn" // taken down by an operator: its editions are closed too
)

// An Agency is a publishing body: DCAT publisher, CKAN organization.
type Agency struct {
	ID          string    `json:"id"`
	Slug        string    `json:"slug"`
	Title       Text      `json:"title"`
	State       string    `json:"state"`
	Description Text      `json:"description,omitempty"`
	Kind        string    `json:"kind,omitempty"`   // ministry, organization, municipality, company …
	Parent      string    `json:"parent,omitempty"` // id of the agency above it
	Homepage    string    `json:"homepage,omitempty"`
	Contact     string    `json:"contact,omitempty"` // address for information requests
	Created     time.Time `json:"created"`
	Datasets    int64     `json:"datasets"` // published ones; counted on reading
}

// A Source is a place that records are harvested from.
type Source struct {
	ID                  string        `json:"id"`
	Slug                string        `json:"slug"`
	Title               Text          `json:"title,omitempty"`
	State               string        `json:"state"`
	Kind                string        `json:"kind"`
	URL                 string        `json:"url"`               // http(s) address, or a path given on the command line
	Agency              string        `json:"agency,omitempty"`  // id; all its records are that agency's; empty: each is of the publisher it names
	Every               time.Duration `json:"every,omitempty"`   // 0: harvested by hand only
	Clock               Clock         `json:"clock,omitempty"`   // when, in the day or the week, where Every is that
	Licence             string        `json:"licence,omitempty"` // of its records that name none
	AllowPrivateNetwork bool          `json:"allow_private_network,omitempty"`
	Options             []byte        `json:"-"` // what else its kind is told, as a JSON object; empty for nothing
	Created             time.Time     `json:"created"`
	Datasets            int64         `json:"datasets"`         // published ones; counted on reading
	Drafts              int64         `json:"drafts,omitempty"` // likewise
	LastRun             *Run          `json:"last_run,omitempty"`
	Failures            int           `json:"failures,omitempty"` // runs in a row, to the last one, that did not read it to its end
	NextRun             time.Time     `json:"next_run,omitzero"`  // when the schedule harvests it again; zero without one
	Revision            int64         `json:"-"`                  // tells two people apart who change it
}

// States of a run.
const (
	RunQueued     = "queued"
	RunRunning    = "running"
	RunComplete   = "complete"   // every page and every record was read
	RunIncomplete = "incomplete" // it broke off: what came was kept
	RunHeld       = "held"       // it was read to its end, and what it would remove waits for approval
	RunFailed     = "failed"     // nothing usable came
)

// A Run is one harvest of a source.
type Run struct {
	ID       string    `json:"id"`
	Source   string    `json:"source"`
	State    string    `json:"state"`
	DryRun   bool      `json:"dry_run,omitempty"`
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished,omitzero"`
	Reason   string    `json:"reason,omitempty"` // why it is not complete, in a sentence
	Said     []Said    `json:"said,omitempty"`   // the parts of Reason
	Counts   RunCounts `json:"counts"`

	Approved   time.Time `json:"approved,omitzero"` // when somebody approved what it removes
	Refused    time.Time `json:"refused,omitzero"`  // when somebody refused it
	ApprovedBy string    `json:"-"`                 // who that was
	Note       string    `json:"note,omitempty"`    // why, in their words
	Asked      time.Time `json:"asked,omitzero"`    // when somebody asked for it; zero: the schedule or a command did it
	AskedBy    string    `json:"-"`                 // who that was: id of the person
	Follows    string    `json:"follows,omitempty"` // id of the run that was interrupted, which this one goes on for
	Tries      int       `json:"-"`                 // how many of those there were
	Stop       time.Time `json:"-"`                 // when somebody told it to end
	Owner      string    `json:"-"`                 // who does the run: process number and a random part
	Lease      time.Time `json:"-"`                 // until when the run counts as alive without a sign of its owner
}

// RunCounts is what a run met. Seen = New + Changed + Touched + Unchanged +
// Relinked + Faulty + Deleted.
type RunCounts struct {
	Seen      int64 `json:"seen"`
	New       int64 `json:"new"`
	Changed   int64 `json:"changed"`
	Touched   int64 `json:"touched"` // nothing but the date of change moved
	Unchanged int64 `json:"unchanged"`
	Faulty    int64 `json:"faulty"`             // listed with their reasons, not taken in
	Missing   int64 `json:"missing"`            // known from before, not in this run
	Faults    int64 `json:"faults"`             // sentences listed, of records and of fields
	Declared  int64 `json:"declared,omitempty"` // how many the source says it has
	Relinked  int64 `json:"relinked,omitempty"` // known ones that came under another identifier
	Deleted   int64 `json:"deleted,omitempty"`  // of which the source itself says that they are gone
	Retired   int64 `json:"retired,omitempty"`  // that the run removed
	Returned  int64 `json:"returned,omitempty"` // that had been removed and are back, among the new state they came in
	Waiting   int64 `json:"waiting,omitempty"`  // that the run would remove or move and that wait for approval
}

// Severities of a run fault.
const (
	SeverityRun    = "run"    // the run itself broke off
	SeverityRecord = "record" // a record was not taken in
	SeverityField  = "field"  // a field was dropped or mended
)

// A RunFault is one thing wrong with what a source sent.
type RunFault struct {
	Severity   string `json:"severity"`
	Identifier string `json:"identifier,omitempty"` // of the record, where it has one
	Position   string `json:"position,omitempty"`   // of the record in the source: "dataset 12"
	Field      string `json:"field,omitempty"`
	Text       string `json:"text"`           // a sentence that says what is wrong and what to do
	Said       []Said `json:"said,omitempty"` // its parts
}

// A Record is one thing as a source describes it, mapped to our terms.
type Record struct {
	Noun       string // of its value, or of the known record that it is as it was
	Identifier string // the source's own, unique in the source
	Position   string // where in the source it stood: "dataset 12"
	Deleted    bool   // the source itself says that it is gone; it needs no mapped value then
	Run        string // id of the run that brought it
	Raw        []byte // the record as it came
	Origin     Origin // digest of what it was mapped from; zero when mapping it again may tell more
	Faults     []RunFault
	Value      Value   // what it was mapped to; nil when it is as it was, or deleted
	Agency     *Agency // who publishes it, when the record says so; found by slug or made
}

// An Origin is a digest of all that a record was mapped from: a record with the
// origin of a known one is that one, unchanged, and need not be mapped.
type Origin [32]byte

// NounDataset is the noun of datasets in records, changes and search results;
// NounAgency is that of agencies.
const (
	NounDataset = "dataset"
	NounAgency  = "agency"
	NounSource  = "source"
	NounFile    = "resource"
)

// A Dataset is a DCAT Dataset: a described set of resources.
type Dataset struct {
	ID          string     `json:"id"`
	Slug        string     `json:"slug"`
	Title       Text       `json:"title"`
	State       string     `json:"state"`
	Description Text       `json:"description,omitempty"` // plain text or Markdown; HTML is reduced to text on harvest
	Agency      string     `json:"agency"`                // id
	Source      string     `json:"source,omitempty"`      // id; empty when published by hand
	Identifier  string     `json:"identifier,omitempty"`  // the source's own
	Keywords    []string   `json:"keywords,omitempty"`
	Themes      []string   `json:"themes,omitempty"`
	Licence     string     `json:"licence,omitempty"` // canonical id of the table in licence.go, else as given
	Rights      string     `json:"rights,omitempty"`
	AccessLevel string     `json:"access_level,omitempty"` // public, restricted public, non-public
	Spatial     string     `json:"spatial,omitempty"`
	Temporal    Interval   `json:"temporal,omitzero"`
	Frequency   string     `json:"frequency,omitempty"` // ISO 8601 repeating interval (R/P1Y), else as given
	Languages   []string   `json:"languages,omitempty"`
	Issued      string     `json:"issued,omitempty"`    // ISO 8601 date or moment of the data, as the source says
	Modified    string     `json:"modified,omitempty"`  // likewise; outside the hash that decides "changed"
	Publisher   string     `json:"publisher,omitempty"` // names from the smallest unit up, " › " between
	Contact     Contact    `json:"contact,omitzero"`
	LandingPage string     `json:"landing_page,omitempty"`
	References  []string   `json:"references,omitempty"`
	ConformsTo  []string   `json:"conforms_to,omitempty"`
	DescribedBy string     `json:"described_by,omitempty"`
	PartOf      string     `json:"part_of,omitempty"` // identifier of the series or collection in the same source
	Created     time.Time  `json:"created"`           // first in this catalogue
	Updated     time.Time  `json:"updated"`           // last changed in this catalogue
	Missing     time.Time  `json:"missing_since,omitzero"`
	Resources   []Resource `json:"resources"`
}

// An Interval is a time covered: ISO 8601 dates, either end may be open.
type Interval struct {
	Start string `json:"start,omitempty"`
	End   string `json:"end,omitempty"`
}

// A Contact is whom to ask about a dataset.
type Contact struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
}

// States of the file behind a resource.
const (
	FetchNone    = ""        // nothing to fetch: a link, or no address at all
	FetchPending = "pending" // waiting to be fetched
	FetchDone    = "done"
	FetchFailed  = "failed"
)

// A Resource is a DCAT Distribution: one file, table or service of a dataset.
type Resource struct {
	ID          string       `json:"id"`
	Dataset     string       `json:"dataset"`
	Name        string       `json:"name"`            // one plain name
	Title       Text         `json:"title,omitempty"` // names by language, where the source has them
	State       string       `json:"state"`           // published or retired
	Identifier  string       `json:"identifier,omitempty"`
	PartOf      string       `json:"part_of,omitempty"` // id of the resource whose file this table is in
	Description Text         `json:"description,omitempty"`
	AccessURL   string       `json:"access_url,omitempty"`
	DownloadURL string       `json:"download_url,omitempty"`
	MediaType   string       `json:"media_type,omitempty"`
	Format      string       `json:"format"` // upper case, as people say it: CSV, XLSX, PDF, API
	Size        int64        `json:"size,omitempty"`
	Modified    string       `json:"modified,omitempty"`
	Columns     []ColumnText `json:"columns,omitempty"` // what is said of its columns, where it was published by hand
	Fetch       string       `json:"fetch,omitempty"`
	FetchFault  string       `json:"fetch_fault,omitempty"` // why there is no file, or no table in it, in a sentence
	FetchSaid   []Said       `json:"fetch_said,omitempty"`  // the parts of FetchFault
	Fetched     time.Time    `json:"fetched,omitzero"`
	Edition     *Edition     `json:"-"` // the current one, nil when there is none
}

// Label returns what to call the resource in lang.
func (r *Resource) Label(lang string) string {
	if s, in := r.Title.In(lang); in != "" {
		return s
	}
	return r.Name
}

// SheetTitle is what the current table of the resource is called inside its
// exports. It is part of what names a built export, so all who ask for one use
// it. An edition that is asked for by its digest has no title: it must stay the
// same file when the resource gets another name.
func (r *Resource) SheetTitle() string { return r.Label(Languages[0]) }

// An Edition is one frozen state of a resource. Digest names it for ever: that
// of the table when there is one, else that of the file.
type Edition struct {
	Resource string                   `json:"resource"`
	Digest   string                   `json:"digest"`
	File     string                   `json:"file"`      // SHA-256 of the file that was read
	FileName string                   `json:"file_name"` // what its giver called it
	Size     int64                    `json:"size"`      // of the file, in bytes
	Since    time.Time                `json:"since"`
	HasTable bool                     `json:"has_table"`
	Rows     int64                    `json:"rows"`
	Schema   datasets.Schema          `json:"schema,omitempty"`
	Profile  []datasets.ColumnProfile `json:"profile,omitempty"`
	Notes    []string                 `json:"notes,omitempty"` // lines that stood before the header
	Faults   []datasets.Fault         `json:"faults,omitempty"`
	FaultsN  int64                    `json:"faults_total,omitempty"` // of which Faults are the first
}

// A Change is one line of the catalogue's history; Seq only grows.
type Change struct {
	Seq  int64     `json:"seq"`
	At   time.Time `json:"at"`
	Noun string    `json:"noun"`
	ID   string    `json:"id"`
	Op   string    `json:"op"`
}

// Operations in the change list.
const (
	OpPut    = "put"
	OpRetire = "retire"
)

// Stats counts what is published.
type Stats struct {
	Datasets  int64 `json:"datasets"`
	Agencies  int64 `json:"agencies"`
	Resources int64 `json:"resources"`
	Tables    int64 `json:"tables"`
	Rows      int64 `json:"rows"`
	Sources   int64 `json:"sources"`
}
