package samples

import (
	"strconv"

	"github.com/goccy/go-json"
)

// The columns of a budget, in the order of its table.
var (
	budgetHeadings        = []string{"سال مالی", "کد برنامه", "برنامه", "کارکرد (COFOG)", "فصل (GFSM)", "عنوان فصل", "مصوب (ریال)", "اصلاح‌شده (ریال)", "عملکرد (ریال)"}
	budgetMillionHeadings = []string{"سال مالی", "کد برنامه", "برنامه", "کارکرد (COFOG)", "فصل (GFSM)", "عنوان فصل", "مصوب (میلیون ریال)", "اصلاح‌شده (میلیون ریال)", "عملکرد (میلیون ریال)"}
	budgetEnglishHeadings = []string{"Fiscal year", "Programme code", "Programme", "Function (COFOG)", "Chapter (GFSM)", "Chapter name", "Approved (rials)", "Adjusted (rials)", "Executed (rials)"}
)

const budgetAmounts = 6 // columns before those of amounts

// budgetTypes are the columnTypes of the Fiscal Data Package 1.0 of the columns
// before the amounts; phases are those of the amounts.
var (
	budgetTypes = []string{
		"date:fiscal-year", "activity:generic:program:code", "activity:generic:program:label", "functional-classification:cofog:code",
		"economic-classification:gfsm:code", "economic-classification:gfsm:label",
	}
	budgetPhases = []string{"approved", "adjusted", "executed"}
)

func (b *budget) headings() []string {
	switch b.shape {
	case inMillions:
		return budgetMillionHeadings
	case inEnglish:
		return budgetEnglishHeadings
	default:
		return budgetHeadings
	}
}

// table is the budget with a row for each line.
func (b *budget) table() table {
	amount, lang := rials, "fa"
	if b.shape == inMillions {
		amount = millions
	}
	if b.shape == inEnglish {
		lang = "en"
	}
	var rows [][]string
	sum := [3]int64{}
	lines := b.lines()
	for i := range lines {
		l := &lines[i]
		row := []string{strconv.Itoa(l.year), l.programme.code, l.programme.title.in(lang), l.programme.cofog, l.chapter.code, l.chapter.title.in(lang)}
		for k, n := range l.phases() {
			sum[k] += n
			row = append(row, amount(n))
		}
		if !l.told {
			row[len(row)-1] = ""
		}
		rows = append(rows, row)
		if b.shape == withSums && (i+1 == len(lines) || lines[i+1].year != l.year) {
			rows = append(rows, []string{strconv.Itoa(l.year), "", "جمع کل", "", "", "", amount(sum[0]), amount(sum[1]), amount(sum[2])})
			sum = [3]int64{}
		}
	}
	return table{name: "budget", columns: b.headings(), n: len(rows), row: func(i int) []string { return rows[i] }}
}

func (l *budgetLine) phases() [3]int64 { return [3]int64{l.approved, l.adjusted, l.executed} }

// wide is the budget with a row for each programme and chapter, and the mapping
// of its columns.
func (b *budget) wide() (table, json.RawMessage) {
	type field struct {
		Column string `json:"column"`
		Type   string `json:"type"`
		Phase  string `json:"phase,omitempty"`
		Year   string `json:"year,omitempty"`
	}
	var fields []field
	columns := append([]string{}, budgetHeadings[1:budgetAmounts]...)
	for i, heading := range columns {
		fields = append(fields, field{Column: heading, Type: budgetTypes[i+1]})
	}
	phases := []string{"مصوب", "اصلاح‌شده", "عملکرد"}
	for year := firstBudgetYear; year <= lastBudgetYear; year++ {
		for k, phase := range phases {
			heading := phase + " " + persianDigits(strconv.Itoa(year)) + " (ریال)"
			columns = append(columns, heading)
			fields = append(fields, field{heading, "value", budgetPhases[k], strconv.Itoa(year)})
		}
	}
	lines, perYear := b.lines(), len(b.programmes)*len(b.chapters)
	t := table{name: "budget", columns: columns, n: perYear, row: func(i int) []string {
		l := &lines[i]
		row := []string{l.programme.code, l.programme.title.fa, l.programme.cofog, l.chapter.code, l.chapter.title.fa}
		for ; i < len(lines); i += perYear {
			for _, n := range lines[i].phases() {
				row = append(row, rials(n))
			}
		}
		return row
	}}
	mapping, _ := json.Marshal(struct {
		Currency string  `json:"currency"`
		Factor   string  `json:"factor"`
		Fields   []field `json:"fields"`
	}{"IRR", "1", fields}) // nothing in it can fail
	return t, mapping
}

// describe says in the words of the Fiscal Data Package 1.0 what the columns are.
func (b *budget) describe() *fiscalPart {
	factor := "1"
	if b.shape == inMillions {
		factor = "1000000"
	}
	headings := b.headings()
	part := &fiscalPart{}
	for i, kind := range budgetTypes {
		part.Fields = append(part.Fields, fiscalField{Name: headings[i], Type: "string", ColumnType: kind})
	}
	for i, phase := range budgetPhases {
		part.Fields = append(part.Fields, fiscalField{
			Name: headings[budgetAmounts+i], Type: "integer", ColumnType: "value", Currency: "IRR", Factor: factor,
			Normalize: map[string]string{"phase": phase},
		})
	}
	part.Extra = []fiscalField{{Name: "phase", ColumnType: "phase:label"}, {Name: "direction", ColumnType: "direction", Constant: "expenditure"}}
	return part
}

// A fiscalPart is the schema that makes a Data Package a fiscal one.
type fiscalPart struct {
	Fields []fiscalField `json:"fields"`
	Extra  []fiscalField `json:"extraFields,omitempty"`
}

type fiscalField struct {
	Name       string            `json:"name"`
	Type       string            `json:"type,omitempty"`
	ColumnType string            `json:"columnType"`
	Currency   string            `json:"currency,omitempty"`
	Factor     string            `json:"factor,omitempty"`
	Normalize  map[string]string `json:"normalize,omitempty"`
	Constant   string            `json:"constant,omitempty"`
}
