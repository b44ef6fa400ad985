package site

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/search"
)

// A join is a column of another table that has the same name and shares values:
// the rows of both can be put side by side.
type join struct {
	Dataset  string `json:"dataset"` // slug
	Title    said   `json:"-"`
	Resource string `json:"resource"`
	Table    string `json:"table"`
	Column   string `json:"column"`
	Shared   int64  `json:"shared"` // values that both have
	Of       int64  `json:"of"`     // values looked at in this table
	URL      string `json:"-"`
}

// Looking for joins is bounded: in columns, in datasets that a search for the
// column's name finds, in values compared, and in time.
const (
	joinTime     = 1200 * time.Millisecond
	joinColumns  = 6
	joinDatasets = 12
	joinValues   = 200
	joinsShown   = 5
	leastShared  = 2
	leastOverlap = 0.2
	joinLongest  = 60 // letters of values that can be keys
)

// joins finds tables to put beside x, by its columns. It returns what it found
// in its time.
func (s *Site) joins(ctx context.Context, l *locale, x *exploration) (map[string][]join, error) {
	found := map[string][]join{}
	if s.Index == nil {
		return found, nil
	}
	ctx, cancel := context.WithTimeout(ctx, joinTime)
	defer cancel()
	tried := 0
	for i := range x.Schema {
		c := &x.Schema[i]
		if !joinable(c, profileOf(x.Edition.Profile, c.Name)) || tried == joinColumns {
			continue
		}
		tried++
		some, err := s.joinsOf(ctx, l, x, c)
		if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, search.ErrRebuilding) {
			break
		}
		if err != nil {
			return nil, err
		}
		if len(some) > 0 {
			found[c.Name] = some
		}
	}
	return found, nil
}

// joinable reports whether the values of a column may name things that other
// tables name too.
func joinable(c *datasets.Column, p *datasets.ColumnProfile) bool {
	if p == nil || p.Distinct <= leastShared {
		return false
	}
	if c.Type == datasets.Integer {
		return identifying.MatchString(c.Label) || identifying.MatchString(c.Name)
	}
	return c.Type == datasets.Text && (len(p.Top) == 0 || len([]rune(p.Top[0].Value)) <= joinLongest)
}

// joinsOf finds tables with a column of the name of c that shares values with it.
func (s *Site) joinsOf(ctx context.Context, l *locale, x *exploration, c *datasets.Column) ([]join, error) {
	name := firstOf(c.Label, c.Name)
	result, err := s.Index.Search(ctx, search.Query{Text: `"` + name + `"`, Kind: catalog.NounDataset, Lang: l.lang, Size: joinDatasets})
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, hit := range result.Hits {
		ids = append(ids, hit.ID)
	}
	others, err := s.Catalog.DatasetsByID(ctx, ids, true)
	if err != nil {
		return nil, err
	}
	var own map[string]bool
	var all []join
	for i := range others {
		d := &others[i]
		for _, r := range d.Tables() {
			other := sameColumn(r.Edition, c)
			if r.ID == x.Resource.ID || r.Edition.Digest == x.Edition.Digest || other == nil || len(all) == joinsShown {
				continue
			}
			if own == nil {
				if own, err = valuesOf(ctx, x.Rows, c.Name); err != nil {
					return nil, err
				}
			}
			j, err := s.join(ctx, l, d, r, other, own)
			if err != nil {
				return nil, err
			}
			if j != nil {
				all = append(all, *j)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b join) int { return int(b.Shared - a.Shared) })
	return all, nil
}

// sameColumn is the column of e with the name and type of c.
func sameColumn(e *catalog.Edition, c *datasets.Column) *datasets.Column {
	name := foldedName(firstOf(c.Label, c.Name))
	for i := range e.Schema {
		other := &e.Schema[i]
		if other.Type == c.Type && foldedName(firstOf(other.Label, other.Name)) == name {
			return other
		}
	}
	return nil
}

// join compares the values of a column of another table with own; it returns
// nil when they share too little.
func (s *Site) join(ctx context.Context, l *locale, d *catalog.Dataset, r *catalog.Resource, c *datasets.Column, own map[string]bool) (*join, error) {
	rows, err := s.Files.Rows(r.Edition.Digest) //nolint:contextcheck // it reads one page of the file, or none
	if err != nil {
		return nil, nil //nolint:nilerr // a table that cannot be read is none to suggest
	}
	theirs, err := valuesOf(ctx, rows, c.Name)
	if err != nil {
		return nil, err
	}
	shared := 0
	for v := range theirs {
		if own[v] {
			shared++
		}
	}
	least := min(len(own), len(theirs))
	if shared < leastShared || float64(shared) < leastOverlap*float64(least) {
		return nil, nil
	}
	q := url.Values{paramResource: {r.ID}}
	return &join{
		Dataset: d.Slug, Title: l.said(d.Title), Resource: r.ID, Table: r.Label(l.lang), Column: c.Name, Shared: int64(shared), Of: int64(len(own)),
		URL: withQuery("/"+l.lang+datasetPath(d.Slug)+"/table", q),
	}, nil
}

// valuesOf is the most frequent values of a column, folded.
func valuesOf(ctx context.Context, rows *datasets.RowFile, column string) (map[string]bool, error) {
	f, err := rows.Facet(ctx, datasets.RowQuery{}, column, joinValues)
	if err != nil {
		return nil, err
	}
	values := map[string]bool{}
	for _, v := range f.Values {
		values[foldedName(v.Value)] = true
	}
	return values, nil
}
