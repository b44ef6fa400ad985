package catalog

import (
	"context"
	"database/sql"
)

// fillDrafts writes the drafts of a snapshot and what was said of them. One of
// a program that did not tell where comments stand yet has none for a mirror.
func fillDrafts(ctx context.Context, tx *sql.Tx) error {
	var there bool
	if err := tx.QueryRowContext(ctx, "select exists (select 1 from snap.sqlite_schema where name = 'comment_places')").Scan(&there); err != nil || !there {
		return err
	}
	for _, fill := range draftFills {
		if _, err := tx.ExecContext(ctx, fill); err != nil {
			return err
		}
	}
	return nil
}

// draftFills are the mirrorFills of drafts. Papers and documents stay with the
// portal; what is private of comments is not in a snapshot.
var draftFills = []string{
	`insert into main.drafts (id, slug, state, agency, source, identifier, created, updated, begins, opens, closes, decided, decided_at,
			moderation, title, summary, reason, kind, legal_basis, contact, landing_page, dockets, heard, note)
		select id, slug, 'published', agency, source, coalesce(identifier, ''), created, updated, coalesce(begins, ''), coalesce(opens, ''), coalesce(closes, ''),
			coalesce(decided, ''), coalesce(decided_at, ''), moderation, ` + said("title") + `, ` + said("summary") + `, ` + said("reason") + `, coalesce(kind, ''),
			` + said("legal_basis") + `, coalesce(contact, ''), coalesce(landing_page, ''), coalesce(dockets, '[]'), ` + said("heard") + `, ` + said("note") + `
		from snap.drafts p where agency is not null`,
	`insert into main.versions (id, draft, n, state, kind, lang, created, published, articles, title, note)
		select id, draft, n, 'published', kind, lang, coalesce(published, ''), coalesce(published, ''), articles, coalesce(title, ''), ` + said("note") + `
		from snap.draft_versions p where draft in (select id from main.drafts)`,
	`insert into main.provisions (version, position, address, parent, depth, kind, num, label, heading, text)
		select version, position, address, coalesce(parent, ''), (length(address) - length(replace(address, '__', ''))) / 2, kind,
			coalesce(num, ''), coalesce(label, ''), coalesce(heading, ''), coalesce(text, '')
		from snap.provisions where version in (select id from main.versions)`,
	`insert into main.periods (id, draft, n, kind, opens, closes, basis, at)
		select id, draft, n, kind, coalesce(opens, ''), coalesce(closes, ''), coalesce(basis, ''), coalesce(at, '')
		from snap.draft_periods where draft in (select id from main.drafts)`,
	`insert into main.papers (id, draft, position, state, kind, name, media, size, url, lang, title, reason)
		select p.id, p.draft, p.position, p.state, coalesce(p.kind, ''), coalesce(p.name, ''), coalesce(p.media_type, ''), coalesce(p.size, 0),
			coalesce(iif(p.file is not null and a.value is not null, a.value || '/drafts/' || d.slug || '/files/' || p.id, p.url), ''),
			coalesce(p.lang, ''), ` + said("title") + `, coalesce(p.reason, '')
		from snap.draft_papers p join snap.drafts d on d.id = p.draft left join snap.about a on a.key = 'site' where p.draft in (select id from main.drafts)`,
	`insert into main.comments (seq, id, draft, version, address, quote, parent, root, depth, kind, state, lang, name, organisation, provenance, text,
			received, shown, ended, reason, late, once, digest, receipt, cluster)
		select seq, id, draft, coalesce(version, ''), coalesce(address, ''), coalesce(quote, ''), coalesce(parent, 0), coalesce(root, 0), depth, kind, state, lang,
			coalesce(name, ''), coalesce(organisation, ''), provenance, coalesce(text, ''), received, received, coalesce(ended, ''), coalesce(reason, ''), late,
			id, x'', cast(id as blob), coalesce(cluster, 0)
		from snap.comments where draft in (select id from main.drafts)`,
	`insert into main.comment_counts (draft, address, state, kind, provenance, reply, n)
		select draft, address, state, kind, provenance, root <> 0, count(*) from main.comments group by 1, 2, 3, 4, 5, 6`,
	`insert into main.clusters (id, draft, first, size, variants, people)
		select id, draft, first, size, variants, people from snap.comment_groups where draft in (select id from main.drafts)`,
	`insert into main.placements (comment, version, address, start, stop, verdict)
		select comment, version, coalesce(address, ''), coalesce(start, -1), coalesce(stop, -1), verdict
		from snap.comment_places where version in (select id from main.versions) and comment in (select seq from main.comments)`,
	`insert into main.place_counts (version, address, verdict, state, kind, provenance, reply, n)
		select p.version, p.address, p.verdict, c.state, c.kind, c.provenance, c.root <> 0, count(*)
		from main.placements p join main.comments c on c.seq = p.comment group by 1, 2, 3, 4, 5, 6, 7`,
	`insert into main.responses (id, draft, comment, cluster, state, verdict, lang, text, at)
		select id, draft, coalesce(comment, 0), coalesce(cluster, 0), 'published', verdict, lang, coalesce(text, ''), coalesce(at, '')
		from snap.draft_answers where draft in (select id from main.drafts)`,
	`insert into main.influences (id, draft, version, address, comment, cluster, verdict, reason, at)
		select id, draft, version, address, coalesce(comment, 0), coalesce(cluster, 0), verdict, coalesce(reason, ''), coalesce(at, '')
		from snap.influences where version in (select id from main.versions)`,
	`insert into main.overrides (draft, reason, name, at)
		select draft, coalesce(reason, ''), coalesce(name, ''), coalesce(at, '') from snap.draft_overrides where draft in (select id from main.drafts)`,
}
