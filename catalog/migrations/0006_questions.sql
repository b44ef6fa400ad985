-- What people ask about a dataset or an agency without an account. Who asked is
-- known by the hash of a receipt only; once is the key of the form, so that a
-- form that is sent twice is one question. waited is how many seconds went by
-- until the answer, for the median.
create table questions (
	id       text primary key,
	agency   text not null references agencies (id),
	dataset  text not null default '',
	resource text not null default '',
	kind     text not null check (kind in ('question', 'problem', 'missing')),
	state    text not null check (state in ('waiting', 'open', 'answered', 'declined', 'withdrawn')),
	lang     text not null,
	name     text not null,
	text     text not null,
	asked    text not null,
	opened   text not null default '',
	closed   text not null default '',
	waited   integer,
	reason   text not null default '',
	answer   text not null default '',
	once     text not null unique,
	digest   blob not null,
	receipt  blob not null unique,
	email    text not null default '',
	confirmed text not null default '',
	draft    text not null default '',
	note     text not null default '',
	revision integer not null default 1
) strict;
create index questions_agency on questions (agency, state, waited);
create index questions_dataset on questions (dataset, state) where dataset <> '';
create index questions_email on questions (asked) where email <> '';
