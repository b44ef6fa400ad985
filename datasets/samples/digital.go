package samples

// digital is what the Information Technology Organization publishes besides
// the exchange.
func digital() []dataset {
	return []dataset{servicesWindow(), softwareLicences(), messengers(), cloudCompanies()}
}

func servicesWindow() dataset {
	return dataset{
		name: "services-window", source: inCKAN, agency: ito, lang: "fa", theme: onGovernment,
		title: text{"پنجرهٔ ملی خدمات دولت هوشمند در یک نگاه", "The national smart government services window at a glance"},
		about: text{
			"هر سطر یک سنجهٔ پنجرهٔ ملی خدمات دولت هوشمند با مقدار گزارش‌شدهٔ آن است: ۱۳۸ دستگاه متصل، ۷۵ درصد خدمات در دسترس و بیش از ۴۸ میلیون هویت دیجیتال. رقم‌ها گرد شده‌اند و روز اندازه‌گیری آن‌ها گزارش نشده است. " + thousandDays.fa,
			"A row is one measure of the national services window with its reported value: 138 agencies connected, 75 percent of services accessible, over 48 million digital identities. The figures are rounded, and the report does not say on which day they were taken. " + thousandDays.en,
		},
		keywords: []text{{"خدمات هوشمند", "smart services"}, {"هویت دیجیتال", "digital identity"}, {"دستگاه‌های متصل", "connected agencies"}},
		licence:  ccBy(), frequency: "R/P1Y", issued: "2024-07-09", modified: "2024-07-09", from: "2021-08-05", to: "2024-07-09",
		files: []file{{name: "services-window.csv", form: marked, title: text{"سنجه‌ها", "Measures"}, tables: []table{facts("سنجه‌ها", `
سنجه | مقدار | یکا | توضیح
دستگاه‌های متصل به پنجره | 138 | دستگاه |
خدمات در دسترس | 75 | درصد |
هویت دیجیتال صادرشده | 48000000 | نفر | بیش از
دانشگاه‌های متصل | 250 | مؤسسه | بیش از
خدمات هوشمند بی‌نیاز از مراجعه | 500 | خدمت | نزدیک به
سهم خدمات هوشمند | 14 | درصد | نزدیک به
مسئولیت‌های سپرده‌شده از شبکهٔ ملی اطلاعات | 38 | درصد | نزدیک به`)}}},
	}
}

func softwareLicences() dataset {
	return dataset{
		name: "software-licences", source: inCKAN, agency: ito, lang: "fa", theme: onBusiness,
		title: text{"تأییدیه‌های فنی نرم‌افزار", "Technical approvals of software"},
		about: text{
			"بر پایهٔ گزارش هزار روزهٔ سازمان، ۵۰۰ تأییدیهٔ فنی نرم‌افزار صادر شد، به طور میانگین هر دو روز یکی، و زمان بررسی از شش ماه به کمتر از یک ماه رسید. هر سطر برگهٔ نخست یک تأییدیه است و نام‌ها و تاریخ‌های آن نمایشی است. برگهٔ دوم زمان بررسی را پیش و پس از اصلاح روند نشان می‌دهد. " + thousandDays.fa,
			"The report says that 500 technical approvals were issued, one in two days on average, and that approval now takes less than a month instead of six. A row of the first sheet is one approval, with names and dates made for illustration. The second sheet gives the time an approval took before and after. " + thousandDays.en,
		},
		keywords: []text{{"نرم‌افزار", "software"}, {"مجوز", "licence"}, {"تأییدیه", "approval"}},
		licence:  ccBy(), frequency: "R/P1M", issued: "2024-07-09", modified: "2026-02-10", from: "2021-08-05", to: "2024-05-01",
		files: []file{{name: "software-licences.xlsx", form: workbook, title: text{"تأییدیه‌ها", "Approvals"}, tables: []table{
			grid("تأییدیه‌ها", over(byNumber('i', text{"شمارهٔ تأییدیه", "the number of the approval"}, "شماره", "", 5, 500)),
				date("تاریخ صدور", "2021-08-05", jalali, "2*(i-1)"),
				code("شناسهٔ شرکت", 6, "1000 + (37*i) mod 211"),
				choice("گروه نرم‌افزار", "(5*i + i/7) mod 5", "مالی و اداری", "آموزشی", "پزشکی", "صنعتی", "امنیتی"),
				count("روز بررسی", "9 + (13*i) mod 20"),
				choice("نوع", "(i mod 4) / 3", "تازه", "تمدید")),
			facts("زمان بررسی", "دوره | حداکثر زمان (روز)\nپیش از اصلاح روند | 180\nپس از اصلاح روند | 30"),
		}}},
	}
}

