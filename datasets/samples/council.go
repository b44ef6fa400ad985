package samples

// questionnaire is the source of the addresses and laws.
var questionnaire = text{
	"منبع: پاسخ دبیرخانه به پرسش‌نامهٔ دولت الکترونیک سازمان ملل متحد.",
	"Source: the secretariat's answer to the e-government questionnaire of the United Nations.",
}

// council is what the secretariat of the Executive Council publishes.
func council() []dataset {
	return []dataset{indicators(), resolutions(), portals(), digitalLaws(), transparencyResolution()}
}

func indicators() dataset {
	return dataset{
		name: "transparency-indicators", source: inCKAN, agency: itCouncil, lang: "fa", theme: onGovernment,
		title: text{"نشانگرهای شفافیت و پرونده‌های دستگاه‌ها", "Transparency indicators and the filings of agencies"},
		about: text{
			"برگهٔ نخست چهارده نشانگر شفافیت را با مبنای قانونی هر یک می‌آورد؛ نشانگرهای ۱ تا ۹ از مصوبهٔ شمارهٔ ۱ جلسهٔ شانزدهم شورا است و نشانگرهای ۱۰ تا ۱۴ پیشنهادی بر پایهٔ مادهٔ ۱۰ قانون انتشار و دسترسی آزاد به اطلاعات. هر سطر برگهٔ دوم پروندهٔ یک دستگاه برای یک نشانگر در یک دوره است و برای نمایش ساخته شده است.",
			"The first sheet lists fourteen transparency indicators with their legal basis: 1 to 9 come from resolution 1 of the sixteenth session of the council, 10 to 14 are a proposal based on article 10 of the law on free access to information. A row of the second sheet is the filing of one agency for one indicator in one period, made for illustration.",
		},
		keywords: []text{{"شفافیت", "transparency"}, {"نشانگر", "indicator"}, {"پرونده", "filing"}},
		licence:  ccBy(), frequency: "R/P6M", issued: "2025-09-22", modified: "2026-09-22", from: "2025-03-21", to: "2026-03-20",
		files: []file{{name: "transparency-indicators.xlsx", form: workbook, title: text{"نشانگرها و پرونده‌ها", "Indicators and filings"}, tables: []table{
			indicatorTable(),
			grid("پرونده‌ها", over(byYear("fa", 1403, 1404), byAgency("fa"), byNumber('k', text{"شمارهٔ نشانگر", "the number of the indicator"}, "نشانگر", "S", 2, 14)),
				choice("وضعیت", "((7*a + 3*k + y) mod 10) / 4", "منتشرشده", "ناقص", "منتشرنشده"),
				count("امتیاز", "20 - 8*(((7*a + 3*k + y) mod 10) / 4) - (a + k) mod 4"),
				date("تاریخ پرونده", "2024-09-22", jalali, "365*(y-1403) + (11*a + 5*k) mod 60")),
		}}},
	}
}

func indicatorTable() table {
	return facts("نشانگرها", `
شناسه | نشانگر | مبنا | دوره
S01 | هزینهٔ شش‌ماهه و عملکرد مالی سالانهٔ دستگاه و واحدهای وابسته | مصوبهٔ جلسهٔ شانزدهم، بند یک | شش‌ماهه
S02 | معامله‌ها، تفاهم‌نامه‌ها و قراردادها و شیوهٔ گزینش طرف | مصوبهٔ جلسهٔ شانزدهم، بند دو | ماهانه
S03 | دارایی‌های غیرمنقول و اموال در اختیار | مصوبهٔ جلسهٔ شانزدهم، بند سه | سالانه
S04 | آمار اجرای برنامه‌های توسعه و تکلیف‌های قانونی | مصوبهٔ جلسهٔ شانزدهم، بند چهار | شش‌ماهه
S05 | قانون‌ها، مقررات و پیش‌نویس تصمیم‌ها | مصوبهٔ جلسهٔ شانزدهم، بند پنج | رویدادی
S06 | مجوزهای صادرشده با فهرست دارندگان | مصوبهٔ جلسهٔ شانزدهم، بند شش | ماهانه
S07 | برنامه‌های توسعه‌ای و راهبردی | مصوبهٔ جلسهٔ شانزدهم، بند هفت | سالانه
S08 | روند جذب، انتصاب و ارتقا | مصوبهٔ جلسهٔ شانزدهم، بند هشت | رویدادی
S09 | صورت‌جلسه‌های شوراها و مجمع‌های تصمیم‌گیر | مصوبهٔ جلسهٔ شانزدهم، بند نه | رویدادی
S10 | ساختار، هدف‌ها، وظایف و اختیارهای مدیران | قانون انتشار، مادهٔ ده، بندهای الف و ه | سالانه
S11 | خدمات، گام‌ها، هزینه و زمان آن‌ها | قانون انتشار، مادهٔ ده، بند ب | شش‌ماهه
S12 | راه‌های شکایت و آمار پاسخ | قانون انتشار، مادهٔ ده، بند ج | سه‌ماهه
S13 | اطلاعات نگه‌داری‌شده و شیوهٔ دسترسی | قانون انتشار، مادهٔ ده، بند د | شش‌ماهه
S14 | راه‌های مشارکت و نظرسنجی و نتیجهٔ آن | قانون انتشار، مادهٔ ده، بند و | رویدادی`)
}

