package site

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
	"github.com/openshafaf/shafaf/catalog/fiscal"
	"github.com/openshafaf/shafaf/catalog/indicators"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/harvesters"
)

var verbs = regexp.MustCompile(`%[sdqv]`)

// TestEverySayingHasItsTexts compares the English texts with those of the
// program, and finds kinds that a language has no text for.
func TestEverySayingHasItsTexts(t *testing.T) {
	sayings := catalog.Sayings()
	maps.Copy(sayings, harvesters.Sayings())
	maps.Copy(sayings, datasets.FaultKinds())
	maps.Copy(sayings, lawtext.Sayings())
	maps.Copy(sayings, indicators.Sayings())
	maps.Copy(sayings, fiscal.Sayings())
	texts := newLocales()
	for kind, format := range sayings {
		letter := 'a'
		want := verbs.ReplaceAllStringFunc(format, func(verb string) string {
			name := "{" + string(letter) + "}"
			letter++
			if verb == "%q" {
				return `"` + name + `"`
			}
			return name
		})
		if got := texts["en"].texts[saidPrefix+kind].other; got != want {
			t.Errorf("%s says on pages %q, and elsewhere %q", kind, got, want)
		}
		if texts["fa"].texts[saidPrefix+kind].other == "" {
			t.Errorf("%s has no Persian text", kind)
		}
	}
	own := []string{"and", "time.second", "time.minute", "time.hour", "size.mib", "size.gib"}
	for key := range texts["en"].texts {
		kind, said := strings.CutPrefix(key, saidPrefix)
		if said && sayings[kind] == "" && !strings.HasPrefix(kind, "kind.") && !slices.Contains(own, kind) {
			t.Errorf("nothing says %s", kind)
		}
	}
}

func TestSentencesAreSaidInTheLanguageOfThePage(t *testing.T) {
	all := newLocales()
	slow := []catalog.Said{
		{Kind: "fetch.idle", Args: []any{"<data>.example:80", catalog.Seconds(30)}}, {Kind: "fetch.tries", Args: []any{int64(5)}},
	}
	for _, c := range []struct {
		lang, text string
		parts      []catalog.Said
		want       string
	}{
		{"en", "x", slow, "<bdi>&lt;data&gt;.example:80</bdi> sent nothing for <bdi>30 seconds</bdi> in the middle of its answer; it is tried again later; it was tried <bdi>5</bdi> times."},
		{"fa", "x", slow, "<bdi>&lt;data&gt;.example:80</bdi> در میانهٔ پاسخ به مدت <bdi>۳۰ ثانیه</bdi> چیزی نفرستاد؛ بعداً دوباره درخواست می‌شود؛ <bdi>۵</bdi> بار آزموده شد."},
		{"en", "x", []catalog.Said{{Kind: "doc.before", Args: []any{int64(1)}}}, "<bdi>1</bdi> record before it was read; ask the owner of the source to mend it there."},
		{"fa", "x", []catalog.Said{{Kind: "doc.large", Args: []any{catalog.Bytes(512 << 20)}}}, "فایل منبع از <bdi>۵۱۲ مگابایت</bdi> بزرگ‌تر است و بزرگ‌تر از آن خوانده نمی‌شود؛ چند بخشش کنید."},
		{"en", "x", []catalog.Said{{Kind: "fetch.unpacked", Args: []any{"h", catalog.Bytes(2 << 30)}}}, "What <bdi>h</bdi> sends is larger than <bdi>2 GiB</bdi> unpacked, which is not taken."},
		{"fa", "x", []catalog.Said{{Kind: "date.future", Args: []any{catalog.Day("2030-03-21")}}}, `تاریخ تغییر، <time datetime="2030-03-21">۱ فروردین ۱۴۰۹</time>، در آینده است و کنار گذاشته شد.`},
		{"en", "x", []catalog.Said{{Kind: "reader.unread", Args: []any{datasets.FileKind("pdf")}}}, "This is <bdi>a PDF document</bdi>, which is not read as a table; publish the table as CSV or XLSX."},
		{"fa", "x", []catalog.Said{{Kind: "reader.unread.name", Args: []any{"csv", datasets.FileKind("png")}}}, "نام فایل به \u200e.<bdi>csv</bdi> پایان می‌یابد اما این <bdi>تصویر</bdi> است؛ خود جدول را با قالب CSV یا XLSX منتشر کنید."},
		{"fa", "x", []catalog.Said{{Kind: "reader.unread", Args: []any{datasets.FileKind("later")}}}, "این <bdi>فایلی از نوعی ناشناخته</bdi> است و به صورت جدول خوانده نمی‌شود؛ جدول را با قالب CSV یا XLSX منتشر کنید."},
		{"en", "x", []catalog.Said{{Kind: "title.long", Args: []any{int64(2000)}}}, "The title is longer than <bdi>2,000</bdi> bytes; is it the description?"},
		{"en", "x", []catalog.Said{{Kind: "record.state", Args: []any{"{a} {b}"}}}, "The record is not published at its source: its state is &#34;<bdi>{a} {b}</bdi>&#34;."},
		{"fa", "of an <older> version", nil, `<bdi lang="en" dir="ltr">of an &lt;older&gt; version</bdi>`},
		{"fa", "of a later version", []catalog.Said{{Kind: "run.last"}, {Kind: "run.later.still"}}, `<bdi lang="en" dir="ltr">of a later version</bdi>`},
		{"fa", "", nil, ""},
	} {
		if got := string(all[c.lang].sentence(c.text, c.parts)); got != c.want {
			t.Errorf("in %s\n got %s\nwant %s", c.lang, got, c.want)
		}
	}
	if got := all["fa"].sentenceText("x", slow[1:]); got != "۵ بار آزموده شد" {
		t.Errorf("within another sentence: %s", got)
	}
	s := &Site{locales: all}
	for lang, want := range map[string]string{"fa": "۵ بار آزموده شد.", "en": "It was tried 5 times.", "": "x"} {
		if got := s.Sentence(lang, "x", slow[1:]); got != want {
			t.Errorf("by itself in %q: %s", lang, got)
		}
	}
}

func TestPlacesInSources(t *testing.T) {
	fa := newLocales()["fa"]
	for place, want := range map[string]string{
		"dataset 1200":        `<span class="soft">مجموعه‌دادهٔ <bdi>۱۲۰۰</bdi></span>`,
		"series 2, dataset 3": `<span class="soft">سری <bdi>۲</bdi>، مجموعه‌دادهٔ <bdi>۳</bdi></span>`,
		"file a/b 1.csv":      `<span class="soft">فایل <bdi>a/b 1.csv</bdi></span>`,
		"row <3>":             `<bdi class="soft">row &lt;3&gt;</bdi>`,
	} {
		if got := string(fa.position(place)); got != want {
			t.Errorf("%s: got %s, want %s", place, got, want)
		}
	}
}
