package catalog

import (
	"database/sql"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// database opens a fresh catalogue for statements of any kind.
func database(t *testing.T) (*Store, *sql.DB) {
	t.Helper()
	dir := t.TempDir()
	s, err := Open(t.Context(), dir, Options{Now: func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	db, err := sql.Open("sqlite", fileURI(filepath.Join(dir, "catalog.db"), "_pragma=busy_timeout(10000)"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return s, db
}

func texts(t *testing.T, db *sql.DB, query string, args ...any) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// bodies are the types that are kept in the JSON column of a table.
var bodies = map[string]reflect.Type{"datasets": reflect.TypeFor[Dataset](), "resources": reflect.TypeFor[Resource]()}

// TestEveryColumnIsDeclared holds the declaration to the tables as they are:
// a column that is neither public nor private fails, and so does one that is
// declared and not there.
func TestEveryColumnIsDeclared(t *testing.T) {
	_, db := database(t)
	tables := texts(t, db, "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
	for i := range relations {
		if !slices.Contains(tables, relations[i].name) {
			t.Errorf("the table %s is declared and does not exist", relations[i].name)
		}
	}
	for _, table := range tables {
		at := slices.IndexFunc(relations, func(r relation) bool { return r.name == table })
		if at < 0 {
			t.Errorf("the table %s is not declared in columns.go", table)
			continue
		}
		r := &relations[at]
		declared := slices.Concat(strings.Fields(r.public), strings.Fields(r.private))
		have := texts(t, db, "select name from pragma_table_info(?)", table)
		if body := bodies[table]; body != nil {
			have = slices.DeleteFunc(have, func(c string) bool { return c == "body" })
			for _, m := range bodyMembers(body, have) {
				have = append(have, bodyMember+m)
			}
		}
		for _, c := range have {
			if n := strings.Count(" "+strings.Join(declared, "  ")+" ", " "+c+" "); n != 1 {
				t.Errorf("%s.%s is declared %d times in columns.go; say whether the public may see it", table, c, n)
			}
		}
		for _, c := range declared {
			if !slices.Contains(have, c) {
				t.Errorf("%s.%s is declared and does not exist", table, c)
			}
		}
		for c := range r.masked {
			if !slices.Contains(strings.Fields(r.public), c) {
				t.Errorf("%s.%s is masked and not public", table, c)
			}
		}
		if r.rows == "" && r.public != "" {
			t.Errorf("%s has public columns and no public rows", table)
		}
	}
}

// bodyMembers are the JSON names of the fields that have no column of their own.
func bodyMembers(body reflect.Type, columns []string) []string {
	elsewhere := append(slices.Clone(columns), "resources", "missing_since")
	var all []string
	for f := range body.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name != "-" && !slices.Contains(elsewhere, name) {
			all = append(all, name)
		}
	}
	return all
}

// TestPublicViewsHaveNoPrivateColumn makes the views and looks at what they give.
func TestPublicViewsHaveNoPrivateColumn(t *testing.T) {
	_, db := database(t)
	db.SetMaxOpenConns(1)
	for _, v := range publicViews("main") {
		if _, err := db.ExecContext(t.Context(), v); err != nil {
			t.Fatalf("%s: %v", v, err)
		}
	}
	for i := range relations {
		r := &relations[i]
		got := texts(t, db, "select name from pragma_table_info(?)", "public_"+r.name)
		if (len(got) > 0) != (r.public != "") {
			t.Errorf("%s: its public view has the columns %v", r.name, got)
		}
		for c := range strings.FieldsSeq(r.private) {
			if slices.Contains(got, c) {
				t.Errorf("%s.%s is private and in the view", r.name, c)
			}
		}
	}
}

// TestSheetsReadPublicViewsOnly looks for another table in what the snapshot is
// filled from.
func TestSheetsReadPublicViewsOnly(t *testing.T) {
	for _, sh := range sheets {
		for _, f := range append(slices.Clone(sh.columns), field{expr: "from " + sh.from}) {
			if strings.Contains(f.expr, source+".") {
				t.Errorf("%s.%s reads past the views: %s", sh.name, f.name, f.expr)
			}
			for i := range relations {
				if strings.Contains(f.expr, "from "+relations[i].name) {
					t.Errorf("%s.%s reads past the views: %s", sh.name, f.name, f.expr)
				}
			}
			if f.name != "" && (f.fa == "" || f.en == "") {
				t.Errorf("%s.%s is not explained in both languages", sh.name, f.name)
			}
		}
	}
}
