package site

import (
	"context"
	"errors"
	"io/fs"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"

	"github.com/gofiber/fiber/v2"
)

// downloadRoutes are the addresses that files are taken away from. They have
// no language: a program and a person get the same bytes.
func downloadRoutes() []Route {
	params := []Param{
		{paramRaw, "param.export.raw"}, {paramEscape, "param.export.escape"}, {paramBOM, "param.export.bom"}, {paramLabels, "param.export.labels"}, {"col, _sort, _select, _group, _sum …", "param.export.query"},
	}
	return []Route{ // the longer ones first: {id} of the last one takes slashes
		{
			Path: "/datasets/{slug}/resources/{id}/editions/{digest}.{ext}", Serve: (*Site).serveTable, Doc: "api.edition",
			Params: params,
		},
		{Path: "/datasets/{slug}/resources/{id}/editions/{digest}/file", Serve: (*Site).serveFile, Doc: "api.edition_file"},
		{
			Path: "/datasets/{slug}/resources/{id}/file", Serve: (*Site).serveFile, Doc: "api.file",
			Example: "/datasets/{slug}/resources/{resource}/file",
		},
		{
			Path: "/datasets/{slug}/resources/{id}.{ext}", Serve: (*Site).serveTable, Doc: "api.export",
			Params: params, Example: "/datasets/{slug}/resources/{resource}.csv",
		},
	}
}

// A wanted is the edition that an address asks for.
type wanted struct {
	catalog.Place
	edition *catalog.Edition // nil: the resource has none
	frozen  bool             // the address names it for ever
}

// want finds the edition of the resource in the address: the current one, or
// the one whose digest the address holds. moved is set when the resource is in
// another dataset than the address says: the right address.
func (s *Site) want(c *fiber.Ctx) (w wanted, moved string, err error) {
	id, slug := c.Params("id"), c.Params("slug")
	if w.Place, err = s.locate(c.UserContext(), id); err != nil {
		return w, "", err
	}
	if w.Dataset.Slug != slug {
		return w, withRawQuery(strings.Replace(c.Path(), "/"+slug+"/", "/"+w.Dataset.Slug+"/", 1), c), nil
	}
	digest := c.Params("digest")
	if digest == "" {
		w.edition = w.Resource.Edition
		if gone := w.Retired(); gone != nil {
			refusal := s.refuse(answerLanguage(c), fiber.StatusGone, "", "refused.retired", "url", apiPrefix+resourcePath(w.Dataset.Slug, w.Resource.ID)+"/editions")
			return w, "", s.because(refusal, gone)
		}
		return w, "", nil
	}
	e, err := s.frozenEdition(c.UserContext(), answerLanguage(c), id, digest)
	if err != nil {
		return w, "", err
	}
	w.edition, w.frozen = &e, true
	return w, "", nil
}

func withRawQuery(path string, c *fiber.Ctx) string {
	if q := c.Request().URI().QueryString(); len(q) > 0 {
		return path + "?" + string(q)
	}
	return path
}

// cache is how long an answer about the edition holds.
func (w *wanted) cache() string {
	if w.frozen {
		return frozenCache(w.Resource.ID)
	}
	return CacheRevalidate
}

// wantTable finds the edition with a table that an address asks for, and reads
// its query. It is answered already, with a redirection, when ok is false
// without an error.
func (s *Site) wantTable(c *fiber.Ctx) (w wanted, query url.Values, ok bool, err error) {
	w, moved, err := s.want(c)
	switch {
	case err != nil:
		return w, nil, false, err
	case moved != "":
		return w, nil, false, c.Redirect(moved, fiber.StatusPermanentRedirect)
	case w.edition == nil || !w.edition.HasTable:
		return w, nil, false, s.refuseTable(c, &w)
	}
	if query, err = url.ParseQuery(string(c.Request().URI().QueryString())); err != nil {
		return w, nil, false, s.refuse(answerLanguage(c), fiber.StatusBadRequest, "", "refused.query")
	}
	return w, query, true, nil
}

// path is what the addresses of the wanted data begin with.
func (w *wanted) path() string {
	if w.frozen {
		return editionPath(w.Dataset.Slug, w.Resource.ID, w.edition.Digest)
	}
	return resourcePath(w.Dataset.Slug, w.Resource.ID)
}

