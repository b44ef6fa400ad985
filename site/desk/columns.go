package desk

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/site"
)

// A columnsView is some columns of a table, to say what they hold.
type columnsView struct {
	page
	File     string
	Table    string
	Tables   []site.Link // of the file, when there are several
	Columns  []columnForm
	Form     form // without fields: for its faults and what it sends
	Pages    []site.Link
	Page     int
	PageText string // likewise
	Saved    bool
	BackURL  string
}

// A columnForm is what is asked of one column.
type columnForm struct {
	columnFound
	form
}

// columnsSize is how many columns a page asks about.
const columnsSize = 10

// columnTypes are the types that can be chosen, as a form sends them.
var columnTypes = []string{"", "text", "integer", "decimal", "boolean", "date:jalali", "date:iso", "date:dmy", "date:mdy", "date:named", "datetime:jalali", "datetime:iso", "datetime:dmy", "datetime:mdy"}

// typeValue is a choice as a form sends it.
func typeValue(c *datasets.ColumnChoice) string {
	if c == nil {
		return ""
	}
	return strings.TrimSuffix(c.Type.String()+":"+c.Layout, ":")
}

// typeChosen is the choice that a form sends; ok is false for none.
func typeChosen(value, table, column string) (c datasets.ColumnChoice, ok bool) {
	name, layout, _ := strings.Cut(value, ":")
	if value == "" || !slices.Contains(columnTypes, value) || c.Type.UnmarshalText([]byte(name)) != nil {
		return c, false
	}
	c.Table, c.Column, c.Layout = table, column, layout
	return c, true
}

func (d *Desk) columnsPage(r *site.Request) (*columnsView, *filePlace, *catalog.Resource, error) {
	p, err := d.place(r)
	if err != nil {
		return nil, nil, nil, err
	}
	t := p.table(r.Query.Get("table"))
	if t == nil {
		return nil, nil, nil, catalog.ErrNotFound
	}
	v := &columnsView{
		page: page{datasetFrame(r, p.ds, "desk.columns.title")}, File: p.res.Label(r.Lang), Table: tableName(t),
		Saved: r.Query.Has("saved"), BackURL: "/" + r.Lang + filePath(p.ds, p.res.ID),
	}
	if len(p.tables) > 1 {
		for _, one := range p.tables {
			v.Tables = append(v.Tables, site.Link{Text: tableName(one), URL: "/" + r.Lang + columnsPath(p, tableName(one), 0)})
		}
	}
	schema := t.Edition.Schema
	pages := (len(schema) + columnsSize - 1) / columnsSize
	v.Page, err = strconv.Atoi(r.Query.Get("page"))
	if v.Page = min(max(v.Page, 1), pages); err != nil {
		v.Page = 1
	}
	if pages > 1 {
		for n := range pages {
			v.Pages = append(v.Pages, site.Link{Text: strconv.Itoa(n + 1), URL: "/" + r.Lang + columnsPath(p, v.Table, n+1)})
		}
	}
	v.PageText = strconv.Itoa(v.Page)
	v.Form = form{Submit: "desk.columns.submit", Fields: []field{revisionField(p.ds)}}
	for i := (v.Page - 1) * columnsSize; i < min(v.Page*columnsSize, len(schema)); i++ {
		v.Columns = append(v.Columns, p.columnForm(r, t, i))
	}
	return v, p, t, nil
}

