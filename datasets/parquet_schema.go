package datasets

import (
	"strings"

	"github.com/parquet-go/parquet-go/deprecated"
	meta "github.com/parquet-go/parquet-go/format"
)

// maxParquetDepth is how deep the schema of a Parquet file may be nested.
const maxParquetDepth = 24

// A parquetNode is a node of the schema: a column when it has no children.
type parquetNode struct {
	el       *meta.SchemaElement
	name     string
	children []*parquetNode
	leaf     int  // of columns: their number
	rep, def byte // the levels of what is there
	read     cellReader
}

func (n *parquetNode) repeated() bool {
	return n.el.RepetitionType.Valid && n.el.RepetitionType.V == meta.Repeated
}

// first returns the first column below the node, nil when there is none.
func (n *parquetNode) first() *parquetNode {
	if n.el.Type.Valid {
		return n
	}
	for _, c := range n.children {
		if leaf := c.first(); leaf != nil {
			return leaf
		}
	}
	return nil
}

// A parquetTree is a schema while it is put together.
type parquetTree struct {
	elements []meta.SchemaElement
	at       int
	leaves   []*parquetNode
}

// tree returns the root of the schema and its columns in order.
func (p *parquetCheck) tree() (*parquetNode, []*parquetNode, error) {
	t := &parquetTree{elements: p.says.Schema}
	if len(t.elements) < 2 || t.elements[0].Type.Valid {
		return nil, nil, fileError(p.name, 0, "parquet.nocolumns")
	}
	root, ok := t.node(0, 0, 0)
	switch {
	case !ok || t.at != len(t.elements):
		return nil, nil, p.broken("its schema contradicts itself or is nested too deep")
	case len(t.leaves) > maxColumns:
		return nil, nil, fileError(p.name, 0, "parquet.columns", len(t.leaves), maxColumns)
	}
	return root, t.leaves, nil
}

func (t *parquetTree) node(depth int, rep, def byte) (*parquetNode, bool) {
	if t.at >= len(t.elements) || depth > maxParquetDepth {
		return nil, false
	}
	el := &t.elements[t.at]
	t.at++
	n := &parquetNode{el: el, name: el.Name, rep: rep, def: def}
	if depth > 0 && el.RepetitionType.Valid {
		switch el.RepetitionType.V {
		case meta.Optional:
			n.def++
		case meta.Repeated:
			n.rep++
			n.def++
		case meta.Required:
		}
	}
	if el.Type.Valid {
		n.leaf, n.read = len(t.leaves), readerOf(el)
		t.leaves = append(t.leaves, n)
		return n, n.read != nil
	}
	for range max(0, el.NumChildren.V) {
		child, ok := t.node(depth+1, n.rep, n.def)
		if !ok {
			return nil, false
		}
		n.children = append(n.children, child)
	}
	return n, true
}

// A parquetColumn is a column of the table: a column of the file, or what is
// nested below a node as JSON.
type parquetColumn struct {
	node  *parquetNode
	label string
}

// flatten returns the columns of the table. Groups are flattened one level
// deep; what is deeper, or is a list or a map, stays together.
func flatten(root *parquetNode) []parquetColumn {
	var columns []parquetColumn
	for _, n := range root.children {
		if n.el.Type.Valid || n.repeated() || n.isList() || n.isMap() {
			columns = append(columns, parquetColumn{n, n.name})
			continue
		}
		for _, c := range n.children {
			columns = append(columns, parquetColumn{c, n.name + "." + c.name})
		}
	}
	return columns
}

// flat reports whether the column has one value a row.
func (c *parquetColumn) flat() bool { return c.node.el.Type.Valid && c.node.rep == 0 }

func (n *parquetNode) isList() bool {
	_, list := n.el.LogicalType.Value.(*meta.ListType)
	return (list || n.el.ConvertedType.Valid && n.el.ConvertedType.V == deprecated.List) && len(n.children) == 1 && n.children[0].repeated()
}

func (n *parquetNode) isMap() bool {
	_, is := n.el.LogicalType.Value.(*meta.MapType)
	old := n.el.ConvertedType.Valid && (n.el.ConvertedType.V == deprecated.Map || n.el.ConvertedType.V == deprecated.MapKeyValue)
	if !is && !old || len(n.children) != 1 || !n.children[0].repeated() {
		return false
	}
	pair := n.children[0]
	return len(pair.children) == 2 && pair.children[0].el.Type.Valid && !pair.children[0].repeated()
}

// element returns what a list is a list of: below its repeated group when that
// is only there for the sake of nulls.
func (n *parquetNode) element() (node *parquetNode, inner bool) {
	group := n.children[0]
	if group.el.Type.Valid || len(group.children) != 1 || group.children[0].repeated() ||
		group.name == "array" || strings.HasSuffix(group.name, "_tuple") {
		return group, false
	}
	return group.children[0], true
}
