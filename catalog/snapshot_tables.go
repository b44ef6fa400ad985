package catalog

import "slices"

// A sheet is one table of the public snapshot. It is filled from the public
// views only (see columns.go), under the names p, q … given in from.
type sheet struct {
	name    string
	from    string // after FROM; rows come in the order of the key, so that the file is packed
	key     string // primary key, over the sheet's own columns
	about   Text
	columns []field
}

// A field is a column of a sheet.
type field struct {
	name string
	kind string // SQL type; STRICT tables would keep older tools out
	expr string // over the public views
	fa   string
	en   string
}

// words are the columns of a text in several languages: one for each language
// of the site, and the other languages as a JSON object.
func words(name, expr, fa, en string) []field {
	return []field{
		{name + "_fa", "text", "json_extract(" + expr + ", '$.fa')", fa + "، فارسی", en + ", Persian"},
		{name + "_en", "text", "json_extract(" + expr + ", '$.en')", fa + "، انگلیسی", en + ", English"},
		{name + "_other", "text", "nullif(json_remove(" + expr + ", '$.fa', '$.en'), '{}')", fa + " به زبان‌های دیگر، JSON", en + " in other languages, JSON"},
	}
}

// plain is a column that is taken as it is; no text is null.
func plain(name, column, fa, en string) field {
	return field{name, "text", "nullif(" + column + ", '')", fa, en}
}

// partsOf is a column with the parts of a sentence.
func partsOf(name, column string) field {
	return plain(name, column, "پاره‌های همان جمله، هر یک با گونه و آنچه در آن است، آرایهٔ JSON", "The parts of that sentence, each with its kind and what stands in it, a JSON array")
}

// member is a member of the public part of a JSON column.
func member(name, column, fa, en string) field {
	return field{name, "text", "json_extract(" + column + ", '$')", fa, en}
}

