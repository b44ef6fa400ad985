package site

import (
	"net/url"
)

// A View is what a handler answers. Its template is executed with it, and its
// JSON is the answer of the API.
type View interface {
	Base() *Frame
	JSON() any
}

// A Frame is what every page has around its own content. Views embed it; the
// handler sets the first part, the site the second.
type Frame struct {
	Title       string // of the page, without the site's name
	TitleLang   string // when it is not the page's
	Description string // of the page for search engines, plain text
	Section     string // the entry of the navigation that the page belongs to
	Crumbs      []Link // from the section down to, but without, the page itself
	Query       string // what stands in the header's search box
	NoIndex     bool   // search engines are to leave it out
	State       string // query parameters that make another page, for its canonical address
	Linked      any    // JSON-LD of what the page shows
	Feeds       []Link // Atom feeds of what the page shows
	Banner      *Banner
	Refresh     int // seconds after which the page is asked for again; 0: never

	Doors
	Lang       string
	Dir        string
	Path       string // without the language
	Home       bool
	Canonical  string
	Alternates []Alternate
	Other      Alternate // the same page in the other language, when it is shown
	JSONTwin   string    // the address of the same thing in the API
	Status     int
	RequestID  string
	Version    string
}

// Base returns the frame itself, so that a type that embeds one is a View.
func (f *Frame) Base() *Frame { return f }

// A Link is a text that leads somewhere; Lang is that of the text where it is
// not the page's.
type Link struct {
	Text string
	Lang string
	URL  string
}

// An Alternate is the page in a language.
type Alternate struct {
	Lang, Name, URL string
}

// languageNames are what the languages call themselves.
var languageNames = map[string]string{"fa": "فارسی", "en": "English"}

func direction(lang string) string {
	switch lang {
	case "fa", "ar", "ckb", "ps", "ur", "he":
		return "rtl"
	default:
		return "ltr"
	}
}

// frame completes the frame of a page that answers r.
func (s *Site) frame(f *Frame, r *Request, twin bool) {
	f.Lang, f.Dir, f.Path, f.Version = r.Lang, direction(r.Lang), r.Path, s.Version
	f.Home, f.Doors = r.Path == "/", s.openDoors(r.Context())
	path := r.Path
	if f.Home {
		path = "/"
	}
	if f.State != "" {
		f.Canonical = s.baseURL() + "/" + r.Lang + path + "?" + f.State
	} else {
		f.Canonical = s.baseURL() + "/" + r.Lang + path
	}
	shown := s.Languages()
	for _, lang := range shown {
		a := Alternate{Lang: lang, Name: languageNames[lang], URL: "/" + lang + path}
		if q := r.Query.Encode(); q != "" {
			a.URL += "?" + q
		}
		if len(shown) > 1 {
			f.Alternates = append(f.Alternates, a)
		}
		if lang != r.Lang {
			f.Other = a
		}
	}
	if twin {
		f.JSONTwin = withQuery(apiPrefix+r.Path, withoutEmpty(r.Query))
	}
}

// withoutEmpty drops parameters that a form sends though nothing was chosen.
func withoutEmpty(q url.Values) url.Values {
	out := url.Values{}
	for name, values := range q {
		for _, v := range values {
			if v != "" {
				out.Add(name, v)
			}
		}
	}
	return out
}
