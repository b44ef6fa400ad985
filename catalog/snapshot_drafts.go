package catalog

// draftSheets are the tables of the snapshot about drafts and their texts.
func draftSheets() []sheet {
	return []sheet{
		{
			name: "drafts", from: "public_drafts p order by p.id", key: "id",
			about:   Text{"fa": "پیش‌نویس مقررات", "en": "Draft regulations"},
			columns: draftFields(),
		},
		{
			name: "draft_versions", from: "public_versions p order by p.id", key: "id",
			about: Text{"fa": "متن‌های هر پیش‌نویس، از نخستین تا مصوب", "en": "The texts of each draft, from the first to the approved one"},
			columns: joined([]field{
				{"id", "text not null", "p.id", "شناسه", "Identifier"},
				ofDraft(),
				{"n", "integer not null", "p.n", "شمارهٔ متن، از یک", "Number of the text, from 1"},
				{"kind", "text not null", "p.kind", "initial نخستین، revised بازنگری‌شده، approved مصوب", "initial, revised or approved"},
				{"lang", "text not null", "p.lang", "زبان متن", "Language of the text"},
				{"published", "text", "p.published", "زمان انتشار", "When it was published"},
				{"articles", "integer not null", "p.articles", "شمار ماده‌ها", "Number of articles"},
				plain("title", "p.title", "عنوان در خود متن", "Title, as the text itself has it"),
			}, words("note", "p.note", "آنچه در آن تازه است", "What is new in it")),
		},
		{
			name: "provisions", from: "public_provisions p order by p.version, p.position", key: "version, position",
			about:   Text{"fa": "ماده‌ها، تبصره‌ها و دیگر پاره‌های هر متن، به‌ترتیب", "en": "The articles, notes and other provisions of each text, in their order"},
			columns: provisionFields(),
		},
		{
			name: "draft_periods", from: "public_periods p order by p.id", key: "id",
			about: Text{"fa": "دوره‌های نظرخواهی؛ آخرین سطر هر پیش‌نویس معتبر است", "en": "When drafts are open; the last line of a draft is in force"},
			columns: []field{
				{"id", "text not null", "p.id", "شناسه", "Identifier"},
				ofDraft(),
				{"n", "integer not null", "p.n", "شمارهٔ سطر، از یک", "Number of the line, from 1"},
				{"kind", "text not null", "p.kind", "opened گشایش، extended تمدید، reopened گشایش دوباره، closed پایان زودتر", "opened, extended, reopened or closed early"},
				plain("opens", "p.opens", "آغاز", "When it opens"), plain("closes", "p.closes", "پایان", "When it closes"),
				plain("basis", "p.basis", "قاعده یا تصمیمی که از آن برمی‌آید", "The rule or decision that it follows from"),
				plain("at", "p.at", "زمان ثبت", "When it was set"),
			},
		},
		{
			name: "draft_papers", from: "public_papers p order by p.id", key: "id",
			about: Text{"fa": "مدارک همراه پیش‌نویس", "en": "Documents beside a draft"},
			columns: joined([]field{
				{"id", "text not null", "p.id", "شناسه", "Identifier"},
				ofDraft(),
				{"position", "integer not null", "p.position", "ترتیب", "Place"},
				plain("kind", "p.kind", "نوع: justification، impact، annex و مانند آن", "Kind: justification, impact, annex and so on"),
				{"state", "text not null", "p.state", "published منتشرشده، retired برداشته‌شده", "published or retired"},
				plain("reason", "p.reason", "چرا برداشته شد", "Why it was retired"),
				plain("file", "p.file", "چکیدهٔ SHA-256 فایل", "SHA-256 of the file"),
				plain("name", "p.name", "نام فایل", "Name of the file"),
				plain("media_type", "p.media", "نوع رسانه", "Media type"),
				{"size", "integer", "nullif(p.size, 0)", "اندازه، بایت", "Size in bytes"},
				plain("url", "p.url", "نشانی در وب", "Address on the web"),
				plain("lang", "p.lang", "زبان", "Language"),
			}, words("title", "p.title", "عنوان", "Title")),
		},
	}
}

