package catalog

import (
	"regexp"
	"strings"
)

// A Licence says what one may do with a dataset.
type Licence struct {
	ID   string `json:"id"` // as in Dataset.Licence
	Name Text   `json:"name"`
	May  Text   `json:"may"`  // one plain sentence: what one may do, and must
	URL  string `json:"url"`  // of its text
	Open bool   `json:"open"` // by the Open Definition: free to use, change and share for any purpose
}

// Sentences that several licences share.
var (
	mayAll = Text{
		"fa": "هر استفاده‌ای آزاد است، بی هیچ شرطی.",
		"en": "You may use it for anything, without conditions.",
	}
	mayWithName = Text{
		"fa": "هر استفاده‌ای آزاد است، به شرط آن که نام منبع بیاید.",
		"en": "You may use, change and share it for anything, if you name the source.",
	}
	mayAlike = Text{
		"fa": "هر استفاده‌ای آزاد است، به شرط آن که نام منبع بیاید و آنچه از آن می‌سازید با همین پروانه منتشر شود.",
		"en": "You may use, change and share it for anything, if you name the source and share what you make of it under the same licence.",
	}
	mayNonCommercial = Text{
		"fa": "استفادهٔ غیرتجاری آزاد است، به شرط آن که نام منبع بیاید.",
		"en": "You may use, change and share it for purposes that are not commercial, if you name the source.",
	}
	mayNonCommercialAlike = Text{
		"fa": "استفادهٔ غیرتجاری آزاد است، به شرط آن که نام منبع بیاید و آنچه از آن می‌سازید با همین پروانه منتشر شود.",
		"en": "You may use, change and share it for purposes that are not commercial, if you name the source and share what you make of it under the same licence.",
	}
	mayUnchanged = Text{
		"fa": "بازنشر آزاد است، به شرط آن که نام منبع بیاید و داده تغییر نکند.",
		"en": "You may share it for anything, if you name the source and change nothing.",
	}
	mayNonCommercialUnchanged = Text{
		"fa": "بازنشر غیرتجاری آزاد است، به شرط آن که نام منبع بیاید و داده تغییر نکند.",
		"en": "You may share it for purposes that are not commercial, if you name the source and change nothing.",
	}
	mayAsk = Text{
		"fa": "شرط‌های استفاده را ناشر جداگانه نوشته است؛ پیش از استفاده آن را بخوانید.",
		"en": "The publisher set conditions of its own; read them before you use it.",
	}
)

