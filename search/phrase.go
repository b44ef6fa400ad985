package search

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// phraseIn adds to found those of docs that hold the words one after another,
// each at its gap from the first, in one field.
func phraseIn(part int, wants []*want, gaps []int, docs, found *roaring.Bitmap) error {
	for f := range fields {
		lists := make([]segment.PostingsList, 0, len(wants))
		in := docs
		for _, w := range wants {
			for _, l := range w.lists[part] {
				if l.field == f {
					lists = append(lists, l.list)
					in = roaring.And(in, bitmapOf(l.list))
				}
			}
		}
		if len(lists) < len(wants) {
			continue
		}
		in = roaring.AndNot(in, found)
		if in.IsEmpty() {
			continue
		}
		if err := inOrder(lists, gaps, in, found); err != nil {
			return err
		}
	}
	return nil
}

// inOrder adds to found those of docs, which all lists hold, in which the
// words follow each other.
func inOrder(lists []segment.PostingsList, gaps []int, docs, found *roaring.Bitmap) error {
	its := make([]segment.PostingsIterator, len(lists))
	for i, l := range lists {
		its[i] = l.Iterator(true, true, true, nil)
		if o, ok := its[i].(segment.OptimizablePostingsIterator); ok && o.ActualBitmap() != nil {
			o.ReplaceActual(docs)
		}
	}
	places := make([][]uint64, len(its)) // of each word, moved to where the first should be
	for docs := docs.Iterator(); docs.HasNext(); {
		doc := docs.Next()
		whole := true
		for i, it := range its {
			post, err := it.Next()
			if err != nil {
				return err
			}
			if post == nil || uint32(post.Number()) != doc {
				whole = false
				continue
			}
			places[i] = places[i][:0]
			for _, loc := range post.Locations() {
				if at := loc.Pos(); at >= uint64(gaps[i]) {
					places[i] = append(places[i], at-uint64(gaps[i]))
				}
			}
			slices.Sort(places[i])
		}
		if whole && meet(places) {
			found.Add(doc)
		}
	}
	return nil
}

// meet reports whether one number is in all of the sorted lists.
func meet(lists [][]uint64) bool {
	for _, at := range lists[0] {
		all := true
		for _, l := range lists[1:] {
			if _, ok := slices.BinarySearch(l, at); !ok {
				all = false
				break
			}
		}
		if all {
			return true
		}
	}
	return false
}
