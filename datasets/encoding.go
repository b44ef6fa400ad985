package datasets

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	enc "golang.org/x/text/encoding/unicode"
)

// charset is an encoding of text by its name.
type charset struct {
	name string
	enc  encoding.Encoding
}

// charsets are the encodings of text that are read. UTF-8 is read as it is.
var charsets = []charset{
	{"utf-8", encoding.Nop},
	{"utf-16le", enc.UTF16(enc.LittleEndian, enc.IgnoreBOM)},
	{"utf-16be", enc.UTF16(enc.BigEndian, enc.IgnoreBOM)},
	{"windows-1250", charmap.Windows1250},
	{"windows-1251", charmap.Windows1251},
	{"windows-1252", charmap.Windows1252},
	{"windows-1253", charmap.Windows1253},
	{"windows-1254", charmap.Windows1254},
	{"windows-1255", charmap.Windows1255},
	{"windows-1256", charmap.Windows1256},
	{"iso-8859-5", charmap.ISO8859_5},
	{"koi8-r", charmap.KOI8R},
	{"macintosh", charmap.Macintosh},
	{"ibm850", charmap.CodePage850},
	{"ibm437", charmap.CodePage437},
	{"big5", traditionalchinese.Big5},
	{"gb18030", simplifiedchinese.GB18030},
	{"shift_jis", japanese.ShiftJIS},
	{"euc-jp", japanese.EUCJP},
	{"euc-kr", korean.EUCKR},
}

// guesses are the charsets for what the detector says. The ISO sets are read
// as the Windows sets that contain them: files that claim the former hold the
// latter.
var guesses = map[string]string{
	"ISO-8859-1": "windows-1252", "windows-1252": "windows-1252",
	"ISO-8859-2": "windows-1250", "windows-1250": "windows-1250",
	"ISO-8859-5": "iso-8859-5", "windows-1251": "windows-1251", "KOI8-R": "koi8-r",
	"ISO-8859-6": "windows-1256", "windows-1256": "windows-1256",
	"ISO-8859-7": "windows-1253", "windows-1253": "windows-1253",
	"ISO-8859-8": "windows-1255", "ISO-8859-8-I": "windows-1255", "windows-1255": "windows-1255",
	"ISO-8859-9": "windows-1254", "windows-1254": "windows-1254",
	"Big5": "big5", "GB-18030": "gb18030", "Shift_JIS": "shift_jis", "EUC-JP": "euc-jp", "EUC-KR": "euc-kr",
}

func charsetNamed(name string) (charset, bool) {
	i := slices.IndexFunc(charsets, func(c charset) bool { return c.name == name })
	if i < 0 {
		return charset{}, false
	}
	return charsets[i], true
}

// reader returns the text of r in UTF-8.
func (c charset) reader(r io.Reader) io.Reader {
	if c.name == "utf-8" {
		return r
	}
	return c.enc.NewDecoder().Reader(r)
}

// A textScan is what a whole file of text looks like, byte by byte.
type textScan struct {
	head    []byte // its first bytes
	chars   int64  // valid characters of UTF-8 beyond ASCII, where there are others
	invalid int64  // bytes that are no UTF-8
	nuls    int64
	sample  []byte // lines that are not ASCII
}

const (
	sampleSize = 256 << 10 // of the lines that the detector sees
	lineSize   = 16 << 10  // the most of one line that it sees
)

// scanText reads all of r, since the first byte that tells may be the last. Of
// a text that is UTF-8 throughout, which most are, it does not count the
// characters.
func scanText(ctx context.Context, r io.ReadSeeker) (*textScan, error) {
	s := &textScan{}
	err := s.scan(ctx, r, s.valid)
	if errors.Is(err, errNotUTF8) {
		s = &textScan{}
		if _, err = r.Seek(0, io.SeekStart); err == nil {
			err = s.scan(ctx, r, s.chunk)
		}
	}
	return s, err
}

// errNotUTF8 says that not all bytes are UTF-8.
var errNotUTF8 = errors.New("the text is not UTF-8 throughout")

// scan shows all of r to look, which tells how many bytes it has seen: at the
// end of a text all must be.
func (s *textScan) scan(ctx context.Context, r io.Reader, look func(b []byte, last bool) (int, error)) error {
	buf := make([]byte, 256<<10)
	kept := 0
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := io.ReadFull(r, buf[kept:])
		chunk := buf[:kept+n]
		end := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !end {
			return err
		}
		if s.head == nil {
			s.head = bytes.Clone(chunk[:min(len(chunk), 4096)])
		}
		s.keepLines(chunk)
		used, err := look(chunk, end)
		s.nuls += int64(bytes.Count(chunk[:used], []byte{0}))
		if err != nil || end {
			return err
		}
		kept = copy(buf, chunk[used:])
	}
}

// valid refuses what is not UTF-8. A character that b cuts is left for the next
// bytes.
func (s *textScan) valid(b []byte, last bool) (int, error) {
	end := len(b)
	for n := 1; !last && n <= min(utf8.UTFMax, len(b)); n++ {
		if c := b[len(b)-n]; utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-n:]) {
				end -= n
			}
			break
		}
	}
	if !utf8.Valid(b[:end]) {
		return 0, errNotUTF8
	}
	return end, nil
}

// chunk counts the characters of b. One that b cuts is left for the next,
// unless b is the last.
func (s *textScan) chunk(b []byte, last bool) (int, error) {
	i := 0
	for i < len(b) {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		if !last && !utf8.FullRune(b[i:]) {
			break
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			s.invalid++
		} else {
			s.chars++
		}
		i += n
	}
	return i, nil
}

