package site

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"regexp"
	"strings"
)

// The bounds of an emblem.
const (
	maxEmblem      = 256 << 10 // bytes
	maxEmblemSide  = 2048      // pixels of a PNG
	maxEmblemDepth = 32        // of elements within each other
	maxEmblemParts = 5000      // elements
)

// CleanEmblem returns an emblem as it may be shown, and its extension. Of an SVG
// only shapes and gradients stay; a PNG is written anew, without what may hang on
// it. The error says why it is none.
func CleanEmblem(b []byte) (clean []byte, ext string, err error) {
	if len(b) > maxEmblem {
		return nil, "", fmt.Errorf("it has %d KiB and may have %d: make it simpler or smaller", len(b)>>10, maxEmblem>>10)
	}
	if bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")) {
		clean, err = cleanPNG(b)
		return clean, ".png", err
	}
	if !bytes.Contains(b, []byte("<svg")) && !bytes.Contains(b, []byte(":svg")) {
		return nil, "", errors.New("it is neither SVG nor PNG")
	}
	clean, err = cleanSVG(b)
	return clean, ".svg", err
}

func cleanPNG(b []byte) ([]byte, error) {
	config, err := png.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("the PNG cannot be read: %w", err)
	}
	if config.Width > maxEmblemSide || config.Height > maxEmblemSide || config.Width < 16 || config.Height < 16 {
		return nil, fmt.Errorf("the PNG has %d by %d pixels; give one of 16 to %d on each side", config.Width, config.Height, maxEmblemSide)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("the PNG cannot be read: %w", err)
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	err = encoder.Encode(&out, img)
	return out.Bytes(), err
}

const svgSpace = "http://www.w3.org/2000/svg"

// svgShapes are the elements that draw; svgFrames are those that hold or colour
// them.
var (
	svgShapes = words("path rect circle ellipse line polyline polygon")
	svgFrames = words("svg g defs linearGradient radialGradient stop clipPath title desc")
)

// svgPaints are the attributes that style can set too; svgAttributes are all.
var (
	svgPaints = words("fill fill-opacity fill-rule stroke stroke-width stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray " +
		"stroke-dashoffset stroke-opacity opacity clip-rule clip-path stop-color stop-opacity")
	svgAttributes = words("id d x y x1 y1 x2 y2 width height rx ry cx cy r fx fy points transform viewBox preserveAspectRatio " +
		"gradientUnits gradientTransform spreadMethod offset clipPathUnits")
)

func words(s string) map[string]bool {
	all := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		all[w] = true
	}
	return all
}

