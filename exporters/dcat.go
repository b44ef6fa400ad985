package exporters

import (
	"bufio"
	"cmp"
	"context"
	"io"
	"iter"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/persian"

	"github.com/goccy/go-json"
)

// A Listing is a dataset in the list of all of them, with what it refers to.
type Listing struct {
	Dataset *catalog.Dataset
	Agency  *catalog.Agency
	Above   []*catalog.Agency // those above the agency, the nearest first
	PartOf  string            // id of the dataset that it is a part of; empty: none that is published here
}

// WriteDataJSON writes the list of all datasets as DCAT-US 1.1 (Project Open
// Data), one dataset a line; site is the public address of the portal without a
// slash at its end. Memory does not grow with the number of datasets.
//
// The fields that DCAT-US requires are always there but for one: where a
// publisher gave no mail address, none is made up. What it cannot say as it
// stands here (a text in two languages, a licence that has no address, an
// interval with an open end) is said whole under the name of the term itself,
// with its prefix: dct:title, dct:license, dct:temporal. Who knows DCAT-US only
// passes these by; our own harvester reads them first.
func WriteDataJSON(ctx context.Context, w io.Writer, site string, all iter.Seq2[Listing, error]) error {
	out := bufio.NewWriterSize(w, 64<<10)
	head, err := encodeDCAT(dcatCatalog{
		Context: dcatSchema + "/catalog.jsonld", ID: site + "/data.json", Type: "dcat:Catalog",
		ConformsTo: dcatSchema, DescribedBy: dcatSchema + "/catalog.json",
	})
	if err != nil {
		return err
	}
	if _, err := out.WriteString(strings.TrimSuffix(string(head), "}") + `,"dataset":[`); err != nil {
		return err
	}
	separator := "\n"
	for l, err := range all {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		line, err := encodeDCAT(newDCATDataset(site, &l))
		if err != nil {
			return err
		}
		if _, err := out.WriteString(separator); err != nil {
			return err
		}
		if _, err := out.Write(line); err != nil {
			return err
		}
		separator = ",\n"
	}
	if _, err := out.WriteString("\n]}\n"); err != nil {
		return err
	}
	return out.Flush()
}

func encodeDCAT(v any) ([]byte, error) { return json.MarshalWithOption(v, json.DisableHTMLEscape()) }

const dcatSchema = "https://project-open-data.cio.gov/v1.1/schema"

type dcatCatalog struct {
	Context     string `json:"@context"`
	ID          string `json:"@id"`
	Type        string `json:"@type"`
	ConformsTo  string `json:"conformsTo"`
	DescribedBy string `json:"describedBy"`
}

type dcatDataset struct {
	Type             string             `json:"@type"`
	ID               string             `json:"@id"`
	Identifier       string             `json:"identifier"`
	OtherIdentifier  string             `json:"adms:identifier,omitempty"` // that of its source
	Title            string             `json:"title"`
	TitleIn          catalog.Text       `json:"dct:title,omitempty"`
	Description      string             `json:"description"`
	DescriptionIn    catalog.Text       `json:"dct:description,omitempty"`
	Keyword          []string           `json:"keyword"`
	Theme            []string           `json:"theme,omitempty"`
	Modified         string             `json:"modified"`
	Issued           string             `json:"issued,omitempty"`
	AccessLevel      string             `json:"accessLevel"`
	Rights           string             `json:"rights,omitempty"`
	WholeRights      string             `json:"dct:rights,omitempty"`
	Licence          string             `json:"license,omitempty"`
	WholeLicence     string             `json:"dct:license,omitempty"`
	Spatial          string             `json:"spatial,omitempty"`
	Temporal         string             `json:"temporal,omitempty"`
	WholeTemporal    string             `json:"dct:temporal,omitempty"`
	Frequency        string             `json:"accrualPeriodicity,omitempty"`
	FrequencyInWords string             `json:"dct:accrualPeriodicity,omitempty"`
	Language         []string           `json:"language,omitempty"`
	Publisher        *dcatOrganization  `json:"publisher"`
	ContactPoint     dcatContact        `json:"contactPoint"`
	LandingPage      string             `json:"landingPage,omitempty"`
	References       []string           `json:"references,omitempty"`
	ConformsTo       string             `json:"conformsTo,omitempty"`
	AllConformsTo    []string           `json:"dct:conformsTo,omitempty"`
	DescribedBy      string             `json:"describedBy,omitempty"`
	PartOf           string             `json:"isPartOf,omitempty"`
	Distribution     []dcatDistribution `json:"distribution,omitempty"`
}

