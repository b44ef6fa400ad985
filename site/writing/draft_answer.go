package writing

import (
	"strconv"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// A Reply is what the agency says to a comment or to a cluster of them.
type Reply struct {
	Verdict string `json:"verdict"`        // adopted, partly, rejected or noted
	Lang    string `json:"lang,omitempty"` // of the text
	Text    string `json:"text"`
	Publish bool   `json:"publish,omitempty"` // else it waits, and only colleagues see it
}

// A Cause says which comment, or cluster of them, changed a provision of a text.
type Cause struct {
	Address string `json:"address"` // in that text, or in the one before where it is gone now
	Comment string `json:"comment,omitempty"`
	Cluster int64  `json:"cluster,omitempty"`
	Verdict string `json:"verdict"` // adopted, partly or rejected
	Reason  string `json:"reason"`  // everybody sees it
}

// unanswered is the revision of an answer that is not there yet.
const unanswered = -1

// about is what the address names: a comment, or a cluster of a draft.
func (a *API) about(r *site.Request) (consultation.About, error) {
	number := r.Param("cluster")
	if number == "" {
		return consultation.About{Comment: r.Param("id")}, nil
	}
	cluster, err := strconv.ParseInt(number, 10, 64)
	if err != nil || cluster <= 0 {
		return consultation.About{}, catalog.NotFound("cluster", number)
	}
	k, err := a.law.Cluster(r.Context(), cluster)
	if err != nil {
		return consultation.About{}, err
	}
	d, err := a.law.Draft(r.Context(), r.Param("slug"))
	if err == nil && k.Draft != d.ID {
		err = catalog.NotFound("cluster", number)
	}
	return consultation.About{Cluster: cluster}, err
}

// readAnswer answers what is said to a comment or a cluster, public or not.
func (a *API) readAnswer(_ *site.Site, r *site.Request) (site.View, error) {
	about, err := a.about(r)
	if err != nil {
		return nil, err
	}
	answer, err := a.law.DeskAnswer(r.Context(), &r.Actor, about)
	if err != nil {
		return nil, err
	}
	v := site.NewAnswer(fiber.StatusOK, answer)
	v.Tag = tag(answer.Revision)
	return v, nil
}

// putAnswer keeps an answer or publishes it. Without If-Match there must be none
// yet.
func (a *API) putAnswer(_ *site.Site, r *site.Request) (site.View, error) {
	var in Reply
	q, err := taken(r, &in)
	if err != nil {
		return nil, err
	}
	at := int64(unanswered)
	if r.Header(fiber.HeaderIfMatch) != "" {
		if at, err = revision(r, false); err != nil {
			return nil, err
		}
	}
	about, err := a.about(r)
	if err != nil {
		return nil, err
	}
	if err := checkTexts(r, map[string]catalog.Text{"text": {catalog.Languages[0]: in.Text}}); err != nil {
		return nil, err
	}
	if in.Lang != "" && !isLanguage(in.Lang) {
		return nil, r.Refuse(fiber.StatusUnprocessableEntity, "lang", "write.language")
	}
	put := consultation.DraftResponse
	if in.Publish {
		put = consultation.PublishResponse
	}
	return a.once(r, q, "", func(tx *catalog.Tx) (catalog.Answered, error) {
		answer, err := put(tx, &r.Actor, about, at, consultation.Reply{Verdict: in.Verdict, Lang: in.Lang, Text: in.Text})
		if err != nil {
			return catalog.Answered{}, err
		}
		return told(fiber.StatusOK, answer.ID, answer.Revision, answer)
	})
}

func (a *API) discardAnswer(_ *site.Site, r *site.Request) (site.View, error) {
	at, err := revision(r, true)
	if err != nil {
		return nil, err
	}
	about, err := a.about(r)
	if err != nil {
		return nil, err
	}
	err = a.Store.Write(r.Context(), func(tx *catalog.Tx) error { return consultation.DiscardResponse(tx, &r.Actor, about, at) })
	return site.NewAnswer(fiber.StatusNoContent, nil), err
}

func (a *API) addInfluence(_ *site.Site, r *site.Request) (site.View, error) {
	var in Cause
	q, err := taken(r, &in)
	if err != nil {
		return nil, err
	}
	v, err := a.textOf(r, catalog.Edit, catalog.AnyRevision)
	if err != nil {
		return nil, err
	}
	if in.Comment != "" && in.Cluster != 0 {
		return nil, r.Refuse(fiber.StatusUnprocessableEntity, "comment", "write.wrong.comment")
	}
	return a.once(r, q, "", func(tx *catalog.Tx) (catalog.Answered, error) {
		i, err := consultation.AddInfluence(tx, &r.Actor, consultation.Edge{
			Version: v.ID, Address: in.Address, About: consultation.About{Comment: in.Comment, Cluster: in.Cluster}, Verdict: in.Verdict, Reason: in.Reason,
		})
		if err != nil {
			return catalog.Answered{}, err
		}
		made, err := told(fiber.StatusCreated, i.ID, 0, i)
		made.Thing = "" // it is at no revision
		return made, err
	})
}

func (a *API) removeInfluence(_ *site.Site, r *site.Request) (site.View, error) {
	err := a.Store.Write(r.Context(), func(tx *catalog.Tx) error {
		return consultation.RemoveInfluence(tx, &r.Actor, r.Param("slug"), r.Param("id"))
	})
	return site.NewAnswer(fiber.StatusNoContent, nil), err
}
