package site

import (
	"errors"
	"os"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/gofiber/fiber/v2"
)

// serveSnapshot answers with the whole public catalogue as one SQLite file.
func (s *Site) serveSnapshot(c *fiber.Ctx) error {
	if s.Snapshots == nil {
		return catalog.ErrNotFound
	}
	body, snap, late, err := s.Snapshots.Open(c.UserContext())
	return s.sendSnapshot(c, "catalog.sqlite", body, &snap, late, err)
}

// serveDocket answers with a draft and everything that belongs to it as one
// SQLite file.
func (s *Site) serveDocket(c *fiber.Ctx) error {
	d, err := s.drafts.Draft(c.UserContext(), c.Params("slug"))
	if err != nil {
		return err
	}
	if s.Snapshots == nil {
		return catalog.ErrNotFound
	}
	body, snap, late, err := s.Snapshots.OpenDocket(c.UserContext(), d.ID)
	return s.sendSnapshot(c, d.Slug+".sqlite", body, &snap, late, err)
}

// sendSnapshot sends what was opened under a name. late is why it is not the
// newest, err why there is none.
func (s *Site) sendSnapshot(c *fiber.Ctx, name string, body *os.File, snap *catalog.Snapshot, late, err error) error {
	if errors.Is(err, catalog.ErrFull) {
		return s.because(s.refuse(answerLanguage(c), fiber.StatusInsufficientStorage, "", "refused.full"), err)
	}
	if err != nil {
		return err
	}
	if late != nil {
		s.log().ErrorContext(c.UserContext(), "an older snapshot is served, since a new one cannot be written", "made", snap.Made, "err", late)
	}
	file := storedFile{
		body: body, size: snap.Size, tag: snap.Digest, modified: snap.Made,
		kind: "application/vnd.sqlite3", cache: CacheRevalidate,
		name: name, plain: name,
	}
	return s.sendFile(c, &file)
}
