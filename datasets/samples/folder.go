package samples

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

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

// Texts are language maps, as in the demo's data.json.
type (
	dataPackage struct {
		Profile      string            `json:"profile"`
		Name         string            `json:"name"`
		ID           string            `json:"id"`
		Title        words             `json:"title"`
		Description  words             `json:"description"`
		Keywords     []string          `json:"keywords"`
		Themes       []string          `json:"themes"`
		Licences     []packageLicence  `json:"licenses"`
		Contributors []contributor     `json:"contributors"`
		Contact      contact           `json:"contact"`
		Created      string            `json:"created"`
		Modified     string            `json:"modified"`
		Language     []string          `json:"language"`
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
		Title words  `json:"title"`
		Role  string `json:"role"`
	}
	contact struct {
		Name  string `json:"name"`
		Email string `json:"email"`
	}
	packageResource struct {
		Name        string `json:"name"`
		Path        string `json:"path"`
		Title       words  `json:"title"`
		Description words  `json:"description,omitempty"`
		Format      string `json:"format"`
		MediaType   string `json:"mediatype"`
		Schema      any    `json:"schema,omitempty"`
	}
)

func writePackage(dir string, d *dataset) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	agency := agencyOf(d.agency)
	p := dataPackage{
		Profile: "data-package", Name: d.name, ID: key("dataset", d.name), Title: d.title.words(),
		Description: text{d.describe("fa"), d.describe("en")}.words(), Themes: []string{d.theme},
		Licences:     []packageLicence{{d.licence.id, d.licence.title, d.licence.url}},
		Contributors: []contributor{{agency.Title, "publisher"}},
		Contact:      contact{agency.Title[d.lang], agency.Contact},
		Created:      d.issued, Modified: d.modified, Language: []string{d.lang}, Frequency: d.frequency,
		Spatial: d.place(d.lang), Temporal: d.from + "/" + d.to,
	}
	for _, k := range d.keywords {
		p.Keywords = append(p.Keywords, k.in(d.lang))
	}
	for i := range d.files {
		f := &d.files[i]
		resource := packageResource{
			Name: f.name, Path: f.name, Title: f.title.words(), Format: f.form.format(), MediaType: f.form.mediaType(),
		}
		if more := (text{d.describeFile(f, "fa"), d.describeFile(f, "en")}); more != (text{}) {
			resource.Description = more.words()
		}
		if d.fiscal != nil {
			resource.Schema = d.fiscal
		}
		p.Resources = append(p.Resources, resource)
		if err := writeFile(filepath.Join(dir, f.name), day(d.modified), f.write); err != nil {
			return err
		}
	}
	return writeFile(filepath.Join(dir, "datapackage.json"), day(d.modified), func(w io.Writer) error {
		out := json.NewEncoder(w)
		out.SetIndent("", "  ")
		return out.Encode(p)
	})
}

// writeFile writes a file that was last changed on the given day: one written
// again is not a new one for whoever harvests it.
func writeFile(path string, changed time.Time, write func(io.Writer) error) error {
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := write(out); err != nil {
		_ = out.Close() // the first error tells more
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	return os.Chtimes(path, changed, changed)
}