type dcatOrganization struct {
	Type     string            `json:"@type"`
	Name     string            `json:"name"`
	NameIn   catalog.Text      `json:"foaf:name,omitempty"`
	Email    string            `json:"mbox,omitempty"`
	Homepage string            `json:"homepage,omitempty"`
	Above    *dcatOrganization `json:"subOrganizationOf,omitempty"`
}

type dcatContact struct {
	Type  string `json:"@type"`
	Name  string `json:"fn"`
	Email string `json:"hasEmail,omitempty"`
}

type dcatDistribution struct {
	Type          string       `json:"@type"`
	Identifier    string       `json:"identifier,omitempty"`
	Title         string       `json:"title,omitempty"`
	TitleIn       catalog.Text `json:"dct:title,omitempty"`
	Description   string       `json:"description,omitempty"`
	DescriptionIn catalog.Text `json:"dct:description,omitempty"`
	AccessURL     string       `json:"accessURL,omitempty"`
	DownloadURL   string       `json:"downloadURL,omitempty"`
	MediaType     string       `json:"mediaType,omitempty"`
	GivenType     string       `json:"dcat:mediaType,omitempty"`
	Format        string       `json:"format,omitempty"`
	Size          int64        `json:"byteSize,omitempty"`
	Modified      string       `json:"modified,omitempty"`
	DescribedBy   string       `json:"describedBy,omitempty"` // the columns of its table
	DescribedType string       `json:"describedByType,omitempty"`
}

// maxRights is how many letters DCAT-US allows for rights.
const maxRights = 255

var (
	isURI       = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^` + "`" + `]+$`)
	isFrequency = regexp.MustCompile(`^(irregular|R/P(\d+(\.\d+)?Y)?(\d+(\.\d+)?M)?(\d+(\.\d+)?W)?(\d+(\.\d+)?D)?(T(\d+(\.\d+)?H)?(\d+(\.\d+)?M)?(\d+(\.\d+)?S)?)?)$`)
	isMediaType = regexp.MustCompile(`^[-\w]+/[-\w]+(\.[-\w]+)*(\+[-\w]+)?$`)
)

func newDCATDataset(site string, l *Listing) *dcatDataset {
	d := l.Dataset
	out := &dcatDataset{
		Type: "dcat:Dataset", ID: site + "/datasets/" + d.Slug, Identifier: d.ID, OtherIdentifier: d.Identifier,
		Keyword: d.Keywords, Theme: d.Themes, Modified: d.Modified, Issued: d.Issued, AccessLevel: d.AccessLevel,
		Spatial: d.Spatial, Language: d.Languages, LandingPage: d.LandingPage, References: unique(d.References),
		DescribedBy: d.DescribedBy, PartOf: l.PartOf, Publisher: publisher(l),
	}
	out.Title, out.TitleIn = dcatText(d.Title)
	out.Description, out.DescriptionIn = dcatText(d.Description)
	out.Rights, out.WholeRights = d.Rights, ""
	if utf8.RuneCountInString(d.Rights) > maxRights {
		out.Rights, out.WholeRights = persian.Shorten(d.Rights, maxRights-1), d.Rights
	}
	out.Licence, out.WholeLicence = dcatLicence(site, d.Licence)
	if isFrequency.MatchString(d.Frequency) {
		out.Frequency = d.Frequency
	} else {
		out.FrequencyInWords = d.Frequency
	}
	switch t := d.Temporal; {
	case t.Start != "" && t.End != "":
		out.Temporal = t.Start + "/" + t.End
	case t.Start != "" || t.End != "":
		out.WholeTemporal = orOpen(t.Start) + "/" + orOpen(t.End)
	}
	if len(d.ConformsTo) > 0 && isURI.MatchString(d.ConformsTo[0]) {
		out.ConformsTo = d.ConformsTo[0]
	}
	if len(d.ConformsTo) > 1 || out.ConformsTo == "" {
		out.AllConformsTo = d.ConformsTo
	}
	out.contact(l)
	out.required(l)
	for i := range d.Resources {
		if r := &d.Resources[i]; r.PartOf == "" { // a table in a file is had with the file
			out.Distribution = append(out.Distribution, newDistribution(site, d.Slug, out.Title, r))
		}
	}
	return out
}

