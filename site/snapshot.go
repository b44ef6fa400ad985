package site

import (
	"errors"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/gofiber/fiber/v2"
)

// serveSnapshot answers with the whole public catalogue as one SQLite file.
func (s *Site) serveSnapshot(c *fiber.Ctx) error {
	if s.Snapshots == nil {
		return catalog.ErrNotFound
	}
	body, snap, late, err := s.Snapshots.Open(c.UserContext())
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
		name: "catalog.sqlite", plain: "catalog.sqlite",
	}
	return s.sendFile(c, &file)
}