// licences are those that are known here, the most common first.
var licences = []Licence{
	{"cc-by-4.0", both("Creative Commons Attribution 4.0", "کریتیو کامنز، انتساب ۴٫۰"), mayWithName, "https://creativecommons.org/licenses/by/4.0/", true},
	{"cc-by-3.0", both("Creative Commons Attribution 3.0", "کریتیو کامنز، انتساب ۳٫۰"), mayWithName, "https://creativecommons.org/licenses/by/3.0/", true},
	{"cc-by-2.5", both("Creative Commons Attribution 2.5", "کریتیو کامنز، انتساب ۲٫۵"), mayWithName, "https://creativecommons.org/licenses/by/2.5/", true},
	{"cc-by", both("Creative Commons Attribution", "کریتیو کامنز، انتساب"), mayWithName, "https://creativecommons.org/licenses/", true},
	{"cc-by-sa-4.0", both("Creative Commons Attribution-ShareAlike 4.0", "کریتیو کامنز، انتساب، همانند ۴٫۰"), mayAlike, "https://creativecommons.org/licenses/by-sa/4.0/", true},
	{"cc-by-sa-3.0", both("Creative Commons Attribution-ShareAlike 3.0", "کریتیو کامنز، انتساب، همانند ۳٫۰"), mayAlike, "https://creativecommons.org/licenses/by-sa/3.0/", true},
	{"cc-by-sa", both("Creative Commons Attribution-ShareAlike", "کریتیو کامنز، انتساب، همانند"), mayAlike, "https://creativecommons.org/licenses/", true},
	{"cc-by-nc-4.0", both("Creative Commons Attribution-NonCommercial 4.0", "کریتیو کامنز، انتساب، غیرتجاری ۴٫۰"), mayNonCommercial, "https://creativecommons.org/licenses/by-nc/4.0/", false},
	{"cc-by-nc", both("Creative Commons Attribution-NonCommercial", "کریتیو کامنز، انتساب، غیرتجاری"), mayNonCommercial, "https://creativecommons.org/licenses/", false},
	{"cc-by-nc-sa-4.0", both("Creative Commons Attribution-NonCommercial-ShareAlike 4.0", "کریتیو کامنز، انتساب، غیرتجاری، همانند ۴٫۰"), mayNonCommercialAlike, "https://creativecommons.org/licenses/by-nc-sa/4.0/", false},
	{"cc-by-nc-sa", both("Creative Commons Attribution-NonCommercial-ShareAlike", "کریتیو کامنز، انتساب، غیرتجاری، همانند"), mayNonCommercialAlike, "https://creativecommons.org/licenses/", false},
	{"cc-by-nd-4.0", both("Creative Commons Attribution-NoDerivatives 4.0", "کریتیو کامنز، انتساب، بی‌تغییر ۴٫۰"), mayUnchanged, "https://creativecommons.org/licenses/by-nd/4.0/", false},
	{"cc-by-nd", both("Creative Commons Attribution-NoDerivatives", "کریتیو کامنز، انتساب، بی‌تغییر"), mayUnchanged, "https://creativecommons.org/licenses/", false},
	{"cc-by-nc-nd-4.0", both("Creative Commons Attribution-NonCommercial-NoDerivatives 4.0", "کریتیو کامنز، انتساب، غیرتجاری، بی‌تغییر ۴٫۰"), mayNonCommercialUnchanged, "https://creativecommons.org/licenses/by-nc-nd/4.0/", false},
	{"cc-by-nc-nd", both("Creative Commons Attribution-NonCommercial-NoDerivatives", "کریتیو کامنز، انتساب، غیرتجاری، بی‌تغییر"), mayNonCommercialUnchanged, "https://creativecommons.org/licenses/", false},
	{"cc0-1.0", both("Creative Commons Zero 1.0", "کریتیو کامنز صفر ۱٫۰"), mayAll, "https://creativecommons.org/publicdomain/zero/1.0/", true},
	{"pdm-1.0", both("Public Domain Mark 1.0", "نشان مالکیت عمومی ۱٫۰"), mayAll, "https://creativecommons.org/publicdomain/mark/1.0/", true},
	{"public-domain", both("Public domain", "مالکیت عمومی"), mayAll, "https://creativecommons.org/publicdomain/", true},
	{"us-public-domain", both("US government work, public domain", "اثر دولت آمریکا، مالکیت عمومی"), mayAll, "https://www.usa.gov/government-works", true},
	{"pddl-1.0", both("Open Data Commons Public Domain Dedication and License 1.0", "پروانهٔ مالکیت عمومی اپن دیتا کامنز ۱٫۰"), mayAll, "https://opendatacommons.org/licenses/pddl/1-0/", true},
	{"odc-by-1.0", both("Open Data Commons Attribution 1.0", "پروانهٔ انتساب اپن دیتا کامنز ۱٫۰"), mayWithName, "https://opendatacommons.org/licenses/by/1-0/", true},
	{"odbl-1.0", both("Open Data Commons Open Database License 1.0", "پروانهٔ پایگاه دادهٔ باز ۱٫۰"), mayAlike, "https://opendatacommons.org/licenses/odbl/1-0/", true},
	{"ogl-uk-3.0", both("UK Open Government Licence 3.0", "پروانهٔ دولت باز بریتانیا ۳٫۰"), mayWithName, "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/", true},
	{"ogl-uk", both("UK Open Government Licence", "پروانهٔ دولت باز بریتانیا"), mayWithName, "https://www.nationalarchives.gov.uk/doc/open-government-licence/", true},
	{"ogl-canada-2.0", both("Open Government Licence Canada 2.0", "پروانهٔ دولت باز کانادا ۲٫۰"), mayWithName, "https://open.canada.ca/en/open-government-licence-canada", true},
	{"etalab-2.0", both("Etalab Open Licence 2.0", "پروانهٔ باز اتالاب ۲٫۰"), mayWithName, "https://www.etalab.gouv.fr/licence-ouverte-open-licence/", true},
	{"etalab", both("Etalab Open Licence", "پروانهٔ باز اتالاب"), mayWithName, "https://www.etalab.gouv.fr/licence-ouverte-open-licence/", true},
	{"dl-de-by-2.0", both("Data licence Germany, attribution 2.0", "پروانهٔ دادهٔ آلمان، انتساب ۲٫۰"), mayWithName, "https://www.govdata.de/dl-de/by-2-0", true},
	{"dl-de-zero-2.0", both("Data licence Germany, zero 2.0", "پروانهٔ دادهٔ آلمان، صفر ۲٫۰"), mayAll, "https://www.govdata.de/dl-de/zero-2-0", true},
	{"nlod-2.0", both("Norwegian Licence for Open Government Data 2.0", "پروانهٔ دادهٔ باز نروژ ۲٫۰"), mayWithName, "https://data.norge.no/nlod/en/2.0", true},
	{"iodl-2.0", both("Italian Open Data License 2.0", "پروانهٔ دادهٔ باز ایتالیا ۲٫۰"), mayWithName, "https://www.dati.gov.it/iodl/2.0/", true},
	{"gfdl-1.3", both("GNU Free Documentation License 1.3", "پروانهٔ مستندات آزاد گنو ۱٫۳"), mayAlike, "https://www.gnu.org/licenses/fdl-1.3.html", true},
	{"mit", both("MIT License", "پروانهٔ ام‌آی‌تی"), mayWithName, "https://opensource.org/licenses/MIT", true},
	{"mit-0", both("MIT No Attribution", "پروانهٔ ام‌آی‌تی، بی انتساب"), mayAll, "https://opensource.org/licenses/MIT-0", true},
	{"apache-2.0", both("Apache License 2.0", "پروانهٔ آپاچی ۲٫۰"), mayWithName, "https://www.apache.org/licenses/LICENSE-2.0", true},
	{"other-open", both("Another open licence", "پروانهٔ باز دیگر"), mayAsk, "", true},
	{"other-nc", both("Another licence, not commercial", "پروانهٔ دیگر، غیرتجاری"), mayAsk, "", false},
	{LicenceOther, both("Conditions of the publisher", "شرط‌های ناشر"), mayAsk, "", false},
}