func columnsPath(p *filePlace, table string, page int) string {
	q := url.Values{}
	if table != "" {
		q.Set("table", table)
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	return withQuery(filePath(p.ds, p.res.ID)+"/columns", q)
}

// tablePath is the page of a file about one of its tables.
func tablePath(p *filePlace, page, table string) string {
	q := url.Values{}
	if table != "" {
		q.Set("table", table)
	}
	return withQuery(filePath(p.ds, p.res.ID)+"/"+page, q)
}

// withQuery is the path with the parameters, if there are any.
func withQuery(path string, q url.Values) string {
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return path
}

// withParam is the address with one parameter more.
func withParam(to, name, value string) string {
	mark := "?"
	if strings.Contains(to, "?") {
		mark = "&"
	}
	return to + mark + url.Values{name: {value}}.Encode()
}

// columnForm asks about column i of the table.
func (p *filePlace) columnForm(r *site.Request, t *catalog.Resource, i int) columnForm {
	c := &t.Edition.Schema[i]
	said, pre := p.pv.ColumnText(t, c.Name), "c"+strconv.Itoa(i)+"_"
	chosen := typeValue(p.choice(tableName(t), c.Name))
	types := field{Name: pre + "type", Kind: "select", Label: r.Text("desk.field.type")}
	for _, value := range columnTypes {
		o := option{Value: value, Chosen: value == chosen, Label: r.Text("desk.type." + value)}
		if value == "" && chosen == "" {
			o.Label = r.Text("desk.type.found", "type", r.TypeName(c.Type))
		}
		types.Options = append(types.Options, o)
	}
	f := columnForm{columnFound: p.column(r, t, c)}
	f.Fields = []field{
		types,
		{Name: pre + "unit", Kind: "text", Short: true, Value: said.Unit, Label: r.Text("desk.field.unit"), Optional: true},
		{Name: pre + "title_fa", Kind: "text", Lang: "fa", Value: said.Title["fa"], Label: r.Text("desk.field.label_fa"), Optional: true},
		{Name: pre + "title_en", Kind: "text", Lang: "en", Value: said.Title["en"], Label: r.Text("desk.field.label_en"), Optional: true},
		{Name: pre + "about_fa", Kind: "textarea", Lang: "fa", Short: true, Value: said.About["fa"], Label: r.Text("desk.field.about_fa"), Optional: true},
		{Name: pre + "about_en", Kind: "textarea", Lang: "en", Short: true, Value: said.About["en"], Label: r.Text("desk.field.about_en"), Optional: true},
	}
	return f
}

func (d *Desk) columns(_ *site.Site, r *site.Request) (site.View, error) {
	v, _, _, err := d.columnsPage(r)
	return v, err
}

func (d *Desk) doColumns(_ *site.Site, r *site.Request) (site.View, error) {
	v, p, t, err := d.columnsPage(r)
	if err != nil {
		return nil, err
	}
	v.Form.take(r)
	for i := range v.Columns {
		v.Columns[i].take(r)
	}
	to, err := d.saveColumns(r, v, p, t)
	if err == nil {
		return nil, moved(r, to)
	}
	return stay(v, &v.Form, d.refusedWrite(r, &v.Form, err, func() (*form, error) {
		now, _, _, err := d.columnsPage(r)
		if err != nil {
			return nil, err
		}
		for i := range v.Columns {
			if i < len(now.Columns) {
				v.Columns[i].conflict(r, &now.Columns[i].form)
			}
		}
		return &now.Form, nil
	}))
}

// saveColumns keeps what the form says of the columns, has the file read again
// where a type was chosen, and returns the page to go on with.
func (d *Desk) saveColumns(r *site.Request, v *columnsView, p *filePlace, t *catalog.Resource) (string, error) {
	table, first := tableName(t), (v.Page-1)*columnsSize
	var said []catalog.ColumnText
	o := p.how.Options
	o.Columns = slices.Clone(o.Columns)
	for i := range v.Columns {
		c, f, pre := &t.Edition.Schema[first+i], &v.Columns[i].form, "c"+strconv.Itoa(first+i)+"_"
		now := catalog.ColumnText{Table: table, Name: c.Name, Title: texts(f, pre+"title"), About: texts(f, pre+"about"), Unit: persian.Clean(f.typed(pre + "unit"))}
		if was := p.pv.ColumnText(t, c.Name); was.Unit != now.Unit || !maps.Equal(was.Title, now.Title) || !maps.Equal(was.About, now.About) {
			said = append(said, now)
		}
		o.Columns = slices.DeleteFunc(o.Columns, func(old datasets.ColumnChoice) bool { return old.Table == table && old.Column == c.Name })
		if choice, ok := typeChosen(f.typed(pre+"type"), table, c.Name); ok {
			o.Columns = append(o.Columns, choice)
		}
	}
	revision := revisionOf(r)
	if revision != p.ds.Revision {
		return "", &catalog.StaleError{Given: revision, Current: p.ds.Revision}
	}
	if len(said) > 0 {
		err := d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
			now, err := tx.DescribeColumns(&r.Actor, p.ds.ID, revision, p.res.ID, said)
			if err == nil {
				p.ds.Revision = now.Revision
				r.Form.Set("revision", strconv.FormatInt(now.Revision, 10))
			}
			return err
		})
		if err != nil {
			return "", err
		}
	}
	if !sameChoices(o.Columns, p.how.Options.Columns) {
		return d.reread(r, p, &o)
	}
	return withParam(columnsPath(p, table, min(v.Page+1, max(1, len(v.Pages)))), "saved", "1"), nil
}

// sameChoices reports whether both hold the same choices in whatever order.
func sameChoices(a, b []datasets.ColumnChoice) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(c datasets.ColumnChoice) bool { return !slices.Contains(b, c) })
}
