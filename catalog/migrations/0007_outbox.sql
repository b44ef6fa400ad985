-- Letters that wait to be sent and, for a while, those that were. A letter is
-- written in the transaction of what it tells about. Of one that was sent only
-- remains to whom and when it went.
create table outbox (
	id       text primary key,
	kind     text not null,
	lang     text not null,
	address  text not null,
	name     text not null default '',
	thing    text not null default '',
	body     text not null,
	secret   blob not null default x'',
	created  text not null,
	expires  text not null default '',
	state    text not null check (state in ('waiting', 'sent', 'failed')),
	since    text not null,
	due      text not null default '',
	attempts integer not null default 0,
	fault    text not null default '',
	ended    text not null default ''
) strict;
create index outbox_due on outbox (due) where state = 'waiting';
create index outbox_state on outbox (state, created);

-- In which language somebody reads, and whether they want letters about what
-- happens; those about their own account come always.
alter table people add column lang text not null default '';
alter table people add column notices integer not null default 1;

-- Browsers that somebody signed in with: a sign-in from another one is told.
create table devices (
	hash   blob primary key,
	person text not null references people (id),
	seen   text not null
) strict, without rowid;
create index devices_person on devices (person, seen);
