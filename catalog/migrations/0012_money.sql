-- What else a source is told, by kind: for budget tables the mapping of their
-- columns to the Fiscal Data Package. A JSON object.
alter table sources add column options text not null default '{}';

-- A budget is a table of a resource that was read as one by a mapping. edition
-- is the digest of the table that its figures come from, lines that of the row
-- file of its lines, cube the key of its sums in cubes. state is loaded, or held
-- with the faults that keep a new state from being shown; what was loaded before
-- stays. counted says that its figures are part of those of the country; tried
-- is the table and mapping that were tried last.
create table budgets (
	id       text primary key,
	slug     text not null unique,
	resource text not null unique references resources (id),
	agency   text not null references agencies (id),
	mapping  text not null,
	revision integer not null default 1,
	state    text not null check (state in ('waiting', 'loaded', 'held')),
	edition  text not null default '',
	lines    text not null default '',
	cube     text not null default '',
	tried    text not null default '',
	rows     integer not null default 0,
	left_out integer not null default 0,
	counted  integer not null default 0,
	currency text not null default '',
	scale    integer not null default 0,
	about    text not null default '{}',
	loaded   text not null default '',
	changed  text not null
) strict;
create index budgets_agency on budgets (agency);
create index budgets_cube on budgets (cube) where cube <> '';

-- What was wrong or worth saying about the last try to load a budget.
create table budget_faults (
	budget   text not null references budgets (id),
	n        integer not null,
	severity text not null check (severity in ('error', 'warning', 'note')),
	row      integer not null default 0,
	column   text not null default '',
	kind     text not null,
	args     text not null default '[]',
	primary key (budget, n)
) strict, without rowid;

-- The years of a budget and what is known of each: until when its outturn
-- reaches, and which phases it has. span is the fiscal year as dates.
create table budget_years (
	budget    text not null references budgets (id),
	year      text not null,
	direction text not null,
	starts    text not null default '',
	ends      text not null default '',
	until     text not null default '',
	phases    text not null default '',
	primary key (budget, year, direction)
) strict, without rowid;

-- Sums of the lines of a budget along each tree of classifications, exact, in
-- minor units of its currency. An amount is null where no line gives one. cube is
-- that of the budget; sums under a key that no budget has are being written, or
-- are those from before. path is the codes from the root on, each escaped as in an
-- address and parted by strokes, parent the path without the last. label is what
-- the table calls the last code.
create table cubes (
	cube      text not null,
	tree      text not null,
	direction text not null,
	year      text not null,
	path      text not null,
	parent    text,
	depth     integer not null,
	scheme    text not null default '',
	code      text not null default '',
	label     text not null default '',
	lines     integer not null,
	proposed  integer,
	approved  integer,
	adjusted  integer,
	executed  integer,
	committed integer,
	paid      integer,
	primary key (cube, tree, direction, year, path)
) strict, without rowid;
create index cubes_parent on cubes (cube, tree, direction, year, parent);

-- The days on which documents of the budget are due and on which they came.
create table budget_documents (
	id       text primary key,
	agency   text not null references agencies (id),
	year     text not null,
	kind     text not null,
	due      text not null,
	came     text not null default '',
	resource text not null default '',
	url      text not null default '',
	unique (agency, year, kind)
) strict;

-- Open contracting: the releases as they came, by process, and the processes
-- that they make together (OCDS 1.1). content is what the release says, as JSON,
-- n the order in which the releases of a process came. history is what later
-- releases changed of what earlier ones said.
create table releases (
	id         text primary key,
	process    text not null references processes (id),
	source     text references sources (id),
	identifier text not null,
	release    text not null,
	date       text not null default '',
	tags       text not null default '[]',
	state      text not null,
	content    text not null,
	n          integer not null default 0
) strict;
create index releases_process on releases (process, n);

create table processes (
	id        text primary key,
	ocid      text not null unique,
	slug      text not null unique,
	state     text not null,
	agency    text not null references agencies (id),
	source    text references sources (id),
	created   text not null,
	updated   text not null,
	missing   text not null default '',
	title     text not null default '{}',
	stage     text not null default '',
	status    text not null default '',
	method    text not null default '',
	category  text not null default '',
	buyer     text not null default '',
	date      text not null default '',
	currency  text not null default '',
	scale     integer not null default 0,
	tendered  integer,
	awarded   integer,
	contracted integer,
	paid      integer,
	tenderers integer,
	budget    text not null default '',
	line      text not null default '',
	flags     text not null default '[]',
	fold      text not null default '',
	compiled  text not null default '{}',
	history   text not null default '[]'
) strict;
create index processes_agency on processes (agency, date) where state = 'published';
create index processes_buyer on processes (buyer, date) where state = 'published';
create index processes_date on processes (date desc, id desc) where state = 'published';
create index processes_method on processes (method) where state = 'published';

