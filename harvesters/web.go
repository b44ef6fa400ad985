package harvesters

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
)

// WebKinds returns the names of the kinds that read from the web, sorted: those
// that may be chosen in a browser.
func WebKinds() []string {
	return slices.DeleteFunc(Kinds(), func(kind string) bool { return kind == kindFolder })
}

// maxAddress is how long an address that is typed may be.
const maxAddress = 2000

// CheckWeb returns an *InvalidError when a source that was described in a
// browser cannot be right, of a field that names the kind of fault: kind, or
// url.empty, url.scheme, url.host, url.user, url.private, url.long. It asks
// nobody: where a name leads shows when it is fetched, and is checked again
// then.
func CheckWeb(src catalog.Source) error {
	refuse := func(kind, reason string) error { return &catalog.InvalidError{Field: "url." + kind, Reason: reason} }
	if !slices.Contains(WebKinds(), src.Kind) {
		return &catalog.InvalidError{Field: "kind", Reason: "it is one of " + strings.Join(WebKinds(), ", ")}
	}
	switch {
	case strings.TrimSpace(src.URL) == "":
		return refuse("empty", "the source needs an address")
	case len(src.URL) > maxAddress:
		return refuse("long", "the address is longer than 2000 bytes")
	case !isURL(src.URL):
		return refuse("scheme", "an address begins with http:// or https://")
	}
	u, err := url.Parse(src.URL)
	switch {
	case err != nil || u.Hostname() == "" || strings.ContainsAny(src.URL, " \t\r\n"):
		return refuse("host", "there is no name of a server in it, as in https://data.example.org/data.json")
	case u.User != nil:
		return refuse("user", "an address with a name or password in it would be shown to everybody; give it without")
	case private(u.Hostname()) && !src.AllowPrivateNetwork:
		return refuse("private", "it leads into a private network, from which only an operator lets sources be read")
	}
	return Check(src)
}

// private reports whether a host is plainly none of the public internet.
func private(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if addr, err := netip.ParseAddr(host); err == nil {
		return !publicAddr(addr)
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}
