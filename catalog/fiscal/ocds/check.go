package ocds

import (
	"regexp"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// wellFormed is an ocid as the standard wants it: a registered prefix and the
// publisher's own identifier.
var wellFormed = regexp.MustCompile(`^ocds-[a-z0-9]{6}-.`)

// mostFindings is how many findings of a release are listed.
const mostFindings = 40

// A checker walks over a release and notes what is wrong with it.
type checker struct {
	all  []Finding
	seen map[string]bool // of the findings by place without numbers: one of a kind is enough
}

func (c *checker) found(field, kind string, args ...any) {
	key := kind + " " + withoutNumbers(field)
	if len(c.all) >= mostFindings || c.seen[key] {
		return
	}
	if c.seen == nil {
		c.seen = map[string]bool{}
	}
	c.seen[key] = true
	c.all = append(c.all, Finding{field, kind, args})
}

var numbered = regexp.MustCompile(`/\d+`)

func withoutNumbers(path string) string { return numbered.ReplaceAllString(path, "/") }

func (c *checker) ocid(ocid string) {
	if !wellFormed.MatchString(ocid) {
		c.found("ocid", "ocid.form", persian.CutBytes(ocid, 80))
	}
}

// dateMembers are the members of the standard that are dates.
var dateMembers = []string{
	"datePublished", "dateModified", "startDate", "endDate", "maxExtentDate", "dateSigned", "dueDate", "dateMet",
}

// listMembers are the members of the standard that are lists of objects.
var listMembers = []string{
	"parties", "awards", "contracts", "suppliers", "tenderers", "items", "documents", "milestones", "amendments", "transactions", "relatedProcesses",
}

// valueMembers are the members of the standard that are amounts of money;
// extensions have amounts of their own.
var valueMembers = []string{"value", "minValue", "amount", "budget"}

// depthChecked is how deep a release is looked at.
const depthChecked = 20

// walk notes what is wrong below a place of the release.
func (c *checker) walk(path string, v any, depth int) {
	if depth > depthChecked {
		return
	}
	switch v := v.(type) {
	case []any:
		for i, item := range v {
			c.walk(path+"/"+itoa(i), item, depth+1)
		}
	case Object:
		if _, ok := v["amount"]; ok && slices.Contains(valueMembers, path[strings.LastIndexByte(path, '/')+1:]) {
			c.value(path, v)
		}
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			c.member(strings.TrimPrefix(path+"/"+k, "/"), k, v[k])
			c.walk(strings.TrimPrefix(path+"/"+k, "/"), v[k], depth+1)
		}
	}
}

func (c *checker) member(path, key string, v any) {
	switch {
	case v == nil:
	case slices.Contains(dateMembers, key):
		s := text(v)
		if s == "" {
			return
		}
		if day, zone, ok := When(s); !ok {
			c.found(path, "date.none", persian.CutBytes(s, 80))
		} else if !zone && len(s) > len("2006-01-02") {
			c.found(path, "date.zone", day)
		}
	case slices.Contains(listMembers, key):
		if _, ok := v.([]any); !ok {
			c.found(path, "list.none")
		}
	case key == "procurementMethod":
		if s := text(v); s != "" && methodOf(s) == "" {
			c.found(path, "method.unknown", persian.CutBytes(s, 80))
		}
	}
}

// value notes what is wrong with an amount of money.
func (c *checker) value(path string, v Object) {
	raw := v["amount"]
	if _, ok := raw.(Object); ok { // a budget: its amount is a value of its own
		return
	}
	path = strings.TrimPrefix(path+"/amount", "/")
	_, problem := Money(v)
	switch problem {
	case "":
		return
	case "amount.unread":
		c.found(path, problem, persian.CutBytes(text(raw), 80))
	default:
		c.found(path, problem)
	}
}
