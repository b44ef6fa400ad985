package search_test

import (
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/search"
)

// titled makes datasets with a title each, in the language of its letters.
func titled(titles ...string) []*catalog.Dataset {
	var all []*catalog.Dataset
	for _, t := range titles {
		all = append(all, &catalog.Dataset{Title: catalog.TitleOf(t)})
	}
	return all
}

func suggest(t *testing.T, x *search.Index, text string) search.Suggestions {
	t.Helper()
	found, err := x.Suggest(t.Context(), text, 6, 3)
	must(t, err)
	return found
}

func TestTextsGoOn(t *testing.T) {
	s, x := portal(t)
	put(t, s, catalog.Text{"en": "Bureau of Households", "fa": "سازمان خانوار"}, titled(
		"Household income by province", "Survey of household income", "Income of rural households", "Housing starts", "GDP by year", "Prices in 1403",
		"هزینهٔ خانوار در استان‌ها", "درآمد خانوار استان‌های مرزی", "كتاب‌خانه‌هاي عمومي", "بودجه سال ۱۴۰۲", "Public libraries",
	)...)
	catchUp(t, x, s)
	for text, want := range map[string][]string{
		"hous":             {"household", "housing", "household income"},
		"Survey of ho":     {"Survey of household"},
		"survey of hou":    {"survey of household"},
		"rural i":          {"rural income"},
		"household ":       {"household income"},
		"household":        {"household income"},
		"gd":               {"GDP"},
		"in":               {"income"},
		"p":                {"prices", "province", "public"},
		"خانوا":            {"خانوار"},
		"استان":            nil,
		"اس":               {"استان"},
		"استان‌ه":          {"استان‌ها"},
		"استانها":          nil,
		"كتا":              {"کتاب", "کتاب‌خانه"},
		"کتابخ":            {"کتاب‌خانه"},
		"۱۴":               {"۱۴۰۲", "1403"},
		"14":               {"۱۴۰۲", "1403"},
		"Hou":              {"household", "Housing", "household income"},
		"":                 nil,
		"   ":              nil,
		"zzz":              nil,
		"fish hou":         nil,
		"housing -hou":     nil,
		"-!hou":            nil,
		`a"b"-hou`:         nil,
		"income -rural ho": {"income -rural household", "income -rural household income"},
		`"household inc`:   {`"household income`},
	} {
		if got := suggest(t, x, text).Texts; !reflect.DeepEqual(got, want) && len(got)+len(want) > 0 {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestThingsAreSuggestedByTheirTitles(t *testing.T) {
	s, x := portal(t)
	agency := put(t, s, catalog.Text{"en": "Bureau of Households"}, titled("Survey of households", "Households", "Rivers", "Household income")...)
	catchUp(t, x, s)
	found := suggest(t, x, "households")
	if len(found.Hits) != 3 || found.Hits[2] != (search.Hit{Kind: catalog.NounAgency, ID: agency}) {
		t.Fatalf("%+v", found)
	}
	all, err := s.DatasetsByID(t.Context(), []string{found.Hits[0].ID, found.Hits[1].ID}, false)
	must(t, err)
	if all[0].Title["en"] != "Households" || all[1].Title["en"] != "Survey of households" {
		t.Errorf("%v, %v", all[0].Title, all[1].Title)
	}
	if found := suggest(t, x, "bureau of h"); len(found.Hits) != 4 { // datasets are found by the names of their agency
		t.Errorf("%+v", found)
	}
}

// What was taken away is not in what is suggested, not even as a word.
func TestWhatIsGoneIsNotSuggested(t *testing.T) {
	s, x := portal(t)
	sets := titled("Canary of the mine", "Canaries at sea", "Candles")
	put(t, s, catalog.Text{"en": "A"}, sets...)
	catchUp(t, x, s)
	if found := suggest(t, x, "can"); len(found.Texts) != 2 || len(found.Hits) != 3 {
		t.Fatalf("%+v", found)
	}
	for _, d := range sets[:2] {
		write(t, s, func(tx *catalog.Tx) error { _, err := tx.Takedown(d.ID, "test"); return err })
	}
	catchUp(t, x, s)
	if found := suggest(t, x, "can"); !reflect.DeepEqual(found.Texts, []string{"candles"}) || len(found.Hits) != 1 {
		t.Errorf("%+v", found)
	}
}

func TestSuggestionsOfManyWordsAreTheMostUsed(t *testing.T) {
	s, x := portal(t)
	var titles []string
	for i := range 300 {
		titles = append(titles, "Water w"+strconv.Itoa(i)+strings.Repeat(" wells", i%2)+strings.Repeat(" weirs", i%3/2))
	}
	put(t, s, catalog.Text{"en": "A"}, titled(titles...)...)
	catchUp(t, x, s)
	if got := suggest(t, x, "w").Texts; !reflect.DeepEqual(got[:3], []string{"water", "wells", "weirs"}) {
		t.Errorf("%q", got)
	}
	if got := suggest(t, x, "w123 we").Texts; !reflect.DeepEqual(got, []string{"w123 wells"}) {
		t.Errorf("%q", got)
	}
	if found := suggest(t, x, strings.Repeat("water ", 2000)+"we"); len(found.Texts)+len(found.Hits) == 0 {
		t.Error("nothing is suggested for a long text")
	}
}

func FuzzSuggest(f *testing.F) {
	s, x := portal(f)
	put(f, s, catalog.Text{"en": "Agency", "fa": "سازمان"}, titled("جمعیت استان‌ها", "Population of provinces", "agencyCode a b c", "ab")...)
	catchUp(f, x, s)
	for _, seed := range []string{"a", `"a`, "-", "--a", "a -", "استان‌", "\u200c", "\xff", "\x00", "\x01popul", "agencyC", "می ش", strings.Repeat("a", 1000), strings.Repeat("ا ", 500) + "ج"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		found, err := x.Suggest(t.Context(), text, 6, 3)
		if err != nil {
			t.Fatalf("%+q: %v", text, err)
		}
		for _, more := range found.Texts {
			if again, err := x.Search(t.Context(), search.Query{Text: more}); err != nil || again.Total == 0 {
				t.Errorf("%+q: %+q finds nothing, %v", text, more, err)
			}
		}
	})
}
