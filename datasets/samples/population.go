package samples

import "strconv"

var census = text{
	"منبع: سرشماری عمومی نفوس و مسکن، مرکز آمار ایران.",
	"Source: the national population and housing census of the Statistical Centre of Iran.",
}

// population is what the Statistical Centre publishes.
func population() []dataset {
	return []dataset{provincePopulation(), populationByAge(), countyCounts(), provinceCapitals(), internetAtHome()}
}

func provincePopulation() dataset {
	return dataset{
		name: "province-population", source: inCKAN, agency: statistic, lang: "fa", theme: onPopulation,
		title: text{"جمعیت استان‌ها", "Population of the provinces"},
		about: text{
			"جمعیت ۳۱ استان در سرشماری ۱۳۹۵ به تفکیک جنس، و در کنار آن سرشماری ۱۳۹۰ برای مقایسه. هر سطر یک استان است و جمع ستون جمعیت ۷۹٬۹۲۶٬۲۷۰ نفر، برابر با جمعیت کشور در سال ۱۳۹۵. مرز استان‌ها همان است که در زمان هر سرشماری بوده است. " + census.fa,
			"The population of the 31 provinces in the census of 1395 (2016) by sex, beside that of 1390 (2011) for comparison. A row is one province; the column of population adds up to 79,926,270, the population of the country in 2016. Borders are those at the time of each census. " + census.en,
		},
		keywords: []text{{"جمعیت", "population"}, {"استان", "province"}, {"سرشماری", "census"}},
		licence:  ccBy(), frequency: "R/P5Y", issued: "2024-01-10", modified: "2025-02-17", from: "2011-10-24", to: "2016-11-21",
		files: []file{
			{name: "province-population-1395.csv", title: text{"سرشماری ۱۳۹۵", "Census of 2016"}, tables: []table{population1395()}},
			{name: "province-population-compared.xlsx", form: workbook, title: text{"مقایسهٔ دو سرشماری", "Two censuses compared"}, tables: []table{
				provinceTable("سرشماری ۱۳۹۰", []string{"استان", "مرد", "زن", "جمعیت"}, func(p province) []string {
					return numbered(p.name.fa, p.men1390, p.women1390, p.men1390+p.women1390)
				}),
				provinceTable("دگرگونی", []string{"استان", "جمعیت ۱۳۹۰", "جمعیت ۱۳۹۵", "افزایش"}, func(p province) []string {
					before, after := p.men1390+p.women1390, p.men1395+p.women1395
					return numbered(p.name.fa, before, after, after-before)
				}),
			}},
		},
	}
}

func population1395() table {
	return provinceTable("سرشماری ۱۳۹۵", []string{"استان", "مرکز استان", "مرد", "زن", "جمعیت"}, func(p province) []string {
		row := numbered(p.name.fa, p.men1395, p.women1395, p.men1395+p.women1395)
		return append([]string{row[0], p.capital.fa}, row[1:]...)
	})
}

func numbered(name string, numbers ...int) []string {
	row := []string{name}
	for _, n := range numbers {
		row = append(row, strconv.Itoa(n))
	}
	return row
}

func populationByAge() dataset {
	return dataset{
		name: "population-by-age", source: inCKAN, agency: statistic, lang: "fa", theme: onPopulation,
		title: text{"جمعیت کشور به تفکیک گروه سنی و جنس", "Population by age group and sex"},
		about: text{
			"هر سطر یک گروه سنی پنج‌ساله با شمار مردان و زنان در سرشماری ۱۳۹۵ است. گروه‌های بالای صد سال یک سطرند. " + census.fa,
			"A row is one age group of five years with the number of men and women in the census of 1395 (2016). People above a hundred are one row. " + census.en,
		},
		keywords: []text{{"جمعیت", "population"}, {"سن", "age"}, {"جنس", "sex"}},
		licence:  ccBy(), frequency: "R/P5Y", issued: "2024-01-10", modified: "2024-01-10", from: "2016-09-24", to: "2016-11-21",
		files: []file{{name: "population-by-age.csv", title: text{"گروه‌های سنی", "Age groups"}, tables: []table{facts("سن", `
گروه سنی | مرد | زن
0–4 سال | 3649800 | 3443204
5–9 سال | 3286030 | 3125247
10–14 سال | 2911423 | 2776961
15–19 سال | 2785688 | 2673309
20–24 سال | 3236975 | 3155904
25–29 سال | 4143445 | 4057688
30–34 سال | 4340448 | 4260465
35–39 سال | 3572403 | 3465195
40–44 سال | 2813890 | 2704417
45–49 سال | 2454427 | 2378696
50–54 سال | 1975574 | 1950397
55–59 سال | 1669934 | 1680659
60–64 سال | 1252663 | 1289910
65–69 سال | 808910 | 902554
70–74 سال | 571112 | 606513
75–79 سال | 451419 | 434973
80–84 سال | 343231 | 303502
85–89 سال | 161448 | 151036
90–94 سال | 57716 | 53859
95–99 سال | 8730 | 9947
100 سال و بیشتر | 3176 | 3392`)}}},
	}
}

