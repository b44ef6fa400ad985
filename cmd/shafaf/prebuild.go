package main

import (
	"context"
	"errors"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"
)

const (
	prebuildRows  = 250_000         // larger tables are written when somebody asks,
	prebuildSize  = 64 << 20        // and those of larger files
	prebuildEvery = 2 * time.Second // how often the changes are looked at
	prebuildBatch = 200
)

// followExports writes the exports of tables before anybody asks, while there
// is room for them: pages can then name their sizes, and the first reader does
// not wait. It begins with all datasets and then follows the changes.
func (e *env) followExports(ctx context.Context, p *portal) error {
	seq, err := p.store.LastSeq(ctx)
	if err != nil {
		return err
	}
	for f := (catalog.Filter{Limit: prebuildBatch}); ; {
		ids, err := p.store.DatasetIDs(ctx, f)
		if err != nil || len(ids) == 0 {
			if err != nil {
				return err
			}
			break
		}
		f.After = ids[len(ids)-1]
		if err := e.prebuild(ctx, p, ids); err != nil {
			return err
		}
	}
	for ctx.Err() == nil {
		changes, err := p.store.Changes(ctx, seq, prebuildBatch)
		if err != nil {
			return err
		}
		var ids []string
		for _, c := range changes {
			seq = c.Seq
			if c.Noun == catalog.NounDataset && !catalog.IsBuiltin(c.ID) { // another edition of these comes soon
				ids = append(ids, c.ID)
			}
		}
		if err := e.prebuild(ctx, p, ids); err != nil {
			return err
		}
		if len(changes) == 0 {
			sleep(ctx, prebuildEvery)
		}
	}
	return ctx.Err()
}

// prebuild writes what is lacking of the datasets' exports.
func (e *env) prebuild(ctx context.Context, p *portal, ids []string) error {
	if len(ids) == 0 || !p.exports.Spare() || p.tight() {
		return nil
	}
	all, err := p.store.DatasetsByID(ctx, ids, false)
	if err != nil {
		return err
	}
	for i := range all {
		for _, r := range all[i].Tables() {
			if r.Edition.Rows > prebuildRows || r.Edition.Size > prebuildSize {
				continue
			}
			for _, format := range exporters.Formats() {
				if err := p.buildExport(ctx, r, format); err != nil {
					if ctx.Err() != nil {
						return ctx.Err()
					}
					e.log.Warn("an export cannot be written", "dataset", all[i].Slug, "resource", r.ID, "format", format.Ext, "err", err)
				}
			}
		}
	}
	return nil
}

func (p *portal) buildExport(ctx context.Context, r *catalog.Resource, format exporters.Format) error {
	o := exporters.Options{Title: r.SheetTitle()}
	if _, built := p.exports.Peek(r.Edition.Digest, format, o); built {
		return nil
	}
	b, err := p.exports.Get(ctx, r.Edition.Digest, format, o, func() (*datasets.Table, error) { //nolint:contextcheck // a build may outlive who asked for it
		rows, err := p.files.Rows(r.Edition.Digest)
		if err != nil {
			return nil, err
		}
		return rows.Table(), nil
	})
	return errors.Join(err, closed(b))
}

func closed(b *exporters.Built) error {
	if b == nil {
		return nil
	}
	return b.File.Close()
}
