package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// postgresBin is where Debian has the programs of PostgreSQL.
const postgresBin = "/usr/lib/postgresql/15/bin"

// A cluster is a PostgreSQL of its own in a temporary folder, run as a user who
// may do nothing else.
type cluster struct {
	b      *bench
	dir    string
	as     *syscall.Credential // nil for the user of the benchmark
	server *exec.Cmd
}

// newCluster makes and starts one.
func (b *bench) newCluster() (*cluster, error) {
	if _, err := os.Stat(filepath.Join(postgresBin, "postgres")); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		return nil, err
	}
	b.t.Cleanup(func() { _ = os.RemoveAll(dir) })
	c := &cluster{b: b, dir: dir}
	if os.Getuid() == 0 { // it refuses to be run by root
		who, err := user.Lookup("postgres")
		if err != nil {
			return nil, err
		}
		uid, _ := strconv.Atoi(who.Uid)
		gid, _ := strconv.Atoi(who.Gid)
		c.as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		if err := os.Chown(dir, uid, gid); err != nil {
			return nil, err
		}
	}
	if out, err := c.command("initdb", "-D", filepath.Join(dir, "data"), "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, lastLine(out))
	}
	server := c.command("postgres", "-D", filepath.Join(dir, "data"), "-k", dir, "-c", "listen_addresses=", "-c", "shared_buffers=1GB", "-c", "work_mem=64MB", "-c", "maintenance_work_mem=512MB", "-c", "max_wal_size=4GB")
	c.server = server
	if err := server.Start(); err != nil {
		return nil, err
	}
	b.t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGINT)
		_ = server.Wait()
	})
	for range 300 {
		if _, err = c.sql("select 1"); err == nil {
			return c, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return nil, err
}

func (c *cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(postgresBin, name), args...)
	cmd.Dir = c.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.as}
	return cmd
}

// sql runs statements, one after the other in one session.
func (c *cluster) sql(statements ...string) (string, error) {
	cmd := c.command("psql", "-h", c.dir, "-U", "bench", "-d", "postgres", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", "-")
	cmd.Stdin = strings.NewReader(strings.Join(statements, ";\n") + ";\n")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, lastLine(out))
	}
	return string(out), nil
}

// postgres asks the same of a table with an index of its full text.
func (b *bench) postgres(n int, words []string) ([]time.Duration, []int, error) {
	c, err := b.newCluster()
	if err != nil {
		return nil, nil, err
	}
	if err := c.loadCatalogue(b.catalogue(n)); err != nil {
		return nil, nil, err
	}
	statements := []string{"set jit = off;\n\\timing on\nselect 1"}
	const turns = 4
	for range turns {
		for _, word := range words {
			statements = append(statements, strings.ReplaceAll(postgresFind, "{word}", word))
		}
	}
	out, err := c.sql(statements...)
	if err != nil {
		return nil, nil, err
	}
	var took []time.Duration
	var totals []int
	for line := range strings.Lines(out) {
		if text, ok := strings.CutPrefix(line, "Time: "); ok {
			ms, err := strconv.ParseFloat(strings.Fields(text)[0], 64)
			if err != nil {
				return nil, nil, err
			}
			took = append(took, seconds(ms/1000))
		} else if total, _, ok := strings.Cut(line, "|"); ok && len(totals) < len(words) {
			if k, err := strconv.Atoi(total); err == nil {
				totals = append(totals, k)
			}
		}
	}
	if len(took) != 1+turns*len(words) || len(totals) != len(words) {
		return nil, nil, fmt.Errorf("%d times and %d totals", len(took), len(totals))
	}
	return took[1+len(words):], totals, nil // the first turn only warms
}

// postgresFind is a page of results with its total and five facets.
const postgresFind = `with hit as materialized (select id, title, keyword, agency, theme, format, licence, ts from dataset where ts @@ plainto_tsquery('simple', '{word}')),
 page as (select id, title from hit order by ts_rank(ts, plainto_tsquery('simple', '{word}')) desc limit 20),
 facet as (
  (select 1 as f, keyword as v, count(*) as n from hit group by 2 order by 3 desc limit 20) union all (select 2, agency, count(*) from hit group by 2 order by 3 desc limit 20) union all
  (select 3, theme, count(*) from hit group by 2 order by 3 desc limit 20) union all (select 4, format, count(*) from hit group by 2 order by 3 desc limit 20) union all
  (select 5, licence, count(*) from hit group by 2 order by 3 desc limit 20))
select (select count(*) from hit), (select json_agg(page) from page), (select json_agg(facet) from facet)`

// loadCatalogue makes the table of datasets.
func (c *cluster) loadCatalogue(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var all struct {
		Dataset []struct {
			Identifier, Title, Description, License string
			Keyword, Theme                          []string
			Publisher                               struct{ Name string }
			Distribution                            []struct{ Format string }
		}
	}
	if err := json.Unmarshal(text, &all); err != nil {
		return err
	}
	var rows strings.Builder
	for _, d := range all.Dataset {
		fmt.Fprintln(&rows, strings.Join([]string{d.Identifier, d.Title, d.Description, d.Keyword[0], d.Keyword[1], d.Publisher.Name, d.Theme[0], d.Distribution[0].Format, d.License}, "\t"))
	}
	name := filepath.Join(c.dir, "rows")
	if err := os.WriteFile(name, []byte(rows.String()), 0o644); err != nil {
		return err
	}
	_, err = c.sql("create table dataset (id text, title text, description text, keyword text, second text, agency text, theme text, format text, licence text, ts tsvector)",
		`copy dataset (id, title, description, keyword, second, agency, theme, format, licence) from '`+name+`'`,
		"update dataset set ts = setweight(to_tsvector('simple', title), 'A') || to_tsvector('simple', description || ' ' || keyword || ' ' || second || ' ' || agency || ' file')",
		"create index on dataset using gin (ts)", "vacuum full analyze dataset")
	return err
}