func resolutions() dataset {
	return dataset{
		name: "council-resolutions", source: inCKAN, agency: itCouncil, lang: "fa", theme: onGovernment,
		title: text{"مصوبه‌های شورای اجرایی فناوری اطلاعات", "Resolutions of the Executive Council of Information Technology"},
		about: text{
			"هر سطر یک مصوبهٔ شورا با شمارهٔ جلسه و موضوع آن است. تنها مصوبه‌هایی آمده که پرسش‌نامه از آن‌ها نام می‌برد؛ فهرست کامل نیست. " + questionnaire.fa,
			"A row is one resolution of the council with its session and subject. Only resolutions that the questionnaire names are here, so the list is not complete. " + questionnaire.en,
		},
		keywords: []text{{"مصوبه", "resolution"}, {"شورای اجرایی", "executive council"}},
		licence:  ccBy(), frequency: "irregular", issued: "2024-02-01", modified: "2025-11-02", from: "2016-01-01", to: "2021-12-31",
		files: []file{{name: "council-resolutions.csv", form: semicolons, title: text{"مصوبه‌ها", "Resolutions"}, tables: []table{facts("مصوبه‌ها", `
جلسه | شماره | موضوع | پیوند
5 | | ضوابط فنی و اجرایی توسعهٔ دولت الکترونیک | https://egovernment.ir/storage/app/media/it-decisions/it-decisions-05.pdf
11 | 3 | چارچوب تعامل‌پذیری دولت الکترونیک | https://egovernment.ir/storage/app/media/it-decisions/it-decisions-11-3.pdf
13 | | حذف رونوشت مدارک و احراز هویت برخط | https://egovernment.ir/storage/app/media/it-decisions/it-decisions-13.pdf
14 | | دادهٔ باز دولت، مادهٔ سه و هفت | https://egovernment.ir/storage/app/media/it-decisions/it-decisions-14.pdf
16 | 1 | ارتقای شفافیت دستگاه‌های اجرایی | https://egovernment.ir/storage/app/media/it-decisions/it-decisions-16-1.pdf
21 | | خدمات الکترونیکی بر پایهٔ رهنمودهای سازمان ملل | https://egovernment.ir/it-decisions`)}}},
	}
}

func portals() dataset {
	return dataset{
		name: "government-portals", source: inCKAN, agency: itCouncil, lang: "fa", theme: onGovernment,
		title: text{"نشانی درگاه‌های ملی و خدمات الکترونیکی", "Addresses of national portals and electronic services"},
		about: text{
			"هر سطر یک درگاه یا یک خدمت الکترونیکی با نشانی آن است. نشانی‌ها همان است که دبیرخانه اعلام کرده و شاید برخی اکنون پاسخ ندهند. " + questionnaire.fa,
			"A row is one portal or electronic service with its address. The addresses are as the secretariat announced them; some may not answer any more. " + questionnaire.en,
		},
		keywords: []text{{"درگاه", "portal"}, {"خدمت الکترونیکی", "e-service"}, {"نشانی", "address"}},
		licence:  ccZero(), frequency: "R/P1Y", issued: "2024-02-01", modified: "2025-03-10", from: "2021-01-01", to: "2021-12-31",
		files: []file{
			{name: "national-portals.csv", title: text{"درگاه‌های ملی", "National portals"}, tables: []table{facts("درگاه‌ها", portalLines)}},
			{name: "electronic-services.csv", title: text{"خدمات الکترونیکی", "Electronic services"}, tables: []table{facts("خدمات", serviceLines)}},
		},
	}
}

const portalLines = `
درگاه | موضوع | نشانی
درگاه ملی خدمات دولت | خدمات | https://www.iran.gov.ir/
درگاه دولت الکترونیک | سیاست‌گذاری | https://www.egovernment.ir/
مردم | خدمات | http://mardom.ir/
میز خدمت | خدمات | https://gservice.aro.gov.ir/
دادهٔ باز دولت | داده | https://data.gov.ir/
انتشار و دسترسی آزاد به اطلاعات | شفافیت | https://iranfoia.ir/
سامانهٔ تدارکات الکترونیکی دولت | تدارکات | https://setadiran.ir/
قوانین و مقررات | قانون | http://qavanin.ir/
پایش خدمات الکترونیکی | ارزیابی | https://payesh.iran.gov.ir/
مشارکت عمومی و خصوصی | مشارکت | https://ppp.mporg.ir/
مشارکت‌پذیری قوهٔ قضائیه | مشارکت | https://regmosharekat.eadl.ir/
شکایت‌های ارتباطی | شکایت | https://195.cra.ir/`

