package writing

import (
	"cmp"
	"errors"
	"io"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
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
	if law := lawRefusal(r, err); law != nil {
		return law
	}
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
		return r.Refuse(fiber.StatusConflict, "", cmp.Or(textOf(r, "write.conflict."+conflict.Code), "write.conflict."+conflict.Code))
	case errors.As(err, &invalid):
		return wrong(r, invalid)
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

// wrong says what is wrong with a field: in English as it was said, else by the
// name of the field.
func wrong(r *site.Request, e *catalog.InvalidError) error {
	if key := textOf(r, "write.wrong."+strings.ReplaceAll(e.Field, "_", ".")); r.Lang != "en" && key != "" {
		return r.Refuse(fiber.StatusUnprocessableEntity, e.Field, key)
	}
	return e
}

// textOf is the key of a text about what the address of a request is about:
// that of draft regulations where there is one. It is empty without any.
func textOf(r *site.Request, key string) string {
	law := strings.HasPrefix(r.Path, pathDrafts) || strings.HasPrefix(r.Path, "/comments")
	if own := key + "." + consultation.NounDraft; law && r.Has(own) {
		return own
	}
	if r.Has(key) {
		return key
	}
	return ""
}

// lawRefusal says what an error about a draft regulation means, nil for others.
func lawRefusal(r *site.Request, err error) error {
	var (
		period *consultation.PeriodError
		gate   *consultation.GateError
		unread *lawtext.Error
	)
	refused := func(status int, faults ...site.ProblemFault) error {
		return &site.RefusedError{Problem: site.Problem{Status: status, Faults: faults}}
	}
	switch {
	case errors.As(err, &period):
		return refused(fiber.StatusUnprocessableEntity, site.ProblemFault{Field: period.Field, Sentence: r.PeriodFault(period)})
	case errors.As(err, &unread):
		return refused(fiber.StatusUnprocessableEntity, site.ProblemFault{Field: "file", Sentence: r.LawText(unread.Kind, unread.Args, unread.Error())})
	case errors.As(err, &gate):
		var all []site.ProblemFault
		for _, want := range gate.Gate.Wants() {
			all = append(all, site.ProblemFault{Field: "gate." + want, Sentence: r.GateWant(&gate.Gate, want)})
		}
		return refused(fiber.StatusConflict, all...)
	}
	return nil
}
