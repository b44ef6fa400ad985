package catalog

import (
	"slices"
	"strings"
	"time"
)

// Formats by what they are good for. A table that is read here is given out in
// all of the open ones, whatever its file is.
var (
	// openFormats are those that no program of one maker is needed for.
	openFormats = []string{"CSV", "TSV", "JSON", "JSONL", "GEOJSON", "XML", "PARQUET", "ODS", "ODT", "TXT", "HTML", "RDF", "TTL", "JSON-LD", "N3", "NT", "KML", "GPX", "PDF", "PNG", "JPEG", "GIF", "SVG"}
	// readFormats are those whose content programs read.
	readFormats = []string{"CSV", "TSV", "JSON", "JSONL", "GEOJSON", "XML", "PARQUET", "ODS", "XLSX", "XLS", "DBF", "RDF", "TTL", "JSON-LD", "N3", "NT", "KML", "GPX", "SHP", "SQLITE", "ICS", "RSS"}
	// linkedFormats are those in which things have addresses.
	linkedFormats = []string{"RDF", "TTL", "JSON-LD", "N3", "NT"}
	// knownFormats are the names that the file types of the EU have for formats,
	// as they are written here.
	knownFormats = slices.Concat(openFormats, readFormats, []string{"DOCX", "DOC", "PPTX", "PPT", "ZIP", "TIFF", "RTF", "7Z", "GZ", "TAR", "WMS", "WFS"})
)

// An assessing works out the metrics of one dataset.
type assessing struct {
	d     *Dataset
	links map[string]string // states by address
	all   []Metric
}

// Assess works out of how much use a dataset is at a moment. links are the
// states of the addresses of its files, as far as they are known; a file that
// is kept here is to be had, whatever became of its address.
func Assess(d *Dataset, links map[string]string, now time.Time) Assessment {
	a := &assessing{d: d, links: links}
	a.findability()
	a.accessibility()
	a.interoperability()
	a.reusability()
	out := Assessment{Dataset: d.ID, Agency: d.Agency, Freshness: d.Fresh(dateOf(d.Modified), now), Metrics: a.all, Files: []Stars{}, At: now}
	for _, m := range a.all {
		out.Points += m.Got
	}
	out.Rating = RatingOf(out.Points)
	for i := range d.Resources {
		s := a.stars(&d.Resources[i])
		out.Files = append(out.Files, s)
		out.Stars = max(out.Stars, s.Stars)
	}
	return out
}

// add notes a metric, all of whose points are got or none.
func (a *assessing) add(dimension, key string, points int, fix string, got bool) {
	a.share(dimension, key, points, fix, 0, 1)
	if got {
		a.all[len(a.all)-1].Got = points
	}
}

// share notes a metric of which some of the files have what it asks for.
func (a *assessing) share(dimension, key string, points int, fix string, have, of int) {
	m := Metric{Key: key, Dimension: dimension, Points: points, Fix: fix}
	if of > 0 {
		m.Got = points * have / of
	}
	a.all = append(a.all, m)
}

// The points of each metric are those of the methodology.
func (a *assessing) findability() {
	d := a.d
	a.add(Findability, "dcat:keyword", 30, CheckKeywords, len(d.Keywords) > 0)
	a.add(Findability, "dcat:theme", 30, CheckTheme, len(d.Themes) > 0)
	a.add(Findability, "dct:spatial", 20, CheckPlace, d.Spatial != "")
	a.add(Findability, "dct:temporal", 20, CheckPeriod, d.Temporal != Interval{})
}

func (a *assessing) accessibility() {
	answers, named, fetched := 0, 0, 0
	for i := range a.d.Resources {
		r := &a.d.Resources[i]
		here := r.Edition != nil || r.PartOf != ""
		if here || a.alive(r.AccessURL) || a.alive(r.DownloadURL) {
			answers++
		}
		if here || r.DownloadURL != "" {
			named++
		}
		if here || a.alive(r.DownloadURL) {
			fetched++
		}
	}
	n := len(a.d.Resources)
	a.share(Accessibility, "dcat:accessURL 200", 50, CheckFiles, answers, n)
	a.share(Accessibility, "dcat:downloadURL", 20, CheckFiles, named, n)
	a.share(Accessibility, "dcat:downloadURL 200", 30, CheckFiles, fetched, n)
}

