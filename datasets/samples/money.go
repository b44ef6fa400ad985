package samples

// money is what the Plan and Budget Organization publishes.
func money() []dataset {
	return []dataset{
		{
			name: "budget-by-chapter", source: inCKAN, agency: planning, lang: "fa", theme: onFinance,
			title: text{"بودجهٔ مصوب و عملکرد به تفکیک فصل هزینه", "Approved budget and outturn by chapter"},
			about: text{
				"هر سطر اعتبار مصوب و عملکرد یک فصل هزینه، یا یک استان، در یک سال مالی است، به ریال. رقم‌ها با فرمول ساخته شده‌اند و بودجهٔ واقعی کشور نیستند؛ سال ۱۴۰۵ عملکرد ندارد، زیرا سال به پایان نرسیده است.",
				"A row is the approved appropriation and the outturn of one chapter, or one province, in one fiscal year, in rials. The figures come from a formula and are not the real budget; 1405 has no outturn because the year is not over.",
			},
			keywords: []text{{"بودجه", "budget"}, {"عملکرد", "outturn"}, {"فصل هزینه", "chapter"}},
			licence:  ccBy(), frequency: "R/P1Y", issued: "2024-03-20", modified: "2026-04-04", from: "2020-03-20", to: "2027-03-20",
			files: []file{{name: "budget-by-chapter.xlsx", form: workbook, title: text{"بودجه", "Budget"}, tables: []table{
				grid("فصل", over(byYear("fa", 1399, 1404), chapters()),
					count("مصوب (ریال)", "(90 + 31*(y-1399) + (17*k) mod 23) * 10000000000000 / k"), count("عملکرد (ریال)", "(84 + 29*(y-1399) + (13*k) mod 19) * 10000000000000 / k")),
				grid("استان", over(byProvince("fa"), byYear("fa", 1399, 1405)), count("مصوب (ریال)", "(40 + 9*(y-1399) + (37*p) mod 71) * 1000000000000")),
			}}},
		},
		{
			name: "digital-budget-programmes", source: inCKAN, agency: planning, lang: "fa", theme: onFinance,
			title: text{"برنامه‌های دولت الکترونیک در قانون بودجه", "E-government programmes in the budget law"},
			about: text{
				"هر سطر یک برنامهٔ قانون بودجه برای دولت الکترونیک با کد و دستگاه آن است. تنها دو برنامه‌ای آمده که پرسش‌نامه نام می‌برد و مبلغ آن‌ها گزارش نشده است. " + questionnaire.fa,
				"A row is one programme of the budget law for electronic government with its code and agency. Only the two programmes that the questionnaire names are here, and it reports no amounts. " + questionnaire.en,
			},
			keywords: []text{{"بودجه", "budget"}, {"دولت الکترونیک", "e-government"}, {"اقتصاد دیجیتال", "digital economy"}},
			licence:  ccBy(), frequency: "R/P1Y", issued: "2024-02-01", modified: "2024-02-01", from: "2021-03-21", to: "2022-03-20",
			files: []file{{name: "digital-budget-programmes.csv", title: text{"برنامه‌ها", "Programmes"}, tables: []table{facts("برنامه‌ها", `
کد برنامه | عنوان | دستگاه
100205700 | برنامهٔ توسعهٔ دولت الکترونیک | دستگاه‌های اجرایی
1302006000 | برنامهٔ تأمین و توسعهٔ زیرساخت اقتصاد دیجیتال و کسب‌وکار | وزارت ارتباطات و فناوری اطلاعات`)}}},
		},
		{
			name: "development-projects", source: inCKAN, agency: planning, lang: "fa", theme: onFinance,
			title: text{"طرح‌های تملک دارایی سرمایه‌ای", "Capital development projects"},
			about: text{
				"هر سطر یک طرح عمرانی با کد هشت‌رقمی، استان، اعتبار و پیشرفت فیزیکی آن است. پرونده با نقطه‌ویرگول جدا شده است. طرح‌هایی که متوقف مانده‌اند نیز آمده‌اند.",
				"A row is one capital project with its code of eight digits, stage, appropriation and physical progress. The file is separated by semicolons. Projects that stand still are included.",
			},
			keywords: []text{{"طرح عمرانی", "capital project"}, {"پیشرفت", "progress"}},
			licence:  ccBy(), frequency: "R/P6M", issued: "2024-10-12", modified: "2026-04-11", from: "2011-03-21", to: "2026-03-20",
			files: []file{{name: "development-projects.csv", form: semicolons, title: text{"طرح‌ها", "Projects"}, tables: []table{grid("طرح‌ها",
				over(byProvince("fa"), byNumber('i', text{"شمارهٔ طرح در استان", "the number of the project in its province"}, "ردیف", "", 2, 40)),
				code("کد طرح", 8, "10000*p + 7*i"), choice("بخش", "(p + 3*i) mod 6", "آب", "راه", "آموزش", "سلامت", "انرژی", "شهر"),
				date("آغاز", "2011-03-21", jalali, "(97*p + 131*i) mod 5000"), count("اعتبار (ریال)", "(20 + (53*p + 71*i) mod 900) * 1000000000"),
				decimal("پیشرفت (درصد)", 1, "(83*p + 211*i) mod 1001"), choice("وضعیت", "((p + i) mod 9) / 4", "در دست اجرا", "پایان‌یافته", "متوقف"))}}},
		},
		{
			name: "treasury-payments", source: inCKAN, agency: planning, lang: "en", theme: onFinance,
			title: text{"پرداخت‌های خزانه به دستگاه‌ها", "Treasury payments to agencies"},
			about: text{
				"هر سطر جمع پرداخت خزانه به یک دستگاه در یک ماه است، به ریال. پرداخت‌های برگشتی از جمع کاسته نشده‌اند.",
				"A row is the sum that the treasury paid to one agency in one month, in rials. Payments that came back are not subtracted.",
			},
			keywords: []text{{"خزانه", "treasury"}, {"پرداخت", "payment"}},
			licence:  ccBy(), frequency: "R/P1M", issued: "2024-05-05", modified: "2026-05-05", from: "2024-03-20", to: "2026-03-20",
			files: []file{{name: "treasury-payments.csv", title: text{"پرداخت‌ها", "Payments"}, tables: []table{grid("Payments",
				over(byYear("en", 1403, 1404), byMonth("en"), byAgency("en")),
				count("Staff (rials)", "(300 + (61*a + 17*m) mod 500) * 1000000000"), count("Other (rials)", "(90 + (43*a + 29*m + y) mod 400) * 1000000000"))}}},
		},
	}
}

// chapters runs through the chapters of expense of the budget.
func chapters() dim {
	return byName('k', text{"شمارهٔ فصل", "the number of the chapter"}, "فصل",
		"جبران خدمت کارکنان", "استفاده از کالا و خدمات", "هزینه‌های اموال و دارایی", "یارانه", "کمک‌های بلاعوض", "رفاه اجتماعی", "سایر هزینه‌ها")
}
