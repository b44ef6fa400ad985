package fiscal

import (
	"net/url"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
)

// The trees along which lines are summed. Each begins with the budget itself.
const (
	Administrative = "administrative" // agency, administrative levels, programme levels, economic levels
	Functional     = "functional"     // division, group, class, agency
	Economic       = "economic"       // economic levels, agency
	Geography      = "geography"      // levels, agency
	Fund           = "fund"           // levels, agency
)

// Trees are all trees.
var Trees = [...]string{Administrative, Functional, Economic, Geography, Fund}

// Schemes that the codes of nodes are of.
const (
	SchemeAgency         = "agency" // the code is the slug of one
	SchemeAdministrative = "administrative"
	SchemeProgramme      = "programme"
	SchemeFunctional     = "functional"
	SchemeCOFOG          = "functional:cofog" // 01, 01.1, 01.1.1
	SchemeEconomic       = "economic"
	SchemeGFSM           = "economic:gfsm" // 21, 211 …
	SchemeGeography      = "geography"
	SchemeFund           = "fund"
)

// Unclassified is the code of the lines of a node that name no code of the next
// level where others do.
const Unclassified = "-"

// A Node is one place in a tree with the sums of the lines below it.
type Node struct {
	Path   []string     `json:"path"` // codes from the root on; none for the budget itself
	Code   string       `json:"code"`
	Label  catalog.Text `json:"label,omitempty"`
	Scheme string       `json:"scheme"`
	Lines  int64        `json:"lines"`
	Leaf   bool         `json:"leaf"` // there is nothing below it
	Amounts

	// Compared is the approved amount of those budgets alone whose executed
	// amount is known: what Executed is to be held against.
	Compared *Amount `json:"compared,omitempty"`
}

// A View is a place in a tree of one budget or, without one, of all that count.
type View struct {
	Budget    string    `json:"budget,omitempty"` // slug or id
	Tree      string    `json:"tree"`
	Direction Direction `json:"direction"`
	Year      string    `json:"year"`
	Path      []string  `json:"path,omitempty"`
}

// JoinPath writes the codes of a path as cubes keep it.
func JoinPath(codes []string) string {
	escaped := make([]string, len(codes))
	for i, c := range codes {
		escaped[i] = url.PathEscape(c)
	}
	return strings.Join(escaped, "/")
}

// SplitPath returns the codes of a path, none for that of the root.
func SplitPath(path string) []string {
	if path == "" {
		return nil
	}
	codes := strings.Split(path, "/")
	for i, c := range codes {
		if plain, err := url.PathUnescape(c); err == nil {
			codes[i] = plain
		}
	}
	return codes
}

// maxNodes is how many nodes the trees of one budget may have.
const maxNodes = 2 << 20