var (
	svgPlain = regexp.MustCompile(`^[A-Za-z0-9#%.,()+\-\s]*$`)
	svgLocal = regexp.MustCompile(`^url\(\s*['"]?(#[A-Za-z_][\w.-]{0,99})['"]?\s*\)$`)
	svgID    = regexp.MustCompile(`^[A-Za-z_][\w.-]{0,99}$`)
	svgSize  = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?)(?:px)?$`)
)

// A svgCleaner copies what is allowed of an SVG.
type svgCleaner struct {
	out    bytes.Buffer
	open   []string // allowed elements that are open
	skip   int      // depth below an element that is left out
	parts  int
	shapes int
}

// cleanSVG reads with a parser and writes anew what it knows: whatever is not in
// its tables is not there afterwards, however it was spelled.
func cleanSVG(b []byte) ([]byte, error) {
	dec := xml.NewDecoder(bytes.NewReader(b))
	var c svgCleaner
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("the SVG cannot be read: %w", err)
		}
		switch t := token.(type) {
		case xml.Directive:
			if !bytes.EqualFold(bytes.TrimSpace(t), []byte("DOCTYPE svg")) && bytes.ContainsAny(t, "[") {
				return nil, errors.New("the SVG declares entities; save it without them")
			}
		case xml.StartElement:
			if err := c.start(&t); err != nil {
				return nil, err
			}
		case xml.EndElement:
			c.end()
		case xml.CharData:
			if c.skip == 0 && len(c.open) > 0 && (c.open[len(c.open)-1] == "title" || c.open[len(c.open)-1] == "desc") {
				_ = xml.EscapeText(&c.out, t) // a Buffer takes everything
			}
		}
	}
	if c.shapes == 0 {
		return nil, errors.New("the SVG has no shapes: only paths, circles, rectangles and other shapes are taken, no pictures and no text; turn texts into paths")
	}
	return c.out.Bytes(), nil
}

func (c *svgCleaner) start(t *xml.StartElement) error {
	if c.parts++; c.parts > maxEmblemParts || len(c.open)+c.skip >= maxEmblemDepth {
		return fmt.Errorf("the SVG has more than %d elements, or more than %d within each other; make it simpler", maxEmblemParts, maxEmblemDepth)
	}
	name := t.Name.Local
	if len(c.open) == 0 && c.skip == 0 && (name != "svg" || t.Name.Space != svgSpace || c.out.Len() > 0) {
		return fmt.Errorf("the file begins with <%s> and not with <svg xmlns=%q>", name, svgSpace)
	}
	if c.skip > 0 || t.Name.Space != svgSpace || !svgShapes[name] && !svgFrames[name] {
		c.skip++
		return nil
	}
	c.out.WriteString("<" + name)
	if len(c.open) == 0 {
		c.out.WriteString(` xmlns="` + svgSpace + `"`)
	}
	c.attributes(t, len(c.open) == 0)
	c.out.WriteString(">")
	c.open = append(c.open, name)
	if svgShapes[name] {
		c.shapes++
	}
	return nil
}

func (c *svgCleaner) end() {
	if c.skip > 0 {
		c.skip--
		return
	}
	last := len(c.open) - 1
	c.out.WriteString("</" + c.open[last] + ">")
	c.open = c.open[:last]
}

// attributes writes the attributes that are allowed, those that style sets as
// attributes of their own. The root has no size but a viewBox: pages decide how
// large it is.
func (c *svgCleaner) attributes(t *xml.StartElement, root bool) {
	found := map[string]string{}
	var order []string
	put := func(name, value string, allowed bool) {
		value, ok := svgValue(name, strings.TrimSpace(value))
		if !allowed || !ok {
			return
		}
		if _, twice := found[name]; !twice {
			order = append(order, name)
		}
		found[name] = value
	}
	for _, a := range t.Attr {
		switch name := a.Name.Local; {
		case name == "href" && (t.Name.Local == "linearGradient" || t.Name.Local == "radialGradient"):
			if svgID.MatchString(strings.TrimPrefix(a.Value, "#")) && strings.HasPrefix(a.Value, "#") {
				put("href", a.Value, true)
			}
		case a.Name.Space != "":
		case name == "style":
			for declaration := range strings.SplitSeq(a.Value, ";") {
				property, value, _ := strings.Cut(declaration, ":")
				property = strings.TrimSpace(property)
				put(property, value, svgPaints[property])
			}
		default:
			put(name, a.Value, svgPaints[name] || svgAttributes[name])
		}
	}
	if root && found["viewBox"] == "" {
		w, h := svgSize.FindStringSubmatch(found["width"]), svgSize.FindStringSubmatch(found["height"])
		if w != nil && h != nil {
			order, found["viewBox"] = append(order, "viewBox"), "0 0 "+w[1]+" "+h[1]
		}
	}
	for _, name := range order {
		if root && (name == "width" || name == "height" || name == "x" || name == "y") {
			continue
		}
		c.out.WriteString(" " + name + `="` + found[name] + `"`)
	}
}

// svgValue reports whether a value can do nothing but draw, and writes references
// to other elements of the file in one way.
func svgValue(name, value string) (string, bool) {
	if local := svgLocal.FindStringSubmatch(value); local != nil {
		return "url(" + local[1] + ")", true
	}
	if name == "id" {
		return value, svgID.MatchString(value)
	}
	return value, svgPlain.MatchString(value) && !strings.Contains(strings.ToLower(value), "url")
}
