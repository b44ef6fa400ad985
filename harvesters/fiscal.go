package harvesters

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal"

	"github.com/goccy/go-json"
)

// kindFiscal is the kind of budgets.
const kindFiscal = "fiscal"

// A budgets is a source of budgets: a Fiscal Data Package, a folder with such, or
// one table whose mapping is kept with the source.
type budgets struct {
	visit   *Visit
	mapping *fiscal.Mapping // that of the source; nil: the packages have their own
}

// FiscalOptions are what a source of kind fiscal is told.
type FiscalOptions struct {
	Mapping *fiscal.Mapping `json:"mapping,omitempty"`
}

func newFiscal(v *Visit) (Source, error) {
	if err := checkAddress(v); err != nil {
		return nil, err
	}
	var o FiscalOptions
	if len(v.Source.Options) > 0 {
		if err := json.Unmarshal(v.Source.Options, &o); err != nil {
			return nil, &catalog.InvalidError{Field: "options", Reason: "the mapping of the source is no JSON of the form that docs/budgets.md describes: " + err.Error()}
		}
	}
	if o.Mapping != nil && len(o.Mapping.Fields) == 0 {
		return nil, &catalog.InvalidError{Field: "mapping", Reason: "the mapping names no fields; see docs/budgets.md"}
	}
	return &budgets{v, o.Mapping}, nil
}

// fromDisk reports whether the files of a source are read from disk.
func fromDisk(src *catalog.Source) bool {
	return src.Kind == kindFolder || src.Kind == kindFiscal && !isURL(src.URL)
}

// rootOf is the folder in which the files of a source on this machine are.
func rootOf(src *catalog.Source) string {
	if info, err := os.Stat(src.URL); src.Kind == kindFiscal && err == nil && info.Mode().IsRegular() {
		return filepath.Dir(src.URL)
	}
	return src.URL
}

// Records yields the datasets of the budgets.
func (s *budgets) Records(ctx context.Context) iter.Seq2[catalog.Record, error] {
	return func(yield func(catalog.Record, error) bool) {
		w := &folderWalk{ctx: ctx, visit: s.visit}
		w.yield = func(r catalog.Record, err error) bool { return s.give(giver(yield), r, err) }
		if isURL(s.visit.Source.URL) {
			giver(yield).end(s.web(w))
		} else {
			giver(yield).end(s.disk(w))
		}
	}
}

// disk yields the budgets at a path.
func (s *budgets) disk(w *folderWalk) error {
	at := s.visit.Source.URL
	info, err := os.Stat(at)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return say("doc.none").because(err)
	case err != nil:
		return say("doc.closed").because(err)
	}
	if w.root, err = os.OpenRoot(rootOf(&s.visit.Source)); err != nil {
		return say("folder.closed").because(err)
	}
	defer w.root.Close()
	if info.IsDir() {
		return w.dir(".", 0)
	}
	file := found{filepath.Base(at), info.Size(), info.ModTime().UTC()}
	if !s.isPackage(file.name()) {
		return w.file(&file)
	}
	files, subs, err := w.list(".", 0)
	if err != nil {
		return err
	}
	if files, err = w.below(files, subs, 0); err != nil {
		return err
	}
	return w.described(".", &file, files)
}

// isPackage reports whether a file describes budgets rather than being one.
func (s *budgets) isPackage(name string) bool {
	return s.mapping == nil && strings.EqualFold(path.Ext(name), ".json") || strings.EqualFold(name, "datapackage.json")
}

// web yields the budget at an address.
func (s *budgets) web(w *folderWalk) error {
	base, err := url.Parse(s.visit.Source.URL)
	if err != nil {
		return say("doc.none").because(err)
	}
	name := path.Base(base.Path)
	if s.mapping != nil && !strings.EqualFold(name, "datapackage.json") {
		return s.webTable(w, name)
	}
	body, _, err := s.visit.page(w.ctx, Request{URL: s.visit.Source.URL, Accept: acceptJSON})
	if err != nil {
		return err
	}
	v, err := decodeJSON(body)
	o := asObject(v)
	if err != nil || o == nil {
		return say("about.object")
	}
	for _, v := range asList(o["resources"]) {
		r := asObject(v)
		if r == nil {
			continue
		}
		if p := r.text("path", "url"); p != "" && !isURL(p) {
			if to, err := base.Parse(p); err == nil {
				r["path"] = to.String()
			}
		}
	}
	about := &found{path: "datapackage.json"}
	w.complete(o, ".", about, nil)
	m := &mapper{position: "package " + cut(textOf(o["name"]), maxWord), identifier: about.key()}
	d, agency, skip := m.mapDCAT(o, base)
	if skip != nil {
		w.yield(catalog.Record{}, skip)
		return nil
	}
	d.AccessLevel = "public"
	d.Resources = m.packageResources(o, ".", nil, onlyLanguage(d.Languages))
	if !w.yield(m.done(body, d, agency), nil) {
		return errStop
	}
	return nil
}

