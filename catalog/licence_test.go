package catalog_test

import (
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

func TestLicenceOf(t *testing.T) {
	for given, want := range map[string]string{
		"http://creativecommons.org/licenses/by/4.0":          "cc-by-4.0",
		"https://creativecommons.org/licenses/by/4.0/deed.fa": "cc-by-4.0",
		"http://creativecommons.org/licenses/by/3.0/au/":      "cc-by-3.0",
		"http://creativecommons.org/licenses/by-sa/2.0/":      "cc-by-sa",
		"http://creativecommons.org/licenses/by-nc-nd/4.0/":   "cc-by-nc-nd-4.0",
		"https://creativecommons.org/publicdomain/zero/1.0":   "cc0-1.0",
		"http://creativecommons.org/publicdomain/mark/1.0/":   "pdm-1.0",
		"cc-by": "cc-by", "cc-by-4": "cc-by-4.0", "cc-by-4.0": "cc-by-4.0", "CC BY 4.0": "cc-by-4.0", "cc-nc": "cc-by-nc",
		"https://resources.data.gov/vocab/license/TODO/CC_BYNC_4_0":          "cc-by-nc-4.0",
		"http://publications.europa.eu/resource/authority/licence/CC_BY_4_0": "cc-by-4.0",
		"http://www.usa.gov/publicdomain/label/1.0/":                         "us-public-domain",
		"https://www.usa.gov/government-works":                               "us-public-domain",
		"Public Domain":                                                      "public-domain",
		"uk-ogl":                                                             "ogl-uk",
		"http://reference.data.gov.uk/id/open-government-licence":            "ogl-uk",
		"lool": "etalab",
		"http://www.etalab.gouv.fr/pages/Licence_ouverte_Open_licence-5899923.html": "etalab",
		"odc-odbl":     "odbl-1.0",
		"other-closed": "other",
		"notspecified": "",
		"TBD":          "",
		"":             "",
		"https://project-open-data.cio.gov/unknown-license":    "",
		"https://gsa.inl.gov/smart/":                           "https://gsa.inl.gov/smart/",
		"Do not copy; see creativecommons.org/licenses/by/4.0": "Do not copy; see creativecommons.org/licenses/by/4.0",
	} {
		if got := catalog.LicenceOf(given); got != want {
			t.Errorf("LicenceOf(%q) = %q, want %q", given, got, want)
		}
	}
}

func TestEveryLicenceSpeaksBothLanguages(t *testing.T) {
	seen := map[string]bool{}
	for _, l := range catalog.Licences() {
		if seen[l.ID] {
			t.Errorf("%s stands twice", l.ID)
		}
		seen[l.ID] = true
		for _, lang := range catalog.Languages {
			if l.Name[lang] == "" || l.May[lang] == "" {
				t.Errorf("%s lacks its name or sentence in %s", l.ID, lang)
			}
		}
		if got := catalog.LicenceOf(l.ID); got != l.ID {
			t.Errorf("LicenceOf(%q) = %q", l.ID, got)
		}
	}
}
