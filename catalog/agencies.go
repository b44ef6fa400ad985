package catalog

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/openshafaf/shafaf/datasets/persian"
)

const (
	agencyFields  = "a.id, a.slug, a.state, a.title, a.description, a.kind, a.parent, a.homepage, a.contact, a.created"
	agencyColumns = agencyFields + ", (select count(*) from datasets d where d.agency = a.id and d.state = 'published')"
)

func scanAgency(row scanner) (Agency, error) {
	var a Agency
	err := row.Scan(&a.ID, &a.Slug, &a.State, asJSON(&a.Title), asJSON(&a.Description), &a.Kind, orNull(&a.Parent),
		&a.Homepage, &a.Contact, asTime(&a.Created), &a.Datasets)
	return a, err
}

// Agencies returns the published agencies by slug.
func (s *Store) Agencies(ctx context.Context) ([]Agency, error) {
	rows, err := s.query(ctx, "select "+agencyColumns+" from agencies a where a."+visible+" order by a.slug")
	all, err := collect(rows, err, scanAgency)
	return all, wrap("agencies", err)
}

// AgencyNames returns the published agencies by slug, their datasets not counted.
func (s *Store) AgencyNames(ctx context.Context) ([]Agency, error) {
	rows, err := s.query(ctx, "select "+agencyFields+", 0 from agencies a where a."+visible+" order by a.slug")
	all, err := collect(rows, err, scanAgency)
	return all, wrap("agencies", err)
}

// Agency returns the agency with the given slug or id, or ErrNotFound.
func (s *Store) Agency(ctx context.Context, key string) (Agency, error) {
	a, err := scanAgency(s.row(ctx, "select "+agencyColumns+" from agencies a where a.slug = ?1 or a.id = ?1", key))
	if errors.Is(err, sql.ErrNoRows) {
		return a, notFound(NounAgency, key)
	}
	if err == nil && a.State != Published {
		return a, &RetiredError{Noun: NounAgency, ID: a.ID, Slug: a.Slug}
	}
	return a, wrap("agency", err)
}

// Agency is Store.Agency inside a write.
func (t *Tx) Agency(key string) (Agency, error) {
	a, err := scanAgency(t.row("select "+agencyColumns+" from agencies a where a.slug = ?1 or a.id = ?1", key))
	if errors.Is(err, sql.ErrNoRows) {
		return a, notFound(NounAgency, key)
	}
	return a, err
}

// PutAgency writes a as it is; a new one (without id) gets its id and slug.
func (t *Tx) PutAgency(a *Agency) error {
	if _, in := a.Title.In("fa"); in == "" {
		return &InvalidError{"title", "an agency needs a name"}
	}
	if a.ID == "" {
		slug := a.Slug
		a.ID, a.Created = newID(t.now), t.now
		if slug = slugify(slug); len(slug) < slugMin {
			slug = slugFor(a.Title, NounAgency, a.ID)
		}
		if slug == BuiltinSlug { // kept for the portal's own
			slug += "-2"
		}
		var err error
		if a.Slug, err = t.freeSlug("agencies", slug); err != nil {
			return err
		}
	}
	if a.State == "" {
		a.State = Published
	}
	t.changed(NounAgency, a.ID, OpPut)
	return t.exec(`insert into agencies (id, slug, state, title, fold, description, kind, parent, homepage, contact, created)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (id) do update set state = excluded.state, title = excluded.title, fold = excluded.fold,
			description = excluded.description, kind = excluded.kind, parent = excluded.parent,
			homepage = excluded.homepage, contact = excluded.contact`,
		a.ID, a.Slug, a.State, asJSON(&a.Title), foldTitles(a.Title), asJSON(&a.Description), a.Kind, orNull(&a.Parent),
		a.Homepage, a.Contact, asTime(&a.Created))
}

// foldTitles is an agency's names, folded, between bars: what a name is looked
// up in.
func foldTitles(title Text) string {
	var b strings.Builder
	b.WriteByte('|')
	for _, lang := range sortedKeys(title) {
		b.WriteString(foldName(title[lang]))
		b.WriteByte('|')
	}
	return b.String()
}

func foldName(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(persian.Fold(s)), " "), "|", " ")
}

// agencyNamed returns the agency that has one of a's names, or else a, made
// new. What a knows and the catalogue does not is added; nothing is overwritten.
func (t *Tx) agencyNamed(a *Agency) (string, error) {
	for _, lang := range sortedKeys(a.Title) {
		name := foldName(a.Title[lang])
		if name == "" {
			continue
		}
		old, err := scanAgency(t.row("select "+agencyFields+`, 0 from agencies a where instr(a.fold, ?) > 0 and a.id <> '`+BuiltinAgency+`' order by a.created limit 1`, "|"+name+"|"))
		if err == nil {
			return old.ID, t.completeAgency(&old, a)
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return "", err
		}
	}
	made := *a
	made.ID = ""
	err := t.PutAgency(&made)
	return made.ID, err
}

func (t *Tx) completeAgency(old, from *Agency) error {
	more := false
	add := func(have *string, want string) {
		if *have == "" && want != "" {
			*have, more = want, true
		}
	}
	texts := func(have *Text, want Text) {
		for lang, s := range want {
			if (*have)[lang] == "" && s != "" {
				if *have == nil {
					*have = Text{}
				}
				(*have)[lang], more = s, true
			}
		}
	}
	texts(&old.Title, from.Title)
	texts(&old.Description, from.Description)
	add(&old.Kind, from.Kind)
	add(&old.Homepage, from.Homepage)
	add(&old.Contact, from.Contact)
	if !more {
		return nil
	}
	return t.PutAgency(old)
}
