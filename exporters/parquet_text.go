package exporters

import (
	"bytes"
	"unicode/utf8"
	"unsafe"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/columnar"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/encoding/plain"
	"github.com/parquet-go/parquet-go/encoding/rle"
)

// parquetTexts are UTF-8 strings. Each text stands once in the dictionary of the
// row group and as a number in the pages, until there are too many different
// ones; then the rest is plain, and all of it where the first page shows that
// hardly any comes twice.
type parquetTexts struct {
	column    *datasets.Column
	raw       bool // what the source wrote
	pageBytes int
	room      int // bytes that the dictionary may take

	known columnar.ValueTable[string] // as they came
	texts []string                    // the same, in valid UTF-8
	taken int                         // bytes of room
	last  int32                       // the number of the text before, or -1
	codes []int32                     // of the page
	pages uint32                      // of codes
	seen  []uint32                    // by number, the last page that has it

	isPlain bool // the page and all that follow
	plain   []byte

	arena   []byte // of known, unless it is full
	own     func(string) string
	sources sources
	print   []byte
}

const (
	textCost  = 48 // bytes that a text of the dictionary takes beside its own
	arenaSize = 64 << 10
)

func newParquetTexts(c *datasets.Column, raw bool, pageBytes, room int) *parquetTexts {
	p := &parquetTexts{column: c, raw: raw, pageBytes: pageBytes, room: room, sources: sources{0}}
	_, _, p.known.Hash = columnar.Hashers()
	p.own = p.keep
	p.forget()
	return p
}

func (p *parquetTexts) take(levels []byte, v *datasets.Vector, from, to int) ([]byte, error) {
	if from == 0 {
		clear(p.sources)
	}
	for row := from; row < to; row++ {
		if p.full() {
			return levels, nil
		}
		text, ok := p.text(v, row)
		if !ok {
			levels = append(levels, 0)
			continue
		}
		p.add(text)
		levels = append(levels, 1)
	}
	return levels, nil
}

// text returns the text of a row, valid until it is asked for the next.
func (p *parquetTexts) text(v *datasets.Vector, row int) (text string, ok bool) {
	if p.raw {
		if text, ok = p.sources.at(v, 0, row); ok {
			return text, true
		}
	}
	switch {
	case v.Null[row]:
		return "", false
	case p.column.Type == datasets.Text:
		return v.Text[row], true
	}
	p.print = p.column.Append(p.print[:0], v, row)
	return unsafe.String(unsafe.SliceData(p.print), len(p.print)), true
}

func (p *parquetTexts) add(text string) {
	if p.isPlain {
		p.plain = plain.AppendByteArrayString(p.plain, valid(text))
		return
	}
	if p.last < 0 || p.known.Keys[p.last] != text {
		var known bool
		if p.last, known = p.known.Find(text, p.own); !known {
			p.texts, p.seen = append(p.texts, valid(p.known.Keys[p.last])), append(p.seen, 0)
			p.taken += len(text) + textCost
		}
	}
	p.codes = append(p.codes, p.last)
}

// keep returns the text as one of the dictionary.
func (p *parquetTexts) keep(text string) string {
	if cap(p.arena)-len(p.arena) < len(text) {
		p.arena = make([]byte, 0, max(arenaSize, len(text)))
	}
	start := len(p.arena)
	p.arena = append(p.arena, text...)
	return unsafe.String(unsafe.SliceData(p.arena[start:]), len(text))
}

// valid returns the text with U+FFFD for each byte that is not UTF-8.
func valid(text string) string {
	if !utf8.ValidString(text) {
		return string([]rune(text))
	}
	return text
}

func (p *parquetTexts) full() bool {
	return len(p.plain) >= p.pageBytes || p.taken > p.room && !p.isPlain
}

func (p *parquetTexts) size() int { return len(p.plain) + 4*len(p.codes) + p.taken }

func (p *parquetTexts) pack(dst []byte) (packed []byte, e encoding.Encoding, b parquetBounds, err error) {
	if p.pages == 0 && 8*len(p.texts) >= 7*len(p.codes) {
		p.unfold()
	}
	if p.isPlain {
		packed, p.plain = p.plain, dst[:0]
		return packed, &plain.Encoding{}, boundsOf(packed), nil
	}
	p.pages++
	b = p.bounds()
	e = &rle.DictionaryEncoding{}
	packed, err = e.EncodeInt32(dst, p.codes)
	p.codes, p.isPlain = p.codes[:0], p.taken > p.room
	return packed, e, b, err
}

// unfold makes the first page a plain one.
func (p *parquetTexts) unfold() {
	for _, code := range p.codes {
		p.plain = plain.AppendByteArrayString(p.plain, p.texts[code])
	}
	p.forget()
	p.isPlain = true
}

// bounds are those of a page of codes.
func (p *parquetTexts) bounds() (b parquetBounds) {
	if len(p.codes) == 0 {
		return b
	}
	low, high := p.texts[p.codes[0]], p.texts[p.codes[0]]
	for _, code := range p.codes {
		if p.seen[code] != p.pages {
			p.seen[code] = p.pages
			low, high = min(low, p.texts[code]), max(high, p.texts[code])
		}
	}
	return parquetBounds{parquet.ByteArrayValue([]byte(low)), parquet.ByteArrayValue([]byte(high))}
}

// boundsOf are those of a plain page.
func boundsOf(texts []byte) (b parquetBounds) {
	var low, high []byte
	_ = plain.RangeByteArray(texts, func(text []byte) error { // which are ours
		if low == nil || bytes.Compare(text, low) < 0 {
			low = text
		}
		if high == nil || bytes.Compare(text, high) > 0 {
			high = text
		}
		return nil
	})
	if low != nil {
		b = parquetBounds{parquet.ByteArrayValue(low), parquet.ByteArrayValue(high)}
	}
	return b
}

func (p *parquetTexts) dictionary(dst []byte) (packed []byte, n int) {
	packed, n = dst[:0], len(p.texts)
	for _, text := range p.texts {
		packed = plain.AppendByteArrayString(packed, text)
	}
	p.forget()
	return packed, n
}

// forget empties the dictionary.
func (p *parquetTexts) forget() {
	clear(p.texts)
	p.known.Reset()
	p.texts, p.seen, p.codes, p.arena = p.texts[:0], p.seen[:0], p.codes[:0], p.arena[:0]
	p.taken, p.last, p.pages, p.isPlain = 0, -1, 0, p.room == 0
}
