package site

import (
	"bytes"
	"context"
	"html/template"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/exporters"
	"github.com/openshafaf/shafaf/site/chart"
	"github.com/openshafaf/shafaf/site/chart/picture"

	"github.com/gofiber/fiber/v2"
)

// mapFiles are the formats of a map, in the order of their links.
var mapFiles = []pictureFile{
	{"svg", "SVG", "image/svg+xml", written((*Site).mapOf, (*Site).mapSVG)},
	{"png", "PNG", "image/png", written((*Site).mapOf, (*Site).mapPNG)},
	{"csv", "CSV", csvType, written((*Site).mapOf, (*Site).mapCSV)},
}

// mapRoutes are the addresses of the files of a map. Their parameters are
// those of its page, and the language of its words.
func mapRoutes() []Route {
	params := []Param{{paramPlace, "param.map.place"}, {paramMeasure, "param.map.measure"}, {paramAgg, "param.map.agg"}, {paramLang, "param.chart.lang"}}
	return []Route{
		{Path: "/datasets/{slug}/resources/{id}/map.{ext}", Serve: (*Site).serveMap, Doc: "api.map.file", Params: params, Example: "/datasets/{mapped}/resources/{mapped_table}/map.svg"},
		{Path: "/embed/datasets/{slug}/map", Serve: (*Site).embedMap, Cost: costPicture},
	}
}

// mapPageParams are the parameters of a map's page as they are documented.
func mapPageParams() []Param {
	params := []Param{{paramResource, "param.resource"}}
	return append(params, mapRoutes()[0].Params[:3]...)
}

// serveMap answers with a map as a file.
func (s *Site) serveMap(c *fiber.Ctx) error { return s.servePicture(c, "map", mapFiles) }

// mapScene is the map as a picture that stands alone, with its notes and source.
func (s *Site) mapScene(ctx context.Context, p *mapped) (*chart.Scene, error) {
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return nil, err
	}
	m := *p.drawing
	m.Footer = p.figures.Notes
	if len(p.figures.Places) == 0 {
		m.Footer = append(slices.Clone(m.Footer), p.l.Text("chart.note.empty"))
	}
	m.Footer = slices.Concat(m.Footer,
		s.chartSource(p.l, &p.x.Dataset, agencies.byID[p.x.Dataset.Agency], p.x.Edition, s.baseURL()+"/"+p.l.lang+datasetPath(p.x.Dataset.Slug)))
	scene := m.Scene()
	scene.Title, scene.Description = unmarked(scene.Title), unmarked(scene.Description)
	return scene, nil
}

func (s *Site) mapSVG(ctx context.Context, p *mapped) ([]byte, error) {
	scene, err := s.mapScene(ctx, p)
	if err != nil {
		return nil, err
	}
	return scene.File(), nil
}

func (s *Site) mapPNG(ctx context.Context, p *mapped) ([]byte, error) {
	scene, err := s.mapScene(ctx, p)
	if err != nil {
		return nil, err
	}
	return picture.PNG(scene)
}

func (s *Site) mapCSV(ctx context.Context, p *mapped) ([]byte, error) {
	var b bytes.Buffer
	format, _ := exporters.ByExt("csv")
	err := format.Write(ctx, &b, p.figureTable(), exporters.Options{})
	return b.Bytes(), err
}

// embedMap answers with a map for a frame.
func (s *Site) embedMap(c *fiber.Ctx) error {
	x, err := s.exploreFor(c, c.Query(paramResource), "map")
	if err != nil {
		return err
	}
	p, err := s.mapOf(c.UserContext(), x)
	if err != nil {
		return inputFault(err)
	}
	f := p.figure()
	var legend strings.Builder
	legend.WriteString(`<ul class="map-legend" role="list">`)
	for _, line := range f.Legend {
		legend.WriteString("<li>" + string(line.Swatch) + " <bdi>" + template.HTMLEscapeString(line.Text) + "</bdi></li>")
	}
	legend.WriteString("</ul>")
	v := &embedView{
		Heading: p.drawing.Title, Subtitle: p.drawing.Subtitle, Notes: p.figures.Notes, URL: p.address,
		Figure: f.Drawing + template.HTML(legend.String()), //nolint:gosec // escaped
	}
	return s.sendEmbed(c, x, v)
}