func joined(parts ...[]field) []field {
	var all []field
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

// sheets are the tables of the snapshot, in the order in which they are written.
var sheets = append([]sheet{
	{
		name: "agencies", from: "public_agencies p order by p.id", key: "id",
		about: Text{"fa": "دستگاه‌هایی که داده منتشر می‌کنند", "en": "Bodies that publish data"},
		columns: joined(
			[]field{{"id", "text not null", "p.id", "شناسه", "Identifier"}, {"slug", "text not null unique", "p.slug", "نام در نشانی", "Name in addresses"}},
			words("title", "p.title", "نام", "Name"),
			words("description", "p.description", "شرح", "Description"),
			[]field{
				plain("kind", "p.kind", "نوع: وزارتخانه، سازمان، شهرداری …", "Kind: ministry, organization, municipality …"),
				{"parent", "text references agencies (id)", "(select q.id from public_agencies q where q.id = p.parent)", "دستگاه بالادست", "The agency above it"},
				plain("homepage", "p.homepage", "وبگاه", "Home page"),
				plain("contact", "p.contact", "نشانی برای درخواست اطلاعات", "Address for requests for information"),
				plain("created", "p.created", "زمان ثبت در این فهرست", "When it came into this catalogue"),
				{"datasets", "integer not null", "(select count(*) from public_datasets q where q.agency = p.id)", "شمار مجموعه‌داده‌های منتشرشده", "Number of published datasets"},
			}),
	},
	{
		name: "sources", from: "public_sources p order by p.id", key: "id",
		about: Text{"fa": "جاهایی که داده از آن‌ها گردآوری می‌شود", "en": "Places that records are harvested from"},
		columns: joined(
			[]field{{"id", "text not null", "p.id", "شناسه", "Identifier"}, {"slug", "text not null unique", "p.slug", "نام در نشانی", "Name in addresses"}},
			words("title", "p.title", "نام", "Name"),
			[]field{
				plain("kind", "p.kind", "شیوهٔ گردآوری", "Protocol of the harvest"),
				plain("url", "p.url", "نشانی در وب", "Address on the web"),
				{"agency", "text references agencies (id)", "(select q.id from public_agencies q where q.id = p.agency)", "دستگاه صاحب رکوردها", "Agency that its records belong to"},
				{"every_seconds", "integer", "nullif(p.every, 0)", "فاصلهٔ دو گردآوری، ثانیه", "Seconds between two harvests"},
				plain("licence", "p.licence", "مجوز رکوردهایی که خود مجوزی نام نبرده‌اند", "Licence of its records that name none"),
				plain("created", "p.created", "زمان ثبت", "When it was added"),
			}),
	},
	{
		name: "runs", from: "public_runs p order by p.id", key: "id",
		about: Text{"fa": "هر گردآوری از یک منبع و شمارش‌هایش", "en": "Each harvest of a source, with its counts"},
		columns: joined(
			[]field{
				{"id", "text not null", "p.id", "شناسه", "Identifier"},
				{"source", "text not null references sources (id)", "p.source", "منبع", "Source"},
				plain("state", "p.state", "وضعیت: complete، incomplete، held، failed، running", "State: complete, incomplete, held, failed, running"),
				{"dry_run", "integer not null", "p.dry_run", "۱: آزمایشی بود و چیزی برنداشت", "1: a trial that took nothing in"},
				plain("started", "p.started", "آغاز", "Start"), plain("finished", "p.finished", "پایان", "End"),
				plain("reason", "p.reason", "چرا کامل نیست", "Why it is not complete"), partsOf("said", "p.said"),
				plain("approved", "p.approved", "زمانی که حذف‌هایش تأیید شد", "When its removals were approved"),
				plain("refused", "p.refused", "زمانی که حذف‌هایش رد شد", "When its removals were refused"),
				plain("note", "p.note", "دلیل تأیید یا رد", "Why they were approved or refused"),
			},
			count("seen", "رکوردهای دیده‌شده", "Records seen"), count("new", "رکوردهای تازه", "New records"),
			count("changed", "رکوردهای دگرگون‌شده", "Changed records"), count("touched", "رکوردهایی که فقط تاریخشان تغییر کرد", "Records of which only the date moved"),
			count("unchanged", "رکوردهای بی‌تغییر", "Unchanged records"), count("faulty", "رکوردهای نادرست که برداشته نشدند", "Faulty records, not taken in"),
			count("missing", "رکوردهایی که دیگر نبودند", "Records that were there before and not in this run"),
			count("relinked", "رکوردهایی که با شناسهٔ دیگر آمدند", "Records that came under another identifier"),
			count("retired", "مجموعه‌داده‌هایی که برداشته شدند", "Datasets that were removed"), count("returned", "مجموعه‌داده‌هایی که بازگشتند", "Datasets that came back"),
			count("waiting", "حذف‌هایی که منتظر تأییدند", "Removals that wait for approval"),
			count("faults", "شمار ایرادها", "Number of faults"), count("declared", "شماری که خود منبع می‌گوید", "How many the source says it has")),
	},
	{
		name: "run_faults", from: "public_run_faults p order by p.run, p.n", key: "run, n",
		about: Text{"fa": "آنچه در یک گردآوری نادرست بود", "en": "What was wrong in a harvest"},
		columns: []field{
			{"run", "text not null references runs (id)", "p.run", "گردآوری", "Run"},
			{"n", "integer not null", "p.n", "شماره", "Number"},
			plain("severity", "p.severity", "شدت: run، record، field", "Severity: run, record, field"),
			plain("identifier", "p.identifier", "شناسهٔ رکورد در منبع", "The record's identifier in its source"),
			plain("position", "p.position", "جای رکورد در منبع", "Where in the source the record stood"),
			plain("field", "p.field", "فیلد", "Field"), plain("text", "p.text", "شرح ایراد", "The fault in a sentence"),
			partsOf("said", "p.said"),
		},
	},
	{
		name: "datasets", from: "public_datasets p order by p.id", key: "id",
		about:   Text{"fa": "مجموعه‌داده‌های منتشرشده (dcat:Dataset)", "en": "The published datasets (dcat:Dataset)"},
		columns: datasetFields(),
	},
	{
		name: "dataset_keywords", from: "public_datasets p, json_each(p.keywords) j order by p.id, j.key", key: "dataset, position",
		about: Text{"fa": "کلیدواژه‌های هر مجموعه‌داده", "en": "The keywords of each dataset"},
		columns: []field{
			{"dataset", "text not null references datasets (id)", "p.id", "مجموعه‌داده", "Dataset"},
			{"position", "integer not null", "j.key", "ترتیب، از صفر", "Place, from 0"},
			{"keyword", "text not null", "j.value", "کلیدواژه", "Keyword"},
		},
	},
	{
		name: "dataset_themes", from: "public_datasets p, json_each(p.themes) j order by p.id, j.key", key: "dataset, position",
		about: Text{"fa": "موضوع‌های هر مجموعه‌داده", "en": "The themes of each dataset"},
		columns: []field{
			{"dataset", "text not null references datasets (id)", "p.id", "مجموعه‌داده", "Dataset"},
			{"position", "integer not null", "j.key", "ترتیب، از صفر", "Place, from 0"},
			{"theme", "text not null", "j.value", "موضوع", "Theme"},
		},
	},
	{
		name: "resources", from: "public_resources p order by p.id", key: "id",
		about:   Text{"fa": "فایل‌ها، جدول‌ها و پیوندهای هر مجموعه‌داده (dcat:Distribution)", "en": "The files, tables and links of each dataset (dcat:Distribution)"},
		columns: resourceFields(),
	},
	{
		name: "editions", from: "public_editions p order by p.resource, p.digest", key: "resource, digest",
		about:   Text{"fa": "هر حالت ثابت یک فایل یا جدول، با ستون‌هایش", "en": "Each frozen state of a file or table, with its columns"},
		columns: editionFields(),
	},
	{
		name: "removals", from: "public_removals p order by p.id", key: "id",
		about:   Text{"fa": "دفتر حذف‌ها: آنچه منتشر شده بود و دیگر نیست", "en": "The ledger of removals: what was published and no longer is"},
		columns: removalFields(),
	},
	{
		name: "questions", from: "public_questions p order by p.id", key: "id",
		about:   Text{"fa": "پرسش‌ها و گزارش‌های مردم و پاسخ دستگاه‌ها", "en": "What people asked or reported, and the answers"},
		columns: questionFields(),
	},
}, slices.Concat(draftSheets(), talkSheets(), contractSheets(), measureSheets())...)

func count(name, fa, en string) []field {
	return []field{{name, "integer not null", "coalesce(json_extract(p.counts, '$." + name + "'), 0)", fa, en}}
}

func datasetFields() []field {
	return joined(
		[]field{{"id", "text not null", "p.id", "شناسه", "Identifier"}, {"slug", "text not null unique", "p.slug", "نام در نشانی", "Name in addresses"}},
		words("title", "p.title", "عنوان", "Title"),
		words("description", "p.description", "شرح", "Description"),
		[]field{
			{"agency", "text references agencies (id)", "(select q.id from public_agencies q where q.id = p.agency)", "دستگاه منتشرکننده", "Agency that publishes it"},
			{"source", "text references sources (id)", "(select q.id from public_sources q where q.id = p.source)", "منبعی که از آن آمده", "Source that it came from"},
			plain("identifier", "p.identifier", "شناسه در منبع", "Identifier in its source"),
			member("licence", "p.licence", "پروانه", "Licence"),
			member("rights", "p.rights", "حقوق", "Rights"),
			member("access_level", "p.access_level", "سطح دسترسی", "Access level"),
			member("spatial", "p.spatial", "پوشش مکانی", "Place covered"),
			{"temporal_start", "text", "json_extract(p.temporal, '$.start')", "آغاز پوشش زمانی", "Start of the time covered"},
			{"temporal_end", "text", "json_extract(p.temporal, '$.end')", "پایان پوشش زمانی", "End of the time covered"},
			member("frequency", "p.frequency", "دورهٔ به‌روزرسانی (ISO 8601)", "How often it is renewed (ISO 8601)"),
			member("issued", "p.issued", "تاریخ انتشار به گفتهٔ منبع", "Date of issue, as the source says"),
			member("modified", "p.modified", "تاریخ تغییر به گفتهٔ منبع", "Date of change, as the source says"),
			member("publisher", "p.publisher", "ناشر، از کوچک‌ترین واحد به بالا", "Publisher, from the smallest unit up"),
			{"contact_name", "text", "json_extract(p.contact, '$.name')", "نام برای تماس", "Name of the contact"},
			{"contact_email", "text", "json_extract(p.contact, '$.email')", "رایانامه برای تماس", "E-mail address of the contact"},
			member("landing_page", "p.landing_page", "صفحهٔ معرفی", "Landing page"),
			member("described_by", "p.described_by", "نشانی توضیح ستون‌ها", "Address of the data dictionary"),
			member("part_of", "p.part_of", "شناسهٔ مجموعهٔ دربرگیرنده در همان منبع", "Identifier, in the same source, of the series it belongs to"),
			member("languages", "p.languages", "زبان‌ها، آرایهٔ JSON", "Languages, a JSON array"),
			member("see_also", `p."references"`, "نشانی‌های مرتبط، آرایهٔ JSON", "Related addresses, a JSON array"),
			member("conforms_to", "p.conforms_to", "استانداردها، آرایهٔ JSON", "Standards it conforms to, a JSON array"),
			plain("created", "p.created", "زمان ورود به این فهرست", "When it came into this catalogue"),
			plain("updated", "p.updated", "آخرین تغییر در این فهرست", "When it last changed in this catalogue"),
			plain("missing_since", "p.missing", "از کی در منبع نیست", "Since when its source does not have it"),
		})
}

func resourceFields() []field {
	return joined(
		[]field{
			{"id", "text not null", "p.id", "شناسه", "Identifier"},
			{"dataset", "text not null references datasets (id)", "p.dataset", "مجموعه‌داده", "Dataset"},
			{"position", "integer not null", "p.position", "ترتیب در مجموعه‌داده", "Place within the dataset"},
			{"part_of", "text references resources (id)", "(select q.id from public_resources q where q.id = p.part_of)", "منبعی که این جدول در فایل آن است", "Resource whose file this table is in"},
			member("name", "p.name", "نام", "Name"),
		},
		words("title", "p.title", "عنوان", "Title"),
		words("description", "p.description", "شرح", "Description"),
		[]field{
			member("identifier", "p.identifier", "شناسه در منبع", "Identifier in its source"),
			member("access_url", "p.access_url", "نشانی دسترسی", "Address of access"),
			member("download_url", "p.download_url", "نشانی دریافت نزد منبع", "Address of download at the source"),
			member("media_type", "p.media_type", "نوع رسانه", "Media type"),
			member("format", "p.format", "قالب", "Format"),
			{"size", "integer", "json_extract(p.size, '$')", "اندازه به بایت، به گفتهٔ منبع", "Size in bytes, as the source says"},
			member("modified", "p.modified", "تاریخ تغییر به گفتهٔ منبع", "Date of change, as the source says"),
			plain("fetch", "p.fetch", "وضعیت دریافت فایل: done، pending، failed", "State of the file: done, pending, failed"),
			plain("fetch_fault", "p.fetch_fault", "چرا فایل یا جدولی نیست", "Why there is no file, or no table in it"),
			partsOf("fetch_said", "p.fetch_said"),
			plain("fetched", "p.fetched", "زمان دریافت", "When it was fetched"),
			plain("edition", "p.edition", "ویرایش جاری (editions.digest)", "Current edition (editions.digest)"),
		})
}

func editionFields() []field {
	return []field{
		{"resource", "text not null references resources (id)", "p.resource", "منبع داده", "Resource"},
		{"digest", "text not null", "p.digest", "چکیدهٔ SHA-256 که ویرایش را برای همیشه می‌نامد", "SHA-256 that names the edition for ever"},
		plain("file", "p.file", "چکیدهٔ SHA-256 فایل", "SHA-256 of the file"), plain("file_name", "p.file_name", "نام فایل", "Name of the file"),
		{"size", "integer not null", "p.size", "اندازهٔ فایل به بایت", "Size of the file in bytes"},
		plain("since", "p.since", "از کی هست", "Since when it exists"),
		{"has_table", "integer not null", "p.has_table", "۱: جدول دارد", "1: it has a table"},
		{"rows", "integer not null", "p.rows", "شمار ردیف‌ها", "Number of rows"},
		{"columns", "text", "p.columns", "ستون‌ها، آرایهٔ JSON؛ نمای table_columns آن‌ها را ردیف‌به‌ردیف دارد", "The columns, a JSON array; the view table_columns has them as rows"},
		{"profile", "text", "p.profile", "آمار ستون‌ها، آرایهٔ JSON", "Figures of the columns, a JSON array"},
		{"notes", "text", "p.notes", "سطرهای پیش از سرستون، آرایهٔ JSON", "Lines before the header, a JSON array"},
		{"faults", "text", "p.faults", "ایرادهای فایل، آرایهٔ JSON", "Faults of the file, a JSON array"},
		{"faults_total", "integer not null", "p.faults_n", "شمار همهٔ ایرادها", "Number of all faults"},
	}
}

func removalFields() []field {
	return joined(
		[]field{
			{"id", "text not null", "p.id", "شناسه", "Identifier"},
			plain("at", "p.at", "زمان حذف", "When it was removed"),
			plain("noun", "p.noun", "نوع: dataset، resource", "Kind of thing: dataset, resource"),
			plain("thing", "p.thing", "شناسهٔ چیز حذف‌شده", "Identifier of what was removed"),
			plain("slug", "p.slug", "نام مجموعه‌داده در نشانی", "Name of the dataset in addresses"),
		},
		words("title", "p.title", "عنوان", "Title"),
		[]field{
			{"agency", "text references agencies (id)", "(select q.id from public_agencies q where q.id = p.agency)", "دستگاه منتشرکننده", "Agency that published it"},
			plain("kind", "p.kind", "چرا: missing، deleted، takedown، source", "Why: missing, deleted, takedown, source"),
			plain("reason", "p.reason", "دلیل به نوشتهٔ متصدی", "The reason in an operator's words"),
			{"source", "text references sources (id)", "(select q.id from public_sources q where q.id = p.source)", "منبع", "Source"},
			{"run", "text references runs (id)", "(select q.id from public_runs q where q.id = p.run)", "گردآوری", "Run"},
			plain("identifier", "p.identifier", "شناسه در منبع", "Identifier in its source"),
			plain("missing_since", "p.missing", "از کی در منبع نبود", "Since when its source did not have it"),
			plain("record", "p.record", "چکیدهٔ SHA-256 آخرین نسخهٔ شناخته‌شده", "SHA-256 of the last known copy of its record"),
			plain("returned", "p.returned", "زمان بازگشت", "When it came back"),
		})
}

// A view of the snapshot, and what it is for.
type view struct {
	name, query string
	about       Text
}

// views save those who ask the commonest questions from joins.
var views = []view{
	{
		"current_tables",
		`select d.slug as dataset, d.title_fa, d.title_en, r.id as resource, r.name, r.format, e.rows, e.digest, e.since
			from resources r join datasets d on d.id = r.dataset join editions e on e.resource = r.id and e.digest = r.edition where e.has_table`,
		Text{"fa": "جدول‌های جاری با شمار ردیف‌هایشان", "en": "The current tables with their numbers of rows"},
	},
	{
		"table_columns",
		`select e.resource, e.digest, j.key as position, json_extract(j.value, '$.name') as name, json_extract(j.value, '$.label') as label,
			json_extract(j.value, '$.type') as type from editions e, json_each(e.columns) j where e.has_table`,
		Text{"fa": "ستون‌های هر جدول، ردیف‌به‌ردیف", "en": "The columns of each table, one a row"},
	},
}

// indexes make joins and the usual questions quick.
var indexes = []string{
	"create index datasets_agency on datasets (agency)",
	"create index resources_dataset on resources (dataset, position)",
	"create index dataset_keywords_keyword on dataset_keywords (keyword)",
	"create index dataset_themes_theme on dataset_themes (theme)",
	"create index editions_digest on editions (digest)",
	"create index runs_source on runs (source)",
}

func questionFields() []field {
	return []field{
		{"id", "text not null", "p.id", "شناسه", "Identifier"},
		{"agency", "text not null references agencies (id)", "p.agency", "دستگاهی که از آن پرسیده‌اند", "Agency that was asked"},
		plain("dataset", "p.dataset", "مجموعه‌داده‌ای که پرسش دربارهٔ آن است؛ شاید دیگر منتشر نباشد", "Dataset that it is about; it may no longer be published"),
		plain("resource", "p.resource", "فایلی که پرسش دربارهٔ آن است", "File that it is about"),
		{"kind", "text not null", "p.kind", "نوع: question، problem، missing", "Kind: question, problem, missing"},
		{"state", "text not null", "p.state", "وضعیت: open، answered، declined، withdrawn", "State: open, answered, declined, withdrawn"},
		{"lang", "text not null", "p.lang", "زبان متن", "Language of the text"},
		plain("name", "p.name", "نامی که پرسنده داده است", "Name that was given with it"),
		plain("text", "p.text", "متن", "Text"),
		{"asked", "text not null", "p.asked", "زمان دریافت", "When it came"},
		plain("opened", "p.opened", "از کی همه می‌بینند", "Since when everybody reads it"),
		plain("closed", "p.closed", "زمان پاسخ، رد یا پس‌گرفتن", "When it was answered, declined or withdrawn"),
		{"answered_after_seconds", "integer", "p.waited", "چند ثانیه تا پاسخ", "Seconds until the answer"},
		plain("reason", "p.reason", "چرا رد شد", "Why it was declined"),
		plain("answer", "p.answer", "پاسخ", "Answer"),
	}
}
