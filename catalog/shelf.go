package catalog

// Nouns of package consultation, whose things travel the road of records too.
const (
	nounDraft   = "draft"
	nounComment = "comment"
)

// Nouns of package contracts.
const (
	nounRelease = "release"
	nounProcess = "process"
)

// A shelf says how the things of a noun lie in the catalogue, for the road that
// the records of all nouns travel. The things are given by their ids.
type shelf struct {
	about   string // query of slug, title and agency of a published one, as the ledger calls it
	table   string // which notes its identifier
	missing bool   // and since when it is missing
	page    bool   // it has a page of its own; else it goes where the thing goes that it is a part of
	retire  func(t *Tx, id, state string) error
	back    func(t *Tx, id string) error // publishes one again that was retired
}

// shelves is the table of the nouns that records are of.
var shelves = map[string]shelf{
	NounDataset: {
		about: "select slug, body -> '$.title', agency from datasets where id = ? and state = 'published'",
		table: "datasets", missing: true, page: true,
		retire: func(t *Tx, id, state string) error {
			return t.exec("update datasets set state = ?, publish_at = '', revision = revision + 1 where id = ?", state, id)
		},
		back: func(t *Tx, id string) error {
			return t.exec("update datasets set missing = '', state = iif(state = 'retired', 'published', state) where id = ?", id)
		},
	},
	nounDraft: {
		about: "select slug, title, agency from drafts where id = ? and state = 'published'",
		table: "drafts", missing: true, page: true,
		retire: func(t *Tx, id, state string) error {
			return t.exec("update drafts set state = ?, revision = revision + 1 where id = ?", state, id)
		},
		back: func(t *Tx, id string) error {
			return t.exec("update drafts set missing = '', state = iif(state = 'retired', 'published', state), revision = revision + 1 where id = ?", id)
		},
	},
	nounComment: {
		about: "select d.slug, d.title, d.agency from comments c join drafts d on d.id = c.draft where c.id = ? and c.state = 'published'",
		table: "comments",
		retire: func(t *Tx, id, _ string) error {
			return t.MoveComment(id, "update comments set state = 'withdrawn', ended = ?, reason = 'source', revision = revision + 1 where id = ?", stamp(t.now), id)
		},
		back: func(t *Tx, id string) error {
			return t.MoveComment(id, `update comments set state = 'published', ended = '', reason = '', revision = revision + 1
				where id = ? and state = 'withdrawn' and reason = 'source'`, id)
		},
	},
	nounRelease: {
		about: "select p.slug, p.title, p.agency from releases r join processes p on p.id = r.process where r.id = ? and r.state = 'published'",
		table: "releases", page: true,
		retire: retireRelease,
		back:   backRelease,
	},
	nounProcess: {
		about: "select slug, title, agency from processes where id = ? and state = 'published'",
		table: "processes", missing: true, page: true,
		retire: retireProcess, back: backProcess,
	},
}
