package site

import (
	"bytes"
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"
	"github.com/openshafaf/shafaf/site/chart"
	"github.com/openshafaf/shafaf/site/chart/picture"

	"github.com/gofiber/fiber/v2"
)

// A chartFile is a format in which a chart is taken away.
type chartFile struct {
	ext, title, kind string
	write            func(*Site, context.Context, *plotted) ([]byte, error)
}

// chartFiles are the formats, in the order of their links.
var chartFiles = []chartFile{
	{"svg", "SVG", "image/svg+xml", (*Site).chartSVG},
	{"png", "PNG", "image/png", (*Site).chartPNG},
	{"csv", "CSV", "text/csv; charset=utf-8; header=present", (*Site).chartCSV},
}

// chartRoutes are the addresses of the files of a chart. Their parameters are
// those of its page, and the language of its words.
func chartRoutes() []Route {
	params := []Param{{paramType, "param.chart.type"}, {paramX, "param.chart.x"}, {paramY, "param.chart.y"}, {paramSplit, "param.chart.group"}, {paramAgg, "param.chart.agg"}, {paramTop, "param.chart.top"}, {paramLang, "param.chart.lang"}}
	return []Route{
		{Path: "/datasets/{slug}/resources/{id}/chart.{ext}", Serve: (*Site).serveChart, Doc: "api.chart.file", Params: params},
		{Path: "/embed/datasets/{slug}/chart", Serve: (*Site).embedChart},
	}
}

// chartPageParams are the parameters of a chart's page as they are documented.
func chartPageParams() []Param {
	params := []Param{{paramResource, "param.resource"}}
	return append(params, chartRoutes()[0].Params[:6]...)
}

// serveChart answers with a chart as a file.
func (s *Site) serveChart(c *fiber.Ctx) error {
	ext := c.Params("ext")
	for i := range chartFiles {
		if chartFiles[i].ext == ext {
			return s.sendChart(c, &chartFiles[i])
		}
	}
	var known []string
	for _, f := range chartFiles {
		known = append(known, f.ext)
	}
	return s.refuse(answerLanguage(c), fiber.StatusNotFound, "", "refused.format", "ext", shortened(ext, longURL), "formats", strings.Join(known, ", "))
}

func (s *Site) sendChart(c *fiber.Ctx, file *chartFile) error {
	id := c.Params("id")
	place, err := s.Catalog.Locate(c.UserContext(), id)
	if err != nil {
		return err
	}
	if slug := c.Params("slug"); place.Dataset.Slug != slug {
		return c.Redirect(withRawQuery(resourcePath(place.Dataset.Slug, id)+"/chart."+file.ext, c), fiber.StatusPermanentRedirect)
	}
	x, err := s.exploreFor(c, id, "chart")
	if err != nil {
		return err
	}
	key := s.pictureKey(x, file.ext)
	body, known := s.pictures.get(key)
	if !known {
		p, err := s.plot(c.UserContext(), x)
		if err != nil {
			return inputFault(err)
		}
		if body, err = file.write(s, c.UserContext(), p); err != nil {
			return err
		}
		s.pictures.put(key, body)
	}
	c.Set(fiber.HeaderContentType, file.kind)
	c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	disposition := "inline"
	if file.ext == "csv" {
		disposition = "attachment"
	}
	c.Set(fiber.HeaderContentDisposition, disposition+`; filename="`+plainName(x.Dataset.Slug+"-chart")+"."+file.ext+`"`)
	cache := CacheRevalidate
	if x.Frozen {
		cache = CacheForever
	}
	return reply(c, fiber.StatusOK, cache, body)
}

// exploreFor reads the address of something that has no language of its own:
// the language is a parameter. What is wrong with the query is an error.
func (s *Site) exploreFor(c *fiber.Ctx, id, tab string) (*exploration, error) {
	lang := c.Query(paramLang)
	if _, ok := s.locales[lang]; !ok {
		if lang != "" {
			return nil, s.refuse(answerLanguage(c), fiber.StatusUnprocessableEntity, paramLang, "refused.lang", "lang", shortened(lang, longURL))
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

// inputFault makes a fault of a chart the error of what was asked for.
func inputFault(err error) error {
	var fault *chartError
	if errors.As(err, &fault) {
		return &datasets.InputError{Param: fault.Param, Text: fault.Sentence}
	}
	return err
}

// pictureKey names a file of a chart: the same edition, question and words are
// the same file.
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

// footed is the chart with the lines that it carries where it stands alone.
func (s *Site) footed(ctx context.Context, p *plotted) (*chart.Chart, error) {
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return nil, err
	}
	c := *p.drawing
	c.Footer = s.chartSource(p.l, &p.x.Dataset, agencies.byID[p.x.Dataset.Agency], p.x.Edition, s.baseURL()+"/"+p.l.lang+datasetPath(p.x.Dataset.Slug))
	return &c, nil
}

func (s *Site) chartSVG(ctx context.Context, p *plotted) ([]byte, error) {
	c, err := s.footed(ctx, p)
	if err != nil {
		return nil, err
	}
	scene := c.Scene(chart.File, true)
	scene.Description = unmarked(strings.Join(slices.Concat([]string{c.Subtitle}, p.figures.Notes, c.Footer), "\n"))
	scene.Title, scene.Source = unmarked(c.Title), p.address
	return scene.File(), nil
}

func (s *Site) chartPNG(ctx context.Context, p *plotted) ([]byte, error) {
	c, err := s.footed(ctx, p)
	if err != nil {
		return nil, err
	}
	return picture.PNG(c.Scene(chart.File, true))
}

func (s *Site) chartCSV(ctx context.Context, p *plotted) ([]byte, error) {
	var b bytes.Buffer
	format, _ := exporters.ByExt("csv")
	err := format.Write(ctx, &b, p.figures.table(), exporters.Options{})
	return b.Bytes(), err
}

// mostPictures is how many bytes of files of charts are remembered.
const mostPictures = 16 << 20

// pictureCache remembers files, and forgets those that nobody asked for longest.
type pictureCache struct {
	mu    sync.Mutex
	byKey map[string]*list.Element
	order list.List // of keptPicture, the least recently used first
	size  int
}

type keptPicture struct {
	key  string
	body []byte
}

func (k *pictureCache) get(key string) ([]byte, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	e := k.byKey[key]
	if e == nil {
		return nil, false
	}
	k.order.MoveToBack(e)
	kept, ok := e.Value.(keptPicture)
	return kept.body, ok
}

func (k *pictureCache) put(key string, body []byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.byKey == nil {
		k.byKey = map[string]*list.Element{}
	}
	if k.byKey[key] != nil || len(body) > mostPictures/4 {
		return
	}
	k.byKey[key] = k.order.PushBack(keptPicture{key, body})
	for k.size += len(body); k.size > mostPictures; {
		if old, ok := k.order.Remove(k.order.Front()).(keptPicture); ok {
			k.size -= len(old.body)
			delete(k.byKey, old.key)
		}
	}
}
