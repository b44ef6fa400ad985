package site

import (
	"html/template"
	"strconv"
)

// A form has the columns of its table in each of its selects: they are written
// here, as a template would.

// columnOptionsHTML is the options of a select of columns.
func (l *locale) columnOptionsHTML(groups []columnGroup) template.HTML {
	var b []byte
	for i := range groups {
		g := &groups[i]
		b = l.appendGroup(b, "form.head.", g.Key)
		for k := range g.Columns {
			c := &g.Columns[k]
			b = appendOption(b, c.Key, c.Dir(), c.Current)
			b = append(appendEscaped(b, c.Label), "</option>"...)
		}
		b = endGroup(b, g.Key)
	}
	return template.HTML(b) //nolint:gosec // escaped
}

// opOptionsHTML is the options of a select of relations.
func (l *locale) opOptionsHTML(groups []opGroup) template.HTML {
	var b []byte
	for i := range groups {
		g := &groups[i]
		b = l.appendGroup(b, "form.ops.", g.Key)
		for k := range g.Ops {
			c := &g.Ops[k]
			label := c.Label
			if label == "" {
				label = l.Text("op." + c.Key)
			}
			b = appendOption(b, c.Value, "", c.Current)
			b = append(appendEscaped(b, label), "</option>"...)
		}
		b = endGroup(b, g.Key)
	}
	return template.HTML(b) //nolint:gosec // escaped
}

// columnChecksHTML is the boxes by which columns are chosen.
func (l *locale) columnChecksHTML(columns []choice) template.HTML {
	var b []byte
	for i := range columns {
		c := &columns[i]
		b = strconv.AppendInt(append(b, `<label class="check" for="c`...), int64(i), 10)
		b = strconv.AppendInt(append(b, `"><input id="c`...), int64(i), 10)
		b = append(appendEscaped(append(b, `" type="checkbox" name="c" value="`...), c.Key), '"')
		if c.Current {
			b = append(b, " checked"...)
		}
		b = append(append(append(b, `><span><bdi dir="`...), c.Dir()...), `">`...)
		b = append(appendEscaped(b, c.Label), "</bdi></span></label>"...)
	}
	return template.HTML(b) //nolint:gosec // escaped
}

// appendGroup begins a group of options under a heading, unless its key is empty.
func (l *locale) appendGroup(b []byte, prefix, key string) []byte {
	if key == "" {
		return b
	}
	b = append(b, `<optgroup label="`...)
	return append(appendEscaped(b, l.Text(prefix+key)), `">`...)
}

func endGroup(b []byte, key string) []byte {
	if key == "" {
		return b
	}
	return append(b, "</optgroup>"...)
}

// appendOption begins an option; dir is the direction of its label, empty for
// that of the page.
func appendOption(b []byte, value, dir string, current bool) []byte {
	b = append(appendEscaped(append(b, `<option value="`...), value), '"')
	if dir != "" {
		b = append(append(append(b, ` dir="`...), dir...), '"')
	}
	if current {
		b = append(b, " selected"...)
	}
	return append(b, '>')
}
