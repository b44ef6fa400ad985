package site

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/gofiber/fiber/v2"
)

// MaxUpload is the size of the largest file that is taken, in bytes.
const MaxUpload = 2 << 30

const (
	maxUploadForm  = 64 << 10 // bytes of the fields before the file
	maxUploadName  = 255      // bytes
	uploadPatience = 30 * time.Second
)

// ErrTooLarge says that a file is larger than MaxUpload.
var ErrTooLarge = fiber.ErrRequestEntityTooLarge

// An Upload is a file that comes with a request. It is read as it arrives and
// never held in memory. Its Read moves the deadline of the connection on; it
// fails with ErrTooLarge behind MaxUpload, and with io.ErrUnexpectedEOF when the
// file was cut or did not go on.
type Upload struct {
	Name   string     // as its giver calls it, without folders
	Fields url.Values // of the form: those that stand before the file
	io.Reader
}

// Upload returns the file that comes with the request: the body itself, named
// by ?name= or Content-Disposition, or the first file of a multipart form. Its
// route must have Upload set.
func (r *Request) Upload() (*Upload, error) {
	length := r.ctx.Request().Header.ContentLength()
	switch {
	case length < 0:
		return nil, fiber.ErrLengthRequired
	case length > MaxUpload+maxUploadForm:
		return nil, ErrTooLarge
	case r.ctx.Get(fiber.HeaderContentEncoding) != "":
		return nil, fiber.ErrUnsupportedMediaType
	}
	body := &arriving{from: r.ctx.Context().RequestBodyStream(), conn: r.ctx.Context().Conn(), since: r.ctx.Context().Time(), left: int64(length)}
	if body.from == nil { // it was short, and is here already
		body.from, body.conn = strings.NewReader(string(r.ctx.Request().Body())), nil
	}
	kind, params, err := mime.ParseMediaType(r.ctx.Get(fiber.HeaderContentType))
	if err == nil && kind == fiber.MIMEMultipartForm {
		return r.formUpload(body, params["boundary"])
	}
	name := r.Query.Get("name")
	if _, params, err := mime.ParseMediaType(r.ctx.Get(fiber.HeaderContentDisposition)); err == nil && name == "" {
		name = params["filename"]
	}
	return newUpload(name, nil, body)
}

// formUpload reads the fields of a form up to its file.
func (r *Request) formUpload(body io.Reader, boundary string) (*Upload, error) {
	form, fields, left := multipart.NewReader(body, boundary), url.Values{}, int64(maxUploadForm)
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, &catalog.InvalidError{Field: "file", Reason: "choose a file"}
		}
		if err != nil {
			return nil, fiber.ErrBadRequest
		}
		if part.FileName() != "" {
			return newUpload(part.FileName(), fields, part)
		}
		value, err := io.ReadAll(io.LimitReader(part, left+1))
		if left -= int64(len(value)); err != nil || left < 0 {
			return nil, fiber.ErrBadRequest
		}
		fields.Add(part.FormName(), string(value))
	}
}

func newUpload(name string, fields url.Values, from io.Reader) (*Upload, error) {
	name, err := uploadName(name)
	if err != nil {
		return nil, err
	}
	return &Upload{Name: name, Fields: fields, Reader: &capped{from, MaxUpload}}, nil
}

// uploadName makes of what a giver calls a file the name that it is kept under:
// no folder, nothing that is not seen.
func uploadName(name string) (string, error) {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	if !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool {
		return unicode.IsControl(r) || r != '\u200c' && r != '\u200d' && unicode.Is(unicode.Cf, r)
	}) {
		return "", &catalog.InvalidError{Field: "name", Reason: "the name of the file has characters that cannot be seen; give it another"}
	}
	name = strings.TrimSpace(name)
	switch {
	case strings.Trim(name, ".") == "":
		return "", &catalog.InvalidError{Field: "name", Reason: "say what the file is called, by ?name= or Content-Disposition: its ending tells much of what it is"}
	case len(name) > maxUploadName:
		return "", &catalog.InvalidError{Field: "name", Reason: fmt.Sprintf("the name of the file is longer than %d bytes", maxUploadName)}
	}
	return name, nil
}

