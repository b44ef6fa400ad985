package lawtext

import (
	"strings"
	"testing"
)

// The laws of the real files.
var lawFiles = []string{
	"fa-ar-texts/fa-laws/aeename-bimeh.txt",
	"fa-ar-texts/fa-laws/aeename-kanun-vokala-1400.txt",
	"fa-ar-texts/fa-laws/ahkam-daemi-tosee-keshvar.txt",
	"fa-ar-texts/fa-laws/hemayat-family-400.txt",
	"fa-ar-texts/fa-laws/omoor_hasabi.txt",
	"fa-ar-texts/fa-laws/qanun-asasi.txt",
	"fa-ar-texts/fa-constitution/pishnevis.txt",
	"fa-ar-texts/fa-constitution/Books-Guide.txt",
}

func TestRealLawsLoseNothing(t *testing.T) {
	for _, name := range lawFiles {
		text := string(realFile(t, name))
		l := Split(text)
		t.Run(name, func(t *testing.T) {
			checkLaw(t, &l)
			for _, r := range l.Remarks {
				if r.Kind == "page.left" {
					lines := strings.Split(text, "\n")
					lines[r.Line-1] = ""
					text = strings.Join(lines, "\n")
				}
			}
			want, got := letters(text), l.words()
			for i := range want {
				if i >= len(got) || want[i] != got[i] {
					t.Fatalf("at letter %d of %d: %q, the text has %q", i, len(want), got[i:min(i+80, len(got))], want[i:min(i+80, len(want))])
				}
			}
			if len(got) != len(want) {
				t.Fatalf("more letters than the text: %q", got[len(want):])
			}
		})
	}
}
