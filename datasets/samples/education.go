package samples

// education is what the Ministry of Education publishes.
func education() []dataset {
	return []dataset{
		{
			name: "pupils", source: inDataJSON, agency: ministryE, lang: "fa", theme: onEducation,
			title: text{"دانش‌آموزان به تفکیک دوره، استان و جنس", "Pupils by stage, province and sex"},
			about: text{
				"هر سطر شمار دانش‌آموزان یک استان در یک سال تحصیلی است؛ هر دورهٔ تحصیلی یک برگه دارد. مدرسه‌های غیردولتی نیز شمرده شده‌اند.",
				"A row is the number of pupils of one province in one school year; each stage has its own sheet. Private schools are included.",
			},
			keywords: []text{{"دانش‌آموز", "pupil"}, {"مدرسه", "school"}},
			licence:  ccBy(), frequency: "R/P1Y", issued: "2024-11-11", modified: "2025-11-11", from: "2021-09-23", to: "2025-06-21",
			files: []file{{name: "pupils.xlsx", form: workbook, title: text{"دانش‌آموزان", "Pupils"}, tables: []table{
				grid("ابتدایی", over(byProvince("fa"), byYear("fa", 1400, 1403)), count("دختر", "30000 + (8101*p + 97*y) mod 400009"), count("پسر", "31000 + (8209*p + 89*y) mod 400009")),
				grid("متوسطهٔ اول", over(byProvince("fa"), byYear("fa", 1400, 1403)), count("دختر", "14000 + (4001*p + 53*y) mod 200003"), count("پسر", "15000 + (4099*p + 59*y) mod 200003")),
				grid("متوسطهٔ دوم", over(byProvince("fa"), byYear("fa", 1400, 1403)), count("دختر", "11000 + (3001*p + 31*y) mod 150001"), count("پسر", "12000 + (3089*p + 37*y) mod 150001")),
			}}},
		},
		{
			name: "schools", source: inDataJSON, agency: ministryE, lang: "en", theme: onEducation,
			title: text{"فهرست مدرسه‌ها", "Register of schools"},
			about: text{
				"هر سطر یک مدرسه است با کد هشت‌رقمی، استان، دوره، شمار کلاس و سال ساخت. نام مدرسه‌ها در این نمونه نیامده است.",
				"A row is one school with its code of eight digits, province, stage, number of classes and year of construction. Names of schools are left out of this sample.",
			},
			keywords: []text{{"مدرسه", "school"}, {"فهرست", "register"}},
			licence:  ccZero(), frequency: "R/P1Y", issued: "2024-12-12", modified: "2025-12-12", from: "2025-09-23", to: "2026-06-21",
			files: []file{{name: "schools.csv", form: marked, title: text{"مدرسه‌ها", "Schools"}, tables: []table{grid("Schools",
				over(byProvince("en"), byNumber('i', text{"شمارهٔ مدرسه در استان", "the number of the school in its province"}, "Number", "", 3, 50)),
				code("School code", 8, "100000*p + 13*i"), choice("Stage", "(p + i) mod 3", "Primary", "Lower secondary", "Upper secondary"),
				count("Classes", "3 + (7*i + 5*p) mod 22"), count("Pupils", "25*(3 + (7*i + 5*p) mod 22) + (11*i) mod 13"), count("Built in", "1330 + (17*i + p) mod 72"))}}},
		},
		{
			name: "teachers", source: inDataJSON, agency: ministryE, lang: "fa", theme: onEducation,
			title: text{"معلمان به تفکیک استان و مدرک", "Teachers by province and degree"},
			about: text{
				"هر سطر شمار معلمان یک استان با یک مدرک در یک سال است. معلمان حق‌التدریس شمرده نشده‌اند. مجوز این داده با واژه گفته شده و نشانی ندارد.",
				"A row is the number of teachers of one province with one degree in one year. Teachers paid by the hour are not counted. The licence of this dataset is given in words, without an address.",
			},
			keywords: []text{{"معلم", "teacher"}, {"مدرک", "degree"}},
			licence:  inWords(), frequency: "R/P1Y", issued: "2024-11-11", modified: "2025-11-11", from: "2022-09-23", to: "2025-06-21",
			files: []file{{name: "teachers.csv", title: text{"معلمان", "Teachers"}, tables: []table{grid("معلمان",
				over(byProvince("fa"), byYear("fa", 1401, 1403), byName('k', text{"شمارهٔ مدرک", "the number of the degree"}, "مدرک", "کاردانی", "کارشناسی", "کارشناسی ارشد و بالاتر")),
				count("معلم", "700 + (1201*p + 311*k + 13*y) mod 18013"))}}},
		},
	}
}
