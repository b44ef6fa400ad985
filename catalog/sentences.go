package catalog

import (
	"maps"
	"strings"

	"github.com/openshafaf/shafaf/datasets"
)

// sayings is what the catalogue itself says of a run, and of a dataset that was
// not published at its time: the English text by kind. What harvests say is with
// the harvesters.
var sayings = map[string]string{
	saysInterrupted:   "the run was interrupted: its process ended without ending it; what came until then is kept, and the next harvest goes on",
	saysWaits:         "nothing is removed before somebody who answers for the source has looked at it",
	saysRefused:       "it was looked at and refused, so nothing was removed",
	saysFault:         "a fault of this portal kept it from being published; the operator finds the cause in the log",
	"undue.published": "nothing of it waited to be published",
	"undue.resources": "it has no file; add one first",
}

const (
	saysInterrupted = "run.interrupted"
	saysWaits       = "run.waits"
	saysRefused     = "run.refused"
	saysFault       = "undue.fault"
)

// Sayings returns the English texts of what the catalogue says, by
// kind, as formats of package fmt.
func Sayings() map[string]string { return maps.Clone(sayings) }

// SentenceEnd stands between the parts of a sentence in English.
const SentenceEnd = "; "

// say adds a part to the reason of a run. One whose parts are not known stays
// so.
func (r *Run) say(kind string) {
	text, s := datasets.NewSaid(kind, sayings[kind])
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
