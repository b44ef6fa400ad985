package samples

// city is the folder of files that Tehran Municipality keeps.
func city() []dataset {
	return []dataset{buildingPermits(), metro(), greenSpace(), requests137(), waste(), busLines()}
}

func buildingPermits() dataset {
	return dataset{
		name: "building-permits", source: inFolder, agency: tehran, lang: "fa", theme: onBusiness, spatial: text{"تهران", "Tehran"},
		title: text{"پروانه‌های ساختمانی شهر تهران", "Building permits of Tehran"},
		about: text{
			"هر سطر شمار پروانه‌های ساختمانی یک منطقه در یک ماه است، با زیربنا و شمار واحد. بالای سرستون دو سطر توضیح آمده، همان گونه که در گزارش‌های شهرداری مرسوم است.",
			"A row is the number of building permits of one district in one month, with floor area and dwellings. Two lines of explanation stand above the header, as is usual in reports of the municipality.",
		},
		keywords: []text{{"پروانهٔ ساختمانی", "building permit"}, {"منطقه", "district"}, {"مسکن", "housing"}},
		licence:  ccBy(), frequency: "R/P1M", issued: "2024-09-01", modified: "2026-04-01", from: "2024-03-20", to: "2026-03-20",
		files: []file{{
			name: "building-permits.csv", title: text{"پروانه‌ها", "Permits"},
			before: []string{"شهرداری تهران – معاونت شهرسازی", "گزارش ماهانهٔ پروانه‌های ساختمانی"},
			tables: []table{grid("پروانه‌ها", over(districts("منطقه"), byYear("fa", 1403, 1404), byMonth("fa")),
				count("پروانه", "12 + (37*t + 11*m + y) mod 90"), count("زیربنا (متر مربع)", "900*(12 + (37*t + 11*m + y) mod 90) + (101*t) mod 97"), count("واحد", "6*(12 + (37*t + 11*m + y) mod 90)"))},
		}},
	}
}

func metro() dataset {
	return dataset{
		name: "metro-ridership", source: inFolder, agency: tehran, lang: "fa", theme: onTransport, spatial: text{"تهران", "Tehran"},
		title: text{"مسافران مترو تهران", "Passengers of the Tehran metro"},
		about: text{
			"هر سطر شمار مسافران یک خط مترو در یک روز است. مسافری که خط عوض کند در هر خط یک بار شمرده می‌شود. تاریخ‌ها خورشیدی و با رقم فارسی است.",
			"A row is the number of passengers on one metro line on one day. Those who change lines are counted once on each. Dates are Jalali in Persian digits.",
		},
		keywords: []text{{"مترو", "metro"}, {"مسافر", "passenger"}},
		licence:  ccBy(), frequency: "R/P1D", issued: "2024-10-10", modified: "2026-03-30", from: "2025-03-21", to: "2026-03-20",
		files: []file{{name: "metro-ridership.csv", title: text{"مسافران", "Passengers"}, tables: []table{grid("مترو",
			over(byDay("تاریخ", "2025-03-21", 365, jalaliDigits), byName('k', text{"شمارهٔ خط", "the number of the line"}, "خط", "خط ۱", "خط ۲", "خط ۳", "خط ۴", "خط ۵", "خط ۶", "خط ۷")),
			count("مسافر", "90000 + 100*((877*k + 53*d) mod 3001)"), count("حرکت قطار", "190 + (31*k + 7*d) mod 150"), decimal("سر وقت (درصد)", 1, "900 + (17*k + 11*d) mod 100"))}}},
	}
}

func greenSpace() dataset {
	return dataset{
		name: "green-space", source: inFolder, agency: tehran, lang: "fa", theme: onEnvironment, spatial: text{"تهران", "Tehran"},
		title: text{"فضای سبز و بوستان‌های تهران", "Green space and parks of Tehran"},
		about: text{
			"هر سطر برگهٔ نخست فضای سبز یک منطقه در یک سال و هر سطر برگهٔ دوم یک بوستان است. کمربند سبز بیرون شهر شمرده نشده است.",
			"A row of the first sheet is the green space of one district in one year, a row of the second one park. The green belt outside the city is not counted.",
		},
		keywords: []text{{"فضای سبز", "green space"}, {"بوستان", "park"}},
		licence:  ccBy(), frequency: "R/P1Y", issued: "2024-11-05", modified: "2025-11-05", from: "2021-03-21", to: "2025-03-20",
		files: []file{{name: "green-space.xlsx", form: workbook, title: text{"فضای سبز", "Green space"}, tables: []table{
			grid("مناطق", over(districts("منطقه"), byYear("fa", 1400, 1403)), count("فضای سبز (متر مربع)", "900000 + 4000*(y-1400) + 1000*((613*t) mod 7001)"), decimal("سرانه (متر مربع)", 1, "90 + (41*t + 3*y) mod 210")),
			grid("بوستان‌ها", over(districts("منطقه"), byNumber('i', text{"شمارهٔ بوستان در منطقه", "the number of the park in its district"}, "بوستان", "بوستان ", 2, 15)), count("مساحت (متر مربع)", "800 + 100*((73*t + 37*i) mod 900)"), date("گشایش", "1996-03-20", jalali, "(911*t + 331*i) mod 9000")),
		}}},
	}
}

