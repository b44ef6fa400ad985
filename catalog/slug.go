package catalog

import (
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/datasets/persian"
)

const (
	slugMin = 2
	slugMax = 80 // leaves room for -2 within the 90 that an address may have
)

// slugFor returns the slug of a thing: from its English title, else from its
// Persian one in Latin letters, else from its noun and id.
func slugFor(title Text, noun, id string) string {
	for _, s := range []string{title["en"], persian.Latin(title["fa"])} {
		if slug := slugify(s); len(slug) >= slugMin {
			return slug
		}
	}
	if s, in := title.In("en"); in != "" {
		if slug := slugify(persian.Latin(s)); len(slug) >= slugMin {
			return slug
		}
	}
	return noun + "-" + strings.ReplaceAll(id, "-", "")[20:]
}

// slugify keeps the letters a to z and the digits, with single dashes between
// words, and cuts at a word.
func slugify(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(s) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		} else if r != '\'' && r != '’' {
			gap = true
		}
	}
	slug := b.String()
	if len(slug) <= slugMax {
		return slug
	}
	if cut := strings.LastIndexByte(slug[:slugMax+1], '-'); cut > slugMax/2 {
		return slug[:cut]
	}
	return slug[:slugMax]
}

// freeSlug returns slug, or slug-2, slug-3 … whichever is free in the table.
func (t *Tx) freeSlug(table, slug string) (string, error) {
	for n := 1; ; n++ {
		try := slug
		if n > 1 {
			try += "-" + strconv.Itoa(n)
		}
		var taken bool
		if err := t.row("select exists (select 1 from "+table+" where slug = ?)", try).Scan(&taken); err != nil {
			return "", err
		}
		if !taken {
			return try, nil
		}
	}
}
