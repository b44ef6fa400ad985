package datasets

import (
	"archive/zip"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// memberName returns the name of a member. Where the archive does not say that
// it is UTF-8 it is in the code page of the machine that packed it, of which
// nothing is known: Persian ones are tried before that of DOS.
func memberName(m *zip.File) string {
	if !m.NonUTF8 || utf8.ValidString(m.Name) {
		return m.Name
	}
	if name := unicodeName(m.Extra); name != "" {
		return name
	}
	if name, err := charmap.Windows1256.NewDecoder().String(m.Name); err == nil && arabicName(name) {
		return name
	}
	if name := decode720(m.Name); arabicName(name) {
		return name
	}
	name, err := charmap.CodePage437.NewDecoder().String(m.Name)
	if err != nil {
		return strings.ToValidUTF8(m.Name, "\uFFFD")
	}
	return name
}

// unicodeName returns the name in the field "Unicode Path" of Info-ZIP, if
// there is one.
func unicodeName(extra []byte) string {
	for len(extra) >= 4 {
		id, n := binary.LittleEndian.Uint16(extra), int(binary.LittleEndian.Uint16(extra[2:]))
		if extra = extra[4:]; n > len(extra) {
			return ""
		}
		if id == 0x7075 && n > 5 && extra[0] == 1 && utf8.Valid(extra[5:n]) {
			return string(extra[5:n])
		}
		extra = extra[n:]
	}
	return ""
}

// arabicName reports whether all letters of a name but those of ASCII are of the
// Arabic script, and nothing else is there beside ASCII.
func arabicName(name string) bool {
	for _, r := range name {
		if r > unicode.MaxASCII && !unicode.Is(unicode.Arabic, r) && r != '\u200C' && r != '\u00A0' {
			return false
		}
	}
	return true
}

// high720 is the upper half of code page 720, in which Windows writes names
// where its language is of the Arabic script.
const high720 = "\u0080\u0081éâ\u0084à\u0086çêëèïî\u008d\u008e\u008f\u0090\u0651\u0652ô¤ـûùءآأؤ£إئابةتثجحخدذرزسشص«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀ضطظعغفµقكلمنهوىي≡\u064b\u064c\u064d\u064e\u064f\u0650≈°∙·√ⁿ²■\u00a0"

func decode720(name string) string {
	high := []rune(high720)
	var b strings.Builder
	for i := range len(name) {
		if c := name[i]; c < utf8.RuneSelf {
			b.WriteByte(c)
		} else {
			b.WriteRune(high[c-utf8.RuneSelf])
		}
	}
	return b.String()
}

// maxTableName is the longest name of a table, in characters.
const maxTableName = 200

// tableName makes a name that can be shown: no path out of a folder, without
// characters of control, and
// not too long.
func tableName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, "\uFFFD"))
	parts := strings.FieldsFunc(name, func(r rune) bool { return r == '/' || r == '\\' })
	name = strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "." || p == ".." }), "/") // it is a name, and no path
	if utf8.RuneCountInString(name) > maxTableName {
		all := []rune(name) // the end tells more
		name = "…" + string(all[len(all)-maxTableName+1:])
	}
	return name
}

// unique returns the name, or one like it that no table has yet.
func (im *importing) unique(name string) string {
	if im.names == nil {
		im.names = map[string]bool{}
	}
	free := name
	for n := 2; im.names[free]; n++ {
		free = fmt.Sprintf("%s (%d)", name, n)
	}
	im.names[free] = true
	return free
}
