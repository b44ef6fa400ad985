package catalog

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Errors that callers test for with errors.Is.
var (
	ErrNotFound = errors.New("not found")
	ErrConflict = errors.New("conflict")
	ErrDenied   = errors.New("not allowed")
	ErrFull     = errors.New("the disk is full: free some space and try again; nothing that was accepted is lost")
	ErrNewer    = errors.New("the catalogue was written by a newer version of shafaf")
)

// An InvalidError reports a value that its author can correct. Its text is for them.
type InvalidError struct{ Field, Reason string }

func (e *InvalidError) Error() string { return e.Field + ": " + e.Reason }

// A StaleError says that somebody else changed the thing since its author
// looked at it.
type StaleError struct{ Given, Current int64 } // revisions

func (e *StaleError) Error() string {
	return fmt.Sprintf("it was changed meanwhile: you worked on revision %d, and it has %d now", e.Given, e.Current)
}

// Is makes it a conflict.
func (e *StaleError) Is(target error) bool { return target == ErrConflict }

// A ConflictError says why something cannot be done to the thing as it is. Code
// names the reason for programs and texts.
type ConflictError struct{ Code, Reason string }

func (e *ConflictError) Error() string { return e.Reason }

// Is makes it a conflict.
func (e *ConflictError) Is(target error) bool { return target == ErrConflict }

// A RetiredError says that a thing was published once and no longer is.
type RetiredError struct {
	Noun, ID, Slug string
	Removal        *Removal // its line in the ledger, nil when there is none
}

func (e *RetiredError) Error() string {
	return fmt.Sprintf("%s %q is no longer published", e.Noun, e.Slug)
}

// Is makes a retired thing not found for callers that do not care which.
func (e *RetiredError) Is(target error) bool { return target == ErrNotFound }

func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	if noRoom(err) {
		return fmt.Errorf("catalog: %s: %w", op, ErrFull)
	}
	return fmt.Errorf("catalog: %s: %w", op, err)
}

// noRoom reports whether err is for want of space. The shared-memory file that
// readers need is made by growing it: on a full disk that is what fails.
func noRoom(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code()&0xff == sqlite3.SQLITE_FULL || e.Code() == sqlite3.SQLITE_IOERR_SHMSIZE)
}

// busy reports whether err says that another process was writing.
func busy(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_BUSY
}

// Lost reports whether err says that what was written may not be on disk:
// after such an error nothing in memory can be trusted any more.
func Lost(err error) bool {
	var e *sqlite.Error
	if noRoom(err) || !errors.As(err, &e) {
		return false
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return true
	}
	return false
}

func notFound(noun, key string) error { return fmt.Errorf("%s %q: %w", noun, key, ErrNotFound) }
