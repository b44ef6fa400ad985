package harvesters

import (
	"io"
	"path"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/jsonstream"

	"golang.org/x/text/unicode/norm"
)

// described yields the dataset of a description (a Data Package of Frictionless
// Data, or the fields of a data.json) and of the files that belong to it.
func (w *folderWalk) described(at string, about *found, files []found) error {
	m := &mapper{position: "file " + about.key(), identifier: about.key()}
	raw, o, err := w.description(about)
	if err != nil {
		skip := &SkipError{Identifier: m.identifier, Position: m.position, Err: err}
		if !w.yield(catalog.Record{}, skip) {
			return errStop
		}
		return nil
	}
	w.complete(o, at, about, files)
	d, agency, skip := m.mapDCAT(o, nil)
	m.identifier = about.key()
	if skip != nil {
		skip.Identifier = m.identifier
		if !w.yield(catalog.Record{}, skip) {
			return errStop
		}
		return nil
	}
	if d.AccessLevel == "" {
		d.AccessLevel = "public"
	}
	if d.Modified == "" {
		d.Modified = newest(files)
	}
	lang := onlyLanguage(d.Languages)
	d.Resources = m.packageResources(o, at, files, lang)
	if !w.yield(m.done(raw, d, agency), nil) {
		return errStop
	}
	return nil
}

// description reads the JSON of a description.
func (w *folderWalk) description(about *found) ([]byte, object, error) {
	file, err := openRegular(w.root, about.path)
	if err != nil {
		return nil, nil, say("about.closed").because(err)
	}
	defer file.Close()
	if about.size > maxDescribed {
		return nil, nil, say("about.large", catalog.Bytes(maxDescribed))
	}
	text, err := jsonText(file, "", w.visit.Note)
	if err != nil {
		return nil, nil, before(say("about.nojson"), sentenceOf(err))
	}
	s := jsonstream.New(io.LimitReader(text, 4*maxDescribed))
	raw, over, err := s.Value()
	if err == nil && over == "" {
		err = s.End()
	}
	if err != nil {
		return nil, nil, err
	}
	if over != "" {
		return nil, nil, notRead(s)
	}
	v, err := decodeJSON(raw)
	o := asObject(v)
	if err != nil || o == nil {
		return nil, nil, say("about.object")
	}
	return raw, o, nil
}

// complete brings the fields of a Data Package into those of a data.json, and
// fills in what the folder itself tells.
func (w *folderWalk) complete(o object, at string, about *found, files []found) {
	alias := func(key string, others ...string) {
		if o.first(key) == nil {
			o[key] = o.first(others...)
		}
	}
	o["identifier"] = about.key()
	if o.text("title") == "" {
		switch {
		case strings.HasSuffix(about.name(), metaEnd) && len(files) > 1:
			o["title"] = titleOf(strings.TrimSuffix(about.name(), metaEnd))
		case at != ".":
			o["title"] = titleOf(path.Base(at) + ".")
		default:
			o["title"] = titleOf(path.Base(w.visit.Source.URL) + ".")
		}
		if name := o.text("name"); name != "" {
			o["title"] = titleOf(name + ".")
		}
	}
	alias("description", "abstract")
	if o.first("description") == nil {
		o["description"] = w.readme(files)
	}
	alias("keyword", "keywords", "tags")
	alias("theme", "themes")
	alias("license", "licence", "licenses", "licences")
	if l := asObject(firstOf(o["license"])); l != nil {
		o["license"] = firstText(l, "path", "url", "name", "type", "title")
	}
	alias("landingPage", "homepage")
	alias("issued", "created")
	alias("modified", "updated", "last_updated")
	alias("accrualPeriodicity", "frequency", "updateFrequency")
	alias("publisher", "agency", "organization")
	alias("contactPoint", "contact", "maintainers")
	for _, v := range asList(o["contributors"]) {
		if c := asObject(v); c != nil && o.first("publisher") == nil && strings.EqualFold(c.text("role"), "publisher") {
			o["publisher"] = map[string]any(c)
		}
	}
}

