package datasets

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/openshafaf/shafaf/datasets/columnar"
	"github.com/openshafaf/shafaf/datasets/persian"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// A column is the values of one column of a table in memory, for filters,
// orders and groups. Texts are coded, with a dictionary that is sorted as Sort
// says and then by code point; so are numbers and moments of few different
// values, the others are plain.
//
// Texts that need too large a dictionary have neither codes nor values: such a
// column is wide. What is asked of it is read from the row file.
type column struct {
	columnar.Column
	texts *dictionary
	wide  bool
}

// columnLimits bound what is held of one query. A dictionary takes four times as
// much as its texts while it is built; a million groups of some figures take
// about 100 MB while they are sorted.
type columnLimits struct {
	texts, bytes int // of a dictionary: how many, and how long together
	groups       int
}

// usualLimits is the limits of a Files.
var usualLimits = columnLimits{texts: 1 << 20, bytes: 32 << 20, groups: maxGroups}

const (
	// maxNumbers is how many different numbers are coded: two bytes a row
	// instead of eight, and groups without a hash table.
	maxNumbers = math.MaxUint16
	// maxColumnRows is how many rows are held in memory: their plain numbers
	// fill it.
	maxColumnRows = memoryBytes / 8
)

// size is how much memory the column takes.
func (c *column) size() int64 {
	n := c.Bytes()
	if c.texts != nil {
		n += 2 * (int64(len(c.texts.blob)) + 4*int64(len(c.texts.ends))) // they may come to be folded
	}
	return n
}

// A dictionary is the different texts of a column, sorted.
type dictionary struct {
	blob string   // all texts, one behind the other
	ends []uint32 // of each in blob

	once   sync.Once
	folded []string
}

func newDictionary(texts []string) *dictionary {
	var b strings.Builder
	d := &dictionary{ends: make([]uint32, len(texts))}
	for i, s := range texts {
		b.WriteString(s)
		d.ends[i] = uint32(b.Len()) //nolint:gosec // see columnLimits
	}
	d.blob = b.String()
	return d
}

func (d *dictionary) len() int { return len(d.ends) }

// at returns the text with a code.
func (d *dictionary) at(i int) string {
	from := uint32(0)
	if i > 0 {
		from = d.ends[i-1]
	}
	return d.blob[from:d.ends[i]]
}

// fold returns all texts folded.
func (d *dictionary) fold() []string {
	d.once.Do(func() {
		d.folded = make([]string, d.len())
		for i := range d.folded {
			d.folded[i] = persian.Fold(d.at(i))
		}
	})
	return d.folded
}

// A sorter compares texts as Sort says. It is for one goroutine.
type sorter struct {
	order *collate.Collator
	buf   collate.Buffer
}

func newSorter() *sorter { return &sorter{order: collate.New(language.Persian)} }

// key returns what is compared of a text, valid for ever.
func (s *sorter) key(text string) []byte {
	s.buf.Reset()
	return slices.Clone(s.order.KeyFromString(&s.buf, text))
}

// sort returns the order of texts: the place that each of them has.
func (s *sorter) sort(texts []string) []int {
	keys := make([]string, len(texts))
	order := make([]int, len(texts))
	for i, text := range texts {
		s.buf.Reset()
		keys[i], order[i] = string(s.order.KeyFromString(&s.buf, text)), i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(strings.Compare(keys[a], keys[b]), strings.Compare(texts[a], texts[b]))
	})
	return order
}
