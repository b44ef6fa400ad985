package site

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/catalog"
)

// A Branding is what a portal shows of who runs it. The zero value is Shafaf's
// own, in both languages.
type Branding struct {
	Name      catalog.Text // of the portal; a language that is not there keeps ours
	Emblem    []byte       // SVG or PNG
	Color     string       // "#0a5f57", on light pages; empty: ours
	ColorDark string       // on dark pages; empty: of Color
	Languages []string     // that pages are shown in, the one of visitors without a wish first; none: all
}

// maxPortalName is how many characters the name of a portal may have.
const maxPortalName = 60

// A brand is a Branding that was checked, as pages show it. It is not changed.
type brand struct {
	Branding
	emblem *brandFile // nil: ours
	style  *brandFile // nil: the stylesheet's own colours
	names  map[string]string
	files  map[string]*brandFile // by the last part of their address
	theme  string                // colour of the head
}

// A brandFile is a file of the brand with its address.
type brandFile struct {
	asset
	url string
}

// brandPrefix is where the files of the brand are served, under names that hold
// their digest.
const brandPrefix = "/brand/"

// newBrand checks b. Its error is a catalog.InvalidError with the field name-fa,
// name-en, emblem, color, color-dark or languages.
func newBrand(b Branding) (*brand, error) {
	out := &brand{Branding: b, names: map[string]string{}, files: map[string]*brandFile{}, theme: deepLight}
	if err := out.takeLanguages(); err != nil {
		return nil, err
	}
	for _, lang := range catalog.Languages {
		name, err := portalName(b.Name[lang])
		if err != nil {
			return nil, &catalog.InvalidError{Field: "name-" + lang, Reason: err.Error()}
		}
		out.names[lang] = name
	}
	if len(b.Emblem) > 0 {
		clean, ext, err := CleanEmblem(b.Emblem)
		if err != nil {
			return nil, &catalog.InvalidError{Field: "emblem", Reason: err.Error()}
		}
		out.emblem = out.add("emblem"+ext, clean)
	}
	if b.Color != "" || b.ColorDark != "" {
		light, dark, err := palettes(b.Color, b.ColorDark)
		if err != nil {
			return nil, err
		}
		if light.set() {
			out.theme = light.deep.String()
		}
		out.style = out.add("colors.css", []byte(stylesheet(light, dark)))
	}
	return out, nil
}

// takeLanguages checks which languages are shown; none means all.
func (b *brand) takeLanguages() error {
	if len(b.Languages) == 0 {
		b.Languages = catalog.Languages
		return nil
	}
	for i, lang := range b.Languages {
		if !slices.Contains(catalog.Languages, lang) || slices.Contains(b.Languages[:i], lang) {
			return &catalog.InvalidError{Field: "languages", Reason: fmt.Sprintf("%q: give fa, en or both, each once and the main one first", strings.Join(b.Languages, ","))}
		}
	}
	return nil
}

// portalName checks a name that stands in the head of every page.
func portalName(name string) (string, error) {
	name = strings.TrimSpace(name)
	switch {
	case !utf8.ValidString(name):
		return "", fmt.Errorf("%q is not UTF-8", name)
	case utf8.RuneCountInString(name) > maxPortalName:
		return "", fmt.Errorf("it has %d characters and may have %d: it stands in the head of every page", utf8.RuneCountInString(name), maxPortalName)
	case strings.ContainsFunc(name, func(r rune) bool {
		return unicode.IsControl(r) || r != '\u200c' && r != '\u200d' && unicode.Is(unicode.Cf, r)
	}):
		return "", fmt.Errorf("%q has characters that cannot be seen", name)
	}
	return name, nil
}

// add adds a file under a name with its digest.
func (b *brand) add(name string, body []byte) *brandFile {
	sum := sha256.Sum256(body)
	base, ext, _ := strings.Cut(name, ".")
	hashed := base + "." + hex.EncodeToString(sum[:5]) + "." + ext
	f := &brandFile{asset{kind: mediaType("." + ext), body: body}, brandPrefix + hashed}
	b.files[hashed] = f
	return f
}

// shows reports whether pages are shown in the language.
func (b *brand) shows(lang string) bool { return slices.Contains(b.Languages, lang) }

// CheckBranding returns what is wrong with b, as a catalog.InvalidError with the
// field name-fa, name-en, emblem, color, color-dark or languages.
func CheckBranding(b Branding) error {
	_, err := newBrand(b)
	return err
}

// SetBranding lets all pages from now on show b. It may be called at any time
// after App.
func (s *Site) SetBranding(b Branding) error {
	checked, err := newBrand(b)
	if err != nil {
		return err
	}
	s.brand.Store(checked)
	return nil
}

// Languages are those that pages are shown in, the main one first.
func (s *Site) Languages() []string { return s.brand.Load().Languages }

// Language is the one of links that nobody's wish is known for.
func (s *Site) Language() string { return s.Languages()[0] }

// Name is what the portal calls itself in a language.
func (s *Site) Name(lang string) string { return s.locales[lang].Text(siteName) }

// siteName is the text that is the portal's name, unless it has one of its own.
const siteName = "site.name"
