package lawtext

import (
	"fmt"
	"strings"
	"testing"
)

// outline returns the addresses of a law with what stands in each.
func outline(l *Law) string {
	var b strings.Builder
	for _, p := range l.Provisions {
		fmt.Fprintf(&b, "%s %s", strings.Repeat(" ", p.Depth)+p.Address, p.Label)
		if p.Heading != "" {
			fmt.Fprintf(&b, " [%s]", p.Heading)
		}
		if p.Text != "" {
			fmt.Fprintf(&b, " %s", strings.ReplaceAll(p.Text, "\n", " / "))
		}
		b.WriteByte('\n')
	}
	for _, r := range l.Remarks {
		fmt.Fprintf(&b, "! %s %s\n", strings.TrimPrefix(r.Kind, "split."), r.Address)
	}
	return b.String()
}

// The texts are of our own writing.
var splitCases = []struct{ name, text, want string }{
	{"numbers that begin again in each part", "بخش اول- کلیات\nماده ۱- یک.\nماده ۲- دو.\nبخش دوم- وظایف\nماده ۱- سه.\n", `
part_1 بخش اول- [کلیات]
 part_1__art_1 ماده ۱- یک.
 part_1__art_2 ماده ۲- دو.
part_2 بخش دوم- [وظایف]
 part_2__art_1 ماده ۱- سه.
`},
	{"a law of one article", "ماده واحده – دولت مکلف است گزارش دهد.\nتبصره ۱ – هر سال.\nتبصره ۲ – در سامانه.", `
art_single ماده واحده – دولت مکلف است گزارش دهد.
 art_single__note_1 تبصره ۱ – هر سال.
 art_single__note_2 تبصره ۲ – در سامانه.
`},
	{"articles that were added", "ماده ۱۲ـ متن.\nماده ۱۲ مکرر ـ افزوده.\nماده ۱۲ مکرر ۲ ـ باز هم.\nماده ۱۳ (اصلاحی ۱۴۰۲/۴/۱۱)– متن.\nماده ۱۴– مکرر (الحاقی ۱۴۰۲) متن", `
art_12 ماده ۱۲– متن.
art_12bis ماده ۱۲ مکرر – افزوده.
art_12bis2 ماده ۱۲ مکرر ۲ – باز هم.
art_13 ماده ۱۳ (اصلاحی ۱۴۰۲/۴/۱۱)– متن.
art_14bis ماده ۱۴– مکرر (الحاقی ۱۴۰۲) متن
`},
	{"references are no marks", "ماده ۱ – شرایط زیر:\nماده ۵ قانون مدیریت و\nماده (۳) آن در نظر است.\nاصل برائت است.\nتبصره آن نیز.\nماده ۲ – پایان.", `
art_1 ماده ۱ – شرایط زیر: / ماده ۵ قانون مدیریت و / ماده (۳) آن در نظر است. / اصل برائت است. / تبصره آن نیز.
art_2 ماده ۲ – پایان.
`},
	{"an article that another law gets", "ماده ۱ – در قانون شهر ماده زیر افزوده می‌شود:\nماده ۵۵ – شهر باغ دارد.\nماده ۲ – پایان.", `
art_1 ماده ۱ – در قانون شهر ماده زیر افزوده می‌شود: / ماده ۵۵ – شهر باغ دارد.
art_2 ماده ۲ – پایان.
! mark.quoted 
`},
	{"lists in lists", "ماده ۱ – چنین است:\nالف – نخست:\n۱- یک\n۲- دو\nب – دوم\nج – سوم\nتبصره – درباره این ماده.", `
art_1 ماده ۱ – چنین است:
 art_1__item_alef الف – نخست:
  art_1__item_alef__item_1 ۱- یک
  art_1__item_alef__item_2 ۲- دو
 art_1__item_be ب – دوم
 art_1__item_jim ج – سوم
 art_1__note تبصره – درباره این ماده.
`},
	{"notes of items", "ماده ۱ – چنین است:\nالف – نخست\nتبصره ۱ – یک\nتبصره ۲ – دو\nب – دوم\nتبصره – مشمولان این بند.", `
art_1 ماده ۱ – چنین است:
 art_1__item_alef الف – نخست
  art_1__item_alef__note_1 تبصره ۱ – یک
  art_1__item_alef__note_2 تبصره ۲ – دو
 art_1__item_be ب – دوم
  art_1__item_be__note تبصره – مشمولان این بند.
`},
	{"the first item in the line of its article", "ماده ۷ – الف – پدر\nب – مادر\nماده ۸ – ۱- تنها یکی.", `
art_7 ماده ۷ – 
 art_7__item_alef الف – پدر
 art_7__item_be ب – مادر
art_8 ماده ۸ – ۱- تنها یکی.
`},
	{"kinds in each other, whichever is the outer one", "باب اول – یک\nبخش اول – دو\nماده ۱ – متن.\nبخش دوم – سه\nماده ۲ – متن.\nباب دوم – چهار\nماده ۳ – متن.", `
title_1 باب اول – [یک]
 title_1__part_1 بخش اول – [دو]
  title_1__part_1__art_1 ماده ۱ – متن.
 title_1__part_2 بخش دوم – [سه]
  title_1__part_2__art_2 ماده ۲ – متن.
title_2 باب دوم – [چهار]
 title_2__art_3 ماده ۳ – متن.
`},
	{"a chapter's heading below its number", "قانون باغ‌ها\nفصل اول\nکلیات\nماده ۱– باغ سبز است.\nفصل دوم ـ مبحث اول: درختان\nماده ۲– درخت بلند است.\nپیوست ۱\nفهرست باغ‌ها", `
chp_1 فصل اول [کلیات]
 chp_1__art_1 ماده ۱– باغ سبز است.
chp_2 فصل دوم –
 chp_2__sec_1 مبحث اول: [درختان]
  chp_2__sec_1__art_2 ماده ۲– درخت بلند است.
annex_1 پیوست ۱ [فهرست باغ‌ها]
`},
	{"numbers that repeat", "ماده ۱- یک.\nماده ۱- دو.\nماده ۵- سه.", `
art_1 ماده ۱- یک.
art_1-2 ماده ۱- دو.
art_5 ماده ۵- سه.
! number.repeats art_1-2
! number.jumps art_5
`},
	{"marks in the middle of a paragraph", "اصل ۱- زمین گرد است. اصل ۲- آب روان است؛ در اصل ۱ آمده است. ۳- باد می‌وزد. تبصره ۱- گاهی.", `
art_1 اصل ۱- زمین گرد است.
art_2 اصل ۲- آب روان است؛ در اصل ۱ آمده است.
art_3 ۳- باد می‌وزد.
 art_3__note_1 تبصره ۱- گاهی.
! mark.article 
`},
	{"a text without articles", "شهر باغ دارد.\nباغ درخت دارد.", `
preamble  شهر باغ دارد. / باغ درخت دارد.
! articles.none 
`},
	{"nothing", " \n\t", `
! articles.none 
`},
	{"the end of a law", "ماده ۱- یک.\nقانون فوق مشتمل بر دو ماده در جلسه علنی تصویب شد.", `
art_1 ماده ۱- یک.
para  قانون فوق مشتمل بر دو ماده در جلسه علنی تصویب شد.
! count.articles para
`},
	{"English articles", "Parks Act\nWhereas parks are green,\nCHAPTER I\nGeneral\nArticle 1\nScope\nThis Act is about parks.\n(a) Trees;\n(b) lawns:\n(i) mown;\n(ii) wild.\nArticle 2. Entry into force\nOn the first day. See\nArticle 1 of this Act.\nANNEX\nList of parks", `
preamble  Whereas parks are green,
chp_1 CHAPTER I [General]
 chp_1__art_1 Article 1 [Scope] This Act is about parks.
  chp_1__art_1__item_a (a) Trees;
  chp_1__art_1__item_b (b) lawns:
   chp_1__art_1__item_b__item_i (i) mown;
   chp_1__art_1__item_b__item_ii (ii) wild.
 chp_1__art_2 Article 2. [Entry into force] On the first day. See / Article 1 of this Act.
annex ANNEX [List of parks]
`},
	{"English sections", "SEC. 1. SHORT TITLE.\nThis Act is short.\n§ 2. Lists\n1. One;\n2. two.\nSec. 3 of another Act stays.", `
sec_1 SEC. 1. [SHORT TITLE.] This Act is short.
sec_2 § 2. [Lists]
 sec_2__item_1 1. One;
 sec_2__item_2 2. two. / Sec. 3 of another Act stays.
`},
	{"English sections in parts", "Part 60 – Parks\nSubpart A – General\n§ 60.1 Applicability.\n(a) Trees.\nText of\n§ 60.9 of this part.\n§ 60.2 Definitions.\nTerms are defined.\nSubpart B – More", `
part_60 Part 60 – [Parks]
 part_60__part_a Subpart A – [General]
  part_60__part_a__sec_60-1 § 60.1 [Applicability.]
   part_60__part_a__sec_60-1__item_a (a) Trees. / Text of / § 60.9 of this part.
  part_60__part_a__sec_60-2 § 60.2 [Definitions.] Terms are defined.
 part_60__part_b Subpart B – [More]
! number.begins part_60
`},
	{"Arabic articles in chapters", "الباب الأول: أحكام عامة\nالفصل الأول: المبادئ\nالمادة ١: الأرض كروية.\nالمادة ٢: الماء سائل.", `
title_1 الباب الأول: [أحكام عامة]
 title_1__chp_1 الفصل الأول: [المبادئ]
  title_1__chp_1__art_1 المادة ١: الأرض كروية.
  title_1__chp_1__art_2 المادة ٢: الماء سائل.
`},
	{"heads of pages", "ماده ۱- باغ‌های شهر را\nقانون باغ‌ها، صفحه ۱\nشهرداری نگه می‌دارد.\nقانون باغ‌ها، صفحه ۲\nماده ۲- باز است.\nقانون باغ‌ها، صفحه ۳\nماده ۳- بسته است.\nPage 4 of 4", `
art_1 ماده ۱- باغ‌های شهر را شهرداری نگه می‌دارد.
art_2 ماده ۲- باز است.
art_3 ماده ۳- بسته است.
! page.left 
! page.left 
! page.left 
! page.left 
`},
	{"a text that is only a list", "۱- باغ‌ها باز است.\n۲- درخت‌ها بلند است.", `
item_1 ۱- باغ‌ها باز است.
item_2 ۲- درخت‌ها بلند است.
! articles.none
`},
	{"changes before the number", "شیوه‌نامهٔ باغ‌ها\nماده‌ی ۱- یک.\nتبصره الحاقی ۱ – دو.\nتبصرهٔ (اصلاحی ۱۴۰۱) ۲ – سه.\nمادهٔ دوم- چهار.", `
art_1 ماده‌ی ۱- یک.
 art_1__note_1 تبصره الحاقی ۱ – دو.
 art_1__note_2 تبصرهٔ (اصلاحی ۱۴۰۱) ۲ – سه.
art_2 مادهٔ دوم- چهار.
`},
	{"several articles at once", "ماده ۷ – یک.\nماده ۸ و ۹ – حذف شد.\nمواد ۱۰ تا ۱۲ – نسخ شد.\nماده ۱۳ – دو.\nماده ۱ و ۲ قانون دیگر.", `
art_7 ماده ۷ – یک.
art_8to9 ماده ۸ و ۹ – حذف شد.
art_10to12 مواد ۱۰ تا ۱۲ – نسخ شد.
art_13 ماده ۱۳ – دو. / ماده ۱ و ۲ قانون دیگر.
`},
	{"items that name the one above", "ماده ۳ – چنین است:\n۱- یک\n۲- دو:\n۲-۱- دو و یک\n۲-۲- دو و دو\n۳- سه\nماده ۴ – چنین است:\n۴-۱- یک\n۴-۲- دو\n۵-۹- نه", `
art_3 ماده ۳ – چنین است:
 art_3__item_1 ۱- یک
 art_3__item_2 ۲- دو:
  art_3__item_2__item_1 ۲-۱- دو و یک
  art_3__item_2__item_2 ۲-۲- دو و دو
 art_3__item_3 ۳- سه
art_4 ماده ۴ – چنین است:
 art_4__item_1 ۴-۱- یک
 art_4__item_2 ۴-۲- دو / ۵-۹- نه
`},
	{"a table of contents", "قانون باغ‌ها\nفهرست\nفصل اول: کلیات\nفصل دوم: درختان\nفصل سوم: پایان\nفصل اول: کلیات\nماده ۱- باغ سبز است.\nفصل دوم: درختان\nماده ۲- درخت بلند است.\nفصل سوم: پایان\nماده ۳- همین.", `
preamble  فهرست / فصل اول: کلیات / فصل دوم: درختان / فصل سوم: پایان
chp_1 فصل اول: [کلیات]
 chp_1__art_1 ماده ۱- باغ سبز است.
chp_2 فصل دوم: [درختان]
 chp_2__art_2 ماده ۲- درخت بلند است.
chp_3 فصل سوم: [پایان]
 chp_3__art_3 ماده ۳- همین.
! contents 
`},
	{"marks in place of letters", "ماده ۱ـ كتابـهاي بيمه\u200fها و زيان\u00adديده و مى\u200eشود\u200f ـ مصوب ١٣٩٥ ـ است.", `
art_1 ماده ۱– کتابهای بیمه‌ها و زیان‌دیده و می‌شود – مصوب ۱۳۹۵ – است.
`},
}

