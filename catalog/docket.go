package catalog

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// mostDockets is how many are kept; those that were made first go.
const mostDockets = 100

// OpenDocket opens a public draft (its id) as a file: its texts, periods, papers,
// comments, answers and influences as one SQLite file that needs nothing else.
// It is made when somebody asks for it, one at a time, and is as new as Open
// says. The caller closes the file. ErrNotFound: a mirror has none.
func (k *Snapshots) OpenDocket(ctx context.Context, draft string) (file *os.File, snap Snapshot, late, err error) {
	if k.fixed != nil {
		return nil, snap, nil, ErrNotFound
	}
	all := filepath.Join(k.dir, "dockets")
	one := Snapshots{store: k.store, dir: filepath.Join(all, draft), o: k.o, holds: docket(draft), turn: k.dockets}
	file, snap, late, err = one.Open(ctx)
	if err == nil {
		trimDockets(all, draft)
	}
	return file, snap, late, err
}

// trimDockets removes the dockets that were made first, but not that of the
// draft, when there are too many. Whoever is reading one reads on.
func trimDockets(dir, but string) {
	folders, err := os.ReadDir(dir)
	if err != nil || len(folders) <= mostDockets {
		return // it is tried again with the next one
	}
	slices.SortFunc(folders, func(a, b os.DirEntry) int { return cmp.Compare(changedAt(a), changedAt(b)) })
	for _, f := range folders[:len(folders)-mostDockets] {
		if f.Name() != but {
			_ = os.RemoveAll(filepath.Join(dir, f.Name())) // likewise
		}
	}
}

func changedAt(f os.DirEntry) int64 {
	info, err := f.Info()
	if err != nil {
		return 0
	}
	return info.ModTime().UnixNano()
}

// docket is what belongs to the draft with the id.
func docket(draft string) *extract {
	id := "'" + strings.ReplaceAll(draft, "'", "''") + "'"
	of := map[string]string{
		"agencies":       "p.id = (select d.agency from public_drafts d where d.id = " + id + ")",
		"sources":        "p.id = (select d.source from public_drafts d where d.id = " + id + ")",
		"drafts":         "p.id = " + id,
		"provisions":     "p.version in (select v.id from public_versions v where v.draft = " + id + ")",
		"comment_places": "p.version in (select v.id from public_versions v where v.draft = " + id + ")",
		"draft_versions": "", "draft_periods": "", "draft_papers": "", "comments": "", "draft_answers": "", "influences": "", "comment_groups": "", "draft_overrides": "",
	}
	x := &extract{
		name: "docket",
		indexes: []string{
			"create index comments_address on comments (address, seq)",
			"create index provisions_address on provisions (address)",
		},
		intro: []Text{
			{
				"en": "One draft regulation with everything that belongs to it, from {base}, as it was at {made} (change {change}). This table explains every other.",
				"fa": "یک پیش‌نویس مقررات با همهٔ آنچه به آن تعلق دارد، از {base}، در {made} (تغییر {change}). این جدول همهٔ جدول‌های دیگر را توضیح می‌دهد.",
			},
			timesAre,
			{
				"en": "Each comment that came and was ever public has a row; of one that was removed or taken back only the mark is left. A paper with a digest (file) is at /drafts/{slug}/files/{id}.",
				"fa": "هر نظری که رسیده و زمانی همگانی بوده یک سطر دارد؛ از نظرِ برداشته یا پس‌گرفته تنها نشانی مانده است. مدرکی که چکیده (file) دارد در /drafts/{slug}/files/{id} است.",
			},
		},
	}
	for i := range sheets {
		where, belongs := of[sheets[i].name]
		if !belongs {
			continue
		}
		sh := sheets[i]
		from, order, _ := strings.Cut(sh.from, " order by ")
		sh.from = from + " where " + cmp.Or(where, "p.draft = "+id) + " order by " + order
		x.sheets = append(x.sheets, sh)
	}
	return x
}
