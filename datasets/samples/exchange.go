package samples

// thousandDays is the source of the figures of digital government.
var thousandDays = text{
	"منبع: گزارش هزار روزهٔ سازمان فناوری اطلاعات ایران، منتشرشده در ۱۹ تیر ۱۴۰۳.",
	"Source: the thousand-day report of the Information Technology Organization, published on 9 July 2024.",
}

// exchange is the national exchange of services between agencies and businesses.
func exchange() []dataset {
	return []dataset{serviceExchange(), exchangeTransactions(), serviceCalls(), serviceGateway()}
}

func serviceExchange() dataset {
	return dataset{
		name: "service-exchange", source: inCKAN, agency: ito, lang: "fa", theme: onGovernment,
		title: text{"مرکز ملی تبادل خدمات: کسب‌وکارها و سرویس‌ها", "National service exchange: businesses and services"},
		about: text{
			"شمار کسب‌وکارهایی که از مرکز ملی تبادل خدمات سرویس می‌گیرند از ۵۱۴ به ۱٬۱۰۲ و شمار سرویس‌ها از ۱٬۱۷۱ به ۳٬۳۱۴ رسید. هر سطر پروندهٔ نخست یک سنجه در آغاز و پایان هزار روز است. پروندهٔ دوم میان این دو سال را با خط راست پر می‌کند و آمار رسمی سالانه نیست. " + thousandDays.fa,
			"The businesses that take services from the national service exchange grew from 514 to 1,102, the services from 1,171 to 3,314. A row of the first file is one measure at the beginning and at the end of the thousand days. The second file draws a straight line between the two and is no official yearly figure. " + thousandDays.en,
		},
		keywords: []text{{"تبادل خدمات", "service exchange"}, {"کسب‌وکار", "business"}, {"دولت الکترونیک", "e-government"}},
		licence:  ccBy(), frequency: "R/P1Y", issued: "2024-07-09", modified: "2024-07-09", from: "2021-08-05", to: "2024-05-01",
		files: []file{
			{name: "exchange-growth.csv", title: text{"رشد در هزار روز", "Growth in a thousand days"}, tables: []table{facts("رشد", `
سنجه | آغاز | پایان | نسبت
کسب‌وکارهای گیرندهٔ خدمت | 514 | 1102 | 2.14
سرویس‌های ارائه‌شده | 1171 | 3314 | 2.83`)}},
			{name: "exchange-by-year.csv", title: text{"به تفکیک سال", "By year"}, tables: []table{grid("سال", over(byYear("fa", 1400, 1403)),
				count("کسب‌وکار", "514 + 588*(y-1400)/3"), count("سرویس", "1171 + 2143*(y-1400)/3"))}},
		},
	}
}

func exchangeTransactions() dataset {
	return dataset{
		name: "exchange-transactions", source: inCKAN, agency: ito, lang: "fa", theme: onGovernment,
		title: text{"تراکنش‌های مرکز ملی تبادل اطلاعات", "Transactions of the national information exchange"},
		about: text{
			"هر سطر شمار تراکنش‌های میان دستگاه‌ها در یک سال یا یک ماه است. رقم واقعی همان است که در برگهٔ «گزارش‌شده» آمده: نزدیک به ۳ میلیارد تراکنش تا مرداد ۱۴۰۱. برگه‌های دیگر برای نمایش ساخته شده‌اند. " + thousandDays.fa,
			"A row is the number of transactions between agencies in a year or a month. The one reported figure, nearly 3 billion by August 2022, stands in the sheet «گزارش‌شده»; the other sheets are made for illustration. " + thousandDays.en,
		},
		keywords: []text{{"تراکنش", "transactions"}, {"تبادل اطلاعات", "information exchange"}},
		licence:  ccBy(), frequency: "R/P1M", issued: "2024-07-09", modified: "2026-04-15", from: "2019-03-21", to: "2026-03-20",
		files: []file{{name: "exchange-transactions.xlsx", form: workbook, title: text{"تراکنش‌ها", "Transactions"}, tables: []table{
			grid("سالانه", over(byYear("fa", 1398, 1404)), count("تراکنش", "240000000 + 155000000*(y-1398) + 1000*((7919*y) mod 9973)"),
				decimal("سهم خطا (درصد)", 2, "310 - 20*(y-1398) + (37*y) mod 19")),
			grid("ماهانه", over(byYear("fa", 1402, 1404), byMonth("fa")), count("تراکنش", "70000000 + 1300000*(12*(y-1402) + m) + 1000*((613*m + 71*y) mod 4001)")),
			facts("گزارش‌شده", "سنجه | تا تاریخ | مقدار\nتراکنش مرکز ملی تبادل اطلاعات (نزدیک به) | 2022-08-22 | 3000000000"),
		}}},
	}
}

