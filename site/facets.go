package site

import (
	"maps"
	"net/url"
	"slices"
	"strconv"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/search"
)

// facets puts the fields of the result into the view, those chosen first.
func (v *searchView) facets(r *Request, l *locale, agencies agencyList) {
	byName := map[string]search.Facet{}
	for _, f := range v.result.Facets {
		byName[f.Name] = f
	}
	for i, field := range facetFields {
		f := facetView{Field: field, More: byName[field].More}
		for _, value := range byName[field].Values {
			if value.On {
				f.Chosen++
			}
			f.Values = append(f.Values, l.facetValue(field, value, agencies))
		}
		f.Open = i == 0 || f.Chosen > 0
		if len(f.Values) > 0 {
			v.Facets = append(v.Facets, f)
		}
	}
	for _, value := range byName[search.FacetYear].Values {
		if len(v.Years) == facetYears {
			break
		}
		q := maps.Clone(r.Query)
		q.Set(paramFrom, value.Value)
		q.Set(paramTo, value.Value)
		v.Years = append(v.Years, facetValue{
			Value: value.Value, Label: l.yearName(value.Value), Count: value.Count, Checked: value.On,
			URL: withQuery("/"+r.Lang+r.Path, withoutPaging(q)),
		})
	}
}

func (l *locale) facetValue(field string, value search.FacetValue, agencies agencyList) facetValue {
	fv := facetValue{Value: value.Value, Label: value.Value, Count: value.Count, Checked: value.On}
	switch field {
	case search.FacetAgency:
		if a := agencies.bySlug(value.Value); a != nil {
			title := l.said(a.Title)
			fv.Value, fv.Label, fv.Lang = a.Slug, title.Text, title.Lang
		}
	case search.FacetTheme:
		fv.Label = l.themeName(value.Value)
	case search.FacetLicence:
		fv.Label = l.licenceName(value.Value)
	}
	return fv
}

// themeName is what a theme is called: by the catalogue's vocabulary, else as
// its source calls it.
func (l *locale) themeName(theme string) string {
	name, _ := catalog.ThemeTitle(theme).In(l.lang)
	return name
}

// yearName writes a Gregorian year, in Persian with the years of the Jalali
// calendar that it is part of.
func (l *locale) yearName(value string) string {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return value
	}
	if l.lang != "fa" {
		return l.Plain(n)
	}
	return l.Text("year.both", "g", l.Plain(n), "a", l.Plain(n-jalaliEnd), "b", l.Plain(n-jalaliStart))
}

// chips puts the chosen filters into the view, each with the address without it.
func (v *searchView) chips(r *Request, l *locale, agencies agencyList) {
	for _, field := range facetFields {
		for _, value := range values(r, field) {
			fv := l.facetValue(field, search.FacetValue{Value: value}, agencies)
			v.Chips = append(v.Chips, Link{Text: fv.Label, Lang: fv.Lang, URL: without(r, field, value)})
		}
	}
	for _, field := range []string{paramFrom, paramTo} {
		if value := r.Query.Get(field); value != "" {
			v.Chips = append(v.Chips, Link{Text: l.Text("chip."+field, "y", l.Digits(value)), URL: without(r, field, value)})
		}
	}
	if len(v.Chips) > 0 {
		v.ClearURL = withQuery("/"+r.Lang+r.Path, keepOnly(r.Query, paramQuery, paramOrder))
	}
}

// without is the address of the request without one value of a parameter.
func without(r *Request, name, value string) string {
	q := maps.Clone(r.Query)
	q[name] = slices.DeleteFunc(slices.Clone(q[name]), func(v string) bool { return v == value })
	return withQuery("/"+r.Lang+r.Path, withoutPaging(q))
}

// withoutPaging drops the place in the list: another filter is another list.
func withoutPaging(q url.Values) url.Values {
	out := withoutEmpty(q)
	out.Del(paramPage)
	out.Del(paramAfter)
	return out
}

// A pageLink is one of the links from a page of results to the others.
type pageLink struct {
	Page    int64
	URL     string
	Rel     string // "prev", "next" or "first", empty for a page by number
	Current bool
	Gap     bool // pages are left out here
}

// pageLinks are the links to other pages: by number as far as numbers reach,
// by cursor beyond.
func pageLinks(r *Request, result *search.Result, page, size int) []pageLink {
	if r.Query.Get(paramAfter) != "" {
		links := []pageLink{{Rel: "first", URL: r.url(paramAfter, "", paramPage, "")}}
		if result.Next != "" {
			links = append(links, pageLink{Rel: "next", URL: r.url(paramAfter, result.Next, paramPage, "")})
		}
		return links
	}
	last := int((min(result.Total, search.MaxPaged) + int64(size) - 1) / int64(size))
	if last <= 1 {
		return nil
	}
	byNumber := func(n int) string {
		if n == 1 {
			return r.url(paramPage, "")
		}
		return r.url(paramPage, strconv.Itoa(n))
	}
	var links []pageLink
	if page > 1 {
		links = append(links, pageLink{Rel: "prev", URL: byNumber(page - 1)})
	}
	const around = 2
	for n := 1; n <= last; n++ {
		if n != 1 && n != last && (n < page-around || n > page+around) {
			if !links[len(links)-1].Gap {
				links = append(links, pageLink{Gap: true})
			}
			continue
		}
		links = append(links, pageLink{Page: int64(n), URL: byNumber(n), Current: n == page})
	}
	switch {
	case page < last:
		links = append(links, pageLink{Rel: "next", URL: byNumber(page + 1)})
	case result.Next != "":
		links = append(links, pageLink{Rel: "next", URL: r.url(paramAfter, result.Next, paramPage, "")})
	}
	return links
}
