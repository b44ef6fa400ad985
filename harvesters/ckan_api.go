package harvesters

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// findAPI finds where the portal answers: at the address given, or below it at
// the places where portals have their API. It returns the first page too.
func (w *ckanWalk) findAPI() (string, *ckanPage, error) {
	u, err := url.Parse(strings.TrimSpace(w.visit.Source.URL))
	if err != nil {
		return "", nil, say("ckan.address", w.visit.Source.URL)
	}
	w.base = &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/"}
	var first error
	for _, api := range apiPlaces(u) {
		page, err := w.get(w.searchURL(api, 0))
		if err == nil {
			return api, page, nil
		}
		if first == nil {
			first = err
		}
		var refused *FetchError
		var other *notAPIError
		if w.n > 0 || errors.As(err, &refused) && refused.Temporary || !errors.As(err, &refused) && !errors.As(err, &other) {
			return "", nil, err
		}
	}
	return "", nil, first
}

// apiPlaces are the addresses below which the actions of a portal may be.
func apiPlaces(u *url.URL) []string {
	site := u.Scheme + "://" + u.Host
	path := strings.TrimRight(u.Path, "/")
	if before, _, ok := strings.Cut(path, "/action"); ok && strings.Contains(path, "/api") {
		return []string{site + before + "/action/"}
	}
	if before, _, ok := strings.Cut(path+"/", "/api/"); ok {
		path = before
	}
	path = strings.TrimSuffix(path, "/dataset")
	places := []string{site + path + actionPrefix, site + path + "/api/action/"}
	if path == "" {
		places = append(places, site+"/data"+actionPrefix)
	} else {
		places = append(places, site+actionPrefix)
	}
	return places
}

func (w *ckanWalk) searchURL(api string, start int) string {
	return fmt.Sprintf("%s%s?q=*:*&rows=%d&start=%d&sort=id+asc", api, ckanSearch, ckanRows, start)
}

// A notAPIError says that what came is no answer of the API.
type notAPIError struct{ err error }

func (e *notAPIError) Error() string { return e.err.Error() }
func (e *notAPIError) Unwrap() error { return e.err }

// get fetches and reads one page.
func (w *ckanWalk) get(address string) (*ckanPage, error) {
	b, charset, err := w.visit.page(w.ctx, Request{URL: address, Accept: acceptJSON})
	if err != nil {
		return nil, err
	}
	return w.open(address, charset, b)
}

// open reads a page that came now or in the run before.
func (w *ckanWalk) open(address, charset string, body []byte) (*ckanPage, error) {
	text, err := jsonText(bytes.NewReader(body), charset, w.visit.Note)
	if err != nil {
		w.visit.pages.bad(address)
		return nil, &notAPIError{err}
	}
	page, err := w.read(text)
	if err != nil && w.ctx.Err() == nil && !errors.Is(err, errStop) {
		w.visit.pages.bad(address)
	}
	return page, err
}
