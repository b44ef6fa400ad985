package datasets

import (
	"bytes"
	"strconv"
	"strings"
	"time"
)

// content reads a cell to its end: what it stores into typ and value, what it
// shows into text.
func (p *odsParser) content() error {
	p.typ = string(p.x.rawAttr("value-type"))
	p.value, p.text = p.value[:0], p.text[:0]
	if attr := odsValues[p.typ]; attr != "" {
		p.value = unescape(p.value, p.x.rawAttr(attr))
	}
	paragraphs := 0
	for depth := len(p.ends); ; {
		token, err := p.next()
		switch {
		case err != nil:
			return err
		case token == xmlEnd && len(p.ends) < depth:
			return nil
		case token != xmlStart:
			continue
		}
		switch string(p.x.name) {
		case "list", "list-item", "list-header":
		case "p", "h":
			if paragraphs++; paragraphs > 1 {
				p.text = append(p.text, '\n')
			}
			err = p.paragraph()
		default: // comments, pictures, shapes with texts of their own
			err = p.skip()
		}
		if err != nil {
			return err
		}
	}
}

// odsValues are the attributes in which the types of cells keep their values.
var odsValues = map[string]string{
	"float": "value", "percentage": "value", "currency": "value", "date": "date-value",
	"time": "time-value", "boolean": "boolean-value", "string": "string-value",
}

// paragraph reads the text of a paragraph to its end. White space in it is one
// space; more is told by elements.
func (p *odsParser) paragraph() error {
	gap := true // white space was just written, or nothing yet
	for depth := len(p.ends); ; {
		token, err := p.next()
		switch {
		case err != nil:
			return err
		case token == xmlText:
			gap = p.collapse(gap)
			if len(p.text) > maxCell {
				return errXMLDepth
			}
			continue
		case token == xmlEnd:
			if len(p.ends) < depth {
				return nil
			}
			continue
		}
		switch string(p.x.name) {
		case "s":
			for range min(repeated(p.x.rawAttr("c")), maxSheetColumns) {
				p.text = append(p.text, ' ')
			}
			gap = false
		case "tab":
			p.text, gap = append(p.text, '\t'), false
		case "line-break":
			p.text, gap = append(p.text, '\n'), false
		case "annotation", "annotation-end", "note", "ruby-text", "frame", "custom-shape":
			if err := p.skip(); err != nil {
				return err
			}
		}
	}
}

// collapse appends the text at hand with each run of white space as one space;
// none where gap says that one has just been written.
func (p *odsParser) collapse(gap bool) bool {
	from := len(p.text)
	p.text = p.x.appendText(p.text)
	to := from
	for _, c := range p.text[from:] {
		space := c == ' ' || c == '\t' || c == '\n' || c == '\r'
		if space && gap {
			continue
		}
		if gap = space; space {
			c = ' '
		}
		p.text[to] = c
		to++
	}
	p.text = p.text[:to]
	return gap
}

// keep appends the text of the cell at hand to the row, and returns what it is.
func (p *odsParser) keep() CellKind {
	value := bytes.TrimSpace(p.value)
	switch p.typ {
	case "float", "percentage", "currency":
		if b, ok := appendNumber(p.arena, value); ok {
			p.arena = b
			return CellNumber
		}
	case "date":
		if b, ok := appendISO(p.arena, string(value)); ok {
			p.arena = b
			return CellDate
		}
	case "boolean":
		if is := string(value); is == "true" || is == "false" {
			p.arena = append(p.arena, is...)
			return CellBoolean
		}
	case "time":
		if milli, ok := duration(string(value)); ok {
			p.arena = appendHours(p.arena, milli)
			return CellText
		}
	case "string":
		if len(p.value) > 0 {
			p.arena = append(p.arena, p.value...)
			return CellText
		}
	}
	p.arena = append(p.arena, p.text...)
	return CellText
}

// appendNumber appends a number as its file stores it, if it has fifteen
// digits or fewer, else as short as reads back the same.
func appendNumber(b, text []byte) ([]byte, bool) {
	if len(text) <= 15 && allDigits(text) && (len(text) == 1 || text[0] != '0') {
		return append(b, text...), true
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil || f-f != 0 {
		return b, false
	}
	return AppendFloat(b, f), true
}

// isoForms are how dates are stored; fractions of a second may follow.
var isoForms = []string{time.DateOnly, "2006-01-02T15:04:05", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04"}

// appendISO appends a date, with its time unless that is midnight. A zone is
// left out: what such files store is the clock on the wall.
func appendISO(b []byte, text string) ([]byte, bool) {
	for _, form := range isoForms {
		t, err := time.Parse(form, text)
		if err != nil {
			continue
		}
		if t.Hour()|t.Minute()|t.Second()|t.Nanosecond() == 0 {
			return t.AppendFormat(b, time.DateOnly), true
		}
		return t.AppendFormat(b, "2006-01-02T15:04:05.999999"), true
	}
	return b, false
}

// maxHours is the longest duration that is read as one.
const maxHours = 1_000_000

// duration reads one such as PT11H12M12.5S, in milliseconds.
func duration(text string) (milli int64, ok bool) {
	text, ok = strings.CutPrefix(text, "PT")
	if !ok {
		return 0, false
	}
	for _, unit := range []struct {
		name  string
		milli float64
	}{{"H", 3_600_000}, {"M", 60_000}, {"S", 1000}} {
		number, rest, found := strings.Cut(text, unit.name)
		if !found {
			continue
		}
		n, err := strconv.ParseFloat(strings.Replace(number, ",", ".", 1), 64)
		if err != nil || n < 0 || n > maxHours*3600 {
			return 0, false
		}
		milli += int64(n * unit.milli)
		text = rest
	}
	return milli, text == "" && milli <= maxHours*3_600_000
}
