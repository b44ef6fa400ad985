package samples

// budgets are those of the demo.
func budgets() []budget {
	return []budget{
		{agency: treasury, shape: inRials, chapters: granting(), programmes: []programme{
			{"10101", text{"خزانه‌داری و حسابداری دولت", "Treasury and government accounting"}, "01.1.2", 1200},
			{"10102", text{"وصول مالیات", "Tax collection"}, "01.1.2", 2600},
			{"10103", text{"مدیریت بدهی دولت", "Management of public debt"}, publicDebt, 5400},
			{"10104", text{"انتقال به دولت‌های محلی", "Transfers to local government"}, "01.8", 3100},
		}},
		{agency: ministryH, shape: inMillions, chapters: staffed(), programmes: []programme{
			{"20201", text{"مراقبت‌های اولیهٔ بهداشتی", "Primary health care"}, "07.2.1", 6200},
			{"20202", text{"خدمات بیمارستانی", "Hospital services"}, "07.3.1", 14800},
			{"20203", text{"دارو و تجهیزات", "Medicines and equipment"}, "07.1.1", 3900},
			{"20204", text{"آموزش پزشکی", "Medical education"}, "09.4", 4100},
			{"20205", text{"پژوهش سلامت", "Health research"}, "07.5", 640},
		}},
		{agency: ministryE, shape: inRials, chapters: staffed(), programmes: []programme{
			{"30301", text{"آموزش پیش‌دبستانی و ابتدایی", "Pre-primary and primary education"}, "09.1", 15200},
			{"30302", text{"آموزش متوسطه", "Secondary education"}, "09.2", 13400},
			{"30303", text{"سوادآموزی", "Literacy"}, "09.5", 720},
			{"30304", text{"نوسازی مدرسه‌ها", "Renewal of schools"}, "09.1.2", 2900},
		}},
		{agency: ministryR, shape: inRials, chapters: building(), programmes: []programme{
			{"40401", text{"ساخت راه", "Building of roads"}, "04.5.1", 7300},
			{"40402", text{"نگهداری راه", "Maintenance of roads"}, "04.5.1", 4200},
			{"40403", text{"راه‌آهن", "Railways"}, "04.5.3", 5100},
			{"40404", text{"بندر و دریانوردی", "Ports and shipping"}, "04.5.2", 1800},
			{"40405", text{"مسکن و شهرسازی", "Housing and town planning"}, "06.1", 3600},
		}},
		{agency: ministryN, shape: withSums, over: 1403, chapters: building(), programmes: []programme{
			{"50501", text{"تأمین آب", "Water supply"}, "06.3", 4700},
			{"50502", text{"تولید و انتقال برق", "Generation and transmission of electricity"}, "04.3.5", 8800},
			{"50503", text{"فاضلاب", "Sewerage"}, "05.2", 1900},
			{"50504", text{"انرژی تجدیدپذیر", "Renewable energy"}, "04.3.6", 950},
		}},
		{agency: nature, shape: inEnglish, chapters: staffed(), programmes: []programme{
			{"60601", text{"منطقه‌های حفاظت‌شده", "Protected areas"}, "05.4", 310},
			{"60602", text{"پایش آلودگی هوا", "Monitoring of air pollution"}, "05.3", 270},
			{"60603", text{"پسماند", "Waste"}, "05.1", 420},
		}},
		{agency: statistic, shape: inRials, silent: 1401, chapters: staffed(), programmes: []programme{
			{"70701", text{"سرشماری و آمارگیری", "Censuses and surveys"}, "01.3.2", 260},
			{"70702", text{"شاخص‌های قیمت", "Price indices"}, "01.3.2", 90},
			{"70703", text{"زیرساخت آماری", "Statistical infrastructure"}, "01.3.2", 140},
		}},
		{agency: tehran, shape: wideTable, chapters: building(), programmes: []programme{
			{"80801", text{"مترو و اتوبوس", "Metro and buses"}, "04.5", 5600},
			{"80802", text{"فضای سبز", "Parks and greenery"}, "05.4", 1300},
			{"80803", text{"مدیریت پسماند", "Waste management"}, "05.1", 1700},
			{"80804", text{"فرهنگ و ورزش", "Culture and sport"}, "08.2", 880},
			{"80805", text{"بهسازی محله‌ها", "Renewal of neighbourhoods"}, "06.2", 1450},
		}},
	}
}
