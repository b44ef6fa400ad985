-- Until when the faults in the rows of a dataset that is public were seen by
-- somebody who edits it; empty: never. Faults of later editions wait at the desk.
alter table datasets add column faults_seen text not null default '';