// firstText is the first text of the fields as it stands, for a licence: an
// address is better than a name.
func firstText(o object, keys ...string) any {
	if s := o.text(keys...); s != "" {
		return s
	}
	return nil
}

// readme returns the text of a README among the files, nil when there is none.
func (w *folderWalk) readme(files []found) any {
	for i := range files {
		upper := strings.ToUpper(files[i].name())
		if upper != "README.MD" && upper != "README.TXT" && upper != "README" || files[i].size > maxDescription {
			continue
		}
		file, err := openRegular(w.root, files[i].path)
		if err != nil {
			return nil
		}
		defer file.Close()
		b, err := io.ReadAll(io.LimitReader(file, maxDescription))
		if err != nil {
			return nil
		}
		return string(b)
	}
	return nil
}

func newest(files []found) string {
	if len(files) == 0 {
		return ""
	}
	at := files[0].at
	for _, f := range files {
		if f.at.After(at) {
			at = f.at
		}
	}
	return stamp(at)
}

// packageResources returns the resources that a description names, and those of
// the tables beside it that it does not.
func (m *mapper) packageResources(o object, at string, files []found, lang string) []catalog.Resource {
	byKey := map[string]*found{}
	for i := range files {
		byKey[files[i].key()] = &files[i]
	}
	var all []catalog.Resource
	taken := map[string]bool{}
	for i, v := range asList(o.first("resources", "distribution", "distributions")) {
		res := asObject(v)
		if res == nil {
			m.fault("resources", "resource.object", i+1)
			continue
		}
		for _, p := range res.texts("path", "url", "file", "downloadURL") {
			r, ok := m.packageResource(res, p, at, i+1, byKey, lang)
			if !ok || taken[r.Identifier] {
				continue
			}
			if r.DownloadURL == "" {
				taken[r.Identifier] = true
			}
			all = append(all, r)
		}
	}
	for i := range files {
		f := &files[i]
		r := resourceOf(f)
		if !taken[f.key()] && !beside(f.name()) && !isDescription(f.name()) && catalog.Fetchable(&r) {
			all = append(all, r)
		}
	}
	return all
}

func isDescription(name string) bool {
	return strings.EqualFold(name, "datapackage.json") || strings.EqualFold(name, "dataset.json") || strings.HasSuffix(name, metaEnd)
}

// packageResource returns the resource of one path of a description.
func (m *mapper) packageResource(o object, p, at string, n int, files map[string]*found, lang string) (catalog.Resource, bool) {
	r := catalog.Resource{}
	if isURL(p) {
		r.DownloadURL = m.address("resources", p, nil)
		r.Size = size(o.text("bytes", "byteSize", "size"))
		r.Modified = m.date("resources", o.text("modified"))
	} else {
		key := norm.NFC.String(path.Join(at, p))
		f := files[key]
		if f == nil {
			if f = files[norm.NFC.String(path.Join(at, path.Base(p)))]; f != nil {
				m.fault("resources", "resource.other", n, cut(p, 200), f.name())
				key = f.key()
			}
		}
		if path.IsAbs(p) || strings.HasPrefix(key, "..") || f == nil {
			m.fault("resources", "resource.file", n, cut(p, 200))
			return r, false
		}
		r = resourceOf(f)
	}
	r.Title = textIn(o.first("title"), lang, func(s string) string { return cut(name(s), maxName) })
	r.Description = textIn(o.first("description"), lang, m.description)
	r.MediaType = cut(oneLine(o.text("mediatype", "mediaType")), maxWord)
	file := r.Name
	format := o.text("format")
	if r.DownloadURL == "" && catalog.FormatOf("", "", file) != "" {
		format = path.Ext(file) // what the file is called wins over what is said of it
	}
	finish(&r, format)
	if r.Title == nil {
		if r.Name = oneLine(o.text("name")); r.Name == "" || r.DownloadURL == "" {
			r.Name = path.Base(p)
		}
	}
	return r, true
}
