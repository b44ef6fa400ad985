package catalog

import (
	"fmt"
	"maps"
	"strings"
)

// sayings is what the catalogue itself says of a run: the English text by kind.
// What harvests say is with the harvesters.
var sayings = map[string]string{
	saysInterrupted: "the run was interrupted: its process ended without ending it; what came until then is kept, and the next harvest goes on",
	saysWaits:       "nothing is removed before somebody who answers for the source has looked at it",
	saysRefused:     "it was looked at and refused, so nothing was removed",
}

const (
	saysInterrupted = "run.interrupted"
	saysWaits       = "run.waits"
	saysRefused     = "run.refused"
)

// Sayings returns the English texts of what the catalogue says of runs, by
// kind, as formats of package fmt.
func Sayings() map[string]string { return maps.Clone(sayings) }

// maxSaid is how much of a name is kept in a sentence, in bytes.
const maxSaid = 500

// NewSaid returns a part of a sentence, and its English text by format. Whole
// numbers of any type, texts, Bytes, Seconds and Days may stand in it.
func NewSaid(kind, format string, args ...any) (string, Said) {
	s := Said{Kind: kind}
	shown := make([]any, len(args))
	for i, a := range args {
		switch v := a.(type) {
		case int:
			a = int64(v)
		case int64, Bytes, Seconds, Day:
		default:
			a = strings.ToValidUTF8(cutText(fmt.Sprint(v), maxSaid), "")
		}
		s.Args, shown[i] = append(s.Args, a), a
	}
	return fmt.Sprintf(format, shown...), s
}

func cutText(s string, n int) string { return s[:min(n, len(s))] }

// SentenceEnd stands between the parts of a sentence in English.
const SentenceEnd = "; "

// say adds a part to the reason of a run. One whose parts are not known stays
// so.
func (r *Run) say(kind string) {
	text, s := NewSaid(kind, sayings[kind])
	if r.Reason == "" || len(r.Said) > 0 {
		r.Said = append(r.Said, s)
	}
	r.Reason = strings.TrimPrefix(r.Reason+SentenceEnd+text, SentenceEnd)
}

// Wait ends the reason of a held run with what becomes of it.
func (r *Run) Wait() { r.say(saysWaits) }

// waited takes away what Wait added.
func (r *Run) waited() {
	if n := len(r.Said) - 1; n >= 0 && r.Said[n].Kind == saysWaits {
		r.Said = r.Said[:n:n]
	}
	r.Reason = strings.TrimSuffix(r.Reason, SentenceEnd+sayings[saysWaits])
}
