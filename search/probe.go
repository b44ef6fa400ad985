package search

import (
	"fmt"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// Probe checks the index in the folder of a generation, opens it for reading
// and reads all of it: every document's facts and every posting of every word,
// of which it returns the number. It is for a process of its own, since damage
// that no check finds may end it.
func Probe(path string) (postings int64, err error) {
	if err := check(path, time.Second); err != nil {
		return 0, fmt.Errorf("search: probe %s: %w", path, err)
	}
	err = guarded(func() error {
		postings, err = readAll(path)
		return err
	})
	if err != nil {
		return postings, fmt.Errorf("search: probe %s: %w", path, err)
	}
	return postings, nil
}

func readAll(path string) (postings int64, err error) {
	ix, err := openWith(path, time.Second, map[string]any{"read_only": true})
	if err != nil {
		return 0, err
	}
	defer ix.Close()
	snap, _, err := snapshotOf(ix, nil, newDicts())
	if err != nil {
		return 0, err
	}
	defer snap.release()
	fields, err := snap.reader.Fields()
	if err != nil {
		return 0, err
	}
	state, ok := snap.reader.(*scorch.IndexSnapshot)
	if !ok {
		return 0, fmt.Errorf("the index gives a %T", snap.reader)
	}
	for _, s := range state.Segments() {
		for _, field := range fields {
			n, err := readField(s, field)
			postings += n
			if err != nil {
				return postings, err
			}
		}
	}
	return postings, nil
}

// readField reads all postings of a field in a segment.
func readField(s *scorch.SegmentSnapshot, field string) (n int64, err error) {
	dict, err := s.Segment().Dictionary(field)
	if err != nil {
		return 0, err
	}
	var list segment.PostingsList // one for all words, and likewise
	var it segment.PostingsIterator
	for words := dict.AutomatonIterator(nil, nil, nil); ; {
		word, err := words.Next()
		if err != nil || word == nil {
			return n, err
		}
		if list, err = dict.PostingsList([]byte(word.Term), nil, list); err != nil {
			return n, err
		}
		for it = list.Iterator(true, true, true, it); ; n++ {
			p, err := it.Next()
			if err != nil {
				return n, err
			}
			if p == nil {
				break
			}
		}
	}
}
