package site

import (
	"strconv"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/persian"

	"github.com/google/uuid"
)

// next returns the addresses of the page of the list that starts after the given
// entry: the page for people and the answer of the API.
func (r *Request) next(after string) (page, api string) {
	q := withoutEmpty(r.Query)
	q.Del(paramPage)
	q.Set(paramAfter, after)
	return r.url(paramAfter, after, paramPage, ""), withQuery(r.site.baseURL()+apiPrefix+r.Path, q)
}

// afterID is the id of the entry that the wanted page of a list starts after,
// empty for the first page.
func afterID(r *Request) (string, error) {
	id := r.Query.Get(paramAfter)
	if _, err := uuid.Parse(id); id != "" && err != nil {
		return "", unknownAfter(r)
	}
	return id, nil
}

// afterNumber is the number of the entry that the wanted page of a list starts
// after, 0 for the first page.
func afterNumber(r *Request) (int64, error) {
	text := r.Query.Get(paramAfter)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(persian.ASCIIDigits(text), 10, 64)
	if err != nil || n < 0 {
		return 0, unknownAfter(r)
	}
	return n, nil
}

func unknownAfter(r *Request) error {
	return &catalog.InvalidError{Field: paramAfter, Reason: r.Text("after.unknown")}
}
