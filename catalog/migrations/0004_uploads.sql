-- Files that were given at the desk. They are read beside the requests that
-- brought them; how is kept, so that the next edition is read in the same way.
create table uploads (
	id        text primary key,
	dataset   text not null,
	resource  text not null default '',
	person    text not null,
	file      text not null,
	file_name text not null,
	size      integer not null,
	how       text not null default '',
	at        text not null,
	state     text not null check (state in ('waiting', 'asking', 'failed', 'done')),
	fault     text not null default '',
	body      text not null default 'null'
) strict;
create index uploads_dataset on uploads (dataset, at);
create index uploads_waiting on uploads (at) where state = 'waiting';