// required fills what DCAT-US wants of every dataset and this one has not, with
// what is known here.
func (out *dcatDataset) required(l *Listing) {
	if out.Description == "" {
		out.Description = out.Title
	}
	if len(out.Keyword) == 0 {
		out.Keyword = out.Theme
	}
	if len(out.Keyword) == 0 {
		out.Keyword = []string{out.Publisher.Name}
	}
	if r := l.Dataset.Resources; out.Modified == "" && catalog.IsBuiltin(l.Dataset.ID) && len(r) > 0 && r[0].Edition != nil {
		out.Modified = r[0].Edition.Since.UTC().Format("2006-01-02T15:04:05Z") // the table goes on by itself
	}
	if out.Modified == "" {
		out.Modified = l.Dataset.Updated.UTC().Format("2006-01-02T15:04:05Z")
	}
	if out.AccessLevel == "" {
		out.AccessLevel = "public"
	}
}

// contact is whom to ask: the contact of the dataset, else the agency.
func (out *dcatDataset) contact(l *Listing) {
	c := l.Dataset.Contact
	if c.Name == "" && c.Email == "" && l.Agency != nil && strings.Contains(l.Agency.Contact, "@") {
		c.Email = l.Agency.Contact
	}
	if c.Name == "" {
		c.Name = out.Publisher.Name
	}
	out.ContactPoint = dcatContact{Type: "vcard:Contact", Name: c.Name}
	if c.Email != "" {
		out.ContactPoint.Email = "mailto:" + c.Email
	}
}

// publisher is the chain of organizations that a source named, else the
// agency and those above it.
func publisher(l *Listing) *dcatOrganization {
	var first, last *dcatOrganization
	add := func(o dcatOrganization) {
		o.Type = "org:Organization"
		if first == nil {
			first, last = &o, &o
			return
		}
		last.Above, last = &o, &o
	}
	agency := func(a *catalog.Agency) dcatOrganization {
		o := dcatOrganization{Homepage: a.Homepage}
		o.Name, o.NameIn = dcatText(a.Title)
		if strings.Contains(a.Contact, "@") {
			o.Email = a.Contact
		}
		return o
	}
	switch {
	case l.Dataset.Publisher != "":
		for name := range strings.SplitSeq(l.Dataset.Publisher, " › ") {
			o := dcatOrganization{Name: name}
			if first == nil && l.Agency != nil && named(l.Agency.Title, name) {
				o = agency(l.Agency)
				o.Name = name
			}
			add(o)
		}
	case l.Agency != nil:
		add(agency(l.Agency))
		for _, a := range l.Above {
			add(agency(a))
		}
	default:
		add(dcatOrganization{Name: "—"})
	}
	return first
}

func named(t catalog.Text, name string) bool {
	for _, s := range t {
		if s == name {
			return true
		}
	}
	return false
}

// dcatText is a text in the best language there is, and all of it where its
// language could not be told from that.
func dcatText(t catalog.Text) (string, catalog.Text) {
	text, in := t.In(catalog.Languages[0])
	if len(t) > 1 || in != "" && in != catalog.LanguageOf(text) {
		return text, t
	}
	return text, nil
}

