package datasets

import (
	"context"
	"fmt"
	"strings"
)

// A Personal is data about persons in a column of a table, as far as its form
// shows: what has a checksum, or can be nothing else.
type Personal struct {
	Column  string   `json:"column"` // its name
	Label   string   `json:"label"`
	Kind    string   `json:"kind"`
	Cells   int64    `json:"cells"`   // that hold it
	Samples []string `json:"samples"` // the first of them, masked
}

// The kinds of personal data that FindPersonal knows.
const (
	PersonalID    = "nationalid" // Iranian national identity numbers (کد ملی), by their check digit
	PersonalPhone = "phone"      // Iranian mobile numbers; under a heading for telephones, any number
	PersonalCard  = "card"       // payment cards, by Luhn's check digit (ISO/IEC 7812)
	PersonalIBAN  = "iban"       // bank accounts (شبا), by the check digits of ISO 13616
	PersonalMail  = "mail"       // e-mail addresses
)

// personalKinds are the kinds in the order of their weight.
var personalKinds = []string{PersonalID, PersonalCard, PersonalIBAN, PersonalPhone, PersonalMail}

const personalSamples = 3

// FindPersonal looks for personal data in all rows of a table.
//
// Digits alone prove little: one in eleven numbers of ten digits has the check
// digit of a national id by chance, one in ten of sixteen digits that of a card, and
// one in 97 of any length those of an account. These count in a column only where at least half of the numbers of that
// length have it.
func FindPersonal(ctx context.Context, t *Table) ([]Personal, error) {
	columns := make([]personalColumn, len(t.Schema))
	for i := range columns {
		columns[i].start(&t.Schema[i])
	}
	var text []byte
	for b, err := range t.Scan(0, -1) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, fmt.Errorf("datasets: look for personal data: %w", err)
		}
		for i := range columns {
			c, v := &t.Schema[i], &b.Columns[i]
			if c.Type != Text && c.Type != Integer {
				continue
			}
			for row := range b.Len {
				if v.Null[row] || c.Type == Integer && v.Int[row] < 10_000_000 {
					continue
				}
				text = c.Append(text[:0], v, row)
				columns[i].look(text)
			}
		}
	}
	var found []Personal
	for i := range columns {
		found = columns[i].found(&t.Schema[i], found)
	}
	return found, nil
}

// A personalColumn counts what a column holds.
type personalColumn struct {
	phones  bool // its heading is one for telephones
	numbers bool // zeros before its numbers are lost
	hits    map[string]*personalHits
	tens    int64 // numbers of ten digits
	cards   int64 // of sixteen
	ibans   int64 // behind two letters
	digits  []byte
}

type personalHits struct {
	cells   int64
	samples []string
}

func (p *personalColumn) start(c *Column) {
	p.hits, p.numbers = map[string]*personalHits{}, c.Type == Integer
	for _, w := range labelWords(c.Label) {
		switch w {
		case "phone", "telephone", "tel", "mobile", "cell", "fax", "تلفن", "موبایل", "همراه":
			p.phones = true
		}
	}
}

func (p *personalColumn) hit(kind, sample string) {
	h := p.hits[kind]
	if h == nil {
		h = &personalHits{}
		p.hits[kind] = h
	}
	if h.cells++; len(h.samples) < personalSamples {
		h.samples = append(h.samples, sample)
	}
}

// found appends what the column holds by what all of its cells showed.
func (p *personalColumn) found(c *Column, all []Personal) []Personal {
	for _, kind := range personalKinds {
		h := p.hits[kind]
		of := map[string]int64{PersonalID: p.tens, PersonalCard: p.cards, PersonalIBAN: p.ibans}[kind]
		if h == nil || h.cells*2 < of {
			continue
		}
		all = append(all, Personal{Column: c.Name, Label: c.Label, Kind: kind, Cells: h.cells, Samples: h.samples})
	}
	return all
}

// maxPersonal is how much of a long cell is looked at.
const maxPersonal = 4 << 10

// look looks at one cell. Each kind counts once for it.
func (p *personalColumn) look(text []byte) {
	text = text[:min(len(text), maxPersonal)]
	if at := mailAt(text); at != "" {
		p.hit(PersonalMail, maskMail(at))
	}
	var seen [5]bool
	for i := 0; i < len(text); {
		n, w := digitAt(text[i:])
		if n < 0 {
			i += w
			continue
		}
		from := i
		i = p.run(text, i)
		if k := p.kind(); k >= 0 && !seen[k] {
			seen[k] = true
			p.hit(personalKinds[k], mask(string(p.digits)))
		} else if iban := p.iban(text, from); iban != "" && !seen[2] {
			seen[2] = true
			p.hit(PersonalIBAN, mask(iban))
		}
	}
}

