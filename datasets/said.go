package datasets

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/datasets/persian"

	"github.com/goccy/go-json"
)

// A Said is one part of a sentence that the program says of a source, a record
// or a file: its kind, by which it is told in any language, and what stands in
// it, in the order of the English text. Parts of a sentence follow each other.
type Said struct {
	Kind string `json:"kind"`
	Args []any  `json:"args,omitempty"` // each an int64, a string, Bytes, Seconds, a Moment or a FileKind
}

// Bytes is a size in a sentence. Each language writes it in its own way, as it
// does Seconds, a Moment and a FileKind; in JSON each is an object of one member.
type Bytes int64

// Seconds is how long something in a sentence takes.
type Seconds float64

// A Moment is a date or an instant of ISO 8601 in a sentence.
type Moment string

// A FileKind is what a file is, as Sniff names it, in a sentence.
type FileKind string

// MarshalJSON writes {"bytes": 1048576}.
func (b Bytes) MarshalJSON() ([]byte, error) { return json.Marshal(saidArg{Bytes: (*int64)(&b)}) }

// MarshalJSON writes {"seconds": 30}.
func (s Seconds) MarshalJSON() ([]byte, error) { return json.Marshal(saidArg{Seconds: (*float64)(&s)}) }

// MarshalJSON writes {"date": "2026-11-22"}.
func (d Moment) MarshalJSON() ([]byte, error) { return json.Marshal(saidArg{Day: (*string)(&d)}) }

// MarshalJSON writes {"file": "pdf"}.
func (k FileKind) MarshalJSON() ([]byte, error) { return json.Marshal(saidArg{File: (*string)(&k)}) }

type saidArg struct {
	Bytes   *int64   `json:"bytes,omitempty"`
	Seconds *float64 `json:"seconds,omitempty"`
	Day     *string  `json:"date,omitempty"`
	File    *string  `json:"file,omitempty"`
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
			return Moment(*a.Day)
		case a.File != nil:
			return FileKind(*a.File)
		}
	}
	return string(raw)
}

// String writes a size in English.
func (b Bytes) String() string { return byteSize(int64(b)) }

// String says what a file is in English: "a PDF document".
func (k FileKind) String() string {
	if name := kindNames[string(k)]; name != "" {
		return name
	}
	return "a file of kind " + string(k)
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

// maxSaid is how much of a name is kept in a sentence, in bytes.
const maxSaid = 500

// NewSaid returns a part of a sentence, and its English text by format. Whole
// numbers of any type, texts, Bytes, Seconds, Moments and FileKinds may stand in it.
func NewSaid(kind, format string, args ...any) (string, Said) {
	s := Said{Kind: kind}
	shown := make([]any, len(args))
	for i, a := range args {
		switch v := a.(type) {
		case int:
			a = int64(v)
		case int64, Bytes, Seconds, Moment, FileKind:
		default:
			a = persian.Shorten(strings.ToValidUTF8(fmt.Sprint(v), ""), maxSaid)
		}
		s.Args, shown[i] = append(s.Args, a), a
	}
	return fmt.Sprintf(format, shown...), s
}
