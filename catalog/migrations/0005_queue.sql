-- Runs that somebody asks for wait here until the server does them. stop is when
-- somebody told a run to end, refused when somebody said that what it would
-- remove is to stay, note why a held run was approved or refused.
alter table runs add column asked text not null default '';
alter table runs add column asked_by text not null default '';
alter table runs add column follows text not null default '';
alter table runs add column tries integer not null default 0;
alter table runs add column stop text not null default '';
alter table runs add column refused text not null default '';
alter table runs add column note text not null default '';
create unique index runs_queued on runs (source, dry_run) where state = 'queued';

-- What the newest trial of a source would do to each record.
create table run_plan (
	run        text not null references runs (id),
	n          integer not null,
	identifier text not null,
	title      text not null default '{}',
	does       text not null,
	primary key (run, n)
) strict, without rowid;

alter table sources add column licence text not null default '';
alter table sources add column clock text not null default '';
alter table sources add column revision integer not null default 1;
