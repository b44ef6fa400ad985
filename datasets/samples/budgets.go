package samples

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/goccy/go-json"
)

// A budget is what an agency was given and spent in the years of the demo, by
// programme and economic chapter. Its amounts are computed in millions of rials.
type budget struct {
	agency     string
	shape      budgetShape
	programmes []programme
	chapters   []chapter
	silent     int // year of which it has not told what was spent; 0 for none
	over       int // year in which its first programme spent more than it had; 0 for none
}

// A budgetShape is how the table of a budget and its description are written.
type budgetShape uint8

const (
	inRials    budgetShape = iota // a Fiscal Data Package
	inMillions                    // the same, amounts in millions of rials
	withSums                      // the same, with a row after each year that sums it
	inEnglish                     // the same, in English
	wideTable                     // no package: a column for each phase and year, mapped at the source
)

type programme struct {
	code  string
	title text
	cofog string // class, group or division of COFOG
	base  int64  // billions of rials in the first year, a multiple of ten
}

type chapter struct {
	code  string // of GFSM 2014
	title text
	share int64 // of a hundred
}

// The years of the budgets; the last one goes on.
const (
	firstBudgetYear = 1401
	lastBudgetYear  = 1405
)

// budgetGrowth is what a hundred of the first year are in each year.
var budgetGrowth = [...]int64{100, 132, 171, 226, 290}

// purchases is the chapter whose money moves between programmes within a year.
const purchases = "22"

// staffed are the chapters of an agency that mostly pays people.
func staffed() []chapter {
	return []chapter{
		{"21", text{"جبران خدمت کارکنان", "Compensation of employees"}, 60},
		{purchases, text{"استفاده از کالا و خدمات", "Use of goods and services"}, 20},
		{"28", text{"سایر هزینه‌ها", "Other expense"}, 5},
		{"31", text{"تملک دارایی سرمایه‌ای", "Acquisition of nonfinancial assets"}, 15},
	}
}

// building are those of one that mostly builds.
func building() []chapter {
	return []chapter{
		{"21", text{"جبران خدمت کارکنان", "Compensation of employees"}, 15},
		{purchases, text{"استفاده از کالا و خدمات", "Use of goods and services"}, 20},
		{"25", text{"یارانه", "Subsidies"}, 10},
		{"31", text{"تملک دارایی سرمایه‌ای", "Acquisition of nonfinancial assets"}, 55},
	}
}

// granting are those of one that mostly hands money on.
func granting() []chapter {
	return []chapter{
		{"21", text{"جبران خدمت کارکنان", "Compensation of employees"}, 40},
		{purchases, text{"استفاده از کالا و خدمات", "Use of goods and services"}, 20},
		{"26", text{"کمک‌های بلاعوض", "Grants"}, 40},
	}
}

// publicDebt is the group of COFOG for the debt of the state. It holds the
// interest, all of it and nothing else, so that both classifications agree on
// what that is.
const publicDebt = "01.7"

// chaptersOf are the chapters of the k-th programme.
func (b *budget) chaptersOf(k int) []chapter {
	if b.programmes[k].cofog == publicDebt {
		return []chapter{{"24", text{"سود پرداختی", "Interest"}, 100}}
	}
	return b.chapters
}

// An amount is one line in its three phases, in millions of rials.
type budgetLine struct {
	year                         int
	programme                    *programme
	chapter                      *chapter
	approved, adjusted, executed int64
	told                         bool // what was executed is known
}

// lines are the lines of a budget, by year, programme and chapter. A tenth of the
// goods of the first programme goes to the last one in each year; the parts of
// the adjusted budget sum to the approved one therefore.
func (b *budget) lines() []budgetLine {
	var all []budgetLine
	for year := firstBudgetYear; year <= lastBudgetYear; year++ {
		moved := int64(0)
		for k := range b.programmes {
			chapters := b.chaptersOf(k)
			for c := range chapters {
				l := budgetLine{year: year, programme: &b.programmes[k], chapter: &chapters[c]}
				l.approved = l.programme.base * l.chapter.share * budgetGrowth[year-firstBudgetYear] / 10
				l.adjusted = l.approved
				if l.chapter.code == purchases && k == 0 {
					moved = l.approved / 10
					l.adjusted -= moved
				}
				if l.chapter.code == purchases && k == len(b.programmes)-1 {
					l.adjusted += moved
				}
				l.executed, l.told = l.adjusted*b.rate(year, k, c)/100, year != b.silent
				all = append(all, l)
			}
		}
	}
	return all
}

