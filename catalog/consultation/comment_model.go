package consultation

import "time"

// What a comment wants.
const (
	Support = "support"
	Change  = "change"
	Asks    = "question"
)

// CommentKinds are all kinds. A comment of another system may have none.
var CommentKinds = []string{Support, Change, Asks}

// States of a comment. The text of the last three is shown to nobody.
const (
	Waiting     = "waiting" // for somebody of the agency to look at it
	Shown       = "published"
	Removed     = "removed"   // for a public reason
	TakenBack   = "withdrawn" // by who wrote it
	NotTheirs   = "disowned"  // by who has the address it was filed with
	MaxComment  = 20_000      // characters
	MaxQuote    = 1_000       // likewise
	MaxThread   = 3           // depth that is kept; deeper replies stand at this depth
	MaxNameText = 200         // characters of a name or an organisation
)

// What is known of who wrote a comment.
const (
	Anonymous    = "anonymous"
	Confirmed    = "confirmed"    // they have the e-mail address that they gave
	Organisation = "organisation" // likewise, and speak for an organisation
	Harvested    = "harvested"    // it came from another system
)

// RemovalReasons are the public reasons to remove a comment.
var RemovalReasons = []string{"insult", "personal", "secret", "spam", "illegal", "off-topic"}

// A Place is where in a draft a comment stands: a provision, by the address it
// has in a version, and words of it. Everything is empty for a comment on the
// draft as a whole.
type Place struct {
	Version string `json:"version,omitempty"` // id
	Address string `json:"address,omitempty"`
	Quote   string `json:"quote,omitempty"`
	Before  string `json:"-"` // words around the quote, by which it is found again
	After   string `json:"-"`
}

// A Comment is what somebody says of a draft, as the public knows it.
type Comment struct {
	Seq          int64     `json:"seq"`
	ID           string    `json:"id"` // the tracking number
	Draft        string    `json:"draft"`
	Place                  //
	Parent       string    `json:"parent,omitempty"` // id of the comment that it replies to
	Root         string    `json:"root,omitempty"`   // id of the one that its thread starts with
	Depth        int       `json:"depth,omitempty"`
	Kind         string    `json:"kind"`
	State        string    `json:"state"`
	Lang         string    `json:"lang"`
	Name         string    `json:"name,omitempty"`
	Organisation string    `json:"organisation,omitempty"`
	Provenance   string    `json:"provenance"`
	Text         string    `json:"text,omitempty"`
	Received     time.Time `json:"received"`
	Published    time.Time `json:"published,omitzero"`
	Ended        time.Time `json:"ended,omitzero"`   // removed, taken back or disowned
	Reason       string    `json:"reason,omitempty"` // of RemovalReasons
	Late         bool      `json:"late,omitempty"`
	Cluster      int64     `json:"cluster,omitempty"`
	Replies      int       `json:"replies,omitempty"` // public ones; counted on reading
	Answer       *Answer   `json:"answer,omitempty"`  // of the agency, to it or to its cluster
}

// Verdicts of answers and influences.
const (
	Adopted  = "adopted"
	Partly   = "partly"
	Rejected = "rejected"
	Noted    = "noted" // of an answer alone: nothing was asked for
)

// An Answer is what the agency says to a comment or to a cluster of them.
type Answer struct {
	ID       string    `json:"id"`
	Draft    string    `json:"draft"`
	Comment  string    `json:"comment,omitempty"` // id
	Cluster  int64     `json:"cluster,omitempty"`
	State    string    `json:"state"`
	Verdict  string    `json:"verdict"`
	Lang     string    `json:"lang"`
	Text     string    `json:"text"`
	At       time.Time `json:"at"`
	Revision int64     `json:"-"`
}

// A Cluster is comments that say nearly the same.
type Cluster struct {
	ID       int64   `json:"id"`
	Draft    string  `json:"draft"`
	First    Comment `json:"first"` // stands for all of them
	Size     int     `json:"size"`  // comments
	Variants int     `json:"variants"`
	People   int     `json:"people"` // e-mail addresses and, for comments without one, comments
	Answer   *Answer `json:"answer,omitempty"`
}

// An Influence says that a comment or a cluster caused a change of a provision.
type Influence struct {
	ID      string    `json:"id"`
	Draft   string    `json:"draft"`
	Version string    `json:"version"`           // id of the one that has the change
	Address string    `json:"address"`           // in that version, or in the one before for what was removed
	Comment string    `json:"comment,omitempty"` // id
	Cluster int64     `json:"cluster,omitempty"`
	Verdict string    `json:"verdict"`
	Reason  string    `json:"reason"`
	At      time.Time `json:"at"`
}