const serviceLines = `
خدمت | نشانی
درخواست مجوز کسب‌وکار | https://sam.g4b.ir/
پنجرهٔ واحد مجوزها | http://bemcenter.ir/
گواهی فوت | https://death.sabteahval.ir/
کارت ملی هوشمند | https://www.ncr.ir/idcard/
تغییر نشانی | https://www.ncr.ir/changeAddress/
مجوز محیط زیست | https://eservice.doe.ir/
استخدام دولتی | https://estekhdam.karmandiran.ir/
روادید الکترونیکی | https://evisa.mfa.ir/
پرداخت جریمهٔ رانندگی | https://www.rahvar120.ir/
قبض برق | https://saapa.ir/
ثبت شرکت | https://irsherkat.ssaa.ir/
اظهارنامهٔ مالیاتی | https://my.tax.gov.ir/
مالیات بر ارزش افزوده | https://www.evat.ir/`

func digitalLaws() dataset {
	return dataset{
		name: "digital-government-laws", source: inCKAN, agency: itCouncil, lang: "en", theme: onGovernment,
		title: text{"قانون‌ها و مقررات دولت الکترونیک", "Laws and regulations of electronic government"},
		about: text{
			"هر سطر یک قانون، آیین‌نامه یا سند با موضوع آن است. وضعیت هر سند همان است که در زمان پاسخ به پرسش‌نامه بوده و شاید از آن پس دگرگون شده باشد. " + questionnaire.fa,
			"A row is one law, bylaw or document with its subject. The status of each is that at the time of the questionnaire and may have changed since. " + questionnaire.en,
		},
		keywords: []text{{"قانون", "law"}, {"آیین‌نامه", "bylaw"}, {"دسترسی آزاد به اطلاعات", "access to information"}},
		licence:  ccBy(), frequency: "irregular", issued: "2024-02-01", modified: "2024-11-18", from: "2004-01-01", to: "2021-12-31",
		files: []file{{name: "digital-government-laws.csv", title: text{"قانون‌ها", "Laws"}, tables: []table{facts("Laws", `
Subject | Title | Status
Access to information | Law on Publication and Free Access to Information | in force
Access to information | Bylaw of the Law on Publication and Free Access to Information | in force
Access to information | Bylaw of article 8 of the Law on Publication and Free Access to Information | in force
Access to information | Bylaw of article 18 of the Law on Publication and Free Access to Information | in force
Privacy | Citizens' rights charter, articles 30 to 42 | in force
Privacy | Privacy bill | in parliament
Security | Computer Crime Law | in force
Digital identity | Valid identity in cyberspace, resolution 59 of the Supreme Council of Cyberspace | in force
Digital signature | Electronic Commerce Law | in force
Procurement | Government e-procurement bylaw | in force
Spending | Annual budget law | in force
Spending | Resolution 1 of the 16th session of the Executive Council: transparency of executive bodies | in force
Interoperability | Resolution 3 of the 11th session of the Executive Council: interoperability framework | in force
Open data | Bylaw on the creation of government data centres | in force
Data governance | Resolution 54 of the Supreme Council of Cyberspace | in force
Data governance | National Data and Information Management Law | in force
Software | Technical Software Approval Law of 2004 | revised`)}}},
	}
}

func transparencyResolution() dataset {
	return dataset{
		name: "transparency-resolution", source: inCKAN, agency: itCouncil, lang: "fa", theme: onGovernment,
		title: text{"مصوبهٔ ارتقای شفافیت دستگاه‌های اجرایی", "Resolution on the transparency of executive bodies"},
		about: text{
			"متن مصوبهٔ شمارهٔ ۱ جلسهٔ شانزدهم شورا، که دستگاه‌ها را به انتشار اطلاعات بر پایهٔ چهارده نشانگر در زیردامنهٔ شفاف مکلف می‌کند. این مجموعه پیوند یک سند است و جدولی ندارد؛ شاید نشانی آن از همه‌جا پاسخ ندهد. " + questionnaire.fa,
			"The text of resolution 1 of the sixteenth session of the council, which obliges agencies to publish by fourteen indicators under a subdomain called Shafaf. This dataset is the link to a document and has no table; the address may not answer from everywhere. " + questionnaire.en,
		},
		keywords: []text{{"شفافیت", "transparency"}, {"مصوبه", "resolution"}},
		licence:  ccZero(), frequency: "irregular", issued: "2025-01-20", modified: "2025-01-20", from: "2019-09-29",
		files: []file{{
			name: "it-decisions-16-1.pdf", form: linked, title: text{"متن مصوبه", "Text of the resolution"},
			link: "https://egovernment.ir/storage/app/media/it-decisions/it-decisions-16-1.pdf",
		}},
	}
}
