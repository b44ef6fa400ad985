-- Draft regulations and what people say of them. state is the place of a draft
-- on the portal, as with datasets; where it stands in the consultation follows
-- from its periods, the clock and decided. begins is when it opens first; opens
-- and closes are those of the period in force, so that lists go by an index.
-- fold is what a word is looked up in.
create table drafts (
	id         text primary key,
	slug       text not null unique,
	state      text not null,
	agency     text not null references agencies (id),
	source     text references sources (id),
	identifier text not null default '',
	created    text not null,
	updated    text not null,
	missing    text not null default '',
	begins     text not null default '',
	opens      text not null default '',
	closes     text not null default '',
	decided    text not null default '' check (decided in ('', 'approved', 'withdrawn')),
	decided_at text not null default '',
	moderation text not null default 'review' check (moderation in ('publish', 'review')),
	revision   integer not null default 1,
	title      text not null,
	summary    text not null default '{}',
	reason     text not null default '{}',
	kind       text not null default '',
	legal_basis text not null default '{}',
	contact    text not null default '',
	landing_page text not null default '',
	dockets    text not null default '[]',
	heard      text not null default '{}',
	note       text not null default '{}',
	fold       text not null default ''
) strict;
create index drafts_agency on drafts (agency, state);
create index drafts_source on drafts (source, state);
create index drafts_closes on drafts (closes, id) where state = 'published';
create index drafts_decided on drafts (decided, decided_at, id) where state = 'published';
create index drafts_stage on drafts (decided, begins, opens, closes, agency) where state = 'published';
create index drafts_updated on drafts (updated desc, id desc) where state = 'published';

-- The texts of a draft, from the first to the approved one. A version that is
-- not published yet is the desk's.
create table versions (
	id        text primary key,
	draft     text not null references drafts (id),
	n         integer not null,
	state     text not null check (state in ('draft', 'published')),
	kind      text not null check (kind in ('initial', 'revised', 'approved')),
	lang      text not null,
	created   text not null,
	published text not null default '',
	articles  integer not null default 0,
	title     text not null default '',
	note      text not null default '{}',
	file      text not null default '',
	file_name text not null default '',
	file_size integer not null default 0,
	unique (draft, n)
) strict;

-- Their provisions, in the order of the text.
create table provisions (
	version  text not null references versions (id),
	position integer not null,
	address  text not null,
	parent   text not null default '',
	depth    integer not null,
	kind     text not null,
	num      text not null default '',
	label    text not null default '',
	heading  text not null default '',
	text     text not null,
	primary key (version, position),
	unique (version, address)
) strict, without rowid;

-- When a draft is open, append-only. by is whose act it was.
create table periods (
	id     text primary key,
	draft  text not null references drafts (id),
	n      integer not null,
	kind   text not null check (kind in ('opened', 'extended', 'reopened', 'closed')),
	opens  text not null default '',
	closes text not null,
	basis  text not null,
	at     text not null,
	unique (draft, n)
) strict;

-- Justifications, annexes, and other papers beside the text. reason is why one
-- was taken away.
create table papers (
	id       text primary key,
	draft    text not null references drafts (id),
	position integer not null,
	state    text not null,
	kind     text not null default '',
	file     text not null default '',
	name     text not null default '',
	media    text not null default '',
	size     integer not null default 0,
	url      text not null default '',
	lang     text not null default '',
	title    text not null,
	identifier text not null default '',
	reason   text not null default ''
) strict;
create index papers_draft on papers (draft, position);

-- Comments. seq is their order. Who wrote one is known by the hash of a receipt
-- only; once is the key of the form. address, quote, before and after are where
-- it stands in the version; root and depth are of its thread. leaf is the entry
-- of the log that the receipt proves; digest is what was filed, hashed with salt,
-- which goes with the text. person tells the addresses apart that are forgotten
-- when they were used. looked is when somebody of the agency looked at it.
create table comments (
	seq       integer primary key,
	id        text not null unique,
	draft     text not null references drafts (id),
	version   text not null default '',
	address   text not null default '',
	quote     text not null default '',
	before    text not null default '',
	after     text not null default '',
	parent    integer not null default 0,
	root      integer not null default 0,
	depth     integer not null default 0,
	kind      text not null check (kind in ('support', 'change', 'question') or kind = '' and provenance = 'harvested'),
	state     text not null check (state in ('waiting', 'published', 'removed', 'withdrawn', 'disowned')),
	lang      text not null,
	name      text not null default '',
	organisation text not null default '',
	provenance text not null check (provenance in ('anonymous', 'confirmed', 'organisation', 'harvested')),
	text      text not null,
	received  text not null,
	shown     text not null default '',
	ended     text not null default '',
	reason    text not null default '',
	note      text not null default '',
	late      integer not null default 0,
	source    text references sources (id),
	identifier text not null default '',
	once      text not null unique,
	digest    blob not null,
	receipt   blob not null unique,
	leaf      integer not null default -1,
	email     text not null default '',
	confirmed text not null default '',
	salt      blob not null default x'',
	person    blob not null default x'',
	looked    text not null default '',
	signature blob not null default x'',
	cluster   integer not null default 0,
	revision  integer not null default 1
) strict;
create index comments_draft on comments (draft, state, seq);
create index comments_anchored on comments (draft, seq) where address <> '';
create index comments_public on comments (draft, seq)
	where state in ('published', 'removed') or state in ('withdrawn', 'disowned') and shown <> '';