// webTable yields the table at the source's address, whose mapping the source
// has.
func (s *budgets) webTable(w *folderWalk, name string) error {
	at := s.visit.Source.URL
	m := &mapper{position: "table " + name, identifier: at}
	d := &catalog.Dataset{
		Title: catalog.TitleOf(titleOf(name)), AccessLevel: "public",
		Resources: []catalog.Resource{{DownloadURL: at, Name: name, Format: catalog.FormatOf("", at, name)}},
	}
	raw, err := json.Marshal(map[string]any{"url": at})
	if err != nil {
		return err
	}
	if !w.yield(m.done(raw, d, nil), nil) {
		return errStop
	}
	return nil
}

// give makes of a dataset a budget: by what its package says, or by the mapping
// of the source.
func (s *budgets) give(yield giver, r catalog.Record, err error) bool {
	d, ok := r.Value.(*catalog.Dataset)
	if err != nil || !ok {
		return yield(r, err)
	}
	b := &fiscal.HarvestedBudget{Dataset: *d, Maps: map[string]fiscal.Mapping{}}
	skip := &SkipError{Identifier: r.Identifier, Position: r.Position, Field: "mapping"}
	switch p, err := fiscal.ReadPackage(r.Raw); {
	case err == nil:
		s.described(b, &r, &p)
	case s.mapping != nil:
		for i := range b.Resources {
			b.Maps[keyOfFile(&b.Resources[i])] = *s.mapping
		}
	case errors.Is(err, fiscal.ErrNoMoney) && len(p.Resources) > 0:
		skip.Err = say("fiscal.nomoney")
		return yield(catalog.Record{}, skip)
	case errors.Is(err, fiscal.ErrNoMoney):
		skip.Err = say("fiscal.nomapping")
		return yield(catalog.Record{}, skip)
	default:
		skip.Err = say("about.object").because(err)
		return yield(catalog.Record{}, skip)
	}
	r.Value = b
	return yield(r, nil)
}

// described takes the mappings of a package, and names the tables that it has
// not brought.
func (s *budgets) described(b *fiscal.HarvestedBudget, r *catalog.Record, p *fiscal.Package) {
	at := path.Dir(r.Identifier)
	if p.Name != "" {
		r.Identifier = cut(p.Name, maxIdentifier)
	}
	for i := range p.Resources {
		t := &p.Resources[i]
		file := fileOf(b.Resources, t, at)
		if file == nil {
			b.Resources = append(b.Resources, absent(t, at))
			file = &b.Resources[len(b.Resources)-1]
		}
		if t.Mapping != nil {
			b.Maps[keyOfFile(file)] = *t.Mapping
		}
	}
	for i := range r.Faults {
		r.Faults[i].Identifier = r.Identifier
	}
}

// keyOfFile is what a mapping is kept under.
func keyOfFile(r *catalog.Resource) string {
	if r.Identifier != "" {
		return r.Identifier
	}
	return r.DownloadURL
}

// fileOf is the resource of a table of a package; nil when it is not there.
func fileOf(files []catalog.Resource, t *fiscal.PackageTable, at string) *catalog.Resource {
	for i := range files {
		f := &files[i]
		switch {
		case f.DownloadURL != "" && (f.DownloadURL == t.Path || strings.HasSuffix(f.DownloadURL, "/"+t.Path)):
			return f
		case f.Identifier != "" && (f.Identifier == path.Join(at, t.Path) || path.Base(f.Identifier) == path.Base(t.Path)):
			return f
		}
	}
	return nil
}

// absent is the resource of a table that a package names and does not bring.
func absent(t *fiscal.PackageTable, at string) catalog.Resource {
	s := say("fiscal.absent", cut(t.Path, maxName))
	text, said := s.parts()
	return catalog.Resource{
		Identifier: path.Join(at, t.Path), Name: path.Base(t.Path), Format: catalog.FormatOf("", "", t.Path),
		Fetch: catalog.FetchFailed, FetchFault: text, FetchSaid: said,
	}
}
