-- What the desk prepares. A revision tells two editors apart; publish_at is when
-- what waits becomes public; note is for colleagues only.
alter table datasets add column revision integer not null default 1;
alter table datasets add column publish_at text not null default '';
alter table datasets add column note text not null default '';
create index datasets_due on datasets (publish_at) where publish_at <> '';

-- A file that was read and waits to become the next edition of its resource.
-- Nothing of it stands in editions before it is published.
create table pending (
	resource  text primary key references resources (id),
	file      text not null,
	file_name text not null,
	size      integer not null,
	at        text not null,
	by        text not null default '',
	how       text not null default '',
	body      text not null
) strict, without rowid;

-- What a program was answered to a request that it may send again.
create table answers (
	actor  text not null,
	key    text not null,
	digest blob not null,
	at     text not null,
	status integer not null,
	thing  text not null default '',
	body   text not null,
	primary key (actor, key)
) strict, without rowid;
create index answers_at on answers (at);
