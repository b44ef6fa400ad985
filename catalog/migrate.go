package catalog

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"time"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate runs, each in its own transaction, the files numbered above the
// database's user_version, and gives a new catalogue its epoch.
func migrate(ctx context.Context, db *sql.DB, now func() time.Time) error {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	var have int
	if err := db.QueryRowContext(ctx, "pragma user_version").Scan(&have); err != nil {
		return err
	}
	if have > len(names) {
		return fmt.Errorf("%w: it has schema %d and this program knows schemas up to %d; install the newer program, or restore a backup made before the upgrade",
			ErrNewer, have, len(names))
	}
	for i, name := range names[have:] {
		body, err := migrations.ReadFile(name)
		if err != nil {
			return err
		}
		if err := step(ctx, db, string(body), have+i+1); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	named := false // looked for first: who only reads does not wait for those who write
	if err := db.QueryRowContext(ctx, "select exists (select 1 from meta where key = 'epoch')").Scan(&named); err != nil || named {
		return err
	}
	_, err = db.ExecContext(ctx, "insert or ignore into meta (key, value) values ('epoch', ?)", newID(now()))
	return err
}

// step runs one migration. The version is read again under the lock: another
// process may have been first.
func step(ctx context.Context, db *sql.DB, body string, version int) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var have int
	if err := tx.QueryRowContext(ctx, "pragma user_version").Scan(&have); err != nil || have >= version {
		return err
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("%s; pragma user_version = %d", body, version)); err != nil {
		return err
	}
	return tx.Commit()
}