// LicenceOther is the id of conditions that are no licence known here; they
// stand in Dataset.Rights.
const LicenceOther = "other"

func both(en, fa string) Text { return Text{"en": en, "fa": fa} }

// licenceNames are the ids of licences by what sources call them, in the form
// of licenceKey. Ids and addresses of the table need no line.
var licenceNames = map[string]string{
	"cc by": "cc-by", "cc by 4": "cc-by-4.0", "cc by 4 0": "cc-by-4.0", "cc by 3": "cc-by-3.0", "cc by 3 0": "cc-by-3.0",
	"cc by 3 0 au": "cc-by-3.0", "cc by 2 5": "cc-by-2.5", "creative commons attribution": "cc-by",
	"creative commons attribution 4 0": "cc-by-4.0", "creative commons attribution 4 0 international": "cc-by-4.0",
	"creative commons attribution 3 0": "cc-by-3.0", "creative commons attribution 3 0 australia": "cc-by-3.0",
	"creative commons attribution 2 5 australia": "cc-by-2.5", "attribution": "cc-by",
	"cc by sa": "cc-by-sa", "cc by sa 4": "cc-by-sa-4.0", "cc by sa 4 0": "cc-by-sa-4.0", "cc by sa 3 0": "cc-by-sa-3.0",
	"creative commons attribution share alike": "cc-by-sa", "creative commons attribution sharealike": "cc-by-sa",
	"cc nc": "cc-by-nc", "cc by nc": "cc-by-nc", "cc by nc 4 0": "cc-by-nc-4.0", "creative commons attribution noncommercial": "cc-by-nc",
	"creative commons non commercial any": "cc-by-nc", "cc by nd": "cc-by-nd", "cc by nc sa": "cc-by-nc-sa", "cc by nc nd": "cc-by-nc-nd",
	"cc by nd 4 0": "cc-by-nd-4.0", "cc by nc sa 4 0": "cc-by-nc-sa-4.0", "cc by nc nd 4 0": "cc-by-nc-nd-4.0",
	"cc zero": "cc0-1.0", "cc0": "cc0-1.0", "cc0 1 0": "cc0-1.0", "creative commons cczero": "cc0-1.0", "creative commons zero": "cc0-1.0",
	"creative commons cc zero": "cc0-1.0", "public domain": "public-domain", "pd": "public-domain", "other pd": "public-domain",
	"other public domain": "public-domain", "us pd": "us-public-domain", "us public domain": "us-public-domain",
	"us government work": "us-public-domain", "u s government work": "us-public-domain", "us gov pd": "us-public-domain",
	"odc pddl": "pddl-1.0", "pddl": "pddl-1.0", "odc pddl 1 0": "pddl-1.0", "odc by": "odc-by-1.0", "odc odbl": "odbl-1.0",
	"odbl": "odbl-1.0", "odc odbl 1 0": "odbl-1.0", "open database license": "odbl-1.0", "open database licence": "odbl-1.0",
	"uk ogl": "ogl-uk", "ogl": "ogl-uk", "ogl uk": "ogl-uk", "ogl uk 3": "ogl-uk-3.0", "uk open government licence ogl": "ogl-uk",
	"uk open government licence": "ogl-uk", "open government licence": "ogl-uk", "open government licence v3": "ogl-uk-3.0",
	"open government licence v3 0": "ogl-uk-3.0", "ca ogl lgo": "ogl-canada-2.0", "ogl canada": "ogl-canada-2.0",
	"open government licence canada": "ogl-canada-2.0", "lool": "etalab", "fr lo": "etalab", "lov1": "etalab", "lov2": "etalab-2.0",
	"licence ouverte": "etalab", "licence ouverte open licence": "etalab", "licence ouverte open licence version 2 0": "etalab-2.0",
	"licence ouverte v2 0": "etalab-2.0", "etalab 2 0": "etalab-2.0", "dl de by 2 0": "dl-de-by-2.0", "dl de zero 2 0": "dl-de-zero-2.0",
	"nlod": "nlod-2.0", "iodl": "iodl-2.0", "gfdl": "gfdl-1.3", "mit license": "mit",
	"other open": "other-open", "other at": "other-open", "other attribution": "other-open", "other nc": "other-nc",
	"other non commercial": "other-nc", "other closed": LicenceOther, "other": LicenceOther, "other not open": LicenceOther,
	"custom": LicenceOther, "other license specified": LicenceOther, "no restrictions": "public-domain",
}

