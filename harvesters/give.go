package harvesters

import (
	"context"
	"errors"
	"iter"

	"github.com/openshafaf/shafaf/catalog"
)

// errStop says that whoever ranges over the records wants no more.
var errStop = errors.New("stop")

// A giver hands a record, or what is wrong with one, to whoever ranges over a
// source.
type giver func(catalog.Record, error) bool

// give hands over a record, or why it cannot be used. Its error is errStop.
func (g giver) give(r catalog.Record, skip *SkipError) error {
	var err error
	if skip != nil {
		err = skip
	}
	if !g(r, err) {
		return errStop
	}
	return nil
}

// A walk gives the records of a source; its error is what ended it early.
type walk func(ctx context.Context, v *Visit, give giver) error

// walks opens sources whose records one walk gives.
func walks(over walk) func(*Visit) (Source, error) {
	return func(v *Visit) (Source, error) {
		if err := checkAddress(v); err != nil {
			return nil, err
		}
		return &walked{v, over}, nil
	}
}

// A walked is a source that is read in one walk.
type walked struct {
	visit *Visit
	over  walk
}

// Records yields the records in the order of the walk.
func (s *walked) Records(ctx context.Context) iter.Seq2[catalog.Record, error] {
	return func(yield func(catalog.Record, error) bool) {
		giver(yield).end(s.over(ctx, s.visit, yield))
	}
}

// end hands over what ended a walk early.
func (g giver) end(err error) {
	if err != nil && !errors.Is(err, errStop) {
		g(catalog.Record{}, err)
	}
}
