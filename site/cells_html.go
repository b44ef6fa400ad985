package site

import "html/template"

// Pages of tables have some hundred cells: these are written here, as a template
// would, at a tenth of what one costs.

// cellHTML is the markup of a cell.
func (l *locale) cellHTML(c cell) template.HTML {
	return template.HTML(l.appendCell(nil, &c)) //nolint:gosec // escaped
}

// rowsHTML is the markup of rows of cells.
func (l *locale) rowsHTML(rows [][]cell) template.HTML {
	var b []byte
	for _, row := range rows {
		b = append(b, "<tr>"...)
		for i := range row {
			b = appendTag(b, "td", "", &row[i])
			b = append(l.appendCell(b, &row[i]), "</td>"...)
		}
		b = append(b, "</tr>"...)
	}
	return template.HTML(b) //nolint:gosec // escaped
}

// viewRowsHTML is the markup of the rows of a view. What leads to the rows of a
// group is the head of its row.
func (l *locale) viewRowsHTML(rows []viewRow) template.HTML {
	var b []byte
	for i := range rows {
		row := &rows[i]
		if row.Total {
			b = append(b, `<tr class="total">`...)
		} else {
			b = append(b, "<tr>"...)
		}
		for k := range row.Cells {
			c := &row.Cells[k]
			if k == 0 && row.URL != "" {
				b = appendTag(b, "th", ` scope="row"`, c)
				b = appendLink(b, row.URL, ` rel="nofollow">`)
				b = append(l.appendCell(b, c), "</a></th>"...)
				continue
			}
			b = appendTag(b, "td", "", c)
			b = l.appendCell(b, c)
			if k == 0 && row.Total {
				b = append(b, ` <span class="type">`...)
				b = append(appendEscaped(b, l.Text("view.total")), "</span>"...)
			}
			b = append(b, "</td>"...)
		}
		b = append(b, "</tr>"...)
	}
	return template.HTML(b) //nolint:gosec // escaped
}

func appendTag(b []byte, tag, attributes string, c *cell) []byte {
	b = append(append(append(b, '<'), tag...), attributes...)
	if c.Numeric {
		b = append(b, ` class="num"`...)
	}
	return append(b, '>')
}

func (l *locale) appendCell(b []byte, c *cell) []byte {
	switch {
	case c.Kind == "null":
		b = append(b, `<span class="null" aria-label="`...)
		return append(appendEscaped(b, l.Text("cell.null")), `">—</span>`...)
	case c.Kind == "time":
		b = append(b, `<time datetime="`...)
		b = append(appendEscaped(b, c.ISO), `"><bdi>`...)
		return append(appendEscaped(b, c.Text), "</bdi></time>"...)
	case c.Kind == "link":
		b = appendLink(b, c.Text, ` rel="nofollow ugc noopener"><bdi dir="ltr">`)
		return append(appendEscaped(b, c.Short), "</bdi></a>"...)
	case c.Kind == "code":
		b = append(b, `<bdi dir="ltr">`...)
	case c.Short != "":
		b = append(b, `<details class="long"><summary><bdi>`...)
		b = append(appendEscaped(b, c.Short), "…</bdi></summary><bdi>"...)
		return append(appendEscaped(b, c.Text), "</bdi></details>"...)
	default:
		b = append(b, "<bdi>"...)
	}
	return append(appendEscaped(b, c.Text), "</bdi>"...)
}

// appendLink appends a link to an address of this site or of the web, with what
// follows the address.
func appendLink(b []byte, url, after string) []byte {
	b = append(b, `<a href="`...)
	return append(append(appendURL(b, url), '"'), after...)
}

// appendEscaped appends a text as html/template writes it into text and into
// attributes.
func appendEscaped(b []byte, s string) []byte {
	written := 0
	for i := range len(s) {
		var as string
		switch s[i] {
		case '&':
			as = "&amp;"
		case '<':
			as = "&lt;"
		case '>':
			as = "&gt;"
		case '"':
			as = "&#34;"
		case '\'':
			as = "&#39;"
		case '+':
			as = "&#43;"
		case 0:
			as = "\uFFFD"
		default:
			continue
		}
		b = append(append(b, s[written:i]...), as...)
		written = i + 1
	}
	return append(b, s[written:]...)
}

// appendURL appends an address as html/template writes it into an attribute:
// what no address may hold is percent-encoded.
func appendURL(b []byte, s string) []byte {
	const digits = "0123456789abcdef"
	for i := range len(s) {
		switch c := s[i]; {
		case c == '&':
			b = append(b, "&amp;"...)
		case c == '+':
			b = append(b, "&#43;"...)
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9',
			c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			b = append(b, c)
		default:
			switch c {
			case '!', '#', '$', '*', ',', '/', ':', ';', '=', '?', '@', '[', ']', '-', '.', '_', '~':
				b = append(b, c)
			default:
				b = append(b, '%', digits[c>>4], digits[c&15])
			}
		}
	}
	return b
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