func requests137() dataset {
	return dataset{
		name: "requests-137", source: inFolder, agency: tehran, lang: "fa", theme: onGovernment, spatial: text{"تهران", "Tehran"},
		title: text{"درخواست‌های شهروندان در سامانهٔ ۱۳۷", "Requests of citizens to service 137"},
		about: text{
			"هر سطر شمار درخواست‌های یک منطقه دربارهٔ یک موضوع در یک ماه است. دو سطر پرونده خراب است، یکی خانه‌ای زیادی دارد و یکی کوتاه است، تا دیده شود خطای پرونده چگونه گزارش می‌شود.",
			"A row is the number of requests of one district on one subject in one month. Two rows are spoilt, one has a cell too many and one is short, to show how faults of a file are reported.",
		},
		keywords: []text{{"سامانهٔ ۱۳۷", "service 137"}, {"درخواست", "request"}, {"شهروند", "citizen"}},
		licence:  ccBy(), frequency: "R/P1M", issued: "2025-05-01", modified: "2026-04-10", from: "2025-03-21", to: "2026-03-20",
		files: []file{{name: "requests-137.csv", faulty: true, title: text{"درخواست‌ها", "Requests"}, tables: []table{grid("درخواست‌ها",
			over(districts("منطقه"), byMonth("fa"), byName('k', text{"شمارهٔ موضوع", "the number of the subject"}, "موضوع", "پسماند", "آسفالت", "روشنایی", "فضای سبز", "سد معبر")),
			count("درخواست", "20 + (97*t + 31*k + 7*m) mod 400"), count("پاسخ در مهلت", "(20 + (97*t + 31*k + 7*m) mod 400) * 4 / 5"), decimal("میانگین روز", 1, "11 + (13*t + 5*k + m) mod 90"))}}},
	}
}

func waste() dataset {
	return dataset{
		name: "waste", source: inFolder, agency: tehran, lang: "en", theme: onEnvironment, spatial: text{"تهران", "Tehran"},
		title: text{"پسماند تر و خشک", "Household and recyclable waste"},
		about: text{
			"هر سطر وزن پسماند یک منطقه در یک ماه است، به تن. پسماند ساختمانی در آن نیست.",
			"A row is the weight of waste of one district in one month, in tonnes. Construction waste is not included. Weights are taken at the gate of the transfer stations.",
		},
		keywords: []text{{"پسماند", "waste"}, {"بازیافت", "recycling"}},
		licence:  odbl(), frequency: "R/P1M", issued: "2024-08-20", modified: "2026-04-20", from: "2024-03-20", to: "2026-03-20",
		files: []file{{name: "waste.csv", title: text{"پسماند", "Waste"}, tables: []table{grid("Waste", over(districts("District"), byYear("en", 1403, 1404), byMonth("en")),
			decimal("Household (tonnes)", 1, "60000 + (8101*t + 211*m + y) mod 40009"), decimal("Recyclable (tonnes)", 1, "4000 + (1301*t + 97*m + y) mod 9001"))}}},
	}
}

func busLines() dataset {
	return dataset{
		name: "bus-lines", source: inFolder, agency: tehran, lang: "en", theme: onTransport, spatial: text{"تهران", "Tehran"},
		title: text{"خط‌های اتوبوس", "Bus lines"},
		about: text{
			"هر سطر یک خط اتوبوس است با شمارهٔ سه‌رقمی، طول، ایستگاه و ناوگان آن. خط‌های شبانه جدا نیامده‌اند.",
			"A row is one bus line with its number of three digits, length, stops and fleet. Night lines are not listed apart. Lengths are those of the way out.",
		},
		keywords: []text{{"اتوبوس", "bus"}, {"خط", "line"}},
		licence:  ccZero(), frequency: "R/P1Y", issued: "2024-08-25", modified: "2025-08-25", from: "2025-03-21", to: "2026-03-20",
		files: []file{{name: "bus-lines.csv", title: text{"خط‌ها", "Lines"}, tables: []table{grid("Lines", over(byNumber('i', text{"شمارهٔ خط", "the number of the line"}, "Line", "", 3, 240)),
			decimal("Length (km)", 1, "40 + (37*i) mod 240"), count("Stops", "8 + (11*i) mod 40"), count("Buses", "4 + (7*i) mod 30"), choice("Kind", "(i mod 5) / 4", "Ordinary", "Rapid"))}}},
	}
}

// districts runs through the 22 districts of Tehran.
func districts(heading string) dim {
	return byNumber('t', text{"شمارهٔ منطقه", "the number of the district"}, heading, "", 1, 22)
}
