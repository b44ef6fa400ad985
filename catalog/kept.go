package catalog

// What is kept on disk belongs to an edition, to a file that waits to become
// one, or to a draft: its texts and papers. Backup and verify read all of them
// through these.
const (
	pendingTables = `(select p.resource, t.value ->> '$.Digest' as digest, t.value ->> '$.Rows' as rows, t.value -> '$.Schema' as columns
		from pending p, json_each(p.body, '$.Tables') t)`
	draftFiles = "(select file, file_size as size, draft as resource from versions union all select file, size, draft from papers)"
	keptFiles  = "(select file, size from editions union all select file, size from pending union all select file, size from " + draftFiles + ")"
	keptTables = "(select digest from editions where has_table union select digest from " + pendingTables + " union select lines from budgets where lines <> '')"
)

// keepers are the tables whose files verify looks at one after the other, each
// in the order of its index; a file that an edition has is looked at there.
var keepers = []string{
	"editions where",
	"pending where not exists (select 1 from editions e where e.file = pending.file) and",
	draftFiles + " f where not exists (select 1 from editions e where e.file = f.file) and not exists (select 1 from pending p where p.file = f.file) and",
}

// tableKeepers are likewise those whose rows are looked at.
var tableKeepers = []string{"editions where has_table and", pendingTables + " where"}
