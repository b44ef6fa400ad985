package site

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// readXML reads a document to its end and returns its texts.
func readXML(t *testing.T, b []byte) (texts []string) {
	t.Helper()
	dec := xml.NewDecoder(strings.NewReader(string(b)))
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return texts
		}
		must(t, err)
		if text, ok := token.(xml.CharData); ok && strings.TrimSpace(string(text)) != "" {
			texts = append(texts, string(text))
		}
	}
}

func TestABadgeIsADocumentWithItsTexts(t *testing.T) {
	for lang, want := range map[string][]string{"en": {"<both>", `Score & "points"`, "14 of 20"}, "fa": {"هر دو", "امتیاز", "۱۴ از ۲۰"}} {
		b := badge{lang: lang, label: want[1], value: want[2], class: "ok", title: want[0]}
		if got := readXML(t, b.SVG()); strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestTheLabelOfABadgeStandsWhereALineBegins(t *testing.T) {
	b := badge{lang: "en", label: "label", value: "v", class: "bad"}
	ltr := string(b.SVG())
	b.lang = "fa"
	rtl := string(b.SVG())
	if first := strings.Index(ltr, `<rect x="0" width`); first < 0 || !strings.Contains(ltr[first:first+90], "#06403b") {
		t.Errorf("from left to right the label is not the first: %s", ltr)
	}
	if !strings.Contains(rtl, `<rect x="0" width`) {
		t.Errorf("nothing stands at the left: %s", rtl)
	}
	if before, _, found := strings.Cut(rtl, `>v<`); !found || !strings.Contains(before, `x="0"`) {
		t.Errorf("from right to left the value is not at the left: %s", rtl)
	}
}

func TestColoursOfBadgesCarryWhiteText(t *testing.T) {
	for class, colour := range badgeColours {
		if c := contrast(t, colour, "#ffffff"); c < 4.5 {
			t.Errorf("%s has a contrast of %.2f", class, c)
		}
	}
}

func TestATrendBreaksWhereNothingWasMeasured(t *testing.T) {
	v := func(n int) *int { return &n }
	whole := string(trend([]*int{v(0), v(10), v(20)}, 20, "0, 10, 20"))
	if strings.Count(whole, "M4") != 1 || !strings.Contains(whole, `aria-label="0, 10, 20"`) || !strings.Contains(whole, "M4 24L60 14L116 4") {
		t.Errorf("%s", whole)
	}
	broken := string(trend([]*int{v(20), nil, v(0)}, 20, "a gap"))
	if strings.Contains(broken, "L") || strings.Count(broken, "<circle") != 2 {
		t.Errorf("a line goes over what was not measured: %s", broken)
	}
	if one := trend([]*int{nil, v(3)}, 20, "one"); one != "" {
		t.Errorf("one value is a trend: %s", one)
	}
}
