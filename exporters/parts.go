package exporters

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/openshafaf/shafaf/datasets"
)

// Exports of parts of tables are kept apart from those of whole tables: anybody
// can ask for any number of them, so they must neither push the others out nor
// fill the disk.
const (
	// DefaultPartBudget is how many bytes of them are kept, unless
	// Files.PartBudget says otherwise.
	DefaultPartBudget = 1 << 30
	mostParts         = 4096 // files
)

// partMark stands in the key of an export between the digest of the table and
// the key of the query.
const partMark = "_"

var goodQuery = regexp.MustCompile(`^[0-9a-f]{8,64}$`)

// GetPart is Get for a part of a table: the result of the query that key names,
// hexadecimal digits as datasets.RowQuery.Key returns them. Beyond PartBudget,
// and beyond some thousand files, those go first that were not asked for the
// longest.
func (f *Files) GetPart(ctx context.Context, digest, key string, format Format, o Options, open func() (*datasets.Table, error)) (*Built, error) {
	if !goodQuery.MatchString(key) {
		return nil, fmt.Errorf("exporters: %q is no key of a query", key)
	}
	return f.Get(ctx, digest+partMark+key, format, o, open)
}

// PeekPart is Peek for a part of a table.
func (f *Files) PeekPart(digest, key string, format Format, o Options) (size int64, ok bool) {
	return f.Peek(digest+partMark+key, format, o)
}

// part reports whether the export is of a part of a table.
func (k *keptFile) part() bool {
	digest, _, _ := strings.Cut(k.key, ".")
	return strings.Contains(digest, partMark)
}

// leastWorth returns what is kept, the parts first and of each the longest
// unused first. The caller holds f.mu.
func (f *Files) leastWorth() []*keptFile {
	var parts, whole []*keptFile
	for _, k := range f.oldest() {
		if k.part() {
			parts = append(parts, k)
		} else {
			whole = append(whole, k)
		}
	}
	return append(parts, whole...)
}
