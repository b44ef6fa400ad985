package site

import (
	"context"
	"html"
	"html/template"
	"regexp"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"
)

// A takeView is the ways to take a view along: as a file, as a request of the
// API, as a citation that does not change.
type takeView struct {
	Part      bool // it is not the whole table
	Rows      int64
	Columns   int64
	Groups    bool
	Downloads []download
	Whole     []download // of the whole table, where the view is a part
	RowsURL   string
	Curl      string
	Cite      citation
	CiteLink  template.HTML // the permanent address of the cited rows as CSV
}

// take tells how to take the view of x along.
func (s *Site) take(ctx context.Context, l *locale, x *exploration, page *datasets.RowPage) (takeView, error) {
	v := takeView{
		Part: x.Query.Key(x.Schema) != "", Rows: page.Total, Columns: int64(len(page.Schema)), Groups: x.Query.Grouped(), RowsURL: s.rowsURL(x),
	}
	v.Curl = "curl '" + v.RowsURL + "'"
	raw := x.Own.Get(paramRaw) == "1"
	name := x.Resource.Label(l.lang)
	params := exportParams(x.Query, raw)
	if v.Groups {
		params.Set(paramLabels, l.lang)
	}
	for _, f := range exporters.Formats() {
		d := download{Format: f.Title, Kind: f.Ext, Of: name, Rows: v.Rows, Columns: v.Columns, Groups: v.Groups, Part: v.Part}
		d.URL = withQuery(x.dataPath()+"."+f.Ext, params)
		options := exporters.Options{Raw: raw}
		if !x.Frozen && !v.Part {
			options.Title = x.Resource.SheetTitle()
		}
		if !v.Part {
			d.Size, _ = s.Exports.Peek(x.Edition.Digest, f, options)
		}
		v.Downloads = append(v.Downloads, d)
	}
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return v, err
	}
	c := cited{dataset: &x.Dataset, agency: agencies.byID[x.Dataset.Agency], resource: x.Resource, edition: x.Edition, alone: x.alone}
	c.view = x.frozenPath()
	if v.Part {
		c.what = x.sentence(l, counted{Rows: page.Matched, Groups: page.Total, All: x.Edition.Rows})
	}
	v.Cite = s.cite(l, c)
	frozen := s.baseURL() + withQuery(editionPath(x.Dataset.Slug, x.Resource.ID, x.Edition.Digest)+".csv", params)
	v.CiteLink = link(frozen, frozen, false)
	return v, nil
}

// frozenPath is the address at which this view of this edition is for ever,
// without language.
func (x *exploration) frozenPath() string {
	params := x.params(x.first(), x.Own)
	params.Set(paramResource, x.Resource.ID)
	params.Set(paramEdition, x.Edition.Digest)
	return withQuery(datasetPath(x.Dataset.Slug)+"/"+x.tab, params)
}

var markup = regexp.MustCompile(`<[^>]*>`)

// plainText is the text of a sentence that was written for pages.
func plainText(s template.HTML) string {
	return html.UnescapeString(markup.ReplaceAllString(string(s), ""))
}
