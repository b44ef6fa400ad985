package site

import (
	"context"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/exporters"

	"github.com/gofiber/fiber/v2"
)

// serveDataJSON answers with the list of all datasets as DCAT-US 1.1.
func (s *Site) serveDataJSON(c *fiber.Ctx) error {
	return s.sendDocument(c, "data.json", fiber.MIMEApplicationJSONCharsetUTF8, func(ctx context.Context, w io.Writer) error {
		return exporters.WriteDataJSON(ctx, w, s.baseURL(), s.listings(ctx))
	})
}

// listings yields all visible datasets, each with what it refers to.
func (s *Site) listings(ctx context.Context) iter.Seq2[exporters.Listing, error] {
	return func(yield func(exporters.Listing, error) bool) {
		agencies, err := s.agencies.get(ctx, s.Catalog)
		if err != nil {
			yield(exporters.Listing{}, err)
			return
		}
		for d, err := range s.Catalog.Walk(ctx) {
			if err != nil {
				yield(exporters.Listing{}, err)
				return
			}
			l := exporters.Listing{Dataset: d, Agency: agencies.byID[d.Agency]}
			l.Above = agencies.above(l.Agency)
			if d.PartOf != "" && d.Source != "" {
				l.PartOf, err = s.Catalog.DatasetOf(ctx, d.Source, d.PartOf)
			}
			if !yield(l, err) || err != nil {
				return
			}
		}
	}
}

// above returns the agencies above a, the nearest first.
func (l agencyList) above(a *catalog.Agency) []*catalog.Agency {
	const highest = 10 // a circle ends there
	var all []*catalog.Agency
	for a != nil && a.Parent != "" && len(all) < highest {
		if a = l.byID[a.Parent]; a != nil {
			all = append(all, a)
		}
	}
	return all
}

// documentsVersion is raised when a document about the same catalogue is
// written differently.
const documentsVersion = 2

// sendDocument answers with a file about the whole catalogue. It is written when
// the catalogue has changed since, and kept for ten minutes at least, unless
// something was removed.
func (s *Site) sendDocument(c *fiber.Ctx, name, kind string, write func(context.Context, io.Writer) error) error {
	ctx := c.UserContext()
	seq, err := s.Catalog.LastQuietSeq(ctx)
	if err != nil {
		return err
	}
	epoch, err := s.Catalog.Epoch(ctx)
	if err != nil {
		return err
	}
	removed, err := s.Catalog.LastRemoval(ctx)
	if err != nil {
		return err
	}
	d := exporters.Document{Name: name, After: removed, State: fmt.Sprintf("%d %s %s %d", documentsVersion, s.baseURL(), epoch, seq), Write: write}
	built, late, err := s.Exports.Document(ctx, d, s.Now())
	if err != nil {
		return s.exportError(c, err)
	}
	if late != nil {
		s.log().ErrorContext(ctx, "an older copy is served, since a new one cannot be written", "document", name, "made", built.Modified, "err", late)
	}
	file := storedFile{
		body: built.File, size: built.Size, tag: strings.Trim(built.ETag, `"`), modified: built.Modified,
		kind: kind, cache: CacheRevalidate, name: name, plain: name,
	}
	err = s.sendFile(c, &file)
	c.Response().Header.Del(fiber.HeaderContentDisposition) // it is read as well as kept
	return err
}
