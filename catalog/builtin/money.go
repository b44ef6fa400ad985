package builtin

import (
	"context"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
	"github.com/openshafaf/shafaf/catalog/indicators"
	"github.com/openshafaf/shafaf/datasets"
)

func contractList() Kind {
	list := new(contracts.Filter).Listing()
	return Kind{
		Builtin: catalog.Builtin{
			Name: "contracts", Title: say("Public contracts", "قراردادهای عمومی"), Columns: list.Columns,
			About: say("Every purchase in public contracting on this portal, one row each: how far it has come, by which method, who bought from whom, its amounts, the budget line that it names, and the red flags that are raised. Amounts are those in the currency of the row.",
				"همهٔ خریدهای عمومی در این درگاه، هر کدام در یک سطر: به چه مرحله‌ای رسیده، با چه روشی انجام شده، چه کسی از چه کسی خریده، مبلغ‌ها، ردیف بودجه‌ای که نام برده و نشانه‌های هشدارش. مبلغ‌ها به واحد پول همان سطر است."),
			Keywords: []string{"قرارداد", "مناقصه", "معاملات دولتی", "contracts", "procurement", "OCDS"},
		},
		Table:   listed(*list),
		Changed: changesOf(contracts.NounProcess),
	}
}

func contractParties() Kind {
	list := contracts.PartyListing()
	return Kind{
		Builtin: catalog.Builtin{
			Name: "contract-parties", Title: say("Organisations in public contracts", "خریداران و تأمین‌کنندگان قراردادهای عمومی"), Columns: list.Columns,
			About: say("Every organisation that buys, offers or supplies in the public contracts on this portal, and in how many purchases.",
				"هر سازمان یا شرکتی که در قراردادهای عمومی این درگاه خریدار، پیشنهاددهنده یا تأمین‌کننده است، با شمار خریدهایش."),
			Keywords: []string{"تأمین‌کننده", "خریدار", "پیمانکار", "suppliers", "buyers", "procurement"},
		},
		Table:   listed(*list),
		Changed: changesOf(contracts.NounProcess),
	}
}

func filings() Kind {
	list := indicators.FilingListing()
	return Kind{
		Builtin: catalog.Builtin{
			Name: "filings", Title: say("Filings for the transparency indicators", "گزارش‌های دستگاه‌ها برای شاخص‌های شفافیت"), Columns: list.Columns,
			About: say("Everything that agencies handed in for the transparency indicators, one row for each indicator and period: when it was due and came, where it stands and how many points it has.",
				"آنچه دستگاه‌ها برای شاخص‌های شفافیت ارائه کرده‌اند، برای هر شاخص و دوره یک سطر: مهلت و زمان ارائه، وضع آن و امتیازش."),
			Keywords: []string{"شفافیت", "شاخص", "گزارش دستگاه", "transparency", "indicators", "filings"},
		},
		Table:   listed(list),
		Changed: changesOf(indicators.NounFiling, indicators.NounSet),
	}
}

func scores() Kind {
	return Kind{
		Builtin: catalog.Builtin{
			Name: "scores", Title: say("Scores of agencies for the transparency indicators", "امتیاز دستگاه‌ها در شاخص‌های شفافیت"), Columns: indicators.ScoreColumns,
			About: say("The score of each agency for each indicator and period, with what was not handed in, and the version of the rules that it was judged by.",
				"امتیاز هر دستگاه در هر شاخص و دوره، همراه با آنچه ارائه نشده است، و نسخهٔ قاعده‌هایی که با آن سنجیده شده."),
			Keywords: []string{"شفافیت", "شاخص", "امتیاز دستگاه‌ها", "transparency", "indicators", "scores"},
		},
		Table: func(ctx context.Context, store *catalog.Store) (*datasets.Table, error) {
			return indicators.New(store).ScoreTable(ctx)
		},
		Changed: changesOf(indicators.NounFiling, indicators.NounSet),
	}
}
