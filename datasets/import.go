package datasets

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// ImportOptions say how a file is imported. The zero value sets no limit but
// those of the readers.
type ImportOptions struct {
	Options // what a person says of the file

	Progress func(rows int64) // unless nil, told how many rows were loaded so far
	MaxBytes int64            // of the file; a larger one is kept as a file only
	MaxRows  int64            // of all tables together
	MaxTime  time.Duration    // for the whole file
}

// Import reads the stored file with the given digest, which its giver calls
// name, and loads each of its tables into a row file.
//
// Any file may be published. So one that is no table, is broken, is larger than
// the options allow, or makes a reader panic is no error: Imported.Fault says
// in a sentence why there is no table. When only some sheets of a workbook
// cannot be read, the others are tables and the first of them names those in
// its faults. An error means that the disk, the stored file or ctx failed, and
// wraps fs.ErrNotExist when there is no such file.
func Import(ctx context.Context, files *Files, digest, name string, opt ImportOptions) (*Imported, error) {
	f, size, err := files.Open(digest)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	im := &importing{files: files, name: name, opt: opt}
	if im.out.Format, err = formatOf(f, size); err != nil {
		return nil, fmt.Errorf("datasets: import %s: %w", name, err)
	}
	if opt.MaxBytes > 0 && size > opt.MaxBytes {
		im.fail(faultAt(0, "", "large.table", Bytes(size), Bytes(opt.MaxBytes)))
		return &im.out, nil
	}
	limited, cancel := ctx, context.CancelFunc(func() {})
	if opt.MaxTime > 0 {
		limited, cancel = context.WithTimeout(ctx, opt.MaxTime)
	}
	defer cancel()
	if files.Apart != nil && apart(im.out.Format) {
		err = im.importApart(limited, digest)
	} else {
		err = im.load(limited, f, size)
	}
	if ctx.Err() == nil && limited.Err() != nil && err != nil {
		err = NewFileError("time", Seconds(opt.MaxTime.Seconds()))
	}
	if err := im.note(err); err != nil {
		return nil, fmt.Errorf("datasets: import %s: %w", name, err)
	}
	im.out.Container = slices.ContainsFunc(im.out.Tables, func(t ImportedTable) bool { return t.Name != "" })
	return &im.out, nil
}

// importing is an import under way.
type importing struct {
	files *Files
	name  string
	opt   ImportOptions
	rows  int64 // loaded so far
	left  []Fault
	names map[string]bool // of the tables so far
	out   Imported
}

// note turns a fault of the file into the result's sentence; other errors are
// returned.
func (im *importing) note(err error) error {
	var fault *FileError
	switch {
	case errors.As(err, &fault):
		im.out.Tables = nil // what was loaded before is not the whole file
		im.fail(fault.Fault)
		return nil
	case err != nil:
		return err
	case im.out.Fault != "": // of the other process
	case len(im.out.Tables) == 0 && len(im.left) > 0:
		im.fail(im.left[0])
	case len(im.out.Tables) == 0:
		im.fail(faultAt(0, "", "rows.none"))
	default:
		first := &im.out.Tables[0]
		first.Faults = append(im.left, first.Faults...)
		first.Faults = first.Faults[:min(len(first.Faults), MaxFaults)]
		first.FaultsN += int64(len(im.left))
	}
	return nil
}

// fail notes why there is no table.
func (im *importing) fail(f Fault) {
	im.out.Fault, im.out.Said = sentence(&FileError{Fault: f}), f.Placed()
}

// sentence is a fault without the file's name, which stands beside it.
func sentence(e *FileError) string { return (&FileError{Fault: e.Fault}).Error() }

// load loads all tables of the file.
func (im *importing) load(ctx context.Context, f *os.File, size int64) error {
	switch im.out.Format {
	case "zip":
		return parse(im.name, func() error { return im.loadArchive(ctx, f, size) })
	case "gzip":
		return parse(im.name, func() error { return im.loadGzip(ctx, f, size) })
	}
	return im.loadTables(ctx, f, size, im.name, "")
}

// loadTables loads the tables of a file that is called name, and is a member
// of an archive unless member is empty. A fault of one of several sheets only
// leaves it out.
func (im *importing) loadTables(ctx context.Context, f io.ReaderAt, size int64, name, member string) error {
	var sheets []*Sheet
	err := parse(name, func() (err error) {
		sheets, err = Open(ctx, f, size, name, im.opt.Options)
		return err
	})
	if err != nil {
		return err
	}
	for _, sheet := range sheets {
		full := sheet.Name
		if member != "" {
			full = strings.TrimSuffix(member+" / "+sheet.Name, " / ")
		}
		err := parse(name, func() error { return im.loadSheet(ctx, sheet, full) })
		var fault *FileError
		if len(sheets) > 1 && errors.As(err, &fault) && ctx.Err() == nil {
			im.left = append(im.left, leftOut("left.sheet", full, fault))
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (im *importing) loadSheet(ctx context.Context, sheet *Sheet, name string) error {
	loaded, err := im.loadOnce(ctx, sheet)
	if err != nil {
		return err
	}
	if loaded != nil {
		name = im.unique(name)
	} else {
		schema, err := sheet.Infer(ctx)
		if err != nil || len(schema) == 0 {
			return err
		}
		name = im.unique(name)
		if schema, err = sheet.choose(ctx, schema, name, im.opt.Columns); err != nil {
			return err
		}
		if loaded, err = im.put(ctx, sheet.Table(schema)); err != nil { //nolint:contextcheck // PutRows looks at ctx between batches
			return err
		}
	}
	if loaded.Rows == 0 {
		delete(im.names, name)
		return nil
	}
	im.keep(sheet, name, loaded)
	return nil
}

// keep enters a loaded table into the result.
func (im *importing) keep(sheet *Sheet, name string, loaded *Loaded) {
	sheet.tellReadings(loaded.Profile)
	faults, n := sheet.Faults()
	im.out.Tables = append(im.out.Tables, ImportedTable{
		Name: name, Digest: loaded.Digest, Schema: loaded.Schema, Rows: loaded.Rows, Profile: loaded.Profile,
		Notes: sheet.Notes, Faults: faults, FaultsN: n,
		Encoding: sheet.Encoding, Delimiter: sheet.Delimiter, HeaderRow: sheet.HeaderRow,
	})
}

// put loads the rows of a table, and tells of its progress.
func (im *importing) put(ctx context.Context, table *Table) (*Loaded, error) {
	before := im.rows
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	loaded, err := im.files.PutRows(ctx, table, func(rows int64) {
		im.rows = before + rows
		if im.opt.MaxRows > 0 && im.rows > im.opt.MaxRows {
			cancel(NewFileError("rows.limit", im.opt.MaxRows))
		} else if im.opt.Progress != nil {
			im.opt.Progress(im.rows)
		}
	})
	if err != nil {
		im.rows = before
		if cause := context.Cause(ctx); cause != nil && ctx.Err() != nil {
			return nil, cause
		}
		return nil, err
	}
	return loaded, nil
}

// formatOf names what the file is.
func formatOf(f io.ReaderAt, size int64) (string, error) {
	if size == 0 {
		return "", nil
	}
	return sniffFile(f, size)
}

// parse calls a parser. A panic in it is a fault of the file: no file may stop
// the program. So is a fault of memory, which a mapped file can cause.
func parse(name string, do func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = &FileError{File: name, Fault: faultAt(0, "", "panic", p)}
		}
	}()
	return do()
}
