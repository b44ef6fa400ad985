package site

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"iter"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"

	"github.com/goccy/go-json"
	"github.com/gofiber/fiber/v2"
)

// rowsRoutes are the addresses at which programs read the rows of a table, as it
// is now and as it was in an edition.
func rowsRoutes() []Route {
	return []Route{
		{
			Path: apiPrefix + "/datasets/{slug}/resources/{id}/editions/{digest}/rows", Serve: (*Site).serveRows, Cost: costSearch, Doc: "api.edition_rows",
			Example: apiPrefix + "/datasets/{slug}/resources/{resource}/editions/{digest}/rows?_size=10",
		},
		{
			Path: apiPrefix + "/datasets/{slug}/resources/{id}/rows", Serve: (*Site).serveRows, Cost: costSearch, Doc: "api.rows",
			Example: apiPrefix + "/datasets/{slug}/resources/{resource}/rows?_size=10",
		},
	}
}

// The parameters of a row query that this package itself reads.
const paramAfter = "_after" // and raw, where no column is called so

// rowsTime is how long the rows of one page may be searched for.
const rowsTime = 5 * time.Second

// A rowsPage is a page of the rows of an edition.
type rowsPage struct {
	*datasets.RowPage
	Query datasets.RowQuery // as it was understood
	Whole datasets.Schema   // all columns of the table
	Raw   bool              // cells are to be shown as the source wrote them
}

// tablePage reads the rows that params ask for, size of them unless params say
// how many. Its error is a datasets.InputError when the query is wrong, and a
// RefusedError in lang when it takes longer than rowsTime or the rows cannot be
// read.
func (s *Site) tablePage(ctx context.Context, lang string, e *catalog.Edition, params url.Values, size int) (*rowsPage, error) {
	rows, err := s.Files.Rows(e.Digest) //nolint:contextcheck // it reads one page of the file, or none
	if err != nil {
		return nil, s.because(s.refuse(lang, fiber.StatusServiceUnavailable, "", "refused.damaged"), err)
	}
	p := &rowsPage{Whole: rows.Schema()}
	if p.Whole.Index(paramRaw) < 0 {
		params = maps.Clone(params)
		if v := params.Get(paramRaw); v != "" && v != "0" && v != "1" {
			return nil, s.refuse(lang, fiber.StatusUnprocessableEntity, paramRaw, "refused.switch", "value", v)
		}
		p.Raw = params.Get(paramRaw) == "1"
		delete(params, paramRaw)
	}
	if p.Query, err = datasets.ParseRowQuery(p.Whole, params); err != nil {
		return nil, err
	}
	p.Query.Size = cmp.Or(p.Query.Size, size)
	p.Query.Select = once(p.Query.Select)
	p.RowPage, err = s.findRows(ctx, lang, rows, p.Query)
	return p, err
}

// once drops the names that stand in the list before: an object has each only once.
func once(names []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(names, func(name string) bool {
		again := seen[name]
		seen[name] = true
		return again
	})
}

// findRows reads a page of rows within rowsTime.
func (s *Site) findRows(ctx context.Context, lang string, rows *datasets.RowFile, q datasets.RowQuery) (*datasets.RowPage, error) {
	ctx, cancel := context.WithTimeout(ctx, rowsTime)
	defer cancel()
	page, err := rows.Page(ctx, q)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return nil, s.because(s.refuse(lang, fiber.StatusServiceUnavailable, "", "refused.slow", "n", int64(rowsTime/time.Second)), err)
	case errors.Is(err, datasets.ErrDamaged):
		return nil, s.because(s.refuse(lang, fiber.StatusServiceUnavailable, "", "refused.damaged"), err)
	}
	return page, err
}

// serveRows answers with a page of rows as JSON.
func (s *Site) serveRows(c *fiber.Ctx) error {
	w, query, ok, err := s.wantTable(c)
	if err != nil || !ok {
		return err
	}
	page, err := s.tablePage(c.UserContext(), answerLanguage(c), w.edition, query, datasets.DefaultSize)
	if err != nil {
		return err
	}
	next := ""
	if page.Next != "" {
		query.Set(paramAfter, page.Next)
		at := w.path()
		if catalog.IsBuiltin(w.Resource.ID) { // it may be frozen anew before the last page is read
			at = editionPath(w.Dataset.Slug, w.Resource.ID, w.edition.Digest)
		}
		next = withQuery(s.baseURL()+apiPrefix+at+"/rows", query)
	}
	body, err := page.json(c.UserContext(), w.edition.Digest, next)
	if err != nil {
		return err
	}
	s.charge(BudgetReads, s.block(c), body)
	return sendJSON(c, fiber.StatusOK, w.cache(), body)
}

// json writes the page as the API answers it: an object for each row with its
// values under the names that queries use, typed as in the JSON export.
func (p *rowsPage) json(ctx context.Context, edition, next string) ([]byte, error) {
	columns, err := json.MarshalWithOption(p.Schema, json.DisableHTMLEscape())
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString(`{"total":` + strconv.FormatInt(p.Total, 10))
	if p.Query.Grouped() {
		b.WriteString(`,"matched":` + strconv.FormatInt(p.Matched-p.Left, 10))
	}
	if next != "" {
		address, err := json.MarshalWithOption(next, json.DisableHTMLEscape())
		if err != nil {
			return nil, err
		}
		b.WriteString(`,"next":`)
		b.Write(address)
	}
	b.WriteString(`,"edition":"` + edition + `","columns":`)
	b.Write(columns)
	b.WriteString(`,"results":`)
	format, _ := exporters.ByExt("json")
	if err := format.Write(ctx, &b, p.table(), exporters.Options{Raw: p.Raw}); err != nil {
		return nil, err
	}
	b.Truncate(len(bytes.TrimRight(b.Bytes(), "\n")))
	b.WriteString("}\n")
	return b.Bytes(), nil
}

// table is the page as a table of its own whose columns are called by their
// names, not their labels.
func (p *rowsPage) table() *datasets.Table {
	schema := make(datasets.Schema, len(p.Schema))
	copy(schema, p.Schema)
	for i := range schema {
		schema[i].Label = schema[i].Name
	}
	return &datasets.Table{Schema: schema, Rows: int64(p.Rows.Len), Scan: func(_, _ int64) iter.Seq2[*datasets.Batch, error] {
		return func(yield func(*datasets.Batch, error) bool) {
			if p.Rows.Len > 0 {
				yield(p.Rows, nil)
			}
		}
	}}
}
