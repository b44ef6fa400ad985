package site

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/persian"

	"github.com/gofiber/fiber/v2"
)

// paramLabels is the language in which the groups and figures of a file are
// called, as a page calls them; without it they have the names of row queries
// in them. It begins with an underscore like all that is asked of rows, since a
// column may be called "lang".
const paramLabels = "_lang"

// exportLabels takes the language of labels out of the query of a download; nil
// where none is asked for.
func (s *Site) exportLabels(c *fiber.Ctx, query url.Values) (*locale, error) {
	values, given := query[paramLabels]
	if !given {
		return nil, nil
	}
	delete(query, paramLabels)
	l := s.locales[values[0]]
	if l == nil || len(values) > 1 {
		return nil, s.refuse(answerLanguage(c), fiber.StatusUnprocessableEntity, paramLabels, "refused.lang", "lang", persian.Shorten(values[0], longURL))
	}
	return l, nil
}

// labelledKey is the key of the query with the language of its labels, which
// tells files apart only where there are such labels.
func (l *locale) labelledKey(q datasets.RowQuery, schema datasets.Schema) string {
	key := q.Key(schema)
	if l == nil || !q.Grouped() {
		return key
	}
	sum := sha256.Sum256([]byte(key + l.lang))
	return hex.EncodeToString(sum[:len(key)/2])
}

// labelled is the schema of a result of q over a table whose groups and figures
// are called as pages in the language call them. A nil l leaves them.
func (l *locale) labelled(q datasets.RowQuery, table, result datasets.Schema) datasets.Schema {
	if l == nil || !q.Grouped() {
		return result
	}
	x := &exploration{Schema: table, Query: q}
	result = slices.Clone(result)
	for i := range result {
		label, _ := x.resultLabel(l, result[i].Name)
		result[i].Label = unmarked(label)
	}
	return result
}
