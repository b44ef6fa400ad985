package site

import (
	"fmt"
	"html/template"

	"github.com/openshafaf/shafaf/datasets"
)

// inputPrefix is that of the texts of what can be wrong with a row query; what
// follows is the Kind of the error.
const inputPrefix = "input."

// lettered names what stands in a text: {a}, {b}, {c} in turn, as write makes it.
func lettered(list []any, write func(any) any) []any {
	var args []any
	for i, v := range list {
		args = append(args, string(rune('a'+i)), write(v))
	}
	return args
}

// inputArgs are what stands in the text of an error.
func (l *locale) inputArgs(e *datasets.InputError) []any {
	return lettered(e.Args, func(v any) any {
		switch x := v.(type) {
		case datasets.Type:
			return l.Text("type." + x.String())
		case int, int64, string:
			return v
		}
		return fmt.Sprint(v)
	})
}

// inputText says what is wrong with a parameter in the language's words; known
// is false when there is only the English of the error itself.
func (l *locale) inputText(e *datasets.InputError) (text string, known bool) {
	if _, known = l.texts[inputPrefix+e.Kind]; !known {
		return e.Text, false
	}
	return l.Text(inputPrefix+e.Kind, l.inputArgs(e)...), true
}

// inputHTML is inputText for a page.
func (l *locale) inputHTML(e *datasets.InputError) template.HTML {
	if _, known := l.texts[inputPrefix+e.Kind]; !known {
		return template.HTML(`<bdi lang="en" dir="ltr">` + template.HTMLEscapeString(e.Text) + `</bdi>`) //nolint:gosec // escaped
	}
	return l.HTML(inputPrefix+e.Kind, l.inputArgs(e)...)
}