// rate is how many of a hundred that it had a line spent.
func (b *budget) rate(year, programme, chapter int) int64 {
	switch spent := int64(80 + (7*year+5*programme+3*chapter)%19); {
	case year == lastBudgetYear:
		return spent / 2
	case year == b.over && programme == 0:
		return spent + 30
	default:
		return spent
	}
}

// budgetFormula says how the amounts are computed.
var budgetFormula = text{
	"داده‌های نمایشی: مبلغ‌ها با فرمول ساخته شده‌اند و بودجهٔ واقعی هیچ دستگاهی نیستند. سهم هر فصل از هر برنامه در همهٔ سال‌ها یکی است؛ در هر سال یک‌دهم کالا و خدمات برنامهٔ نخست به برنامهٔ آخر می‌رود؛ عملکرد ۸۰ تا ۹۸ درصد اعتبار اصلاح‌شده است، و در سال ۱۴۰۵، که به پایان نرسیده، نیمی از آن.",
	"Illustrative data: the amounts come from a formula and are no agency's real budget. Each chapter has the same share of each programme in all years; in each year a tenth of the goods and services of the first programme moves to the last one; the outturn is 80 to 98 per cent of the adjusted appropriation, and half of that in 1405, which is not over.",
}

// A BudgetTable is a budget of the demo that has no package: its file, and the
// mapping that its source is told.
type BudgetTable struct {
	Agency  string // slug
	File    string
	Mapping json.RawMessage
}

// BuildBudgets writes the budgets of the demo: packages into folders below dir,
// and the tables that it returns beside it, into dir-tables.
func BuildBudgets(dir string) ([]BudgetTable, error) {
	var tables []BudgetTable
	for _, b := range budgets() {
		if b.shape != wideTable {
			d := b.dataset()
			if err := writePackage(filepath.Join(dir, d.name), &d); err != nil {
				return nil, fmt.Errorf("demo budgets: %w", err)
			}
			continue
		}
		t, err := b.writeWide(dir + "-tables")
		if err != nil {
			return nil, fmt.Errorf("demo budgets: %w", err)
		}
		tables = append(tables, t)
	}
	return tables, nil
}

// dataset describes a budget as its agency would.
func (b *budget) dataset() dataset {
	agency := agencyOf(b.agency)
	title := text{"بودجهٔ " + agency.Title["fa"], "Budget of the " + agency.Title["en"]}
	about := text{
		"هر سطر اعتبار مصوب، اعتبار اصلاح‌شده و عملکرد یک فصل هزینه در یک برنامه و یک سال مالی است. ",
		"A row is the approved appropriation, the adjusted one and the outturn of one economic chapter of one programme in one fiscal year. ",
	}
	lang := "fa"
	if b.shape == inEnglish {
		lang = "en"
	}
	return dataset{
		name: "budget-" + b.agency, agency: b.agency, lang: lang, title: title, theme: onFinance,
		about:    text{about.fa + budgetFormula.fa, about.en + budgetFormula.en},
		keywords: []text{{"بودجه", "budget"}, {"عملکرد", "outturn"}, {"هزینه‌کرد", "spending"}},
		licence:  ccBy(), frequency: "R/P6M", issued: "2022-03-21", modified: "2026-10-25", from: "2022-03-21", to: "2027-03-20",
		files:  []file{{name: "budget.csv", title: text{"سطرهای بودجه", "Budget lines"}, tables: []table{b.table()}}},
		fiscal: b.describe(),
	}
}

// writeWide writes a budget as a table with a column for each phase and year.
func (b *budget) writeWide(dir string) (BudgetTable, error) {
	t, mapping := b.wide()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return BudgetTable{}, err
	}
	agency := agencyOf(b.agency)
	name := filepath.Join(dir, "بودجهٔ "+agency.Title["fa"]+".csv")
	f := file{form: marked, tables: []table{t}}
	err := writeFile(name, day("2026-10-25"), func(w io.Writer) error { return f.write(w) })
	return BudgetTable{Agency: b.agency, File: name, Mapping: mapping}, err
}

func rials(millions int64) string { return strconv.FormatInt(millions*1_000_000, 10) }

func millions(n int64) string { return strconv.FormatInt(n, 10) }

// PeopleSource says where the numbers of People come from.
const PeopleSource = "سرشماری ۱۳۹۵ (۷۹٬۹۲۶٬۲۷۰ نفر) و هر سال یک درصد آن؛ برآورد نمایشی · Census of 1395 (79,926,270) and one per cent of it a year; illustrative"

// People are how many live in the country, by the years of the budgets.
func People() map[string]int64 {
	const census, year = 79_926_270, 1395
	all := map[string]int64{}
	for y := firstBudgetYear; y <= lastBudgetYear; y++ {
		all[strconv.Itoa(y)] = census * int64(100+y-year) / 100
	}
	return all
}
