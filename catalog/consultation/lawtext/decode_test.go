package lawtext

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

func TestPagesOfOneByteALetter(t *testing.T) {
	script := "<script>" + strings.Repeat("function go(x) { return x; } ", 100) + "</script>"
	law := "<p>ماده 1 - باغ باز است.</p><p>ماده 2 - کودک بليت ندارد.</p>"
	for name, c := range map[string]struct {
		enc        *charmap.Charmap
		page, want string
	}{
		"that says it":                     {charmap.Windows1256, `<meta http-equiv="Content-Type" content="text/html; charset=windows-1256">` + script + law, "باغ باز است"},
		"that does not":                    {charmap.Windows1256, "<html>" + script + law, "باغ باز است"},
		"that says what is wrong":          {charmap.Windows1256, `<meta charset="utf-8">` + script + law, "باغ باز است"},
		"that says the default of servers": {charmap.Windows1256, `<meta charset="iso-8859-1">` + script + law, "باغ باز است"},
		"of western Europe":                {charmap.Windows1252, "<p>Article 1. The café of the “garden” is open – naïve visitors too.</p>", "The café of the “garden” is open – naïve"},
	} {
		b, err := c.enc.NewEncoder().Bytes([]byte(strings.NewReplacer("ی", "ي", "ک", "ك").Replace(c.page)))
		if err != nil {
			t.Fatal(err)
		}
		l, err := read(t, "law.html", b)
		if err != nil {
			t.Errorf("a page %s: %v", name, err)
			continue
		}
		if got := outline(&l); !strings.Contains(got, c.want) || !strings.Contains(got, "art_1") {
			t.Errorf("a page %s is\n%s", name, got)
		}
	}
}
