-- What operators set at the desk of how the portal shows itself, by the name of
-- the setting. What a file or a flag sets wins over it.
create table settings (
	name    text primary key,
	value   blob not null,
	changed text not null
) strict, without rowid;
