package harvesters

import (
	"net/mail"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
)

// mapDCAT maps a dataset, series or service of DCAT-US 1.0, 1.1 or 3.0. A field
// under the prefixed name of its term goes before the plain one: a portal of
// this kind says there what DCAT-US has no room for.
func (m *mapper) mapDCAT(o object, base *url.URL) (*catalog.Dataset, *catalog.Agency, *SkipError) {
	m.identifier = m.dcatIdentifier(o)
	if len(m.identifier) > maxIdentifier {
		m.identifier = cut(m.identifier, maxIdentifier)
		return nil, nil, m.skip("identifier", "record.longid", maxIdentifier)
	}
	d := &catalog.Dataset{Languages: m.languages(o.texts("language", "dct:language"))}
	lang := onlyLanguage(d.Languages)
	if title := o.first("dct:title", "title"); title != nil {
		if _, isText := title.(string); !isText && asObject(title) == nil && len(asList(title)) == 1 && !isListOf(title) {
			m.fault("title", "title.notext", textOf(title))
		}
		d.Title = textIn(title, lang, name)
	}
	switch {
	case len(d.Title) == 0 && m.identifier == "":
		return nil, nil, m.skip("title", "id.both")
	case len(d.Title) == 0:
		return nil, nil, m.skip("title", "title.none")
	case m.identifier == "":
		return nil, nil, m.skip("identifier", "id.none",
			cut(textOf(o["title"]), 80))
	}
	m.dcatTexts(d, o, lang)
	m.dcatDates(d, o)
	m.dcatLinks(d, o, base)
	d.Contact = m.contact(o)
	var agency *catalog.Agency
	d.Publisher, agency = m.publisher(o.first("publisher", "dct:publisher"), lang)
	d.Resources = m.distributions(o, base, lang)
	return d, agency, nil
}

func isListOf(v any) bool { _, ok := v.([]any); return ok }

// dcatIdentifier returns the identifier of a record. Records without one are
// known by the first of the following that they have; this order must never
// change, because changing it makes every such record a new one.
func (m *mapper) dcatIdentifier(o object) string {
	if id := o.text("identifier", "dct:identifier"); id != "" {
		return hubIdentifier(oneLine(id))
	}
	for _, from := range []struct{ key, kind string }{{"@id", "id.at"}, {"landingPage", "id.landing"}} {
		if id := o.text(from.key); id != "" && !strings.HasPrefix(id, "_:") {
			m.fault("identifier", from.kind)
			return hubIdentifier(oneLine(id))
		}
	}
	for _, v := range asList(o.first("distribution", "dcat:distribution")) {
		if id := asObject(v).text("downloadURL", "accessURL"); isURL(id) {
			m.fault("identifier", "id.file")
			return oneLine(id)
		}
	}
	return ""
}

// hubItem is an identifier that an ArcGIS Hub makes: the item's number and a
// layer in some address, whose form has changed more than once.
var hubItem = regexp.MustCompile(`(?i)^https?://[^\s]*(?:arcgis\.com/home/item\.html\?id=|/datasets/(?:[\w.-]+::)?|arcgis\.com/[^?#]*/)([0-9a-f]{32})(?:(?:_|&sublayer=|&layer=|/)(\d+))?/?$`)

// hubIdentifier returns number_layer of an identifier made by an ArcGIS Hub,
// and any other as it is.
func hubIdentifier(s string) string {
	found := hubItem.FindStringSubmatch(s)
	if found == nil {
		return s
	}
	if found[2] == "" {
		return strings.ToLower(found[1])
	}
	return strings.ToLower(found[1]) + "_" + found[2]
}

func (m *mapper) dcatTexts(d *catalog.Dataset, o object, lang string) {
	d.Description = textIn(o.first("dct:description", "description"), lang, m.description)
	d.Keywords = m.words("keyword", o.first("keyword", "dcat:keyword"))
	d.Themes = m.themes("theme", o.first("theme", "dcat:theme", "category"))
	d.Rights = cut(plain(o.text("dct:rights", "rights", "accessLevelComment")), maxDescription)
	m.licence(d, o.text("dct:license", "license"))
	d.AccessLevel = m.accessLevel(o)
	d.Spatial = m.spatial(o.first("spatial", "dct:spatial"))
}

func (m *mapper) dcatDates(d *catalog.Dataset, o object) {
	d.Frequency = frequency(o.text("dct:accrualPeriodicity", "accrualPeriodicity"))
	d.Issued = m.date("issued", o.text("issued", "dct:issued"))
	m.modified(d, o.text("modified", "dct:modified"))
	d.Temporal = m.interval("temporal", o.first("dct:temporal", "temporal"))
}

