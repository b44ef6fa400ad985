// Package consultation keeps draft regulations and what people say of them:
// the texts of a draft split into provisions, the periods in which it is open,
// comments in threads with their receipts, the answers of the agency, and which
// comment caused which change of a later text.
//
// Where a draft stands follows from its periods and the clock, never from a
// flag that somebody has to set. Nothing that was published vanishes: what is
// taken away leaves a mark that says why.
package consultation

import (
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// Nouns of the changes and of the log.
const (
	NounDraft   = "draft"
	NounVersion = "version"
	NounComment = "comment"
	NounAnswer  = "answer"
)

// A Stage is where a draft stands in its consultation.
type Stage string

// The stages, in their order.
const (
	Announced Stage = "announced" // before its first period, or without one
	Open      Stage = "open"
	InReview  Stage = "in-review" // after a period
	Approved  Stage = "approved"
	Withdrawn Stage = "withdrawn" // by the agency
)

// Stages are all stages.
var Stages = []Stage{Announced, Open, InReview, Approved, Withdrawn}

// How comments of a draft become public.
const (
	PublishFirst = "publish" // at once, and are looked at after
	ReviewFirst  = "review"  // when somebody of the agency looked at them
)

// A Draft is a draft regulation.
type Draft struct {
	ID         string       `json:"id"`
	Slug       string       `json:"slug"`
	State      string       `json:"-"` // on the portal, as of datasets: catalog.Drafted, Published, Retired, Withdrawn
	Agency     string       `json:"agency"`
	Source     string       `json:"source,omitempty"`
	Identifier string       `json:"identifier,omitempty"` // the source's own
	Created    time.Time    `json:"created"`
	Updated    time.Time    `json:"updated"`
	Missing    time.Time    `json:"missing_since,omitzero"`
	Begins     time.Time    `json:"-"`               // when it opens first
	Opens      time.Time    `json:"opens,omitzero"`  // of the period in force, or the next one
	Closes     time.Time    `json:"closes,omitzero"` // likewise
	Decided    Stage        `json:"-"`               // Approved, Withdrawn or empty
	DecidedAt  time.Time    `json:"decided,omitzero"`
	Moderation string       `json:"moderation"`
	Revision   int64        `json:"-"`
	Title      catalog.Text `json:"title"`

	Summary    catalog.Text `json:"summary,omitempty"`
	Reason     catalog.Text `json:"reason,omitempty"`       // why there should be such a regulation
	Kind       string       `json:"kind,omitempty"`         // of Kinds; sets the minimum period
	LegalBasis catalog.Text `json:"legal_basis,omitempty"`  // of the regulation itself
	Contact    string       `json:"contact,omitempty"`      // for questions about the draft
	Landing    string       `json:"landing_page,omitempty"` // where its source shows it
	Dockets    []string     `json:"dockets,omitempty"`      // further identifiers: dockets, RIN
	Heard      catalog.Text `json:"heard,omitempty"`        // the agency's own words in the report of what it heard
	Note       catalog.Text `json:"note,omitempty"`         // why it was withdrawn
}

// Stage returns where the draft stands at a time.
func (d *Draft) Stage(now time.Time) Stage {
	switch {
	case d.Decided != "":
		return d.Decided
	case d.Begins.IsZero() || now.Before(d.Begins):
		return Announced
	case !now.Before(d.Opens) && now.Before(d.Closes):
		return Open
	}
	return InReview
}

// Visible reports whether the draft is for the public.
func (d *Draft) Visible() bool { return catalog.Visible(d.State) }

// Kinds of versions.
const (
	Initial = "initial"
	Revised = "revised"
	Final   = "approved" // the text that was approved
)

// A Version is one text of a draft.
type Version struct {
	ID        string       `json:"id"`
	Draft     string       `json:"draft"`
	N         int          `json:"n"` // from 1
	State     string       `json:"state"`
	Kind      string       `json:"kind"`
	Lang      string       `json:"lang"`
	Created   time.Time    `json:"created"`
	Published time.Time    `json:"published,omitzero"`
	Articles  int          `json:"articles"`
	Title     string       `json:"title,omitempty"` // as the text itself has it
	Note      catalog.Text `json:"note,omitempty"`  // what is new in it
	File      string       `json:"file,omitempty"`  // SHA-256 of the document it was read from
	FileName  string       `json:"file_name,omitempty"`
	FileSize  int64        `json:"file_size,omitempty"`
}

// Kinds of periods.
const (
	Opened   = "opened"
	Extended = "extended"
	Reopened = "reopened"
	Closed   = "closed" // earlier than it was to
)

// A Period is one entry of when a draft is open. Entries are appended, never
// changed: the last one is in force.
type Period struct {
	ID     string    `json:"id"`
	Draft  string    `json:"draft"`
	N      int       `json:"n"`
	Kind   string    `json:"kind"`
	Opens  time.Time `json:"opens"`
	Closes time.Time `json:"closes"`
	Basis  string    `json:"basis"` // the rule or decision that it follows from
	At     time.Time `json:"at"`
}

// A Paper is a document beside the text: a justification, an annex, a table.
type Paper struct {
	ID         string       `json:"id"`
	Draft      string       `json:"draft"`
	State      string       `json:"state"`
	Kind       string       `json:"kind,omitempty"` // justification, impact, annex, notice, other
	Title      catalog.Text `json:"title"`
	File       string       `json:"file,omitempty"` // SHA-256
	Name       string       `json:"name,omitempty"`
	Media      string       `json:"media_type,omitempty"`
	Size       int64        `json:"size,omitempty"`
	URL        string       `json:"url,omitempty"`
	Lang       string       `json:"lang,omitempty"`
	Identifier string       `json:"identifier,omitempty"`
	Reason     string       `json:"reason,omitempty"` // why it was taken away
}
