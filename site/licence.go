package site

import (
	"net/url"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// A licenceView is a licence in the words of the one who wants to use the data.
type licenceView struct {
	Name said
	Says string // one plain sentence
	URL  string
	ID   string // of one that is known here
}

// licence describes the licence of a dataset: an id of the catalogue's table,
// or what the source gave.
func (l *locale) licence(id, rights string) licenceView {
	if known, ok := catalog.LicenceByID(id); ok {
		v := licenceView{Name: l.said(known.Name), Says: l.said(known.May).Text, URL: known.URL, ID: known.ID}
		if id == catalog.LicenceOther && rights != "" {
			v.Name = said{Text: rights}
			v.URL = webAddress(rights)
		}
		return v
	}
	if id == "" && rights == "" {
		return licenceView{Says: l.Text("licence.says.none")}
	}
	given := firstOf(id, rights)
	v := licenceView{Name: said{Text: given}, Says: l.Text("licence.says.other"), URL: webAddress(given)}
	if v.URL != "" {
		v.Name.Text = hostOf(given)
	}
	return v
}

// licenceName is what a value of the licence facet is called.
func (l *locale) licenceName(id string) string {
	if known, ok := catalog.LicenceByID(id); ok {
		return l.said(known.Name).Text
	}
	if webAddress(id) != "" {
		return hostOf(id)
	}
	return id
}

// webAddress returns s when it is an address that a page may link to, else "".
func webAddress(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return s
}

// hostOf is an address for reading: the host, and the path when it is short.
func hostOf(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return s
	}
	return persian.Shorten(strings.TrimPrefix(u.Host, "www.")+strings.TrimSuffix(u.Path, "/"), longURL)
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// A licencesView is the list of the licences that are known here.
type licencesView struct {
	Frame
	Licences []licenceView
	all      []catalog.Licence
}

// JSON is the list as the API answers it.
func (v *licencesView) JSON() any {
	return List[catalog.Licence]{Total: int64(len(v.all)), Results: v.all}
}

func (s *Site) licences(r *Request) (View, error) {
	l := s.locales[r.Lang]
	v := &licencesView{all: catalog.Licences()}
	v.Frame = Frame{Title: l.Text("licences.title"), Description: l.Text("licences.description")}
	for _, known := range v.all {
		v.Licences = append(v.Licences, l.licence(known.ID, ""))
	}
	return v, nil
}
