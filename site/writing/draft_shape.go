package writing

import (
	"errors"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
	"github.com/openshafaf/shafaf/site"

	"github.com/goccy/go-json"
	"github.com/gofiber/fiber/v2"
)

// A Draft is a draft regulation as those see it who prepare it. Its state is its
// stage once it is public; before, and when it was taken away, that it is draft,
// retired or taken-down.
type Draft struct {
	Kind string `json:"kind"`
	consultation.Draft
	Type     string                 `json:"type,omitempty"` // kind of regulation
	State    string                 `json:"state"`
	Agency   site.AgencyRef         `json:"agency"`
	Revision int64                  `json:"revision"`      // its ETag is "rREVISION"
	URL      string                 `json:"url,omitempty"` // of its page, when it is public
	Periods  []consultation.Period  `json:"periods"`
	Versions []consultation.Version `json:"versions"` // texts; those of state draft wait to be published
	Papers   []consultation.Paper   `json:"papers"`
	Gate     consultation.Gate      `json:"gate"`              // what stands in the way of its approval
	Remarks  []string               `json:"remarks,omitempty"` // on the text that was just given: what looks wrong in it
}

func (a *API) shapeDraft(o *consultation.Dossier, agency *catalog.Agency) Draft {
	out := Draft{
		Kind: consultation.NounDraft, Draft: o.Draft, Type: o.Kind, State: o.State, Revision: o.Revision, Gate: o.Gate,
		Agency:  site.AgencyRef{ID: agency.ID, Slug: agency.Slug, Title: agency.Title, State: agency.State},
		Periods: append([]consultation.Period{}, o.Periods...), Versions: append([]consultation.Version{}, o.Versions...), Papers: append([]consultation.Paper{}, o.Papers...),
	}
	switch {
	case o.Visible():
		out.State = string(o.Stage(a.Store.Now()))
		out.URL = a.BaseURL + "/" + catalog.Languages[0] + pathDrafts + "/" + o.Slug
	case o.State == catalog.Withdrawn:
		out.State = "taken-down"
	}
	return out
}

// answerDraft writes what is told of a draft, with remarks on a text of it.
func (a *API) answerDraft(tx *catalog.Tx, d *consultation.Draft, status int, remarks []string) (catalog.Answered, error) {
	o, err := consultation.WholeDraft(tx, d)
	if err != nil {
		return catalog.Answered{}, err
	}
	agency, err := tx.Agency(d.Agency)
	if err != nil {
		return catalog.Answered{}, err
	}
	shape := a.shapeDraft(&o, &agency)
	shape.Remarks = remarks
	return told(status, d.ID, d.Revision, shape)
}

// told keeps an answer: the id of the thing and its revision go out with it.
func told(status int, id string, revision int64, shape any) (catalog.Answered, error) {
	body, err := json.MarshalWithOption(shape, json.DisableHTMLEscape())
	return catalog.Answered{Status: status, Thing: id + " " + tag(revision), Body: body}, err
}

// remarksOf are the remarks on a text in the caller's language.
func remarksOf(r *site.Request, law *lawtext.Law) (all []string) {
	for i := range law.Remarks {
		m := &law.Remarks[i]
		all = append(all, r.LawText(m.Kind, m.Args, m.String()))
	}
	return all
}

// readDraft answers a draft as those see it who prepare it; see read.
func (a *API) readDraft(_ *site.Site, r *site.Request) (site.View, error) {
	o, err := a.law.Dossier(r.Context(), &r.Actor, r.Param("slug"))
	if errors.Is(err, catalog.ErrNotFound) {
		return nil, site.ErrElsewhere
	}
	if err != nil {
		return nil, err
	}
	agency, err := a.Store.Agency(r.Context(), o.Agency)
	if err != nil {
		return nil, err
	}
	v := site.NewAnswer(fiber.StatusOK, a.shapeDraft(&o, &agency))
	v.Tag = tag(o.Revision)
	return v, nil
}

// A DraftRow is a draft in a list.
type DraftRow struct {
	Kind     string         `json:"kind"`
	ID       string         `json:"id"`
	Slug     string         `json:"slug"`
	Title    catalog.Text   `json:"title"`
	State    string         `json:"state"` // as of a Draft
	Agency   site.AgencyRef `json:"agency"`
	Revision int64          `json:"revision"`
	URL      string         `json:"url,omitempty"`
}

// listDrafts answers the drafts of the actor's agencies, those first that
// changed last.
func (a *API) listDrafts(_ *site.Site, r *site.Request) (site.View, error) {
	f, err := a.filterAsked(r, func(key string) (time.Time, string, error) {
		d, err := a.law.DeskDraft(r.Context(), &r.Actor, key)
		return d.Updated, d.ID, err
	})
	if err != nil {
		return nil, err
	}
	all, total, err := a.law.DeskDrafts(r.Context(), &r.Actor, f)
	if err != nil {
		return nil, err
	}
	agencies, err := a.agencies(r)
	if err != nil {
		return nil, err
	}
	out := site.List[DraftRow]{Total: total, Results: []DraftRow{}}
	for i := range all {
		d := a.shapeDraft(&consultation.Dossier{Draft: all[i]}, agencies(all[i].Agency))
		out.Results = append(out.Results, DraftRow{d.Kind, d.ID, d.Slug, d.Title, d.State, d.Agency, d.Revision, d.URL})
	}
	if len(all) == listSize {
		out.Next = a.nextPage(r, pathDrafts, all[len(all)-1].ID)
	}
	return site.NewAnswer(fiber.StatusOK, out), nil
}
