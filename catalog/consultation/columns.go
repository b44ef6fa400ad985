package consultation

import (
	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// The columns of the tables of drafts.
var (
	commentTable = []catalog.ListedColumn{
		{Name: "id", Title: say("Tracking number", "شمارهٔ پیگیری"), About: say("The number that stands on the receipt.", "شماره‌ای که در رسید آمده است.")},
		draftColumn,
		{
			Name: "state", Title: say("State", "وضعیت"),
			About: say("waiting: not looked at yet; published; removed: taken away by the agency, for the reason beside it; withdrawn: taken back by who wrote it; disowned: filed with an address whose owner did not write it.",
				"یکی از این‌ها: هنوز بررسی نشده (waiting)، منتشر شده (published)، دستگاه آن را برداشته و دلیلش در ستون بعدی است (removed)، نویسنده آن را پس گرفته (withdrawn)، صاحب ایمیل گفته که نوشتهٔ او نیست (disowned)."),
		},
		{Name: "reason", Title: say("Reason of the removal", "دلیل برداشتن")},
		moment("received", "Received", "رسیده در"), moment("published", "Published", "منتشر شده در"), moment("ended", "Taken away", "برداشته یا پس‌گرفته در"),
		{Name: "late", Type: datasets.Boolean, Title: say("Late", "پس از مهلت"), About: say("It came to its source after the period.", "پس از پایان مهلت به منبعش رسیده است.")},
		{Name: "kind", Title: say("Kind", "نوع"), About: say("support, change or question.", "موافق (support)، پیشنهاد تغییر (change) یا پرسش (question).")},
		{
			Name: "provenance", Title: say("Provenance", "خاستگاه"),
			About: say("anonymous; confirmed: its e-mail address was confirmed; organisation: so, and in an organisation's name; harvested: from another system.",
				"بی‌تأیید ایمیل (anonymous)، با ایمیل تأییدشده (confirmed)، با ایمیل تأییدشده و از طرف سازمان (organisation) یا از سامانه‌ای دیگر (harvested)."),
		},
		{Name: "language", Title: say("Language", "زبان")},
		{Name: "name", Title: say("Name", "نام"), About: say("As it was given; nobody checked it.", "همان‌طور که نویسنده نوشته است؛ کسی آن را نسنجیده.")},
		{Name: "organisation", Title: say("Organisation", "سازمان"), About: say("As it was given.", "همان‌طور که نویسنده نوشته است.")},
		number("version", "Version", "نسخه"),
		{Name: "address", Title: say("Provision", "نشانی ماده"), About: say("The address of the article or note; empty: the draft as a whole.", "نشانی ماده یا تبصره؛ اگر خالی باشد نظر دربارهٔ کل پیش‌نویس است.")},
		{Name: "quote", Title: say("Quote", "عبارت نقل‌شده")},
		{Name: "reply_to", Title: say("Reply to", "پاسخ به"), About: say("Tracking number of the comment that it replies to.", "شمارهٔ پیگیری نظری که این نظر پاسخ آن است.")},
		{Name: "thread", Title: say("Thread", "رشتهٔ گفت‌وگو"), About: say("Tracking number of the comment that the thread begins with.", "شمارهٔ پیگیری نظری که رشته با آن آغاز می‌شود.")},
		number("depth", "Depth in the thread", "عمق در رشته"),
		clusterColumn,
		{Name: "source_identifier", Title: say("Identifier at its source", "شناسه در منبع")},
		{Name: "text", Title: say("Text", "متن")},
	}
	answerTable = []catalog.ListedColumn{
		{Name: "id", Title: say("Identifier", "شناسه")},
		draftColumn, commentColumn, clusterColumn, verdictColumn,
		{Name: "language", Title: say("Language", "زبان")},
		{Name: "text", Title: say("Answer", "پاسخ")},
		moment("at", "Published", "منتشر شده در"),
	}
	influenceTable = []catalog.ListedColumn{
		{Name: "id", Title: say("Identifier", "شناسه")},
		draftColumn,
		number("version", "Version", "نسخه"),
		{Name: "address", Title: say("Provision", "نشانی ماده"), About: say("The address of the changed provision in that version.", "نشانی مادهٔ تغییریافته در آن نسخه.")},
		commentColumn, clusterColumn, verdictColumn,
		{Name: "reason", Title: say("Reason", "دلیل")},
		moment("at", "Recorded", "ثبت شده در"),
	}
)

// DraftColumns are those of DraftList.
var DraftColumns = []catalog.ListedColumn{
	{Name: "id", Title: say("Identifier", "شناسه")},
	{Name: "draft", Title: say("Draft", "پیش‌نویس"), About: say("The last part of its address, by which the other tables name it.", "بخش پایانی نشانی آن؛ جدول‌های دیگر پیش‌نویس را با همین نام می‌شناسند.")},
	{Name: "title_fa", Title: say("Title in Persian", "عنوان فارسی")},
	{Name: "title_en", Title: say("Title in English", "عنوان انگلیسی")},
	{Name: "agency", Title: say("Agency", "دستگاه"), About: say("The last part of its address.", "بخش پایانی نشانی صفحهٔ دستگاه.")},
	{Name: "kind", Title: say("Kind", "نوع")},
	{
		Name: "stage", Title: say("Stage", "مرحله"),
		About: say("announced, open, in-review, approved or withdrawn, when the edition was made.",
			"مرحله در زمان ساخت این ویراست: اعلام شده (announced)، باز برای نظر (open)، در حال بررسی (in-review)، تصویب شده (approved) یا پس گرفته شده (withdrawn)."),
	},
	moment("created", "Came in", "ثبت شده در"), moment("opens", "Opens", "آغاز مهلت"), moment("closes", "Closes", "پایان مهلت"), moment("decided", "Decided", "تصمیم در"),
	{Name: "moderation", Title: say("Moderation", "شیوهٔ انتشار نظر"), About: say("publish: comments are shown at once; review: when somebody looked at them.", "نظرها بی‌درنگ دیده می‌شوند (publish) یا پس از بررسی (review).")},
	number("versions", "Versions", "شمار نسخه‌ها"), number("articles", "Articles", "شمار ماده‌ها"),
	{Name: "received", Type: datasets.Integer, Title: say("Comments received", "نظرهای رسیده"), About: say("All that came: as many as there are receipts.", "همهٔ آنچه رسیده؛ به شمار رسیدها.")},
	number("published", "Published", "منتشرشده"), number("waiting", "Waiting", "در انتظار بررسی"),
	number("removed", "Removed", "برداشته‌شده"), number("withdrawn", "Taken back or disowned", "پس‌گرفته یا انکارشده"),
	{Name: "clusters", Type: datasets.Integer, Title: say("Clusters", "خوشه‌ها"), About: say("Groups of comments that say nearly the same.", "گروه‌هایی از نظرها که تقریباً یک چیز می‌گویند.")},
	number("answers", "Answers", "پاسخ‌ها"), number("influences", "Changes with a cause", "اثرهای ثبت‌شده"),
	{Name: "source", Title: say("Source", "منبع"), About: say("Where it was harvested from; empty: made here.", "منبعی که از آن گردآوری شده؛ اگر خالی باشد همین‌جا ساخته شده است.")},
	{Name: "identifier", Title: say("Identifier at its source", "شناسه در منبع")},
}

// Columns that several of them have.
var (
	draftColumn   = catalog.ListedColumn{Name: "draft", Title: say("Draft", "پیش‌نویس"), About: say("The last part of the address of the draft.", "بخش پایانی نشانی پیش‌نویس.")}
	commentColumn = catalog.ListedColumn{Name: "comment", Title: say("Comment", "نظر"), About: say("Tracking number of the comment that it is about.", "شمارهٔ پیگیری نظری که دربارهٔ آن است.")}
	clusterColumn = catalog.ListedColumn{Name: "cluster", Type: datasets.Integer, Title: say("Cluster", "خوشه"), About: say("Number of the group of comments that say nearly the same.", "شمارهٔ گروه نظرهایی که تقریباً یک چیز می‌گویند.")}
	verdictColumn = catalog.ListedColumn{Name: "verdict", Title: say("Verdict", "نتیجه"), About: say("One of adopted, partly, rejected and noted.", "پذیرفته شد (adopted)، بخشی پذیرفته شد (partly)، پذیرفته نشد (rejected) یا ملاحظه شد (noted).")}
)

// say is a text in both languages.
func say(en, fa string) catalog.Text { return catalog.Text{"en": en, "fa": fa} }

func moment(name, en, fa string) catalog.ListedColumn {
	return catalog.Listed(datasets.DateTime, name, en, fa)
}

func number(name, en, fa string) catalog.ListedColumn {
	return catalog.Listed(datasets.Integer, name, en, fa)
}
