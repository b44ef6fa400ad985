package desk

import (
	"net/url"
	"strconv"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site"
)

// paramAgain marks an address that holds what was typed into a form, while
// password and code were asked for in between.
const paramAgain = "again"

// freshForm is fresh for a form whose typed text is not to be lost: it stands
// in the form again afterwards.
func (d *Desk) freshForm(r *site.Request, to string) error {
	typed := url.Values{paramAgain: {"1"}}
	for name, values := range r.Form {
		if name != "password" && name != "code" {
			typed[name] = values
		}
	}
	return d.fresh(r, to+"?"+typed.Encode())
}

// takeAgain puts into the form what was typed before password and code were asked
// for.
func (f *form) takeAgain(r *site.Request) {
	if again(r) {
		f.take(r)
	}
}

// takeAgain does so with the form of a page with several that was typed into.
func takeAgain(r *site.Request, forms []form) {
	if again(r) {
		if f := formOf(forms, r.Form.Get("do")); f != nil {
			f.take(r)
		}
	}
}

// again puts what was typed before password and code were asked for into the
// request as if it were posted now, and reports whether there is any.
func again(r *site.Request) bool {
	if r.Form != nil || r.Query.Get(paramAgain) == "" {
		return false
	}
	r.Form = r.Query
	return true
}

// revisionField holds which state of the dataset the form was filled in for.
func revisionField(ds *catalog.DeskDataset) field {
	return field{Name: "revision", Kind: "hidden", Value: strconv.FormatInt(ds.Revision, 10)}
}

// revisionOf is the revision that came with a form. Without one nothing is
// current.
func revisionOf(r *site.Request) int64 {
	n, err := strconv.ParseInt(r.Form.Get("revision"), 10, 64)
	if err != nil || n <= 0 {
		return -1
	}
	return n
}