// licenceAddresses are parts of addresses that tell a licence.
var licenceAddresses = []struct{ part, id string }{
	{"creativecommons.org/publicdomain/zero/", "cc0-1.0"},
	{"creativecommons.org/publicdomain/mark/", "pdm-1.0"},
	{"creativecommons.org/publicdomain", "public-domain"},
	{"usa.gov/publicdomain", "us-public-domain"},
	{"usa.gov/government-works", "us-public-domain"},
	{"usa.gov/government-copyright", "us-public-domain"},
	{"opendatacommons.org/licenses/pddl", "pddl-1.0"},
	{"opendatacommons.org/licenses/odbl", "odbl-1.0"},
	{"opendatacommons.org/licenses/by", "odc-by-1.0"},
	{"opendefinition.org/licenses/odc-pddl", "pddl-1.0"},
	{"opendefinition.org/licenses/odc-odbl", "odbl-1.0"},
	{"opendefinition.org/licenses/odc-by", "odc-by-1.0"},
	{"opendefinition.org/licenses/cc-zero", "cc0-1.0"},
	{"opendefinition.org/licenses/cc-by-sa", "cc-by-sa"},
	{"opendefinition.org/licenses/cc-by", "cc-by"},
	{"open-government-licence-canada", "ogl-canada-2.0"},
	{"open-government-licence/version/3", "ogl-uk-3.0"},
	{"open-government-licence", "ogl-uk"},
	{"licence_ouverte", "etalab"},
	{"licence-ouverte", "etalab"},
	{"etalab.gouv.fr", "etalab"},
	{"dl-de/by-2", "dl-de-by-2.0"},
	{"dl-de/zero-2", "dl-de-zero-2.0"},
	{"data.norge.no/nlod", "nlod-2.0"},
	{"dati.gov.it/iodl", "iodl-2.0"},
	{"gnu.org/licenses/fdl", "gfdl-1.3"},
	{"gnu.org/copyleft/fdl", "gfdl-1.3"},
	{"opensource.org/licenses/mit-0", "mit-0"},
	{"opensource.org/licenses/mit", "mit"},
	{"opensource.org/license/mit", "mit"},
	{"apache.org/licenses/license-2.0", "apache-2.0"},
}