func TestSplit(t *testing.T) {
	for _, c := range splitCases {
		t.Run(c.name, func(t *testing.T) {
			l := Split(c.text)
			checkLaw(t, &l)
			if got := "\n" + outline(&l); strings.ReplaceAll(got, " \n", "\n") != strings.ReplaceAll(c.want, " \n", "\n") {
				t.Errorf("it is%s\nnot%s", got, c.want)
			}
		})
	}
}

// A text that is broken into lines of one width has paragraphs again.
func TestSplitWrapped(t *testing.T) {
	var b strings.Builder
	sentence := "The city keeps its parks green, and nobody builds in them without leave. "
	for i := range 12 {
		fmt.Fprintf(&b, "Article %d. %s", i+1, sentence)
		b.WriteString("\nIt tells everybody each year in a report which parks there are and what was\nplanted in them.\n\nA second paragraph.\n\n")
	}
	l := Split(b.String())
	checkLaw(t, &l)
	want := strings.TrimSpace(sentence) + " It tells everybody each year in a report which parks there are and what was planted in them.\nA second paragraph."
	if l.Articles() != 12 || l.Provisions[3].Text != want {
		t.Errorf("%d articles, %q", l.Articles(), l.Provisions[3].Text)
	}
}

// A change in one place of a law does not change the addresses in others.
func TestAddressesStay(t *testing.T) {
	before := Split("فصل اول\nماده ۱- یک.\nالف- نخست\nب- دوم\nفصل دوم\nماده ۲- دو.\nتبصره- آری.")
	after := Split("فصل اول\nماده ۱- یک و نیم.\nالف- نخست\nب- دوم\nپ- سوم\nتبصره- نو.\nفصل دوم\nماده ۲- دو.\nتبصره- آری.")
	seen := map[string]bool{}
	for _, p := range after.Provisions {
		seen[p.Address] = true
	}
	for _, p := range before.Provisions {
		if !seen[p.Address] {
			t.Errorf("%s has gone", p.Address)
		}
	}
}

