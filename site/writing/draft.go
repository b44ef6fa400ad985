package writing

import (
	"errors"
	"fmt"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// A Regulation is what is said of a draft regulation. A field that is left out
// stays as it is; one that is there replaces what was, and empty removes it.
type Regulation struct {
	Agency      string        `json:"agency,omitempty"`     // slug or id, of a new one only
	Text        string        `json:"text,omitempty"`       // of the regulation, of a new one only
	Type        *string       `json:"type,omitempty"`       // kind of regulation, which sets how long it has to be open
	Moderation  *string       `json:"moderation,omitempty"` // comments are read at once (publish) or when somebody looked at them (review)
	Title       *catalog.Text `json:"title,omitempty"`
	Summary     *catalog.Text `json:"summary,omitempty"`
	Reason      *catalog.Text `json:"reason,omitempty"` // why there should be such a regulation
	LegalBasis  *catalog.Text `json:"legal_basis,omitempty"`
	Heard       *catalog.Text `json:"heard,omitempty"` // the agency's own words in the report of what it heard
	Contact     *string       `json:"contact,omitempty"`
	LandingPage *string       `json:"landing_page,omitempty"`
	Dockets     *[]string     `json:"dockets,omitempty"`
}

// into writes what is said into d.
func (in *Regulation) into(d *consultation.Draft) {
	set(&d.Kind, in.Type)
	set(&d.Moderation, in.Moderation)
	set(&d.Title, in.Title)
	set(&d.Summary, in.Summary)
	set(&d.Reason, in.Reason)
	set(&d.LegalBasis, in.LegalBasis)
	set(&d.Heard, in.Heard)
	set(&d.Contact, in.Contact)
	set(&d.Landing, in.LandingPage)
	set(&d.Dockets, in.Dockets)
}

// check refuses what is no text, too much, or an address that leads nowhere good.
func (in *Regulation) check(r *site.Request) error {
	if err := checkTexts(r, map[string]catalog.Text{
		"title": or(in.Title), "summary": or(in.Summary), "reason": or(in.Reason), "legal_basis": or(in.LegalBasis), "heard": or(in.Heard),
	}); err != nil {
		return err
	}
	if err := checkWords(r, map[string][]string{
		"type": {or(in.Type)}, "moderation": {or(in.Moderation)}, "contact": {or(in.Contact)}, "landing_page": {or(in.LandingPage)}, "dockets": or(in.Dockets),
	}); err != nil {
		return err
	}
	if page := or(in.LandingPage); page != "" && !isWebAddress(page) {
		return r.Refuse(fiber.StatusUnprocessableEntity, "landing_page", "write.address")
	}
	return nil
}

// doDraft is do of a draft.
func (a *API) doDraft(r *site.Request, q request, status int, write func(tx *catalog.Tx) (consultation.Draft, error)) (site.View, error) {
	return a.once(r, q, apiDrafts, func(tx *catalog.Tx) (catalog.Answered, error) {
		d, err := write(tx)
		if err != nil {
			return catalog.Answered{}, err
		}
		return a.answerDraft(tx, &d, status, nil)
	})
}

func (a *API) createDraft(_ *site.Site, r *site.Request) (site.View, error) {
	var in Regulation
	q, err := taken(r, &in)
	if err != nil {
		return nil, err
	}
	agency, err := a.agencyOf(r, in.Agency)
	if err != nil {
		return nil, err
	}
	if err := in.check(r); err != nil {
		return nil, err
	}
	text := &consultation.Wording{Law: lawtext.Split(in.Text)}
	return a.once(r, q, apiDrafts, func(tx *catalog.Tx) (catalog.Answered, error) {
		d := consultation.Draft{Agency: agency.ID}
		in.into(&d)
		d, err := consultation.CreateDraft(tx, &r.Actor, d)
		err = asType(err)
		if err == nil && in.Text != "" {
			d, _, err = consultation.AddVersion(tx, &r.Actor, d.ID, d.Revision, text)
		}
		if err != nil {
			return catalog.Answered{}, err
		}
		return a.answerDraft(tx, &d, fiber.StatusCreated, remarksOf(r, &text.Law))
	})
}

// asType is err about the field that is called kind of in the catalogue, and
// type here.
func asType(err error) error {
	if invalid, ok := errors.AsType[*catalog.InvalidError](err); ok && invalid.Field == "kind" {
		return &catalog.InvalidError{Field: "type", Reason: invalid.Reason}
	}
	return err
}

// agencyOf is the agency that a new thing is to be of.
func (a *API) agencyOf(r *site.Request, key string) (catalog.Agency, error) {
	if key == "" {
		return catalog.Agency{}, r.Refuse(fiber.StatusUnprocessableEntity, "agency", "write.agency.missing")
	}
	agency, err := a.Store.Agency(r.Context(), key)
	if err != nil {
		return agency, r.Refuse(fiber.StatusUnprocessableEntity, "agency", "write.wrong.agency")
	}
	return agency, nil
}

func (a *API) updateDraft(_ *site.Site, r *site.Request) (site.View, error) {
	var in Regulation
	q, at, err := a.conditional(r, &in)
	if err != nil {
		return nil, err
	}
	switch {
	case in.Agency != "":
		return nil, r.Refuse(fiber.StatusUnprocessableEntity, "agency", "write.agency.fixed")
	case in.Text != "":
		return nil, r.Refuse(fiber.StatusUnprocessableEntity, "text", "write.draft.text")
	}
	if err := in.check(r); err != nil {
		return nil, err
	}
	return a.doDraft(r, q, fiber.StatusOK, func(tx *catalog.Tx) (consultation.Draft, error) {
		d, err := consultation.UpdateDraft(tx, &r.Actor, r.Param("slug"), at, func(d *consultation.Draft) error {
			in.into(d)
			return nil
		})
		return d, asType(err)
	})
}

func (a *API) discardDraft(_ *site.Site, r *site.Request) (site.View, error) {
	at, err := revision(r, true)
	if err != nil {
		return nil, err
	}
	err = a.Store.Write(r.Context(), func(tx *catalog.Tx) error { return consultation.DiscardDraft(tx, &r.Actor, r.Param("slug"), at) })
	return site.NewAnswer(fiber.StatusNoContent, nil), err
}

// allowedDraft asks, before a text is read, whether the actor may give one to the
// draft as it is. The write asks again.
func (a *API) allowedDraft(r *site.Request, do catalog.Verb, at int64) (consultation.Dossier, error) {
	key := r.Param("slug")
	d, err := a.law.Dossier(r.Context(), &r.Actor, key)
	if errors.Is(err, catalog.ErrNotFound) {
		if _, public := a.law.Draft(r.Context(), key); public == nil {
			err = catalog.ErrDenied
		}
	}
	switch {
	case err != nil:
		return d, err
	case !r.Actor.Can(do, d.Agency):
		return d, fmt.Errorf("draft %q: %w", key, catalog.ErrDenied)
	case at != catalog.AnyRevision && at != d.Revision && r.Header(site.HeaderOnce) == "": // with a key it may have been done
		return d, &catalog.StaleError{Given: at, Current: d.Revision}
	}
	return d, nil
}
