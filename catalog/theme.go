package catalog

import (
	"strings"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// A Theme is a main category of datasets: DCAT theme, CKAN group.
type Theme struct {
	ID      string
	Title   Text
	aliases []string // the EU data theme (MDR) and names that portals use
}

// themes is the vocabulary of the site. The codes are those of the EU's data
// theme authority table, http://publications.europa.eu/resource/authority/data-theme.
var themes = []Theme{
	{"government", Text{"fa": "دولت و حکمرانی", "en": "Government"}, []string{"GOVE", "government and public sector", "governance", "دولت"}},
	{"population", Text{"fa": "جمعیت و جامعه", "en": "Population and society"}, []string{"SOCI", "population and society", "society", "demography", "جمعیت", "جامعه"}},
	{"finance", Text{"fa": "بودجه و مالیه", "en": "Public finance"}, []string{"budget", "public finance", "spending", "بودجه", "مالیه"}},
	{"business", Text{"fa": "اقتصاد و کسب‌وکار", "en": "Economy and business"}, []string{"ECON", "economy", "economy and finance", "business and economy", "اقتصاد", "کسب و کار"}},
	{"communications", Text{"fa": "ارتباطات و فناوری", "en": "Communications and technology"}, []string{"TECH", "science and technology", "technology", "ict", "ارتباطات", "فناوری"}},
	{"environment", Text{"fa": "محیط زیست", "en": "Environment"}, []string{"ENVI", "محیط زیست"}},
	{"health", Text{"fa": "بهداشت و درمان", "en": "Health"}, []string{"HEAL", "سلامت", "بهداشت"}},
	{"energy", Text{"fa": "انرژی و آب", "en": "Energy and water"}, []string{"ENER", "water", "انرژی", "آب"}},
	{"education", Text{"fa": "آموزش", "en": "Education"}, []string{"EDUC", "education, culture and sport", "آموزش"}},
	{"transport", Text{"fa": "حمل‌ونقل", "en": "Transport"}, []string{"TRAN", "transportation", "حمل و نقل", "راه"}},
	{"agriculture", Text{"fa": "کشاورزی و غذا", "en": "Agriculture and food"}, []string{"AGRI", "agriculture, fisheries, forestry and food", "food", "کشاورزی"}},
	{"justice", Text{"fa": "دادگستری و امنیت", "en": "Justice and safety"}, []string{"JUST", "justice, legal system and public safety", "public safety", "دادگستری", "قضایی"}},
	{"regions", Text{"fa": "شهرها و منطقه‌ها", "en": "Regions and cities"}, []string{"REGI", "regions", "cities", "شهر", "استان"}},
	{"culture", Text{"fa": "فرهنگ و گردشگری", "en": "Culture and tourism"}, []string{"culture", "tourism", "گردشگری", "میراث فرهنگی"}},
	{"labour", Text{"fa": "کار و رفاه", "en": "Labour and welfare"}, []string{"labor", "employment", "welfare", "کار", "رفاه"}},
	{"housing", Text{"fa": "مسکن و شهرسازی", "en": "Housing"}, []string{"مسکن"}},
	{"industry", Text{"fa": "صنعت و معدن", "en": "Industry and mining"}, []string{"mining", "صنعت", "معدن"}},
	{"international", Text{"fa": "روابط بین‌الملل", "en": "International issues"}, []string{"INTR", "international", "بین الملل"}},
}

// Themes returns the vocabulary of the site, in its order.
func Themes() []Theme { return append([]Theme(nil), themes...) }

var themeIDs = func() map[string]string {
	ids := map[string]string{}
	for _, t := range themes {
		for _, name := range append([]string{t.ID, t.Title["fa"], t.Title["en"]}, t.aliases...) {
			ids[foldTheme(name)] = t.ID
		}
	}
	return ids
}()

func foldTheme(s string) string {
	s = strings.TrimPrefix(strings.TrimSpace(s), "http://publications.europa.eu/resource/authority/data-theme/")
	return strings.Join(strings.Fields(persian.Fold(s)), " ")
}

// ThemeOf returns the id of the theme that a source calls by this name, code
// or address; a name of no theme of ours is returned as it is.
func ThemeOf(name string) string {
	if id, ok := themeIDs[foldTheme(name)]; ok {
		return id
	}
	return strings.TrimSpace(name)
}

// ThemeTitle returns the names of a theme by id; of one that is not ours, what
// the source called it.
func ThemeTitle(id string) Text {
	for _, t := range themes {
		if t.ID == id {
			return t.Title
		}
	}
	return TitleOf(id)
}
