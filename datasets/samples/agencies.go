package samples

// An Agency is a publishing body of the demo, its texts by language tag.
// Contact addresses are made up; home pages are given where they are known.
type Agency struct {
	Slug        string
	Title       map[string]string
	Description map[string]string
	Kind        string
	Homepage    string
	Contact     string
}

// Slugs of the agencies.
const (
	ito       = "information-technology-organization"
	itCouncil = "executive-council-of-it-secretariat"
	planning  = "plan-and-budget-organization"
	personnel = "administrative-and-recruitment-organization"
	treasury  = "ministry-of-economic-affairs-and-finance"
	statistic = "statistical-centre"
	regulator = "communications-regulatory-authority"
	nature    = "department-of-environment"
	ministryH = "ministry-of-health"
	ministryN = "ministry-of-energy"
	ministryE = "ministry-of-education"
	ministryR = "ministry-of-roads"
	tehran    = "tehran-municipality"
)

// Agencies returns the agencies of the demo.
func Agencies() []Agency {
	return []Agency{
		agency(ito, "organization", "https://ito.gov.ir/", "data@ito.example",
			text{"سازمان فناوری اطلاعات ایران", "Information Technology Organization of Iran"},
			text{"پنجرهٔ ملی خدمات دولت، مرکز ملی تبادل اطلاعات و مجوزهای نرم‌افزار را اداره می‌کند.", "Runs the national services window, the national information exchange and software licensing."}),
		agency(itCouncil, "council", "https://egovernment.ir/", "info@egovernment.example",
			text{"دبیرخانهٔ شورای اجرایی فناوری اطلاعات", "Secretariat of the Executive Council of Information Technology"},
			text{"مصوبه‌های دولت الکترونیک را آماده و اجرای آن‌ها را پایش می‌کند.", "Prepares the resolutions on electronic government and watches how they are carried out."}),
		agency(planning, "organization", "https://www.mporg.ir/", "data@planning.example",
			text{"سازمان برنامه و بودجهٔ کشور", "Plan and Budget Organization"},
			text{"بودجهٔ سالانهٔ کشور را تنظیم و اجرای برنامه‌های توسعه را ارزیابی می‌کند.", "Draws up the yearly budget and evaluates the development plans."}),
		agency(personnel, "organization", "https://aro.gov.ir/", "info@personnel.example",
			text{"سازمان اداری و استخدامی کشور", "Administrative and Recruitment Organization"},
			text{"شناسنامهٔ خدمات دستگاه‌ها و آمار کارکنان دولت را نگه می‌دارد.", "Keeps the catalogue of public services and the statistics of civil servants."}),
		agency(treasury, "ministry", "http://www.mefa.gov.ir/", "foia@economy.example",
			text{"وزارت امور اقتصادی و دارایی", "Ministry of Economic Affairs and Finance"},
			text{"درگاه ملی مجوزها، خزانه و امور مالیاتی را در بر می‌گیرد.", "Comprises the national licensing gateway, the treasury and tax affairs."}),
		agency(statistic, "organization", "https://amar.org.ir/", "stat@statistics.example",
			text{"مرکز آمار ایران", "Statistical Centre of Iran"},
			text{"سرشماری‌ها و آمارهای رسمی کشور را تهیه می‌کند.", "Takes the censuses and makes the official statistics."}),
		agency(regulator, "organization", "https://195.cra.ir/", "195@regulator.example",
			text{"سازمان تنظیم مقررات و ارتباطات رادیویی", "Communications Regulatory Authority"},
			text{"پروانهٔ بهره‌برداران ارتباطی را صادر و به شکایت مشترکان رسیدگی می‌کند.", "Licenses operators and deals with the complaints of subscribers."}),
		agency(nature, "organization", "https://doe.ir/", "info@environment.example",
			text{"سازمان حفاظت محیط زیست", "Department of Environment"},
			text{"کیفیت هوا را پایش و مناطق حفاظت‌شده را اداره می‌کند.", "Monitors the air and looks after the protected areas."}),
		agency(ministryH, "ministry", "https://www.behdasht.gov.ir/", "data@health.example",
			text{"وزارت بهداشت، درمان و آموزش پزشکی", "Ministry of Health and Medical Education"},
			text{"شبکهٔ بهداشت و درمان کشور را اداره می‌کند.", "Runs the country's network of health care."}),
		agency(ministryN, "ministry", "https://moe.gov.ir/", "data@energy.example",
			text{"وزارت نیرو", "Ministry of Energy"},
			text{"آب و برق کشور را تأمین می‌کند.", "Supplies the country with water and electricity."}),
		agency(ministryE, "ministry", "https://www.medu.ir/", "info@education.example",
			text{"وزارت آموزش و پرورش", "Ministry of Education"},
			text{"مدرسه‌های کشور را تا پایان دورهٔ متوسطه اداره می‌کند.", "Runs the schools up to the end of secondary education."}),
		agency(ministryR, "ministry", "https://www.mrud.ir/", "data@roads.example",
			text{"وزارت راه و شهرسازی", "Ministry of Roads and Urban Development"},
			text{"راه، راه‌آهن، بندر، فرودگاه و مسکن در قلمرو آن است.", "Is in charge of roads, railways, ports, airports and housing."}),
		agency(tehran, "municipality", "https://www.tehran.ir/", "opendata@tehran.example",
			text{"شهرداری تهران", "Tehran Municipality"},
			text{"خدمات شهری پایتخت را در بیست‌ودو منطقه فراهم می‌کند.", "Provides the services of the capital in twenty-two districts."}),
	}
}

func agency(slug, kind, homepage, contact string, title, about text) Agency {
	return Agency{
		Slug: slug, Kind: kind, Homepage: homepage, Contact: contact,
		Title:       map[string]string{"fa": title.fa, "en": title.en},
		Description: map[string]string{"fa": about.fa, "en": about.en},
	}
}

// agencyOf returns the agency with the slug.
func agencyOf(slug string) Agency {
	for _, a := range Agencies() {
		if a.Slug == slug {
			return a
		}
	}
	panic("no agency " + slug) // the slugs are constants of this package
}
