package catalog

// contractSheets are the tables of the snapshot about public contracts.
func contractSheets() []sheet {
	ofProcess := field{"process", "text not null references processes (id)", "p.process", "فرایند خرید", "Process"}
	return []sheet{
		{
			name: "processes", from: "public_processes p order by p.id", key: "id",
			about:   Text{"fa": "فرایندهای خرید عمومی (OCDS)", "en": "Processes of public contracting (OCDS)"},
			columns: processFields(),
		},
		{
			name: "releases", from: "public_releases p order by p.id", key: "id",
			about: Text{"fa": "نشرهای هر فرایند، چنان‌که آمده‌اند", "en": "The releases of each process, as they came"},
			columns: []field{
				{"id", "text not null", "p.id", "شناسه", "Identifier"},
				ofProcess,
				{"n", "integer not null", "p.n", "ترتیب رسیدن، از یک", "Place in the order in which they came, from 1"},
				{"source", "text references sources (id)", "(select q.id from public_sources q where q.id = p.source)", "منبعی که از آن آمده", "Source that it came from"},
				plain("identifier", "p.identifier", "شناسه در منبع", "Identifier in its source"), plain("release", "p.release", "شناسهٔ ناشر", "The publisher's own identifier"),
				plain("date", "p.date", "تاریخ نشر", "Date of the release"), plain("tags", "p.tags", "مرحله‌ها، آرایهٔ JSON", "What it is about, a JSON array"),
				plain("content", "p.content", "آنچه می‌گوید، JSON", "What it says, JSON"),
			},
		},
		{
			name: "process_amounts", from: "public_process_amounts p order by p.process, p.what, p.currency", key: "process, what, currency",
			about: Text{"fa": "ارزش هر فرایند به تفکیک مرحله و واحد پول", "en": "What each process is worth, by stage and currency"},
			columns: []field{
				ofProcess,
				{"what", "text not null", "p.what", "tendered برآورد، awarded برنده، contracted قرارداد، paid پرداخت", "tendered, awarded, contracted or paid"},
				{"currency", "text not null", "p.currency", "واحد پول", "Currency"},
				{"amount", "integer not null", "p.amount", "مبلغ، به کوچک‌ترین واحد پول", "Amount in the smallest unit of the currency"},
			},
		},
		{
			name: "parties", from: "public_parties p order by p.id", key: "id",
			about: Text{"fa": "سازمان‌های قراردادهای عمومی", "en": "Organisations in public contracts"},
			columns: []field{
				{"id", "text not null", "p.id", "شناسه", "Identifier"},
				{"slug", "text not null unique", "p.slug", "نام در نشانی", "Name in addresses"},
				{"name", "text not null", "p.name", "نام", "Name"},
				plain("scheme", "p.scheme", "فهرستی که شناسه از آن است", "List that its number is of"), plain("number", "p.number", "شناسهٔ ثبتی", "Its number there"),
				plain("country", "p.country", "کشور", "Country"),
			},
		},
		{
			name: "process_parties", from: "public_process_parties p order by p.process, p.party, p.role, p.thing", key: "process, party, role, thing",
			about: Text{"fa": "هر سازمان در هر فرایند چه نقشی دارد", "en": "What each organisation does in each process"},
			columns: []field{
				ofProcess,
				{"party", "text not null references parties (id)", "p.party", "سازمان", "Organisation"},
				{"role", "text not null", "p.role", "buyer، procuringEntity، tenderer، supplier، payer، payee", "buyer, procuringEntity, tenderer, supplier, payer or payee"},
				{"thing", "text not null", "p.thing", "شناسهٔ انتخاب برنده، برای تأمین‌کننده", "Id of the award, for suppliers"},
				{"amount", "integer", "p.amount", "آنچه به آن رسید، به کوچک‌ترین واحد پول", "What it got, in the smallest unit of the currency"},
				plain("currency", "p.currency", "واحد پول", "Currency"),
			},
		},
	}
}

func processFields() []field {
	minor := func(name, fa, en string) field {
		return field{name, "integer", "p." + name, fa + "، به کوچک‌ترین واحد پول", en + ", in the smallest unit of the currency"}
	}
	return joined(
		[]field{
			{"id", "text not null", "p.id", "شناسه", "Identifier"},
			{"slug", "text not null unique", "p.slug", "نام در نشانی", "Name in addresses"},
			{"ocid", "text not null unique", "p.ocid", "شناسهٔ فرایند در استاندارد (ocid)", "Identifier of the process in the standard (ocid)"},
		},
		words("title", "p.title", "عنوان", "Title"),
		[]field{
			{"agency", "text references agencies (id)", "(select q.id from public_agencies q where q.id = p.agency)", "دستگاه ناشر", "Agency that publishes it"},
			{"source", "text references sources (id)", "(select q.id from public_sources q where q.id = p.source)", "منبع نخستین نشر", "Source of its first release"},
			plain("stage", "p.stage", "مرحله: planning، tender، award، contract، implementation", "planning, tender, award, contract or implementation"),
			plain("status", "p.status", "وضعیت آن مرحله", "Status of that stage"),
			plain("method", "p.method", "روش: open، selective، limited، direct", "open, selective, limited or direct"),
			plain("category", "p.category", "دسته: goods، works، services", "goods, works or services"),
			{"buyer", "text references parties (id)", "(select q.id from public_parties q where q.id = p.buyer)", "خریدار", "Buyer"},
			plain("date", "p.date", "تاریخ آخرین نشر", "Date of the last release"),
			plain("currency", "p.currency", "واحد پول مبلغ‌های این سطر", "Currency of the amounts in this row"),
			{"scale", "integer not null", "p.scale", "رقم‌های اعشار آن واحد پول", "Digits behind the point of that currency"},
			minor("tendered", "برآورد مناقصه", "Value of the tender"), minor("awarded", "جمع برنده‌ها", "Value of the awards"),
			minor("contracted", "جمع قراردادها", "Value of the contracts"), minor("paid", "جمع پرداخت‌ها", "Payments"),
			{"tenderers", "integer", "p.tenderers", "شمار پیشنهادها", "Number of offers"},
			plain("budget_line", "p.line", "ردیف بودجه‌ای که نام برده", "Budget line that it names"), plain("budget", "p.budget", "نام بودجه‌ای که این ردیف را دارد", "Slug of the budget that has this line"),
			plain("flags", "p.flags", "نتیجهٔ همهٔ نشانه‌های هشدار، JSON", "What came of each red flag, JSON"),
			plain("compiled", "p.compiled", "آنچه از نشرها برمی‌آید، JSON", "What the releases make together, JSON"),
			plain("history", "p.history", "آنچه نشرهای بعدی جور دیگری گفتند، JSON", "What later releases said otherwise, JSON"),
			{"created", "text not null", "p.created", "زمان ساخته‌شدن", "When it came into the catalogue"},
			{"updated", "text not null", "p.updated", "زمان آخرین تغییر", "When it changed last"},
		})
}
