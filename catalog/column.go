package catalog

import (
	"database/sql/driver"
	"fmt"
	"time"

	"github.com/goccy/go-json"
)

// An encoded value is kept as JSON in a text column.
type encoded[T any] struct{ v *T }

func asJSON[T any](v *T) encoded[T] { return encoded[T]{v} }

// Value encodes for writing.
func (e encoded[T]) Value() (driver.Value, error) {
	b, err := encode(e.v)
	return string(b), err
}

// encode writes v as JSON that is read by no browser: nothing in it is escaped
// for HTML.
func encode(v any) ([]byte, error) { return json.MarshalWithOption(v, json.DisableHTMLEscape()) }

// Scan decodes what was read.
func (e encoded[T]) Scan(src any) error {
	switch s := src.(type) {
	case string:
		return json.Unmarshal([]byte(s), e.v)
	case []byte:
		return json.Unmarshal(s, e.v)
	case nil:
		return nil
	}
	return fmt.Errorf("a JSON column holds %T", src)
}

// A stamped time is kept as fixed-width UTC text, so that it sorts; a zero one
// as nothing.
type stamped struct{ t *time.Time }

func asTime(t *time.Time) stamped { return stamped{t} }

// Value formats for writing.
func (s stamped) Value() (driver.Value, error) { return stamp(*s.t), nil }

// Scan parses what was read.
func (s stamped) Scan(src any) error {
	text, ok := src.(string)
	if !ok && src != nil {
		return fmt.Errorf("a time column holds %T", src)
	}
	*s.t = unstamp(text)
	return nil
}

// optional is a reference that may be absent: null in the table, "" here.
type optional struct{ s *string }

func orNull(s *string) optional { return optional{s} }

// Value writes null for none.
func (o optional) Value() (driver.Value, error) {
	if *o.s == "" {
		return nil, nil
	}
	return *o.s, nil
}

// Scan reads null as none.
func (o optional) Scan(src any) error {
	text, ok := src.(string)
	if !ok && src != nil {
		return fmt.Errorf("a reference column holds %T", src)
	}
	*o.s = text
	return nil
}
