package harvesters

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/jsonstream"
)

// mapPackage maps a package of CKAN. A field may stand in the package, in its
// extras, or in an object of ckanext-scheming.
func (m *mapper) mapPackage(o object, base *url.URL) (*catalog.Dataset, *catalog.Agency, *SkipError) {
	if o["resources"] == nil && o.first("distribution", "publisher") != nil && o["name"] == nil && o["notes"] == nil {
		return m.mapDCAT(o, base) // a data.json among packages
	}
	m.identifier = oneLine(o.text("id", "name"))
	if len(m.identifier) > maxIdentifier {
		m.identifier = cut(m.identifier, maxIdentifier)
		return nil, nil, m.skip("id", "record.longid", maxIdentifier)
	}
	if m.identifier == "" {
		return nil, nil, m.skip("id", "record.noname")
	}
	if skip := m.unpublished(o); skip != nil {
		return nil, nil, skip
	}
	m.spread(o)
	d := &catalog.Dataset{Languages: m.languages(o.texts("language"))}
	lang := onlyLanguage(d.Languages)
	d.Title = m.translated(o, "title", lang, name)
	if len(d.Title) == 0 {
		if o.text("name") == "" || o.text("name") == m.identifier && o["resources"] == nil {
			return nil, nil, m.skip("title", "title.none")
		}
		d.Title = catalog.TitleOf(titleOf(o.text("name") + "."))
		m.fault("title", "title.name", o.text("name"))
	}
	m.packageTexts(d, o, base, lang)
	m.packageDates(d, o)
	var agency *catalog.Agency
	d.Publisher, agency = m.organization(o, lang)
	d.Contact = m.packageContact(o)
	d.Resources = m.resources(o, base, lang)
	return d, agency, nil
}

// unpublished returns why a package is not to be shown, nil when it is.
func (m *mapper) unpublished(o object) *SkipError {
	state := strings.ToLower(o.text("state"))
	switch {
	case isTrue(o["private"]):
		return m.skip("private", "record.private")
	case state != "" && state != "active":
		return m.skip("state", "record.state", cut(state, 40))
	case isTrue(o["unpublished"]):
		return m.skip("unpublished", "record.unpublished")
	}
	return nil
}

// spread brings the fields of extras into the package where it has none of the
// name; JSON in a text is decoded.
func (m *mapper) spread(o object) {
	set := func(key string, v any) {
		if s, ok := v.(string); ok {
			v = jsonInText(s)
		}
		if o.first(key) == nil {
			o[key] = v
		}
	}
	switch extras := o["extras"].(type) {
	case []any:
		for _, v := range extras {
			if e := asObject(v); e != nil {
				set(e.text("key"), e["value"])
			}
		}
	case map[string]any:
		for k, v := range extras {
			set(k, v)
		}
	}
	for k, v := range o {
		if s, ok := v.(string); ok && k != "notes" && k != "title" && k != "spatial" {
			o[k] = jsonInText(s)
		}
	}
}

// jsonInText decodes a text that holds a JSON list or object, and returns any
// other as it is.
func jsonInText(s string) any {
	t := strings.TrimSpace(s)
	if len(t) < 2 || t[0] != '[' && t[0] != '{' {
		return s
	}
	js := jsonstream.New(strings.NewReader(t))
	raw, over, err := js.Value()
	if err != nil || over != "" || js.End() != nil {
		return s
	}
	v, err := decodeJSON(raw)
	if err != nil {
		return s
	}
	return v
}

// translated is the field, and the texts of field_translated by language.
func (m *mapper) translated(o object, field, lang string, tidy func(string) string) catalog.Text {
	t := textIn(o[field+"_translated"], lang, tidy)
	for l, s := range textIn(o[field], lang, tidy) {
		if t == nil {
			t = catalog.Text{}
		}
		if t[l] == "" && !holds(t, s) {
			t[l] = s
		}
	}
	for _, l := range catalog.Languages { // title_fa, title_en
		if s := tidy(textOf(o[field+"_"+l])); s != "" && t[l] == "" {
			if t == nil {
				t = catalog.Text{}
			}
			t[l] = s
		}
	}
	return t
}

