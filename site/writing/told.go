package writing

import (
	"errors"
	"io"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// told lets a handler's error be told in a sentence, in the caller's language.
func (a *API) told(do site.Handler) site.Handler {
	return func(s *site.Site, r *site.Request) (site.View, error) {
		v, err := do(s, r)
		if err != nil {
			return nil, refusal(r, err)
		}
		return v, nil
	}
}

// refusal says what an error means to the program.
func refusal(r *site.Request, err error) error {
	var (
		stale    *catalog.StaleError
		conflict *catalog.ConflictError
		invalid  *catalog.InvalidError
		file     *datasets.FileError
		room     *datasets.NoRoomError
	)
	switch {
	case errors.As(err, &stale):
		return r.Refuse(fiber.StatusPreconditionFailed, fiber.HeaderIfMatch, "write.stale", "current", tag(stale.Current))
	case errors.As(err, &conflict):
		return r.Refuse(fiber.StatusConflict, "", "write.conflict."+conflict.Code)
	case errors.As(err, &invalid):
		if key := "write.wrong." + strings.ReplaceAll(invalid.Field, "_", "."); r.Lang != "en" && r.Has(key) {
			return r.Refuse(fiber.StatusUnprocessableEntity, invalid.Field, key)
		}
		return err
	case errors.Is(err, catalog.ErrReused):
		return r.Refuse(fiber.StatusUnprocessableEntity, site.HeaderOnce, "write.reused")
	case errors.Is(err, catalog.ErrDenied):
		return r.Refuse(fiber.StatusForbidden, "", "write.denied")
	case errors.Is(err, site.ErrTooLarge):
		return r.Refuse(fiber.StatusRequestEntityTooLarge, "file", "write.large")
	case errors.Is(err, fiber.ErrLengthRequired):
		return r.Refuse(fiber.StatusLengthRequired, fiber.HeaderContentLength, "write.length")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return r.Refuse(fiber.StatusBadRequest, "file", "write.cut")
	case errors.As(err, &room), errors.Is(err, catalog.ErrFull):
		return r.Refuse(fiber.StatusInsufficientStorage, "", "refused.full")
	case errors.As(err, &file):
		return &catalog.InvalidError{Field: "file", Reason: file.Error()}
	}
	return err
}
