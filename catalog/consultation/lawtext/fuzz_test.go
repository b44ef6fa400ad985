package lawtext

import (
	"bytes"
	"strings"
	"testing"
)

func FuzzSplit(f *testing.F) {
	for _, c := range splitCases {
		f.Add(c.text)
	}
	f.Add("@law en Title\n@ article 1 | Article 1 | Scope\n\\@Text\n@@ note\n")
	f.Fuzz(func(t *testing.T, text string) {
		l := Split(text)
		checkLaw(t, &l)
		if strings.Contains(text, formatHead) || l.has("split.page.left") || l.has("split.many") {
			return
		}
		sameLetters(t, letters(strings.ToValidUTF8(text, "")), l.words())
	})
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(plainLaw))
	f.Add([]byte(akn))
	f.Add([]byte("<html><p>Article 1. Text<ol><li>One"))
	f.Add(zipped(f, part{"word/document.xml", wordHead + "<w:p><w:r><w:t>Article 1. Text</w:t></w:r></w:p>" + wordFoot}, part{"word/numbering.xml", numbering}))
	f.Add([]byte("\xff\xfeA\x00r\x00t\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := Read(t.Context(), "fuzz", bytes.NewReader(b), int64(len(b)))
		if err != nil {
			if s := err.Error(); strings.Contains(s, "%!") || s == "" {
				t.Errorf("the error is %q", s)
			}
			return
		}
		checkLaw(t, &l)
	})
}
