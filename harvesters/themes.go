package harvesters

import (
	"slices"

	"github.com/openshafaf/shafaf/catalog"
)

// themes reads a list of words as themes: those that the catalogue knows by
// another name get its id, each stands once.
func (m *mapper) themes(field string, v any) []string {
	var ids []string
	for _, word := range m.words(field, v) {
		if id := catalog.ThemeOf(word); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}
