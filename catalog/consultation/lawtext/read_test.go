package lawtext

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	utf "golang.org/x/text/encoding/unicode"
)

func read(t *testing.T, name string, b []byte) (Law, error) {
	t.Helper()
	l, err := Read(t.Context(), name, bytes.NewReader(b), int64(len(b)))
	if err == nil {
		checkLaw(t, &l)
	}
	return l, err
}

const plainLaw = "قانون باغ‌ها\nفصل اول ـ کلیات\nماده ۱ ـ باغ‌های شهر سبز است.\nتبصره ـ جز در زمستان.\nماده ۲ ـ پایان.\n"

const plainOutline = `
chp_1 فصل اول – [کلیات]
 chp_1__art_1 ماده ۱ – باغ‌های شهر سبز است.
  chp_1__art_1__note تبصره – جز در زمستان.
 chp_1__art_2 ماده ۲ – پایان.
`

// The same law comes out of each encoding and of each kind of file.
func TestReadEncodings(t *testing.T) {
	encode := func(b []byte, err error) []byte {
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	little := utf.UTF16(utf.LittleEndian, utf.UseBOM).NewEncoder()
	bare := utf.UTF16(utf.BigEndian, utf.IgnoreBOM).NewEncoder()
	old := strings.NewReplacer("ی", "ي", "ک", "ك", "۱", "1", "۲", "2").Replace(plainLaw)
	for name, b := range map[string][]byte{
		"utf-8":             []byte(plainLaw),
		"utf-8 with a mark": []byte("\ufeff" + plainLaw),
		"lines of Windows":  []byte(strings.ReplaceAll(plainLaw, "\n", "\r\n")),
		"lines of old Macs": []byte(strings.ReplaceAll(plainLaw, "\n", "\r")),
		"utf-16":            encode(little.Bytes([]byte(plainLaw))),
		"utf-16 bare":       encode(bare.Bytes([]byte(plainLaw))),
		"windows-1256":      encode(charmap.Windows1256.NewEncoder().Bytes([]byte(old))),
	} {
		l, err := read(t, name+".txt", b)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := strings.NewReplacer("1 –", "۱ –", "2 –", "۲ –").Replace(outline(&l))
		if "\n"+got != plainOutline || l.Title != "قانون باغ‌ها" || l.Lang != "fa" {
			t.Errorf("%s: %q in %q is\n%s", name, l.Title, l.Lang, outline(&l))
		}
	}
}

func TestReadHTML(t *testing.T) {
	page := `<!DOCTYPE html><html><head><title>قانون باغ‌ها</title><style>p{}</style></head><body>
<nav>خانه | قوانین</nav><h2>فصل اول ـ
کلیات</h2><p>ماده&nbsp;۱ ـ باغ‌های <b>شهر</b> سبز است.<br>تبصره ـ جز در زمستان.</p>
<p>ماده ۲ ـ پایان:</p><ol><li>نخست<li>دوم</ol><table><tr><td>درخت</td><td>۳</td></tr></table>
<script>ماده ۳ ـ</script><footer>همه حقوق محفوظ است</footer></body></html>`
	want := "\nchp_1 فصل اول – [کلیات]\n chp_1__art_1 ماده ۱ – باغ‌های شهر سبز است.\n  chp_1__art_1__note تبصره – جز در زمستان.\n" +
		" chp_1__art_2 ماده ۲ – پایان:\n  chp_1__art_2__item_1 1) نخست\n  chp_1__art_2__item_2 2) دوم / درخت | ۳\n! html.left \n"
	for _, b := range [][]byte{[]byte(page), []byte(strings.TrimPrefix(page, "<!DOCTYPE html>"))} {
		l, err := read(t, "law.html", b)
		if err != nil {
			t.Fatal(err)
		}
		if got := "\n" + outline(&l); got != want || l.Title != "قانون باغ‌ها" {
			t.Errorf("%q is%s\nnot%s", l.Title, got, want)
		}
	}
}

// A part of a document in a ZIP archive.
type part struct{ name, text string }

func zipped(tb testing.TB, parts ...part) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		w, err := z.Create(p.name)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := w.Write([]byte(p.text)); err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

const (
	wordHead  = `<?xml version="1.0"?><w:document xmlns:w="w" xmlns:mc="mc"><w:body>`
	wordFoot  = `</w:body></w:document>`
	numbering = `<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="hindiNumbers"/><w:lvlText w:val="ماده %1"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="arabicAlpha"/><w:lvlText w:val="%2)"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="8"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="*"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num></w:numbering>`
	styles = `<w:styles xmlns:w="w"><w:style w:styleId="Law"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:styleId="Law2"><w:basedOn w:val="Law"/></w:style></w:styles>`
	footnotes = `<w:footnotes xmlns:w="w"><w:footnote w:id="3"><w:p><w:r><w:t>مصوب ۱۴۰۲</w:t></w:r></w:p></w:footnote></w:footnotes>`
)

func TestReadDOCX(t *testing.T) {
	num := func(level string) string {
		return `<w:pPr><w:numPr><w:ilvl w:val="` + level + `"/><w:numId w:val="1"/></w:numPr></w:pPr>`
	}
	text := func(s string) string { return `<w:r><w:t xml:space="preserve">` + s + `</w:t></w:r>` }
	document := wordHead +
		`<w:p>` + text("قانون باغ‌ها") + `</w:p>` +
		`<w:p><w:pPr><w:pStyle w:val="Law2"/></w:pPr>` + text("باغ‌ها ") + text("چنین است:") + `<w:r><w:footnoteReference w:id="3"/></w:r></w:p>` +
		`<w:p>` + num("1") + text("سبز") + `</w:p><w:p>` + num("1") + text("بزرگ") + `<w:del><w:r><w:t>کوچک</w:t></w:r></w:del></w:p>` +
		`<w:p>` + num("0") + text("ماده") + `<w:r><w:tab/><w:t>دوم</w:t></w:r></w:p><w:p>` + num("1") + text("تنها") + `</w:p>` +
		`<w:p><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr>` + text("گلوله") + `</w:p>` +
		`<w:tbl><w:tr><w:tc><w:p>` + text("درخت") + `</w:p></w:tc><w:tc><w:p>` + text("۳") + `</w:p></w:tc></w:tr></w:tbl>` +
		`<w:p>` + text("تبصره ـ پایان") + `<mc:AlternateContent><mc:Choice><w:p>` + text("کادر") + `</w:p></mc:Choice><mc:Fallback><w:p>` + text("کادر") + `</w:p></mc:Fallback></mc:AlternateContent></w:p>` +
		wordFoot
	l, err := read(t, "law.docx", zipped(t, part{"word/document.xml", document}, part{"word/numbering.xml", numbering}, part{"word/styles.xml", styles}, part{"word/footnotes.xml", footnotes}))
	if err != nil {
		t.Fatal(err)
	}
	want := `
art_1 ماده ۱– باغ‌ها چنین است: / (مصوب ۱۴۰۲)
 art_1__item_alef الف) سبز
 art_1__item_be ب) بزرگ
art_2 ماده ۲– ماده دوم
 art_2__item_alef الف) تنها / گلوله / درخت | ۳ | / کادر
 art_2__note تبصره – پایان
`
	if got := "\n" + outline(&l); got != want || l.Title != "قانون باغ‌ها" {
		t.Errorf("%q is%s\nnot%s", l.Title, got, want)
	}
}

const akn = `<akomaNtoso xmlns="NS"><bill name="b"><meta><identification><FRBRExpression><FRBRlanguage language="eng"/></FRBRExpression></identification></meta>
<preface><p><docTitle>Parks Act</docTitle></p></preface><body>
<chapter ID="chp_1"><num>Chapter I</num><heading>General</heading>
<article ID="art_1"><num>Article 1</num><heading>Scope</heading>
<paragraph ID="p1"><num>1.</num><content><p>Parks are <ins>green</ins><del>red</del><authorialNote marker="1"><p>Mostly.</p></authorialNote>.</p></content></paragraph>
<paragraph ID="p1"><num>2.</num><list><intro><p>Parks have:</p></intro><point><num>(a)</num><content><p>trees;</p></content></point>
<wrapUp><p>and air.</p></wrapUp></list></paragraph></article>
<article><num>Article 2</num><content><p>In the Garden Act it reads:</p><p><mod><quotedStructure><article><num>Article 9</num><heading>Gates</heading><content><p>Gates close.</p></content></article></quotedStructure></mod></p></content></article>
</chapter></body><conclusions><p>Done at noon.</p></conclusions></bill></akomaNtoso>`

func TestReadAkomaNtoso(t *testing.T) {
	want := `
preamble  Parks Act
chp_1 Chapter I [General]
 chp_1__art_1 Article 1 [Scope]
  chp_1__art_1__para_1 1. Parks are green. / (1) Mostly.
  chp_1__art_1__para_2 2. Parks have: / and air.
   chp_1__art_1__para_2__item_a (a) trees;
 chp_1__art_2 Article 2 In the Garden Act it reads: / Article 9 / Gates / Gates close.
para  Done at noon.
! akn.deleted 
! id.repeats 
`
	for ns, id := range map[string]string{
		"http://docs.oasis-open.org/legaldocml/ns/akn/3.0": "eId", "http://docs.oasis-open.org/legaldocml/ns/akn/3.0/CSD13": "eId",
		"http://docs.oasis-open.org/legaldocml/ns/akn/3.0/WD17": "eId", "http://www.akomantoso.org/2.0": "id",
	} {
		text := strings.ReplaceAll(strings.Replace(akn, "NS", ns, 1), "ID=", id+"=")
		l, err := read(t, "law.xml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := "\n" + outline(&l); strings.ReplaceAll(got, " \n", "\n") != strings.ReplaceAll(want, " \n", "\n") || l.Title != "Parks Act" || l.Lang != "en" {
			t.Errorf("%s: %q in %q is%s\nnot%s", ns, l.Title, l.Lang, got, want)
		}
	}
	prefixed := strings.NewReplacer("</", "</a:", "<", "<a:").Replace(strings.ReplaceAll(akn, "ID=", "eId="))
	prefixed = strings.ReplaceAll(strings.Replace(prefixed, "xmlns=", "xmlns:a=", 1), "<a:/a:", "</a:")
	if l, err := read(t, "law.xml", []byte(prefixed)); err != nil || l.Articles() != 2 {
		t.Errorf("with a prefix: %v, %d articles", err, l.Articles())
	}
}

// Files that are no laws, or hostile: each is refused with a sentence.
func TestReadRefuses(t *testing.T) {
	document := func(s string) []byte { return zipped(t, part{"word/document.xml", s}) }
	for name, c := range map[string]struct {
		b    []byte
		kind string
	}{
		"empty":           {nil, "file.empty"},
		"blanks":          {[]byte("\ufeff \n\u200f"), "file.empty"},
		"pdf":             {[]byte("%PDF-1.7\n"), "file.pdf"},
		"old Word":        {[]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "file.doc"},
		"rtf":             {[]byte("{\\rtf1 law}"), "file.rtf"},
		"garbage":         {bytes.Repeat([]byte{0, 1, 2, 3, 250, 251, 0x81, 0x90}, 1000), "file.binary"},
		"large":           {bytes.Repeat([]byte("Article. "), MaxSize/9+1), "file.large"},
		"much text":       {bytes.Repeat([]byte("Article 1. Text\n"), MaxText/16+1), "file.text"},
		"long paragraph":  {bytes.Repeat([]byte("Article "), maxParagraph/8+1), "file.paragraph"},
		"long html":       {[]byte("<html><body><p>" + strings.Repeat("Article ", maxParagraph/8+1)), "file.paragraph"},
		"cut zip":         {document(wordHead + wordFoot)[:60], "file.zipbroken"},
		"other zip":       {zipped(t, part{"a.txt", "Article 1. Text"}), "file.zip"},
		"empty docx":      {document(wordHead + wordFoot), "file.empty"},
		"broken docx":     {document(wordHead + "<w:p>"), "xml.syntax"},
		"doctype docx":    {document(`<!DOCTYPE a [<!ENTITY b "c">]>` + wordHead + wordFoot), "xml.doctype"},
		"deep docx":       {document(wordHead + strings.Repeat("<w:p>", 300) + strings.Repeat("</w:p>", 300) + wordFoot), "xml.deep"},
		"bomb docx":       {document(wordHead + strings.Repeat(" ", 8<<20) + wordFoot), "file.bomb"},
		"other xml":       {[]byte(`<?xml version="1.0"?><law><a/></law>`), "file.xml"},
		"broken akn":      {[]byte(`<akomaNtoso><act><body></act></akomaNtoso>`), "xml.syntax"},
		"cut akn":         {[]byte(akn[:400]), "xml.syntax"},
		"empty akn":       {[]byte(`<akomaNtoso><act><body/></act></akomaNtoso>`), "file.empty"},
		"laughing akn":    {[]byte(`<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><akomaNtoso><act><body><p>&b;</p></body></act></akomaNtoso>`), "xml.doctype"},
		"unknown entity":  {[]byte(`<akomaNtoso><act><body><p>&b;</p></body></act></akomaNtoso>`), "xml.syntax"},
		"deep akn":        {[]byte(`<akomaNtoso><act>` + strings.Repeat("<part>", 1000) + strings.Repeat("</part>", 1000) + `</act></akomaNtoso>`), "xml.deep"},
		"page of nothing": {[]byte(`<html><body><script>Article 1.</script></body></html>`), "file.empty"},
	} {
		_, err := read(t, name, c.b)
		var fault *Error
		if !errors.As(err, &fault) || fault.Kind != "split."+c.kind {
			t.Errorf("%s: %v", name, err)
		} else if s := err.Error(); strings.Contains(s, "%!") || !strings.HasPrefix(s, name) {
			t.Errorf("%s is refused with %q", name, s)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Read(ctx, "law.xml", strings.NewReader(akn), int64(len(akn))); !errors.Is(err, context.Canceled) {
		t.Errorf("a file that nobody waits for: %v", err)
	}
}

// What is odd but can be read is read, and told of.
func TestReadRemarks(t *testing.T) {
	for name, c := range map[string]struct{ text, remark string }{
		"broken bytes":   {strings.Repeat("ماده ۱ ـ متن درازی که در آن چند نشانه نادرست است.\n", 3) + "\xff", "text.broken"},
		"a debate":       {`<akomaNtoso><debate><debateBody><debateSection><p>Hear.</p></debateSection></debateBody></debate></akomaNtoso>`, "akn.other"},
		"broken ids":     {`<akomaNtoso><act><body><article eId="a b"><content><p>Text.</p></content></article></body></act></akomaNtoso>`, "id.broken"},
		"deep lists":     {`<akomaNtoso><act><body>` + strings.Repeat("<part>", 100) + "<p>Text.</p>" + strings.Repeat("</part>", 100) + `</body></act></akomaNtoso>`, "depth.deep"},
		"many articles":  {`<akomaNtoso><act><body>` + strings.Repeat("<article><num>1</num><p>Text.</p></article>", MaxProvisions+1) + `</body></act></akomaNtoso>`, "provisions.many"},
		"text in a body": {`<akomaNtoso><act><body><p>Text.</p></body></act></akomaNtoso>`, "articles.none"},
	} {
		l, err := read(t, name, []byte(c.text))
		if err != nil || !l.has("split."+c.remark) {
			t.Errorf("%s: %v, %+v", name, err, l.Remarks[:min(len(l.Remarks), 5)])
		}
	}
}
