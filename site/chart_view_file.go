package site

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/exporters"
	"github.com/openshafaf/shafaf/site/chart"
	"github.com/openshafaf/shafaf/site/chart/picture"

	"github.com/gofiber/fiber/v2"
)

// chartFiles are the formats of a chart, in the order of their links.
var chartFiles = []pictureFile{
	{"svg", "SVG", "image/svg+xml", written((*Site).plot, (*Site).chartSVG)},
	{"png", "PNG", "image/png", written((*Site).plot, (*Site).chartPNG)},
	{"csv", "CSV", csvType, written((*Site).plot, (*Site).chartCSV)},
}

// chartRoutes are the addresses of the files of a chart. Their parameters are
// those of its page, and the language of its words.
func chartRoutes() []Route {
	params := []Param{{paramType, "param.chart.type"}, {paramX, "param.chart.x"}, {paramY, "param.chart.y"}, {paramSplit, "param.chart.group"}, {paramAgg, "param.chart.agg"}, {paramTop, "param.chart.top"}, {paramLang, "param.chart.lang"}}
	return []Route{
		{Path: "/datasets/{slug}/resources/{id}/chart.{ext}", Serve: (*Site).serveChart, Doc: "api.chart.file", Params: params, Example: "/datasets/{charted}/resources/{charted_table}/chart.svg"},
		{Path: "/embed/datasets/{slug}/chart", Serve: (*Site).embedChart, Cost: costPicture},
	}
}

// chartPageParams are the parameters of a chart's page as they are documented.
func chartPageParams() []Param {
	params := []Param{{paramResource, "param.resource"}}
	return append(params, chartRoutes()[0].Params[:6]...)
}

// serveChart answers with a chart as a file.
func (s *Site) serveChart(c *fiber.Ctx) error { return s.servePicture(c, "chart", chartFiles) }

// footed is the chart with the lines that it carries where it stands alone: what
// is left out of it, and its source.
func (s *Site) footed(ctx context.Context, p *plotted) (*chart.Chart, error) {
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return nil, err
	}
	c := *p.drawing
	c.Footer = p.figures.Notes
	if len(p.figures.Steps) == 0 {
		c.Footer = append(slices.Clone(c.Footer), p.l.Text("chart.note.empty"))
	}
	c.Footer = slices.Concat(c.Footer, s.chartSource(p.l, &p.x.Dataset, agencies.byID[p.x.Dataset.Agency], p.x.Edition, s.baseURL()+"/"+p.l.lang+datasetPath(p.x.Dataset.Slug)))
	return &c, nil
}

func (s *Site) chartSVG(ctx context.Context, p *plotted) ([]byte, error) {
	c, err := s.footed(ctx, p)
	if err != nil {
		return nil, err
	}
	scene := c.Scene(chart.File, true)
	scene.Description = unmarked(strings.Join(slices.Concat([]string{c.Subtitle}, c.Footer), "\n"))
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
