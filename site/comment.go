package site

import (
	"strconv"

	"github.com/openshafaf/shafaf/catalog/consultation"
)

// commentTitle is how many letters of a comment stand for its title.
const commentTitle = 80

// A commentView is a comment with its thread.
type commentView struct {
	Frame
	Draft    said
	DraftURL string
	First    commentRow
	Asked    string // id of the comment that was asked for
	Replies  []commentRow
	NextURL  string
	shape    commentAnswer
}

// A commentAnswer is a comment as the API answers it, with its thread.
type commentAnswer struct {
	CommentShape
	First  *CommentShape      `json:"first,omitempty"` // what the thread begins with, when it is another one
	Thread List[CommentShape] `json:"thread"`          // replies, the oldest first
}

// JSON is the comment as the API answers it.
func (v *commentView) JSON() any { return v.shape }

// comment answers a comment with its thread.
func (s *Site) comment(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	after, err := afterNumber(r)
	if err != nil {
		return nil, err
	}
	one, err := s.drafts.Comment(ctx, r.Param("id"))
	if err != nil {
		return nil, err
	}
	first, replies, err := s.drafts.Thread(ctx, one.ID, after, commentRows+1)
	if err != nil {
		return nil, err
	}
	d, err := s.drafts.Draft(ctx, one.Draft)
	if err != nil {
		return nil, err
	}
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return nil, err
	}
	v := &commentView{Draft: l.draftTitle(&d), DraftURL: "/" + r.Lang + draftPath(d.Slug), Asked: one.ID}
	v.shape = commentAnswer{CommentShape: s.shapeComment(&one), Thread: List[CommentShape]{Total: int64(first.Replies), Results: []CommentShape{}}}
	if first.ID != one.ID {
		root := s.shapeComment(&first)
		v.shape.First = &root
	}
	if len(replies) > commentRows {
		replies = replies[:commentRows]
		v.NextURL, v.shape.Thread.Next = r.next(strconv.FormatInt(replies[commentRows-1].Seq, 10))
	}
	for i := range replies {
		v.shape.Thread.Results = append(v.shape.Thread.Results, s.shapeComment(&replies[i]))
	}
	versions, err := s.drafts.Versions(ctx, d.ID)
	if err != nil {
		return nil, err
	}
	scribe := s.commentScribe(l, &d, versions, agencies, 0)
	if v.First, err = scribe.one(ctx, &first); err != nil {
		return nil, err
	}
	if v.Replies, err = scribe.rows(ctx, replies); err != nil {
		return nil, err
	}
	v.thread()
	v.Frame = Frame{
		Title: firstOf(lead(one.Text, commentTitle), l.Text("comment.title.none")), Section: "drafts", Crumbs: l.draftCrumbs(&d), NoIndex: one.State != consultation.Shown,
	}
	if one.Text != "" && one.Lang != r.Lang {
		v.TitleLang = one.Lang
	}
	return v, nil
}

// thread takes out of the rows what the page says already.
func (v *commentView) thread() {
	v.First.Replies = 0
	for i := range v.Replies {
		v.Replies[i].Place = ""
		if v.Replies[i].Parent == v.First.ID {
			v.Replies[i].To = nil
		}
	}
}
