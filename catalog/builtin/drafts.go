package builtin

import (
	"context"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/datasets"
)

func comments() Kind {
	k := ofDrafts(consultation.TableComments, consultation.NounComment, consultation.NounDraft)
	k.Title = say("Comments on draft regulations", "نظرهای مردم دربارهٔ پیش‌نویس مقررات")
	k.About = say("Every comment that came on any draft, one row each, so that whoever has a receipt finds its tracking number. Of a comment that was removed or taken back, or that nobody has looked at yet, only the mark is left. A draft is found by its name in the column draft.",
		"هر نظری که دربارهٔ هر پیش‌نویس رسیده است، هر کدام در یک سطر؛ هر کس رسید دارد شمارهٔ پیگیری خود را اینجا می‌یابد. از نظری که برداشته یا پس گرفته شده یا هنوز بررسی نشده تنها نشانی مانده است. نظرهای هر پیش‌نویس را با نام آن در ستون «پیش‌نویس» می‌توان جدا کرد.")
	k.Mend = func(ctx context.Context, store *catalog.Store, old *datasets.Table, since int64) (*datasets.Table, error) {
		return consultation.New(store).MendedComments(ctx, old, since)
	}
	k.Keywords = []string{"نظر مردم", "پیش‌نویس مقررات", "comments", "consultation"}
	return k
}

func answers() Kind {
	k := ofDrafts(consultation.TableAnswers, consultation.NounAnswer, consultation.NounComment, consultation.NounDraft)
	k.Title = say("Answers to comments on draft regulations", "پاسخ دستگاه‌ها به نظرهای مردم")
	k.About = say("What agencies answered to comments and to clusters of like comments, and with which verdict.",
		"آنچه دستگاه‌ها به نظرها و به خوشه‌های نظرهای همانند پاسخ داده‌اند، با نتیجهٔ هر کدام.")
	k.Keywords = []string{"پاسخ دستگاه", "پیش‌نویس مقررات", "answers", "consultation"}
	return k
}

func influence() Kind {
	k := ofDrafts(consultation.TableInfluences, consultation.NounAnswer, consultation.NounVersion, consultation.NounComment, consultation.NounDraft)
	k.Title = say("What comments changed in draft regulations", "اثر نظرهای مردم بر متن مقررات")
	k.About = say("Which comment or cluster of comments caused which change of a later text, and why.",
		"کدام نظر یا خوشهٔ نظرها باعث کدام تغییر در متن بعدی شده است و چرا.")
	k.Keywords = []string{"اثر نظرها", "پیش‌نویس مقررات", "influence", "consultation"}
	return k
}

// ofDrafts is one of consultation.Tables, of all drafts together.
func ofDrafts(name string, nouns ...string) Kind {
	return Kind{
		Builtin: catalog.Builtin{Name: name, Columns: consultation.TableColumns(name)},
		Table: func(ctx context.Context, store *catalog.Store) (*datasets.Table, error) {
			return consultation.New(store).Table(ctx, "", name)
		},
		Changed: changesOf(nouns...),
	}
}

func drafts() Kind {
	return Kind{
		Builtin: catalog.Builtin{
			Name: "drafts", Title: say("Draft regulations and where they stand", "پیش‌نویس‌های مقررات و وضع آن‌ها"), Columns: consultation.DraftColumns,
			About: say("Every draft regulation on this portal, one row each: where it stands, when it is open, and how many comments, answers and changes it has.",
				"همهٔ پیش‌نویس‌های مقررات در این درگاه، هر کدام در یک سطر: در چه مرحله‌ای است، از کی تا کی برای نظر باز است و چند نظر، پاسخ و تغییر دارد."),
			Keywords: []string{"پیش‌نویس مقررات", "draft regulations", "consultation"},
		},
		Table: func(ctx context.Context, store *catalog.Store) (*datasets.Table, error) {
			return consultation.New(store).DraftList(ctx)
		},
		Changed: func(ctx context.Context, store *catalog.Store, since catalog.Standing) (bool, error) {
			changed, err := store.ChangedSince(ctx, since.Change, consultation.NounDraft, consultation.NounVersion, consultation.NounComment, consultation.NounAnswer)
			if err != nil || changed {
				return changed, err
			}
			return consultation.New(store).StageChanged(ctx, since.At)
		},
	}
}