func messengers() dataset {
	return dataset{
		name: "domestic-messengers", source: inCKAN, agency: ito, lang: "fa", theme: onCommunications,
		title: text{"کاربران پیام‌رسان‌های داخلی", "Users of domestic messaging applications"},
		about: text{
			"پروندهٔ نخست رقم‌های گزارش‌شده است: ۳۰ میلیون کاربر در یک پیام‌رسان، ده برابر آغاز دوره، و پنج پیام‌رسان متصل به گذرگاه تبادل پیام. هر سطر پروندهٔ دوم یک پیام‌رسان در یک روز پایان ماه است و برای نمایش ساخته شده است؛ تاریخ‌ها خورشیدی و با رقم فارسی است. " + thousandDays.fa,
			"The first file holds the reported figures: 30 million users of one application, ten times as many as before, and five applications on the message exchange bus. A row of the second file is one application every thirty days, made for illustration; its dates are Jalali in Persian digits. " + thousandDays.en,
		},
		keywords: []text{{"پیام‌رسان", "messenger"}, {"گذرگاه تبادل پیام", "message exchange bus"}},
		licence:  ccBy(), frequency: "R/P1M", issued: "2024-07-09", modified: "2026-01-05", from: "2021-08-05", to: "2024-05-01",
		files: []file{
			{name: "messengers-reported.csv", title: text{"رقم‌های گزارش‌شده", "Reported figures"}, tables: []table{facts("گزارش", `
سنجه | مقدار | برابر نسبت به آغاز
کاربران بزرگ‌ترین پیام‌رسان‌ها | 30000000 | 10
کاربران و ترافیک همهٔ پیام‌رسان‌ها | | 5
پیام‌رسان‌های متصل به گذرگاه تبادل پیام | 5 |`)}},
			{name: "messengers-by-month.csv", title: text{"هر سی روز", "Every thirty days"}, tables: []table{grid("ماهانه",
				over(byNumber('i', text{"شمارهٔ دوره", "the number of the period"}, "دوره", "د", 2, 33),
					byName('s', text{"شمارهٔ پیام‌رسان", "the number of the application"}, "پیام‌رسان", "پیام‌رسان یک", "پیام‌رسان دو", "پیام‌رسان سه", "پیام‌رسان چهار", "پیام‌رسان پنج")),
				date("تاریخ", "2021-08-05", jalaliDigits, "30*i"),
				count("کاربر فعال", "3000000/s + 790000*i/s + 1000*((31*i + 17*s) mod 101)"))}},
		},
	}
}

func cloudCompanies() dataset {
	return dataset{
		name: "cloud-companies", source: inCKAN, agency: ito, lang: "en", theme: onBusiness,
		title: text{"شرکت‌های شناخته‌شدهٔ خدمات ابری", "Recognised cloud service companies"},
		about: text{
			"بر پایهٔ گزارش سازمان در سال گذشته ۲۰ شرکت فعال در خدمات ابری شناخته شدند. هر سطر یک شرکت است؛ نام و ویژگی شرکت‌ها نمایشی است، زیرا گزارش تنها شمار آن‌ها را می‌گوید. " + thousandDays.fa,
			"The report says that 20 companies active in cloud services were recognised in the year before. A row is one company; names and properties are made up, because the report gives the number only. " + thousandDays.en,
		},
		keywords: []text{{"خدمات ابری", "cloud services"}, {"مرکز داده", "data centre"}},
		licence:  ccZero(), frequency: "R/P1Y", issued: "2024-07-09", modified: "2024-12-01", from: "2023-03-21", to: "2024-03-19",
		files: []file{{name: "cloud-companies.csv", title: text{"شرکت‌ها", "Companies"}, tables: []table{grid("Companies",
			over(byNumber('i', text{"شمارهٔ شرکت", "the number of the company"}, "Company", "Demo Cloud ", 2, 20)),
			code("Registration number", 8, "40017*i"),
			date("Recognised on", "2023-04-01", iso, "17*i"),
			choice("Grade", "i mod 2", "A", "B"),
			count("Data centres", "1 + (5*i) mod 4"),
			decimal("Availability (percent)", 2, "9990 + (7*i) mod 10"))}}},
	}
}
