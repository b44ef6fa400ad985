package site

import (
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"strings"
)

// A file of texts is of one part of the site; "texts/en/site.txt" has what all
// pages share.
//
//go:embed texts
var textFiles embed.FS

// A message is a text in one language with placeholders in braces. Where it
// counts something by {n}, one is its form for a single thing.
type message struct{ one, other string }

// readTexts reads the texts of lang: lines of "key: text", or "key[one]: text"
// for the singular; blank lines and those that begin with # are for the reader.
// A key stands in one file only.
func readTexts(lang string, sources []fs.FS) (map[string]message, error) {
	texts := map[string]message{}
	for _, source := range sources {
		entries, err := fs.ReadDir(source, lang)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if err := readTextFile(texts, source, lang+"/"+e.Name()); err != nil {
				return nil, err
			}
		}
	}
	return texts, nil
}

func readTextFile(texts map[string]message, source fs.FS, name string) error {
	b, err := fs.ReadFile(source, name)
	if err != nil {
		return err
	}
	for i, line := range strings.Split(string(b), "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		key, text, ok := strings.Cut(line, ": ")
		if !ok {
			return fmt.Errorf("%s: line %d is not “key: text”", name, i+1)
		}
		key, one := strings.CutSuffix(key, "[one]")
		m := texts[key]
		if slot := &m.other; one {
			m.one = text
		} else if *slot != "" {
			return fmt.Errorf("%s: line %d: the key %s stands there twice", name, i+1, key)
		} else {
			*slot = text
		}
		texts[key] = m
	}
	return nil
}

// message finds a text and its form for the count among args.
func (l *locale) message(key string, args []any) string {
	if key == siteName && l.brand != nil {
		if name := l.brand.Load().names[l.lang]; name != "" {
			return name
		}
	}
	m, ok := l.texts[key]
	if !ok {
		panic("no text for " + key + " in " + l.lang)
	}
	if m.one != "" {
		for i := 0; i+1 < len(args); i += 2 {
			if n, isInt := integer(args[i+1]); isInt && args[i] == "n" && l.singular(n) {
				return m.one
			}
		}
	}
	return m.other
}

// singular is the plural rule of CLDR: fa has one for 0 and 1, en for 1.
func (l *locale) singular(n int64) bool { return n == 1 || n == 0 && l.lang == "fa" }

// Text returns the text of key with its placeholders filled in: args are
// names and values in turn. Numbers are written as the language does.
func (l *locale) Text(key string, args ...any) string {
	return fill(l.message(key, args), args, l.value)
}

// fill puts what value makes of args in the place of their names. What goes in
// may have braces of its own.
func fill(text string, args []any, value func(any) string) string {
	if len(args) == 0 {
		return text
	}
	var b strings.Builder
	for {
		before, rest, open := strings.Cut(text, "{")
		b.WriteString(before)
		if !open {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		at := 0
		for at+1 < len(args) && args[at] != name {
			at += 2
		}
		if !closed || at+1 >= len(args) {
			b.WriteByte('{')
			text = rest
			continue
		}
		b.WriteString(value(args[at+1]))
		text = after
	}
}

// HTML is Text for a page: values are escaped and isolated, so that a name in
// another script does not disorder the sentence. Values of type template.HTML
// go in as they are, and `backticks` stand around code.
func (l *locale) HTML(key string, args ...any) template.HTML {
	text := codeSpans(template.HTMLEscapeString(l.message(key, args)))
	return template.HTML(fill(text, args, func(v any) string { //nolint:gosec // text of ours, values escaped
		if ready, ok := v.(template.HTML); ok {
			return string(ready)
		}
		return string(isolated(l.value(v)))
	}))
}

// codeSpans marks what stands between backticks as code.
func codeSpans(text string) string {
	parts := strings.Split(text, "`")
	for i := 1; i+1 < len(parts); i += 2 {
		parts[i] = "<code>" + parts[i] + "</code>"
	}
	return strings.Join(parts, "")
}

// value writes an argument as the language does.
func (l *locale) value(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return l.Float(v, 2)
	}
	if n, ok := integer(v); ok {
		return l.Num(n)
	}
	return fmt.Sprint(v)
}

func integer(v any) (int64, bool) {
	switch v := v.(type) {
	case int:
		return int64(v), true
	case int64:
		return v, true
	case uint64:
		return int64(v), true //nolint:gosec // counts, far below the bound
	default:
		return 0, false
	}
}
