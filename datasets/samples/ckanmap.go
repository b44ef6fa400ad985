package samples

import (
	"net/http"
	"strings"
)

// moment returns a day as CKAN writes moments.
func moment(day string) string { return day + "T08:30:00.000000" }

// packages returns the datasets of the demo's CKAN in CKAN's terms.
func packages(r *http.Request) []ckanPackage {
	all := of(inCKAN)
	list := make([]ckanPackage, len(all))
	for i := range all {
		list[i] = ckanPackageOf(&all[i], r)
	}
	return list
}

func ckanPackageOf(d *dataset, r *http.Request) ckanPackage {
	notes := text{d.describe("fa"), d.describe("en")}
	agency, theme := agencyOf(d.agency), themeOf(d.theme)
	p := ckanPackage{
		ID: key("dataset", d.name), Name: d.name, Type: "dataset", State: "active", URL: agency.Homepage,
		Title: d.title.in(d.lang), TitleTranslated: d.title.words(), Notes: notes.in(d.lang), NotesTranslated: notes.words(),
		LicenceID: d.licence.id, LicenceTitle: d.licence.title, LicenceURL: d.licence.url,
		Created: moment(d.issued), Modified: moment(d.modified),
		Organization: organization(d.agency), OwnerOrg: key("organization", d.agency),
		Maintainer: agency.Title[d.lang], MaintainerEmail: agency.Contact,
		Groups: []ckanGroup{{
			ID: key("group", theme.name), Name: theme.name, Title: theme.title.in(d.lang), DisplayName: theme.title.in(d.lang),
			TitleTranslated: theme.title.words(),
		}},
		Extras: []ckanExtra{
			{"identifier", d.name},
			{"issued", d.issued},
			{"modified", d.modified},
			{"frequency", d.frequency},
			{"temporal_start", d.from},
			{"temporal_end", d.to},
			{"spatial", d.place(d.lang)},
			{"language", d.lang},
			{"theme", d.theme},
			{"contact_name", agency.Title[d.lang]},
			{"contact_email", agency.Contact},
		},
		NumResources: len(d.files), Resources: make([]ckanResource, len(d.files)),
	}
	for _, k := range d.keywords {
		p.Tags = append(p.Tags, ckanTag{k.in(d.lang), k.in(d.lang), "active"})
	}
	for i := range d.files {
		p.Resources[i] = ckanResourceOf(d, i, r)
	}
	return p
}

func ckanResourceOf(d *dataset, i int, r *http.Request) ckanResource {
	f := &d.files[i]
	about := text{d.describeFile(f, "fa"), d.describeFile(f, "en")}
	c := ckanResource{
		ID: key("resource", f.name), PackageID: key("dataset", d.name), Position: i, State: "active",
		Name: f.title.in(d.lang), NameTranslated: f.title.words(), Description: about.in(d.lang),
		URL: f.address(r), Format: f.form.format(), MediaType: f.form.mediaType(), Modified: moment(d.modified),
	}
	if about != (text{}) {
		c.DescriptionTranslated = about.words()
	}
	return c
}

func organization(slug string) ckanOrganization {
	a := agencyOf(slug)
	return ckanOrganization{
		ID: key("organization", slug), Name: slug, Type: "organization", State: "active", IsOrganization: true,
		Title: a.Title["fa"], TitleTranslated: a.Title, Description: strings.TrimSpace(a.Description["fa"]), DescriptionTranslated: a.Description,
	}
}
