package lawtext

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/goccy/go-json"
)

// realLaws is the golden table of the real files: how many provisions of each
// kind, and the remarks by kind. The numbers of articles were checked by
// reading the texts:
//
//   - aeename-bimeh: ten by-laws, one in each part; the numbers begin again in
//     each. Article 12 of the first numbers two items with «پ».
//   - aeename-kanun-vokala: 164 articles. Items 6, 40 and 2 of articles 43, 76
//     and 125 are misprinted or missing.
//   - ahkam-daemi: 73 articles, as its last sentence says. It also says 100
//     notes; those that stand today, with those that were added, are 107.
//   - hemayat-family: its last sentence says 73 articles and 81 notes. «ماده
//     ۷۱– مکرر», which was added in 1402 and is an article of its own, makes
//     74. Its own numbers run from 1 to 73.
//   - omoor_hasabi: 378 articles, as its last sentence says. There is no
//     «باب ششم»: what the law has as it, the file has as chapter ten of title
//     five. The classes of creditors in article 226 begin with «الف» twice.
//   - qanun-asasi: 177 articles, as in the TSV of its publisher.
//   - pishnevis: the file breaks off in article 147 of 151. Articles stand in
//     the middle of paragraphs; that of 15 is written «فصل 15», that of 112 has
//     lost its word, and 121 is printed as 21. 50 lines are heads and numbers
//     of pages.
//   - Books-Guide and the debates are no laws.
//   - us_Act: 6 sections; a mark of a page that is a section of the file is
//     left out, as its editor marked it.
//   - eu_COM: 24 articles in nine chapters, with the explanatory memorandum and
//     the financial statement as annexes.
var realLaws = []struct{ name, want string }{
	{"fa-ar-texts/fa-laws/aeename-bimeh.txt", "fa part 10 chapter 4 article 102 item 192 note 47 | number.repeats 1"},
	{"fa-ar-texts/fa-laws/aeename-kanun-vokala-1400.txt", "fa part 10 article 164 item 206 note 36 | number.jumps 3 | number.repeats 2 | number.falls 1"},
	{"fa-ar-texts/fa-laws/ahkam-daemi-tosee-keshvar.txt", "fa article 73 paragraph 1 item 359 note 107 | number.begins 1 | count.notes 1"},
	{"fa-ar-texts/fa-laws/hemayat-family-400.txt", "fa article 74 paragraph 1 item 89 note 81 | count.articles 1"},
	{"fa-ar-texts/fa-laws/omoor_hasabi.txt", "fa title 6 chapter 18 section 5 article 378 paragraph 1 item 86 note 4 | number.repeats 2 | number.jumps 1"},
	{"fa-ar-texts/fa-laws/qanun-asasi.txt", "fa preamble 1 chapter 14 section 4 article 177 item 77"},
	{"fa-ar-texts/fa-constitution/pishnevis.txt", "fa preamble 2 chapter 11 section 7 article 147 | page.left 50 | mark.article 2 | number.falls 1"},
	{"fa-ar-texts/fa-constitution/Books-Guide.txt", "fa preamble 1 book 3 | articles.none 1"},
	{"fa-ar-texts/fa-constitution/Majlis1-J3.xml", "Majlis1-J3.xml is XML but neither Akoma Ntoso nor HTML; give the law as one of them or as plain text"},
	{"akoma-ntoso/eu_COM_2013_0619_EN-8.xml", "en preamble 3 chapter 9 section 37 article 24 paragraph 85 item 82 annex 2"},
	{"akoma-ntoso/us_Act_2011-11-29.xml", "en preamble 1 section 6 paragraph 1 item 13 | akn.editorial 1"},
	{"akoma-ntoso/za_Judgement_2008-11-26.xml", "en preamble 1 chapter 4 paragraph 1 item 22 | akn.other 1 | number.begins 3 | articles.none 1"},
	{"akoma-ntoso/ke_Debate_Bungeni_2011-06-10.xml", "en preamble 1 chapter 18 paragraph 13 | akn.other 1 | articles.none 1"},
}

func TestRealLaws(t *testing.T) {
	for _, c := range realLaws {
		b := realFile(t, c.name)
		t.Run(c.name, func(t *testing.T) {
			l, err := Read(t.Context(), c.name, bytes.NewReader(b), int64(len(b)))
			var got string
			if err != nil {
				got = err.Error()
			} else {
				got = summary(&l)
				checkLaw(t, &l)
			}
			if got != c.want {
				t.Errorf("it is\n%s\nnot\n%s", got, c.want)
			}
		})
	}
}

// summary returns how many provisions of each kind a law has, and how many
// remarks.
func summary(l *Law) string {
	var b strings.Builder
	b.WriteString(l.Lang)
	for _, k := range []Kind{Preamble, Book, Part, Title, Chapter, Section, Article, Paragraph, Item, Note, Annex} {
		if n := l.count(k); n > 0 {
			fmt.Fprintf(&b, " %s %d", k, n)
		}
	}
	counts := map[string]int{}
	var kinds []string
	for _, r := range l.Remarks {
		if counts[r.Kind]++; counts[r.Kind] == 1 {
			kinds = append(kinds, r.Kind)
		}
	}
	for _, k := range kinds {
		fmt.Fprintf(&b, " | %s %d", strings.TrimPrefix(k, "split."), counts[k])
	}
	return b.String()
}

