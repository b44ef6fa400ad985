package samples

// environment is what the Department of Environment publishes.
func environment() []dataset {
	return []dataset{
		{
			name: "air-quality", source: inCKAN, agency: nature, lang: "fa", theme: onEnvironment,
			title: text{"کیفیت هوای ایستگاه‌های سنجش", "Air quality at monitoring stations"},
			about: text{
				"پروندهٔ نخست ایستگاه‌ها را با مختصات می‌آورد. هر سطر پروندهٔ دوم میانگین روزانهٔ یک ایستگاه است: ذرات کوچک‌تر از ۲٫۵ میکرون، ازن و شاخص. روزهایی که دستگاه از کار افتاده با ستون وضعیت نشان داده شده‌اند.",
				"The first file lists the stations with their coordinates. A row of the second is the daily mean of one station: particles below 2.5 micrometres, ozone and the index. Days on which an instrument was out of order are marked in the column of status.",
			},
			keywords: []text{{"کیفیت هوا", "air quality"}, {"ذرات معلق", "particulate matter"}, {"آلودگی", "pollution"}},
			licence:  ccBy(), frequency: "R/P1D", issued: "2024-04-01", modified: "2026-03-25", from: "2025-03-21", to: "2026-03-20",
			files: []file{
				{name: "air-stations.csv", title: text{"ایستگاه‌ها", "Stations"}, tables: []table{grid("ایستگاه‌ها", over(stations()),
					decimal("عرض جغرافیایی", 3, "35600 + 11*s"), decimal("طول جغرافیایی", 3, "51200 + (137*s) mod 400"), count("ارتفاع (متر)", "1100 + (53*s) mod 600"), date("آغاز به کار", "2004-03-20", jalali, "(733*s) mod 5000"))}},
				{name: "air-quality-daily.csv", title: text{"میانگین روزانه", "Daily means"}, tables: []table{grid("روزانه", over(byDay("تاریخ", "2025-03-21", 365, jalali), stations()),
					decimal("ذرات زیر ۲٫۵ میکرون", 1, "120 + (37*s + 91*d) mod 480"), decimal("ازن", 1, "150 + (53*s + 41*d) mod 600"), count("شاخص", "40 + (37*s + 91*d) mod 480 / 4"), choice("وضعیت", "((s + d) mod 61) / 60", "سنجیده", "خرابی دستگاه"))}},
			},
		},
		{
			name: "wetland-levels", source: inCKAN, agency: nature, lang: "fa", theme: onEnvironment,
			title: text{"تراز آب تالاب‌ها و دریاچه‌ها", "Water levels of wetlands and lakes"},
			about: text{
				"هر سطر تراز آب یک تالاب یا دریاچه در یک هفته است، به متر از سطح دریا، با مساحت آب. هفته‌هایی که سطح آب یخ زده بوده نیز سنجیده شده‌اند.",
				"A row is the water level of one wetland or lake in one week, in metres above the sea, with the area of water. Weeks with ice were measured, too.",
			},
			keywords: []text{{"تالاب", "wetland"}, {"دریاچه", "lake"}, {"تراز آب", "water level"}},
			licence:  inWords(), frequency: "R/P1W", issued: "2024-07-20", modified: "2026-04-01", from: "2024-03-20", to: "2026-03-20",
			files: []file{{name: "wetland-levels.csv", form: semicolons, title: text{"ترازها", "Levels"}, tables: []table{grid("ترازها",
				over(byName('k', text{"شمارهٔ تالاب", "the number of the wetland"}, "تالاب", "دریاچهٔ ارومیه", "تالاب انزلی", "هامون", "هورالعظیم", "بختگان", "پریشان", "گاوخونی", "میانکاله"),
					byNumber('w', text{"شمارهٔ هفته", "the number of the week"}, "هفته", "", 3, 104)),
				date("تاریخ", "2024-03-20", jalali, "7*(w-1)"), decimal("تراز (متر)", 2, "127000/k + (31*w + 7*k) mod 180"), decimal("مساحت آب (کیلومتر مربع)", 1, "12000/k + (47*w + 11*k) mod 900"))}}},
		},
		{
			name: "protected-areas", source: inDataJSON, agency: nature, lang: "en", theme: onEnvironment,
			title: text{"مناطق چهارگانهٔ حفاظت‌شده", "Protected areas by category"},
			about: text{
				"هر سطر شمار و مساحت مناطق یک استان در یکی از چهار گروه پارک ملی، اثر طبیعی ملی، پناهگاه حیات وحش و منطقهٔ حفاظت‌شده است. منطقه‌ای که در دو استان است در استان بزرگ‌تر شمرده شده.",
				"A row is the number and area of the protected areas of one province in one of four categories: national park, national monument, wildlife refuge, protected area. An area in two provinces is counted in the larger one.",
			},
			keywords: []text{{"منطقهٔ حفاظت‌شده", "protected area"}, {"پارک ملی", "national park"}},
			licence:  ccBy(), frequency: "R/P1Y", issued: "2024-09-09", modified: "2025-09-09", from: "2024-03-20", to: "2025-03-20",
			files: []file{{name: "protected-areas.csv", title: text{"مناطق", "Areas"}, tables: []table{grid("Areas",
				over(byProvince("en"), byName('k', text{"شمارهٔ گروه", "the number of the category"}, "Category", "National park", "National monument", "Wildlife refuge", "Protected area")),
				count("Areas", "1 + (p + 3*k) mod 7"), count("Hectares", "4000*k + 1000*((71*p + 13*k) mod 211)"))}}},
		},
	}
}

func stations() dim {
	return byName('s', text{"شمارهٔ ایستگاه", "the number of the station"}, "ایستگاه",
		"آزادی", "اقدسیه", "پاسداران", "پونک", "پیروزی", "تجریش", "دروس", "راه‌آهن", "رسالت", "ری", "ستاد بحران", "شادآباد", "شریف", "صدر", "گلبرگ", "مسعودیه")
}
