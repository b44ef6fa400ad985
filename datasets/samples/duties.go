package samples

import (
	"slices"
	"strings"
)

// A Duty is what an agency of the demo hands in for a transparency indicator,
// and how reliably it does.
type Duty struct {
	Agency    string // slug
	Indicator string
	Evidence  []Proof
	n         int // number of the duty
	share     int // of a hundred periods for which something is handed in
	since     int // half of the year that it began with, from 0
}

// A Proof is a piece of evidence: a dataset, a sheet of its workbook, a link or a
// statement.
type Proof struct {
	Dataset string // slug
	Sheet   string // of it; empty: all of it
	URL     string
	Text    map[string]string
}

// Duties are those of the demo. What an agency does not publish is not there.
func Duties() []Duty {
	var all []Duty
	add := func(agency, indicator string, proof ...Proof) {
		all = append(all, Duty{Agency: agency, Indicator: indicator, Evidence: proof, n: len(all), share: diligence(agency), since: began(agency)})
	}
	for _, a := range Agencies() {
		file := strings.NewReplacer(":", "", " ", "-").Replace(strings.ToLower(transparencyTitle(a).en))
		for _, t := range transparencyOf(a).files[0].tables {
			add(a.Slug, asksFor(t.name), Proof{Dataset: file, Sheet: t.name})
		}
		if slug := budgetSlug(a.Slug); slug != "" {
			add(a.Slug, "S01", Proof{Dataset: slug})
			all[len(all)-1].share += 20 // the budget is what it is most asked about
		}
		home := Proof{URL: a.Homepage}
		switch a.Slug {
		case planning:
			add(a.Slug, "S09", home)
		case personnel:
			add(a.Slug, "S08", Proof{Dataset: "recruitment-examinations"})
		case itCouncil:
			add(a.Slug, "S05", Proof{Dataset: "laws-and-regulations-of-electronic-government"})
			add(a.Slug, "S09", Proof{Dataset: "resolutions-of-the-executive-council-of-information-technology"})
			add(a.Slug, "S14", said("نتیجهٔ نظرخواهی‌ها، با پاسخ به هر دسته از نظرها، در صفحهٔ پیش‌نویس‌های همین درگاه آمده است.",
				"The outcome of consultations, with the answer to each group of comments, stands on this portal's page of drafts."))
		case regulator, tehran:
			add(a.Slug, "S07", home)
		case ministryH, ministryN, statistic:
			add(a.Slug, "S08", said("در این دوره آزمون استخدامی برگزار نشد و کسی به سمت مدیریت منصوب نشد.", "No examination was held in this period, and nobody was appointed to a senior post."))
		}
	}
	return all
}

// asksFor is the indicator that asks for a sheet.
func asksFor(sheet string) string {
	return map[string]string{
		sheetContracts: "S02", sheetProperty: "S03", sheetProgrammes: "S04", sheetPermits: "S06",
		sheetServices: "S11", sheetComplaints: "S12", sheetInventory: "S13", sheetOfficials: "S10", sheetPlan: "S07",
	}[sheet]
}

// budgetSlug is the dataset with the budget of an agency, and nothing where it
// has none.
func budgetSlug(agency string) string {
	switch {
	case agency == tehran:
		return "budje-shahradari-tehran"
	case agency == planning:
		return "approved-budget-and-outturn-by-chapter"
	case slices.ContainsFunc(budgets(), func(b budget) bool { return b.agency == agency }):
		return "budget-of-the-" + strings.ReplaceAll(strings.ToLower(agencyOf(agency).Title["en"]), " ", "-")
	}
	return ""
}

func said(fa, en string) Proof { return Proof{Text: map[string]string{"fa": fa, "en": en}} }

// diligence is for how many periods of a hundred an agency hands something in.
func diligence(agency string) int {
	return map[string]int{
		ito: 93, itCouncil: 85, planning: 97, personnel: 82, treasury: 90, statistic: 99, regulator: 74,
		nature: 70, ministryH: 96, ministryN: 86, ministryE: 62, ministryR: 78, tehran: 55,
	}[agency]
}

