package site

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/datasets"
)

// queryValues are the parameters of q in an address.
func queryValues(q *datasets.RowQuery) url.Values {
	out := url.Values{}
	for _, f := range q.Filters {
		name := f.Column
		if f.Op != datasets.Equal || strings.HasPrefix(name, "_") || strings.Contains(name, "__") {
			name += "__" + string(f.Op)
		}
		if f.Op == datasets.In && !strings.Contains(strings.Join(f.Values, ""), ",") {
			out.Add(name, strings.Join(f.Values, ","))
			continue
		}
		out[name] = append(out[name], f.Values...)
	}
	var sorts []string
	for _, s := range q.Sort {
		if s.Desc {
			s.Column = "-" + s.Column
		}
		sorts = append(sorts, s.Column)
	}
	list(out, paramSort, sorts)
	list(out, paramSelect, q.Select)
	if q.Size != 0 {
		out.Set(paramSize, strconv.Itoa(q.Size))
	}
	if q.After != "" {
		out.Set(paramAfter, q.After)
	}
	return out
}

// list sets a parameter to names, divided by commas where none has one.
func list(out url.Values, param string, names []string) {
	text := strings.Join(names, ",")
	switch {
	case len(names) == 0:
	case strings.Count(text, ",") == len(names)-1:
		out.Set(param, text)
	default:
		out[param] = names
	}
}
