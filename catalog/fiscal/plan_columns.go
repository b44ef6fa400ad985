package fiscal

import (
	"strings"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// columnOf finds a column by its label or name, as it is written or nearly so.
func columnOf(schema datasets.Schema, name string) int {
	for i := range schema {
		if schema[i].Label == name {
			return i
		}
	}
	if i := schema.Index(name); i >= 0 {
		return i
	}
	folded := persian.Fold(strings.Join(strings.Fields(name), " "))
	for i := range schema {
		if persian.Fold(strings.Join(strings.Fields(schema[i].Label), " ")) == folded {
			return i
		}
	}
	return -1
}

const namesTold = 30

// columnNames lists the columns of a table for a fault.
func columnNames(schema datasets.Schema) string {
	var all []string
	for i := range schema[:min(len(schema), namesTold)] {
		all = append(all, schema[i].Label)
	}
	if len(schema) > namesTold {
		all = append(all, "…")
	}
	return strings.Join(all, ", ")
}