func (a *assessing) alive(url string) bool {
	state := a.links[url]
	return url != "" && (state == LinkAlive || state == LinkMoved)
}

// interoperability is that of the file that has most of it: the others may be
// the same in other formats.
func (a *assessing) interoperability() {
	var best [5]bool
	most := -1
	for i := range a.d.Resources {
		r := &a.d.Resources[i]
		table := r.Edition != nil && r.Edition.HasTable
		has := [5]bool{
			r.Format != "", r.MediaType != "" || r.Edition != nil, slices.Contains(knownFormats, r.Format),
			table || slices.Contains(openFormats, r.Format), table || slices.Contains(readFormats, r.Format),
		}
		points := 0
		for n, got := range has {
			if got {
				points += []int{20, 10, 10, 20, 20}[n]
			}
		}
		if points > most {
			most, best = points, has
		}
	}
	a.add(Interoperability, "dct:format", 20, CheckFormats, best[0])
	a.add(Interoperability, "dcat:mediaType", 10, CheckFormats, best[1])
	a.add(Interoperability, "dct:format from vocabulary", 10, CheckFormats, best[2])
	a.add(Interoperability, "dct:format non-proprietary", 20, CheckFormats, best[3])
	a.add(Interoperability, "dct:format machine-readable", 20, CheckFormats, best[4])
	about, _ := a.d.Description.In(Languages[0])
	a.add(Interoperability, "DCAT-AP", 30, CheckDescription, strings.TrimSpace(about) != "")
}

func (a *assessing) reusability() {
	d := a.d
	licence, known := LicenceByID(d.Licence)
	here := d.Source == "" // what is published by hand is public, and its dates are those of this portal
	a.add(Reusability, "dct:license", 20, CheckLicence, d.Licence != "" || d.Rights != "")
	a.add(Reusability, "dct:license from vocabulary", 10, CheckLicence, known && licence.ID != LicenceOther)
	a.add(Reusability, "dct:accessRights", 10, CheckAccess, d.AccessLevel != "" || here)
	a.add(Reusability, "dct:accessRights from vocabulary", 5, CheckAccess, here || slices.Contains([]string{"public", "restricted public", "non-public"}, d.AccessLevel))
	a.add(Reusability, "dcat:contactPoint", 20, CheckContact, d.Contact != Contact{})
	a.add(Reusability, "dct:publisher", 10, CheckPublisher, d.Publisher != "" || d.Agency != "")
	a.add(Contextuality, "dct:rights", 5, CheckRights, d.Rights != "" || known)
	sized := 0
	for i := range d.Resources {
		if r := &d.Resources[i]; r.Size > 0 || r.Edition != nil {
			sized++
		}
	}
	a.share(Contextuality, "dcat:byteSize", 5, CheckSize, sized, len(d.Resources))
	a.add(Contextuality, "dct:issued", 5, CheckDates, d.Issued != "" || here)
	a.add(Contextuality, "dct:modified", 5, CheckDates, d.Modified != "" || here)
}

// stars are those of one file.
func (a *assessing) stars(r *Resource) Stars {
	licence, known := LicenceByID(a.d.Licence)
	table := r.Edition != nil && r.Edition.HasTable
	steps := []bool{
		known && licence.Open && (r.Edition != nil || r.PartOf != "" || r.AccessURL != "" || r.DownloadURL != ""),
		table || slices.Contains(readFormats, r.Format),
		table || slices.Contains(openFormats, r.Format),
		slices.Contains(linkedFormats, r.Format),
		len(a.d.References) > 0,
	}
	s := Stars{Resource: r.ID}
	for s.Stars < len(steps) && steps[s.Stars] {
		s.Stars++
	}
	switch {
	case s.Stars == len(steps):
	case s.Stars > 0 || known && licence.Open:
		s.Lacks = StarLacks[s.Stars+1]
		if s.Stars == 0 {
			s.Lacks = LacksAccess
		}
	default:
		s.Lacks = LacksLicence
	}
	return s
}
