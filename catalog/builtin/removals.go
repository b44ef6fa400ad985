package builtin

import (
	"context"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

func removals() Kind {
	list := catalog.RemovalList()
	return Kind{
		Builtin: catalog.Builtin{
			Name: "removals", Title: say("Ledger of what was removed", "دفتر برداشته‌شده‌ها"), Columns: list.Columns,
			About: say("Everything that was public on this portal and no longer is: what it was, since when, why, and whether it came back.",
				"هر چه زمانی در این درگاه همگانی بوده و دیگر نیست: چه بوده، از کی برداشته شده، چرا، و آیا برگشته است."),
			Keywords: []string{"برداشته‌شده‌ها", "removals", "ledger"},
		},
		Table: listed(list),
		Changed: func(ctx context.Context, store *catalog.Store, since catalog.Standing) (bool, error) {
			return store.RemovalsSince(ctx, since.At)
		},
	}
}

func runs() Kind {
	list := catalog.RunList()
	return Kind{
		Builtin: catalog.Builtin{
			Name: "runs", Title: say("Harvest runs", "گردآوری‌ها"), Columns: list.Columns,
			About: say("Every time that this portal collected data from a source: when, how it ended, and how many records were new, changed, faulty or missing.",
				"هر بار که این درگاه از منبعی داده گردآورده است: کی، با چه پایانی، و چند رکورد تازه، تغییرکرده، دارای خطا یا ناپدید بوده است."),
			Keywords: []string{"گردآوری", "منبع داده", "harvest", "runs"},
		},
		Table: listed(list),
		Changed: func(ctx context.Context, store *catalog.Store, since catalog.Standing) (bool, error) {
			return store.RunsSince(ctx, since.At)
		},
	}
}

// listed is Kind.Table of a listing.
func listed(list catalog.Listing) func(context.Context, *catalog.Store) (*datasets.Table, error) {
	return func(ctx context.Context, store *catalog.Store) (*datasets.Table, error) {
		return store.List(ctx, &list)
	}
}
