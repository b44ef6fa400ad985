package samples

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// contractSheet lists the contracts that were signed; of an agency without a
// budget here it makes up some. The Ministry of Roads does not say how it chose
// the supplier.
func contractSheet(agency string) table {
	methods := map[string]string{"open": "مناقصهٔ عمومی", "selective": "مناقصه با پیش‌ارزیابی", "limited": "مناقصهٔ محدود", "direct": "ترک تشریفات"}
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
	if len(rows) == 0 && agency != itCouncil {
		rows = smallContracts(agency)
	}
	return sheet(sheetContracts, columns, rows)
}

// smallContracts are one in each month of two years.
func smallContracts(agency string) [][]string {
	subjects := []string{"پشتیبانی رایانه‌ها و شبکه", "خرید ملزومات اداری", "نگهداری ساختمان", "چاپ گزارش‌ها", "سرویس رفت‌وآمد کارکنان"}
	var rows [][]string
	for i := range 25 {
		rows = append(rows, []string{
			subjects[i%len(subjects)], companies()["services"][(i+len(agency))%5], strconv.Itoa(1_000_000 * (900 + (137*i+len(agency))%2800)),
			jalali(dayAfter("2024-09-28", 30*i)), []string{"استعلام بها", "مناقصهٔ محدود"}[i%2],
		})
	}
	return rows
}

// servicesOf are those of an agency.
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

// permitSheet lists permits, of those agencies among whose services are some.
func permitSheet(agency string) table {
	var permits []string
	for _, s := range servicesOf(agency) {
		if slices.ContainsFunc([]string{"مجوز", "پروانه", "تأیید", "صدور گواهی"}, func(word string) bool { return strings.Contains(s[0], word) }) {
			permits = append(permits, s[0])
		}
	}
	if len(permits) == 0 {
		return table{}
	}
	var rows [][]string
	for i := range 75 {
		rows = append(rows, []string{
			fmt.Sprintf("%d/%04d", 1403+i/30, 11*i+len(agency)), companies()[[]string{"goods", "works", "services"}[i%3]][i%5],
			permits[i%len(permits)], jalali(dayAfter("2024-09-25", 10*i)),
		})
	}
	return sheet(sheetPermits, []string{"شماره", "دارنده", "موضوع", "تاریخ"}, rows)
}

// officialSheet tells who answers for what. Two agencies do not.
func officialSheet(agency string) table {
	if agency == nature || agency == ministryE {
		return table{}
	}
	return sheet(sheetOfficials, []string{"سمت", "وظایف", "پاسخ‌گو در برابر"}, [][]string{
		{"بالاترین مقام دستگاه", "سیاست‌گذاری و نظارت بر همهٔ واحدها", "هیئت دولت"},
		{"معاون برنامه‌ریزی", "تنظیم برنامه و بودجه و گزارش عملکرد", "بالاترین مقام دستگاه"},
		{"معاون توسعه و پشتیبانی", "منابع انسانی، معاملات و اموال", "بالاترین مقام دستگاه"},
		{"مدیر فناوری اطلاعات", "سامانه‌ها و انتشار داده", "معاون توسعه و پشتیبانی"},
		{"مدیر روابط عمومی", "پاسخ به مردم و درخواست‌های اطلاعات", "بالاترین مقام دستگاه"},
	})
}

// planSheet is what the agency means to do in the year.
func planSheet(agency string) table {
	if slices.Contains([]string{regulator, tehran, ministryE}, agency) {
		return table{}
	}
	var rows [][]string
	for i, s := range servicesOf(agency) {
		rows = append(rows, []string{s[0], []string{"غیرحضوری کردن", "کوتاه کردن زمان انجام", "انتشار آمار ماهانه"}[i%3], []string{"شهریور", "آذر", "اسفند"}[i%3]})
	}
	return sheet(sheetPlan, []string{"عنوان", "اقدام", "پایان"}, rows)
}
