package site

import (
	"context"
	"strings"

	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
)

// A writer has the texts of a language.
type writer interface {
	Text(key string, args ...any) string
}

// placeName is what a provision is called: its label as the text has it.
func placeName(w writer, p *lawtext.Provision) string {
	label := strings.TrimRight(p.Label, " \u200c.:-–—ـ")
	switch {
	case label != "":
		return label
	case p.Heading != "":
		return p.Heading
	default:
		return w.Text("provision." + string(p.Kind))
	}
}

// insideOf reports whether a provision is called after the one that it stands
// in: a note of an article.
func insideOf(p, in *lawtext.Provision) bool {
	return inside(p.Kind) && (in.Kind == lawtext.Article || inside(in.Kind))
}

// after is the name of what stands in a provision, after the name of that.
func after(w writer, in, name string) string { return in + w.Text("list.comma") + " " + name }

// placeNames are what the provisions of a law are called.
func (l *locale) placeNames(law []lawtext.Provision) []string {
	names := make([]string, len(law))
	at := map[string]int{}
	for i := range law {
		p := &law[i]
		names[i] = placeName(l, p)
		if k, ok := at[p.Parent]; ok && insideOf(p, &law[k]) {
			names[i] = after(l, names[k], names[i])
		}
		at[p.Address] = i
	}
	return names
}

// ProvisionName is what the provision at an address of a version (its id) is
// called in the language of the writer. Without such a provision it answers
// ErrNotFound.
func ProvisionName(ctx context.Context, drafts *consultation.Consultation, w writer, version, address string) (string, error) {
	p, err := drafts.Provision(ctx, version, address)
	if err != nil {
		return "", err
	}
	name := placeName(w, &p)
	for inside(p.Kind) && p.Parent != "" {
		in, err := drafts.Provision(ctx, version, p.Parent)
		if err != nil {
			return "", err
		}
		if insideOf(&p, &in) {
			name = after(w, placeName(w, &in), name)
		}
		p = in
	}
	return name, nil
}