// talkSheets are the tables about what people and agencies said of drafts.
func talkSheets() []sheet {
	return []sheet{
		{
			name: "comments", from: "public_comments p order by p.seq", key: "seq",
			about:   Text{"fa": "نظرها؛ از نظرِ برداشته یا پس‌گرفته تنها نشانی مانده است", "en": "Comments; of one that was removed or taken back there is only the mark"},
			columns: commentFields(),
		},
		{
			name: "comment_groups", from: "public_clusters p order by p.id", key: "id",
			about: Text{"fa": "دسته‌های نظرهای همانند", "en": "Groups of like comments"},
			columns: []field{
				{"id", "integer not null", "p.id", "شناسه", "Identifier"},
				ofDraft(),
				{"first", "integer not null", "p.first", "نظری که نمایندهٔ دسته است (seq)", "Comment that stands for the group (seq)"},
				{"size", "integer not null", "p.size", "شمار نظرها", "Comments"},
				{"variants", "integer not null", "p.variants", "شمار متن‌های گوناگون", "Different texts"},
				{"people", "integer not null", "p.people", "شمار نویسندگان", "People who wrote them"},
			},
		},
		{
			name: "comment_places", from: "public_placements p order by p.version, p.comment", key: "version, comment",
			about: Text{"fa": "جای هر نظر در هر متن", "en": "Where each comment stands in each text"},
			columns: []field{
				{"comment", "integer not null", "p.comment", "شمارهٔ نظر (seq)", "Number of the comment (seq)"},
				{"version", "text not null references draft_versions (id)", "p.version", "متن", "Text"},
				plain("address", "p.address", "نشانی ماده", "Address of the provision"),
				{"start", "integer", "iif(p.start < 0, null, p.start)", "آغاز واژه‌های نقل‌شده، بایت", "Where the words that it quotes begin, in bytes"},
				{"stop", "integer", "iif(p.start < 0, null, p.stop)", "پایان آن‌ها", "Where they end"},
				{"verdict", "text not null", "p.verdict", "filed ثبت‌شده در همین متن، kept، moved، changed یا removed", "filed on this text, or kept, moved, changed or removed"},
			},
		},
		{
			name: "draft_overrides", from: "public_overrides p order by p.draft", key: "draft",
			about:   Text{"fa": "چرا پیش‌نویسی با وجود کاستی تصویب شد", "en": "Why a draft was approved though it lacked something"},
			columns: []field{ofDraft(), plain("reason", "p.reason", "دلیل", "Reason"), plain("name", "p.name", "چه کسی گفت", "Who said so"), plain("at", "p.at", "زمان آن", "When")},
		},
		{
			name: "draft_answers", from: "public_responses p order by p.id", key: "id",
			about: Text{"fa": "پاسخ دستگاه به یک نظر یا یک دسته نظر", "en": "What agencies say to a comment or to a group of like comments"},
			columns: []field{
				{"id", "text not null", "p.id", "شناسه", "Identifier"},
				ofDraft(), aboutComment(), aboutCluster(),
				{"verdict", "text not null", "p.verdict", "adopted پذیرفته، partly تا اندازه‌ای، rejected نپذیرفته، noted دیده‌شده", "adopted, partly, rejected or noted"},
				{"lang", "text not null", "p.lang", "زبان پاسخ", "Language of the answer"},
				plain("text", "p.text", "پاسخ", "Answer"), plain("at", "p.at", "زمان پاسخ", "When it was given"),
			},
		},
		{
			name: "influences", from: "public_influences p order by p.id", key: "id",
			about: Text{"fa": "کدام نظر یا دسته نظر کدام تغییر متن را پدید آورد", "en": "Which comment or group of comments caused which change of a text"},
			columns: []field{
				{"id", "text not null", "p.id", "شناسه", "Identifier"},
				ofDraft(),
				{"version", "text not null references draft_versions (id)", "p.version", "متنی که تغییر در آن است", "Text that has the change"},
				{"address", "text not null", "p.address", "نشانی مادهٔ تغییرکرده", "Address of the provision that changed"},
				aboutComment(), aboutCluster(),
				{"verdict", "text not null", "p.verdict", "adopted پذیرفته، partly تا اندازه‌ای، rejected نپذیرفته", "adopted, partly or rejected"},
				plain("reason", "p.reason", "دلیل", "Reason"), plain("at", "p.at", "زمان ثبت", "When it was noted"),
			},
		},
	}
}

func ofDraft() field {
	return field{"draft", "text not null references drafts (id)", "p.draft", "پیش‌نویس", "Draft"}
}

func aboutComment() field {
	return field{"comment", "integer", "nullif(p.comment, 0)", "شمارهٔ نظر (seq)", "Number of the comment (seq)"}
}

func aboutCluster() field {
	return field{"cluster", "integer", "nullif(p.cluster, 0)", "دستهٔ نظرهای همانند", "Group of like comments"}
}

