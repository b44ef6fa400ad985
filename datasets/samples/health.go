package samples

// health is what the Ministry of Health publishes.
func health() []dataset {
	return []dataset{
		{
			name: "hospital-beds", source: inDataJSON, agency: ministryH, lang: "en", theme: onHealth,
			title: text{"تخت‌های بیمارستانی", "Hospital beds"},
			about: text{
				"هر سطر شمار تخت‌های ثابت و فعال بیمارستان‌های یک استان در پایان یک سال است. تخت‌های اورژانس و اتاق عمل شمرده نشده‌اند.",
				"A row is the number of approved and of active hospital beds in one province at the end of a year. Beds of emergency wards and operating rooms are not counted.",
			},
			keywords: []text{{"بیمارستان", "hospital"}, {"تخت", "beds"}},
			licence:  ccBy(), frequency: "R/P1Y", issued: "2024-06-01", modified: "2026-06-01", from: "2019-03-21", to: "2026-03-20",
			files: []file{{name: "hospital-beds.csv", title: text{"تخت‌ها", "Beds"}, tables: []table{grid("Beds", over(byProvince("en"), byYear("en", 1398, 1404)),
				count("Approved beds", "900 + 60*(y-1398) + (1601*p) mod 9001"), count("Active beds", "(900 + 60*(y-1398) + (1601*p) mod 9001) * 9 / 10"), decimal("Beds per 1,000 people", 2, "140 + (17*p + 3*y) mod 90"))}}},
		},
		{
			name: "vaccination-coverage", source: inDataJSON, agency: ministryH, lang: "fa", theme: onHealth,
			title: text{"پوشش واکسیناسیون کودکان", "Coverage of childhood vaccination"},
			about: text{
				"هر سطر درصد کودکان یک استان است که یک واکسن را در موعد گرفته‌اند. کودکان مهاجر بی‌شناسنامه در مخرج نیستند، پس پوشش شاید از صد نیز بگذرد.",
				"A row is the share of children in one province who received one vaccine in time. Children of migrants without papers are not in the denominator, so coverage may exceed a hundred.",
			},
			keywords: []text{{"واکسن", "vaccine"}, {"کودک", "child"}, {"پیشگیری", "prevention"}},
			licence:  ccBy(), frequency: "R/P1Y", issued: "2024-07-07", modified: "2026-07-07", from: "2022-03-21", to: "2026-03-20",
			files: []file{{name: "vaccination-coverage.csv", title: text{"پوشش", "Coverage"}, tables: []table{grid("پوشش",
				over(byProvince("fa"), byYear("fa", 1401, 1404), byName('v', text{"شمارهٔ واکسن", "the number of the vaccine"}, "واکسن", "فلج اطفال", "پنج‌گانه", "سرخک و سرخجه و اوریون", "هپاتیت ب")),
				decimal("پوشش (درصد)", 1, "920 + (13*p + 29*v + 7*y) mod 85"), count("کودک", "4000 + (911*p + 17*y) mod 60013"))}}},
		},
		{
			name: "health-houses", source: inDataJSON, agency: ministryH, lang: "fa", theme: onHealth,
			title: text{"خانه‌های بهداشت و پزشکان خانواده", "Village health houses and family doctors"},
			about: text{
				"هر سطر شمار خانه‌های بهداشت یا پزشکان خانوادهٔ یک استان در یک سال است. هر موضوع برگهٔ خود را دارد.",
				"A row is the number of village health houses, or of family doctors, in one province and year; each subject has its own sheet. Doctors who work in two provinces are counted twice.",
			},
			keywords: []text{{"خانهٔ بهداشت", "health house"}, {"پزشک خانواده", "family doctor"}},
			licence:  ccBy(), frequency: "R/P1Y", issued: "2024-08-08", modified: "2025-08-08", from: "2021-03-21", to: "2025-03-20",
			files: []file{{name: "health-houses.xlsx", form: workbook, title: text{"خانه‌های بهداشت و پزشکان", "Health houses and doctors"}, tables: []table{
				grid("خانهٔ بهداشت", over(byProvince("fa"), byYear("fa", 1400, 1403)), count("خانهٔ بهداشت", "150 + (331*p) mod 900 + 2*(y-1400)"), count("بهورز", "2*(150 + (331*p) mod 900)")),
				grid("پزشک خانواده", over(byProvince("fa"), byYear("fa", 1400, 1403)), count("پزشک", "60 + (173*p + 5*y) mod 700")),
			}}},
		},
		{
			name: "disease-registry", source: inDataJSON, agency: ministryH, lang: "en", theme: onHealth, access: "non-public",
			title: text{"ثبت ملی بیماری‌ها", "National disease registry"},
			about: text{
				"پرونده‌های بیماران با تشخیص و درمان، یک سطر برای هر بستری. این داده شخصی است و منتشر نمی‌شود؛ آمار آن با درخواست از وزارت گرفته می‌شود.",
				"Records of patients with diagnosis and treatment, a row for each stay in hospital. They are personal and are not published; statistics may be requested from the ministry.",
			},
			keywords: []text{{"بیماری", "disease"}, {"ثبت", "registry"}},
			licence:  inWords(), frequency: "R/P1D", issued: "2024-01-01", modified: "2025-12-01", from: "2016-03-20",
		},
	}
}
