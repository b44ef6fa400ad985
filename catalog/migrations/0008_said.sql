-- Beside each sentence about a source or a file, which is in English, its parts
-- by kind (JSON, see Said), so that pages tell it in their language. Older
-- sentences have none.
alter table runs add column said text not null default '';
alter table run_faults add column said text not null default '';
alter table resources add column fetch_said text not null default '';
