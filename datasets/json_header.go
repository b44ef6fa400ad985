package datasets

import (
	"slices"

	"github.com/goccy/go-json"
)

// nameColumns gives a table of lists the names of its columns, if something
// beside it in the file says them: texts, or objects with a name each.
func (v *jsonSurvey) nameColumns(t *jsonTable) error {
	for _, key := range headerKeys {
		at, ok := v.beside[key]
		if !ok || key == t.path[0] {
			continue
		}
		s, err := v.file.stream(at)
		if err != nil {
			return err
		}
		raw, over, err := s.Value()
		if err != nil || over != "" {
			return err
		}
		if names, hidden := columnNames(raw); len(names) > 0 {
			t.header, t.hidden = names, hidden
			return nil
		}
	}
	return nil
}

// columnNames reads the names of columns out of a list, or out of what
// Socrata says of a table under "meta". hidden are the columns that it keeps
// for itself.
func columnNames(raw []byte) (names []string, hidden []bool) {
	var meta struct {
		View struct {
			Columns json.RawMessage `json:"columns"`
		} `json:"view"`
	}
	if raw[0] == '{' {
		if err := json.Unmarshal(raw, &meta); err != nil || len(meta.View.Columns) == 0 {
			return nil, nil
		}
		raw = meta.View.Columns
	}
	if err := json.Unmarshal(raw, &names); err == nil {
		return names, make([]bool, len(names))
	}
	var columns []struct {
		Name  string   `json:"name"`
		Label string   `json:"label"`
		Title string   `json:"title"`
		ID    any      `json:"id"`
		Flags []string `json:"flags"`
	}
	if err := json.Unmarshal(raw, &columns); err != nil {
		return nil, nil
	}
	names = nil
	for _, c := range columns {
		name := c.Name
		for _, other := range []string{c.Label, c.Title} {
			if name == "" {
				name = other
			}
		}
		if id, ok := c.ID.(string); ok && name == "" {
			name = id
		}
		if name == "" {
			return nil, nil
		}
		names = append(names, name)
		hidden = append(hidden, slices.Contains(c.Flags, "hidden"))
	}
	return names, hidden
}