// A law may be mended in its written form: kinds in either language, numbers
// in any digits.
func TestFormatIsMended(t *testing.T) {
	l := Split("@law fa قانون باغ‌ها\n@ فصل ۱ | فصل اول | کلیات\n@@ article ۱۲ مکرر | ماده ۱۲ مکرر–\nمتن\n\\@ متن دوم\n@@@ بند الف | الف–\nنخست\n@@@@@ تبصره\nژرف\n@@ نادانسته\n")
	want := "\nchp_1 فصل اول [کلیات]\n chp_1__art_12bis ماده ۱۲ مکرر– متن / @ متن دوم\n  chp_1__art_12bis__item_alef الف– نخست\n" +
		"   chp_1__art_12bis__item_alef__note  ژرف / @@ نادانسته\n! format.line \n"
	if got := "\n" + outline(&l); got != want || l.Title != "قانون باغ‌ها" {
		t.Errorf("it is %q%s\nnot%s", l.Title, got, want)
	}
	checkLaw(t, &l)
	if l = Split("@law fa قانون باغ‌ها\n@ سیب ۱ | ماده ۱–\nمتن\n@ ماده ۲ | ماده ۲–\n"); !l.has("split.format.line") {
		t.Errorf("a first line that names nothing is not told of: %s", outline(&l))
	}
}

// What is larger than what is read as one law ends there, and says so.
func TestSplitBounds(t *testing.T) {
	var b strings.Builder
	for i := range MaxProvisions + 10 {
		fmt.Fprintf(&b, "Article %d. Text\n", i%1000+1)
	}
	l := Split(b.String())
	if len(l.Provisions) != MaxProvisions || !l.has("split.provisions.many") {
		t.Errorf("%d provisions", len(l.Provisions))
	}
	l = Split("@law en\n" + strings.Repeat("@", 100) + " article 1\nText\n")
	checkLaw(t, &l)
}
