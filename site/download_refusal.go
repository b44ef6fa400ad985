package site

import (
	"errors"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/exporters"

	"github.com/gofiber/fiber/v2"
)

// A RefusedError is an error whose answer is known already: its Problem, in the
// language of the one who asked.
type RefusedError struct {
	Problem Problem
	Cause   error // for the log, nil when there is nothing to mend
}

func (r *RefusedError) Error() string {
	text := r.Problem.Title
	if len(r.Problem.Faults) > 0 {
		text = r.Problem.Faults[0].line()
	}
	if r.Cause != nil {
		return text + ": " + r.Cause.Error()
	}
	return text
}

func (r *RefusedError) Unwrap() error { return r.Cause }

// refuse makes a RefusedError with the sentence of key; field is the parameter that
// is wrong, if one is.
func (s *Site) refuse(lang string, status int, field, key string, args ...any) error {
	sentence := s.locales[lang].Text(key, args...)
	return &RefusedError{Problem: Problem{Status: status, Faults: []ProblemFault{{Field: field, Sentence: sentence}}}}
}

// because gives a RefusedError the error that the log is to tell.
func (s *Site) because(refusal, cause error) error {
	var r *RefusedError
	if errors.As(refusal, &r) {
		r.Cause = cause
	}
	return refusal
}

// answerLanguage is the language of sentences to the one who asks.
func answerLanguage(c *fiber.Ctx) string {
	if lang, ok := c.Locals(localLang).(string); ok {
		return lang
	}
	if wantsPage(c) {
		return preferred(catalog.Languages, c.Get(fiber.HeaderAcceptLanguage))
	}
	return preferredAPI(c)
}

// refuseTable says what there is in place of the table that there is not.
func (s *Site) refuseTable(c *fiber.Ctx, w *wanted) error {
	if w.edition == nil {
		return s.refuseFile(c, w)
	}
	file := resourcePath(w.Dataset.Slug, w.Resource.ID) + "/file"
	if w.frozen {
		file = resourcePath(w.Dataset.Slug, w.Resource.ID) + "/editions/" + w.edition.Digest + "/file"
	}
	if w.Resource.FetchFault != "" {
		return s.refuse(answerLanguage(c), fiber.StatusNotFound, "", "refused.no_table_because", "url", file, "why", s.whyNot(c, &w.Resource))
	}
	return s.refuse(answerLanguage(c), fiber.StatusNotFound, "", "refused.no_table", "url", file)
}

// whyNot says why a resource has no file, or no table in it.
func (s *Site) whyNot(c *fiber.Ctx, r *catalog.Resource) string {
	return s.locales[answerLanguage(c)].sentenceText(r.FetchFault, r.FetchSaid)
}

// refuseFile says why there is no file, and where the source has it.
func (s *Site) refuseFile(c *fiber.Ctx, w *wanted) error {
	r := &w.Resource
	address := r.DownloadURL
	if address == "" {
		address = r.AccessURL
	}
	switch {
	case beingMade(r) && w.edition == nil:
		return s.refuse(answerLanguage(c), fiber.StatusServiceUnavailable, "", "refused.builtin.made")
	case catalog.IsBuiltin(r.ID) && address == "":
		return s.refuse(answerLanguage(c), fiber.StatusNotFound, "", "refused.builtin.file", "url", tablePath(w.Dataset.Slug, r.ID, "csv"))
	case r.Fetch == catalog.FetchPending:
		return s.refuse(answerLanguage(c), fiber.StatusNotFound, "", "refused.pending", "url", address)
	case r.FetchFault != "":
		return s.refuse(answerLanguage(c), fiber.StatusNotFound, "", "refused.not_fetched", "url", address, "why", s.whyNot(c, r))
	case address != "":
		return s.refuse(answerLanguage(c), fiber.StatusNotFound, "", "refused.elsewhere", "url", address)
	default:
		return s.refuse(answerLanguage(c), fiber.StatusNotFound, "", "refused.no_file")
	}
}

func formatList() string {
	var all []string
	for _, f := range exporters.Formats() {
		all = append(all, f.Ext)
	}
	return strings.Join(all, ", ")
}

// saveNames are the names that the edition's table is saved under, with a mark
// when it is not all of it.
func (w *wanted) saveNames(selection, ext string) (name, plain string) {
	title, _ := w.Dataset.Title.In(mainLanguage(&w.Dataset))
	plain = w.Dataset.Slug
	label := w.Resource.Label(mainLanguage(&w.Dataset))
	if w.Siblings > 1 && label != "" && label != title {
		title = persian.CutBytes(title, maxName*2/3) + " - " + label
	}
	if w.Siblings > 1 {
		plain += "-" + tail(w.Resource.ID, 6)
	}
	title = fileName(title)
	if w.frozen {
		mark := " " + w.edition.Since.Format("2006-01-02") + " " + persian.CutBytes(w.edition.Digest, 8)
		title, plain = title+mark, plain+strings.ReplaceAll(mark, " ", "-")
	}
	if selection != "" {
		mark := selection[strings.LastIndexByte(selection, ' ')+1:]
		title, plain = title+" "+selection, plain+"-selection-"+mark
	}
	return title + ext, plainName(plain) + ext
}

func tail(s string, n int) string { return s[max(0, len(s)-n):] }

// mainLanguage is the language that the dataset is described in first.
func mainLanguage(d *catalog.Dataset) string {
	for _, lang := range d.Languages {
		if d.Title[lang] != "" {
			return lang
		}
	}
	return catalog.Languages[0]
}

// formatExt is the extension of a format as people say it.
func formatExt(format string) string {
	ext := "." + strings.ToLower(format)
	if _, known := fileKinds[ext]; known {
		return ext
	}
	return ""
}
