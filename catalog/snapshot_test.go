package catalog_test

import (
	"bytes"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// sqlOpen opens a database file for statements of any kind.
func sqlOpen(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	must(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

func values(t *testing.T, db *sql.DB, query string, args ...any) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	all := []string{}
	for rows.Next() {
		var s sql.NullString
		must(t, rows.Scan(&s))
		all = append(all, s.String)
	}
	must(t, rows.Err())
	return all
}

// portal fills a catalogue with a published and a retired one of each thing.
// It returns the ids of the two datasets.
func portal(t *testing.T, s *catalog.Store) (published, retired string) {
	t.Helper()
	ids := map[string]string{}
	for _, word := range []string{"open", "gone"} {
		src := &catalog.Source{Kind: "datajson", URL: "https://example.org/" + word + ".json", Title: catalog.Text{"en": "Source " + word}}
		agency := &catalog.Agency{Title: catalog.Text{"en": "Agency " + word, "fa": "دستگاه " + word}, Contact: "contact-" + word}
		must(t, s.Write(t.Context(), func(tx *catalog.Tx) error {
			if err := tx.PutAgency(agency); err != nil {
				return err
			}
			src.Agency = agency.ID
			return tx.PutSource(src)
		}))
		r := record("id-"+word, "Dataset "+word)
		r.Value.(*catalog.Dataset).Title["ar"] = "عنوان " + word
		r.Value.(*catalog.Dataset).Themes = []string{"energy"}
		r.Value.(*catalog.Dataset).Description = catalog.Text{"fa": "شرح " + word}
		put(t, s, src, r)
		all, err := s.DatasetIDs(t.Context(), catalog.Filter{Source: src.ID})
		must(t, err)
		d, err := s.Dataset(t.Context(), all[0])
		must(t, err)
		ids[word] = d.ID
		must(t, s.Write(t.Context(), func(tx *catalog.Tx) error {
			run, err := tx.StartRun(src.ID, false)
			if err != nil {
				return err
			}
			run.State, run.Reason, run.Counts.Seen = catalog.RunIncomplete, "reason "+word, 7
			if err := errors.Join(tx.PutRun(&run), tx.AddFaults(run.ID, catalog.RunFault{Severity: "record", Text: "fault " + word})); err != nil {
				return err
			}
			e := &catalog.Edition{
				Resource: d.Resources[0].ID, Digest: strings.Repeat("ab", 32), File: strings.Repeat("cd", 32), FileName: word + ".csv",
				HasTable: true, Rows: 3, Schema: datasets.Schema{{Name: "n", Label: "شماره", Type: datasets.Integer}},
			}
			return tx.PutEdition(e)
		}))
	}
	return ids["open"], ids["gone"]
}

// retire retires one dataset, its agency and its source, beside the rules.
func retire(t *testing.T, db *sql.DB, dataset string) {
	t.Helper()
	for _, q := range []string{
		"update agencies set state = 'retired' where id = (select agency from datasets where id = ?)",
		"update sources set state = 'retired' where id = (select source from datasets where id = ?)",
		"update datasets set state = 'retired' where id = ?",
	} {
		_, err := db.ExecContext(t.Context(), q, dataset)
		must(t, err)
	}
}

func snapshot(t *testing.T, s *catalog.Store) (*sql.DB, catalog.Snapshot) {
	t.Helper()
	snap, err := s.WriteSnapshot(t.Context(), t.TempDir(), catalog.SnapshotOptions{BaseURL: "https://data.example.org", Program: "test"})
	must(t, err)
	return sqlOpen(t, snap.Path), snap
}

func TestSnapshotHoldsWhatIsPublic(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	_, gone := portal(t, s)
	retire(t, sqlOpen(t, filepath.Join(dir, "catalog.db")), gone)
	db, snap := snapshot(t, s)
	for query, want := range map[string]string{
		"select title_en || '/' || title_other || '/' || agency from datasets": "Dataset open/{\"ar\":\"عنوان open\"}/" + values(t, db, "select id from agencies")[0],
		"select title_fa || '/' || datasets from agencies":                     "دستگاه open/1",
		"select url from sources":                                              "https://example.org/open.json",
		"select reason || '/' || seen from runs":                               "reason open/7",
		"select text from run_faults":                                          "fault open",
		"select group_concat(keyword order by position) from dataset_keywords": "b,a",
		"select theme from dataset_themes":                                     "energy",
		"select group_concat(name order by position) from resources":           "a table,a page",
		"select file_name || '/' || rows from editions":                        "open.csv/3",
		"select label || '/' || type from table_columns":                       "شماره/integer",
		"select dataset || '/' || rows from current_tables":                    "dataset-open/3",
		"select value from about where key = 'change'":                         strconv.FormatInt(snap.Change, 10),
		"pragma integrity_check":                                               "ok",
		"pragma journal_mode":                                                  "delete",
		"pragma freelist_count":                                                "0",
		"select count(*) from pragma_foreign_key_check":                        "0",
	} {
		if got := values(t, db, query); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	last, err := s.LastSeq(t.Context())
	must(t, err)
	if snap.Change != last || snap.Size == 0 || !strings.Contains(snap.Path, snap.Digest) {
		t.Errorf("snapshot %+v, last change %d", snap, last)
	}
	// Each table and column of the file is explained in it, and nothing else.
	have := values(t, db, `select m.name || '.' || c.name from sqlite_master m, pragma_table_info(m.name) c
		where m.type = 'table' and m.name not in ('readme', 'about') order by 1`)
	told := values(t, db, "select table_name || '.' || column_name from readme where column_name is not null order by 1")
	if !slices.Equal(have, told) {
		t.Errorf("columns %q\nexplained %q", have, told)
	}
	if n := values(t, db, "select count(*) from readme where en = '' or fa = '' or en not like '%data.example.org%' and n = 1"); n[0] != "0" {
		t.Errorf("%s lines of the readme lack something", n[0])
	}
}

// canaries writes a text of its own into every private column of every row,
// and into every column of what is retired. It returns the texts as bytes.
func canaries(t *testing.T, db *sql.DB, gone string) map[string][]byte {
	t.Helper()
	planted := map[string][]byte{}
	exec := func(query string, args ...any) {
		_, err := db.ExecContext(t.Context(), query, args...)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	exec("pragma ignore_check_constraints = on")
	exec("insert into meta (key, value) values ('another', 'x')")
	for _, trigger := range values(t, db, "select name from sqlite_schema where type = 'trigger'") {
		exec("drop trigger " + trigger)
	}
	number := int64(0x51AFAF00CAFE0000)
	for table, columns := range catalog.PrivateColumns() {
		exec("pragma foreign_keys = off")
		if len(columns) > 0 && len(values(t, db, "select 'row' from "+table+" limit 1")) == 0 {
			row := values(t, db, "select coalesce(dflt_value, case type when 'TEXT' then '''x''' when 'BLOB' then 'x''00''' else '0' end) from pragma_table_info(?)", table)
			exec("insert into " + table + " values (" + strings.Join(row, ", ") + ")")
		}
		for _, column := range columns {
			name := table + "." + column
			if name == "changes.seq" {
				continue // the number of the last change is what a snapshot stands for
			}
			if name == "log_hashes.i" || name == "log_heads.size" {
				continue // the number of a row is not written as its other integers are
			}
			canary := "canary-" + table + "-" + column
			planted[name] = []byte(canary)
			var value any = canary
			switch values(t, db, "select type from pragma_table_info(?) where name = ?", table, column)[0] {
			case "INTEGER":
				number++
				value, planted[name] = number, binary.BigEndian.AppendUint64(nil, uint64(number))
			case "BLOB":
				value = planted[name]
			}
			query := "update " + table + " set " + column + " = ?"
			if table == "meta" {
				exec(query+" where key <> 'epoch'", value)
			} else if _, err := db.ExecContext(t.Context(), query, value); err != nil { // it is unique
				exec(query+" where rowid = (select max(rowid) from "+table+")", value)
			}
		}
	}
	for _, q := range []string{
		"update datasets set body = json_set(body, '$.title.en', 'canary-gone-title', '$.keywords[0]', 'canary-gone-keyword'), identifier = 'canary-gone-id' where id = ?",
		"update resources set body = json_set(body, '$.name', 'canary-gone-resource'), fetch_fault = 'canary-gone-fault' where dataset = ?",
		"update editions set file_name = 'canary-gone-file' where resource in (select id from resources where dataset = ?)",
		"update agencies set contact = 'canary-gone-contact' where id = (select agency from datasets where id = ?)",
		"update sources set url = 'https://canary-gone-url' where id = (select source from datasets where id = ?)",
		"update runs set reason = 'canary-gone-reason' where source = (select source from datasets where id = ?)",
		"update run_faults set text = 'canary-gone-text' where run in (select id from runs where source = (select source from datasets where id = ?))",
	} {
		exec(q, gone)
		for part := range strings.SplitSeq(q, "canary-gone-") {
			if word, _, ok := strings.Cut(part, "'"); ok && !strings.Contains(word, " ") {
				planted["gone "+word] = []byte("canary-gone-" + word)
			}
		}
	}
	exec("update sources set url = '/srv/canary-path/' || url where url not like '%canary%' and id in (select id from sources order by id limit 1)")
	planted["path"] = []byte("/srv/canary-path/")
	return planted
}

// TestSnapshotHasNoCanary plants a text in every private column and in all
// that is retired, and searches every byte of the snapshot for it.
func TestSnapshotHasNoCanary(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	_, gone := portal(t, s)
	db := sqlOpen(t, filepath.Join(dir, "catalog.db"))
	db.SetMaxOpenConns(1)
	retire(t, db, gone)
	planted := canaries(t, db, gone)
	_, err := db.ExecContext(t.Context(), "pragma wal_checkpoint(truncate)")
	must(t, err)
	live, err := os.ReadFile(filepath.Join(dir, "catalog.db"))
	must(t, err)
	_, snap := snapshot(t, s)
	public, err := os.ReadFile(snap.Path)
	must(t, err)
	if !bytes.Contains(public, []byte("Dataset open")) {
		t.Fatal("the snapshot does not have what is public")
	}
	for name, canary := range planted {
		if !bytes.Contains(live, canary) {
			t.Errorf("%s was not planted", name)
		}
		if bytes.Contains(public, canary) {
			t.Errorf("%s is in the public snapshot", name)
		}
	}
	if bytes.Contains(public, []byte("canary")) {
		t.Error("some canary is in the public snapshot")
	}
	t.Logf("%d canaries in %d bytes", len(planted), len(public))
}

// TestSnapshotIsOneMoment writes while the snapshot is made: it must hold
// exactly what the last of its changes left.
func TestSnapshotIsOneMoment(t *testing.T) {
	s := open(t, t.TempDir())
	src := source(t, s)
	before, err := s.LastSeq(t.Context())
	must(t, err)
	var stop atomic.Bool
	done := make(chan error, 1)
	go func() {
		for i := 0; !stop.Load(); i++ {
			err := s.Write(t.Context(), func(tx *catalog.Tx) error {
				_, err := tx.PutRecord(src, record(fmt.Sprint("id-", i), fmt.Sprint("Dataset ", i)))
				return err
			})
			if err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for range 5 {
		db, snap := snapshot(t, s)
		want := strconv.FormatInt(snap.Change-before, 10)
		if got := values(t, db, "select count(*) from datasets"); got[0] != want {
			t.Errorf("change %d: %s datasets, want %s", snap.Change, got[0], want)
		}
		if got := values(t, db, "select count(*) from resources"); got[0] != strconv.FormatInt(2*(snap.Change-before), 10) {
			t.Errorf("change %d: %s resources", snap.Change, got[0])
		}
	}
	stop.Store(true)
	must(t, <-done)
}

func TestSnapshotsAreMadeWhenTheyLackChanges(t *testing.T) {
	dir := t.TempDir()
	now := noon
	s, err := catalog.Open(t.Context(), dir, catalog.Options{Now: func() time.Time { return now }})
	must(t, err)
	t.Cleanup(func() { s.Close() })
	src := source(t, s)
	kept := filepath.Join(dir, "snapshots")
	k := catalog.NewSnapshots(s, kept, catalog.SnapshotOptions{})
	take := func() catalog.Snapshot {
		t.Helper()
		f, snap, late, err := k.Open(t.Context())
		must(t, errors.Join(err, late))
		defer f.Close()
		info, err := f.Stat()
		must(t, err)
		if info.Size() != snap.Size {
			t.Errorf("%d bytes, want %d", info.Size(), snap.Size)
		}
		return snap
	}
	first := take()
	put(t, s, src, record("a", "A"))
	if again := take(); again != first {
		t.Errorf("within ten minutes another: %+v, %+v", first, again)
	}
	now = now.Add(11 * time.Minute)
	second := take()
	if second.Change <= first.Change {
		t.Errorf("after ten minutes: %+v", second)
	}
	now = now.Add(11 * time.Minute)
	if third := take(); third != second {
		t.Errorf("another without a change: %+v", third)
	}
	must(t, os.WriteFile(filepath.Join(kept, "new-1.tmp"), nil, 0o600)) // of a process that was killed
	put(t, s, src, record("b", "Boats"))
	now = now.Add(-24 * time.Hour) // the clock jumps back
	if fourth := take(); fourth.Change <= second.Change {
		t.Errorf("after a jump of the clock: %+v", fourth)
	}
	before := take()
	must(t, s.Write(t.Context(), func(tx *catalog.Tx) error {
		_, err := tx.Takedown("boats", "by order of a court")
		return err
	}))
	if fifth := take(); fifth.Change <= before.Change {
		t.Errorf("what was taken down is given out for ten minutes: %+v", fifth)
	}
	left, err := os.ReadDir(kept)
	must(t, err)
	if len(left) != 1 {
		t.Errorf("left over: %v", left)
	}
	// A folder that cannot be written leaves the old one in use, and says so.
	put(t, s, src, record("c", "C"))
	now = now.Add(time.Hour)
	must(t, os.Rename(kept, kept+"-aside"))
	must(t, os.WriteFile(kept, nil, 0o600))
	if _, _, _, err := k.Open(t.Context()); err == nil {
		t.Error("a snapshot in a folder that is a file")
	}
}
