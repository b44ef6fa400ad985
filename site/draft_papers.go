package site

import (
	"errors"
	"io/fs"
	"net/url"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"

	"github.com/gofiber/fiber/v2"
)

// A paperRow is a document beside the text of a draft.
type paperRow struct {
	Title  said
	Kind   string
	URL    string // of the file here
	Source string // where it is elsewhere
	Host   string // of that
	Format string
	Size   int64
	Gone   bool // it was taken away
	Reason string
}

func (l *locale) paperRow(slug string, p *consultation.Paper) paperRow {
	row := paperRow{Title: l.said(p.Title), Kind: firstOf(p.Kind, "other"), Size: p.Size, Format: formatOf(p.Name), Gone: p.State == catalog.Retired, Reason: p.Reason}
	if row.Title.Text == "" {
		row.Title.Text = p.Name
	}
	if p.File != "" {
		row.URL = draftFilePath(slug, p.ID)
	} else {
		row.Source = webAddress(p.URL)
		row.Format = catalog.FormatOf("", p.Media, p.URL)
		if u, err := url.Parse(row.Source); err == nil {
			row.Host = u.Hostname()
		}
	}
	return row
}

// formatOf is the ending of a file's name as a page shows it.
func formatOf(name string) string {
	_, ext := splitExt(name)
	return strings.ToUpper(strings.TrimPrefix(ext, "."))
}

// draftFilePath is the address of a document of a draft: of a paper, or what a
// version was read from.
func draftFilePath(slug, id string) string { return draftPath(slug) + "/files/" + id }

// serveDraftFile answers with a document as it came.
func (s *Site) serveDraftFile(c *fiber.Ctx) error {
	ctx, id := c.UserContext(), c.Params("id")
	d, err := s.drafts.Draft(ctx, c.Params("slug"))
	if err != nil {
		return err
	}
	digest, name := "", ""
	versions, err := s.drafts.Versions(ctx, d.ID)
	if err != nil {
		return err
	}
	for i := range versions {
		if versions[i].ID == id {
			digest, name = versions[i].File, versions[i].FileName
		}
	}
	papers, err := s.drafts.Papers(ctx, d.ID)
	if err != nil {
		return err
	}
	for i := range papers {
		if papers[i].ID == id {
			digest, name = papers[i].File, papers[i].Name
		}
	}
	if digest == "" {
		return catalog.ErrNotFound
	}
	body, size, err := s.Files.Open(digest)
	if errors.Is(err, fs.ErrNotExist) {
		return s.refuse(answerLanguage(c), fiber.StatusServiceUnavailable, "", "refused.lost", "digest", digest)
	}
	if err != nil {
		return err
	}
	base, ext := splitExt(name)
	file := storedFile{body: body, size: size, tag: digest, modified: d.Updated, kind: fileKind(ext), cache: CacheRevalidate, foreign: true}
	file.name = fileName(firstOf(base, d.Slug)) + ext
	file.plain = plainName(file.name)
	return s.sendFile(c, &file)
}
