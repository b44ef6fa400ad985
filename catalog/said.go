package catalog

import (
	"database/sql/driver"
	"fmt"
	"strconv"

	"github.com/goccy/go-json"
)

// A Said is one part of a sentence that the program says of a source, a record
// or a file: its kind, by which it is told in any language, and what stands in
// it, in the order of the English text. Parts of a sentence follow each other.
type Said struct {
	Kind string `json:"kind"`
	Args []any  `json:"args,omitempty"` // each an int64, a string, Bytes, Seconds or a Day
}

// Bytes is a size in a sentence. Each language writes it in its own way, as it
// does Seconds and a Day; in JSON each is an object of one member.
type Bytes int64

// Seconds is how long something in a sentence takes.
type Seconds float64

// A Day is a date or an instant of ISO 8601 in a sentence.
type Day string

// MarshalJSON writes {"bytes": 1048576}.
func (b Bytes) MarshalJSON() ([]byte, error) { return encode(saidArg{Bytes: (*int64)(&b)}) }

// MarshalJSON writes {"seconds": 30}.
func (s Seconds) MarshalJSON() ([]byte, error) { return encode(saidArg{Seconds: (*float64)(&s)}) }

// MarshalJSON writes {"date": "2026-11-22"}.
func (d Day) MarshalJSON() ([]byte, error) { return encode(saidArg{Day: (*string)(&d)}) }

type saidArg struct {
	Bytes   *int64   `json:"bytes,omitempty"`
	Seconds *float64 `json:"seconds,omitempty"`
	Day     *string  `json:"date,omitempty"`
}

// UnmarshalJSON reads what MarshalJSON wrote, each argument as what it was. One
// that a later version wrote is read as its text.
func (s *Said) UnmarshalJSON(b []byte) error {
	var raw struct {
		Kind string            `json:"kind"`
		Args []json.RawMessage `json:"args"`
	}
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	s.Kind, s.Args = raw.Kind, nil
	for _, a := range raw.Args {
		s.Args = append(s.Args, saidArgOf(a))
	}
	return nil
}

func saidArgOf(raw []byte) any {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	if n, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
		return n
	}
	var a saidArg
	if err := json.Unmarshal(raw, &a); err == nil {
		switch {
		case a.Bytes != nil:
			return Bytes(*a.Bytes)
		case a.Seconds != nil:
			return Seconds(*a.Seconds)
		case a.Day != nil:
			return Day(*a.Day)
		}
	}
	return string(raw)
}

// String writes a size in English.
func (b Bytes) String() string {
	switch {
	case b >= 1<<30:
		return strconv.FormatFloat(float64(b)/(1<<30), 'f', 1, 64) + " GiB"
	case b >= 1<<20:
		return strconv.FormatInt(int64(b)>>20, 10) + " MiB"
	}
	return strconv.FormatInt(int64(b), 10) + " bytes"
}

// String writes a time in English: "30 seconds".
func (s Seconds) String() string {
	n, unit := s.In()
	if n == 1 {
		return fmt.Sprintf("1 %s", unit)
	}
	return strconv.FormatFloat(n, 'f', -1, 64) + " " + unit + "s"
}

// In returns the time in the largest of hour, minute and second of which it is
// whole.
func (s Seconds) In() (n float64, unit string) {
	const minute, hour = 60, 3600
	switch n := int64(s); {
	case float64(n) == float64(s) && n >= hour && n%hour == 0:
		return float64(n / hour), "hour"
	case float64(n) == float64(s) && n >= minute && n%minute == 0:
		return float64(n / minute), "minute"
	}
	return float64(s), "second"
}

// A saidColumn keeps the parts of a sentence as JSON, none as nothing.
type saidColumn struct{ list *[]Said }

func asSaid(list *[]Said) saidColumn { return saidColumn{list} }

// Value encodes for writing.
func (c saidColumn) Value() (driver.Value, error) {
	if len(*c.list) == 0 {
		return "", nil
	}
	return asJSON(c.list).Value()
}

// Scan decodes what was read.
func (c saidColumn) Scan(src any) error {
	*c.list = nil
	if src == "" {
		return nil
	}
	return asJSON(c.list).Scan(src)
}
