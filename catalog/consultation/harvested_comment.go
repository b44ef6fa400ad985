package consultation

import (
	"crypto/rand"
	"crypto/sha256"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/goccy/go-json"
)

// A HarvestedComment is a comment that another system was given: the value of a
// record. It is public there, so it is public here at once, and labelled as
// what it is; there is no receipt of it here.
type HarvestedComment struct {
	Docket       string    `json:"docket"`         // the source's own identifier of the draft
	Kind         string    `json:"kind,omitempty"` // empty where its source does not ask for it
	Lang         string    `json:"lang"`
	Name         string    `json:"name,omitempty"`
	Organisation string    `json:"organisation,omitempty"`
	Text         string    `json:"text"`
	Received     time.Time `json:"received"`
	Late         bool      `json:"late,omitempty"`
	Gone         bool      `json:"gone,omitempty"` // taken back there; Note says why
	Note         string    `json:"note,omitempty"`
	Modified     string    `json:"modified,omitempty"`
}

// goneReason is the reason of a comment that its source took back.
const goneReason = "source"

// Noun is NounComment.
func (h *HarvestedComment) Noun() string { return NounComment }

// Called is how it begins.
func (h *HarvestedComment) Called() catalog.Text {
	const most = 20
	words := strings.Fields(h.Text)
	if len(words) > most {
		words = append(words[:most], "…")
	}
	return catalog.Text{h.Lang: strings.Join(words, " ")}
}

// Below is the draft that it is about.
func (h *HarvestedComment) Below() catalog.Key {
	return catalog.Key{Noun: NounDraft, Identifier: h.Docket}
}

// Validate returns an *catalog.InvalidError for what keeps it from being kept.
func (h *HarvestedComment) Validate() error {
	switch {
	case h.Docket == "":
		return invalid("docket", "it does not say what it is about")
	case h.Received.IsZero():
		return invalid("received", "it does not say when it came")
	case h.Kind != "" && !slices.Contains(CommentKinds, h.Kind):
		return invalid("kind", "the kinds are %s", strings.Join(CommentKinds, ", "))
	case h.Lang == "":
		return invalid("lang", "it has no language")
	case h.Text == "" && !h.Gone:
		return invalid("text", "there is nothing written")
	case utf8.RuneCountInString(h.Text) > MaxComment:
		return invalid("text", "it has more than %d characters", MaxComment)
	case utf8.RuneCountInString(h.Name) > MaxNameText || utf8.RuneCountInString(h.Organisation) > MaxNameText:
		return invalid("name", "it has more than %d characters", MaxNameText)
	}
	return nil
}

// Print tells of a comment without its date of change.
func (h *HarvestedComment) Print(*catalog.Agency) (catalog.Print, error) {
	c := *h
	c.Modified = ""
	b, err := json.Marshal(&c)
	return catalog.Print{Stays: string(b), Moves: h.Modified}, err
}

// Take writes the comment. What somebody here removed stays removed.
func (h *HarvestedComment) Take(tx *catalog.Tx, in catalog.Taking) (string, error) {
	state, ended, reason := Shown, "", ""
	if h.Gone {
		state, ended, reason = TakenBack, catalog.Stamp(tx.Now()), goneReason
	}
	if in.What == catalog.Touched {
		return in.Thing, nil
	}
	if in.What == catalog.Changed {
		return in.Thing, tx.MoveComment(in.Thing, `update comments set kind = ?, lang = ?, name = ?, organisation = ?, text = ?, received = ?, late = ?, note = ?,
			signature = x'', revision = revision + 1, state = iif(state = 'removed', state, ?), ended = iif(state = 'removed', ended, ?),
			reason = iif(state = 'removed', reason, ?) where id = ?`,
			h.Kind, h.Lang, h.Name, h.Organisation, h.Text, catalog.Stamp(h.Received), h.Late, h.Note, state, ended, reason, in.Thing)
	}
	var draft string
	err := tx.Row("select thing from records where source = ? and noun = ? and identifier = ?", in.Source.ID, NounDraft, h.Docket).Scan(&draft)
	if catalog.NoRow(err) {
		return "", invalid("docket", "the draft %q that it is about is not there", h.Docket)
	}
	if err != nil {
		return "", err
	}
	id, receipt, digest := tx.NewID(), make([]byte, sha256.Size), sha256.Sum256(in.Record.Raw)
	_, _ = rand.Read(receipt) // never fails; nobody has it
	err = tx.Exec(`insert into comments (id, draft, kind, state, lang, name, organisation, provenance, text, received, shown, ended, reason, note, late,
			source, identifier, once, digest, receipt, looked)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, draft, h.Kind, state, h.Lang, h.Name, h.Organisation, Harvested, h.Text, catalog.Stamp(h.Received), catalog.Stamp(tx.Now()), ended, reason, h.Note, h.Late,
		in.Source.ID, in.Record.Identifier, "record:"+in.Source.ID+":"+in.Record.Identifier, digest[:], receipt, catalog.Stamp(tx.Now()))
	if err != nil {
		return "", err
	}
	return id, tx.CountComment(id)
}