func countyCounts() dataset {
	return dataset{
		name: "county-counts", source: inCKAN, agency: statistic, lang: "fa", theme: onPopulation,
		title: text{"شمار شهرستان‌های هر استان", "Number of counties in each province"},
		about: text{
			"هر سطر یک استان است با شمار شهرستان‌های آن در سرشماری ۱۳۹۵ (روی هم ۴۲۹) و در تقسیمات کشوری ۱۴۰۲ (روی هم ۴۸۲). دگرگونی‌های پس از ۱۴۰۲ در آن نیست. منبع: سرشماری ۱۳۹۵ و فهرست تقسیمات کشوری ۱۴۰۲.",
			"A row is one province with the number of its counties in the census of 1395 (429 in all) and in the administrative divisions of 1402 (482 in all). Changes since 1402 are not included. Source: the census and the official list of divisions.",
		},
		keywords: []text{{"شهرستان", "county"}, {"تقسیمات کشوری", "administrative divisions"}},
		licence:  ccZero(), frequency: "R/P1Y", issued: "2024-03-02", modified: "2024-03-02", from: "2016-09-24", to: "2024-03-19",
		files: []file{{name: "county-counts.csv", title: text{"شهرستان‌ها", "Counties"}, tables: []table{
			provinceTable("شهرستان‌ها", []string{"استان", "شهرستان ۱۳۹۵", "شهرستان ۱۴۰۲", "شهرستان تازه"}, func(p province) []string {
				return numbered(p.name.fa, p.counties1395, p.counties1402, p.counties1402-p.counties1395)
			}),
		}}},
	}
}

func provinceCapitals() dataset {
	return dataset{
		name: "province-capitals", source: inCKAN, agency: statistic, lang: "en", theme: onPopulation,
		title: text{"مرکزهای استان با مختصات و پیش‌شمارهٔ تلفن", "Provincial capitals with coordinates and telephone prefixes"},
		about: text{
			"هر سطر یک استان است با مرکز، مختصات جغرافیایی و پیش‌شمارهٔ سه‌رقمی تلفن آن. مختصات تا دو رقم اعشار گرد شده و برای نقشهٔ کشور بس است، نه برای نقشهٔ شهر.",
			"A row is one province with its capital, coordinates and telephone prefix of three digits. Coordinates are rounded to two decimals, which is enough for a map of the country but not of a city. The figures are common knowledge.",
		},
		keywords: []text{{"مرکز استان", "capital"}, {"مختصات", "coordinates"}, {"پیش‌شماره", "telephone prefix"}},
		licence:  ccZero(), frequency: "irregular", issued: "2024-03-02", modified: "2024-03-02", from: "2024-03-02",
		files: []file{{name: "province-capitals.csv", title: text{"مرکزها", "Capitals"}, tables: []table{
			provinceTable("Capitals", []string{"Province", "Capital", "Latitude", "Longitude", "Telephone prefix", "Province in Persian"}, func(p province) []string {
				return []string{p.name.en, p.capital.en, p.latitude, p.longitude, p.phone, p.name.fa}
			}),
		}}},
	}
}

func internetAtHome() dataset {
	return dataset{
		name: "internet-at-home", source: inCKAN, agency: statistic, lang: "en", theme: onCommunications,
		title: text{"دسترسی خانوار به اینترنت", "Households with access to the internet"},
		about: text{
			"هر سطر درصد خانوارهای یک استان است که در یک سال به اینترنت دسترسی داشته‌اند، در برگه‌های جدا برای شهر و روستا. خانوارهای مؤسسه‌ای در نمونه نیستند.",
			"A row is the share of households of one province with access to the internet in one year; towns and villages have sheets of their own. Institutional households are not in the sample.",
		},
		keywords: []text{{"اینترنت", "internet"}, {"خانوار", "household"}},
		licence:  ccBy(), frequency: "R/P1Y", issued: "2024-11-30", modified: "2025-11-30", from: "2021-03-21", to: "2025-03-20",
		files: []file{{name: "internet-at-home.xlsx", form: workbook, title: text{"دسترسی", "Access"}, tables: []table{
			grid("Towns", over(byProvince("en"), byYear("en", 1400, 1403)), decimal("Households (percent)", 1, "740 + 15*(y-1400) + (37*p) mod 170")),
			grid("Villages", over(byProvince("en"), byYear("en", 1400, 1403)), decimal("Households (percent)", 1, "510 + 25*(y-1400) + (53*p) mod 230")),
		}}},
	}
}
