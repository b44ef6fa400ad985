package catalog

import (
	"context"
	"database/sql"
)

// saidFills write into a mirror the parts of its sentences.
var saidFills = []string{
	"update main.runs as r set said = coalesce((select p.said from snap.runs p where p.id = r.id), '')",
	"update main.run_faults as f set said = coalesce((select p.said from snap.run_faults p where p.run = f.run and p.n = f.n), '')",
	"update main.resources as r set fetch_said = coalesce((select p.fetch_said from snap.resources p where p.id = r.id), '') where r.fetch_fault <> ''",
}

// fillSaid is for snapshots that have the parts of sentences: older ones of the
// same format have the sentences alone.
func fillSaid(ctx context.Context, tx *sql.Tx) error {
	var has bool
	if err := tx.QueryRowContext(ctx, "select exists (select 1 from pragma_table_info('runs', 'snap') where name = 'said')").Scan(&has); err != nil || !has {
		return err
	}
	for _, fill := range saidFills {
		if _, err := tx.ExecContext(ctx, fill); err != nil {
			return err
		}
	}
	return nil
}
