// Package harvesters brings records and files from other catalogues into this
// one. A source yields records; Run compares them with what is known and takes
// in what is new; Follow fetches the files that the records name.
//
// What a source must do. It yields each record once, in the order of the
// source, mapped to the terms of the catalogue, with the bytes it came from.
// What it cannot use it yields as a *SkipError, which costs that one record. A
// field that it drops or mends it lists in the record's faults. Any other error
// is a sentence for the person who owns the source and ends the run; a source
// never ends quietly before it has seen everything, because a run that ends
// without an error is proof that what did not come is gone. It reads through
// its Visit only: no other client, no clock of its own, no environment.
// Memory holds one record or one page, never the whole source.
//
// To add a kind: write one file beside this one, add its line to kinds and its
// sentences to sayings (and to the texts of the pages in each language), and
// put a fixture of your own writing with want.jsonl in testdata/<kind>.
package harvesters

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// A Source yields every record that it holds, see the package comment.
type Source interface {
	Records(ctx context.Context) iter.Seq2[catalog.Record, error]
}

// kinds is all that can be harvested.
var kinds = map[string]func(*Visit) (Source, error){
	"akn":             walks(walkAKN),
	"ckan":            walks(walkCKAN),
	"datajson":        walks(walkDataJSON),
	"federalregister": walks(walkFederalRegister),
	"feed":            walks(walkFeed),
	"fiscal":          newFiscal,
	"folder":          newFolder,
	"lawtext":         walks(walkLawFiles),
	"ocds":            walks(walkOpenContracting),
	"regulationsgov":  walks(walkRegulations),
}

// kindFolder is the kind whose files are read from disk.
const kindFolder = "folder"

// Kinds returns the names of the kinds, sorted.
func Kinds() []string { return slices.Sorted(maps.Keys(kinds)) }

// A Visit is what a source is opened with, and what it tells beside its
// records.
type Visit struct {
	Source catalog.Source
	Client *Client // for an http or https address
	// Declare is called when the source says how many records it has.
	Declare func(n int64)
	// Note is called with a fault of the source as a whole.
	Note func(catalog.RunFault)
	// Known returns the key of a record that was mapped from the same bytes
	// before, without a fault. Such a record is yielded by its key and position
	// alone; mapping it would tell nothing new.
	Known func(raw []byte) (key catalog.Key, ok bool)

	// Window is called by a source that shows but the newest of what it has:
	// that something did not come proves nothing then.
	Window func()
	// Keep keeps a file that a record comes with.
	Keep func(ctx context.Context, name string, r io.Reader) (catalog.File, error)
	// Now is the moment of the run.
	Now func() time.Time

	pages *pages // what the source sent before and sends now
	keys  string // the folder with keys for the interfaces of others, empty for none
}

// Open returns the source of a visit. An *InvalidError says what is wrong with
// its kind or address.
func Open(v *Visit) (Source, error) {
	if v.Declare == nil {
		v.Declare = func(int64) {}
	}
	if v.Note == nil {
		v.Note = func(catalog.RunFault) {}
	}
	if v.Known == nil {
		v.Known = func([]byte) (catalog.Key, bool) { return catalog.Key{}, false }
	}
	if v.Window == nil {
		v.Window = func() {}
	}
	if v.Keep == nil {
		v.Keep = named
	}
	if v.Now == nil {
		v.Now = func() time.Time { return time.Time{} }
	}
	open, ok := kinds[v.Source.Kind]
	if !ok {
		return nil, &catalog.InvalidError{Field: "kind", Reason: fmt.Sprintf(
			"there is no kind %q of sources; it is one of %s", v.Source.Kind, strings.Join(Kinds(), ", "))}
	}
	return open(v)
}

// named keeps no file, but tells what it is: that is enough for a trial.
func named(_ context.Context, name string, r io.Reader) (catalog.File, error) {
	sum := sha256.New()
	n, err := io.Copy(sum, r)
	return catalog.File{Digest: hex.EncodeToString(sum.Sum(nil)), Name: name, Size: n}, err
}

// Check returns an *InvalidError when the kind or the address of a source
// cannot be right. It reads nothing from the source.
func Check(src catalog.Source) error {
	_, err := Open(&Visit{Source: src})
	return err
}

// A SkipError is the error for one record that cannot be used.
type SkipError struct {
	Noun       string // of the record; that of datasets when empty
	Identifier string // of the record, where it has one
	Position   string // where it stands in the source: "dataset 12"
	Field      string // what is wrong, where it is one field
	Err        error  // a sentence that says what is wrong and what to do
}

func (e *SkipError) Error() string {
	var b strings.Builder
	b.WriteString(e.Position)
	if e.Identifier != "" {
		fmt.Fprintf(&b, " (%s)", e.Identifier)
	}
	if e.Field != "" {
		fmt.Fprintf(&b, ", %s", e.Field)
	}
	return strings.TrimPrefix(b.String()+": ", ": ") + e.Err.Error()
}

func (e *SkipError) Unwrap() error { return e.Err }

// fault is how the error is listed with the run.
func (e *SkipError) fault() catalog.RunFault {
	f := sentenceOf(e.Err).fault(catalog.SeverityRecord)
	f.Identifier, f.Position, f.Field = e.Identifier, e.Position, e.Field
	return f
}