// noLicence are what sources write where none is stated, in the form of
// licenceKey.
var noLicence = map[string]bool{
	"tbd": true, "none": true, "unknown": true, "notspecified": true, "not specified": true, "license not specified": true,
	"licence not specified": true, "no license": true, "no licence": true, "n a": true, "na": true, "null": true, "unspecified": true,
	"unknown license": true, "no license provided": true, "license": true, "licence": true, "todo": true,
}

// Licences returns the licences that are known here.
func Licences() []Licence { return append([]Licence(nil), licences...) }

// LicenceByID returns the licence with an id of Dataset.Licence; ok is false for
// one that is kept as its source gave it.
func LicenceByID(id string) (l Licence, ok bool) {
	for _, l := range licences {
		if l.ID == id {
			return l, true
		}
	}
	return Licence{}, false
}

var (
	ccAddress = regexp.MustCompile(`creativecommons\.org/licenses/(by(?:-nc)?(?:-sa|-nd)?)(?:/(\d\.\d))?`)
	ccVocab   = regexp.MustCompile(`(?:^|/)cc[_-]?(by(?:[_-]?nc)?(?:[_-]?(?:sa|nd))?)(?:[_-](\d)[_.-](\d))?$`)
	keyGap    = regexp.MustCompile(`[^\p{L}\p{N}]+`)
)

// licenceKey is a name of a licence in lower case, words between single spaces.
func licenceKey(s string) string {
	return strings.TrimSpace(keyGap.ReplaceAllString(strings.ToLower(s), " "))
}

// LicenceOf returns the id of the licence that a source means with its id, name
// or address; given itself, trimmed, when it is none that is known here; and
// nothing when it says that there is none.
func LicenceOf(given string) string {
	given = strings.TrimSpace(given)
	lower := strings.ToLower(given)
	key := licenceKey(given)
	if _, id, ours := strings.Cut(lower, "/licences#"); ours { // as portals of this kind name one
		lower = id
	}
	if _, ok := LicenceByID(lower); ok {
		return lower
	}
	if id := licenceNames[key]; id != "" {
		return id
	}
	if noLicence[key] || key == "" || strings.HasSuffix(strings.TrimRight(lower, "/"), "/unknown-license") {
		return ""
	}
	if strings.ContainsAny(given, " \n") || !strings.Contains(given, "/") {
		return given // words: what is in them must not decide
	}
	if m := ccAddress.FindStringSubmatch(lower); m != nil {
		return creativeCommons(m[1], m[2])
	}
	if m := ccVocab.FindStringSubmatch(strings.TrimRight(lower, "/")); m != nil {
		return creativeCommons(vocabCode(m[1]), strings.Trim(m[2]+"."+m[3], "."))
	}
	for _, a := range licenceAddresses {
		if strings.Contains(lower, a.part) {
			return a.id
		}
	}
	return given
}

// creativeCommons returns the licence of a code and version, without the
// version when that one is not in the table.
func creativeCommons(code, version string) string {
	id := "cc-" + code
	if _, ok := LicenceByID(id + "-" + version); ok {
		return id + "-" + version
	}
	return id
}

// vocabCode is by-nc-sa of bync_sa, byncsa and the like.
func vocabCode(s string) string {
	s = strings.NewReplacer("_", "", "-", "").Replace(s)
	code := []string{"by"}
	for _, part := range []string{"nc", "sa", "nd"} {
		if strings.Contains(s[2:], part) {
			code = append(code, part)
		}
	}
	return strings.Join(code, "-")
}
