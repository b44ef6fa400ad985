package samples

// transport is what the Ministry of Roads publishes.
func transport() []dataset {
	return []dataset{
		{
			name: "road-traffic", source: inDataJSON, agency: ministryR, lang: "fa", theme: onTransport,
			title: text{"تردد محورهای برون‌شهری", "Traffic on roads between towns"},
			about: text{
				"هر سطر تردد یک محور در یک روز است، از شمارنده‌های خودکار، به تفکیک سبک و سنگین. روزهایی که شمارنده خاموش بوده در ستون شمارنده دیده می‌شود. تاریخ‌ها خورشیدی است و ستون‌ها با نقطه‌ویرگول جدا شده‌اند.",
				"A row is the traffic of one road on one day from automatic counters, light and heavy vehicles apart. Days with the counter out of order are marked. Dates are Jalali, and the file is separated by semicolons.",
			},
			keywords: []text{{"تردد", "traffic"}, {"محور", "road"}, {"شمارنده", "counter"}},
			licence:  ccBy(), frequency: "R/P1D", issued: "2024-12-01", modified: "2026-04-02", from: "2025-03-21", to: "2026-03-20",
			files: []file{{name: "road-traffic.csv", form: semicolons, title: text{"تردد", "Traffic"}, tables: []table{grid("تردد",
				over(byDay("تاریخ", "2025-03-21", 365, jalali),
					byName('r', text{"شمارهٔ محور", "the number of the road"}, "محور", "تهران–قم", "تهران–کرج", "تهران–آمل", "تبریز–زنجان", "مشهد–نیشابور", "شیراز–اصفهان", "اهواز–آبادان", "رشت–قزوین", "یزد–کرمان", "ساری–گرگان")),
				count("سبک", "9000 + (4111*r + 613*d) mod 61001"), count("سنگین", "1200 + (1009*r + 211*d) mod 9001"), decimal("میانگین سرعت", 1, "610 + (37*r + 13*d) mod 400"), choice("شمارنده", "((r + d) mod 53) / 52", "روشن", "خاموش"))}}},
		},
		{
			name: "road-accidents", source: inDataJSON, agency: ministryR, lang: "en", theme: onTransport,
			title: text{"تصادف‌های جاده‌ای", "Road accidents"},
			about: text{
				"هر سطر شمار تصادف‌ها، کشته‌شدگان و زخمیان یک استان در یک ماه است. کسانی که پس از سی روز درگذشته‌اند شمرده نشده‌اند.",
				"A row is the number of accidents, deaths and injuries in one province and month. Deaths more than thirty days after the accident are not counted.",
			},
			keywords: []text{{"تصادف", "accident"}, {"ایمنی", "safety"}},
			licence:  ccBy(), frequency: "R/P1M", issued: "2024-06-06", modified: "2026-05-06", from: "2023-03-21", to: "2026-03-20",
			files: []file{{name: "road-accidents.csv", title: text{"تصادف‌ها", "Accidents"}, tables: []table{grid("Accidents",
				over(byProvince("en"), byYear("en", 1402, 1404), byMonth("en")),
				count("Accidents", "60 + (211*p + 37*m + y) mod 701"), count("Deaths", "2 + (17*p + 5*m) mod 61"), count("Injuries", "30 + (97*p + 23*m) mod 401"))}}},
		},
		{
			name: "rail-freight", source: inDataJSON, agency: ministryR, lang: "en", theme: onTransport,
			title: text{"بار ریلی", "Rail freight"},
			about: text{
				"هر سطر وزن یک گروه کالا است که در یک فصل با راه‌آهن جابه‌جا شده، در برگه‌های جدا برای داخلی و گذری. واگن‌های خالی شمرده نشده‌اند.",
				"A row is the weight of one group of goods carried by rail in a quarter; domestic and transit freight have sheets of their own. Empty wagons are not counted.",
			},
			keywords: []text{{"راه‌آهن", "railway"}, {"بار", "freight"}},
			licence:  odcBy(), frequency: "R/P3M", issued: "2024-07-17", modified: "2026-04-17", from: "2021-03-21", to: "2026-03-20",
			files: []file{{name: "rail-freight.xlsx", form: workbook, title: text{"بار", "Freight"}, tables: []table{
				grid("Domestic", over(byYear("en", 1400, 1404), quarters("Quarter"), goods()), count("Tonnes", "200000 + 1000*((613*g + 71*q + 13*y) mod 2003)"), count("Thousand tonne-kilometres", "90000 + 1000*((401*g + 37*q + 11*y) mod 1201)")),
				grid("Transit", over(byYear("en", 1400, 1404), quarters("Quarter"), goods()), count("Tonnes", "9000 + 1000*((211*g + 29*q + 7*y) mod 307)")),
			}}},
		},
		{
			name: "airport-passengers", source: inDataJSON, agency: ministryR, lang: "fa", theme: onTransport,
			title: text{"مسافران فرودگاه‌ها", "Passengers of airports"},
			about: text{
				"هر سطر شمار پرواز و مسافر یک فرودگاه در یک ماه است، جدا برای داخلی و خارجی. مسافران گذری یک بار شمرده شده‌اند.",
				"A row is the number of flights and passengers of one airport in one month, domestic and international apart. Passengers in transit are counted once.",
			},
			keywords: []text{{"فرودگاه", "airport"}, {"مسافر", "passenger"}},
			licence:  ccBy(), frequency: "R/P1M", issued: "2024-05-15", modified: "2026-04-15", from: "2024-03-20", to: "2026-03-20",
			files: []file{{name: "airport-passengers.csv", title: text{"مسافران", "Passengers"}, tables: []table{grid("مسافران",
				over(byYear("fa", 1403, 1404), byMonth("fa"),
					byName('k', text{"شمارهٔ فرودگاه", "the number of the airport"}, "فرودگاه", "مهرآباد", "امام خمینی", "مشهد", "شیراز", "اصفهان", "تبریز", "اهواز", "کیش", "بندرعباس", "کرمان")),
				count("پرواز داخلی", "90 + (331*k + 17*m + y) mod 4001"), count("مسافر داخلی", "110*(90 + (331*k + 17*m + y) mod 4001)"), count("مسافر خارجی", "((71*k + 13*m) mod 9) * 4100"))}}},
		},
		townDistricts(),
	}
}

func goods() dim {
	return byName('g', text{"شمارهٔ گروه کالا", "the number of the group of goods"}, "Goods", "Ore", "Steel", "Oil products", "Grain", "Containers", "Other")
}
