package catalog

import (
	"context"
	"time"

	"github.com/openshafaf/shafaf/datasets"
)

// RemovalList is the ledger as a table.
func RemovalList() Listing {
	return Listing{
		Columns: []ListedColumn{
			Listed(datasets.Text, "id", "Identifier", "شناسه"),
			Listed(datasets.DateTime, "at", "Removed", "برداشته شده در"),
			Listed(datasets.Text, "noun", "What", "چه چیزی"),
			Listed(datasets.Text, "thing", "Its identifier", "شناسهٔ آن"),
			Listed(datasets.Text, "slug", "Its address", "نشانی آن"),
			Listed(datasets.Text, "title_fa", "Title in Persian", "عنوان فارسی"),
			Listed(datasets.Text, "title_en", "Title in English", "عنوان انگلیسی"),
			Listed(datasets.Text, "agency", "Agency", "دستگاه"),
			{
				Name: "kind", Title: Text{"en": "Why", "fa": "چرا"}, About: Text{
					"en": "missing: its source did not have it twice in a row; deleted: its source says that it is gone; takedown: an operator took it down; source: its source is harvested no more.",
					"fa": "منبع آن دو بار پیاپی آن را نداشت (missing)، منبع می‌گوید که پاک شده است (deleted)، از انتشار برداشته شد (takedown) یا منبع آن دیگر گردآوری نمی‌شود (source).",
				},
			},
			Listed(datasets.Text, "reason", "Reason", "دلیل"),
			Listed(datasets.Text, "source", "Source", "منبع"),
			Listed(datasets.Text, "run", "Run that removed it", "شناسهٔ گردآوری"),
			Listed(datasets.Text, "identifier", "Identifier at its source", "شناسه در منبع"),
			Listed(datasets.DateTime, "missing_since", "Missing since", "ناپدید از"),
			Listed(datasets.Text, "record", "Digest of the last known record", "چکیدهٔ آخرین رکورد"),
			Listed(datasets.DateTime, "returned", "Came back", "برگشته در"),
		},
		Keys: "select rowid from removals",
		Rows: `select r.rowid, r.id, r.at, r.noun, r.thing, r.slug, r.title ->> '$.fa', r.title ->> '$.en', (select a.slug from agencies a where a.id = r.agency),
			r.kind, r.reason, (select s.slug from sources s where s.id = r.source), r.run, r.identifier, r.missing, r.record, r.returned
			from json_each(?1) j cross join removals r on r.rowid = j.value`,
	}
}

// RunList is a table of the runs of all sources that the public sees, as far as
// they have ended.
func RunList() Listing {
	count := func(name, en, fa string) ListedColumn { return Listed(datasets.Integer, name, en, fa) }
	return Listing{
		Columns: []ListedColumn{
			Listed(datasets.Text, "id", "Identifier", "شناسه"),
			Listed(datasets.Text, "source", "Source", "منبع"),
			{
				Name: "state", Title: Text{"en": "State", "fa": "پایان"}, About: Text{
					"en": "complete: read to its end; incomplete: it broke off, what came is kept; held: what it would remove waits for approval; failed: nothing usable came.",
					"fa": "تا پایان خوانده شد (complete)، نیمه‌کاره ماند و آنچه رسید نگه داشته شد (incomplete)، آنچه باید برداشته شود در انتظار تأیید است (held) یا چیز به‌دردبخوری نرسید (failed).",
				},
			},
			{Name: "dry_run", Type: datasets.Boolean, Title: Text{"en": "Dry run", "fa": "آزمایشی"}, About: Text{"en": "It only looked and took nothing in.", "fa": "تنها نگاه کرده و چیزی نگرفته است."}},
			Listed(datasets.DateTime, "started", "Started", "آغاز"),
			Listed(datasets.DateTime, "finished", "Finished", "پایان یافته در"),
			Listed(datasets.Text, "reason", "Reason", "دلیل"),
			count("seen", "Records read", "رکورد خوانده‌شده"), count("new", "New", "تازه"), count("changed", "Changed", "تغییرکرده"),
			count("touched", "Only the date moved", "تنها با تاریخ نو"), count("unchanged", "Unchanged", "بی‌تغییر"), count("faulty", "Faulty", "ایراددار"),
			count("missing", "Missing this time", "غایب در این بار"), count("declared", "Declared by the source", "شمار به گفتهٔ منبع"),
			count("relinked", "Under another identifier", "با شناسهٔ دیگر"), count("deleted", "Deleted at the source", "حذف‌شده در منبع"),
			count("retired", "Removed", "برداشته‌شده"), count("returned", "Returned", "بازگشته"), count("waiting", "Waiting for approval", "منتظر تأیید"),
			Listed(datasets.DateTime, "approved", "Approved", "تأیید شده در"),
			Listed(datasets.DateTime, "refused", "Refused", "رد شده در"),
			Listed(datasets.Text, "note", "Why, in their words", "دلیل تأیید یا رد"),
		},
		Keys: "select rowid from runs where state not in ('queued', 'running') and source in (select id from sources where " + visible + ")",
		Rows: `select r.rowid, r.id, (select s.slug from sources s where s.id = r.source), r.state, r.dry_run, r.started, r.finished, r.reason,
			r.counts ->> '$.seen', r.counts ->> '$.new', r.counts ->> '$.changed', r.counts ->> '$.touched', r.counts ->> '$.unchanged', r.counts ->> '$.faulty',
			r.counts ->> '$.missing', r.counts ->> '$.declared', coalesce(r.counts ->> '$.relinked', 0), coalesce(r.counts ->> '$.deleted', 0),
			coalesce(r.counts ->> '$.retired', 0), coalesce(r.counts ->> '$.returned', 0), coalesce(r.counts ->> '$.waiting', 0), r.approved, r.refused, r.note
			from json_each(?1) j cross join runs r on r.rowid = j.value`,
	}
}

// RemovalsSince reports whether a line of the ledger was added or closed since a
// moment.
func (s *Store) RemovalsSince(ctx context.Context, at time.Time) (some bool, err error) {
	err = s.row(ctx, "select exists (select 1 from removals where at >= ?1 or returned >= ?1)", stamp(at)).Scan(&some)
	return some, wrap("removals since", err)
}

// RunsSince reports whether a run ended, or was decided about, since a moment.
func (s *Store) RunsSince(ctx context.Context, at time.Time) (some bool, err error) {
	err = s.row(ctx, "select exists (select 1 from runs where finished >= ?1 or approved >= ?1 or refused >= ?1)", stamp(at)).Scan(&some)
	return some, wrap("runs since", err)
}
