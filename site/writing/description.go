package writing

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// A Description is what is said of a dataset. A field that is left out stays as
// it is; one that is there replaces what was, and empty removes it.
type Description struct {
	Agency      string            `json:"agency,omitempty"` // slug or id, of a new one only
	Title       *catalog.Text     `json:"title,omitempty"`
	Description *catalog.Text     `json:"description,omitempty"`
	Keywords    *[]string         `json:"keywords,omitempty"`
	Themes      *[]string         `json:"themes,omitempty"`
	Licence     *string           `json:"licence,omitempty"`
	Rights      *string           `json:"rights,omitempty"`
	Spatial     *string           `json:"spatial,omitempty"`
	Temporal    *catalog.Interval `json:"temporal,omitempty"`
	Frequency   *string           `json:"frequency,omitempty"`
	Languages   *[]string         `json:"languages,omitempty"`
	Issued      *string           `json:"issued,omitempty"`
	Modified    *string           `json:"modified,omitempty"`
	Contact     *catalog.Contact  `json:"contact,omitempty"`
	LandingPage *string           `json:"landing_page,omitempty"`
	References  *[]string         `json:"references,omitempty"`
	ConformsTo  *[]string         `json:"conforms_to,omitempty"`
	DescribedBy *string           `json:"described_by,omitempty"`
	Note        *string           `json:"note,omitempty"` // for colleagues, never public
}

// The most that a field takes.
const (
	maxText  = 64 << 10 // bytes of a text in one language
	maxWord  = 2000     // bytes of a word or an address
	maxWords = 100      // in a list
)

// into writes what is said into d.
func (in *Description) into(d *catalog.DeskDataset) {
	set(&d.Title, in.Title)
	set(&d.Description, in.Description)
	set(&d.Keywords, in.Keywords)
	set(&d.Themes, in.Themes)
	set(&d.Licence, in.Licence)
	set(&d.Rights, in.Rights)
	set(&d.Spatial, in.Spatial)
	set(&d.Temporal, in.Temporal)
	set(&d.Frequency, in.Frequency)
	set(&d.Languages, in.Languages)
	set(&d.Issued, in.Issued)
	set(&d.Modified, in.Modified)
	set(&d.Contact, in.Contact)
	set(&d.LandingPage, in.LandingPage)
	set(&d.References, in.References)
	set(&d.ConformsTo, in.ConformsTo)
	set(&d.DescribedBy, in.DescribedBy)
	set(&d.Note, in.Note)
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

func or[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// check refuses what is too long, no text, or an address that leads nowhere good.
func (in *Description) check(r *site.Request) error {
	if err := checkTexts(r, map[string]catalog.Text{"title": or(in.Title), "description": or(in.Description)}); err != nil {
		return err
	}
	temporal, contact := or(in.Temporal), or(in.Contact)
	words := map[string][]string{
		"keywords": or(in.Keywords), "themes": or(in.Themes), "languages": or(in.Languages), "references": or(in.References), "conforms_to": or(in.ConformsTo),
		"licence": {or(in.Licence)}, "rights": {or(in.Rights)}, "spatial": {or(in.Spatial)}, "frequency": {or(in.Frequency)}, "issued": {or(in.Issued)},
		"modified": {or(in.Modified)}, "temporal": {temporal.Start, temporal.End}, "contact": {contact.Name, contact.Email},
		"landing_page": {or(in.LandingPage)}, "described_by": {or(in.DescribedBy)},
	}
	if err := checkWords(r, words); err != nil {
		return err
	}
	for _, field := range []string{"landing_page", "described_by", "references"} {
		if slices.ContainsFunc(words[field], func(s string) bool { return s != "" && !isWebAddress(s) }) {
			return r.Refuse(fiber.StatusUnprocessableEntity, field, "write.address")
		}
	}
	if len(or(in.Note)) > maxText {
		return r.Refuse(fiber.StatusUnprocessableEntity, "note", "write.text", "bytes", int64(maxText))
	}
	return nil
}

// checkTexts refuses texts that are too long or in no language.
func checkTexts(r *site.Request, texts map[string]catalog.Text) error {
	for field, text := range texts {
		for lang, s := range text {
			if len(s) > maxText || !utf8.ValidString(s) {
				return r.Refuse(fiber.StatusUnprocessableEntity, field, "write.text", "bytes", int64(maxText))
			}
			if !isLanguage(lang) {
				return r.Refuse(fiber.StatusUnprocessableEntity, field, "write.language")
			}
		}
	}
	return nil
}

// checkWords refuses lists that are too long, and words that are.
func checkWords(r *site.Request, words map[string][]string) error {
	for field, all := range words {
		if len(all) > maxWords || slices.ContainsFunc(all, func(s string) bool { return len(s) > maxWord || !utf8.ValidString(s) }) {
			return r.Refuse(fiber.StatusUnprocessableEntity, field, "write.long", "words", int64(maxWords), "bytes", int64(maxWord))
		}
	}
	return nil
}

// isLanguage reports whether a text may be said to be in lang.
func isLanguage(lang string) bool {
	return len(lang) >= 2 && len(lang) <= 35 && strings.Trim(strings.ToLower(lang), "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// isWebAddress reports whether s is an address that a page may lead to.
func isWebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil
}