func (m *mapper) dcatLinks(d *catalog.Dataset, o object, base *url.URL) {
	d.LandingPage = m.address("landingPage", o.text("landingPage", "dcat:landingPage"), base)
	d.DescribedBy = m.address("describedBy", o.text("describedBy", "dataDictionary"), base)
	for _, s := range o.texts("references", "page") {
		if s = m.address("references", s, base); s != "" {
			d.References = append(d.References, s)
		}
	}
	d.ConformsTo = o.texts("dct:conformsTo", "conformsTo")
	parent := firstOf(o.first("isPartOf", "inSeries", "dct:isPartOf"))
	if p := asObject(parent); p != nil {
		parent = p.text("identifier", "@id")
	}
	d.PartOf = hubIdentifier(oneLine(textOf(parent)))
}

// languages returns the tags of a language field in BCP 47.
func (m *mapper) languages(given []string) []string {
	var tags []string
	seen := map[string]bool{}
	if len(given) == 1 && !isURL(given[0]) { // "en,es"
		given = strings.FieldsFunc(given[0], func(r rune) bool { return r == ',' || r == ';' || r == '|' })
	}
	for _, s := range given {
		tag := languageTag(s)
		if tag == "" {
			m.fault("language", "language.none", cut(s, 40))
		} else if !seen[tag] {
			seen[tag] = true
			tags = append(tags, tag)
		}
	}
	return tags
}

// licence sets the licence that a source gives as an address, an id or in
// words. Conditions too long for a name go to the rights.
func (m *mapper) licence(d *catalog.Dataset, given string) {
	const longest = 120
	given = plain(given)
	d.Licence = catalog.LicenceOf(given)
	switch {
	case d.Licence == "" && given != "" && !isURL(given):
		m.fault("license", "licence.none", cut(oneLine(given), 60))
	case len(d.Licence) > longest || strings.ContainsAny(d.Licence, "\n"):
		d.Licence = catalog.LicenceOther
		if !strings.Contains(d.Rights, given) {
			d.Rights = cut(strings.TrimSpace(d.Rights+"\n\n"+given), maxDescription)
		}
	}
}

// accessLevel returns public, restricted public or non-public.
func (m *mapper) accessLevel(o object) string {
	given := o.text("accessLevel", "access_level", "accessRights", "dct:accessRights", "access_rights")
	word := strings.NewReplacer("_", " ", "-", " ").Replace(strings.ToLower(oneLine(lastSegment(given))))
	switch word {
	case "":
		return ""
	case "public", "open":
		return "public"
	case "restricted public", "restricted":
		return "restricted public"
	case "non public", "nonpublic", "private", "confidential":
		return "non-public"
	}
	if o.text("accessLevel") != "" {
		m.fault("accessLevel", "access.none", cut(given, 60))
	}
	return ""
}

// address returns an http(s) address, made whole where it is relative. What is
// no address is a fault, but for words that mean none.
func (m *mapper) address(field, s string, base *url.URL) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.EqualFold(s, "n/a") || strings.EqualFold(s, "none") || s == "-" || s == "#" {
		return ""
	}
	if strings.HasPrefix(s, "www.") {
		s = "http://" + s
	}
	u, err := url.Parse(strings.ReplaceAll(s, " ", "%20"))
	if err == nil && u.Scheme == "" && base != nil && !strings.ContainsAny(s, " \n") {
		u = base.ResolveReference(u)
	}
	switch {
	case err != nil || u.Host == "" && u.Scheme != "ftp":
		m.fault(field, "address.none", cut(oneLine(s), 80))
		return ""
	case u.Scheme == "http" || u.Scheme == "https" || u.Scheme == "ftp" || u.Scheme == "ftps" || u.Scheme == "sftp":
		u.User = nil
		return u.String()
	}
	m.fault(field, "address.scheme", cut(oneLine(s), 80))
	return ""
}

// publisher returns the chain of names from the smallest unit up, and the
// agency of the smallest.
func (m *mapper) publisher(v any, lang string) (string, *catalog.Agency) {
	var chain []string
	var agency *catalog.Agency
	for depth := 0; v != nil && depth < 10; depth++ {
		list := asList(v)
		if len(list) == 0 {
			break
		}
		o := asObject(list[0])
		title := textIn(list[0], lang, name)
		if o != nil {
			title = textIn(o.first("foaf:name", "name", "prefLabel", "title"), lang, name)
		}
		s, _ := title.In("en")
		if s == "" {
			break
		}
		if agency == nil {
			agency = &catalog.Agency{Title: title}
			if o != nil {
				agency.Contact = email(o.text("mbox", "email", "hasEmail"))
				if home := o.text("homepage", "url"); isURL(home) {
					agency.Homepage = home
				}
			}
		}
		chain = append(chain, s)
		v = o.first("subOrganizationOf", "org:subOrganizationOf")
	}
	return strings.Join(chain, " › "), agency
}

// contact returns whom to ask: contactPoint of 1.1 and 3.0, contactPoint and
// mbox of 1.0.
func (m *mapper) contact(o object) catalog.Contact {
	v := o.first("contactPoint", "dcat:contactPoint")
	for _, item := range asList(v) {
		if c := asObject(item); c != nil {
			return catalog.Contact{
				Name:  name(c.text("fn", "vcard:fn", "hasFN", "name", "organization-name")),
				Email: m.email("contactPoint", c.text("hasEmail", "vcard:hasEmail", "email", "mbox")),
			}
		}
	}
	return catalog.Contact{Name: name(textOf(v)), Email: m.email("mbox", o.text("mbox"))}
}

