package samples

// communications is what the Communications Regulatory Authority publishes.
func communications() []dataset {
	return []dataset{
		{
			name: "mobile-subscribers", source: inCKAN, agency: regulator, lang: "fa", theme: onCommunications,
			title: text{"مشترکان تلفن همراه به تفکیک استان", "Mobile subscribers by province"},
			about: text{
				"هر سطر شمار مشترکان تلفن همراه یک بهره‌بردار در یک استان در پایان یک سال است. سیم‌کارت‌های اعتباری که سه ماه به کار نرفته‌اند شمرده نشده‌اند.",
				"A row is the number of mobile subscribers of one operator in one province at the end of a year. Prepaid cards unused for three months are not counted.",
			},
			keywords: []text{{"تلفن همراه", "mobile phone"}, {"مشترک", "subscriber"}},
			licence:  ccBy(), frequency: "R/P1Y", issued: "2024-06-20", modified: "2026-06-20", from: "2021-03-21", to: "2026-03-20",
			files: []file{{name: "mobile-subscribers.csv", form: marked, title: text{"مشترکان", "Subscribers"}, tables: []table{grid("مشترکان",
				over(byProvince("fa"), byYear("fa", 1400, 1404), byName('o', text{"شمارهٔ بهره‌بردار", "the number of the operator"}, "بهره‌بردار", "بهره‌بردار الف", "بهره‌بردار ب", "بهره‌بردار ج")),
				count("مشترک", "(400000 + 21000*(y-1400) + 1000*((97*p) mod 1500)) / o"), decimal("ضریب نفوذ (درصد)", 1, "(900 + 40*(y-1400) + (29*p) mod 210) / o"))}}},
		},
		{
			name: "broadband-quality", source: inCKAN, agency: regulator, lang: "en", theme: onCommunications,
			title: text{"کیفیت اینترنت ثابت و همراه", "Quality of fixed and mobile broadband"},
			about: text{
				"هر سطر میانهٔ سرعت و تأخیر یک استان در یک ماه است، بر پایهٔ سنجش داوطلبانهٔ مردم. استان‌هایی که در ماهی کمتر از سی سنجش داشته‌اند نیز آمده‌اند و رقم آن‌ها با احتیاط خوانده شود.",
				"A row is the median speed and delay in one province and month, from tests that people ran themselves. Provinces with fewer than thirty tests in a month are included; read their figures with care.",
			},
			keywords: []text{{"اینترنت", "internet"}, {"سرعت", "speed"}, {"کیفیت", "quality"}},
			licence:  odbl(), frequency: "R/P1M", issued: "2024-08-15", modified: "2026-04-15", from: "2025-03-21", to: "2026-03-20",
			files: []file{{name: "broadband-quality.xlsx", form: workbook, title: text{"سنجش‌ها", "Tests"}, tables: []table{
				grid("Fixed", over(byProvince("en"), byMonth("en")), decimal("Download (Mbit/s)", 1, "110 + (41*p + 13*m) mod 190"), decimal("Delay (ms)", 1, "180 + (67*p + 31*m) mod 400"), count("Tests", "25 + (191*p + 7*m) mod 900")),
				grid("Mobile", over(byProvince("en"), byMonth("en")), decimal("Download (Mbit/s)", 1, "210 + (37*p + 17*m) mod 310"), decimal("Delay (ms)", 1, "240 + (59*p + 23*m) mod 350"), count("Tests", "40 + (173*p + 11*m) mod 1900")),
			}}},
		},
		{
			name: "base-stations", source: inCKAN, agency: regulator, lang: "fa", theme: onCommunications,
			title: text{"ایستگاه‌های پایهٔ تلفن همراه", "Mobile base stations"},
			about: text{
				"هر سطر یک ایستگاه پایه است با شناسه، استان، فناوری و مختصات آن. مختصات نمایشی است و گرد مرکز استان پخش شده است؛ در فرمول `n` و `e` عرض و طول مرکز استان است، به صدم درجه، در جدول مرکزهای استان.",
				"A row is one base station with its identifier, province, technology and coordinates. The coordinates are made up and lie around the capital of the province; in the formulas `n` and `e` are its latitude and longitude in hundredths of a degree, as in the table of provincial capitals.",
			},
			keywords: []text{{"ایستگاه پایه", "base station"}, {"آنتن", "antenna"}, {"نقشه", "map"}},
			licence:  ccBy(), frequency: "R/P3M", issued: "2025-01-15", modified: "2026-01-15", from: "2026-01-01", to: "2026-01-15",
			files: []file{{name: "base-stations.csv", title: text{"ایستگاه‌ها", "Stations"}, tables: []table{grid("ایستگاه‌ها",
				over(byProvince("fa"), byNumber('i', text{"شمارهٔ ایستگاه در استان", "the number of the station in its province"}, "ردیف", "", 3, 60)),
				code("شناسهٔ ایستگاه", 7, "1000*p + i"), choice("فناوری", "(p + i) mod 3", "نسل سوم", "نسل چهارم", "نسل پنجم"),
				decimal("عرض جغرافیایی", 4, "100*n - 3000 + (997*i) mod 6000"), decimal("طول جغرافیایی", 4, "100*e - 3000 + (613*i) mod 6000"))}}},
		},
		{
			name: "subscriber-complaints", source: inCKAN, agency: regulator, lang: "fa", theme: onCommunications,
			title: text{"شکایت‌های مشترکان در سامانهٔ ۱۹۵", "Complaints of subscribers to service 195"},
			about: text{
				"هر سطر یک شکایت ثبت‌شده در سامانهٔ ۱۹۵ است با تاریخ ثبت و پاسخ، موضوع و نتیجه. تاریخ‌ها خورشیدی و با رقم فارسی است. متن شکایت و نام شاکی منتشر نمی‌شود.",
				"A row is one complaint with the dates of entry and answer, subject and result. Dates are Jalali in Persian digits. Neither the text of complaints nor names are published.",
			},
			keywords: []text{{"شکایت", "complaint"}, {"سامانهٔ ۱۹۵", "service 195"}},
			licence:  ccBy(), frequency: "R/P1M", issued: "2025-04-20", modified: "2026-04-20", from: "2025-03-21", to: "2026-03-20",
			files: []file{{name: "subscriber-complaints.csv", title: text{"شکایت‌ها", "Complaints"}, tables: []table{grid("شکایت‌ها",
				over(byNumber('i', text{"شمارهٔ شکایت", "the number of the complaint"}, "شمارهٔ پیگیری", "195-", 6, 3000)),
				date("تاریخ ثبت", "2025-03-21", jalaliDigits, "i/9"), date("تاریخ پاسخ", "2025-03-22", jalaliDigits, "i/9 + (7*i) mod 21"),
				choice("موضوع", "(11*i + i/13) mod 5", "سرعت اینترنت", "صورت‌حساب", "پیامک تبلیغاتی", "پوشش شبکه", "ترابرد"),
				choice("نتیجه", "((3*i) mod 10) / 4", "پذیرفته", "رد", "در دست بررسی"))}}},
		},
	}
}
