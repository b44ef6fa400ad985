package persian

import "strings"

// Latin writes Persian text in small Latin letters, the way names of places
// are: words of government and statistics as people write them, the others
// letter by letter with a vowel where three consonants would meet. What is not
// Persian is only folded. It is for slugs and file names; it cannot be turned
// back.
func Latin(s string) string {
	var b strings.Builder
	for i, w := range split(s) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(latinWord(w.text))
	}
	return b.String()
}

func latinWord(w string) string {
	if l, ok := latinWords[w]; ok {
		return l
	}
	if stem := Stem(w); stem != w {
		if l, ok := latinWords[stem]; ok {
			return l + spell(w[len(stem):], false)
		}
	}
	return spell(w, true)
}

// consonants of Persian in Latin letters.
var consonants = map[rune]string{
	'ب': "b", 'پ': "p", 'ت': "t", 'ث': "s", 'ج': "j", 'چ': "ch", 'ح': "h", 'خ': "kh",
	'د': "d", 'ذ': "z", 'ر': "r", 'ز': "z", 'ژ': "zh", 'س': "s", 'ش': "sh", 'ص': "s",
	'ض': "z", 'ط': "t", 'ظ': "z", 'غ': "gh", 'ف': "f", 'ق': "q", 'ک': "k", 'گ': "g",
	'ل': "l", 'م': "m", 'ن': "n",
}

// spell writes a folded word letter by letter. Vowels that Persian does not
// write are put as "a" after the first consonant, and where three would meet.
func spell(w string, atStart bool) string {
	letters := []rune(w)
	sp := speller{vowels: !atStart}
	for i, r := range letters {
		next := rune(0)
		if i+1 < len(letters) {
			next = letters[i+1]
		}
		sp.letter(r, next, i == 0 && atStart)
	}
	return sp.String()
}

// A speller writes one word in Latin letters.
type speller struct {
	strings.Builder
	bare   int  // consonants since the last vowel
	vowels bool // there has been a vowel
}

func (sp *speller) letter(r, next rune, first bool) {
	switch r {
	case 'ا':
		if !first || next != 'ی' && next != 'و' {
			sp.vowel("a")
		} else {
			sp.bare = 1 // the next letter is the vowel
		}
	case 'ع':
		if first || sp.bare > 0 && next != 'ا' && next != 'ی' && next != 'و' {
			sp.vowel("a")
		}
	case 'و':
		sp.either(first || sp.bare == 0 || next == 'ا' || next == 'ی', "v", "u")
	case 'ی':
		sp.either(first || sp.bare == 0, "y", "i")
	case 'ه':
		sp.either(first || sp.bare == 0 || next != 0, "h", "e")
	default:
		if c, ok := consonants[r]; ok {
			sp.consonant(c)
		} else {
			sp.WriteRune(r)
			sp.bare = 0
		}
	}
}

func (sp *speller) either(isConsonant bool, consonant, vowel string) {
	if isConsonant {
		sp.consonant(consonant)
	} else {
		sp.vowel(vowel)
	}
}

func (sp *speller) vowel(v string) {
	sp.WriteString(v)
	sp.bare, sp.vowels = 0, true
}

func (sp *speller) consonant(c string) {
	if sp.bare == 1 && !sp.vowels || sp.bare > 1 {
		sp.vowel("a")
	}
	sp.WriteString(c)
	sp.bare++
}

// latinWords are words of government and statistics and names of provinces,
// folded, as they are usually written in Latin letters.
var latinWords = map[string]string{
	"اداره": "edare", "استان": "ostan", "اطلاعات": "ettelaat", "اعتبار": "etebar", "اقتصاد": "eqtesad",
	"امار": "amar", "انتخابات": "entekhabat", "اموزش": "amuzesh", "اول": "avval", "اینترنت": "internet",
	"بازار": "bazar", "بانک": "bank", "برق": "bargh", "برنامه": "barname", "بندر": "bandar", "بودجه": "budje",
	"بهداشت": "behdasht", "بیمه": "bime", "پروژه": "prozhe", "پزشکی": "pezeshki", "تجارت": "tejarat",
	"تعداد": "tedad", "تقویم": "taqvim", "تولید": "tolid", "ثبت": "sabt", "جدول": "jadval", "جمعیت": "jamiyat",
	"جمهوری": "jomhuri", "حقوق": "hoquq", "حمل": "haml", "خانوار": "khanevar", "خدمات": "khadamat",
	"خدمت": "khedmat", "خرید": "kharid", "داده": "dade", "درامد": "daramad", "درمان": "darman",
	"دستگاه": "dastgah", "دولت": "dolat", "راه": "rah", "روستا": "rusta", "سازمان": "sazman", "سال": "sal",
	"سالانه": "salane", "سرشماری": "sarshomari", "سلامت": "salamat", "شاخص": "shakhes", "شبکه": "shabake",
	"شرکت": "sherkat", "شفاف": "shafaf", "شهر": "shahr", "شهرستان": "shahrestan", "صادرات": "saderat",
	"صنعت": "sanat", "طرح": "tarh", "عمومی": "omumi", "فرهنگ": "farhang", "فهرست": "fehrest", "قانون": "qanun",
	"قرارداد": "gharardad", "قیمت": "qeymat", "کار": "kar", "کتاب": "ketab", "کشاورزی": "keshavarzi",
	"کشور": "keshvar", "کل": "kol", "گزارش": "gozaresh", "گمرک": "gomrok", "ماه": "mah", "ماهانه": "mahane",
	"مالی": "mali", "مالیات": "maliyat", "مجلس": "majles", "مجوز": "mojavvez", "مدارس": "madares",
	"مدرسه": "madrese", "مرکز": "markaz", "مصرف": "masraf", "مناقصه": "monaqese", "منطقه": "mantaqe",
	"مهاجرت": "mohajerat", "میزان": "mizan", "نرخ": "nerkh", "نفت": "naft", "نیروی": "niruye",
	"واردات": "varedat", "وزارت": "vezarat", "هزینه": "hazine", "هوا": "hava", "و": "va", "در": "dar", "از": "az",
	"به": "be", "با": "ba", "بر": "bar", "تا": "ta", "که": "ke", "اب": "ab", "ایران": "iran", "تهران": "tehran",
	"اصفهان": "esfahan", "فارس": "fars", "خراسان": "khorasan", "رضوی": "razavi", "شمالی": "shomali",
	"جنوبی": "jonubi", "شرقی": "sharqi", "غربی": "gharbi", "اذربایجان": "azarbayjan", "اردبیل": "ardabil",
	"البرز": "alborz", "ایلام": "ilam", "بوشهر": "bushehr", "چهارمحال": "chaharmahal", "بختیاری": "bakhtiari",
	"خوزستان": "khuzestan", "زنجان": "zanjan", "سمنان": "semnan", "سیستان": "sistan",
	"بلوچستان": "baluchestan", "قزوین": "qazvin", "قم": "qom", "کردستان": "kordestan", "کرمان": "kerman",
	"کرمانشاه": "kermanshah", "کهگیلویه": "kohgiluye", "بویراحمد": "boyerahmad", "گلستان": "golestan",
	"گیلان": "gilan", "لرستان": "lorestan", "مازندران": "mazandaran", "مرکزی": "markazi",
	"هرمزگان": "hormozgan", "همدان": "hamedan", "یزد": "yazd",
}