// dcatLicence is the address of a licence, from which it is known again; words
// that have none are returned apart.
func dcatLicence(site, id string) (uri, words string) {
	known, ok := catalog.LicenceByID(id)
	switch {
	case ok && known.URL != "" && catalog.LicenceOf(known.URL) == id:
		return known.URL, ""
	case ok:
		return site + "/en/licences#" + id, ""
	case isURI.MatchString(id):
		return id, ""
	default:
		return "", id
	}
}

func orOpen(date string) string {
	if date == "" {
		return ".."
	}
	return date
}

func unique(all []string) []string {
	var once []string
	seen := map[string]bool{}
	for _, s := range all {
		if !seen[s] {
			seen[s] = true
			once = append(once, s)
		}
	}
	return once
}

// newDistribution is a file of a dataset: where its publisher has it, else
// where it is kept here. One that is found under an address of ours is named.
func newDistribution(site, slug, dataset string, r *catalog.Resource) dcatDistribution {
	page := site + "/datasets/" + slug + "/resources/" + r.ID
	out := dcatDistribution{
		Type: "dcat:Distribution", Identifier: r.Identifier, AccessURL: r.AccessURL, DownloadURL: r.DownloadURL,
		MediaType: r.MediaType, Format: r.Format, Size: r.Size, Modified: r.Modified,
	}
	out.Title, out.TitleIn = dcatText(r.Title)
	out.Description, out.DescriptionIn = dcatText(r.Description)
	if r.DownloadURL == "" && r.Edition != nil && r.Edition.File != "" {
		out.DownloadURL = page + "/file"
	}
	if catalog.IsBuiltin(r.ID) { // there is no file that it came as
		out.DownloadURL = page + ".csv"
	}
	if out.DownloadURL == "" && out.AccessURL == "" {
		out.AccessURL = page
	}
	if out.Title == "" && r.DownloadURL == "" && r.AccessURL == "" {
		out.Title = cmp.Or(r.Name, dataset)
	}
	if address := cmp.Or(r.DownloadURL, r.AccessURL); catalog.FormatOf(r.Format, r.MediaType, address) != r.Format {
		out.Format = "" // the media type and the address say it better
	}
	if r.Edition != nil && r.Edition.HasTable {
		out.DescribedBy, out.DescribedType = site+"/api/v1/datasets/"+slug+"/resources/"+r.ID, "application/json"
	}
	if !isMediaType.MatchString(out.MediaType) && (out.DownloadURL != "" || out.MediaType != "") {
		out.MediaType, out.GivenType = mediaTypeOf(r.Format), out.MediaType
	}
	return out
}

// mediaTypes are those of the formats that most files have.
var mediaTypes = map[string]string{
	"CSV": "text/csv", "TSV": "text/tab-separated-values", "JSON": "application/json", "GEOJSON": "application/geo+json",
	"JSONL": "application/jsonl", "XML": "application/xml", "HTML": "text/html", "TXT": "text/plain", "PDF": "application/pdf",
	"XLS": "application/vnd.ms-excel", "XLSX": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"ODS": "application/vnd.oasis.opendocument.spreadsheet", "DOC": "application/msword",
	"DOCX": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "PARQUET": "application/vnd.apache.parquet",
	"ZIP": "application/zip", "SHP": "application/zip", "KML": "application/vnd.google-earth.kml+xml", "KMZ": "application/vnd.google-earth.kmz",
	"RDF": "application/rdf+xml", "TTL": "text/turtle", "JSON-LD": "application/ld+json", "SQLITE": "application/vnd.sqlite3",
	"JPEG": "image/jpeg", "PNG": "image/png", "TIFF": "image/tiff", "GPKG": "application/geopackage+sqlite3",
}

func mediaTypeOf(format string) string {
	if t := mediaTypes[format]; t != "" {
		return t
	}
	return "application/octet-stream"
}