// began is the half of the year that an agency began with.
func began(agency string) int {
	return map[string]int{nature: 1, tehran: 2}[agency]
}

// dice is a number below a hundred, the same each time.
func (d *Duty) dice(k, salt int) int { return (d.n*37 + k*61 + salt*23 + d.n*k*7) % 101 % 100 }

// Begins reports whether the agency had begun in the given half of the year.
func (d *Duty) Begins(half int) bool { return half >= d.since }

// HandsIn is how many days before it is due the evidence of the k-th period is
// handed in; less than 0: so many after. ok is false when nothing is.
func (d *Duty) HandsIn(k int) (days int, ok bool) {
	dice := d.dice(k, 1)
	switch {
	case dice >= d.share:
		return 0, false
	case dice%6 == 5:
		return -1 - d.dice(k, 2)%24, true
	}
	return 1 + d.dice(k, 3)%9, true
}

// An Act is what somebody says about what was handed in.
type Act struct {
	Kind   string // accept, reject, object, uphold, dismiss
	After  int    // days since it was handed in
	Reason string
}

// Follows are the acts about the evidence of the k-th period, in order. An
// objection against the last period waits for its decision.
func (d *Duty) Follows(k int, last bool) []Act {
	dice := d.dice(k, 4)
	reason := func(list [2][]string) string {
		words := list[0]
		if d.Agency == nature { // it writes in English, and is answered so
			words = list[1]
		}
		return words[(d.n+k)%len(words)]
	}
	no := Act{"reject", 9, reason(rejections)}
	against := Act{"object", 13, reason(objections)}
	switch {
	case d.Evidence[0].Sheet == "" && dice >= 45:
		return nil // nothing to doubt
	case last && dice%11 == 0:
		return []Act{no, against}
	case dice < 45:
		return []Act{{"accept", 5 + dice%4, reason(acceptances)}}
	case dice < 50:
		return []Act{no}
	case dice < 54:
		return []Act{no, against, {"uphold", 20, reason(upholdings)}}
	case dice < 57:
		return []Act{no, against, {"dismiss", 20, reason(dismissals)}}
	}
	return nil
}

// What is said about evidence, in Persian and in English.
var (
	acceptances = [2][]string{
		{"", "بررسی شد؛ با آنچه شاخص می‌خواهد می‌خواند.", "", "سطرهای این دوره دیده شد."},
		{"", "Looked at, and as it is asked for."},
	}
	rejections = [2][]string{
		{
			"سطرهای این دوره در پرونده نیست؛ آخرین سطر از دورهٔ پیش است.",
			"تنها دادهٔ ستاد آمده است. واحدهای استانی و شرکت‌های تابع را هم بیاورید.",
			"رقم‌ها با آنچه دستگاه در گزارش سالانه گفته است نمی‌خواند. یکی از این دو را اصلاح کنید.",
		},
		{"The file covers headquarters only; the offices in the provinces are missing."},
	}
	objections = [2][]string{
		{
			"سطرهای این دوره هست، اما جدول به ترتیب تاریخ مرتب نشده است. لطفاً دوباره ببینید.",
			"دستگاه ما شرکت تابع ندارد و دفترهای استانی از طریق ستاد گزارش می‌دهند.",
			"گزارش سالانه پیش از تسویهٔ پایان سال نوشته شده بود؛ رقم درست همان است که در پرونده آمده.",
		},
		{"The offices in the provinces keep no books of their own; all of it is in the file."},
	}
	upholdings = [2][]string{
		{"حق با دستگاه است و گزارش پذیرفته شد.", "پس از بررسی دوباره پذیرفته شد."},
		{"The agency is right; it is accepted."},
	}
	dismissals = [2][]string{
		{"پروندهٔ تازه‌ای نرسیده و کاستی همچنان هست. پس از اصلاح دوباره ثبت کنید."},
		{"The gap is still there. Hand in a corrected file."},
	}
)
