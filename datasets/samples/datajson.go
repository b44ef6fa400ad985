package samples

import "net/http"

// DataJSON serves the demo's DCAT-US 1.1 catalogue: /data.json and the files.
// Addresses in its answers name the host that was asked.
func DataJSON() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /data.json", func(w http.ResponseWriter, r *http.Request) {
		answer(w, http.StatusOK, podCatalog(r))
	})
	mux.HandleFunc("GET /files/{name}", serveFiles(inDataJSON))
	return mux
}

// Texts of the catalogue are language maps, as JSON-LD has them, where DCAT-US
// knows one language only.
type (
	podFile struct {
		Context    string       `json:"@context"`
		Type       string       `json:"@type"`
		ConformsTo string       `json:"conformsTo"`
		DescribeBy string       `json:"describedBy"`
		Dataset    []podDataset `json:"dataset"`
	}
	podDataset struct {
		Type         string            `json:"@type"`
		Identifier   string            `json:"identifier"`
		Title        words             `json:"title"`
		Description  words             `json:"description"`
		Keyword      []string          `json:"keyword"`
		Theme        []string          `json:"theme"`
		AccessLevel  string            `json:"accessLevel"`
		Rights       string            `json:"rights,omitempty"`
		Licence      string            `json:"license,omitempty"`
		Issued       string            `json:"issued"`
		Modified     string            `json:"modified"`
		Frequency    string            `json:"accrualPeriodicity"`
		Language     []string          `json:"language"`
		Spatial      string            `json:"spatial"`
		Temporal     string            `json:"temporal"`
		Publisher    podPublisher      `json:"publisher"`
		Contact      podContact        `json:"contactPoint"`
		Distribution []podDistribution `json:"distribution,omitempty"`
	}
	podPublisher struct {
		Type string `json:"@type"`
		Name words  `json:"name"`
	}
	podContact struct {
		Type  string `json:"@type"`
		Name  string `json:"fn"`
		Email string `json:"hasEmail"`
	}
	podDistribution struct {
		Type        string `json:"@type"`
		Title       words  `json:"title"`
		Description words  `json:"description,omitempty"`
		DownloadURL string `json:"downloadURL"`
		MediaType   string `json:"mediaType"`
		Format      string `json:"format"`
	}
)

// schema is the address of the format's description.
const schema = "https://project-open-data.cio.gov/v1.1/schema"

func podCatalog(r *http.Request) podFile {
	file := podFile{Context: schema + "/catalog.jsonld", Type: "dcat:Catalog", ConformsTo: schema, DescribeBy: schema + "/catalog.json"}
	for _, d := range of(inDataJSON) {
		file.Dataset = append(file.Dataset, podDatasetOf(&d, r))
	}
	return file
}

func podDatasetOf(d *dataset, r *http.Request) podDataset {
	about := text{d.describe("fa"), d.describe("en")}
	agency := agencyOf(d.agency)
	p := podDataset{
		Type: "dcat:Dataset", Identifier: d.name, Title: d.title.words(),
		Description: about.words(), Theme: []string{d.theme},
		AccessLevel: "public", Licence: d.licence.url, Issued: d.issued, Modified: d.modified, Frequency: d.frequency,
		Language: []string{d.lang}, Spatial: d.place(d.lang), Temporal: d.from + "/" + d.to,
		Publisher: podPublisher{"org:Organization", agency.Title},
		Contact:   podContact{"vcard:Contact", agency.Title[d.lang], "mailto:" + agency.Contact},
	}
	if d.access != "" {
		p.AccessLevel = d.access
		p.Rights = text{"شخصی است و منتشر نمی‌شود.", "Personal data; not published."}.in(d.lang)
	}
	if p.Licence == "" {
		p.Licence = d.licence.title
	}
	for _, k := range d.keywords {
		p.Keyword = append(p.Keyword, k.in(d.lang))
	}
	for i := range d.files {
		f := &d.files[i]
		more := text{d.describeFile(f, "fa"), d.describeFile(f, "en")}
		file := podDistribution{
			Type: "dcat:Distribution", Title: f.title.words(),
			DownloadURL: f.address(r), MediaType: f.form.mediaType(), Format: f.form.format(),
		}
		if more != (text{}) {
			file.Description = more.words()
		}
		p.Distribution = append(p.Distribution, file)
	}
	return p
}
