package harvesters

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/jsonstream"
)

// walkDataJSON reads a data.json: DCAT-US (Project Open Data) 1.0, a bare list;
// 1.1, a catalogue with a list of datasets; 3.0, with series, services and
// catalogues in it. It is read as a stream, one record at a time.
func walkDataJSON(ctx context.Context, v *Visit, yield giver) error {
	doc, err := openDocument(ctx, v)
	if err != nil {
		return err
	}
	defer doc.Close()
	text, err := doc.jsonText(v)
	if err != nil {
		return err
	}
	w := &dcatWalk{ctx: ctx, visit: v, yield: yield, base: doc.base}
	return w.document(text)
}

// A dcatWalk walks over the JSON of a catalogue and yields its records.
type dcatWalk struct {
	ctx   context.Context
	visit *Visit
	s     *jsonstream.Stream
	yield giver
	base  *url.URL
	count map[string]int // of what was met, by what it is called
	whole int            // records that were yielded
	rest  object         // fields of the outermost object that are no lists of records
	kept  int            // bytes of them
}

// Lists of a catalogue that hold records, and what their items are called.
var dcatLists = map[string]string{
	"dataset": "dataset", "datasets": "dataset", "datasetSeries": "series", "service": "service", "dcat:dataset": "dataset",
}

const (
	maxCatalogues = 8       // catalogues in catalogues
	maxRestField  = 1 << 20 // bytes of the other fields of a catalogue
)

func (w *dcatWalk) document(text io.Reader) error {
	w.s, w.count, w.rest = jsonstream.New(text), map[string]int{}, object{}
	c, err := w.s.Peek()
	if err != nil {
		return err
	}
	if c == '[' {
		err = w.s.List(func() error { return w.record("dataset") })
	} else {
		err = w.catalogue(0)
	}
	if err == nil {
		err = w.s.End()
	}
	if err != nil {
		return w.where(err)
	}
	if c == '{' && len(w.count) == 0 {
		return w.alone()
	}
	return nil
}

// where adds to a fault of syntax the record after which it stands.
func (w *dcatWalk) where(err error) error {
	var broken *jsonstream.SyntaxError
	if !errors.As(err, &broken) {
		return err
	}
	return afterRecords(err, w.whole)
}

// catalogue walks over the catalogue that comes next.
func (w *dcatWalk) catalogue(depth int) error {
	return w.s.Object(func(key string) error {
		if called := dcatLists[key]; called != "" {
			return w.records(called)
		}
		if key == "catalog" || key == "dcat:catalog" {
			return w.catalogues(depth + 1)
		}
		if depth > 0 || key == "record" {
			return w.s.Skip()
		}
		return w.other(key)
	})
}

// catalogues walks over one catalogue or a list of them inside another.
func (w *dcatWalk) catalogues(depth int) error {
	c, err := w.s.Peek()
	switch {
	case err != nil:
		return err
	case depth > maxCatalogues:
		return say("datajson.deep", maxCatalogues)
	case c == '{':
		w.count["catalogue"]++
		return w.catalogue(depth)
	case c == '[':
		return w.s.List(func() error {
			if c, err := w.s.Peek(); err != nil || c != '{' {
				return errors.Join(err, w.s.Skip())
			}
			w.count["catalogue"]++
			return w.catalogue(depth)
		})
	}
	return w.s.Skip()
}

// records walks over a list of records, or the one that stands in its place.
func (w *dcatWalk) records(called string) error {
	c, err := w.s.Peek()
	switch {
	case err != nil:
		return err
	case c == '[':
		w.count[called] += 0 // there is such a list, be it empty
		return w.s.List(func() error { return w.record(called) })
	case c == '{':
		return w.record(called)
	}
	return w.s.Skip()
}

// other keeps a field of the catalogue that may turn out to be one dataset.
func (w *dcatWalk) other(key string) error {
	raw, over, err := w.s.Value()
	if err != nil || over != "" || w.kept+len(raw) > maxRestField {
		return err
	}
	w.kept += len(raw)
	v, err := decodeJSON(raw)
	if err != nil {
		return w.s.Bad("field", "the field %q cannot be read", key)
	}
	w.rest[key] = v
	return nil
}

// alone takes a document without lists for the one dataset that it may be.
func (w *dcatWalk) alone() error {
	o := w.rest
	switch {
	case o.first("title") != nil && o.first("identifier", "distribution", "description") != nil:
		raw, err := encodeJSON(o)
		if err != nil {
			return err
		}
		w.count["dataset"]++
		return w.one(o, raw, "dataset", "dataset 1")
	case o["success"] != nil || o["result"] != nil:
		return say("datajson.ckan")
	}
	return say("datajson.none")
}

// record reads and yields the item that comes next.
func (w *dcatWalk) record(called string) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	w.count[called]++
	position := fmt.Sprintf("%s %d", called, w.count[called])
	raw, over, err := w.s.Value()
	if err != nil {
		return err
	}
	if over != "" {
		return w.give(catalog.Record{}, &SkipError{Position: position, Err: notRead(w.s)})
	}
	if r, ok := w.visit.same(raw, position); ok && called != "series" {
		return w.give(r, nil)
	}
	v, err := decodeJSON(raw)
	o := asObject(v)
	if err != nil || o == nil {
		return w.give(catalog.Record{}, &SkipError{Position: position, Err: say("record.noobject")})
	}
	return w.one(o, slices.Clone(raw), called, position)
}

// memberKeys are the fields of a series that hold its datasets.
var memberKeys = []string{"seriesMember", "dataset", "hasPart"}

// one maps and yields a record, and after a series the datasets in it.
func (w *dcatWalk) one(o object, raw []byte, called, position string) error {
	m := &mapper{position: position}
	d, agency, skip := m.mapDCAT(o, w.base)
	if skip != nil {
		if err := w.give(catalog.Record{}, skip); err != nil {
			return err
		}
	} else if err := w.give(m.done(raw, d, agency), nil); err != nil {
		return err
	}
	if called != "series" {
		return nil
	}
	for i, v := range asList(o.first(memberKeys...)) {
		member := asObject(v)
		if member == nil || member.first("title") == nil {
			continue // an address of a dataset that stands elsewhere
		}
		if member.first("inSeries", "isPartOf") == nil && m.identifier != "" {
			member["isPartOf"] = m.identifier
		}
		raw, err := encodeJSON(member)
		if err != nil {
			return err
		}
		w.count["dataset"]++
		if err := w.one(member, raw, "dataset", fmt.Sprintf("%s, dataset %d", position, i+1)); err != nil {
			return err
		}
	}
	return nil
}

func (w *dcatWalk) give(r catalog.Record, skip *SkipError) error {
	w.whole++
	return w.yield.give(r, skip)
}