func holds(t catalog.Text, s string) bool {
	for _, have := range t {
		if have == s {
			return true
		}
	}
	return false
}

func (m *mapper) packageTexts(d *catalog.Dataset, o object, base *url.URL, lang string) {
	d.Description = m.translated(o, "notes", lang, m.description)
	if d.Description == nil {
		d.Description = m.translated(o, "description", lang, m.description)
	}
	d.Keywords = m.tags(o)
	d.Themes = m.themes("groups", append(asList(o["groups"]), append(asList(o["theme"]),
		append(asList(o["theme-primary"]), asList(o["theme-secondary"])...)...)...))
	d.Rights = cut(plain(o.text("rights", "access_rights_note")), maxDescription)
	m.packageLicence(d, o)
	d.AccessLevel = m.accessLevel(o)
	d.Spatial = m.spatial(o.first("spatial_text", "spatial_coverage", "geographic_coverage", "geographicCoverage", "spatial", "bbox", "spatial_uri"))
	if d.Spatial == "" {
		d.Spatial = m.spatial(o["spatial"])
	}
	d.LandingPage = m.address("url", o.text("url", "landing_page"), base)
	if base != nil && d.LandingPage == "" && o.text("name") != "" {
		d.LandingPage = base.JoinPath("dataset", o.text("name")).String()
	}
	for _, s := range o.texts("documentation") {
		if isURL(s) {
			d.References = append(d.References, s)
		}
	}
	d.ConformsTo = o.texts("conforms_to")
	if first := firstOf(o["data_dictionary"]); first != nil {
		if dict := asObject(first); dict != nil {
			first = dict.text("url")
		}
		d.DescribedBy = m.address("data_dictionary", textOf(first), base)
	}
	d.PartOf = oneLine(textOf(firstOf(o.first("in_series", "collection_package_id"))))
}

// tags are the tags of a package, of its vocabularies, and their translations
// where it has those alone.
func (m *mapper) tags(o object) []string {
	tags := o.first("tags", "keywords", "tag_string")
	if tags == nil {
		if by := asObject(o["tags_translated"]); by != nil {
			tags = by.first(append([]string{"en", "fa"}, keysOf(by)...)...)
		}
	}
	return m.words("tags", tags)
}

// packageLicence finds the licence of a package, or of its resources when all
// have the same.
func (m *mapper) packageLicence(d *catalog.Dataset, o object) {
	for _, k := range []string{"license_url", "license_id", "license", "license_title"} {
		given := o.text(k)
		id := catalog.LicenceOf(given)
		if _, known := catalog.LicenceByID(id); known && id != catalog.LicenceOther {
			d.Licence = id
			return
		}
	}
	given := o.text("license_title", "license_id", "license_url", "license")
	if given == "" {
		for i, v := range asList(o["resources"]) {
			l := asObject(v).text("license", "license_id", "license_url")
			if i == 0 {
				given = l
			} else if l != given {
				return
			}
		}
	}
	m.licence(d, given)
}

func (m *mapper) packageDates(d *catalog.Dataset, o object) {
	d.Frequency = frequency(o.text("frequency", "accrual_periodicity", "update_frequency", "update_freq", "frequency-of-update"))
	d.Issued = m.firstDate("issued", o, "issued", "date_released", "release_date", "metadata_created")
	if s := o.text("modified", "date_updated"); s != "" {
		m.modified(d, s)
	}
	if d.Modified == "" {
		d.Modified = m.firstDate("metadata_modified", o, "metadata_modified")
	}
	d.Temporal = m.interval("temporal_coverage", o.first("temporal_coverage", "temporal"))
	if d.Temporal == (catalog.Interval{}) {
		d.Temporal = m.between("temporal", o.text("temporal_start", "temporal_coverage_from", "temporal_coverage-from"),
			o.text("temporal_end", "temporal_coverage_to", "temporal_coverage-to"))
	}
}

