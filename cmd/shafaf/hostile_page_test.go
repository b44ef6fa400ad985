package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// dangers are what a browser would run or load that a page of ours never has:
// it is parsed as a browser parses it, and each element looked at.
func dangers(page []byte) (found []string) {
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return []string{err.Error()}
	}
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			found = append(found, dangerous(n)...)
		}
		if n.Type == html.ElementNode && depth(n) > deepest {
			return append(found, fmt.Sprintf("elements %d deep", depth(n)))
		}
	}
	return found
}

// deepest is how deep elements of our pages stand at most.
const deepest = 60

func depth(n *html.Node) (d int) {
	for range n.Ancestors() {
		d++
	}
	return d
}

// strange are elements that no page of ours has.
var strange = []string{"iframe", "frame", "frameset", "object", "embed", "applet", "base", "style", "math", "portal", "foreignobject", "animate", "set", "marquee", "audio", "video", "source", "noscript", "plaintext", "xmp"}

func dangerous(n *html.Node) (found []string) {
	say := func(format string, args ...any) {
		found = append(found, fmt.Sprintf("<%s>: ", n.Data)+fmt.Sprintf(format, args...))
	}
	if slices.Contains(strange, n.Data) || strings.Contains(n.Data, "hostile") {
		say("no element of ours")
	}
	attrs := map[string]string{}
	for _, a := range n.Attr {
		attrs[a.Key] = a.Val
		switch {
		case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcdoc", a.Key == "autofocus", strings.Contains(a.Key, "hostile"), strings.ContainsAny(a.Key, `"'<`):
			say("attribute %s", a.Key)
		case slices.Contains([]string{"href", "src", "action", "formaction", "poster", "data", "srcset", "background", "ping", "manifest", "cite"}, a.Key):
			if why := leadsAstray(n.Data, a.Key, a.Val); why != "" {
				say("%s=%q %s", a.Key, a.Val, why)
			}
		}
	}
	switch n.Data {
	case "script":
		found = append(found, dangerousScript(n, attrs)...)
	case "meta":
		if _, is := attrs["http-equiv"]; is {
			say("http-equiv %v", attrs)
		}
	}
	return found
}

// dangerousScript lets scripts be files of ours, and data blocks JSON.
func dangerousScript(n *html.Node, attrs map[string]string) []string {
	var all strings.Builder
	for c := range n.Descendants() {
		all.WriteString(c.Data)
	}
	text := all.String()
	switch {
	case attrs["type"] == "application/ld+json":
		if !json.Valid([]byte(text)) || strings.Contains(text, "<") {
			return []string{"the data block is " + text}
		}
		return nil
	case strings.HasPrefix(attrs["src"], "/assets/") && strings.TrimSpace(text) == "":
		return nil
	default:
		return []string{fmt.Sprintf("<script %v>%s", attrs, text)}
	}
}

// leadsAstray says why an address on a page is none of ours: links may lead to
// the web, anything else only to this site.
func leadsAstray(tag, key, address string) string {
	if strings.HasPrefix(address, "data:image/png;base64,") && tag == "img" {
		return "" // the second factor
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || strings.ContainsAny(address, "\\\r\n\t\x00"):
		return "is no address"
	case u.Scheme == "" && u.Host == "" && (strings.HasPrefix(address, "/") || strings.HasPrefix(address, "#") || strings.HasPrefix(address, "?") || address == ""):
		return ""
	case (tag == "a" || tag == "link") && key == "href" && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && (u.User == nil):
		return ""
	case tag == "a" && u.Scheme == "mailto":
		return ""
	default:
		return "leads astray"
	}
}

// dangersOfXML are those of a feed, a sitemap or a picture: what a browser would
// run, if it took it for a page.
func dangersOfXML(doc []byte) (found []string) {
	dec := xml.NewDecoder(bytes.NewReader(doc))
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			return append(found, err.Error())
		}
		switch t := token.(type) {
		case xml.Directive:
			found = append(found, "<!"+string(t)+">")
		case xml.ProcInst:
			if t.Target != "xml" {
				found = append(found, "<?"+t.Target)
			}
		case xml.StartElement:
			found = append(found, dangerousXML(&t)...)
		}
	}
}

