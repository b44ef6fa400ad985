package site

import (
	"html/template"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"

	"github.com/gofiber/fiber/v2"
)

// A Banner stands above a page that is not what it seems: a preview.
type Banner struct {
	Text  template.HTML
	Links []Link
}

// PreviewDataset answers the page of d as the public will see it, with a banner
// above it. Whether the visitor may see it is the caller's to ask. What stands
// beside the page, other datasets and addresses that lead into this one, is
// left out.
func (s *Site) PreviewDataset(r *Request, d *catalog.Dataset, banner *Banner) (View, error) {
	agencies, err := s.agencies.get(r.Context(), s.Catalog)
	if err != nil {
		return nil, err
	}
	v := s.newDatasetView(r, d, agencies.byID[d.Agency])
	if err := s.fillDataset(r, d, agencies.byID[d.Agency], v); err != nil {
		return nil, err
	}
	v.Tabs, v.Linked, v.Crumbs, v.NoIndex, v.Banner = nil, nil, nil, true, banner
	return v, nil
}

// Sample returns the first rows of the table of e for the template "datatable".
func (s *Site) Sample(r *Request, id string, res *catalog.Resource) (any, error) {
	t, err := s.preview(r.Context(), s.locales[r.Lang], res)
	if t != nil {
		t.ID = id
	}
	return t, err
}

// PreviewDiff answers the page of what would change in the resource if edition
// to, which is not public, took the place of from; back leads to where to is
// looked at.
func (s *Site) PreviewDiff(r *Request, res *catalog.Resource, from, to *catalog.Edition, banner *Banner, back string) (View, error) {
	l := s.locales[r.Lang]
	v := &diffView{Name: res.Label(r.Lang), SameFile: from.File == to.File}
	v.From = &editionRow{Since: from.Since, URL: back, Digest: from.Digest[:min(shortDigest, len(from.Digest))], HasTable: from.HasTable, Rows: from.Rows}
	v.To = &editionRow{Since: to.Since, URL: back, Digest: to.Digest[:min(shortDigest, len(to.Digest))], HasTable: to.HasTable, Rows: to.Rows}
	v.Frame = Frame{Title: l.Text("diff.title"), Section: "desk", NoIndex: true, Banner: banner}
	place := &catalog.Place{Resource: *res}
	if err := s.compareTables(r, l, place, editionPair{from, *to}, v); err != nil {
		return nil, err
	}
	v.Downloads = nil
	return v, nil
}

// TypeName is what readers of the request's language call a type of columns.
func (r *Request) TypeName(t datasets.Type) string { return r.Text("type." + t.String()) }

// errSent says that the answer went out already.
var errSent = fiber.NewError(fiber.StatusOK, "sent")

// Send answers with a file instead of a page; what it returns is the error that
// the handler returns.
func (r *Request) Send(name, mediaType string, body []byte) error {
	r.ctx.Attachment(name)
	r.ctx.Set(fiber.HeaderContentType, mediaType)
	if err := reply(r.ctx, fiber.StatusOK, CacheNever, body); err != nil {
		return err
	}
	return errSent
}

// Plain is a text of ours or of the data as HTML, escaped.
func Plain(text string) template.HTML {
	return template.HTML(template.HTMLEscapeString(text)) //nolint:gosec // escaped here
}

// Digits writes the digits of s as readers of the request's language do.
func (r *Request) Digits(s string) string { return r.site.locales[r.Lang].Digits(s) }
