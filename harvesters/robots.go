package harvesters

import (
	"bufio"
	"context"
	"io"
	"net/url"
	"strings"
	"time"
)

// robotsKept is how long what a host asks of programs is taken to hold, and
// maxRobots how much of it is read, in bytes (RFC 9309).
const (
	robotsKept = 24 * time.Hour
	maxRobots  = 500 << 10
)

// A robots is what a host asks of programs like this one.
type robots struct {
	at    time.Time
	rules []robotRule
}

// A robotRule allows or forbids the paths that begin with something, in which *
// stands for anything and $ at its end for the end.
type robotRule struct {
	path  string
	allow bool
}

// allowed reports whether the host of an address lets this program look at it.
// A host that says nothing does.
func (c *linkChecker) allowed(ctx context.Context, u *url.URL) bool {
	origin := u.Scheme + "://" + strings.ToLower(u.Host)
	c.mu.Lock()
	known := c.robots[origin]
	c.mu.Unlock()
	if known == nil || c.deps.Now().Sub(known.at).Abs() > robotsKept {
		known = &robots{at: c.deps.Now()}
		a, err := c.client.Get(ctx, Request{URL: origin + "/robots.txt", Origin: origin, Limit: maxRobots, Tries: 1})
		if err == nil {
			known.rules = readRobots(a.Body)
			_ = a.Body.Close()
		}
		c.mu.Lock()
		c.robots[origin] = known
		c.mu.Unlock()
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return known.allow(path)
}

// allow is the rule with the longest path that fits; of two that are as long
// the one that allows.
func (r *robots) allow(path string) bool {
	allow, longest := true, -1
	for _, rule := range r.rules {
		if len(rule.path) < longest || !robotFits(rule.path, path) {
			continue
		}
		if len(rule.path) > longest {
			allow, longest = rule.allow, len(rule.path)
		}
		allow = allow || rule.allow
	}
	return allow
}

// robotFits reports whether a path is one of a rule's.
func robotFits(rule, path string) bool {
	rule, whole := strings.CutSuffix(rule, "$")
	parts := strings.Split(rule, "*")
	if !strings.HasPrefix(path, parts[0]) {
		return false
	}
	path = path[len(parts[0]):]
	for n, part := range parts[1:] {
		at := strings.Index(path, part)
		if whole && n == len(parts)-2 {
			at = strings.LastIndex(path, part)
		}
		if at < 0 {
			return false
		}
		path = path[at+len(part):]
	}
	return !whole || path == "" || parts[len(parts)-1] == "" && len(parts) > 1
}

// readRobots reads the rules for this program: those under its name, else those
// for all. What is no rule is passed over.
func readRobots(from io.Reader) []robotRule {
	var own, all []robotRule
	named, everybody, agents := false, false, false
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, maxRobots)
	for lines.Scan() {
		line, _, _ := strings.Cut(lines.Text(), "#")
		key, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch key = strings.ToLower(strings.TrimSpace(key)); key {
		case "user-agent":
			if !agents { // the first of a group
				named, everybody = false, false
			}
			agents = true
			if strings.EqualFold(value, "shafaf") && !named {
				named, own = true, append([]robotRule{}, own...)
			}
			everybody = everybody || value == "*"
		case "allow", "disallow":
			agents = false
			if value == "" {
				continue
			}
			rule := robotRule{value, key == "allow"}
			if named {
				own = append(own, rule)
			}
			if everybody {
				all = append(all, rule)
			}
		}
	}
	if own != nil {
		return own
	}
	return all
}