// serveTable answers with a table, or what a row query asks of it, in the
// format that the address ends with.
func (s *Site) serveTable(c *fiber.Ctx) error {
	format, ok := exporters.ByExt(c.Params("ext"))
	if !ok {
		return s.refuse(answerLanguage(c), fiber.StatusNotFound, "", "refused.format", "ext", c.Params("ext"), "formats", formatList())
	}
	w, query, ok, err := s.wantTable(c)
	if err != nil || !ok {
		return err
	}
	options, err := s.exportOptions(c, &format, query)
	if err != nil {
		return err
	}
	labels, err := s.exportLabels(c, query)
	if err != nil {
		return err
	}
	q, err := s.exportQuery(c, &w, query)
	if err != nil {
		return err
	}
	options.Coding = exportCoding(c, &format, w.edition.Rows)
	if err := s.payExport(c, &w, q, format, options); err != nil {
		return err
	}
	key := q.Key(w.edition.Schema)
	file := storedFile{kind: format.MediaType, cache: w.cache(), varies: format.Coded(), coding: options.Coding}
	file.name, file.plain = w.saveNames(s.selectionMark(&w, key), "."+format.Ext)
	if key != "" {
		c.Set("X-Robots-Tag", "noindex, nofollow") // there is no end of them
	}
	if key == "" && rowsRequest(c) && w.large() {
		return s.sendFollowed(c, &w, format, options, &file)
	}
	ctx, stop := staying(c)
	defer stop()
	built, err := s.export(ctx, &w, q, format, options, labels)
	if err != nil {
		return s.exportError(c, err)
	}
	file.hold(built)
	return s.sendFile(c, &file)
}

// viewTime is how long the rows of a part of a table may be searched for.
const viewTime = time.Minute

// export returns the table of w, or what q asks of it, in a format. Groups and
// figures are called as in the language of labels.
func (s *Site) export(ctx context.Context, w *wanted, q datasets.RowQuery, format exporters.Format, o exporters.Options, labels *locale) (*exporters.Built, error) {
	digest := w.edition.Digest
	key := labels.labelledKey(q, w.edition.Schema)
	o = w.titled(o)
	if key == "" {
		return s.Exports.Get(ctx, digest, format, o, s.wholeTable(digest)) //nolint:contextcheck // what it opens outlives the request
	}
	return s.Exports.GetPart(ctx, digest, key, format, o, func() (*datasets.Table, error) {
		rows, err := s.Files.Rows(digest) //nolint:contextcheck // what it opens outlives the request
		if err != nil {
			return nil, err
		}
		search, cancel := context.WithTimeout(context.WithoutCancel(ctx), viewTime) // others may wait for it too
		defer cancel()
		view, err := rows.View(search, q)
		if err == nil {
			view.Schema = labels.labelled(q, rows.Schema(), view.Schema)
		}
		return view, err
	})
}

// titled names the sheet of a workbook after the resource, unless its address
// names the edition for ever.
func (w *wanted) titled(o exporters.Options) exporters.Options {
	if !w.frozen {
		o.Title = w.Resource.SheetTitle()
	}
	return o
}

// wholeTable opens the table with the digest.
func (s *Site) wholeTable(digest string) func() (*datasets.Table, error) {
	return func() (*datasets.Table, error) {
		rows, err := s.Files.Rows(digest)
		if err != nil {
			return nil, err
		}
		return rows.Table(), nil
	}
}

// exportQuery reads the row query of a download. A file has all rows that it
// asks for: parameters of pages are refused.
func (s *Site) exportQuery(c *fiber.Ctx, w *wanted, query url.Values) (datasets.RowQuery, error) {
	for _, name := range []string{paramSize, paramAfter} {
		if query.Has(name) {
			return datasets.RowQuery{}, s.refuse(answerLanguage(c), fiber.StatusUnprocessableEntity, name, "refused.paging", "url", apiPrefix+w.path()+"/rows")
		}
	}
	q, err := datasets.ParseRowQuery(w.edition.Schema, query)
	q.Select = once(q.Select)
	return q, err
}

// selectionMark is what the name of a file says when it holds a part of the
// table.
func (s *Site) selectionMark(w *wanted, key string) string {
	if key == "" {
		return ""
	}
	return s.locales[mainLanguage(&w.Dataset)].Text("file.selection") + " " + key[:min(8, len(key))]
}