// capped is a reader that fails behind left bytes.
type capped struct {
	from io.Reader
	left int64
}

// Read is io.Reader.
func (c *capped) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, ErrTooLarge
	}
	return n, err
}

// An arriving body moves the read deadline of its connection on with every
// block, and knows whether all of it came.
type arriving struct {
	from  io.Reader
	conn  net.Conn
	since time.Time // of the system's clock
	left  int64
}

// Read is io.Reader.
func (a *arriving) Read(p []byte) (int, error) {
	if a.left == 0 {
		return 0, io.EOF
	}
	if a.conn != nil {
		if err := a.conn.SetReadDeadline(a.since.Add(time.Since(a.since) + uploadPatience)); err != nil {
			return 0, err
		}
	}
	n, err := a.from.Read(p[:min(int64(len(p)), a.left)])
	a.left -= int64(n)
	switch {
	case a.left == 0:
		return n, io.EOF
	case errors.Is(err, io.EOF), isLate(err):
		return n, io.ErrUnexpectedEOF
	}
	return n, err
}

// isLate reports whether a body was waited for in vain.
func isLate(err error) bool {
	late, ok := errors.AsType[net.Error](err)
	return ok && late.Timeout()
}

// unread is the answer to a body that could not be read whole.
func unread(err error) error {
	if isLate(err) {
		return fiber.ErrRequestTimeout
	}
	return fiber.ErrBadRequest
}

// takeBody reads the body of a request whose route takes no file, so that no
// handler holds more than maxBody, and what is not read is never taken for the
// next request. It reports whether the body is left to be read by the handler.
func (s *Site) takeBody(c *fiber.Ctx) (left bool, err error) {
	stream := c.Context().RequestBodyStream()
	length := c.Request().Header.ContentLength()
	if stream == nil || length == 0 {
		return false, nil
	}
	if length > maxAhead || length < 0 {
		if s.takesFile(c.Method(), c.Path()) {
			return true, nil
		}
		if err := s.spend(c, BudgetReads, s.block(c), costBody); err != nil {
			return true, err
		}
	}
	if length > maxBody {
		return true, s.tooLong(c, stream, length)
	}
	body, err := io.ReadAll(io.LimitReader(stream, maxBody+1))
	if len(body) > maxBody {
		return true, fiber.ErrRequestEntityTooLarge
	}
	if err != nil || length > 0 && len(body) != length {
		return true, unread(err)
	}
	c.Request().SetBodyRaw(body)
	return false, nil
}

// takesFile reports whether a route with Upload stands at the path.
func (s *Site) takesFile(method, path string) bool {
	for _, u := range s.uploads {
		if u.method == method && u.matches(path) {
			return true
		}
	}
	return false
}

// An uploadPlace is an address that takes files.
type uploadPlace struct {
	method string
	parts  []string // of its path; a parameter is "*"
}

func (u *uploadPlace) matches(path string) bool {
	parts := strings.Split(strings.TrimSuffix(path, "/"), "/")
	if len(parts) != len(u.parts) {
		return false
	}
	for i, want := range u.parts {
		if want != "*" && want != parts[i] {
			return false
		}
	}
	return true
}

// uploadPlaces are the addresses of the routes that take files.
func uploadPlaces(routes []Route) []uploadPlace {
	var all []uploadPlace
	add := func(method, path string) {
		all = append(all, uploadPlace{method, strings.Split(braces.ReplaceAllString(path, "*"), "/")})
	}
	for i := range routes {
		r := &routes[i]
		if !r.Upload {
			continue
		}
		if r.Act != nil {
			for _, lang := range catalog.Languages {
				add(fiber.MethodPost, "/"+lang+r.Path)
			}
		}
		for method := range r.Write {
			add(method, apiPrefix+r.Path)
		}
	}
	return all
}
