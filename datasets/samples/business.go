package samples

// business is what the Ministry of Economic Affairs and Finance publishes on
// licences and taxes.
func business() []dataset {
	return []dataset{
		{
			name: "business-licences", source: inCKAN, agency: treasury, lang: "fa", theme: onBusiness,
			title: text{"مجوزهای کسب‌وکار در درگاه ملی مجوزها", "Business licences in the national licensing gateway"},
			about: text{
				"درگاه ملی مجوزها بیش از ۴٬۰۰۰ عنوان مجوز را در دسترس گذاشته است. هر سطر پروندهٔ نخست یک دستگاه صادرکننده و هر سطر پروندهٔ دوم یک استان در یک ماه است؛ این رقم‌ها نمایشی است و جمع آن‌ها با آمار رسمی برابر نیست. " + thousandDays.fa,
				"The national licensing gateway offers over 4,000 licences. A row of the first file is one issuing agency, a row of the second one province in one month; these figures are illustrative and do not add up to the official ones. " + thousandDays.en,
			},
			keywords: []text{{"مجوز", "licence"}, {"درگاه ملی مجوزها", "national licensing gateway"}, {"کسب‌وکار", "business"}},
			licence:  ccBy(), frequency: "R/P1M", issued: "2024-07-09", modified: "2026-07-01", from: "2023-03-21", to: "2026-03-20",
			files: []file{
				{name: "licences-by-agency.csv", form: marked, title: text{"عنوان‌ها به تفکیک دستگاه", "Licences by agency"}, tables: []table{grid("دستگاه",
					over(byAgency("fa")), count("عنوان مجوز", "120 + (211*a) mod 397"), count("مجوز صادرشده", "4100 + (7907*a) mod 60013"), count("میانگین روز صدور", "4 + (17*a) mod 41"))}},
				{name: "licences-by-province.csv", title: text{"صدور به تفکیک استان و ماه", "Issued by province and month"}, tables: []table{grid("استان",
					over(byProvince("fa"), byYear("fa", 1402, 1404), byMonth("fa")),
					count("درخواست", "300 + (397*p + 83*m + 7*y) mod 2903"), count("صادرشده", "(300 + (397*p + 83*m + 7*y) mod 2903) * (60 + (p + m) mod 35) / 100"))}},
			},
		},
		{
			name: "tax-revenue", source: inCKAN, agency: treasury, lang: "en", theme: onFinance,
			title: text{"درآمدهای مالیاتی", "Tax revenue"},
			about: text{
				"هر سطر درآمد مالیاتی یک منبع در یک فصل، یا درآمد یک استان در یک سال است، به میلیون ریال. درآمد گمرکی در آن نیست.",
				"A row is the revenue from one kind of tax in a quarter or, in the second sheet, of one province in a year, in million rials. Customs duties are not included.",
			},
			keywords: []text{{"مالیات", "tax"}, {"درآمد", "revenue"}},
			licence:  odcBy(), frequency: "R/P3M", issued: "2024-09-30", modified: "2026-06-30", from: "2020-03-20", to: "2026-03-20",
			files: []file{{name: "tax-revenue.xlsx", form: workbook, title: text{"درآمدها", "Revenue"}, tables: []table{
				grid("By kind", over(byYear("en", 1399, 1404), quarters("Quarter"), byName('k', text{"شمارهٔ منبع", "the number of the kind"}, "Kind of tax", "Companies", "Income", "Wealth", "Value added", "Other")),
					count("Revenue (million rials)", "90000000/k + 21000000*(y-1398)/k + 1000*((733*q + 59*y) mod 5003)")),
				grid("By province", over(byProvince("en"), byYear("en", 1399, 1404)),
					count("Revenue (million rials)", "4000000 + 900000*(y-1398) + 1000*((911*p + 31*y) mod 40009)")),
			}}},
		},
	}
}

// quarters runs through the quarters of a year.
func quarters(heading string) dim {
	return byName('q', text{"شمارهٔ فصل", "the number of the quarter"}, heading, "Q1", "Q2", "Q3", "Q4")
}