// serveFile answers with the bytes that the edition was read from, as they came.
func (s *Site) serveFile(c *fiber.Ctx) error {
	w, moved, err := s.want(c)
	switch {
	case err != nil:
		return err
	case moved != "":
		return c.Redirect(moved, fiber.StatusPermanentRedirect)
	case w.edition == nil || w.edition.File == "":
		return s.refuseFile(c, &w)
	}
	if err := s.onlyParams(c); err != nil {
		return err
	}
	body, size, err := s.Files.Open(w.edition.File)
	if errors.Is(err, fs.ErrNotExist) {
		return s.refuse(answerLanguage(c), fiber.StatusServiceUnavailable, "", "refused.lost", "digest", w.edition.File)
	}
	if err != nil {
		return err
	}
	base, ext := splitExt(w.edition.FileName)
	if ext == "" {
		ext = formatExt(w.Resource.Format)
	}
	file := storedFile{
		body: body, size: size, tag: w.edition.File, modified: w.edition.Since,
		kind: fileKind(ext), cache: w.cache(), foreign: true,
	}
	if base == "" {
		file.name, file.plain = w.saveNames("", ext)
	} else {
		file.name = fileName(base) + ext
		file.plain = plainName(file.name)
	}
	return s.sendFile(c, &file)
}

// sendFile sends f and tells those who ask for bytes that it does not have.
func (s *Site) sendFile(c *fiber.Ctx, f *storedFile) error {
	err := f.send(c)
	var outside *rangeError
	if errors.As(err, &outside) {
		refusal := s.refuse(answerLanguage(c), fiber.StatusRequestedRangeNotSatisfiable, fiber.HeaderRange, "refused.range", "n", outside.size)
		if err := s.fail(c, refusal); err != nil {
			return err
		}
		c.Set(fiber.HeaderContentRange, contentSize(outside.size))
		return nil
	}
	return err
}

// exportError says what keeps an export from being written.
func (s *Site) exportError(c *fiber.Ctx, err error) error {
	var fault *datasets.FileError
	switch {
	case errors.As(err, &fault):
		return &RefusedError{Problem: Problem{Status: fiber.StatusUnprocessableEntity, Faults: []ProblemFault{
			{Row: fault.Row, Column: fault.Column, Sentence: fault.Text},
		}}}
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return s.because(s.refuse(answerLanguage(c), fiber.StatusInsufficientStorage, "", "refused.full"), err)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, datasets.ErrDamaged):
		return s.because(s.refuse(answerLanguage(c), fiber.StatusServiceUnavailable, "", "refused.damaged"), err)
	case errors.Is(err, exporters.ErrBusy):
		return s.refuse(answerLanguage(c), fiber.StatusServiceUnavailable, "", "refused.busy", "n", busyRetry)
	case errors.Is(err, errLeft):
		return fiber.NewError(statusLeft)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return s.because(s.refuse(answerLanguage(c), fiber.StatusServiceUnavailable, "", "refused.stopping"), err)
	default:
		return err
	}
}

// The parameters of a download.
const (
	paramRaw    = "raw"
	paramEscape = "escape"
	paramBOM    = "bom"
)

// exportOptions takes the options of a download out of its query. What is left
// is the row query.
func (s *Site) exportOptions(c *fiber.Ctx, format *exporters.Format, query url.Values) (o exporters.Options, err error) {
	for _, name := range []string{paramRaw, paramEscape, paramBOM} {
		values, given := query[name]
		switch {
		case !given:
		case name != paramRaw && format.Ext != "csv":
			return o, s.refuse(answerLanguage(c), fiber.StatusUnprocessableEntity, name, "refused.csv_only")
		case len(values) != 1 || values[0] != "0" && values[0] != "1":
			return o, s.refuse(answerLanguage(c), fiber.StatusUnprocessableEntity, name, "refused.switch", "value", strings.Join(values, ", "))
		}
	}
	o.Raw = query.Get(paramRaw) == "1"
	o.NoEscape = query.Get(paramEscape) == "0"
	o.BOM = query.Get(paramBOM) == "1"
	for _, name := range []string{paramRaw, paramEscape, paramBOM} {
		delete(query, name)
	}
	return o, nil
}

// onlyParams refuses any parameter: an original file comes as it is.
func (s *Site) onlyParams(c *fiber.Ctx) error {
	query, err := url.ParseQuery(string(c.Request().URI().QueryString()))
	if err != nil {
		return s.refuse(answerLanguage(c), fiber.StatusBadRequest, "", "refused.query")
	}
	for name := range query {
		return s.refuse(answerLanguage(c), fiber.StatusUnprocessableEntity, name, "refused.param")
	}
	return nil
}
