package samples

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/goccy/go-json"
)

// Build writes the demo's folder of files into dir: for each dataset a folder
// with its files and a datapackage.json that describes them. What is there
// already is written again, with the same bytes.
func Build(dir string) error {
	for _, d := range of(inFolder) {
		if err := writePackage(filepath.Join(dir, d.name), &d); err != nil {
			return fmt.Errorf("demo folder: %w", err)
		}
	}
	return nil
}

type (
	dataPackage struct {
		Profile      string            `json:"profile"`
		Name         string            `json:"name"`
		ID           string            `json:"id"`
		Title        string            `json:"title"`
		Titles       words             `json:"title_translated"`
		Description  string            `json:"description"`
		Descriptions words             `json:"description_translated"`
		Keywords     []string          `json:"keywords"`
		Themes       []string          `json:"themes"`
		Licences     []packageLicence  `json:"licenses"`
		Contributors []contributor     `json:"contributors"`
		Created      string            `json:"created"`
		Modified     string            `json:"modified"`
		Languages    []string          `json:"languages"`
		Frequency    string            `json:"accrualPeriodicity"`
		Spatial      string            `json:"spatial"`
		Temporal     string            `json:"temporal"`
		Resources    []packageResource `json:"resources"`
	}
	packageLicence struct {
		Name  string `json:"name"`
		Title string `json:"title"`
		Path  string `json:"path,omitempty"`
	}
	contributor struct {
		Title string `json:"title"`
		Email string `json:"email"`
		Role  string `json:"role"`
	}
	packageResource struct {
		Name         string `json:"name"`
		Path         string `json:"path"`
		Title        string `json:"title"`
		Titles       words  `json:"title_translated"`
		Description  string `json:"description,omitempty"`
		Descriptions words  `json:"description_translated,omitempty"`
		Format       string `json:"format"`
		MediaType    string `json:"mediatype"`
	}
)

func writePackage(dir string, d *dataset) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	about := text{d.describe("fa"), d.describe("en")}
	agency := agencyOf(d.agency)
	p := dataPackage{
		Profile: "data-package", Name: d.name, ID: key("dataset", d.name), Title: d.title.in(d.lang), Titles: d.title.words(),
		Description: about.in(d.lang), Descriptions: about.words(), Themes: []string{d.theme},
		Licences:     []packageLicence{{d.licence.id, d.licence.title, d.licence.url}},
		Contributors: []contributor{{agency.Title[d.lang], agency.Contact, "publisher"}},
		Created:      d.issued, Modified: d.modified, Languages: []string{d.lang}, Frequency: d.frequency,
		Spatial: d.place(d.lang), Temporal: d.from + "/" + d.to,
	}
	for _, k := range d.keywords {
		p.Keywords = append(p.Keywords, k.in(d.lang))
	}
	for i := range d.files {
		f := &d.files[i]
		more := text{f.describe("fa"), f.describe("en")}
		p.Resources = append(p.Resources, packageResource{
			Name: f.name, Path: f.name, Title: f.title.in(d.lang), Titles: f.title.words(),
			Description: more.in(d.lang), Descriptions: more.words(), Format: f.form.format(), MediaType: f.form.mediaType(),
		})
		if err := writeFile(filepath.Join(dir, f.name), f); err != nil {
			return err
		}
	}
	body, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "datapackage.json"), append(body, '\n'), 0o644)
}

func writeFile(path string, f *file) error {
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := f.write(out); err != nil {
		_ = out.Close() // the first error tells more
		return err
	}
	return out.Close()
}
