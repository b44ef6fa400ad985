package desk

import (
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site"
)

// The settings of how the portal shows itself, by the names that they have
// everywhere: flags, files and the catalogue.
const (
	setNameFa    = "name-fa"
	setNameEn    = "name-en"
	setEmblem    = "emblem"
	setColor     = "color"
	setColorDark = "color-dark"
	setLanguages = "languages"
)

// A Setting is a setting of the program and where it was set.
type Setting struct{ Name, Value, From string }

// A Look is how the portal shows itself as far as a file, the environment or a
// flag says so. The rest is set at the desk.
type Look struct {
	Fixed    site.Branding
	From     map[string]string // where what is fixed was set, by setting
	Settings []Setting         // all settings of the program
}

// With is the branding in force: what is fixed, and of stored the rest.
func (l *Look) With(stored map[string]string) site.Branding {
	free := func(name, fixed string) string {
		if l.From[name] != "" {
			return fixed
		}
		return stored[name]
	}
	b := l.Fixed
	b.Name = catalog.Text{"fa": free(setNameFa, l.Fixed.Name["fa"]), "en": free(setNameEn, l.Fixed.Name["en"])}
	b.Color, b.ColorDark = free(setColor, b.Color), free(setColorDark, b.ColorDark)
	if l.From[setEmblem] == "" {
		b.Emblem = []byte(stored[setEmblem])
	}
	if l.From[setLanguages] == "" && stored[setLanguages] != "" {
		b.Languages = strings.Split(stored[setLanguages], ",")
	}
	return b
}
