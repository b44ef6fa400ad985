package writing

import (
	"bytes"
	"errors"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site"

	"github.com/goccy/go-json"
	"github.com/gofiber/fiber/v2"
)

// A Moment is when something is published.
type Moment struct {
	At time.Time `json:"at,omitzero"` // at once when it is left out
}

// A Reason is why something is taken from the public. The ledger shows it.
type Reason struct {
	Reason string `json:"reason"`
}

// Words are title and description of a resource.
type Words struct {
	Title       catalog.Text `json:"title,omitempty"`
	Description catalog.Text `json:"description,omitempty"`
}

// take reads the JSON that came into v. A field that there is not is a fault:
// what is misspelt would be lost.
func take(r *site.Request, v any) ([]byte, error) {
	body := r.Body()
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, nil
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return nil, r.Refuse(fiber.StatusUnprocessableEntity, "", "write.json", "why", whyNot(err))
	}
	if dec.More() {
		return nil, r.Refuse(fiber.StatusUnprocessableEntity, "", "write.json", "why", "more than one value")
	}
	return body, nil
}

// whyNot is why JSON is not what is expected, in words that name no type of the
// program.
func whyNot(err error) string {
	if wrong := (*json.UnmarshalTypeError)(nil); errors.As(err, &wrong) {
		return strings.TrimPrefix(wrong.Field+": a value of the kind "+wrong.Value+" cannot stand here", ": ")
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

// taken is take, with the key of the request.
func taken(r *site.Request, v any) (request, error) {
	body, err := take(r, v)
	if err != nil {
		return request{}, err
	}
	return asked(r, body)
}

func (a *API) create(_ *site.Site, r *site.Request) (site.View, error) {
	var in Description
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
	return a.do(r, q, fiber.StatusCreated, func(tx *catalog.Tx) (catalog.DeskDataset, error) {
		d := catalog.DeskDataset{Dataset: catalog.Dataset{Agency: agency.ID}}
		in.into(&d)
		return tx.CreateDataset(&r.Actor, d.Dataset, d.Note)
	})
}

// conditional reads the JSON of a write that needs If-Match and has in as its body.
func (a *API) conditional(r *site.Request, in any) (q request, at int64, err error) {
	var body []byte
	if in != nil {
		if body, err = take(r, in); err != nil {
			return q, 0, err
		}
	}
	if q, err = asked(r, body); err != nil {
		return q, 0, err
	}
	at, err = revision(r, true)
	return q, at, err
}

func (a *API) update(_ *site.Site, r *site.Request) (site.View, error) {
	var in Description
	q, at, err := a.conditional(r, &in)
	if err != nil {
		return nil, err
	}
	if in.Agency != "" {
		return nil, r.Refuse(fiber.StatusUnprocessableEntity, "agency", "write.agency.fixed")
	}
	if err := in.check(r); err != nil {
		return nil, err
	}
	return a.do(r, q, fiber.StatusOK, func(tx *catalog.Tx) (catalog.DeskDataset, error) {
		return tx.UpdateDataset(&r.Actor, r.Param("slug"), at, func(d *catalog.DeskDataset) error {
			in.into(d)
			return nil
		})
	})
}

func (a *API) discard(_ *site.Site, r *site.Request) (site.View, error) {
	at, err := revision(r, true)
	if err != nil {
		return nil, err
	}
	err = a.Store.Write(r.Context(), func(tx *catalog.Tx) error { return tx.DiscardDataset(&r.Actor, r.Param("slug"), at) })
	return site.NewAnswer(fiber.StatusNoContent, nil), err
}

func (a *API) publish(_ *site.Site, r *site.Request) (site.View, error) {
	var in Moment
	q, at, err := a.conditional(r, &in)
	if err != nil {
		return nil, err
	}
	return a.do(r, q, fiber.StatusOK, func(tx *catalog.Tx) (catalog.DeskDataset, error) {
		return tx.Publish(&r.Actor, r.Param("slug"), at, in.At)
	})
}

func (a *API) unschedule(_ *site.Site, r *site.Request) (site.View, error) {
	q, at, err := a.conditional(r, nil)
	if err != nil {
		return nil, err
	}
	return a.do(r, q, fiber.StatusOK, func(tx *catalog.Tx) (catalog.DeskDataset, error) {
		return tx.Unschedule(&r.Actor, r.Param("slug"), at)
	})
}

func (a *API) retire(_ *site.Site, r *site.Request) (site.View, error) {
	var in Reason
	q, at, err := a.conditional(r, &in)
	if err != nil {
		return nil, err
	}
	return a.do(r, q, fiber.StatusOK, func(tx *catalog.Tx) (catalog.DeskDataset, error) {
		return tx.Retire(&r.Actor, r.Param("slug"), at, in.Reason)
	})
}

func (a *API) updateResource(_ *site.Site, r *site.Request) (site.View, error) {
	var in Words
	q, at, err := a.conditional(r, &in)
	if err != nil {
		return nil, err
	}
	if err := checkTexts(r, map[string]catalog.Text{"title": in.Title, "description": in.Description}); err != nil {
		return nil, err
	}
	return a.do(r, q, fiber.StatusOK, func(tx *catalog.Tx) (catalog.DeskDataset, error) {
		return tx.UpdateResource(&r.Actor, r.Param("slug"), at, r.Param("id"), in.Title, in.Description)
	})
}

func (a *API) removeResource(_ *site.Site, r *site.Request) (site.View, error) {
	var in Reason
	q, at, err := a.conditional(r, &in)
	if err != nil {
		return nil, err
	}
	return a.do(r, q, fiber.StatusOK, func(tx *catalog.Tx) (catalog.DeskDataset, error) {
		return tx.RemoveResource(&r.Actor, r.Param("slug"), at, r.Param("id"), in.Reason)
	})
}

func (a *API) discardFile(_ *site.Site, r *site.Request) (site.View, error) {
	q, at, err := a.conditional(r, nil)
	if err != nil {
		return nil, err
	}
	return a.do(r, q, fiber.StatusOK, func(tx *catalog.Tx) (catalog.DeskDataset, error) {
		return tx.DiscardPending(&r.Actor, r.Param("slug"), at, r.Param("id"))
	})
}
