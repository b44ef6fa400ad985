package samples

// services is what the Administrative and Recruitment Organization publishes.
func services() []dataset {
	return []dataset{serviceCatalogue(), satisfaction(), civilServants(), recruitment()}
}

func serviceCatalogue() dataset {
	return dataset{
		name: "public-services", source: inCKAN, agency: personnel, lang: "fa", theme: onGovernment,
		title: text{"شناسنامهٔ خدمات دستگاه‌های اجرایی", "Catalogue of public services by agency"},
		about: text{
			"هر سطر یک دستگاه است با شمار خدمات، خدمات الکترونیکی و زیرخدمات آن. پرونده با نقطه‌ویرگول و کدگذاری قدیمی Windows-1256 نوشته شده و ی و ک آن عربی است، همان گونه که بسیاری از سامانه‌ها هنوز می‌نویسند.",
			"A row is one agency with the number of its services, electronic services and parts of services. The file is written with semicolons in the old encoding Windows-1256 and with Arabic yeh and kaf, as many systems still write.",
		},
		keywords: []text{{"خدمت", "public service"}, {"شناسنامهٔ خدمت", "service catalogue"}},
		licence:  inWords(), frequency: "R/P1Y", issued: "2024-05-21", modified: "2026-05-21", from: "2025-03-21", to: "2026-03-20",
		files: []file{{name: "public-services.csv", form: oldArabic, title: text{"خدمات به تفکیک دستگاه", "Services by agency"}, tables: []table{grid("خدمات",
			over(byAgency("fa")), count("شمار خدمات", "38 + (29*a) mod 47"), count("خدمات الکترونیکی", "(38 + (29*a) mod 47) * 3 / 4"),
			count("زیرخدمات", "90 + (53*a) mod 131"))}}},
	}
}

func satisfaction() dataset {
	return dataset{
		name: "service-satisfaction", source: inCKAN, agency: personnel, lang: "fa", theme: onGovernment,
		title: text{"رضایت مردم از خدمات دولت", "Satisfaction with public services"},
		about: text{
			"هر سطر نتیجهٔ نظرسنجی پیامکی یک دستگاه در یک سال به تفکیک جنسیت است، یا در پروندهٔ دوم نتیجهٔ یک استان. امتیاز از صفر تا صد است و پاسخ‌دادن اختیاری بوده، پس نمونه تصادفی نیست.",
			"A row is the result of the survey of one agency in one year for women or men or, in the second file, of one province. The score runs from 0 to 100; answering was voluntary, so the sample is not random.",
		},
		keywords: []text{{"رضایت", "satisfaction"}, {"نظرسنجی", "survey"}, {"جنسیت", "gender"}},
		licence:  ccBy(), frequency: "R/P1Y", issued: "2024-06-12", modified: "2026-06-12", from: "2022-03-21", to: "2026-03-20",
		files: []file{
			{name: "satisfaction-by-agency.csv", title: text{"به تفکیک دستگاه", "By agency"}, tables: []table{grid("دستگاه",
				over(byYear("fa", 1401, 1404), byAgency("fa"), byName('g', text{"جنسیت", "the gender"}, "جنسیت", "زن", "مرد")),
				count("پاسخ", "400 + (331*a + 17*y + 59*g) mod 2600"), decimal("امتیاز", 1, "610 + (43*a + 11*y + 29*g) mod 270"))}},
			{name: "satisfaction-by-province.csv", title: text{"به تفکیک استان", "By province"}, tables: []table{grid("استان",
				over(byProvince("fa"), byYear("fa", 1401, 1404)),
				count("پاسخ", "250 + (173*p + 13*y) mod 1900"), decimal("امتیاز", 1, "600 + (37*p + 7*y) mod 290"))}},
		},
	}
}

func civilServants() dataset {
	return dataset{
		name: "civil-servants", source: inCKAN, agency: personnel, lang: "fa", theme: onGovernment,
		title: text{"کارکنان دستگاه‌های اجرایی", "Employees of the executive bodies"},
		about: text{
			"هر سطر شمار کارکنان یک استان یا یک گروه تحصیلی در یک سال به تفکیک جنسیت است. نیروهای مسلح و شرکت‌های دولتی در آن نیستند.",
			"A row is the number of employees in one province, or with one level of education, in one year, by gender. The armed forces and state companies are not included.",
		},
		keywords: []text{{"کارکنان دولت", "civil servants"}, {"استخدام", "employment"}},
		licence:  ccBy(), frequency: "R/P1Y", issued: "2024-08-03", modified: "2026-08-03", from: "2020-03-20", to: "2026-03-20",
		files: []file{{name: "civil-servants.xlsx", form: workbook, title: text{"کارکنان", "Employees"}, tables: []table{
			grid("استان", over(byProvince("fa"), byYear("fa", 1399, 1404)), count("زن", "9000 + (4211*p + 37*y) mod 30011"), count("مرد", "11000 + (5407*p + 41*y) mod 32003")),
			grid("تحصیلات", over(byName('k', text{"شمارهٔ مدرک", "the number of the level"}, "مدرک", "دیپلم و کمتر", "کاردانی", "کارشناسی", "کارشناسی ارشد", "دکتری"), byYear("fa", 1399, 1404)),
				count("زن", "60000 + (30011*k + 1009*(y-1399)) mod 400009"), count("مرد", "80000 + (40009*k + 907*(y-1399)) mod 400009")),
		}}},
	}
}

func recruitment() dataset {
	return dataset{
		name: "recruitment-exams", source: inCKAN, agency: personnel, lang: "en", theme: onGovernment,
		title: text{"آزمون‌های استخدامی", "Recruitment examinations"},
		about: text{
			"هر سطر یک آزمون استخدامی یک دستگاه است با ظرفیت، داوطلب و پذیرفته‌شده. آزمون‌هایی که لغو شده‌اند نیامده‌اند.",
			"A row is one recruitment examination of an agency with places, applicants and successful applicants. Cancelled examinations are left out.",
		},
		keywords: []text{{"آزمون", "examination"}, {"استخدام", "recruitment"}},
		licence:  ccBy(), frequency: "R/P6M", issued: "2024-10-01", modified: "2026-03-01", from: "2024-01-01", to: "2026-02-28",
		files: []file{{name: "recruitment-exams.csv", title: text{"آزمون‌ها", "Examinations"}, tables: []table{grid("Examinations",
			over(byNumber('i', text{"شمارهٔ دور", "the number of the round"}, "Round", "R", 2, 4), byAgency("en")),
			date("Held on", "2024-01-05", iso, "182*(i-1) + (3*a) mod 7"), count("Places", "20 + (47*a + 13*i) mod 300"),
			count("Applicants", "20*(20 + (47*a + 13*i) mod 300) + (991*a) mod 1000"), count("Successful", "(20 + (47*a + 13*i) mod 300) * 9 / 10"))}}},
	}
}
