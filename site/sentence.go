package site

import (
	"html/template"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// saidPrefix is that of the texts of what is said of sources, runs and files;
// what follows is the kind of a catalog.Said.
const saidPrefix = "said."

// knows reports whether the language has a text for each part of a sentence.
func (l *locale) knows(parts []catalog.Said) bool {
	for _, p := range parts {
		if _, known := l.texts[saidPrefix+p.Kind]; !known {
			return false
		}
	}
	return len(parts) > 0
}

// saidArgs are what stands in a part: {a}, {b}, {c} and {d}. It counts by its
// first number.
func (l *locale) saidArgs(p *catalog.Said, write func(any) any) []any {
	args := lettered(p.Args, write)
	for _, v := range p.Args {
		if n, counts := v.(int64); counts {
			return append(args, "n", n)
		}
	}
	return args
}

// written is what stands in a sentence as the language writes it; a day is as
// it came.
func (l *locale) written(v any) any {
	switch v := v.(type) {
	case catalog.Bytes:
		return l.limit(int64(v))
	case catalog.Seconds:
		n, unit := v.In()
		if n == float64(int64(n)) {
			return l.Text("said.time."+unit, "n", int64(n))
		}
		return l.Text("said.time."+unit, "n", n)
	case catalog.Day:
		return string(v)
	case datasets.FileKind:
		key := "said.kind." + string(v)
		if _, known := l.texts[key]; !known {
			key = "said.kind.other"
		}
		return l.Text(key)
	}
	return v
}

// limit writes a bound on sizes in the unit in which it was set.
func (l *locale) limit(n int64) string {
	const mib, gib = 1 << 20, 1 << 30
	switch {
	case n >= gib && n%gib == 0:
		return l.Text("said.size.gib", "n", n/gib)
	case n >= mib && n%mib == 0:
		return l.Text("said.size.mib", "n", n/mib)
	}
	return l.Size(n)
}

// sentenceText says a sentence in the language, to stand in another one; in
// English as it was written when it has parts that the language does not know.
func (l *locale) sentenceText(text string, parts []catalog.Said) string {
	if !l.knows(parts) {
		return text
	}
	all := ""
	for i := range parts {
		one := l.Text(saidPrefix+parts[i].Kind, l.saidArgs(&parts[i], l.written)...)
		if all != "" {
			one = l.Text("said.and", "a", all, "b", one)
		}
		all = one
	}
	return all
}

// Sentence says what stands in the catalogue as text and its parts in the
// language, as a sentence of its own: for what is no page. It is called after App.
func (s *Site) Sentence(lang, text string, parts []catalog.Said) string {
	l := s.locales[lang]
	if l == nil || !l.knows(parts) {
		return text
	}
	return closed(l.sentenceText(text, parts))
}

// sentence is sentenceText for a page, as a sentence of its own: what stands in
// it is isolated.
func (l *locale) sentence(text string, parts []catalog.Said) template.HTML {
	if !l.knows(parts) {
		if text == "" {
			return ""
		}
		return template.HTML(`<bdi lang="en" dir="ltr">` + template.HTMLEscapeString(text) + `</bdi>`) //nolint:gosec // escaped
	}
	write := func(v any) any {
		if day, isDay := v.(catalog.Day); isDay {
			return l.Date(string(day))
		}
		return l.written(v)
	}
	var all template.HTML
	for i := range parts {
		one := l.HTML(saidPrefix+parts[i].Kind, l.saidArgs(&parts[i], write)...)
		if all != "" {
			one = l.HTML("said.and", "a", all, "b", one)
		}
		all = one
	}
	return closed(all)
}

// fault says what is wrong with a file or a row of it.
func (l *locale) fault(f datasets.Fault) template.HTML { return l.sentence(f.Text, f.Said) }

// FaultText is what is wrong with a file or a row of it, as plain text in the
// language of the request.
func (r *Request) FaultText(f *datasets.Fault) string {
	return r.site.locales[r.Lang].sentenceText(f.Text, f.Said)
}

// closed begins a sentence with a capital letter and ends it with a full stop.
func closed[T ~string](s T) T {
	first, size := utf8.DecodeRuneInString(string(s))
	if unicode.IsLower(first) {
		s = T(unicode.ToUpper(first)) + s[size:]
	}
	if strings.HasSuffix(string(s), "?") || strings.HasSuffix(string(s), "؟") {
		return s
	}
	return s + "."
}

// position says where in its source a record stands: "dataset 12", or "series
// 2, dataset 3". What is not known is shown as it is.
func (l *locale) position(s string) template.HTML {
	var all []string
	for part := range strings.SplitSeq(s, ", ") {
		word, rest, _ := strings.Cut(part, " ")
		key := "position." + word
		if _, known := l.texts[key]; !known || rest == "" {
			return template.HTML(`<bdi class="soft">` + template.HTMLEscapeString(s) + `</bdi>`) //nolint:gosec // escaped
		}
		if n, err := strconv.ParseInt(rest, 10, 64); err == nil {
			rest = l.Plain(n)
		}
		all = append(all, string(l.HTML(key, "n", rest)))
	}
	return template.HTML(`<span class="soft">` + strings.Join(all, l.Text("list.comma")+" ") + `</span>`) //nolint:gosec // escaped in HTML
}