// email returns the address of a mail; what is none is a fault.
func (m *mapper) email(field, s string) string {
	e := email(s)
	if e == "" && s != "" && !isURL(s) {
		m.fault(field, "mail.none", cut(oneLine(s), 80))
	}
	return e
}

func email(s string) string {
	s = strings.TrimSpace(s)
	if hasPrefixFold(s, "mailto:") {
		s = strings.TrimSpace(s[len("mailto:"):])
		s, _, _ = strings.Cut(s, "?")
	}
	a, err := mail.ParseAddress(s)
	if err != nil || !strings.Contains(a.Address, "@") {
		return ""
	}
	return a.Address
}

// distributions maps the distributions of a dataset, those of 1.0 that stand in
// the dataset itself, and the endpoint of a service.
func (m *mapper) distributions(o object, base *url.URL, lang string) []catalog.Resource {
	var all []catalog.Resource
	list := asList(o.first("distribution", "dcat:distribution", "distributions"))
	const most = 5000
	if len(list) > most {
		m.fault("distribution", "dist.many", len(list), most)
		list = list[:most]
	}
	for i, v := range list {
		dist := asObject(v)
		if dist == nil {
			if v != nil {
				m.fault("distribution", "dist.object", i+1)
			}
			continue
		}
		all = append(all, m.distribution(dist, i+1, base, lang))
	}
	if len(list) == 0 && o.text("accessURL", "downloadURL") != "" {
		all = append(all, m.distribution(object{
			"accessURL": o["accessURL"], "downloadURL": o["downloadURL"], "format": o["format"], "title": nil,
		}, 1, base, lang))
	}
	for _, v := range asList(o.first("webService", "endpointURL", "dcat:endpointURL")) {
		all = append(all, m.distribution(object{"accessURL": v, "format": "API"}, len(all)+1, base, lang))
	}
	return all
}

func (m *mapper) distribution(o object, n int, base *url.URL, lang string) catalog.Resource {
	field := "distribution " + strconv.Itoa(n)
	access := o.text("accessURL", "dcat:accessURL", "url")
	format := o.text("format", "dct:format")
	if access == "" {
		if service := asObject(firstOf(o["accessService"])); service != nil {
			access = service.text("endpointURL")
			if format == "" {
				format = "API"
			}
		}
	}
	r := catalog.Resource{
		Identifier:  oneLine(o.text("identifier", "@id")),
		Title:       textIn(o.first("dct:title", "title"), lang, func(s string) string { return cut(name(s), maxName) }),
		Description: textIn(o.first("dct:description", "description"), lang, m.description),
		AccessURL:   m.address(field, access, base),
		DownloadURL: m.address(field, o.text("downloadURL", "dcat:downloadURL"), base),
		MediaType:   cut(oneLine(bareMediaType(o.text("dcat:mediaType", "mediaType"))), maxWord),
		Modified:    m.date(field, o.text("modified", "dct:modified")),
		Size:        size(o.text("byteSize", "dcat:byteSize")),
	}
	if strings.HasPrefix(r.Identifier, "_:") {
		r.Identifier = ""
	}
	if r.AccessURL == "" && r.DownloadURL == "" && access == "" && o.text("downloadURL") == "" {
		m.fault(field, "dist.none")
	}
	finish(&r, format)
	return r
}

func firstOf(v any) any {
	if list := asList(v); len(list) > 0 {
		return list[0]
	}
	return nil
}

// finish sets what follows from the other fields of a resource: the format, and
// one plain name.
func finish(r *catalog.Resource, format string) {
	address := r.DownloadURL
	if address == "" {
		address = r.AccessURL
	}
	r.Format = catalog.FormatOf(format, r.MediaType, address)
	if r.Name, _ = r.Title.In("en"); r.Name == "" {
		r.Name = nameOf(address, r.Format)
	}
}

// nameOf is a name for what has none: the file of its address, else the format,
// else the end of the address.
func nameOf(address, format string) string {
	u, err := url.Parse(address)
	if err != nil {
		return format
	}
	last := cut(oneLine(path.Base(u.Path)), maxName)
	switch {
	case path.Ext(last) != "" && len(last) > 1:
		return last
	case format != "":
		return format
	case len(last) > 1:
		return last
	}
	return u.Host
}

// bareMediaType is the media type of an address in the list of IANA, and any
// other as it is.
func bareMediaType(s string) string {
	if _, t, ok := strings.Cut(s, "media-types/"); ok {
		return t
	}
	return s
}

// size returns a number of bytes, 0 when s is none.
func size(s string) int64 {
	f, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || f < 0 || f > 1<<60 {
		return 0
	}
	return int64(f)
}
