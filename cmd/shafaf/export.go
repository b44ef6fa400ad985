package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"
)

type exportCmd struct {
	Dataset string   `arg:"" help:"Slug of the dataset, with /RESOURCE where it has several tables."`
	Format  string   `help:"Format to write: csv, xlsx, parquet, json or jsonl." required:""`
	Output  string   `short:"o" help:"File to write; standard output when it is left out." placeholder:"FILE"`
	Query   []string `short:"q" sep:"none" help:"Rows, order, columns or groups to write, as in an address of rows: 'amount__gt=5', '_sort=-amount', '_group=province', '_sum=amount'. May stand several times." placeholder:"NAME=VALUE"`
	Raw     bool     `help:"Write the text of the source in place of the values it was read as."`
	Escape  bool     `help:"Escape text in CSV that a spreadsheet would take for a formula." default:"true" negatable:""`
}

// Run writes the current edition of one table.
func (c *exportCmd) Run(e *env) error {
	format, ok := exporters.ByExt(c.Format)
	if !ok {
		return &catalog.InvalidError{Field: "--format", Reason: fmt.Sprintf("%q is none of %s", c.Format, strings.Join(extensions(), ", "))}
	}
	p, err := e.open()
	if err != nil {
		return err
	}
	defer p.close()
	r, err := c.pick(e, p)
	if err != nil {
		return err
	}
	rows, err := p.files.Rows(r.Edition.Digest)
	if err != nil {
		return err
	}
	t, err := c.table(e, rows)
	if err != nil {
		return err
	}
	bar := e.progress(r.Label("en"), "rows")
	defer bar.end()
	o := exporters.Options{Raw: c.Raw, NoEscape: !c.Escape, Title: r.SheetTitle(), Progress: func(n int64) { bar.set(n, t.Rows) }}
	if c.Output == "" {
		return format.Write(e.ctx, e.out, t, o)
	}
	return writeFile(c.Output, func(f *os.File) error { return format.Write(e.ctx, f, t, o) })
}

// table is the whole table, or what the query asks of it.
func (c *exportCmd) table(e *env, rows *datasets.RowFile) (*datasets.Table, error) {
	if len(c.Query) == 0 {
		return rows.Table(), nil
	}
	params := url.Values{}
	for _, part := range c.Query {
		name, value, ok := strings.Cut(part, "=")
		if !ok {
			value = "" // as in _count
		}
		if name == "_size" || name == "_after" {
			return nil, &catalog.InvalidError{Field: "--query", Reason: name + " is for pages; a file has all rows that are asked for"}
		}
		params.Add(name, value)
	}
	q, err := datasets.ParseRowQuery(rows.Schema(), params)
	var input *datasets.InputError
	if errors.As(err, &input) {
		return nil, &catalog.InvalidError{Field: "--query " + input.Param, Reason: input.Text}
	}
	if err != nil {
		return nil, err
	}
	return rows.View(e.ctx, q)
}

func extensions() []string {
	var all []string
	for _, f := range exporters.Formats() {
		all = append(all, f.Ext)
	}
	return all
}

// pick returns the table that is meant.
func (c *exportCmd) pick(e *env, p *portal) (*catalog.Resource, error) {
	key, resource, _ := strings.Cut(c.Dataset, "/")
	d, err := p.store.Dataset(e.ctx, key)
	if err != nil {
		return nil, err
	}
	if renewed, err := p.tables.Ask(e.ctx, d.ID); err != nil {
		return nil, err
	} else if renewed {
		if d, err = p.store.Dataset(e.ctx, key); err != nil {
			return nil, err
		}
	}
	tables := d.Tables()
	if resource != "" {
		for _, r := range tables {
			if r.ID == resource {
				return r, nil
			}
		}
		if d.Resource(resource) != nil {
			return nil, fmt.Errorf("resource %s of %s has no table", resource, d.Slug)
		}
		return nil, fmt.Errorf("resource %q of dataset %s: %w", resource, d.Slug, catalog.ErrNotFound)
	}
	switch len(tables) {
	case 0:
		return nil, fmt.Errorf("dataset %s has no table", d.Slug)
	case 1:
		return tables[0], nil
	}
	var b strings.Builder
	for _, r := range tables {
		fmt.Fprintf(&b, "\n  %s/%s  %s, %d rows", d.Slug, r.ID, r.Label("en"), r.Edition.Rows)
	}
	return nil, fmt.Errorf("%w: dataset %s has %d tables; name one of%s", errUsage, d.Slug, len(tables), b.String())
}

// writeFile writes a file beside its place and moves it there when it is whole.
// What is no plain file, such as /dev/null or a pipe, is written to as it is.
func writeFile(name string, write func(*os.File) error) error {
	switch there, err := os.Stat(name); {
	case err == nil && there.IsDir():
		return &catalog.InvalidError{Field: "--output", Reason: name + " is a folder; name a file in it"}
	case err == nil && !there.Mode().IsRegular():
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if errors.Is(err, fs.ErrNotExist) {
		return &catalog.InvalidError{Field: "--output", Reason: "there is no folder " + filepath.Dir(name) + "; make it first"}
	}
	if err != nil {
		return err
	}
	err = write(f)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}