func dangerousXML(t *xml.StartElement) (found []string) {
	name := strings.ToLower(t.Name.Local)
	if name == "script" || slices.Contains(strange, name) && name != "style" || strings.Contains(name, "hostile") || name == "use" || name == "image" || t.Name.Space == "http://www.w3.org/1999/xhtml" && name != "link" {
		found = append(found, "<"+name+">")
	}
	for _, a := range t.Attr {
		switch key := strings.ToLower(a.Name.Local); {
		case strings.HasPrefix(key, "on"), strings.Contains(key, "hostile"):
			found = append(found, name+" "+key)
		case key == "href" && leadsAstray("a", "href", a.Value) != "":
			found = append(found, name+" href="+a.Value)
		}
	}
	return found
}

// text is what a reader sees of a page.
func text(page []byte) string {
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return ""
	}
	var b strings.Builder
	for n := range doc.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "script" {
			b.WriteString(n.Data)
		}
		for _, a := range n.Attr {
			if a.Key == "value" {
				b.WriteString(" " + a.Val + " ")
			}
		}
	}
	return b.String()
}

// harmless fails when an answer holds what a browser would run, whatever kind of
// answer it is.
func (a told) harmless(t *testing.T, what string) {
	t.Helper()
	kind, _, _ := strings.Cut(a.header.Get("Content-Type"), ";")
	var found []string
	switch {
	case a.header.Get("Content-Encoding") != "", len(a.body) == 0:
	case kind == "text/html":
		found = dangers(a.body)
	case kind == "image/svg+xml", strings.HasSuffix(kind, "xml") && !strings.Contains(kind, "openxml"):
		found = dangersOfXML(a.body)
	case strings.HasSuffix(kind, "json"):
		if !json.Valid(a.body) {
			found = []string{"no JSON"}
		}
	case kind == "text/plain", strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment"), strings.HasPrefix(kind, "image/"), kind == "text/css", kind == "font/woff2", strings.HasSuffix(kind, "javascript"):
	default:
		found = []string{"served as " + kind}
	}
	if len(found) > 0 {
		t.Errorf("%.300s (%s): %q", what, kind, found[:min(len(found), 5)])
	}
}

// TestDangersAreFound gives the checks pages that have what they look for.
func TestDangersAreFound(t *testing.T) {
	for _, page := range []string{
		"<script>hostile()</script>", `<p onclick="x">`, `<a href="javascript:x">`, `<a href=" java&#9;script:x">`, `<img src="https://evil.example/x.png">`, "<iframe>", `<a href="//evil.example">`,
		"<style>p{}</style>", `<p style="x">`, "<svg><animate href=#x>", `<meta http-equiv=refresh content=0>`, `<form action="https://evil.example">`, "<base href=/x>", "<hostile-x>",
		`<script type="application/ld+json">{"a":</script>`, `<script src="/assets/x.js">hostile()</script>`, `<a href="data:text/html,x">`, `<input formaction="javascript:x">`, `<p hostile=1>`, `<a href="https://a@evil.example/">`, strings.Repeat("<div>", 100),
	} {
		if dangers([]byte(page)) == nil {
			t.Errorf("nothing is found in %s", page)
		}
	}
	for _, doc := range []string{"<svg><script/></svg>", `<svg onload="x"/>`, `<a href="javascript:x"/>`, "<!DOCTYPE x [<!ENTITY a 'b'>]><x/>", "<x>", `<?xml-stylesheet href="x"?><x/>`, "<svg><foreignObject/></svg>", `<x><p xmlns="http://www.w3.org/1999/xhtml"/></x>`} {
		if dangersOfXML([]byte(doc)) == nil {
			t.Errorf("nothing is found in %s", doc)
		}
	}
	if found := dangers([]byte(`<!doctype html><title>x</title><script type="module" src="/assets/site.js"></script><a href="https://example.org/">x</a><form action="/en/desk"><input value="&lt;script&gt;">`)); found != nil {
		t.Errorf("found in a good page: %v", found)
	}
}