func draftFields() []field {
	return joined(
		[]field{{"id", "text not null", "p.id", "شناسه", "Identifier"}, {"slug", "text not null unique", "p.slug", "نام در نشانی", "Name in addresses"}},
		words("title", "p.title", "عنوان", "Title"),
		words("summary", "p.summary", "چکیده", "Summary"),
		words("reason", "p.reason", "چرا چنین مقرراتی لازم است", "Why there should be such a regulation"),
		words("legal_basis", "p.legal_basis", "مبنای قانونی", "Law that it rests on"),
		[]field{
			{"agency", "text references agencies (id)", "(select q.id from public_agencies q where q.id = p.agency)", "دستگاه", "Agency"},
			{"source", "text references sources (id)", "(select q.id from public_sources q where q.id = p.source)", "منبعی که از آن آمده", "Source that it came from"},
			plain("identifier", "p.identifier", "شناسه در منبع", "Identifier in its source"),
			plain("kind", "p.kind", "نوع مقررات", "Kind of regulation"),
			plain("begins", "p.begins", "آغاز نخستین نظرخواهی", "When it opens first"),
			plain("opens", "p.opens", "آغاز دورهٔ معتبر", "When the period in force opens"), plain("closes", "p.closes", "پایان دورهٔ معتبر", "When the period in force closes"),
			plain("decided", "p.decided", "approved تصویب‌شده، withdrawn کنارگذاشته", "approved or withdrawn"),
			plain("decided_at", "p.decided_at", "زمان آن", "When that was"),
			{"moderation", "text not null", "p.moderation", "نظرها یک‌باره همگانی می‌شود (publish) یا پس از دیدن (review)", "Whether comments are public at once (publish) or when they were looked at (review)"},
			plain("contact", "p.contact", "پاسخ‌گو به پرسش‌ها دربارهٔ آن", "For questions about it"),
			plain("landing_page", "p.landing_page", "صفحهٔ معرفی در منبع", "Where its source shows it"),
			plain("dockets", "p.dockets", "شناسه‌های دیگر، آرایهٔ JSON", "Further identifiers, a JSON array"),
			{"created", "text not null", "p.created", "زمان ساخته‌شدن", "When it was made"},
			{"updated", "text not null", "p.updated", "زمان آخرین تغییر", "When it changed last"},
		},
		words("heard", "p.heard", "گفتهٔ دستگاه دربارهٔ آنچه شنید", "The agency's own words on what it heard"),
		words("note", "p.note", "چرا کنار گذاشته شد", "Why it was withdrawn"),
	)
}

func provisionFields() []field {
	return []field{
		{"version", "text not null references draft_versions (id)", "p.version", "متن", "Text"},
		{"position", "integer not null", "p.position", "ترتیب، از صفر", "Place, from 0"},
		{"address", "text not null", "p.address", "نشانی ماندگار در متن، مانند art_12", "Address in the text, which stays, as art_12"},
		plain("parent", "p.parent", "نشانی آنچه این پاره در آن است", "Address of what it is in"),
		{"kind", "text not null", "p.kind", "نوع: article، note، chapter و مانند آن", "Kind: article, note, chapter and so on"},
		plain("num", "p.num", "شماره", "Number"), plain("label", "p.label", "شماره چنان‌که در متن آمده", "Number as the text writes it"),
		plain("heading", "p.heading", "سرعنوان", "Heading"), plain("text", "p.text", "متن خود آن، بی پاره‌های درونش", "Its own text, without what stands in it"),
	}
}

func commentFields() []field {
	return []field{
		{"seq", "integer not null", "p.seq", "شمارهٔ ترتیب", "Number in order"},
		{"id", "text not null unique", "p.id", "کد رهگیری", "Tracking number"},
		ofDraft(),
		plain("version", "p.version", "متنی که نظر روی آن داده شد", "Text that it was filed on"),
		plain("address", "p.address", "نشانی ماده؛ برای کل پیش‌نویس تهی است", "Address of the provision; null for the draft as a whole"),
		plain("quote", "p.quote", "واژه‌هایی که به آن‌ها اشاره دارد", "Words that it is about"),
		{"parent", "integer", "nullif(p.parent, 0)", "نظری که به آن پاسخ می‌دهد (seq)", "Comment that it replies to (seq)"},
		{"root", "integer", "nullif(p.root, 0)", "نظری که رشته با آن آغاز شد (seq)", "Comment that its thread begins with (seq)"},
		{"depth", "integer not null", "p.depth", "چندمین پاسخ در رشته، از صفر", "How many comments it is a reply below, from 0"},
		{"kind", "text not null", "p.kind", "support موافقت، change پیشنهاد تغییر، question پرسش", "support, change or question"},
		{"state", "text not null", "p.state", "published منتشرشده، removed برداشته، withdrawn پس‌گرفته، disowned ردشده از سوی صاحب نشانی", "published, removed, withdrawn or disowned"},
		{"lang", "text not null", "p.lang", "زبان", "Language"},
		plain("name", "p.name", "نامی که نویسنده داده است", "Name that was given"), plain("organisation", "p.organisation", "سازمانی که نویسنده گفته است", "Organisation that was given"),
		{"provenance", "text not null", "p.provenance", "anonymous بی‌نشانی، confirmed با رایانامهٔ تأییدشده، organisation، harvested", "anonymous, confirmed (by e-mail), organisation or harvested"},
		plain("text", "p.text", "متن", "Text"),
		{"received", "text not null", "p.received", "زمان دریافت", "When it came"},
		plain("ended", "p.ended", "زمان برداشتن یا پس‌گرفتن", "When it was removed or taken back"), plain("reason", "p.reason", "چرا برداشته شد", "Why it was removed"),
		{"late", "integer not null", "p.late", "۱ اگر پس از مهلت رسیده است", "1 for one that came after the end"},
		{"cluster", "integer", "nullif(p.cluster, 0)", "دستهٔ نظرهای همانند", "Group of like comments"},
	}
}
