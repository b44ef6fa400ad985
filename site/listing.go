package site

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"

	"github.com/gofiber/fiber/v2"
)

// serveListing answers with what the catalogue lists as a file of the format in
// the address. mark moves whenever what is listed does.
func (s *Site) serveListing(c *fiber.Ctx, name, mark string, list *catalog.Listing) error {
	format, ok := exporters.ByExt(c.Params("ext"))
	if !ok {
		return s.refuse(answerLanguage(c), fiber.StatusNotFound, "", "refused.format", "ext", c.Params("ext"), "formats", formatList())
	}
	ctx := c.UserContext()
	epoch, err := s.Catalog.Epoch(ctx)
	if err != nil {
		return err
	}
	key := sha256.Sum256(fmt.Appendf(nil, "%s %s %s %s %v", epoch, name, mark, list.Keys, list.Of))
	return s.sendTable(c, format, hex.EncodeToString(key[:]), name, func() (*datasets.Table, error) {
		return s.Catalog.List(context.WithoutCancel(ctx), list) // others may wait for it too
	})
}

// sendTable answers with a table as a file. It is paid for when it is not
// written yet.
func (s *Site) sendTable(c *fiber.Ctx, format exporters.Format, digest, name string, table func() (*datasets.Table, error)) error {
	if _, written := s.Exports.Peek(digest, format, exporters.Options{}); !written {
		if err := s.spend(c, BudgetReads, s.block(c), costExport); err != nil {
			return err
		}
	}
	built, err := s.Exports.Get(c.UserContext(), digest, format, exporters.Options{}, table)
	if err != nil {
		return s.exportError(c, err)
	}
	return s.sendBuilt(c, built, format, name)
}
