package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site"
	"github.com/openshafaf/shafaf/site/desk"
)

// brandFlags are how the portal shows itself; what is not set here operators may
// set at the desk.
type brandFlags struct {
	NameFa    string   `name:"name-fa" help:"Name of the portal in Persian." env:"SHAFAF_NAME_FA" placeholder:"TEXT"`
	NameEn    string   `name:"name-en" help:"Name of the portal in English." env:"SHAFAF_NAME_EN" placeholder:"TEXT"`
	Emblem    string   `name:"emblem" help:"Emblem of the portal: SVG or PNG, at most 256 KiB." env:"SHAFAF_EMBLEM" type:"path" placeholder:"FILE"`
	Color     string   `name:"color" help:"Main colour on light pages." env:"SHAFAF_COLOR" placeholder:"#RRGGBB"`
	ColorDark string   `name:"color-dark" help:"Main colour on dark pages; without one it follows from --color." env:"SHAFAF_COLOR_DARK" placeholder:"#RRGGBB"`
	Languages []string `name:"languages" help:"Languages of the pages, the main one first: fa,en or one of them." env:"SHAFAF_LANGUAGES" placeholder:"LANG"`
}

// branding is what the flags say. Its error names the flag.
func (f *brandFlags) branding() (site.Branding, error) {
	b := site.Branding{Name: catalog.Text{"fa": f.NameFa, "en": f.NameEn}, Color: f.Color, ColorDark: f.ColorDark, Languages: f.Languages}
	if f.Emblem != "" {
		file, err := os.Open(f.Emblem)
		if err == nil {
			b.Emblem, err = io.ReadAll(io.LimitReader(file, maxSettings))
			err = errors.Join(err, file.Close())
		}
		if err == nil && len(b.Emblem) == 0 {
			err = fmt.Errorf("%s is empty", f.Emblem)
		}
		if err != nil {
			return b, &catalog.InvalidError{Field: "--emblem", Reason: err.Error()}
		}
	}
	err := site.CheckBranding(b)
	var invalid *catalog.InvalidError
	if errors.As(err, &invalid) {
		return b, &catalog.InvalidError{Field: "--" + invalid.Field, Reason: invalid.Reason}
	}
	return b, err
}

// look is how the portal shows itself as far as it is set outside the desk.
func (e *env) look() (*desk.Look, error) {
	fixed, err := e.settings.Serve.Brand.branding()
	if err != nil {
		return nil, e.placed(err)
	}
	l := &desk.Look{Fixed: fixed, From: map[string]string{}}
	for _, s := range e.sources {
		l.Settings = append(l.Settings, desk.Setting(s))
		switch s.Name {
		case "name-fa", "name-en", "emblem", "color", "color-dark", "languages":
			if s.From != fromDefault && s.Value != "" {
				l.From[s.Name] = s.From
			}
		}
	}
	return l, nil
}

// branding is the look in force: with what was set at the desk, as far as it
// still goes together with what is set elsewhere.
func (e *env) branding(p *portal) (site.Branding, error) {
	look, err := e.look()
	if err != nil {
		return site.Branding{}, err
	}
	stored, err := p.store.Settings(e.ctx)
	if err != nil {
		return site.Branding{}, err
	}
	b := look.With(stored)
	if err := site.CheckBranding(b); err != nil {
		e.log.Warn("what was set at the desk does not go with the settings of the server and is not shown", "err", err)
		return look.Fixed, nil
	}
	return b, nil
}