// keepLines adds lines of b with characters beyond ASCII to the sample.
func (s *textScan) keepLines(b []byte) {
	for len(b) > 0 && len(s.sample) < sampleSize {
		high := bytes.IndexFunc(b, func(r rune) bool { return r >= utf8.RuneSelf })
		if high < 0 {
			return
		}
		start := max(bytes.LastIndexAny(b[:high], "\r\n")+1, high-lineSize)
		end := bytes.IndexAny(b[high:], "\r\n")
		if end < 0 {
			end = len(b)
		} else {
			end += high
		}
		end = min(end, start+lineSize)
		s.sample = append(append(s.sample, b[start:end]...), '\n')
		b = b[max(end, high+1):]
	}
}

// detect returns the encoding of the scanned text.
func (s *textScan) detect() charset {
	name := s.name()
	c, _ := charsetNamed(name)
	return c
}

func (s *textScan) name() string {
	if name := wide(s.head); name != "" {
		return name
	}
	switch {
	case s.invalid == 0, s.chars > 20*s.invalid: // a few broken characters do not change what it is
		return "utf-8"
	case arabic(s.sample):
		return "windows-1256"
	}
	name := "windows-1252"
	if results, err := chardet.NewTextDetector().DetectAll(s.sample); err == nil {
		for _, r := range results {
			if g, ok := guesses[r.Charset]; ok && g != "windows-1256" {
				name = g
				break
			}
		}
	}
	if letters[name] != "" {
		return european(s.sample, name)
	}
	return name
}

// wide returns "utf-16le" or "utf-16be" if the text begins with the mark of
// one, or if every other byte of it is zero.
func wide(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return "utf-16le"
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return "utf-16be"
	case len(head) < 4:
		return ""
	}
	var zero [2]int
	for i, c := range head {
		if c == 0 {
			zero[i&1]++
		}
	}
	half := len(head) / 2
	switch {
	case zero[1]*10 > half*4 && zero[0]*50 < half:
		return "utf-16le"
	case zero[0]*10 > half*4 && zero[1]*50 < half:
		return "utf-16be"
	}
	return ""
}

// arabic reports whether the bytes beyond ASCII are mostly the frequent letters
// of Arabic and Persian in Windows-1256: alef, be, te, re, sin, kaf, lam,
// meem, noon, heh, waw and yeh, with the ZWNJ and the letters of Persian alone.
func arabic(sample []byte) bool {
	const frequent = "\xC7\xC8\xCA\xCF\xD1\xD3\xD4\xDF\xE1\xE3\xE4\xE5\xE6\xED\x9D\x81\x8D\x90\x98\xC2"
	var letters, high int
	var seen [256]bool
	for _, c := range sample {
		if c < utf8.RuneSelf {
			continue
		}
		high++
		if bytes.IndexByte([]byte(frequent), c) >= 0 {
			letters++
			seen[c] = true
		}
	}
	return high >= 8 && letters*10 >= high*6 && (seen[0xC7] && (seen[0xE1] || seen[0xE4] || seen[0xED]))
}

// Letters and signs that texts in Latin letters hold beyond ASCII, by the
// encoding; the older sets have those of Windows-1252.
const (
	westernLetters = "áàâäãåçéèêëíìîïñóòôöõøúùûüýÿßæœÁÀÂÄÃÅÇÉÈÊËÍÎÑÓÔÖØÚÛÜŠšŽž’‘“”„–—€£°²§«»ºª…½·´®©™•¿¡"
	centralLetters = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻáčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽőűŐŰăâîşţĂÂÎŞŢäöüÄÖÜßđĐ’‘“”„–—€°§«»…´®©™•"
	turkishLetters = "çğıöşüÇĞİÖŞÜâîûÂÎÛ’‘“”–—€°§«»…"
)

var letters = map[string]string{
	"windows-1252": westernLetters, "windows-1250": centralLetters, "windows-1254": turkishLetters,
	"macintosh": westernLetters, "ibm850": westernLetters, "ibm437": westernLetters,
}

// fewLetters is how many bytes beyond ASCII the detector needs to tell the
// languages of Central Europe from those of the West.
const fewLetters = 20

// european chooses between the encoding that the detector takes the sample for
// and others, whose letters stand where it has signs or nothing: the one that
// puts letters between letters.
func european(sample []byte, guess string) string {
	best, bestScore := "windows-1252", plausible(sample, "windows-1252")
	if score := plausible(sample, guess); score > bestScore || score == bestScore && len(highBytes(sample)) >= fewLetters {
		best, bestScore = guess, score
	}
	for _, old := range []string{"macintosh", "ibm850", "ibm437"} {
		if score := plausible(sample, old); score > bestScore+2 {
			best, bestScore = old, score
		}
	}
	return best
}

func highBytes(sample []byte) []byte {
	var high []byte
	for _, c := range sample {
		if c >= utf8.RuneSelf {
			high = append(high, c)
		}
	}
	return high
}

// plausible counts the bytes beyond ASCII that an encoding makes usual
// letters and signs, less four times those that it makes strange ones.
func plausible(sample []byte, name string) int {
	c, _ := charsetNamed(name)
	text, err := c.enc.NewDecoder().Bytes(sample)
	if err != nil {
		return 0
	}
	score := 0
	prev := ' '
	for i, r := range string(text) {
		if r >= utf8.RuneSelf {
			next, _ := utf8.DecodeRune(text[i+utf8.RuneLen(r):])
			inWord := unicode.IsLetter(prev) && unicode.IsLetter(next)
			switch {
			case r == utf8.RuneError || unicode.IsControl(r) || inWord && !unicode.IsLetter(r) && !strings.ContainsRune("’·–", r),
				inWord && unicode.IsUpper(r) && unicode.IsLower(prev):
				score -= 4
			case r != '–' && strings.ContainsRune(letters[name], r):
				score++
			}
		}
		prev = r
	}
	return score
}
