package site

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

func placeholders(text string) []string {
	all := placeholder.FindAllString(text, -1)
	slices.Sort(all)
	return slices.Compact(all)
}

func TestTextsAreTheSameInBothLanguages(t *testing.T) {
	texts := newLocales()
	for key, en := range texts["en"].texts {
		fa, ok := texts["fa"].texts[key]
		if !ok {
			t.Errorf("%s has no Persian text", key)
			continue
		}
		if a, b := placeholders(en.other), placeholders(fa.other); !slices.Equal(a, b) && key != "year.both" {
			t.Errorf("%s has the placeholders %v in English and %v in Persian", key, a, b)
		}
		for _, name := range placeholders(en.one) {
			if !slices.Contains(placeholders(en.other), name) {
				t.Errorf("%s: only the singular has the placeholder %s", key, name)
			}
		}
	}
	for key := range texts["fa"].texts {
		if _, ok := texts["en"].texts[key]; !ok {
			t.Errorf("%s has no English text", key)
		}
	}
}

var codeSpan = regexp.MustCompile("`[^`]*`|\\{[a-z]+\\}")

func TestPersianTextsAreWrittenInPersian(t *testing.T) {
	for key, m := range newLocales()["fa"].texts {
		text := codeSpan.ReplaceAllString(m.other+m.one, "")
		for _, r := range text {
			switch {
			case r == 'ي' || r == 'ك':
				t.Errorf("%s has the Arabic letter %q", key, r)
			case unicode.IsDigit(r) && (r < '۰' || r > '۹'):
				t.Errorf("%s has the digit %q", key, r)
			}
		}
	}
}

// usedIn collects the texts of all files that may name a key.
func usedIn(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for _, pattern := range []string{"*.go", "templates/*.html"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			b.Write(text)
		}
	}
	return b.String()
}

func TestEveryTextIsUsed(t *testing.T) {
	source := usedIn(t)
	for key := range newLocales()["en"].texts {
		// A key stands whole in quotes, or its first part does and the rest is a
		// kind or state that comes from the data.
		parts := strings.Split(key, ".")
		used := strings.Contains(source, `"`+key+`"`)
		for n := 1; n < len(parts) && !used; n++ {
			prefix := strings.Join(parts[:n], ".")
			used = strings.Contains(source, `"`+prefix+`."`) || strings.Contains(source, `"`+prefix+`.%d.detail"`)
		}
		if !used && !strings.HasPrefix(key, "error.") && !strings.HasPrefix(key, "search.found") {
			t.Errorf("nothing uses the text %s", key)
		}
	}
}

func TestEveryNamedTextExists(t *testing.T) {
	texts := newLocales()["en"].texts
	named := regexp.MustCompile(`(?:\{\{|\(| )th? "([a-z0-9.]+)"|l\.(?:Text|HTML)\("([a-z0-9.]+)"[,)]|"((?:api|param)\.[a-z_.]+)"`)
	for _, m := range named.FindAllStringSubmatch(usedIn(t), -1) {
		key := m[1] + m[2] + m[3]
		if _, ok := texts[key]; !ok {
			t.Errorf("there is no text %s", key)
		}
	}
}

func TestTextsCountAndIsolate(t *testing.T) {
	all := newLocales()
	for _, c := range []struct{ got, want string }{
		{all["en"].Text("card.rows", "n", 1), "1 row"},
		{all["en"].Text("card.rows", "n", int64(1234567)), "1,234,567 rows"},
		{all["fa"].Text("card.rows", "n", 1234567), "۱٬۲۳۴٬۵۶۷ سطر"},
		{string(all["fa"].HTML("search.found.q", "n", 2, "q", "<b>C++")), "<bdi>۲</bdi> مجموعه‌داده برای «<bdi>&lt;b&gt;C++</bdi>»"},
		{string(all["en"].HTML("dev.limit.pages")), "A list can be read by page number up to its 10,000th result, and by <code>next</code> without end."},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
