package catalog

// ofFiling is the column that says which filing a row is of.
func ofFiling() field {
	return field{"filing", "text not null references filings (id)", "p.filing", "گزارش", "Filing"}
}

// number and must are columns that are taken as they are and are never null.
func number(name, fa, en string) field { return field{name, "integer not null", "p." + name, fa, en} }

func must(name, fa, en string) field { return field{name, "text not null", "p." + name, fa, en} }

// measuredAgency is the column that says whom a row is about.
func measuredAgency() field {
	return field{"agency", "text not null references agencies (id)", "p.agency", "دستگاه", "Agency"}
}

// measureSheets are the tables of the snapshot about what agencies are measured
// by, and how good their datasets are.
func measureSheets() []sheet { return append(filingSheets(), scoreSheets()...) }

func filingSheets() []sheet {
	return []sheet{
		{
			name: "indicator_sets", from: "public_indicator_sets p order by p.version", key: "version",
			about: Text{"fa": "شاخص‌های شفافیت و قاعده‌هایشان، هر نسخه از زمانی که اعتبار یافت", "en": "The transparency indicators with their rules, each version from when it was in force"},
			columns: joined([]field{
				number("version", "نسخه", "Version"), must("since", "از کی معتبر است", "Since when it is in force"),
				must("rules", "شاخص‌ها و قاعده‌ها، JSON", "Indicators and rules, JSON"),
			}, words("note", "p.note", "چرا چنین است", "Why it is as it is")),
		},
		{
			name: "filings", from: "public_filings p order by p.id", key: "id",
			about: Text{"fa": "آنچه دستگاه‌ها برای هر شاخص و دوره ارائه کرده‌اند", "en": "What agencies handed in, by indicator and period"},
			columns: joined([]field{
				must("id", "شناسه", "Identifier"), measuredAgency(), must("indicator", "شاخص", "Indicator"),
				must("period", "دوره: 1405، 1405-H2، 1405-Q3 یا 1405-08", "Period: 1405, 1405-H2, 1405-Q3 or 1405-08"),
				must("state", "وضعیت: submitted ارائه‌شده، accepted پذیرفته، rejected ردشده، objected معترض", "State: submitted, accepted, rejected or objected"),
				plain("due", "p.due", "مهلت", "When it was due"), plain("filed", "p.filed", "نخستین ارائه", "When it was handed in first"),
				plain("updated", "p.updated", "آخرین تغییر", "When it changed last"),
			}, words("statement", "p.statement", "سخن دستگاه دربارهٔ آن", "What the agency says of it")),
		},
		{
			name: "filing_evidence", from: "public_filing_evidence p order by p.filing, p.n", key: "filing, n",
			about: Text{"fa": "مدرک‌های هر گزارش؛ آن‌ها که پایان دارند دیگر معتبر نیستند", "en": "The evidence of filings; what has an end holds no more"},
			columns: joined([]field{
				ofFiling(), number("n", "شماره", "Number"), must("kind", "گونه: dataset، resource، link، statement", "Kind: dataset, resource, link or statement"),
				plain("thing", "p.thing", "شناسهٔ مجموعه‌داده یا فایل", "Identifier of the dataset or file"), plain("url", "p.url", "نشانی پیوند", "Address of the link"),
				plain("at", "p.at", "زمان ارائه", "When it was handed in"), plain("until", "p.until", "تا کی معتبر بود", "Until when it held"),
			}, words("text", "p.text", "متن", "Text")),
		},
		{
			name: "filing_checks", from: "public_filing_checks p order by p.filing, p.n", key: "filing, n",
			about: Text{"fa": "بررسی‌های ماشین، هر یک با آنچه دید و آنچه از آن برمی‌آید", "en": "What the machine found, each check with what it saw and what follows from it"},
			columns: []field{
				ofFiling(), number("n", "شماره", "Number"), plain("at", "p.at", "زمان", "When"), number("version", "نسخهٔ قاعده‌ها", "Version of the rules"),
				number("points", "امتیاز از ۲۰", "Points of 20"), must("hash", "چکیدهٔ SHA-256 آنچه دید", "SHA-256 of what it saw"),
				must("seen", "آنچه دید، JSON", "What it saw, JSON"), must("facts", "جمله‌هایی که از آن برمی‌آید، JSON", "The sentences that follow from it, JSON"),
			},
		},
		{
			name: "filing_acts", from: "public_filing_acts p order by p.filing, p.n", key: "filing, n",
			about: Text{"fa": "ارائه، بازبینی، اعتراض و رأی دربارهٔ هر گزارش", "en": "Submission, review, objection and decision about filings"},
			columns: []field{
				ofFiling(), number("n", "شماره", "Number"), plain("at", "p.at", "زمان", "When"),
				must("kind", "submitted، accepted، rejected، objected، upheld، dismissed", "submitted, accepted, rejected, objected, upheld or dismissed"),
				plain("reason", "p.reason", "دلیل", "Why"), number("check_n", "شمارهٔ آخرین بررسی در آن زمان", "Number of the newest check then"),
			},
		},
	}
}

func scoreSheets() []sheet {
	return []sheet{
		{
			name: "scores", from: "public_scores p order by p.agency, p.indicator, p.period", key: "agency, indicator, period",
			about: Text{"fa": "امتیاز هر دستگاه در هر شاخص و دوره", "en": "The score of each agency, by indicator and period"},
			columns: []field{
				measuredAgency(), must("indicator", "شاخص", "Indicator"), must("period", "دوره", "Period"), number("version", "نسخهٔ قاعده‌ها", "Version of the rules"),
				must("state", "وضعیت؛ late یعنی ارائه نشد", "State; late: nothing was handed in"),
				{"points", "integer", "p.points", "امتیاز از ۲۰؛ خالی یعنی سنجیده نشده", "Points of 20; empty: not measured"},
				{"filing", "text references filings (id)", "nullif(p.filing, '')", "گزارش", "Filing"},
				number("gone", "۱: مدرک پس از بسته‌شدن دوره از میان رفت", "1: its evidence vanished after the period was closed"), plain("at", "p.at", "زمان", "When"),
			},
		},
		{
			name: "dataset_quality", from: "public_quality p order by p.dataset", key: "dataset",
			about: Text{"fa": "کیفیت هر مجموعه‌داده", "en": "How good each dataset is"},
			columns: []field{
				{"dataset", "text not null references datasets (id)", "p.dataset", "مجموعه‌داده", "Dataset"},
				measuredAgency(), number("stars", "ستاره از ۵", "Stars of 5"),
				number("points", "امتیاز از ۴۰۵ به روش data.europa.eu", "Points of 405, by the assessment of data.europa.eu"),
				must("freshness", "تازگی: current، due، overdue، ended، unknown", "Freshness: current, due, overdue, ended or unknown"),
				must("facts", "سنجه‌ها، JSON", "The metrics, JSON"), plain("at", "p.at", "زمان", "When"),
			},
		},
	}
}
