// Package geomap draws maps: Iran's provinces as a grid of equal tiles, areas
// and lines as they lie, and points as dots. It knows classes, names and
// geometry, and nothing of where the figures are from.
package geomap

import (
	"strings"
	"unicode"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// A Province is one of Iran's provinces and its tile.
type Province struct {
	Fa, En           string
	ShortFa, ShortEn string // for a tile of 40 pixels
	Row, Column      int    // of its tile, from the north-west
	Code             string // of ISO 3166-2:IR since 2020, without "IR-"
	Old              string // the code before
	others           string // other spellings, parted by "|"
}

// Rows and Columns are how many tiles the grid is high and wide.
const (
	Rows    = 6
	Columns = 7
)

// Provinces are the 31 provinces row by row, west to east.
var Provinces = [...]Province{
	{"آذربایجان غربی", "West Azerbaijan", "آ.غ", "W Az", 0, 0, "04", "02", "Azarbayjan-e Gharbi|Azerbaijan West|Western Azerbaijan|West Azarbaijan|Azarbaijan Gharbi|اذربایجانغربی|آ.غربی"},
	{"آذربایجان شرقی", "East Azerbaijan", "آ.ش", "E Az", 0, 1, "03", "01", "Azarbayjan-e Sharqi|Azerbaijan East|Eastern Azerbaijan|East Azarbaijan|Azarbaijan Sharghi|آ.شرقی"},
	{"اردبیل", "Ardabil", "اردبیل", "Arda", 0, 2, "24", "03", "Ardebil"},
	{"کردستان", "Kurdistan", "کرد", "Kurd", 1, 0, "12", "16", "Kordestan|Kordistan"},
	{"زنجان", "Zanjan", "زنجان", "Zanj", 1, 1, "19", "11", ""},
	{"گیلان", "Gilan", "گیلان", "Gilan", 1, 2, "01", "19", "Guilan|Ghilan"},
	{"مازندران", "Mazandaran", "مازن", "Maza", 1, 3, "02", "21", ""},
	{"گلستان", "Golestan", "گلستان", "Gole", 1, 4, "27", "27", "Golistan"},
	{"خراسان شمالی", "North Khorasan", "خ.ش", "N Kh", 1, 5, "28", "31", "Khorasan-e Shomali|Khorasan North|Northern Khorasan|خ.شمالی"},
	{"کرمانشاه", "Kermanshah", "ک.شاه", "Ksh", 2, 0, "05", "17", "Kirmanshah|Bakhtaran"},
	{"همدان", "Hamadan", "همدان", "Ham", 2, 1, "13", "24", "Hamedan|Hamadān"},
	{"قزوین", "Qazvin", "قزوین", "Qazv", 2, 2, "26", "28", "Ghazvin|Kazvin"},
	{"البرز", "Alborz", "البرز", "Alb", 2, 3, "30", "32", "Elburz"},
	{"تهران", "Tehran", "تهران", "Tehr", 2, 4, "23", "07", "Teheran|طهران"},
	{"سمنان", "Semnan", "سمنان", "Semn", 2, 5, "20", "12", "Simnan"},
	{"خراسان رضوی", "Razavi Khorasan", "خ.ر", "R Kh", 2, 6, "09", "30", "Khorasan-e Razavi|Khorasan Razavi|Khorasan|خراسان|خ.رضوی"},
	{"ایلام", "Ilam", "ایلام", "Ilam", 3, 0, "16", "05", "Eelam"},
	{"لرستان", "Lorestan", "لرستان", "Lore", 3, 1, "15", "20", "Luristan|Loristan"},
	{"مرکزی", "Markazi", "مرکزی", "Mark", 3, 2, "00", "22", "Central|Markazi Central"},
	{"قم", "Qom", "قم", "Qom", 3, 3, "25", "26", "Ghom|Qum|Kum"},
	{"اصفهان", "Isfahan", "اصفهان", "Isfa", 3, 4, "10", "04", "Esfahan|Ispahan|Eşfahān"},
	{"یزد", "Yazd", "یزد", "Yazd", 3, 5, "21", "25", ""},
	{"خراسان جنوبی", "South Khorasan", "خ.ج", "S Kh", 3, 6, "29", "29", "Khorasan-e Jonubi|Khorasan South|Southern Khorasan|Khorasan-e Jonoobi|خ.جنوبی"},
	{"خوزستان", "Khuzestan", "خوز", "Khuz", 4, 1, "06", "10", "Khouzestan|Khuzistan|Khoozestan"},
	{"چهارمحال و بختیاری", "Chaharmahal and Bakhtiari", "چ.ب", "C&B", 4, 2, "14", "08", "Chahar Mahaal and Bakhtiari|Chahar Mahall va Bakhtiari|Chaharmahal va Bakhtiari|Chahar Mahal and Bakhtiari|Chaharmahal & Bakhtiari|Chaharmahal Bakhtiari|چهار محال بختیاری|چهارمحال بختیاری|چهارمحال|چهارمحال وبختیاری"},
	{"کهگیلویه و بویراحمد", "Kohgiluyeh and Boyer-Ahmad", "ک.ب", "K&B", 4, 3, "17", "18", "Kohgiluyeh va Boyer Ahmad|Kohkiluyeh and Buyer Ahmad|Kohgiloyeh and Boyerahmad|Kohgilouyeh and Boyer Ahmad|Kohgiluyeh & Boyer-Ahmad|Kohgiluyeh Boyer Ahmad|Kohgiluyeh and Buyer Ahmad|کهکیلویه و بویراحمد|کهگیلویه وبویر احمد|کهگیلویه بویراحمد|کهگیلویه|کهگیلویه وبویراحمد"},
	{"فارس", "Fars", "فارس", "Fars", 4, 4, "07", "14", "Pars"},
	{"کرمان", "Kerman", "کرمان", "Kerm", 4, 5, "08", "15", "Kirman"},
	{"سیستان و بلوچستان", "Sistan and Baluchestan", "س.ب", "S&B", 4, 6, "11", "13", "Sistan va Baluchestan|Sistan and Baluchistan|Sistan and Balouchestan|Sistan & Baluchestan|Sistan Baluchestan|سیستان بلوچستان|سیستان|سیستان وبلوچستان"},
	{"بوشهر", "Bushehr", "بوشهر", "Bush", 5, 3, "18", "06", "Boushehr|Bushire"},
	{"هرمزگان", "Hormozgan", "هرمز", "Horm", 5, 5, "22", "23", "Hormuzgan|Hormozghan"},
}

// Name is the name of the province in a language.
func (p *Province) Name(lang string) string {
	if lang == "fa" {
		return p.Fa
	}
	return p.En
}

// Short is the name for a small tile.
func (p *Province) Short(lang string) string {
	if lang == "fa" {
		return p.ShortFa
	}
	return p.ShortEn
}

// A Matcher finds the province that a text of one column means. Codes are
// those of one edition of ISO 3166-2:IR, which the texts of the column tell:
// the two editions give nearly every code to another province.
type Matcher struct {
	names map[string]int
	codes map[string]int
	old   bool // the codes are those before 2020
	coded bool // some text was a code
	bare  bool // a code may stand without "IR-"
}

// NewMatcher returns the matcher for a column with these values, or some of
// them. bare says that its heading speaks of provinces, so that two digits are
// a code.
func NewMatcher(values []string, bare bool) *Matcher {
	m := &Matcher{names: map[string]int{}, codes: map[string]int{}, bare: bare}
	for i := range Provinces {
		p := &Provinces[i]
		m.names[key(p.Fa)], m.names[key(p.En)] = i, i
		for other := range strings.SplitSeq(p.others, "|") {
			if other != "" {
				m.names[key(other)] = i
			}
		}
	}
	current := false // codes that only the edition of 2020 has
	for _, v := range values {
		switch code, ok := m.code(v); {
		case !ok:
		case code == "31" || code == "32":
			m.old = true
		case code == "00" || code == "09":
			current = true
		}
	}
	m.old = m.old && !current
	for i := range Provinces {
		code := Provinces[i].Code
		if m.old {
			code = Provinces[i].Old
		}
		m.codes[code] = i
	}
	return m
}

// Place returns the province that a text means, as its place in Provinces.
func (m *Matcher) Place(text string) (int, bool) {
	if code, ok := m.code(text); ok {
		i, known := m.codes[code]
		m.coded = m.coded || known
		return i, known
	}
	k := key(text)
	if k == "" {
		return 0, false
	}
	i, ok := m.names[k]
	return i, ok
}

// Codes tells whether texts were codes, and whether of the edition before 2020.
func (m *Matcher) Codes() (coded, old bool) { return m.coded, m.old }

// code returns the digits of a code of ISO 3166-2:IR.
func (m *Matcher) code(text string) (string, bool) {
	folded := strings.TrimSpace(persian.Fold(text))
	digits, marked := strings.CutPrefix(folded, "ir-")
	if !marked {
		if digits, marked = strings.CutPrefix(folded, "ir"); !marked && !m.bare {
			return "", false
		}
	}
	if len(digits) == 1 && !marked {
		digits = "0" + digits
	}
	if len(digits) != 2 || digits[0] < '0' || digits[0] > '9' || digits[1] < '0' || digits[1] > '9' {
		return "", false
	}
	return digits, true
}

// marks of Latin letters as the romanisations of Persian have them.
var plainLatin = strings.NewReplacer("ā", "a", "á", "a", "â", "a", "ş", "s", "š", "s", "ū", "u", "ī", "i", "ē", "e", "ö", "o", "ü", "u", "ḥ", "h", "ẕ", "z", "ż", "z", "z̄", "z")

// key is a name without what spellings differ in: spaces, hyphens, points, the
// word for a province.
func key(name string) string {
	var b strings.Builder
	for _, w := range strings.FieldsFunc(plainLatin.Replace(strings.ToLower(persian.Fold(name))), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}) {
		switch w {
		case "استان", "province", "ostan", "ostān", "prov", "of", "e", "va", "and", "و":
			continue
		}
		b.WriteString(w)
	}
	return b.String()
}
