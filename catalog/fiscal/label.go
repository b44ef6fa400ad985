package fiscal

import (
	"strings"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/goccy/go-json"
)

// labelOf reads what a table calls a code: texts by language as JSON, or one of
// which nobody said the language.
func labelOf(label string) catalog.Text {
	if strings.HasPrefix(label, "{") {
		var t catalog.Text
		if json.Unmarshal([]byte(label), &t) == nil && len(t) > 0 {
			return t
		}
	}
	if label == "" {
		return nil
	}
	return catalog.TitleOf(label)
}
