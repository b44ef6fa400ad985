package ocds

import (
	"maps"

	"github.com/openshafaf/shafaf/datasets/jsonstream"
)

// A Package is what a document says of all its releases.
type Package struct {
	Publisher Object
	Next      string // address of the document that comes after it

	keys map[string]bool // of the outermost object
}

// About reads what a document says of itself, and passes over its releases. A
// document that is no object says nothing. The stream stands behind its first
// value then.
func About(s *jsonstream.Stream) (Package, error) {
	p := Package{keys: map[string]bool{}}
	c, err := s.Peek()
	if err != nil || c != '{' {
		return p, err
	}
	const mostKeys = 1000
	err = s.Object(func(key string) error {
		if len(p.keys) < mostKeys {
			p.keys[key] = true
		}
		if key != "publisher" && key != "links" {
			return s.Skip()
		}
		raw, over, err := s.Value()
		if err != nil || over != "" {
			return err
		}
		o, err := Decode(raw)
		if err != nil {
			return nil //nolint:nilerr // it says nothing that can be used
		}
		if key == "publisher" {
			p.Publisher = o
		} else {
			p.Next = text(o["next"])
		}
		return nil
	})
	return p, err
}

// list is the name of the list of the document's outermost object that is read
// item by item, empty when the object is one release or record.
func (p *Package) list() string {
	switch {
	case p.keys["compiledRelease"], p.keys["ocid"]:
		return ""
	case p.keys["records"]:
		return "records"
	case p.keys["releases"]:
		return "releases"
	}
	return ""
}

// An Item is one thing that was met in a document.
type Item struct {
	Record  int    // its place in a list of records, from 1; 0: it is in none
	Release int    // its place among the releases there, from 1
	Of      string // ocid of its record
	Body    Object // nil with Link, Large or Broken
	Link    string // address of a release that stands elsewhere
	Large   bool   // it is too large, or with Deep nested too deep
	Deep    bool
	Broken  bool // it is no release
}

// Walk hands out the releases of a document whose Package was read before: a
// release or record, a package, a list of any of these, or one a line. An error
// of give ends the walk.
func Walk(s *jsonstream.Stream, p *Package, give func(*Item) error) error {
	w := walker{s: s, give: give}
	c, err := s.Peek()
	switch {
	case err != nil:
		return err
	case c == '[':
		err = s.List(w.value)
	case c == '{' && p.list() != "":
		list := p.list()
		err = s.Object(func(key string) error {
			if key != list {
				return s.Skip()
			}
			c, err := s.Peek()
			if err != nil {
				return err
			}
			if w.records = list == "records"; c != '[' {
				return w.value()
			}
			return s.List(w.value)
		})
		w.records = false
	default:
		err = w.value()
	}
	for err == nil { // JSON Lines
		if _, end := s.Peek(); end != nil {
			return s.End()
		}
		err = w.value()
	}
	return err
}

// A walker walks over one document.
type walker struct {
	s       *jsonstream.Stream
	give    func(*Item) error
	records bool // values are records
	record  int
	release int
}

// value takes the value that comes next for whatever it is.
func (w *walker) value() error {
	raw, over, err := w.s.Value()
	if err != nil {
		return err
	}
	item := Item{}
	if over != "" {
		item.Large, item.Deep = true, w.s.TooDeep()
		return w.one(&item)
	}
	o, err := Decode(raw)
	if err != nil {
		item.Broken = true
		return w.one(&item)
	}
	return w.object(o)
}

// object takes an object for a package, a record or a release.
func (w *walker) object(o Object) error {
	_, compiled := o["compiledRelease"].(Object)
	_, versioned := o["versionedRelease"].(Object)
	_, releases := o["releases"].([]any)
	switch {
	case w.records, compiled, versioned, releases && text(o["ocid"]) != "":
		return w.ofRecord(o)
	case releases:
		for _, r := range objects(o, "releases") {
			if err := w.body(r, ""); err != nil {
				return err
			}
		}
		return nil
	case o["records"] != nil:
		for _, r := range objects(o, "records") {
			if err := w.ofRecord(r); err != nil {
				return err
			}
		}
		return nil
	}
	return w.body(o, "")
}

// ofRecord hands out the releases of a record: those in it; where they only
// stand elsewhere, the compiled one; and where there is none, their addresses.
func (w *walker) ofRecord(o Object) error {
	w.record++
	w.release = 0
	defer func() { w.release = 0 }()
	compiled := object(o, "compiledRelease")
	ocid := firstOf(text(o["ocid"]), text(compiled["ocid"]))
	var bodies []Object
	var links []string
	for _, r := range objects(o, "releases") {
		if at := text(r["url"]); at != "" && text(r["ocid"]) == "" {
			links = append(links, at)
		} else {
			bodies = append(bodies, r)
		}
	}
	switch {
	case len(bodies) > 0:
		for _, r := range bodies {
			if err := w.body(r, ocid); err != nil {
				return err
			}
		}
		return nil
	case compiled != nil:
		c := make(Object, len(compiled)+1)
		maps.Copy(c, compiled)
		if c["tag"] = []any{tagCompiled}; text(c["ocid"]) == "" {
			c["ocid"] = ocid
		}
		return w.body(c, ocid)
	case len(links) == 0:
		return w.one(&Item{Of: ocid, Broken: true})
	}
	for _, at := range links {
		if err := w.one(&Item{Of: ocid, Link: at}); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) body(o Object, ocid string) error {
	if text(o["ocid"]) == "" && ocid != "" {
		o["ocid"] = ocid
	}
	return w.one(&Item{Body: o, Of: ocid})
}

func (w *walker) one(item *Item) error {
	w.release++
	item.Release = w.release
	if item.Of != "" || w.records {
		item.Record = w.record
	}
	return w.give(item)
}