func serviceCalls() dataset {
	return dataset{
		name: "service-calls-daily", source: inCKAN, agency: ito, lang: "fa", theme: onGovernment,
		title: text{"فراخوانی روزانهٔ سرویس‌های دولت", "Daily calls of government services"},
		about: text{
			"هر سطر یک سرویس در یک روز است: ۵۰۰ سرویس در ۴۰۰ روز، روی هم ۲۰۰٬۰۰۰ سطر، مرتب به روز و سپس کد سرویس. تاریخ‌ها خورشیدی است و کد سرویس چهار رقم دارد که صفرهای آغازش جزء کد است. هر خانه را می‌توان با فرمول پایین دوباره ساخت.",
			"A row is one service on one day: 500 services on 400 days, 200,000 rows in all, ordered by day and then by code. Dates are of the Jalali calendar; the code of a service has four digits, leading zeros included. Each cell can be computed again with the formula below.",
		},
		keywords: []text{{"سرویس", "web services"}, {"فراخوانی", "calls"}, {"روزانه", "daily"}},
		licence:  ccBy(), frequency: "R/P1D", issued: "2025-05-01", modified: "2025-05-01", from: "2024-03-20", to: "2025-04-23",
		files: []file{{name: "service-calls-daily.csv", title: text{"فراخوانی‌ها", "Calls"}, tables: []table{bigTable()}}},
	}
}

// bigTable is the table of 200,000 rows; TestBigTable computes it again.
func bigTable() table {
	return grid("فراخوانی‌ها",
		over(byDay("تاریخ", "2024-03-20", 400, jalali), byNumber('s', text{"شمارهٔ سرویس", "the number of the service"}, "کد سرویس", "", 4, 500)),
		count("فراخوانی", "100 + (7919*s + 104729*d) mod 90001"),
		count("ناموفق", "((7919*s + 104729*d) mod 90001) / (200 + (s + d) mod 100)"),
		decimal("میانگین پاسخ (میلی‌ثانیه)", 1, "350 + (31*s + 17*d) mod 4000"),
		choice("وضعیت", "((s + 3*d) mod 97) / 96", "عادی", "اختلال"))
}

func serviceGateway() dataset {
	return dataset{
		name: "web-service-gateway", source: inCKAN, agency: ito, lang: "en", theme: onGovernment,
		title: text{"تراکنش‌های درگاه وب‌سرویس‌های دولت", "Transactions of the government web-service gateway"},
		about: text{
			"پروندهٔ نخست رقم گزارش‌شدهٔ درگاه وب‌سرویس‌های دولت است: ۹٫۲ میلیارد تراکنش که بر پایهٔ گزارش تا مرداد ۱۴۰۰ ثبت شده است. در پروندهٔ دوم هر سطر یک دستگاه در یک سال است و برای نمایش ساخته شده است. " + thousandDays.fa,
			"The first file holds the reported figure of the government web-service gateway: 9.2 billion transactions, by August 2021 as the report says. In the second a row is one agency in one Jalali year, made for illustration. Agencies that take no web services are not listed. " + thousandDays.en,
		},
		keywords: []text{{"وب‌سرویس", "web service"}, {"درگاه", "gateway"}, {"بخش خصوصی", "private sector"}},
		licence:  ccBy(), frequency: "R/P1Y", issued: "2024-07-09", modified: "2025-06-20", from: "2019-03-21", to: "2025-03-20",
		files: []file{
			{name: "gateway-reported.csv", title: text{"رقم گزارش‌شده", "Reported figure"}, tables: []table{facts("Reported", "Measure | Until | Transactions\nGovernment web-service gateway, cumulative | 2021-08 | 9200000000")}},
			{name: "gateway-by-agency.csv", form: semicolons, title: text{"به تفکیک دستگاه و سال", "By agency and year"}, tables: []table{grid("By agency",
				over(byYear("en", 1398, 1403), byAgency("en")),
				count("Transactions", "9000000*a + 41000000*(y-1397) + 1000*((6151*a + 97*y) mod 9001)"),
				count("Consumers", "11 + 9*(y-1398) + (5*a) mod 17"))}},
		},
	}
}
