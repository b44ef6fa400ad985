package search

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/google/uuid"
)

// The facets whose values are texts, by their place in a record; the year is
// two numbers.
const (
	ofAgency = iota
	ofTheme
	ofFormat
	ofLicence
	valueFacets
)

// A record is the facts of one document.
type record struct {
	hash     uint64 // of all that was indexed of it
	kind     uint8
	date     int64 // seconds since 1970
	from, to int16 // years, both 0 when unknown
	values   [valueFacets][]string
	titles   [2][]byte // what its title is sorted by, for each language
}

// encode appends the record in the form in which the index stores it.
func (r *record) encode(b []byte) []byte {
	b = binary.BigEndian.AppendUint64(b, r.hash)
	b = append(b, r.kind)
	b = binary.AppendVarint(b, r.date)
	b = binary.AppendUvarint(b, uint64(r.from))
	b = binary.AppendUvarint(b, uint64(r.to))
	for _, list := range r.values {
		b = binary.AppendUvarint(b, uint64(len(list)))
		for _, s := range list {
			b = binary.AppendUvarint(b, uint64(len(s)))
			b = append(b, s...)
		}
	}
	for _, key := range r.titles {
		b = binary.AppendUvarint(b, uint64(len(key)))
		b = append(b, key...)
	}
	return b
}

var (
	errFacts    = errors.New("the facts of a document are damaged")
	errPostings = errors.New("the postings of a word are damaged")
)

// A decoder reads what encode wrote. After an error it gives zeros.
type decoder struct {
	b   []byte
	bad bool
}

func (d *decoder) uvarint() uint64 {
	v, n := binary.Uvarint(d.b)
	if n <= 0 {
		d.bad, d.b = true, nil
		return 0
	}
	d.b = d.b[n:]
	return v
}

func (d *decoder) varint() int64 {
	v, n := binary.Varint(d.b)
	if n <= 0 {
		d.bad, d.b = true, nil
		return 0
	}
	d.b = d.b[n:]
	return v
}

func (d *decoder) bytes(n uint64) []byte {
	if n > uint64(len(d.b)) {
		d.bad, d.b = true, nil
		return nil
	}
	v := d.b[:n]
	d.b = d.b[n:]
	return v
}

// A column is the values of one facet for all documents of a segment: those
// of document i are ords[at[i]:at[i+1]], numbers in the facet's dictionary.
type column struct {
	at   []uint32
	ords []uint32
	docs map[uint32]*roaring.Bitmap // the documents that have a value
	work uint64                     // of going through docs, see count
}

func newColumn(n int) column {
	return column{at: make([]uint32, 1, n+1), ords: make([]uint32, 0, n), docs: map[uint32]*roaring.Bitmap{}}
}

// A period is the first and the last year that a document is about.
type period struct{ from, to int16 }

// facts are what is known of the documents of one segment, by their number in
// it. They never change.
type facts struct {
	ids     [][16]byte
	kinds   []uint8
	of      [kindCount]*roaring.Bitmap // documents of each kind
	dates   []int64
	columns [valueFacets]column
	covers  column            // the years that documents are about, numbers in periods
	periods map[period]uint32 // numbered as they come
	hashes  []uint64
	titles  [2][]uint32 // ends of keys in arena
	arena   []byte
	words   *lexicon
	titled  *vocabulary
}

// newFacts makes room for n documents.
func newFacts(n int) *facts {
	f := &facts{
		ids: make([][16]byte, 0, n), kinds: make([]uint8, 0, n), dates: make([]int64, 0, n),
		covers: newColumn(n), periods: map[period]uint32{}, hashes: make([]uint64, 0, n), words: newLexicon(n),
	}
	for i := range f.of {
		f.of[i] = roaring.New()
	}
	for i := range f.columns {
		f.columns[i] = newColumn(n)
	}
	for i := range f.titles {
		f.titles[i] = make([]uint32, 0, 2*n)
	}
	return f
}

// add appends the next document.
func (f *facts) add(id string, stored []byte, dd dicts) error {
	doc := uint32(len(f.ids))
	f.ids = append(f.ids, idKey(id))
	if len(stored) < 9 || stored[8] >= kindCount {
		return errFacts
	}
	f.hashes = append(f.hashes, binary.BigEndian.Uint64(stored))
	f.kinds = append(f.kinds, stored[8])
	f.of[stored[8]].Add(doc)
	d := decoder{b: stored[9:]}
	f.dates = append(f.dates, d.varint())
	if about := (period{int16(d.uvarint()), int16(d.uvarint())}); about.from != 0 {
		n, ok := f.periods[about]
		if !ok {
			n = uint32(len(f.periods))
			f.periods[about] = n
		}
		f.covers.add(doc, n)
	}
	f.covers.at = append(f.covers.at, uint32(len(f.covers.ords)))
	for i := range f.columns {
		c := &f.columns[i]
		for range min(d.uvarint(), maxNames) {
			c.add(doc, dd[i].ord(d.bytes(d.uvarint())))
		}
		c.at = append(c.at, uint32(len(c.ords)))
	}
	var last []byte
	for i := range f.titles {
		key := d.bytes(d.uvarint())
		if i == 0 || !slices.Equal(key, last) {
			f.arena = append(f.arena, key...)
		}
		last = key
		f.titles[i] = append(f.titles[i], uint32(len(f.arena)-len(key)), uint32(len(f.arena)))
	}
	if d.bad {
		return errFacts
	}
	return nil
}

func (c *column) add(doc, ord uint32) {
	c.ords = append(c.ords, ord)
	b := c.docs[ord]
	if b == nil {
		b = roaring.New()
		c.docs[ord] = b
	}
	b.Add(doc)
}

// weigh finds out what counting by value takes.
func (f *facts) weigh() {
	for i := range f.columns {
		f.columns[i].weigh()
	}
	f.covers.weigh()
}

func (c *column) weigh() {
	for _, docs := range c.docs {
		all := docs.Stats()
		c.work += all.ArrayContainerValues + (all.Containers-all.ArrayContainers)*wholeContainer + all.Containers*anyContainer
	}
}

// title returns what the title of a document is sorted by.
func (f *facts) title(doc uint32, lang int) []byte {
	t := f.titles[lang]
	return f.arena[t[2*doc]:t[2*doc+1]]
}

// idKey is an id in 16 bytes: a UUID as it is, else a hash.
func idKey(id string) (key [16]byte) {
	if u, err := uuid.Parse(id); err == nil {
		return u
	}
	sum := sha256.Sum256([]byte(id))
	copy(key[:], sum[:])
	return key
}

// A dict numbers the values of a facet. Numbers stay while the index is open.
type dict struct {
	mu    sync.RWMutex
	names []string
	ords  map[string]uint32
}

type dicts [valueFacets]*dict

func newDicts() (d dicts) {
	for i := range d {
		d[i] = &dict{ords: map[string]uint32{}}
	}
	return d
}

// ord returns the number of a value, a new one where it has none.
func (d *dict) ord(name []byte) uint32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n, ok := d.ords[string(name)]; ok {
		return n
	}
	n := uint32(len(d.names))
	d.names = append(d.names, string(name))
	d.ords[string(name)] = n
	return n
}

// known returns the number of a value that occurs.
func (d *dict) known(name string) (uint32, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	n, ok := d.ords[name]
	return n, ok
}

// list returns all values by their numbers.
func (d *dict) list() []string {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.names[:len(d.names):len(d.names)]
}
