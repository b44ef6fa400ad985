package datasets

import (
	"errors"
	"io"

	"github.com/parquet-go/parquet-go"
)

// A leafStream reads the values of a column of a row group one by one, page by
// page.
type leafStream struct {
	node   *parquetNode
	chunk  parquet.ColumnChunk
	label  string
	pages  parquet.Pages
	page   parquet.Page
	values parquet.ValueReader
	buf    []parquet.Value
	at, n  int
	err    error
}

// leafValues is how many values are taken from a page at once.
const leafValues = 128

// more reports whether there is a next value.
func (s *leafStream) more() bool {
	for s.at == s.n && s.err == nil {
		s.fill()
	}
	return s.at < s.n
}

func (s *leafStream) fill() {
	if s.pages == nil {
		s.pages, s.buf = s.chunk.Pages(), make([]parquet.Value, leafValues)
	}
	if s.values == nil {
		if s.page != nil {
			parquet.Release(s.page)
		}
		if s.page, s.err = s.pages.ReadPage(); s.err != nil {
			return
		}
		s.values = s.page.Values()
	}
	n, err := s.values.ReadValues(s.buf)
	s.at, s.n = 0, n
	switch {
	case errors.Is(err, io.EOF) || n == 0 && err == nil:
		s.values = nil
	case err != nil:
		s.err = err
	}
}

// next returns the next value, which there must be. It is valid until more
// is called.
func (s *leafStream) next() parquet.Value {
	s.at++
	return s.buf[s.at-1]
}

// peek returns the next value without taking it.
func (s *leafStream) peek() parquet.Value { return s.buf[s.at] }

// ended says why there is no next value.
func (s *leafStream) ended() error {
	if s.err == nil || errors.Is(s.err, io.EOF) {
		return errors.New("the column has fewer values than there are rows")
	}
	return s.err
}

func (s *leafStream) close() error {
	if s.pages == nil {
		return nil
	}
	err := s.pages.Close()
	s.pages = nil
	if s.err != nil && !errors.Is(s.err, io.EOF) {
		err = errors.Join(s.err, err)
	}
	return err
}

// nested appends what stands below a node in the row at hand as JSON. The
// levels of a value say how much of the way to it is there: see the paper on
// Dremel, or the format's own documentation.
func (r *rowReader) nested(b []byte, n *parquetNode, rep byte) ([]byte, error) {
	leaf := n.first()
	if leaf == nil {
		return append(b, "{}"...), nil
	}
	s := r.streams[leaf.leaf]
	if !s.more() {
		return b, r.table.broken(s, s.ended())
	}
	if def := s.peek().DefinitionLevel(); def < int(n.def) {
		return r.absent(b, n)
	}
	if len(b) > maxCell {
		return b, &FileError{File: r.table.name, Fault: faultAt(0, s.label, "parquet.list")}
	}
	switch {
	case n.repeated() && n.rep > rep:
		return r.items(b, "[]", n, s, func(b []byte) ([]byte, error) { return r.instance(b, n) })
	case n.isList():
		return r.list(b, n)
	case n.isMap():
		return r.pairs(b, n)
	}
	return r.instance(b, n)
}

// absent takes the one value that each column below a node has where the node
// is not there: null, or an empty list.
func (r *rowReader) absent(b []byte, n *parquetNode) ([]byte, error) {
	var err error
	n.each(func(leaf *parquetNode) {
		s := r.streams[leaf.leaf]
		if !s.more() {
			err = r.table.broken(s, s.ended())
			return
		}
		s.next()
	})
	if n.repeated() {
		return append(b, "[]"...), err
	}
	return append(b, "null"...), err
}

// items appends the items of a repeated node, of which the first is there,
// between brackets.
func (r *rowReader) items(b []byte, brackets string, n *parquetNode, s *leafStream, item func([]byte) ([]byte, error)) ([]byte, error) {
	b = append(b, brackets[0])
	for i := 0; ; i++ {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = item(b); err != nil {
			return b, err
		}
		if !s.more() || s.peek().RepetitionLevel() != int(n.rep) {
			break
		}
	}
	return append(b, brackets[1]), nil
}

// list appends a list, which is there but may be empty.
func (r *rowReader) list(b []byte, n *parquetNode) ([]byte, error) {
	group := n.children[0]
	s := r.streams[group.first().leaf]
	if s.peek().DefinitionLevel() < int(group.def) {
		return r.absent(b, group)
	}
	element, inner := n.element()
	return r.items(b, "[]", group, s, func(b []byte) ([]byte, error) {
		if inner {
			return r.nested(b, element, group.rep)
		}
		return r.instance(b, group)
	})
}

// pairs appends a map as an object.
func (r *rowReader) pairs(b []byte, n *parquetNode) ([]byte, error) {
	pair := n.children[0]
	key, value := pair.children[0], pair.children[1]
	s := r.streams[key.leaf]
	if s.peek().DefinitionLevel() < int(pair.def) {
		if _, err := r.absent(nil, pair); err != nil {
			return b, err
		}
		return append(b, "{}"...), nil
	}
	return r.items(b, "{}", pair, s, func(b []byte) ([]byte, error) {
		if !s.more() {
			return b, r.table.broken(s, s.ended())
		}
		b = appendJSONString(b, r.print(key, s.next()))
		return r.nested(append(b, ':'), value, pair.rep)
	})
}

// instance appends one value of a node: of a column, or an object.
func (r *rowReader) instance(b []byte, n *parquetNode) ([]byte, error) {
	if n.el.Type.Valid {
		return r.scalar(b, n)
	}
	b = append(b, '{')
	for i, c := range n.children {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendJSONString(b, []byte(c.name)), ':')
		var err error
		if b, err = r.nested(b, c, n.rep); err != nil {
			return b, err
		}
	}
	return append(b, '}'), nil
}

// scalar appends the value of a column.
func (r *rowReader) scalar(b []byte, n *parquetNode) ([]byte, error) {
	s := r.streams[n.leaf]
	if !s.more() {
		return b, r.table.broken(s, s.ended())
	}
	v := s.next()
	if v.IsNull() {
		return append(b, "null"...), nil
	}
	text := r.print(n, v)
	c := n.read.column()
	if c.Type == Integer || c.Type == Decimal || c.Type == Boolean {
		if len(text) == 0 {
			return append(b, "null"...), nil
		}
		return append(b, text...), nil
	}
	return appendJSONString(b, text), nil
}

// print prints a value as our tables would.
func (r *rowReader) print(n *parquetNode, v parquet.Value) []byte {
	c := n.read.column()
	cell := n.read.read(v, r.text[:0])
	if c.Type == Text {
		r.text = cell.text
		return cell.text
	}
	if len(cell.text) > 0 && !cell.null {
		r.text = cell.text
		return cell.text
	}
	r.text = c.Append(r.text[:0], &Vector{Null: []bool{cell.null}, Int: []int64{cell.n}, Float: []float64{cell.f}}, 0)
	return r.text
}
