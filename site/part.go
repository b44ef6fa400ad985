package site

import (
	"context"
	"io/fs"
	"slices"
)

// A Part is a later package that brings pages of its own into the frame of the
// site: routes, templates and texts.
type Part struct {
	Name      string
	Routes    []Route
	Templates fs.FS // *.html; each defines "main" and may define "head"
	Texts     fs.FS // {lang}/NAME.txt, as texts of the site; no key is of two files

	// Enter is asked before every route of the part: it finds out who asks and
	// refuses who may not. It may answer with Moved.
	Enter func(*Site, *Request) error

	// Follow is what the part does beside its pages, until ctx ends; nil for
	// nothing.
	Follow func(ctx context.Context) error
}

// routes are all routes that are served: those of the site and of its parts,
// each with the way into its part.
func (s *Site) routes() []Route {
	all := slices.Concat(Routes(), s.Routes)
	for _, p := range s.Parts {
		for _, r := range p.Routes {
			r.enter = p.Enter
			all = append(all, r)
		}
	}
	return all
}

// templateSources are the folders of templates, the site's own first.
func (s *Site) templateSources() []fs.FS {
	own, err := fs.Sub(templateFiles, "templates")
	if err != nil {
		panic(err)
	}
	all := []fs.FS{own}
	for _, p := range s.Parts {
		if p.Templates != nil {
			all = append(all, p.Templates)
		}
	}
	return all
}

// textSources are the folders of texts, the site's own first.
func (s *Site) textSources() []fs.FS {
	all := []fs.FS{ownTexts()}
	for _, p := range s.Parts {
		all = append(all, p.Texts)
	}
	return all
}

func ownTexts() fs.FS {
	own, err := fs.Sub(textFiles, "texts")
	if err != nil {
		panic(err)
	}
	return own
}
