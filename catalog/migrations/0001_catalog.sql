create table meta (
	key   text primary key,
	value text not null
) strict, without rowid;

create table changes (
	seq  integer primary key autoincrement,
	at   text not null,
	noun text not null,
	id   text not null,
	op   text not null check (op in ('put', 'retire'))
) strict;

create table agencies (
	id          text primary key,
	slug        text not null unique,
	state       text not null,
	title       text not null,
	fold        text not null,
	description text not null default '{}',
	kind        text not null default '',
	parent      text references agencies (id),
	homepage    text not null default '',
	contact     text not null default '',
	created     text not null
) strict;
create index agencies_fold on agencies (fold);

create table sources (
	id            text primary key,
	slug          text not null unique,
	state         text not null,
	title         text not null default '{}',
	kind          text not null,
	url           text not null,
	agency        text references agencies (id),
	every         integer not null default 0,
	allow_private integer not null default 0,
	created       text not null
) strict;

create table runs (
	id          text primary key,
	source      text not null references sources (id),
	state       text not null check (state in ('queued', 'running', 'complete', 'incomplete', 'held', 'failed')),
	dry_run     integer not null default 0,
	started     text not null,
	finished    text not null default '',
	reason      text not null default '',
	counts      text not null default '{}',
	owner       text not null default '',
	lease_until text not null default '',
	approved    text not null default '',
	approved_by text not null default ''
) strict;
create index runs_source on runs (source, started desc);
create index runs_newest on runs (source);
create index runs_running on runs (state) where state = 'running';

create table run_faults (
	run        text not null references runs (id),
	n          integer not null,
	severity   text not null,
	identifier text not null default '',
	position   text not null default '',
	field      text not null default '',
	text       text not null,
	primary key (run, n)
) strict, without rowid;

-- What the newest held run of a source would remove or move, until somebody
-- approves it.
create table run_held (
	run        text not null references runs (id),
	noun       text not null,
	identifier text not null,
	kind       text not null check (kind in ('missing', 'deleted', 'moved')),
	becomes    text not null default '',
	primary key (run, noun, identifier)
) strict, without rowid;

create table datasets (
	id         text primary key,
	slug       text not null unique,
	state      text not null,
	agency     text not null references agencies (id),
	source     text references sources (id),
	identifier text not null default '',
	created    text not null,
	updated    text not null,
	missing    text not null default '',
	body       text not null
) strict;
create index datasets_agency on datasets (agency, state);
create index datasets_source on datasets (source, state);
create index datasets_updated on datasets (updated desc, id desc) where state = 'published';

-- The record that a thing was mapped from: key of change detection.
create table records (
	source     text not null references sources (id),
	noun       text not null,
	identifier text not null,
	thing      text not null,
	hash       blob not null,
	touch      blob not null,
	likeness   blob not null default x'',
	origin     blob not null default x'',
	missing    text not null default '',
	misses     integer not null default 0,
	retired    integer not null default 0,
	raw        blob not null,
	primary key (source, noun, identifier)
) strict;
create index records_thing on records (thing);

create table resources (
	id            text primary key,
	dataset       text not null references datasets (id),
	position      integer not null,
	state         text not null,
	part_of       text references resources (id),
	fetch         text not null default '',
	fetch_due     text not null default '',
	fetch_fault   text not null default '',
	fetched       text not null default '',
	attempts      integer not null default 0,
	etag          text not null default '',
	last_modified text not null default '',
	edition       text not null default '',
	body          text not null
) strict;
create index resources_dataset on resources (dataset, position);
create index resources_part_of on resources (part_of) where part_of is not null;
create index resources_due on resources (fetch_due) where fetch = 'pending';

create table editions (
	resource  text not null references resources (id),
	digest    text not null,
	file      text not null,
	file_name text not null,
	size      integer not null,
	since     text not null,
	has_table integer not null,
	rows      integer not null,
	columns   text not null default '[]',
	profile   text not null default '[]',
	notes     text not null default '[]',
	faults    text not null default '[]',
	faults_n  integer not null default 0,
	primary key (resource, digest)
) strict;
create index editions_file on editions (file);

-- The ledger of what disappeared. Lines are added, and closed when the thing
-- comes back; none is removed.
create table removals (
	id         text primary key,
	at         text not null,
	noun       text not null,
	thing      text not null,
	slug       text not null,
	title      text not null default '{}',
	agency     text references agencies (id),
	kind       text not null check (kind in ('missing', 'deleted', 'takedown', 'source')),
	reason     text not null default '',
	source     text references sources (id),
	run        text references runs (id),
	identifier text not null default '',
	missing    text not null default '',
	record     text not null default '',
	returned   text not null default ''
) strict;
create index removals_noun on removals (noun, id);
create index removals_thing on removals (thing, id);
create index removals_run on removals (run) where run is not null;
