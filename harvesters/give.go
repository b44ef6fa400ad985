package harvesters

import (
	"errors"

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

// end hands over what ended a walk early.
func (g giver) end(err error) {
	if err != nil && !errors.Is(err, errStop) {
		g(catalog.Record{}, err)
	}
}
