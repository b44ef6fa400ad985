package site

import (
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/exporters"
)

// linkedDataset is a dataset as schema.org has it, for search engines. The
// template writes it as JSON into a data block.
type linkedDataset struct {
	Context     string               `json:"@context"`
	Type        string               `json:"@type"`
	ID          string               `json:"@id"`
	Name        string               `json:"name"`
	Description string               `json:"description,omitempty"`
	URL         string               `json:"url"`
	Identifier  string               `json:"identifier,omitempty"`
	Keywords    []string             `json:"keywords,omitempty"`
	License     string               `json:"license,omitempty"`
	Creator     *linkedOrganization  `json:"creator,omitempty"`
	Published   string               `json:"datePublished,omitempty"`
	Modified    string               `json:"dateModified,omitempty"`
	Temporal    string               `json:"temporalCoverage,omitempty"`
	Spatial     string               `json:"spatialCoverage,omitempty"`
	Language    []string             `json:"inLanguage,omitempty"`
	Free        bool                 `json:"isAccessibleForFree"`
	Files       []linkedDistribution `json:"distribution,omitempty"`
}

type linkedOrganization struct {
	Type string `json:"@type"`
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

type linkedDistribution struct {
	Type   string `json:"@type"`
	Name   string `json:"name,omitempty"`
	Format string `json:"encodingFormat"`
	URL    string `json:"contentUrl"`
}

// linked describes d, whose description is plain without its marks, on its page.
func (s *Site) linked(l *locale, d *catalog.Dataset, agency *catalog.Agency, plain, page string) linkedDataset {
	const longest = 5000 // what search engines read of a description
	j := linkedDataset{
		Context: "https://schema.org/", Type: "Dataset", ID: s.baseURL() + datasetPath(d.Slug), Name: l.said(d.Title).Text,
		Description: persian.Cut(plain, longest), URL: page, Identifier: firstOf(d.Identifier, d.ID),
		Keywords: d.Keywords, License: l.licence(d.Licence, d.Rights).URL, Published: d.Issued, Modified: d.Modified,
		Spatial: d.Spatial, Language: d.Languages, Free: true,
	}
	if t := d.Temporal; t.Start != "" || t.End != "" {
		j.Temporal = orOpen(t.Start) + "/" + orOpen(t.End)
	}
	if agency != nil {
		j.Creator = &linkedOrganization{"GovernmentOrganization", l.said(agency.Title).Text, s.baseURL() + "/" + l.lang + agencyPath(agency.Slug)}
	}
	for _, r := range d.Tables() {
		for _, f := range exporters.Formats() {
			kind, _, _ := strings.Cut(f.MediaType, ";")
			j.Files = append(j.Files, linkedDistribution{"DataDownload", r.Label(l.lang), kind, s.baseURL() + tablePath(d.Slug, r.ID, f.Ext)})
		}
	}
	return j
}

func orOpen(date string) string {
	if date == "" {
		return ".."
	}
	return date
}
