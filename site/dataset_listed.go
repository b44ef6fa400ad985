package site

import (
	"context"
	"sync"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// A listed is a dataset as lists show it. Nobody changes it.
type listed struct {
	catalog.Dataset              // its editions without schemas
	shown           bool         // what follows, which only people are shown, is there
	plain           catalog.Text // its description, as plain text
	columns         []string     // what the columns of its tables are called, each once
}

// A listing keeps datasets as lists show them, until they change.
type listing struct {
	mu   sync.Mutex
	seq  int64 // of the last change of the catalogue that was minded
	kept recent[*listed]

	whole recent[*catalog.Dataset] // with schemas and profiles: those whose tables are read
	ids   recent[string]           // of these, by what stands in addresses
}

// Bounds of a listing.
const (
	mostLists   = 48 << 20 // bytes
	mostWhole   = 16 << 20 // likewise
	mostIDs     = 1 << 20  // likewise
	mostMinded  = 2000     // changes; after more of them nothing is kept
	listedBytes = 2000     // about, of a dataset without its texts
	columnBytes = 3000     // about, of a column with its profile
)

// listedByID returns those of the datasets that the public sees, in their order;
// shown says that it is for people.
func (s *Site) listedByID(ctx context.Context, ids []string, shown bool) ([]*listed, error) {
	seq, err := s.mind(ctx)
	if err != nil {
		return nil, err
	}
	found := make(map[string]*listed, len(ids))
	var rest []string
	for _, id := range ids {
		if d, ok := s.lists.kept.get(id); ok && (d.shown || !shown) {
			found[id] = d
		} else {
			rest = append(rest, id)
		}
	}
	if len(rest) > 0 {
		fresh, err := s.readListed(ctx, rest, shown)
		if err != nil {
			return nil, err
		}
		s.keepListed(seq, fresh)
		for _, d := range fresh {
			found[d.ID] = d
		}
	}
	all := make([]*listed, 0, len(ids))
	for _, id := range ids {
		if d := found[id]; d != nil {
			all = append(all, d)
		}
	}
	return all, nil
}

// mind drops what has changed, and returns the number of the last change.
func (s *Site) mind(ctx context.Context) (int64, error) {
	seq, err := s.Catalog.LastSeqOf(ctx, catalog.NounDataset)
	if err != nil {
		return 0, err
	}
	k := &s.lists
	k.mu.Lock()
	defer k.mu.Unlock()
	if seq <= k.seq {
		return k.seq, nil
	}
	changes, err := s.Catalog.Changes(ctx, k.seq, mostMinded)
	if err != nil {
		return 0, err
	}
	if len(changes) == 0 || len(changes) == mostMinded || changes[0].Seq != k.seq+1 {
		k.kept.clear()
		k.whole.clear()
		k.seq = seq
		return seq, nil
	}
	for i := range changes {
		k.kept.forget(changes[i].ID)
		k.whole.forget(changes[i].ID)
	}
	k.seq = changes[len(changes)-1].Seq
	return k.seq, nil
}

// keepListed keeps datasets that were read after the change seq, unless others
// came meanwhile.
func (s *Site) keepListed(seq int64, all []*listed) {
	s.lists.mu.Lock()
	defer s.lists.mu.Unlock()
	if s.lists.seq != seq {
		return
	}
	for _, d := range all {
		size := listedBytes * (1 + len(d.Resources)/2)
		for _, t := range []catalog.Text{d.Title, d.Description, d.plain} {
			for _, text := range t {
				size += len(text)
			}
		}
		for _, c := range d.columns {
			size += len(c) + 16
		}
		s.lists.kept.put(d.ID, d, size)
	}
}

// wholeDataset is publicDataset for those who page through its tables. Nobody
// changes what it returns.
func (s *Site) wholeDataset(ctx context.Context, key string) (catalog.Dataset, error) {
	seq, err := s.mind(ctx)
	if err != nil {
		return catalog.Dataset{}, err
	}
	if id, ok := s.lists.ids.get(key); ok {
		if d, ok := s.lists.whole.get(id); ok {
			return *d, nil
		}
	}
	d, err := s.publicDataset(ctx, key)
	if err != nil || catalog.IsBuiltin(d.ID) { // these are made anew for who asks
		return d, err
	}
	s.lists.mu.Lock()
	defer s.lists.mu.Unlock()
	if s.lists.seq == seq {
		size := listedBytes * (1 + len(d.Resources))
		for _, r := range d.Tables() {
			size += columnBytes * len(r.Edition.Schema)
		}
		s.lists.ids.put(key, d.ID, len(key)+len(d.ID))
		s.lists.whole.put(d.ID, &d, size)
	}
	return d, nil
}

func (s *Site) readListed(ctx context.Context, ids []string, shown bool) ([]*listed, error) {
	all, err := s.Catalog.DatasetsByID(ctx, ids, false)
	if err != nil {
		return nil, err
	}
	out := make([]*listed, 0, len(all))
	if !shown {
		for i := range all {
			out = append(out, &listed{Dataset: all[i]})
		}
		return out, nil
	}
	schemas, err := s.Catalog.Schemas(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i := range all {
		out = append(out, s.listedOf(&all[i], schemas))
	}
	return out, nil
}

// listedOf makes a dataset ready to be shown in lists; schemas are those of its tables by
// resource, nil where nobody looks for words in them.
func (s *Site) listedOf(d *catalog.Dataset, schemas map[string]datasets.Schema) *listed {
	l := &listed{Dataset: *d, shown: true, plain: catalog.Text{}}
	for lang, text := range d.Description {
		l.plain[lang] = s.prose.Plain(text)
	}
	seen := map[string]bool{}
	for i := range d.Resources {
		schema := schemas[d.Resources[i].ID]
		for j := range schema {
			label := firstOf(schema[j].Label, schema[j].Name)
			if !seen[label] {
				seen[label] = true
				l.columns = append(l.columns, label)
			}
		}
	}
	return l
}
