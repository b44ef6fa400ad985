package samples

import (
	_ "embed"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Services of the agencies, three of each: the agency, the service, its steps,
// its fee in rials and the days that it takes.
//
//go:embed services.txt
var serviceList string

// Sheets of the workbook in which an agency shows what it is asked for.
const (
	sheetContracts  = "قراردادها"
	sheetServices   = "خدمات"
	sheetComplaints = "شکایت‌ها"
	sheetInventory  = "فهرست اطلاعات"
	sheetProperty   = "اموال"
	sheetProgrammes = "برنامه‌ها"
	sheetPermits    = "مجوزها"
)

// BuildTransparency writes for each agency of the demo a folder below dir with
// the workbook in which it shows what the indicators ask for.
func BuildTransparency(dir string) error {
	for _, a := range Agencies() {
		d := transparencyOf(a)
		if err := writePackage(filepath.Join(dir, d.name), &d); err != nil {
			return fmt.Errorf("demo indicators: %w", err)
		}
	}
	return nil
}

func transparencyTitle(a Agency) text {
	return text{"پروندهٔ شفافیت " + a.Title["fa"], "Transparency file: " + a.Title["en"]}
}

// transparencyOf describes the workbook of an agency.
func transparencyOf(a Agency) dataset {
	var tables []table
	for _, t := range []table{
		contractSheet(a.Slug), serviceSheet(a.Slug), complaintSheet(a.Slug), inventorySheet(a.Slug), propertySheet(a.Slug), programmeSheet(a.Slug), permitSheet(a.Slug),
	} {
		if t.n > 0 {
			tables = append(tables, t)
		}
	}
	return dataset{
		name: "transparency-" + a.Slug, agency: a.Slug, lang: "fa", theme: onGovernment, title: transparencyTitle(a),
		about: text{
			"آنچه شاخص‌های شفافیت از دستگاه می‌خواهند، هر موضوع در برگهٔ خود. داده‌های نمایشی: نام‌ها، رقم‌ها و تاریخ‌ها ساختگی است؛ تنها فهرست اطلاعات همان است که دستگاه در این درگاه منتشر کرده.",
			"What the transparency indicators ask of the agency, each subject in a sheet of its own. Illustrative data: names, figures and dates are made up; only the inventory is what the agency does publish on this portal.",
		},
		keywords: []text{{"شفافیت", "transparency"}, {"شاخص", "indicator"}},
		licence:  transparencyLicence(a.Slug), frequency: "R/P1M", issued: "2024-10-01", modified: "2026-10-20", from: "2024-09-22", to: "2026-10-20",
		files: []file{{name: "transparency.xlsx", form: workbook, title: text{"پروندهٔ شفافیت", "Transparency file"}, tables: tables}},
	}
}

// transparencyLicence is open but for two agencies, which keep back some uses.
func transparencyLicence(agency string) licence {
	if agency == ministryR || agency == regulator {
		return licence{"CC-BY-NC-4.0", "Creative Commons Attribution-NonCommercial 4.0", "https://creativecommons.org/licenses/by-nc/4.0/"}
	}
	return ccBy()
}

// sheet is a table of rows that are there already.
func sheet(name string, columns []string, rows [][]string) table {
	return table{name: name, columns: columns, n: len(rows), row: func(i int) []string { return rows[i] }}
}

// contractSheet lists the contracts that were signed. The Ministry of Roads does
// not say how it chose the supplier.
func contractSheet(agency string) table {
	methods := map[string]string{"open": "مناقصهٔ عمومی", "selective": "مناقصهٔ محدود", "limited": "استعلام بها", "direct": "ترک تشریفات"}
	columns := []string{"موضوع", "طرف قرارداد", "مبلغ (ریال)", "تاریخ", "روش"}
	if agency == ministryR {
		columns = columns[:4]
	}
	var rows [][]string
	for _, d := range deals() {
		if d.budget.agency != agency || d.n > dealSigned {
			continue
		}
		row := []string{d.title, companies()[d.category][d.winner()], strconv.FormatInt(d.final(), 10), jalali(d.signed()), methods[d.method()]}
		rows = append(rows, row[:len(columns)])
	}
	return sheet(sheetContracts, columns, rows)
}

// services are those of an agency.
func servicesOf(agency string) [][]string {
	var all [][]string
	for line := range strings.Lines(serviceList) {
		if c := strings.Split(strings.TrimSpace(line), "|"); c[0] == agency {
			all = append(all, c[1:])
		}
	}
	return all
}

func serviceSheet(agency string) table {
	if agency == itCouncil {
		return table{} // it serves agencies, not people
	}
	return sheet(sheetServices, []string{"خدمت", "مراحل", "هزینه (ریال)", "زمان انجام (روز)"}, servicesOf(agency))
}

// complaintSheet counts complaints by quarter. The Ministry of Education does
// not tell how long answers take.
func complaintSheet(agency string) table {
	if agency == itCouncil || agency == planning {
		return table{}
	}
	columns := []string{"سال", "فصل", "نوع", "تعداد", "میانگین زمان پاسخ (روز)"}
	if agency == ministryE {
		columns = columns[:4]
	}
	var rows [][]string
	for i, year := 0, 1403; year <= 1405; year++ {
		for quarter, name := range []string{"بهار", "تابستان", "پاییز", "زمستان"} {
			if year == 1405 && quarter > 1 {
				break
			}
			for k, kind := range []string{"شکایت از خدمت", "درخواست اطلاعات"} {
				i++
				n := (len(agency)*17 + 31*i) % 400 / (1 + 3*k)
				row := []string{strconv.Itoa(year), name, kind, strconv.Itoa(n), strconv.Itoa(4 + (len(agency)+5*i)%17)}
				rows = append(rows, row[:len(columns)])
			}
		}
	}
	return sheet(sheetComplaints, columns, rows)
}

// inventorySheet lists what the agency publishes on the portal of the demo.
func inventorySheet(agency string) table {
	var rows [][]string
	for _, d := range everything() {
		if d.agency != agency {
			continue
		}
		access := "دریافت از همین درگاه"
		if d.access != "" {
			access = "با درخواست از دستگاه"
		}
		rows = append(rows, []string{d.title.fa, access})
	}
	return sheet(sheetInventory, []string{"عنوان", "شیوهٔ دسترسی"}, rows)
}

// propertySheet lists buildings, one for every third province.
func propertySheet(agency string) table {
	if agency == itCouncil || agency == tehran {
		return table{}
	}
	uses := []string{"اداری", "انبار", "آموزشی", "مهمان‌سرا"}
	var rows [][]string
	for i, p := range provinces() {
		if (i+len(agency))%3 == 0 {
			rows = append(rows, []string{
				fmt.Sprintf("%04d", 100*len(agency)+i), "ساختمان " + p.capital.fa, "استان " + p.name.fa + "، " + p.capital.fa, uses[(i+len(agency))%len(uses)],
			})
		}
	}
	return sheet(sheetProperty, []string{"شناسه", "شرح", "نشانی", "کاربری"}, rows)
}

// programmeSheet is how much of its programmes, or of the times of its services,
// an agency keeps to.
func programmeSheet(agency string) table {
	var rows [][]string
	list := budgets()
	if at := slices.IndexFunc(list, func(b budget) bool { return b.agency == agency }); at >= 0 {
		for i, p := range list[at].programmes {
			rows = append(rows, []string{p.title.fa, strconv.Itoa(80 + 5*i), strconv.Itoa(70 + (7*i+len(agency))%28)})
		}
	} else {
		for i, s := range servicesOf(agency) {
			rows = append(rows, []string{s[0] + " در مهلت", strconv.Itoa(90), strconv.Itoa(72 + (11*i+len(agency))%26)})
		}
	}
	return sheet(sheetProgrammes, []string{"عنوان", "هدف (درصد)", "عملکرد (درصد)"}, rows)
}

// permitSheet lists permits, of those agencies that give them.
func permitSheet(agency string) table {
	if !slices.Contains([]string{ito, treasury, regulator, nature, ministryH, ministryN, ministryR, tehran}, agency) {
		return table{}
	}
	services := servicesOf(agency)
	var rows [][]string
	for i := range 75 {
		rows = append(rows, []string{
			fmt.Sprintf("%d/%04d", 1403+i/30, 11*i+len(agency)), companies()[[]string{"goods", "works", "services"}[i%3]][i%5],
			services[i%len(services)][0], jalali(dayAfter("2024-09-25", 10*i)),
		})
	}
	return sheet(sheetPermits, []string{"شماره", "دارنده", "موضوع", "تاریخ"}, rows)
}