func TestRealLawsLoseNothing(t *testing.T) {
	for _, c := range realLaws {
		if !strings.HasSuffix(c.name, ".txt") {
			continue
		}
		text := string(realFile(t, c.name))
		l := Split(text)
		t.Run(c.name, func(t *testing.T) {
			lines := strings.Split(text, "\n")
			for _, r := range l.Remarks {
				if r.Kind == "split.page.left" {
					lines[r.Line-1] = ""
				}
			}
			sameLetters(t, letters(strings.Join(lines, "\n")), l.words())
		})
	}
}

// sameLetters compares letters and says where they differ.
func sameLetters(t *testing.T, want, got string) {
	t.Helper()
	for i := range want {
		if i >= len(got) || want[i] != got[i] {
			t.Fatalf("at letter %d of %d: %q, the text has %q", i, len(want), got[i:min(i+80, len(got))], want[i:min(i+80, len(want))])
		}
	}
	if len(got) != len(want) {
		t.Fatalf("more letters than the text: %q", got[len(want):])
	}
}

// TestRealAkomaNtosoLosesNothing looks whether every letter of the documents
// is in a provision, wherever: notes stand at the end of their paragraphs.
func TestRealAkomaNtosoLosesNothing(t *testing.T) {
	for _, c := range realLaws {
		if !strings.HasPrefix(c.name, "akoma-ntoso/") {
			continue
		}
		b := realFile(t, c.name)
		t.Run(c.name, func(t *testing.T) {
			l, err := Read(t.Context(), c.name, bytes.NewReader(b), int64(len(b)))
			if err != nil {
				t.Fatal(err)
			}
			var all strings.Builder
			for _, p := range l.Provisions {
				all.WriteString(p.Label + p.Heading + p.Text)
			}
			want, got := letterCounts(aknText(t, b)), letterCounts(all.String())
			for r, n := range want {
				if got[r] != n {
					t.Errorf("%q is there %d times, not %d", r, got[r], n)
				}
			}
		})
	}
}

func letterCounts(s string) map[rune]int {
	counts := map[rune]int{}
	for _, r := range letters(s) {
		counts[r]++
	}
	return counts
}

// aknText returns the text of a file but for what is known about it.
func aknText(t *testing.T, b []byte) string {
	t.Helper()
	var text strings.Builder
	d := xml.NewDecoder(bytes.NewReader(b))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return text.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.CharData:
			text.Write(token)
		case xml.StartElement:
			if token.Name.Local == "meta" || attribute(token, "status") == "editorial" {
				if err := d.Skip(); err != nil {
					t.Fatal(err)
				}
			}
			if marker := attribute(token, "marker"); token.Name.Local == "authorialNote" {
				text.WriteString(marker)
			}
		}
	}
}

// TestRealConstitution compares each article of the constitution with what its
// publisher made of it. That table is not without faults: it ends articles
// where their text speaks of another («… در اصل دوم …»), has lost 13 articles,
// and puts headings, and articles that it lost, into the articles before them.
func TestRealConstitution(t *testing.T) {
	l := Split(string(realFile(t, "fa-ar-texts/fa-laws/qanun-asasi.txt")))
	var whole strings.Builder
	begins, ends := map[string]int{}, map[string]int{}
	number := ""
	for _, p := range l.Provisions {
		if p.Kind == Article || p.Kind == Chapter || p.Kind == Section {
			number = p.Num + string(p.Kind)
			begins[number] = whole.Len()
		}
		if p.Kind != Article {
			whole.WriteString(letters(p.Label + p.Heading))
		}
		whole.WriteString(letters(p.Text))
		ends[number] = whole.Len()
	}
	text := whole.String()
	same := 0
	var cut, more []string
	for line := range strings.Lines(string(realFile(t, "fa-ar-texts/fa-laws/qanun-asasi_articles.tsv"))) {
		cells := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(cells) != 7 || value(cells[5]) == 0 {
			continue
		}
		m, _ := wordMark(cells[6])
		key := cells[5] + string(Article)
		got, want := text[begins[key]:], letters(m.rest)
		switch {
		case m.num != cells[5] || !strings.HasPrefix(got, want):
			t.Errorf("article %s of the table is %q\nnot\n%s", cells[5], m.label, got[:min(len(want), len(got))])
		case len(want) == ends[key]-begins[key]:
			same++
		case len(want) < ends[key]-begins[key]:
			cut = append(cut, cells[5])
			if !strings.HasPrefix(got[len(want):], "اصل") {
				t.Errorf("article %s ends before %s", cells[5], got[len(want):ends[key]-begins[key]])
			}
		default:
			more = append(more, cells[5])
		}
	}
	if same != 147 || strings.Join(cut, " ") != "3 5 72 85 89 107 110 111 118" || strings.Join(more, " ") != "42 106 112 127 129 135 143 151" {
		t.Errorf("%d articles are the same, %v end before, %v behind", same, cut, more)
	}
}

// TestRealTunisia splits the Arabic constitution, whose file is a list of its
// articles.
func TestRealTunisia(t *testing.T) {
	var doc struct {
		Articles []struct{ Text string }
	}
	if err := json.Unmarshal(realFile(t, "fa-ar-texts/ar-tunisia/Tunisia_constitution_ara.json"), &doc); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, a := range doc.Articles {
		text.WriteString(a.Text + "\n\n")
	}
	l := Split(text.String())
	checkLaw(t, &l)
	sameLetters(t, letters(text.String()), l.words())
	if got, want := summary(&l), "ar article 142"; got != want {
		t.Errorf("%d articles in the file; it is\n%s\nnot\n%s", len(doc.Articles), got, want)
	}
}
