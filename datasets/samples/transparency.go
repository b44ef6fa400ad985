package samples

import (
	_ "embed"
	"fmt"
	"path/filepath"
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
	sheetOfficials  = "مدیران"
	sheetPlan       = "برنامهٔ سالانه"
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
		officialSheet(a.Slug), planSheet(a.Slug),
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
