package catalog

// What is kept on disk belongs to an edition or to a file that waits to become
// one. Backup and verify read both through these.
const (
	pendingTables = `(select p.resource, t.value ->> '$.Digest' as digest, t.value ->> '$.Rows' as rows, t.value -> '$.Schema' as columns
		from pending p, json_each(p.body, '$.Tables') t)`
	keptFiles  = "(select file, size from editions union all select file, size from pending)"
	keptTables = "(select digest from editions where has_table union select digest from " + pendingTables + ")"
)

// keepers are the tables whose files verify looks at one after the other, each
// in the order of its index; a file that an edition has is looked at there.
var keepers = []string{"editions where", "pending where not exists (select 1 from editions e where e.file = pending.file) and"}

// tableKeepers are likewise those whose rows are looked at.
var tableKeepers = []string{"editions where has_table and", pendingTables + " where"}
