package harvesters

import (
	"bytes"
	"context"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/jsonstream"
)

// page returns one page of the source: as the run before was sent it, where
// this one goes on with its pages, else from the server.
func (v *Visit) page(ctx context.Context, r Request) (body []byte, charset string, err error) {
	if b, charset, ok := v.pages.get(r.URL); ok {
		return b, charset, nil
	}
	r.Origin, r.AllowPrivate, r.Limit = v.Source.URL, v.Source.AllowPrivateNetwork, maxPage
	a, err := v.Client.Get(ctx, r)
	if err != nil {
		return nil, "", err
	}
	defer a.Body.Close()
	b, err := io.ReadAll(io.LimitReader(a.Body, maxPage+1))
	if err != nil {
		return nil, "", err
	}
	if len(b) > maxPage {
		return nil, "", say("ckan.large", catalog.Bytes(maxPage))
	}
	v.pages.put(pageHead{URL: r.URL, Charset: a.Charset}, b)
	return b, a.Charset, nil
}

// jsonPage returns one page of the source as a stream of JSON. What cannot be
// read is asked for again by the next run: bad says so.
func (v *Visit) jsonPage(ctx context.Context, r Request) (s *jsonstream.Stream, bad func(), err error) {
	r.Accept = acceptJSON
	b, charset, err := v.page(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	bad = func() { v.pages.bad(r.URL) }
	text, err := jsonText(bytes.NewReader(b), charset, v.Note)
	if err != nil {
		bad()
		return nil, nil, err
	}
	return jsonstream.New(text), bad, nil
}

// key returns the key that the operator put into the folder of keys for the
// host of an address, in a file of the host's name; or other.
func (v *Visit) key(address, other string) string {
	u, err := url.Parse(address)
	if err != nil || v.keys == "" || u.Hostname() == "" || strings.ContainsAny(u.Hostname(), `/\`) {
		return other
	}
	const most = 1 << 10
	f, err := os.Open(filepath.Join(v.keys, u.Hostname()+".key"))
	if err != nil {
		return other
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, most))
	if key := strings.TrimSpace(string(b)); err == nil && key != "" {
		return key
	}
	return other
}
