package site

import (
	"errors"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/site/proof"

	"github.com/gofiber/fiber/v2"
)

// followRoutes are where somebody asks for letters about a draft, says that the
// address is theirs, and ends it.
func followRoutes() []Route {
	return []Route{
		{Path: "/drafts/{slug}/follow", View: (*Site).follow, Act: (*Site).doFollow, Template: "follow", PageOnly: true, Cache: CacheNever, Example: apiPrefix + draftPath("{draft}") + "/follow"},
		{Path: "/follow/{id}/{word}", View: (*Site).following, Act: (*Site).doFollowing, Template: "following", PageOnly: true, Cache: CacheNever},
	}
}

// wordFollow is the purpose of the word in the links that letters to followers
// hold.
const wordFollow = "follow draft"

// FollowPath is the page of a follower (its id), below the language.
func FollowPath(forms *proof.Guard, id string) string {
	return "/follow/" + id + "/" + forms.Word(wordFollow, id)
}

const followEmail = "email"

// A followView is the form by which somebody asks for letters about a draft.
type followView struct {
	Frame
	Draft   said
	Decided bool // nothing more comes of it
	Form    openForm
	Sent    string // address that a letter went to
	BackURL string
	draft   consultation.Draft
}

// JSON is never asked for.
func (*followView) JSON() any { return nil }

func (s *Site) followPage(r *Request) (*followView, error) {
	l := s.locales[r.Lang]
	if err := s.elsewhere(r); err != nil {
		return nil, err
	}
	d, err := s.drafts.Draft(r.Context(), r.Param("slug"))
	if err != nil {
		return nil, err
	}
	v := &followView{draft: d, Draft: l.draftTitle(&d), Decided: d.Decided != "", BackURL: "/" + r.Lang + draftPath(d.Slug)}
	v.Frame = Frame{Title: l.Text("follow.title.of", "name", v.Draft.Text), Section: "drafts", Crumbs: l.draftCrumbs(&d), NoIndex: true}
	v.Form = s.newOpenForm("follow.", d.ID, v.BackURL+"/follow", []openField{{Name: followEmail, Kind: "email", Most: maxAddress, Needed: true}})
	return v, nil
}

func (s *Site) follow(r *Request) (View, error) { return s.followPage(r) }

func (s *Site) doFollow(r *Request) (View, error) {
	v, err := s.followPage(r)
	if err != nil || v.Decided {
		return v, err
	}
	if s.takeForm(r, &v.Form) && s.admit(r, &v.Form, false) {
		if err := s.storeFollower(r, v); err != nil {
			return nil, err
		}
	}
	v.Status = v.Form.Status
	return v, nil
}

// storeFollower keeps the address and queues its letter. Who floods an address
// with letters is told what everybody else is.
func (s *Site) storeFollower(r *Request, v *followView) error {
	v.Sent = v.Form.Value(followEmail)
	if _, write := s.Take(BudgetQuestions)("to "+v.Sent, letters); !write {
		return nil
	}
	err := s.Catalog.Write(r.Context(), func(tx *catalog.Tx) error {
		_, err := consultation.Follow(tx, v.draft.ID, v.Sent, r.Lang, func(id string) string { return FollowPath(s.Forms, id) })
		return err
	})
	if invalid := (*catalog.InvalidError)(nil); errors.As(err, &invalid) {
		v.Sent = ""
		v.Form.Look = false
		v.Form.wrong(followEmail, fiber.StatusUnprocessableEntity, r.Text("open.email"))
		return nil
	}
	if err == nil {
		s.Forms.Accepted()
	}
	return err
}

// A followingView is the page that the letters lead to.
type followingView struct {
	Frame
	Draft     Link
	Confirmed bool
	Known     bool   // false: it was ended
	Done      string // what was said: on or off
}

// JSON is never asked for.
func (*followingView) JSON() any { return nil }

func (s *Site) followingPage(r *Request) (*followingView, error) {
	l := s.locales[r.Lang]
	if !s.Forms.Knows(wordFollow, r.Param("id"), r.Param("word")) {
		return nil, r.Refuse(fiber.StatusNotFound, "", "confirm.unknown")
	}
	v := &followingView{Frame: Frame{Title: l.Text("following.title"), Section: "drafts", NoIndex: true}}
	r.SetHeader(fiber.HeaderReferrerPolicy, "no-referrer")
	f, err := s.drafts.Follower(r.Context(), r.Param("id"))
	if isNotFound(err) {
		return v, nil
	}
	if err != nil {
		return nil, err
	}
	v.Known, v.Confirmed = true, f.Confirmed
	d, err := s.drafts.Draft(r.Context(), f.Draft)
	if isNotFound(err) {
		return v, nil // it was taken from the public; letters can still be ended
	}
	if err != nil {
		return nil, err
	}
	title := l.draftTitle(&d)
	v.Draft = Link{Text: title.Text, Lang: title.Lang, URL: "/" + r.Lang + draftPath(d.Slug)}
	return v, nil
}

func (s *Site) following(r *Request) (View, error) { return s.followingPage(r) }

// oneClick is what programs for mail post: RFC 8058.
const oneClick = "List-Unsubscribe"

func (s *Site) doFollowing(r *Request) (View, error) {
	v, err := s.followingPage(r)
	if err != nil {
		return nil, err
	}
	id, do := r.Param("id"), r.Form.Get(openDo)
	if r.Form.Get(oneClick) == "One-Click" {
		do = "off"
	}
	err = s.Catalog.Write(r.Context(), func(tx *catalog.Tx) error {
		switch do {
		case "on":
			_, err := consultation.ConfirmFollow(tx, id)
			return err
		case "off":
			return consultation.Unfollow(tx, id)
		}
		return fiber.ErrBadRequest
	})
	if isNotFound(err) {
		return v, nil // not confirmed in time
	}
	if err != nil {
		return nil, err
	}
	v.Done = do
	return v, nil
}