// run reads the digits from i on, between which single blanks and hyphens may
// stand, and returns where they end.
func (p *personalColumn) run(text []byte, i int) int {
	p.digits = p.digits[:0]
	for i < len(text) {
		n, w := digitAt(text[i:])
		if n < 0 {
			if c := text[i]; (c != ' ' && c != '-') || i+1 >= len(text) {
				break
			}
			if n, w = digitAt(text[i+1:]); n < 0 {
				break
			}
			w++
		}
		p.digits = append(p.digits, byte('0'+n))
		i += w
	}
	return i
}

// kind is the index among personalKinds of what the digits are, or -1.
func (p *personalColumn) kind() int {
	d := p.digits
	if p.numbers && len(d) >= 8 && len(d) < 10 {
		d = append([]byte("00")[:10-len(d)], d...)
	}
	switch {
	case len(d) == 11 && d[0] == '0' && d[1] == '9', len(d) == 12 && string(d[:3]) == "989", len(d) == 14 && string(d[:5]) == "00989",
		len(d) == 10 && d[0] == '9' && (p.phones || p.numbers), p.phones && len(d) >= 8 && len(d) <= 14:
		return 3
	case len(d) == 10:
		if p.tens++; nationalID(d) {
			return 0
		}
	case len(d) == 16:
		if p.cards++; '2' <= d[0] && d[0] <= '6' && luhn(d) {
			return 1
		}
	}
	return -1
}

// digitAt returns the value of the ASCII, Persian or Arabic digit that b begins
// with, else -1, and the bytes to go on by.
func digitAt(b []byte) (value, width int) {
	switch c := b[0]; {
	case '0' <= c && c <= '9':
		return int(c - '0'), 1
	case c == 0xDB && len(b) > 1 && 0xB0 <= b[1] && b[1] <= 0xB9:
		return int(b[1] - 0xB0), 2
	case c == 0xD9 && len(b) > 1 && 0xA0 <= b[1] && b[1] <= 0xA9:
		return int(b[1] - 0xA0), 2
	}
	return -1, 1
}

// nationalID reports whether ten digits are an Iranian national id: the last
// one is the sum of the others by their weights 10 to 2, modulo 11, and where
// that is 2 or more what it lacks of 11.
func nationalID(d []byte) bool {
	sum, same := 0, true
	for i := range 9 {
		sum += int(d[i]-'0') * (10 - i)
		same = same && d[i] == d[0]
	}
	check, rest := int(d[9]-'0'), sum%11
	return !same && (rest < 2 && check == rest || rest >= 2 && check == 11-rest)
}

// luhn reports whether the last digit is Luhn's check digit of the others.
func luhn(d []byte) bool {
	sum := 0
	for i, c := range d {
		n := int(c - '0')
		if (len(d)-i)%2 == 0 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

// iban returns the account number whose digits begin at from, behind the two
// letters of its country, empty when there is none. Of the countries whose
// numbers have letters among the digits it knows none.
func (p *personalColumn) iban(text []byte, from int) string {
	at, digits := from, p.digits
	if at > 0 && text[at-1] == ' ' {
		at--
	}
	if at < 2 || len(digits) < 13 || len(digits) > 32 {
		return ""
	}
	a, b := upper(text[at-2]), upper(text[at-1])
	if a < 'A' || a > 'Z' || b < 'A' || b > 'Z' {
		return ""
	}
	p.ibans++
	rest := 0
	for _, c := range digits[2:] {
		rest = (rest*10 + int(c-'0')) % 97
	}
	for _, n := range []int{int(a-'A') + 10, int(b-'A') + 10} {
		rest = (rest*100 + n) % 97
	}
	for _, c := range digits[:2] {
		rest = (rest*10 + int(c-'0')) % 97
	}
	if rest != 1 {
		return ""
	}
	return string([]byte{a, b}) + string(digits)
}

func upper(c byte) byte {
	if 'a' <= c && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}

// mailAt returns the first e-mail address in text, empty when there is none.
func mailAt(text []byte) string {
	for i, c := range text {
		if c != '@' {
			continue
		}
		from, to := i, i+1
		for from > 0 && mailByte(text[from-1]) {
			from--
		}
		for to < len(text) && mailByte(text[to]) {
			to++
		}
		domain := strings.TrimRight(string(text[i+1:to]), ".")
		if dot := strings.LastIndexByte(domain, '.'); from < i && dot > 0 && len(domain)-dot > 2 {
			return string(text[from:i+1]) + domain
		}
	}
	return ""
}

func mailByte(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || strings.IndexByte("._%+-", c) >= 0
}

// mask leaves the first two and the last two characters of a number.
func mask(s string) string { return s[:2] + strings.Repeat("•", len(s)-4) + s[len(s)-2:] }

func maskMail(s string) string {
	at := strings.IndexByte(s, '@')
	return s[:1] + "•••" + s[at:]
}
