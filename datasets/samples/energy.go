package samples

// energy is what the Ministry of Energy publishes.
func energy() []dataset {
	return []dataset{
		{
			name: "dam-storage", source: inDataJSON, agency: ministryN, lang: "fa", theme: onEnergy,
			title: text{"ذخیرهٔ آب سدها", "Water stored behind dams"},
			about: text{
				"هر سطر حجم آب یک سد در یک هفته است، با ورودی و خروجی آن به میلیون متر مکعب. گنجایش سدها نیز نمایشی است.",
				"A row is the volume of water behind one dam in one week, with inflow and outflow in million cubic metres. The capacities are illustrative as well.",
			},
			keywords: []text{{"سد", "dam"}, {"آب", "water"}, {"ذخیره", "storage"}},
			licence:  ccBy(), frequency: "R/P1W", issued: "2024-10-05", modified: "2026-03-28", from: "2023-09-23", to: "2026-03-20",
			files: []file{{name: "dam-storage.csv", title: text{"ذخیره‌ها", "Storage"}, tables: []table{grid("ذخیره",
				over(byNumber('w', text{"شمارهٔ هفته", "the number of the week"}, "هفته", "", 3, 130),
					byName('k', text{"شمارهٔ سد", "the number of the dam"}, "سد", "امیرکبیر", "دز", "زاینده‌رود", "سفیدرود", "کارون ۳", "کرخه", "لار", "لتیان", "ماملو", "شهید عباسپور")),
				date("تاریخ", "2023-09-23", jalali, "7*(w-1)"), decimal("حجم (میلیون متر مکعب)", 1, "900*k + (131*w + 17*k) mod 5000"),
				decimal("ورودی", 2, "(211*w + 29*k) mod 9000"), decimal("خروجی", 2, "(199*w + 31*k) mod 8000"))}}},
		},
		{
			name: "electricity-hourly", source: inDataJSON, agency: ministryN, lang: "en", theme: onEnergy,
			title: text{"تولید ساعتی برق", "Hourly generation of electricity"},
			about: text{
				"هر سطر تولید برق کشور در یک ساعت از یک سال است، به تفکیک نوع نیروگاه و به مگاوات. زمان به وقت رسمی ایران است.",
				"A row is the generation of one hour of a year by kind of power station, in megawatts. Hours are in the official time of Iran; exchange with other countries is not included.",
			},
			keywords: []text{{"برق", "electricity"}, {"نیروگاه", "power station"}, {"ساعتی", "hourly"}},
			licence:  odcBy(), frequency: "R/PT1H", issued: "2025-04-04", modified: "2026-04-04", from: "2025-03-21", to: "2026-03-20",
			files: []file{{name: "electricity-hourly.csv", title: text{"تولید", "Generation"}, tables: []table{grid("Generation",
				over(byDay("Date", "2025-03-21", 365, iso), byHour("Hour")),
				count("Thermal (MW)", "31000 + 700*h - 25*h*h + (37*d) mod 9001"), count("Hydro (MW)", "2000 + (53*d + 211*h) mod 6007"), count("Nuclear (MW)", "900 + (7*d) mod 101"), count("Renewable (MW)", "150 + 30*h*(24-h)/10 + (13*d) mod 97"))}}},
		},
		{
			name: "electricity-use", source: inDataJSON, agency: ministryN, lang: "fa", theme: onEnergy,
			title: text{"مصرف برق به تفکیک استان و تعرفه", "Use of electricity by province and tariff"},
			about: text{
				"هر سطر فروش برق به یک گروه تعرفه در یک استان و یک سال است، به هزار کیلووات‌ساعت، با شمار مشترکان. برق بدون کنتور برآورد نشده است.",
				"A row is the electricity sold to one tariff group in one province and year, in thousand kilowatt-hours, with the number of customers. Unmetered use is not estimated.",
			},
			keywords: []text{{"برق", "electricity"}, {"مصرف", "consumption"}, {"تعرفه", "tariff"}},
			licence:  ccBy(), frequency: "R/P1Y", issued: "2024-07-27", modified: "2026-07-27", from: "2020-03-20", to: "2026-03-20",
			files: []file{{name: "electricity-use.csv", form: semicolons, title: text{"مصرف", "Use"}, tables: []table{grid("مصرف",
				over(byProvince("fa"), byYear("fa", 1399, 1404), byName('k', text{"شمارهٔ تعرفه", "the number of the tariff"}, "تعرفه", "خانگی", "عمومی", "کشاورزی", "صنعتی", "سایر")),
				count("مشترک", "(200000 + 1000*((701*p) mod 900) + 4000*(y-1399)) / k"), count("فروش (هزار کیلووات‌ساعت)", "900000 + 1000*((613*p + 71*k + 11*y) mod 4001)"))}}},
		},
		{
			name: "water-use", source: inDataJSON, agency: ministryN, lang: "fa", theme: onEnergy,
			title: text{"مصرف آب شهری و روستایی", "Use of water in towns and villages"},
			about: text{
				"هر سطر آب فروخته‌شده در یک استان و یک سال است، به هزار متر مکعب، با درصد هدررفت. شهر و روستا دو برگهٔ جدا دارند.",
				"A row is the water sold in one province and year, in thousand cubic metres, with the share lost. Towns and villages have sheets of their own. Water of private wells is not known.",
			},
			keywords: []text{{"آب", "water"}, {"مصرف", "consumption"}, {"هدررفت", "losses"}},
			licence:  ccBy(), frequency: "R/P1Y", issued: "2024-07-27", modified: "2025-07-27", from: "2020-03-20", to: "2025-03-20",
			files: []file{{name: "water-use.xlsx", form: workbook, title: text{"مصرف", "Use"}, tables: []table{
				grid("شهر", over(byProvince("fa"), byYear("fa", 1399, 1403)), count("فروش (هزار متر مکعب)", "30000 + 900*(y-1399) + (4801*p) mod 400009"), decimal("هدررفت (درصد)", 1, "150 + (23*p + y) mod 180")),
				grid("روستا", over(byProvince("fa"), byYear("fa", 1399, 1403)), count("فروش (هزار متر مکعب)", "9000 + 300*(y-1399) + (1301*p) mod 60013"), decimal("هدررفت (درصد)", 1, "190 + (31*p + y) mod 210")),
			}}},
		},
	}
}
