// Package samples is the content of the demo: agencies, datasets and tables
// that three demo sources announce and serve, so that the program can be seen
// at work without a network. Figures that are facts name their source in the
// description; all others are computed by formulas that the description states,
// and say that they are illustrative. Every file has the same bytes each time.
package samples

import (
	"slices"
	"strings"
)

// text is the same words in Persian and English.
type text struct{ fa, en string }

func (t text) in(lang string) string {
	if lang == "en" {
		return t.en
	}
	return t.fa
}

// words are a text by language tag.
type words map[string]string

func (t text) words() words { return words{"fa": t.fa, "en": t.en} }

// The demo sources.
const (
	inCKAN     = "ckan"
	inDataJSON = "datajson"
	inFolder   = "folder"
)

// A dataset as its publisher would describe it. Its first language is that of
// its tables' headings.
type dataset struct {
	name      string // identifier, also the name in addresses
	source    string
	agency    string // slug
	lang      string // first language, "fa" or "en"
	title     text
	about     text // what one row is, what is covered, known limits
	theme     string
	keywords  []text
	licence   licence
	access    string // access level, public when empty
	frequency string // ISO 8601 repeating interval
	issued    string
	modified  string
	from, to  string // ISO 8601 dates covered
	spatial   text   // Iran when empty
	files     []file
	fiscal    *fiscalPart // of a budget
}

// A file of a dataset; one workbook may hold several tables.
type file struct {
	name   string
	title  text
	form   form
	before []string // lines above the header
	faulty bool     // two rows are spoilt, to show how faults are reported
	tables []table
	// outline is the border of what the i-th row is about, of the form outlines.
	outline func(i int) []position
	link    string // where a document stands that is not served here
}

// A table is a header and n rows that are computed one by one.
type table struct {
	name    string // of the sheet
	columns []string
	n       int
	row     func(i int) []string
	formula text // how the cells are computed; empty for facts
}

// everything is all datasets of the demo.
func everything() []dataset {
	return slices.Concat(
		exchange(), digital(), council(), services(), business(), money(), population(), communications(),
		environment(), health(), energy(), education(), transport(), city(),
	)
}

// of returns the datasets of one source.
func of(source string) []dataset {
	return slices.DeleteFunc(everything(), func(d dataset) bool { return d.source != source })
}

// describe returns the description of d in lang. Where tables are computed, it
// ends with a sentence that says so, and with the formula of a single table.
func (d *dataset) describe(lang string) string {
	about, computed := d.about.in(lang), d.computed()
	switch len(computed) {
	case 0:
		return about
	case 1:
		return about + "\n\n" + computed[0].formula.in(lang)
	}
	return about + "\n\n" + text{
		"داده‌های نمایشی: با فرمول‌هایی که در توضیح هر پرونده آمده ساخته شده است و اندازه‌گیری واقعی نیست.",
		"Illustrative data: made with the formulas that the description of each file states, not measured.",
	}.in(lang)
}

// describeFile returns the description of a file in lang: the formulas of its
// tables, where that of the dataset does not have them.
func (d *dataset) describeFile(f *file, lang string) string {
	if len(d.computed()) < 2 {
		return ""
	}
	var parts []string
	for _, t := range f.tables {
		if t.formula == (text{}) {
			continue
		}
		if len(f.tables) > 1 {
			parts = append(parts, t.name+": "+t.formula.in(lang))
		} else {
			parts = append(parts, t.formula.in(lang))
		}
	}
	return strings.Join(parts, "\n\n")
}

// computed are the tables of d that are made by formulas.
func (d *dataset) computed() []table {
	var all []table
	for _, f := range d.files {
		for _, t := range f.tables {
			if t.formula != (text{}) {
				all = append(all, t)
			}
		}
	}
	return all
}

// place returns what area d covers, in lang.
func (d *dataset) place(lang string) string {
	if d.spatial != (text{}) {
		return d.spatial.in(lang)
	}
	return text{"ایران", "Iran"}.in(lang)
}
