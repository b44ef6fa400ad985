package site

import (
	"slices"
	"strings"
)

// A keptView shows what was typed into a form that cannot be stored as who sent
// it is now: it can be sent again from there.
type keptView struct {
	Frame
	Lead   string
	Way    Link // to be allowed again
	Do     string
	Hidden []keptField
	Fields []keptField
}

// A keptField is a field of the form.
type keptField struct {
	Name, Text string
	Long       bool
}

// JSON is never asked for: who sends forms reads pages.
func (*keptView) JSON() any { return nil }

// keptHidden are fields of forms that nobody types.
var keptHidden = []string{"revision", "do", "act"}

// KeepTyped answers a posted form that is refused with a page that has what was
// typed, and returns the error that the handler returns. way leads to where the
// cause is mended; lead is the key of the sentence that says it. It returns err
// when nothing was typed.
func (r *Request) KeepTyped(status int, lead string, way Link, err error) error {
	v := &keptView{Lead: r.Text(lead), Way: way, Do: "/" + r.Lang + r.Path}
	for name, values := range r.Form {
		for _, text := range values {
			f := keptField{name, text, len(text) > 80 || strings.Contains(text, "\n")}
			switch {
			case slices.Contains(unshown, name) || text == "":
			case slices.Contains(keptHidden, name):
				v.Hidden = append(v.Hidden, f)
			default:
				v.Fields = append(v.Fields, f)
			}
		}
	}
	if len(v.Fields) == 0 || strings.HasSuffix(r.Path, "/sign-in") {
		return err
	}
	byName := func(a, b keptField) int { return strings.Compare(a.Name, b.Name) }
	slices.SortStableFunc(v.Fields, byName)
	slices.SortStableFunc(v.Hidden, byName)
	v.Frame = Frame{Title: r.Text("kept.title"), NoIndex: true}
	r.site.frame(&v.Frame, r, false)
	v.Status = status
	if err := r.site.render(r.ctx, "kept", CacheNever, v); err != nil {
		return err
	}
	return errSent
}
