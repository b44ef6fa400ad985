package site

import (
	"context"
	"net/url"
	"strings"

	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
)

// A provisionView is a provision of a text on a page.
type provisionView struct {
	lawtext.Provision
	ID         string // in the page
	Name       string // what it is called: its label, else its kind
	Paragraphs []string
	Lang, Dir  string // of its text, where they are not the page's
	Article    bool
	Sub        bool             // it stands in an article
	Subs       []*provisionView // what stands in it
	Thread     threadCard
	Causes     []influenceRow
}

// A threadCard leads to what people say of a place, and shows the newest of it.
type threadCard struct {
	Name       string // of the place, empty for the draft as a whole
	N          int64
	URL        string // of all comments
	CommentURL string // of the form, empty when it is closed
	Newest     []commentRow
}

// A contentsLine is a line of the table of contents.
type contentsLine struct {
	ID, Name, Heading string
	Depth             int
	N                 int64
}

// A provisionShape is a provision in the API.
type provisionShape struct {
	Address  string `json:"address"`
	Parent   string `json:"parent,omitempty"`
	Kind     string `json:"kind"`
	Num      string `json:"num,omitempty"`
	Label    string `json:"label,omitempty"`
	Heading  string `json:"heading,omitempty"`
	Text     string `json:"text"`
	Comments int64  `json:"comments"`
	URL      string `json:"url"`
}

// provisionID is the id that a provision has in the page of its draft:
// "m-12" for the article 12 of a text that counts its articles through.
func provisionID(address string) string { return "m-" + strings.TrimPrefix(address, "art_") }

// Bounds of what the page of a draft shows of comments: the newest few at each
// place, and fewer where many places have some.
const (
	shownComments = 90
	shownAtPlace  = 3
	shownLead     = 280 // letters of each
	openContents  = 24  // lines of a table of contents that is shown unfolded
	deepest       = 3   // steps that a table of contents is set in
)

// inside reports whether a provision of the kind stands in articles.
func inside(kind lawtext.Kind) bool {
	return kind == lawtext.Paragraph || kind == lawtext.Item || kind == lawtext.Note
}

// commentable reports whether the page leads from a provision of the kind to
// the form. Other places are reached by quoting.
func commentable(kind lawtext.Kind) bool {
	switch kind {
	case lawtext.Article, lawtext.Note, lawtext.Annex, lawtext.Preamble, lawtext.Section:
		return true
	default:
		return false
	}
}

// draftText adds the text of the version with what people say of it.
func (s *Site) draftText(ctx context.Context, r *Request, v *draftView, versions []consultation.Version) error {
	l := s.locales[r.Lang]
	counts, err := s.placeCounts(ctx, v)
	if err != nil {
		return err
	}
	v.Comments, v.shape.Comments = counts.total, counts.total
	at := "/" + l.lang + draftPath(v.Draft.Slug)
	v.Whole = v.thread(l, &counts, "")
	v.Whole.N, v.Whole.URL = counts.whole, at+"/comments?"+paramAt+"="+wholeDraft
	if v.Gone = counts.published(""); v.Gone > 0 {
		v.URLs.Gone = at + "/comments?" + paramAt + "=" + goneDraft
	}
	if v.Version == nil {
		return nil
	}
	provisions, err := s.drafts.Provisions(ctx, v.Version.ID)
	if err != nil {
		return err
	}
	v.provisions(l, provisions, &counts)
	if r.JSON {
		return nil
	}
	if err := s.newestComments(ctx, l, v, versions); err != nil {
		return err
	}
	return s.causes(ctx, l, v)
}

// thread leads to what is said at an address.
func (v *draftView) thread(l *locale, counts *placeCounts, address string) threadCard {
	at := "/" + l.lang + draftPath(v.Draft.Slug)
	query := paramAt + "=" + url.QueryEscape(address)
	t := threadCard{N: counts.published(address), URL: at + "/comments?" + query}
	if v.Stage.Stage == consultation.Open {
		t.CommentURL = at + "/comment?" + query
	}
	return t
}

// provisions adds the text itself, with its table of contents.
func (v *draftView) provisions(l *locale, provisions []lawtext.Provision, counts *placeCounts) {
	var shown map[string]*provisionView // what the last of the text holds, with itself, by address
	for i := range provisions {
		p := &provisions[i]
		row := &provisionView{
			Provision: *p, ID: provisionID(p.Address), Name: placeName(l, p), Paragraphs: paragraphs(p.Text), Lang: v.TextLang, Dir: v.TextDir,
			Article: p.Kind == lawtext.Article, Thread: v.thread(l, counts, p.Address),
		}
		if row.Thread.Name = row.Name; !commentable(p.Kind) {
			row.Thread.CommentURL = ""
		}
		v.flat = append(v.flat, row)
		if n := len(v.Text); n > 0 && inside(p.Kind) && p.Parent != "" {
			v.Text[n-1].hold(row, shown)
			v.Contents[n-1].N += row.Thread.N
		} else {
			shown = map[string]*provisionView{p.Address: row}
			v.Text = append(v.Text, row)
			v.Contents = append(v.Contents, contentsLine{ID: row.ID, Name: row.Name, Heading: p.Heading, Depth: min(p.Depth, deepest), N: row.Thread.N})
		}
		v.shape.Provisions = append(v.shape.Provisions, provisionShape{
			p.Address, p.Parent, string(p.Kind), p.Num, p.Label, p.Heading, p.Text, row.Thread.N, v.shape.URL + "#" + row.ID,
		})
	}
}

// hold puts a provision where it stands: in its parent where that is shown, else
// in this one.
func (v *provisionView) hold(row *provisionView, shown map[string]*provisionView) {
	in := shown[row.Parent]
	if in == nil {
		in = v
	}
	in.Subs = append(in.Subs, row)
	shown[row.Address] = row
}

// OpenContents reports whether the table of contents is short enough to be
// shown unfolded.
func (v *draftView) OpenContents() bool { return len(v.Contents) <= openContents }

// paragraphs divides a text as it stands on a page.
func paragraphs(text string) []string {
	var all []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}
