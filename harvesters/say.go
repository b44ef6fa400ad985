package harvesters

import (
	"errors"
	"slices"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/jsonstream"
)

// A sentence is an error for people outside: in English, and in parts by which
// the pages say it in their language.
type sentence struct {
	text string
	said []catalog.Said
	err  error // what is behind it, for the program alone
}

func (s *sentence) Error() string { return s.text }
func (s *sentence) Unwrap() error { return s.err }

// say makes a sentence of one part: of a kind of the table, with what stands in
// it.
func say(kind string, args ...any) *sentence {
	text, part := datasets.NewSaid(kind, sayings[kind], args...)
	return &sentence{text: text, said: []catalog.Said{part}}
}

// because gives a sentence the error that is behind it.
func (s *sentence) because(err error) *sentence {
	s.err = err
	return s
}

// then returns what err says and a part more; err is behind it.
func then(err error, kind string, args ...any) *sentence {
	return before(sentenceOf(err), say(kind, args...)).because(err)
}

// before returns two sentences as one.
func before(first, second *sentence) *sentence {
	return &sentence{text: first.text + catalog.SentenceEnd + second.text, said: slices.Concat(first.said, second.said)}
}

// afterRecords adds to a fault of a document how many records before it were read.
func afterRecords(err error, n int) *sentence {
	if n <= 0 {
		return then(err, "doc.mend")
	}
	return then(err, "doc.before", n)
}

// cause returns the error behind a sentence that is none for people outside,
// nil for none.
func (s *sentence) cause() error {
	for inner := s; errors.As(s.err, &inner); {
		s = inner
	}
	var broken *jsonstream.SyntaxError
	if errors.As(s.err, &broken) {
		return nil
	}
	return s.err
}

// parts returns the English text and the parts by kind.
func (s *sentence) parts() (string, []catalog.Said) { return s.text, s.said }

// notRead says why a value of a stream was passed over.
func notRead(s *jsonstream.Stream) *sentence {
	if s.TooDeep() {
		return say("record.deep", jsonstream.MaxDepth)
	}
	return say("record.large", catalog.Bytes(s.Max))
}

// sentenceOf returns what an error says to people outside. What is none of
// theirs is a fault of the portal.
func sentenceOf(err error) *sentence {
	var s *sentence
	var fetch *FetchError
	var broken *jsonstream.SyntaxError
	switch {
	case errors.As(err, &s):
		return s
	case errors.As(err, &fetch):
		return &sentence{text: fetch.Text, said: fetch.Said, err: fetch}
	case errors.As(err, &broken):
		return brokenJSON(broken)
	}
	return say("run.fault").because(err)
}

// brokenJSON says where a document is no JSON.
func brokenJSON(e *jsonstream.SyntaxError) *sentence {
	return say("json."+e.Kind, append([]any{e.Offset}, e.Args...)...)
}

// fault is how a sentence is listed with a run.
func (s *sentence) fault(severity string) catalog.RunFault {
	return catalog.RunFault{Severity: severity, Text: s.text, Said: s.said}
}

// fetchError is a sentence as the error of a request.
func (s *sentence) fetchError(url string) *FetchError {
	return &FetchError{URL: url, Text: s.text, Said: s.said, Err: s.err}
}