-- Buyers and suppliers: one row an organisation. key is scheme and identifier
-- of it, else its folded name.
create table parties (
	id      text primary key,
	key     text not null unique,
	slug    text not null unique,
	name    text not null,
	scheme  text not null default '',
	number  text not null default '',
	country text not null default '',
	fold    text not null
) strict;

-- What a process is worth by stage (tendered, awarded, contracted, paid) and
-- currency, in minor units: currencies are never added up.
create table process_amounts (
	process  text not null references processes (id),
	what     text not null,
	currency text not null,
	amount   integer not null,
	primary key (process, what, currency)
) strict, without rowid;

create table process_parties (
	process text not null references processes (id),
	party   text not null references parties (id),
	role    text not null,
	thing   text not null default '',
	amount  integer,
	currency text not null default '',
	primary key (process, party, role, thing)
) strict, without rowid;
create index process_parties_party on process_parties (party, role);

-- The set of indicators as it was from a day on; what is scored names it.
create table indicator_sets (
	version integer primary key,
	since   text not null,
	rules   text not null,
	note    text not null default '{}',
	name    text not null default ''
) strict;

-- What an agency hands in for an indicator and a period. state: due is not a
-- row; submitted, accepted, rejected, objected.
create table filings (
	id        text primary key,
	agency    text not null references agencies (id),
	indicator text not null,
	period    text not null,
	state     text not null check (state in ('submitted', 'accepted', 'rejected', 'objected')),
	revision  integer not null default 1,
	due       text not null default '',
	filed     text not null,
	updated   text not null,
	statement text not null default '{}',
	unique (agency, indicator, period)
) strict;
create index filings_period on filings (indicator, period);

-- Rows are added, never changed: at is when a piece was handed in, until when
-- other evidence took its place.
create table filing_evidence (
	filing   text not null references filings (id),
	n        integer not null,
	kind     text not null check (kind in ('dataset', 'resource', 'link', 'statement')),
	thing    text not null default '',
	url      text not null default '',
	text     text not null default '{}',
	at       text not null,
	until    text not null default '',
	primary key (filing, n)
) strict, without rowid;
create index filing_evidence_thing on filing_evidence (thing) where thing <> '' and until = '';
create index filing_evidence_url on filing_evidence (url) where url <> '' and until = '';

-- Each check that was made of a filing, append-only: with the version of the
-- rules, what was looked at and what came out, so that it can be worked out
-- again. points is 0 to 20; seen is what was looked at, hash the digest of it,
-- facts the sentences that follow from it.
create table filing_checks (
	filing  text not null references filings (id),
	n       integer not null,
	at      text not null,
	version integer not null,
	points  integer not null,
	hash    text not null,
	seen    text not null,
	facts   text not null,
	primary key (filing, n)
) strict, without rowid;

-- What people decided about a filing, and what the agency says against it;
-- append-only and public.
create table filing_acts (
	filing  text not null references filings (id),
	n       integer not null,
	at      text not null,
	kind    text not null check (kind in ('submitted', 'accepted', 'rejected', 'objected', 'upheld', 'dismissed')),
	reason  text not null default '',
	check_n integer not null default 0,
	name    text not null default '',
	primary key (filing, n)
) strict, without rowid;

-- The score of an agency in a period as it was published: points of how many,
-- by which version of the rules. gone says that its evidence vanished after the
-- period was closed, which changes no points any more.
create table scores (
	agency    text not null references agencies (id),
	indicator text not null,
	period    text not null,
	version   integer not null,
	state     text not null,
	points    integer,
	filing    text not null default '',
	gone      integer not null default 0,
	at        text not null,
	primary key (agency, indicator, period)
) strict, without rowid;
create index scores_indicator on scores (indicator, period, points);
create index scores_period on scores (period);
create index scores_late on scores (agency, indicator, period) where state = 'late';

-- The letters about what is due that agencies got, so that each comes once.
create table filing_reminders (
	agency text not null references agencies (id),
	due    text not null,
	kind   text not null check (kind in ('due', 'late')),
	at     text not null,
	primary key (agency, due, kind)
) strict, without rowid;

-- Addresses that data and filings point to, and whether they answer.
create table links (
	url     text primary key,
	state   text not null check (state in ('new', 'alive', 'moved', 'broken', 'refused')),
	status  integer not null default 0,
	checked text not null default '',
	due     text not null,
	fails   integer not null default 0,
	since   text not null default '',
	said    text not null default '',
	moved   text not null default ''
) strict, without rowid;
create index links_due on links (due);

-- Points of datasets by the metadata quality assessment of data.europa.eu, the
-- stars of open data, and how fresh they are against what was promised.
create table quality (
	dataset   text primary key references datasets (id),
	agency    text not null references agencies (id),
	stars     integer not null,
	points    integer not null,
	freshness text not null,
	facts     text not null,
	at        text not null
) strict, without rowid;
create index quality_agency on quality (agency);
