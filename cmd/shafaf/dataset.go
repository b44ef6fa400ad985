package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

type datasetCmd struct {
	List   datasetListCmd   `cmd:"" help:"List the datasets."`
	Show   datasetShowCmd   `cmd:"" help:"Show one dataset and its resources."`
	Import datasetImportCmd `cmd:"" help:"Publish a file as a dataset, or as a new state of one."`

	Takedown datasetTakedownCmd `cmd:"" help:"Close a dataset and all its editions, for a reason that everybody can read."`
}

type datasetListCmd struct {
	Agency  string `help:"Only those of the agency." placeholder:"SLUG"`
	Retired bool   `help:"List the retired ones instead of the published."`
	JSON    bool   `name:"json" help:"Print one JSON object a line."`
}

// Run lists datasets in the order in which they came in.
func (c *datasetListCmd) Run(e *env) error {
	p, err := e.open()
	if err != nil {
		return err
	}
	defer p.close()
	var f catalog.Filter
	if c.Agency != "" {
		a, err := p.store.Agency(e.ctx, c.Agency)
		if err != nil {
			return err
		}
		f.Agency = a.ID
	}
	if c.Retired {
		f.State = catalog.Retired
	}
	t := e.table("SLUG", "TABLES", "TITLE")
	for f.Limit = 500; ; {
		ids, err := p.store.DatasetIDs(e.ctx, f)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			break
		}
		f.After = ids[len(ids)-1]
		page, err := c.page(e, p, ids)
		if err != nil {
			return err
		}
		for i := range page {
			if c.JSON {
				if err := e.printJSON(datasetFacts(&page[i])); err != nil {
					return err
				}
				continue
			}
			title, _ := page[i].Title.In("en")
			t.row(page[i].Slug, strconv.Itoa(len(page[i].Tables())), title)
		}
	}
	if c.JSON {
		return nil
	}
	return t.end()
}

// page reads the datasets with the ids: retired ones as they were last known.
func (c *datasetListCmd) page(e *env, p *portal, ids []string) ([]catalog.Dataset, error) {
	if !c.Retired {
		return p.store.DatasetsByID(e.ctx, ids, false)
	}
	var all []catalog.Dataset
	for _, id := range ids {
		d, err := p.store.LastKnown(e.ctx, id)
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

// datasetJSON is a dataset as commands print it.
type datasetJSON struct {
	catalog.Dataset
	Resources []resourceJSON `json:"resources"`
}

type resourceJSON struct {
	catalog.Resource
	Rows    *int64 `json:"rows"`    // null without a table
	Edition string `json:"edition"` // digest of the current one
}

func datasetFacts(d *catalog.Dataset) datasetJSON {
	out := datasetJSON{Dataset: *d, Resources: []resourceJSON{}}
	for _, r := range d.Resources {
		j := resourceJSON{Resource: r}
		if r.Edition != nil {
			j.Edition = r.Edition.Digest
			if r.Edition.HasTable {
				j.Rows = &r.Edition.Rows
			}
		}
		out.Resources = append(out.Resources, j)
	}
	return out
}

type datasetShowCmd struct {
	Dataset string `arg:"" help:"Slug or id of the dataset."`
	JSON    bool   `name:"json" help:"Print as JSON."`
}

// Run shows a dataset.
func (c *datasetShowCmd) Run(e *env) error {
	p, err := e.open()
	if err != nil {
		return err
	}
	defer p.close()
	d, err := p.store.Dataset(e.ctx, c.Dataset)
	if err != nil {
		return err
	}
	if c.JSON {
		return e.printJSON(datasetFacts(&d))
	}
	title, _ := d.Title.In("en")
	fmt.Fprintf(e.out, "%s\n%s\n\n", title, d.Slug)
	t := e.table("ID", "FORMAT", "ROWS", "NAME", "STATE OF THE FILE")
	for i := range d.Resources {
		r := &d.Resources[i]
		rows := "-"
		if r.Edition != nil && r.Edition.HasTable {
			rows = strconv.FormatInt(r.Edition.Rows, 10)
		}
		file := r.Fetch
		if r.FetchFault != "" {
			file += ": " + r.FetchFault
		}
		t.row(r.ID, r.Format, rows, r.Label("en"), file)
	}
	return t.end()
}

type datasetImportCmd struct {
	File    string `arg:"" help:"The file." type:"existingfile"`
	Agency  string `help:"Slug of the agency that publishes it; made when there is none." placeholder:"SLUG" default:"local"`
	Title   string `help:"Title of the dataset; the file's name when it is left out."`
	Dataset string `help:"Slug of the dataset that the file belongs to; a new one when it is left out." placeholder:"SLUG"`
	JSON    bool   `name:"json" help:"Print as JSON."`
}

// maxFile is the size of the largest file that is taken.
const maxFile = 2 << 30

// Run stores the file, reads its tables and publishes it, in this order: what
// is published is whole.
func (c *datasetImportCmd) Run(e *env) error {
	p, err := e.open()
	if err != nil {
		return err
	}
	defer p.close()
	file, im, err := c.read(e, p)
	if err != nil {
		return err
	}
	var d catalog.Dataset
	err = p.store.Write(e.ctx, func(tx *catalog.Tx) error {
		a, err := agencyFor(tx, c.Agency)
		if err != nil {
			return err
		}
		if d, err = tx.PublishFile(c.Dataset, a.ID, catalog.TitleOf(c.Title), file, im); err != nil {
			return err
		}
		return act(tx, "dataset.import", d.ID, d.Agency, "", datasetShape{d.Slug, file.Name, file.Digest})
	})
	if err != nil {
		return err
	}
	if err := e.followIndex(p); err != nil {
		return err
	}
	if c.JSON {
		d, err := p.store.Dataset(e.ctx, d.ID)
		if err != nil {
			return err
		}
		return e.printJSON(datasetFacts(&d))
	}
	return c.tell(e, &d, im)
}

func (c *datasetImportCmd) read(e *env, p *portal) (catalog.File, *datasets.Imported, error) {
	file := catalog.File{Name: filepath.Base(c.File)}
	in, err := os.Open(c.File)
	if err != nil {
		return file, nil, err
	}
	defer in.Close()
	if file.Digest, file.Size, err = p.files.Put(e.ctx, in, maxFile); err != nil {
		return file, nil, err
	}
	bar := e.progress(file.Name, "rows")
	defer bar.end()
	im, err := datasets.Import(e.ctx, p.files, file.Digest, file.Name, datasets.ImportOptions{
		Progress: func(rows int64) { bar.set(rows, 0) },
	})
	return file, im, err
}

func (c *datasetImportCmd) tell(e *env, d *catalog.Dataset, im *datasets.Imported) error {
	fmt.Fprintln(e.out, d.Slug)
	if im.Fault != "" {
		fmt.Fprintf(e.errOut, "%s has no table: %s; it is published as a file\n", c.File, im.Fault)
	}
	for _, t := range im.Tables {
		fmt.Fprintf(e.errOut, "%s: %d rows, %d columns\n", cmp.Or(t.Name, c.File), t.Rows, len(t.Schema))
		for i, f := range t.Faults {
			if i == 20 {
				fmt.Fprintf(e.errOut, "  and %d more\n", t.FaultsN-20)
				break
			}
			fmt.Fprintf(e.errOut, "  %s\n", (&datasets.FileError{Fault: f}).Error())
		}
	}
	return nil
}
