package consultation

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// Values of what people may say of themselves. It is counted and never kept
// with the comment.
var (
	Genders = []string{"female", "male", "other"}
	Groups  = []string{"citizen", "expert", "business", "association", "official"}
)

// A Filing is a comment as somebody hands it in.
type Filing struct {
	Draft        string // id
	Version      string // id of the text that was shown; empty: the newest
	Address      string // of a provision; empty: the draft as a whole
	Quote        string // words of the provision
	Before       string // words around them
	After        string
	Parent       string // id of the comment that is replied to; the place is then that of its thread
	Kind         string
	Lang         string
	Name         string
	Organisation string
	Email        string // to confirm it
	Text         string
	Gender       string // of Genders, or not said
	Group        string // of Groups, or not said
	Once         string // key of the form that was sent
	Receipt      []byte // hash of the code by which who wrote it comes back
	Proven       bool   // a puzzle was solved for it: where comments are published first, it is
}

// clean takes out of what was typed what nobody sees.
func (f *Filing) clean() {
	f.Text = persian.Typed(f.Text)
	for _, line := range []*string{&f.Name, &f.Organisation, &f.Quote, &f.Before, &f.After} {
		*line = strings.Join(strings.Fields(persian.Typed(*line)), " ")
	}
	f.Email = strings.TrimSpace(f.Email)
}

// Check reports the first thing that is wrong with what was typed: an
// InvalidError.
func (f *Filing) Check() error {
	switch {
	case !slices.Contains(CommentKinds, f.Kind):
		return invalid("kind", "say what it is: %s", strings.Join(CommentKinds, ", "))
	case f.Text == "":
		return invalid("text", "there is nothing written")
	case !slices.Contains(catalog.Languages, f.Lang):
		return invalid("lang", "the language is one of %s", strings.Join(catalog.Languages, ", "))
	case f.Once == "" || len(f.Receipt) != sha256.Size:
		return invalid("once", "a comment comes with a key of its own")
	case f.Gender != "" && !slices.Contains(Genders, f.Gender):
		return invalid("gender", "there are %s", strings.Join(Genders, ", "))
	case f.Group != "" && !slices.Contains(Groups, f.Group):
		return invalid("group", "there are %s", strings.Join(Groups, ", "))
	}
	for _, l := range []struct {
		field, text string
		most        int
	}{
		{"text", f.Text, MaxComment},
		{"name", f.Name, MaxNameText},
		{"organisation", f.Organisation, MaxNameText},
		{"quote", f.Quote, MaxQuote},
		{"before", f.Before, MaxQuote},
		{"after", f.After, MaxQuote},
	} {
		if n := utf8.RuneCountInString(l.text); n > l.most {
			return invalid(l.field, "it has %d characters, %d are allowed", n, l.most)
		}
	}
	if f.Email == "" {
		return nil
	}
	return (&catalog.Mail{To: f.Email, Name: f.Name}).Check()
}

func invalid(field, reason string, args ...any) error {
	return &catalog.InvalidError{Field: field, Reason: fmt.Sprintf(reason, args...)}
}

// A Filed is what of a comment its receipt proves: what was filed, where, and
// under which name.
type Filed struct {
	Version      string `json:"version,omitempty"` // id
	Address      string `json:"address,omitempty"`
	Quote        string `json:"quote,omitempty"`
	Parent       string `json:"parent,omitempty"`
	Kind         string `json:"kind"`
	Lang         string `json:"lang"`
	Name         string `json:"name,omitempty"`
	Organisation string `json:"organisation,omitempty"`
	Text         string `json:"text"`
}

// digest hashes what was filed with a salt: each part goes in with its length,
// so that none can be moved into another.
func (f *Filed) digest(salt []byte) []byte {
	h := sha256.New()
	h.Write(salt)
	for _, part := range []string{f.Version, f.Address, f.Quote, f.Parent, f.Kind, f.Lang, f.Name, f.Organisation, f.Text} {
		h.Write(binary.AppendUvarint(nil, uint64(len(part))))
		h.Write([]byte(part))
	}
	return h.Sum(nil)
}

// filed is what of the comment its receipt proves.
func (c *Comment) filed() *Filed {
	return &Filed{
		Version: c.Version, Address: c.Address, Quote: c.Quote, Parent: c.Parent,
		Kind: c.Kind, Lang: c.Lang, Name: c.Name, Organisation: c.Organisation, Text: c.Text,
	}
}

// linksBefore is how many addresses of pages a comment may have that is
// published before somebody looked at it.
const linksBefore = 3

// suspect reports whether somebody should look at a comment before it is
// public: it is full of links.
func suspect(text string) bool {
	return strings.Count(text, "://")+strings.Count(strings.ToLower(text), "www.") > linksBefore
}