// firstDate is the first of the fields that holds something, as a date.
func (m *mapper) firstDate(field string, o object, keys ...string) string {
	return m.date(field, o.text(keys...))
}

// organization returns who publishes the package: its organization, else the
// publisher of its extras.
func (m *mapper) organization(o object, lang string) (string, *catalog.Agency) {
	org := asObject(o["organization"])
	if org != nil {
		title := m.translated(org, "title", lang, name)
		if len(title) == 0 {
			title = textIn(org.first("display_name", "name"), lang, name)
		}
		if s, _ := title.In("en"); s != "" {
			return s, &catalog.Agency{
				Title: title, Slug: org.text("name"), Description: m.translated(org, "description", lang, m.description),
				Contact: email(org.text("email")),
			}
		}
	}
	if v := firstOf(o["publisher"]); v != nil {
		return m.publisher(v, lang)
	}
	s := name(o.text("publisher_name", "organization"))
	if s == "" {
		return "", nil
	}
	a := &catalog.Agency{Title: inLanguage(s, lang), Contact: email(o.text("publisher_email"))}
	if home := o.text("publisher_url"); isURL(home) {
		a.Homepage = home
	}
	return s, a
}

// packageContact is the contact of a package, else its maintainer or author.
func (m *mapper) packageContact(o object) catalog.Contact {
	if c := asObject(firstOf(o.first("contact", "contact_point"))); c != nil {
		return catalog.Contact{Name: name(c.text("name", "fn")), Email: m.email("contact", c.text("email", "hasEmail"))}
	}
	for _, who := range []struct{ name, email string }{
		{"contact_name", "contact_email"}, {"contact-name", "contact-email"}, {"maintainer", "maintainer_email"}, {"author", "author_email"},
	} {
		c := catalog.Contact{Name: name(o.text(who.name)), Email: m.email(who.email, o.text(who.email))}
		if c != (catalog.Contact{}) {
			return c
		}
	}
	return catalog.Contact{}
}

// resources maps the resources of a package that are published.
func (m *mapper) resources(o object, base *url.URL, lang string) []catalog.Resource {
	var all []catalog.Resource
	for i, v := range asList(o["resources"]) {
		r := asObject(v)
		if r == nil {
			m.fault("resources", "resource.object", i+1)
			continue
		}
		if state := strings.ToLower(r.text("state")); state != "" && state != "active" {
			continue
		}
		all = append(all, m.resource(r, i+1, base, lang))
	}
	return all
}

func (m *mapper) resource(o object, n int, base *url.URL, lang string) catalog.Resource {
	field := "resource " + strconv.Itoa(n)
	given := o.text("download_url", "url", "access_url")
	r := catalog.Resource{
		Identifier:  oneLine(o.text("id")),
		Title:       m.translated(o, "name", lang, func(s string) string { return cut(name(s), maxName) }),
		Description: m.translated(o, "description", lang, m.description),
		MediaType:   cut(oneLine(bareMediaType(o.text("mimetype"))), maxWord),
		Size:        size(o.text("size")),
		Modified:    m.quietDate(o.text("last_modified", "modified", "metadata_modified")),
	}
	address := m.address(field, given, base)
	format := o.text("format")
	finish(&r, format)
	if r.Format == "" {
		r.Format = catalog.FormatOf(format, r.MediaType, address)
	}
	switch {
	case given == "":
		m.fault(field, "resource.none")
	case isPage(r.Format):
		r.AccessURL = address
	default:
		r.DownloadURL = address
		if access := o.text("access_url"); access != "" && access != given {
			r.AccessURL = m.address(field, access, base)
		}
	}
	finish(&r, format)
	return r
}

// isPage reports whether what stands behind an address of the format is looked
// at or asked, not taken as a file.
func isPage(format string) bool {
	switch format {
	case "", "HTML", "API", "WMS", "WFS", "WMTS", "WCS", "CSW", "SPARQL":
		return true
	}
	return false
}

// quietDate is a date that software writes: one that cannot be read is no fault
// of anybody who could mend it.
func (m *mapper) quietDate(s string) string {
	iso, _ := isoDate(s)
	return iso
}
