package writing

import (
	"slices"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// A Text is a text of a draft in the form in which its split is mended.
type Text struct {
	consultation.Version
	Text string `json:"text"`
}

// A Mending changes a text that waits. A field that is left out stays as it is.
type Mending struct {
	Text *string       `json:"text,omitempty"` // in the form in which the split is mended, or plain
	Kind *string       `json:"kind,omitempty"` // revised or approved
	Note *catalog.Text `json:"note,omitempty"` // what is new in it
}

// version is the text of the draft that the address names.
func version(r *site.Request, o *consultation.Dossier) (*consultation.Version, error) {
	i := slices.IndexFunc(o.Versions, func(v consultation.Version) bool { return v.ID == r.Param("id") })
	if i < 0 {
		return nil, catalog.NotFound(consultation.NounVersion, r.Param("id"))
	}
	return &o.Versions[i], nil
}

// textOf returns the text that the address names, for who may do the verb to its
// draft.
func (a *API) textOf(r *site.Request, do catalog.Verb, at int64) (*consultation.Version, error) {
	o, err := a.allowedDraft(r, do, at)
	if err != nil {
		return nil, err
	}
	return version(r, &o)
}

// takeText takes in the document that comes with a request and lets write give
// it to the draft.
func (a *API) takeText(r *site.Request, status int, write func(tx *catalog.Tx, at int64, text *consultation.Wording) (consultation.Draft, error)) (site.View, error) {
	at, err := revision(r, true)
	if err != nil {
		return nil, err
	}
	if _, err := a.allowedDraft(r, catalog.Edit, at); err != nil {
		return nil, err
	}
	up, err := r.Upload()
	if err != nil {
		return nil, err
	}
	text, err := consultation.ReadWording(r.Context(), a.Files, up.Name, up)
	if err != nil {
		return nil, err
	}
	q, err := asked(r, []byte(text.File.Digest+" "+text.File.Name))
	if err != nil {
		return nil, err
	}
	return a.once(r, q, apiDrafts, func(tx *catalog.Tx) (catalog.Answered, error) {
		d, err := write(tx, at, text)
		if err != nil {
			return catalog.Answered{}, err
		}
		return a.answerDraft(tx, &d, status, remarksOf(r, &text.Law))
	})
}

func (a *API) addText(_ *site.Site, r *site.Request) (site.View, error) {
	return a.takeText(r, fiber.StatusCreated, func(tx *catalog.Tx, at int64, text *consultation.Wording) (consultation.Draft, error) {
		d, _, err := consultation.AddVersion(tx, &r.Actor, r.Param("slug"), at, text)
		return d, err
	})
}

// replaceText puts another document in place of a text that waits; what is said
// of it stays.
func (a *API) replaceText(_ *site.Site, r *site.Request) (site.View, error) {
	was, err := a.textOf(r, catalog.Edit, catalog.AnyRevision)
	if err != nil {
		return nil, err
	}
	return a.takeText(r, fiber.StatusOK, func(tx *catalog.Tx, at int64, text *consultation.Wording) (consultation.Draft, error) {
		text.Note = was.Note
		d, _, err := consultation.UpdateVersion(tx, &r.Actor, r.Param("slug"), at, was.ID, text)
		return d, err
	})
}

// law is a text as it is split.
func (a *API) lawOf(r *site.Request, v *consultation.Version) (lawtext.Law, error) {
	provisions, err := a.law.Provisions(r.Context(), v.ID)
	return lawtext.Law{Title: v.Title, Lang: v.Lang, Provisions: provisions}, err
}

// readText answers a text with the revision of its draft.
func (a *API) readText(_ *site.Site, r *site.Request) (site.View, error) {
	o, err := a.allowedDraft(r, catalog.View, catalog.AnyRevision)
	if err != nil {
		return nil, err
	}
	v, err := version(r, &o)
	if err != nil {
		return nil, err
	}
	law, err := a.lawOf(r, v)
	if err != nil {
		return nil, err
	}
	answer := site.NewAnswer(fiber.StatusOK, Text{*v, lawtext.Format(&law)})
	answer.Tag = tag(o.Revision)
	return answer, nil
}

func (a *API) mendText(_ *site.Site, r *site.Request) (site.View, error) {
	var in Mending
	q, at, err := a.conditional(r, &in)
	if err != nil {
		return nil, err
	}
	if err := checkTexts(r, map[string]catalog.Text{"note": or(in.Note)}); err != nil {
		return nil, err
	}
	v, err := a.textOf(r, catalog.Edit, at)
	if err != nil {
		return nil, err
	}
	text := consultation.Wording{Kind: or(in.Kind), Note: v.Note}
	set(&text.Note, in.Note)
	if in.Text != nil {
		text.Law = lawtext.Split(*in.Text)
	} else if text.Law, err = a.lawOf(r, v); err != nil {
		return nil, err
	}
	return a.once(r, q, apiDrafts, func(tx *catalog.Tx) (catalog.Answered, error) {
		d, _, err := consultation.UpdateVersion(tx, &r.Actor, r.Param("slug"), at, v.ID, &text)
		if err != nil {
			return catalog.Answered{}, err
		}
		return a.answerDraft(tx, &d, fiber.StatusOK, remarksOf(r, &text.Law))
	})
}

func (a *API) discardText(_ *site.Site, r *site.Request) (site.View, error) {
	q, at, err := a.conditional(r, nil)
	if err != nil {
		return nil, err
	}
	return a.doDraft(r, q, fiber.StatusOK, func(tx *catalog.Tx) (consultation.Draft, error) {
		return consultation.DiscardVersion(tx, &r.Actor, r.Param("slug"), at, r.Param("id"))
	})
}

// publishText makes a text public. Comments are placed in it in writes of their
// own before; what a key is answered is kept with the last one.
func (a *API) publishText(_ *site.Site, r *site.Request) (site.View, error) {
	q, at, err := a.conditional(r, nil)
	if err != nil {
		return nil, err
	}
	answer, err := a.answeredBefore(r, q)
	if err != nil {
		return nil, err
	}
	if answer == nil {
		_, _, err = a.law.PublishVersionWith(r.Context(), &r.Actor, r.Param("slug"), at, r.Param("id"), func(tx *catalog.Tx, d *consultation.Draft) error {
			made, err := a.answerDraft(tx, d, fiber.StatusOK, nil)
			if err != nil {
				return err
			}
			answer = &made
			return keepAnswer(tx, r, q, answer)
		})
	}
	if err != nil {
		return nil, err
	}
	return a.view(answer, apiDrafts), nil
}