create index comments_address on comments (draft, address, seq)
	where root = 0 and (state in ('published', 'removed') or state in ('withdrawn', 'disowned') and shown <> '');
create index comments_kind on comments (draft, kind, seq)
	where state in ('published', 'removed') or state in ('withdrawn', 'disowned') and shown <> '';
create index comments_provenance on comments (draft, provenance, seq)
	where state in ('published', 'removed') or state in ('withdrawn', 'disowned') and shown <> '';
create index comments_root on comments (root, seq)
	where root <> 0 and (state in ('published', 'removed') or state in ('withdrawn', 'disowned') and shown <> '');
create index comments_cluster on comments (cluster, seq) where cluster <> 0;
create index comments_queue on comments (draft, seq) where looked = '' and state in ('waiting', 'published');
create index comments_unsigned on comments (seq) where signature = x'' and state in ('waiting', 'published');
create index comments_source on comments (source, identifier) where identifier <> '';
create index comments_email on comments (received) where email <> '';

-- How many comments each place has, kept with each write. state is unseen for
-- those that were taken back before anybody could read them.
create table comment_counts (
	draft   text not null,
	address text not null,
	state   text not null,
	kind    text not null,
	provenance text not null,
	reply   integer not null,
	n       integer not null,
	primary key (draft, address, state, kind, provenance, reply)
) strict, without rowid;

-- Comments that say nearly the same; the first is the one that stands for all.
create table clusters (
	id       integer primary key,
	draft    text not null references drafts (id),
	first    integer not null,
	size     integer not null,
	variants integer not null,
	people   integer not null,
	stale    integer not null default 0
) strict;
create index clusters_stale on clusters (id) where stale;
create index clusters_draft on clusters (draft, size desc, id);

-- What the agency says to a comment or to a cluster.
create table responses (
	id      text primary key,
	draft   text not null references drafts (id),
	comment integer not null default 0,
	cluster integer not null default 0,
	state   text not null check (state in ('draft', 'published')),
	verdict text not null check (verdict in ('adopted', 'partly', 'rejected', 'noted')),
	lang    text not null,
	text    text not null,
	at      text not null,
	revision integer not null default 1,
	unique (comment, cluster)
) strict;
create index responses_draft on responses (draft, state);
create index responses_cluster on responses (cluster) where cluster <> 0;

-- Which comment or cluster caused which change of a version.
create table influences (
	id      text primary key,
	draft   text not null references drafts (id),
	version text not null references versions (id),
	address text not null,
	comment integer not null default 0,
	cluster integer not null default 0,
	verdict text not null check (verdict in ('adopted', 'partly', 'rejected')),
	reason  text not null,
	at      text not null,
	unique (version, address, comment, cluster)
) strict;
create index influences_draft on influences (draft, version, address);

-- Where the anchor of a comment stands in a version, and the verdict.
create table placements (
	comment integer not null,
	version text not null,
	address text not null,
	start   integer not null default -1,
	stop    integer not null default -1,
	verdict text not null check (verdict in ('filed', 'kept', 'moved', 'changed', 'removed')),
	primary key (comment, version)
) strict, without rowid;
create index placements_version on placements (version, address);

-- How many comments stand at each place of each version, kept with each write;
-- the states are those of comment_counts.
create table place_counts (
	version text not null,
	address text not null,
	verdict text not null,
	state   text not null,
	kind    text not null,
	provenance text not null,
	reply   integer not null,
	n       integer not null,
	primary key (version, address, verdict, state, kind, provenance, reply)
) strict, without rowid;

-- How many who commented say they are of which gender and group, counted when
-- they commented and linked to nobody.
create table tallies (
	draft text not null,
	field text not null check (field in ('gender', 'group')),
	value text not null,
	n     integer not null,
	primary key (draft, field, value)
) strict, without rowid;

-- What followers of a draft are told, in the order in which it happened.
create table alerts (
	draft text not null references drafts (id),
	n     integer not null,
	kind  text not null,
	thing text not null default '',
	at    text not null,
	primary key (draft, n)
) strict, without rowid;
create unique index alerts_thing on alerts (draft, kind, thing);

-- Who wants letters about a draft; the address is confirmed by a link. told is
-- the last alert that they have a letter about.
create table followers (
	id        text primary key,
	draft     text not null references drafts (id),
	email     text not null,
	lang      text not null,
	created   text not null,
	confirmed text not null default '',
	told      integer not null default 0,
	unique (draft, email)
) strict;

-- A published override of the gate before approval.
create table overrides (
	draft  text primary key references drafts (id),
	reason text not null,
	name   text not null default '',
	at     text not null
) strict;
