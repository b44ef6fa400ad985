package site

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"strings"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/persian"

	"github.com/gofiber/fiber/v2"
)

// A pictureFile is a format in which what is drawn of a table, as a chart or a
// map, is taken away.
type pictureFile struct {
	ext, title, kind string
	write            func(*Site, context.Context, *exploration) ([]byte, error)
}

const csvType = "text/csv; charset=utf-8; header=present"

// written draws with draw, and writes what is drawn with write.
func written[P any](
	draw func(*Site, context.Context, *exploration) (P, error), write func(*Site, context.Context, P) ([]byte, error),
) func(*Site, context.Context, *exploration) ([]byte, error) {
	return func(s *Site, ctx context.Context, x *exploration) ([]byte, error) {
		p, err := draw(s, ctx, x)
		if err != nil {
			return nil, inputFault(err)
		}
		return write(s, ctx, p)
	}
}

// servePicture answers with a view of a table as a file of the format that the
// address ends with.
func (s *Site) servePicture(c *fiber.Ctx, tab string, files []pictureFile) error {
	ext := c.Params("ext")
	var known []string
	for i := range files {
		if files[i].ext == ext {
			return s.sendPicture(c, tab, &files[i])
		}
		known = append(known, files[i].ext)
	}
	return s.refuse(answerLanguage(c), fiber.StatusNotFound, "", "refused.format", "ext", persian.Shorten(ext, longURL), "formats", strings.Join(known, ", "))
}

func (s *Site) sendPicture(c *fiber.Ctx, tab string, file *pictureFile) error {
	id := c.Params("id")
	place, err := s.locate(c.UserContext(), id)
	if err != nil {
		return err
	}
	if slug := c.Params("slug"); place.Dataset.Slug != slug {
		return c.Redirect(withRawQuery(resourcePath(place.Dataset.Slug, id)+"/"+tab+"."+file.ext, c), fiber.StatusPermanentRedirect)
	}
	x, err := s.exploreFor(c, id, tab)
	if err != nil {
		return err
	}
	key := s.pictureKey(x, tab+"."+file.ext)
	body, known := s.pictures.get(key)
	if !known {
		if err := s.spend(c, BudgetReads, s.block(c), costDraw); err != nil {
			return err
		}
		if body, err = file.write(s, c.UserContext(), x); err != nil {
			return err
		}
		s.pictures.put(key, body, len(body))
	}
	c.Set(fiber.HeaderContentType, file.kind)
	c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	disposition := "inline"
	if file.ext == "csv" {
		disposition = "attachment"
	}
	c.Set(fiber.HeaderContentDisposition, disposition+`; filename="`+plainName(x.Dataset.Slug+"-"+tab)+"."+file.ext+`"`)
	cache := CacheRevalidate
	if x.Frozen {
		cache = frozenCache(x.Resource.ID)
	}
	return reply(c, fiber.StatusOK, cache, body)
}

// pictureDownloads are the links to the files of a view; of is what it shows,
// v the question that is asked.
func pictureDownloads(x *exploration, tab string, files []pictureFile, of string, v url.Values) []download {
	var all []download
	v.Del(paramResource)
	for i := range files {
		f := &files[i]
		all = append(all, download{Format: f.title, Kind: tab + "." + f.ext, Of: of, URL: withQuery(resourcePath(x.Dataset.Slug, x.Resource.ID)+"/"+tab+"."+f.ext, v)})
	}
	return all
}

// exploreFor reads the address of something that has no language of its own:
// the language is a parameter. What is wrong with the query is an error.
func (s *Site) exploreFor(c *fiber.Ctx, id, tab string) (*exploration, error) {
	lang := c.Query(paramLang)
	if _, ok := s.locales[lang]; !ok {
		if lang != "" {
			return nil, s.refuse(answerLanguage(c), fiber.StatusUnprocessableEntity, paramLang, "refused.lang", "lang", persian.Shorten(lang, longURL))
		}
		lang = answerLanguage(c)
	}
	query, err := url.ParseQuery(string(c.Request().URI().QueryString()))
	if err != nil {
		return nil, s.refuse(lang, fiber.StatusBadRequest, "", "refused.query")
	}
	query.Del(paramLang)
	if id != "" {
		query.Set(paramResource, id)
	}
	r := &Request{Lang: lang, Path: datasetPath(c.Params("slug")) + "/" + tab, Query: query, JSON: true, site: s, ctx: c}
	return s.explore(r)
}

// inputFault makes a fault of a chart or a map the error of what was asked for.
func inputFault(err error) error {
	var fault *chartError
	if errors.As(err, &fault) {
		return &datasets.InputError{Param: fault.Param, Text: fault.Sentence}
	}
	return err
}

// pictureKey names a file: the same edition, question and words are the same
// file.
func (s *Site) pictureKey(x *exploration, ext string) string {
	own := withoutEmpty(x.Own)
	h := sha256.New()
	for _, part := range []string{
		ext, x.lang, x.Edition.Digest, x.Resource.ID, x.params(x.first(), own).Encode(), own.Encode(), s.baseURL(),
		x.Dataset.Updated.String(), x.Edition.Since.String(), x.Dataset.Agency,
	} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil))
}

// mostPictures is how many bytes of pictures are remembered.
const mostPictures = 16 << 20
