package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

type backupCmd struct {
	Dir  string `arg:"" help:"Folder of the backup; an earlier backup in it is brought up to date." type:"path"`
	JSON bool   `name:"json" help:"Print as JSON."`
}

// Run backs the data folder up, beside a running server.
func (c *backupCmd) Run(e *env) error {
	if err := e.mustExist(); err != nil {
		return err
	}
	if within(c.Dir, e.dir) {
		return &catalog.InvalidError{Field: "DIR", Reason: "a backup inside the data folder would be lost with it; give a folder elsewhere, on another disk if there is one"}
	}
	start := e.now()
	p, err := e.open()
	if err != nil {
		return err
	}
	defer p.close()
	more, err := e.otherFiles()
	if err != nil {
		return err
	}
	bar := e.progress("backup", "files")
	r, err := catalog.Backup(e.ctx, p.store, p.files, c.Dir, catalog.BackupOptions{
		Program: version(), Data: e.dir, More: more, Progress: bar.set,
		Tell: func(sentence string) { fmt.Fprintf(e.errOut, "shafaf: the portal has lost %s\n", sentence) },
	})
	bar.end()
	if err != nil {
		return err
	}
	if err := c.print(e, &r, e.now().Sub(start)); err != nil {
		return err
	}
	if r.Missing > 0 {
		return fmt.Errorf("the backup is whole but for %d files that the portal itself has lost; shafaf verify tells which they are", r.Missing)
	}
	return nil
}

func (c *backupCmd) print(e *env, r *catalog.BackupReport, took time.Duration) error {
	if c.JSON {
		return e.printJSON(struct {
			*catalog.BackupReport
			Seconds float64 `json:"seconds"`
		}{r, took.Seconds()})
	}
	_, err := fmt.Fprintf(e.out, "backed up to %s: change %d, %d files, %s; %d of them were new; it took %s\n",
		c.Dir, r.Change, r.Files, bytesText(r.Bytes), r.Written, took.Round(time.Millisecond))
	return err
}

// derived are the names in the data folder that no backup needs: what has a
// place of its own there, what grows back, and letters, which went out.
var derived = []string{"catalog.db", "catalog.db-wal", "catalog.db-shm", "catalog.db-journal", "files", "rows", "tmp", "search", "exports", "snapshots", outboxFolder, "LOCK", controlFile, "lost+found"}

// otherFiles lists, below the data folder and with slashes, the files that are
// neither derived nor named by a digest: keys, and whatever a later release keeps.
func (e *env) otherFiles() ([]string, error) {
	var all []string
	err := filepath.WalkDir(e.dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || path == e.dir {
			return nil // gone since its folder was read
		}
		if err != nil {
			return err
		}
		name, err := filepath.Rel(e.dir, path)
		if err != nil {
			return err
		}
		switch {
		case slices.Contains(derived, name) && d.IsDir():
			return fs.SkipDir
		case slices.Contains(derived, name) || d.IsDir():
		case d.Type().IsRegular():
			all = append(all, filepath.ToSlash(name))
		default:
			fmt.Fprintf(e.errOut, "shafaf: %s is no plain file and is not backed up\n", path)
		}
		return nil
	})
	return all, err
}

// mustExist refuses a data folder without a catalogue, for commands that have
// nothing to do there.
func (e *env) mustExist() error {
	_, err := os.Stat(filepath.Join(e.dir, "catalog.db"))
	if errors.Is(err, fs.ErrNotExist) {
		return &catalog.InvalidError{Field: "--data", Reason: fmt.Sprintf("there is no catalogue in %s; name the folder of the portal", e.dir)}
	}
	return err
}

// within reports whether path is dir or lies below it.
func within(path, dir string) bool {
	rel, err := filepath.Rel(unlinked(dir), unlinked(path))
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// unlinked is a path without links, as far as it exists.
func unlinked(path string) string {
	for rest := ""; ; {
		if found, err := filepath.EvalSymlinks(path); err == nil {
			return filepath.Join(found, rest)
		}
		parent := filepath.Dir(path)
		if parent == path {
			return filepath.Join(path, rest)
		}
		path, rest = parent, filepath.Join(filepath.Base(path), rest)
	}
}

// bytesText prints a number of bytes for people.
func bytesText(n int64) string {
	size, unit := float64(n), "bytes"
	for _, u := range []string{"KiB", "MiB", "GiB", "TiB"} {
		if size < 1024 {
			break
		}
		size, unit = size/1024, u
	}
	if unit == "bytes" {
		return fmt.Sprintf("%d bytes", n)
	}
	return fmt.Sprintf("%.1f %s", size, unit)
}
