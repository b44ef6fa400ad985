-- People who sign in, what they may do, and how they come in. No text that
-- opens a door is kept: of links, sessions and tokens there are only hashes.
create table people (
	id           text primary key,
	email        text not null unique,
	name         text not null,
	state        text not null check (state in ('active', 'disabled')),
	operator     integer not null default 0,
	password     text not null default '',
	totp         blob not null default x'',
	totp_step    integer not null default 0,
	failures     integer not null default 0,
	locked_until text not null default '',
	created      text not null,
	seen         text not null default ''
) strict;

create table roles (
	person text not null references people (id),
	agency text not null references agencies (id),
	role   text not null,
	primary key (person, agency)
) strict, without rowid;
create index roles_agency on roles (agency);

create table invitations (
	id       text primary key,
	hash     blob not null unique,
	person   text references people (id),
	email    text not null,
	name     text not null default '',
	agency   text references agencies (id),
	role     text not null default '',
	operator integer not null default 0,
	totp     blob not null default x'',
	by       text references people (id),
	created  text not null,
	expires  text not null,
	used     text not null default ''
) strict;

create table sessions (
	id        text primary key,
	hash      blob not null unique,
	person    text not null references people (id),
	created   text not null,
	seen      text not null,
	confirmed text not null,
	agent     text not null default '',
	address   text not null default ''
) strict;
create index sessions_person on sessions (person);

create table tokens (
	id      text primary key,
	hash    blob not null unique,
	person  text not null references people (id),
	agency  text references agencies (id),
	title   text not null,
	scopes  text not null,
	created text not null,
	expires text not null,
	used    text not null default '',
	revoked text not null default ''
) strict;
create index tokens_person on tokens (person);

-- The log of all acts: a leaf each of a Merkle tree (RFC 6962), whose hashes
-- are kept as golang.org/x/mod/sumdb/tlog stores them. A leaf may lose what it
-- says, never that it was there.
create table log (
	n      integer primary key,
	at     text not null,
	agency text not null,
	actor  text not null,
	noun   text not null,
	thing  text not null,
	hash   blob not null,
	salt   blob,
	body   text
) strict;
create index log_agency on log (agency, n);
create index log_thing on log (thing, n);

create table log_hashes (
	i    integer primary key,
	hash blob not null
) strict;

create table log_heads (
	size integer primary key,
	at   text not null,
	note text not null
) strict;

create trigger log_stays before delete on log begin select raise(abort, 'the log only grows'); end;
create trigger log_keeps before update of n, at, agency, actor, noun, thing, hash on log begin select raise(abort, 'the log only grows'); end;
create trigger log_hashes_stay before delete on log_hashes begin select raise(abort, 'the log only grows'); end;
create trigger log_hashes_keep before update on log_hashes begin select raise(abort, 'the log only grows'); end;
