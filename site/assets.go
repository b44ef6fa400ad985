package site

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"path"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// The font in static/vendor is optional: without it the folder holds only a
// note, and pages use the fonts of the reader's system.
//
//go:embed all:static
var staticFiles embed.FS

// assetPrefix is where the embedded files are served.
const assetPrefix = "/assets/"

// fontFile is the one font that pages may ask for.
const fontFile = "vazirmatn-arabic-wght-normal.woff2"

// An asset is an embedded file with its compressed copies.
type asset struct {
	kind             string
	body, gzip, brot []byte
}

// assets are the embedded files by their address, which holds a digest of
// them, so that a browser may keep them for ever.
type assets struct {
	urls   map[string]string // by file name: "site.css" → "/assets/site.1a2b3c4d5e.css"
	byName map[string]*asset // by the last part of the address
}

func newAssets() *assets {
	a := &assets{urls: map[string]string{}, byName: map[string]*asset{}}
	err := fs.WalkDir(staticFiles, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		body, err := staticFiles.ReadFile(name)
		if err != nil {
			return err
		}
		a.add(path.Base(name), body)
		return nil
	})
	if err != nil {
		panic(err)
	}
	a.addStyle()
	return a
}

// addStyle adds site.css again with the font's @font-face before it, when
// there is a font to name.
func (a *assets) addStyle() {
	url, ok := a.urls[fontFile]
	if !ok {
		return
	}
	face := "@font-face{font-family:Vazirmatn;src:url(" + url + ") format(\"woff2\");font-weight:100 900;" +
		"font-style:normal;font-display:optional;unicode-range:U+0600-06FF,U+200C-200E,U+FB50-FDFF,U+FE70-FEFC}\n"
	style := a.byName[path.Base(a.urls["site.css"])]
	delete(a.byName, path.Base(a.urls["site.css"]))
	a.add("site.css", append([]byte(face), style.body...))
}

func (a *assets) add(name string, body []byte) {
	sum := sha256.Sum256(body)
	ext := path.Ext(name)
	hashed := strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:5]) + ext
	f := &asset{kind: mediaType(ext), body: body}
	if ext != ".woff2" {
		f.gzip = fasthttp.AppendGzipBytesLevel(nil, body, fasthttp.CompressBestCompression)
		f.brot = fasthttp.AppendBrotliBytesLevel(nil, body, fasthttp.CompressBrotliBestCompression)
	}
	a.urls[name] = assetPrefix + hashed
	a.byName[hashed] = f
}

// mediaType does not ask the operating system, whose table may lack a kind.
func mediaType(ext string) string {
	switch ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	}
	if t := mime.TypeByExtension(ext); t != "" {
		return t
	}
	return fiber.MIMEOctetStream
}

// url is the address of the file with the given name, empty when it is not there.
func (a *assets) url(name string) string { return a.urls[name] }

// asset serves an embedded file.
func (s *Site) asset(c *fiber.Ctx) error {
	f, ok := s.assets.byName[c.Params("name")]
	if !ok {
		return fiber.ErrNotFound
	}
	return f.send(c, CacheForever)
}

func (f *asset) send(c *fiber.Ctx, cache string) error {
	c.Set(fiber.HeaderContentType, f.kind)
	c.Set(fiber.HeaderCacheControl, cache)
	c.Vary(fiber.HeaderAcceptEncoding)
	switch accepted := c.Get(fiber.HeaderAcceptEncoding); {
	case f.brot != nil && accepts(accepted, "br"):
		c.Set(fiber.HeaderContentEncoding, "br")
		return c.Send(f.brot)
	case f.gzip != nil && accepts(accepted, "gzip"):
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(f.gzip)
	}
	return c.Send(f.body)
}
