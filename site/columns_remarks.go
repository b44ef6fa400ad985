package site

import (
	"html/template"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/datasets"
)

// A remark is what the quality of a column makes worth knowing before one
// computes with it.
type remark struct {
	Kind string        `json:"kind"` // of its sentence: remark.…
	HTML template.HTML `json:"-"`
}

// Bounds of remarks.
const (
	fewRows    = 10   // a column of fewer rows tells little
	farFactor  = 1000 // a largest value so many times the mean is remarked upon
	fewSamples = 3    // texts that must look like numbers
)

// remarks says what its profile tells of the quality of column c.
func (l *locale) remarks(c *datasets.Column, p *datasets.ColumnProfile, now time.Time) []remark {
	var all []remark
	say := func(kind string, args ...any) { all = append(all, remark{kind, l.HTML("remark."+kind, args...)}) }
	filled := p.Rows - p.Nulls
	switch {
	case p.Rows == 0:
		return nil
	case filled == 0:
		say("none")
		return all
	case p.Nulls > 0:
		say("empty", "share", l.Percent(float64(p.Nulls)/float64(p.Rows)), "n", p.Nulls)
	}
	switch {
	case p.Distinct == 1 && filled > 1:
		say("same")
	case p.Distinct == filled && filled >= fewRows && !p.Estimated && !c.Float && (c.Type == datasets.Text || c.Type == datasets.Integer && identifying.MatchString(c.Label+" "+c.Name)):
		say("identifier")
	}
	if c.Type == datasets.Text {
		if kind := numberTexts(p); kind != "" {
			say(kind)
		}
	}
	if c.Float {
		say("float")
	}
	all = append(all, l.formRemarks(p)...)
	if wordsOf(c) == wordsDate {
		if known := "remark.layout." + c.Layout; l.texts[known].other != "" {
			say("layout." + c.Layout)
		}
		if len(p.Max) >= len(time.DateOnly) && p.Max[:len(time.DateOnly)] > now.UTC().Format(time.DateOnly) {
			w := l.cellWriter(c, p, false)
			say("future", "value", w.canonical(p.Max))
		}
	}
	if far(c, p) {
		w := l.cellWriter(c, p, false)
		say("far", "value", w.canonical(p.Max))
	}
	return all
}

// formRemarks says how the source writes the values where it does so in several
// ways, and how numbers were read that could have been read otherwise.
func (l *locale) formRemarks(p *datasets.ColumnProfile) []remark {
	var all []remark
	say := func(kind string, args ...any) { all = append(all, remark{kind, l.HTML("remark."+kind, args...)}) }
	for _, f := range []struct {
		kind  string
		forms []datasets.Form
	}{{"dates", p.Dates}, {"digits", p.Digits}, {"units", p.Units}} {
		if len(f.forms) < 2 {
			continue
		}
		var parts []template.HTML
		for _, form := range f.forms {
			parts = append(parts, l.HTML("remark.form", "example", verbatim(strings.TrimSpace(form.Example)), "n", form.Count))
		}
		say(f.kind, "n", len(parts), "forms", l.and(parts))
	}
	if p.Blanks > 0 {
		say("blanks", "n", p.Blanks)
	}
	if r := p.Reading; r != nil && len(r.Values) == 2 {
		say("reading."+firstOf(r.By, "none"), "written", verbatim(r.Written), "read", l.number(r.Values[0], true), "other", l.number(r.Values[1], true))
	}
	return all
}

// numberTexts tells texts that look like numbers but are kept as they are: codes
// with zeros before them, or numbers among which some other text stands.
func numberTexts(p *datasets.ColumnProfile) string {
	numbers, zeros, others := 0, 0, 0
	for _, t := range p.Top {
		v := asciiNumber(strings.TrimSpace(t.Value))
		switch {
		case !isDigits(strings.Replace(strings.TrimPrefix(v, "-"), ".", "", 1)):
			others++
		case len(v) > 1 && v[0] == '0' && v[1] != '.':
			zeros++
		default:
			numbers++
		}
	}
	switch {
	case zeros > 0 && others == 0:
		return "zeros"
	case numbers >= fewSamples && others > 0 && numbers > others:
		return "mixed"
	default:
		return ""
	}
}

// far reports whether the largest value is so far from the mean that it may be
// a slip, or be counted in another unit.
func far(c *datasets.Column, p *datasets.ColumnProfile) bool {
	if !averaged(c) || p.Mean == nil || *p.Mean <= 0 || p.Rows-p.Nulls < farFactor {
		return false
	}
	largest, ok := floatOf(p.Max)
	return ok && largest > farFactor**p.Mean
}
