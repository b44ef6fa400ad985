package datasets

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// maxMembers is how many files an archive may hold that are looked at.
const maxMembers = 1000

// loadArchive loads the tables of all members of a ZIP archive. Their names
// are only names: a member is unpacked to a temporary file, one at a time. A
// member that is no table is told of and left out.
func (im *importing) loadArchive(ctx context.Context, f io.ReaderAt, size int64) error {
	members, err := openArchive(f, size)
	if err != nil {
		return err
	}
	for _, m := range members {
		name := tableName(memberName(m))
		err := im.loadMember(ctx, m, name)
		var fault *FileError
		if errors.As(err, &fault) && ctx.Err() == nil {
			im.left = append(im.left, Fault{Text: fmt.Sprintf("%q was left out: %s", name, sentence(fault))})
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// openArchive returns the members that may be tables, after it has looked
// whether the archive is a bomb.
func openArchive(f io.ReaderAt, size int64) ([]*zip.File, error) {
	if checkDirectory(f, size, "") != nil {
		return nil, fileError("", 0, "the ZIP archive is cut off, or has over %d members; pack or upload it again", maxEntries)
	}
	archive, err := zip.NewReader(f, size)
	if err != nil {
		return nil, fileError("", 0, "the %s archive is cut off or broken (%v); pack it again", "ZIP", err)
	}
	members := slices.DeleteFunc(archive.File, func(e *zip.File) bool { return leftover(e.Name) })
	var packed, unpacked uint64
	for _, e := range members {
		if packed += e.CompressedSize64; packed > uint64(size) {
			return nil, fileError("", 0, "members of the archive overlap, as only in a file made to do harm; pack it again")
		}
		if unpacked += e.UncompressedSize64; unpacked > maxUnpacked {
			return nil, fileError("", 0, "the archive unpacks to more than 2 GiB; divide it")
		}
	}
	switch {
	case len(members) == 0:
		return nil, fileError("", 0, "the archive is empty; pack the tables again")
	case len(members) > maxMembers:
		return nil, fileError("", 0, "the archive has %d members and at most %d are read; divide it", len(members), maxMembers)
	}
	return members, nil
}

// openDocument names the document whose type stands in the given entry.
func openDocument(e *zip.File) string {
	r, err := e.Open()
	if err != nil {
		return "zip"
	}
	defer func() { _ = r.Close() }() // only read
	text, err := io.ReadAll(io.LimitReader(r, 100))
	if err != nil || !bytes.HasPrefix(text, []byte("application/vnd.oasis.opendocument.spreadsheet")) {
		return "zip"
	}
	return "ods"
}

// leftover reports whether a member is a folder, or one of the files that
// desktops put everywhere.
func leftover(name string) bool {
	name = strings.ReplaceAll(name, "\\", "/")
	base := strings.ToLower(path.Base(name))
	return strings.HasSuffix(name, "/") || strings.HasPrefix(name, "__MACOSX/") || strings.HasPrefix(base, "._") ||
		base == ".ds_store" || base == "thumbs.db" || base == "desktop.ini"
}

// abouts are how the names of texts begin that tell about data and are none.
var abouts = []string{"readme", "license", "licence", "copying", "changelog", "notice", "راهنما"}

// about reports whether a member is a text about the data, by its name.
func about(name string) bool {
	base := strings.ToLower(path.Base(name))
	switch path.Ext(base) {
	case ".md", ".markdown", ".rst":
		return true
	case ".txt", "":
		return slices.ContainsFunc(abouts, func(a string) bool { return strings.HasPrefix(base, a) })
	}
	return false
}

// loadMember loads the tables of one member.
func (im *importing) loadMember(ctx context.Context, m *zip.File, name string) error {
	switch {
	case m.Flags&1 != 0:
		return fileError("", 0, "it is locked with a password; pack it again without one")
	case m.Method != zip.Store && m.Method != zip.Deflate:
		return fileError("", 0, "it is packed by %s, which is not read here; pack it again as an ordinary ZIP", methodName(m.Method))
	case m.UncompressedSize64 > freeRatio && m.UncompressedSize64/maxRatio > m.CompressedSize64:
		return fileError("", 0, "it unpacks to over %d times its size, as only a file made to do harm does; publish it as it is", maxRatio)
	case about(name):
		return fileError("", 0, "it is a text about the data by its name, and no table")
	}
	r, err := m.Open()
	if err != nil {
		return fileError("", 0, "it is broken (%v); pack it again", err)
	}
	defer func() { _ = r.Close() }() // only read
	return im.unpacked(ctx, r, int64(m.UncompressedSize64), func(f *tempFile, size int64) error {
		if kind, err := formatOf(f, size); err != nil || slices.Contains(archives, kind) {
			return cmp.Or(err, error(fileError("", 0, "it is %s, and archives within archives are not unpacked; put its tables beside the others", kindNames[kind])))
		}
		return im.loadTables(ctx, f, size, path.Base(name), name)
	})
}

// archives are the kinds of files that hold other files.
var archives = []string{"zip", "gzip", "bzip2", "rar", "7z"}

// methods are names of methods of packing that are met and not read.
var methods = map[uint16]string{9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd", 99: "AES encryption"}

func methodName(n uint16) string { return cmp.Or(methods[n], fmt.Sprintf("method %d", n)) }

// loadGzip loads the tables of the one file in a gzip archive.
func (im *importing) loadGzip(ctx context.Context, f io.ReaderAt, size int64) error {
	r, err := gzip.NewReader(io.NewSectionReader(f, 0, size))
	if err != nil {
		return fileError("", 0, "the %s archive is cut off or broken (%v); pack it again", "gzip", err)
	}
	limit := min(max(size*maxRatio, freeRatio), maxUnpacked)
	return im.unpacked(ctx, r, limit, func(f *tempFile, size int64) error {
		return im.loadTables(ctx, f, size, strings.TrimSuffix(im.name, path.Ext(im.name)), "")
	})
}

// unpacked writes what r gives, at most limit bytes, to a temporary file and
// hands it to do.
func (im *importing) unpacked(ctx context.Context, r io.Reader, limit int64, do func(f *tempFile, size int64) error) error {
	temp, err := im.files.temp("member-*")
	if err != nil {
		return err
	}
	defer temp.discard()
	w := im.files.Room.Writer(temp.File)
	buf := make([]byte, 256<<10)
	for size := int64(0); ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, broken := r.Read(buf)
		if size += int64(n); size > limit {
			return fileError("", 0, "it unpacks to more than %s, which is more than it says or more than is read; pack it again", byteSize(limit))
		}
		if _, err := w.Write(buf[:n]); err != nil {
			return diskError(err)
		}
		if errors.Is(broken, io.EOF) {
			return do(temp, size)
		}
		if broken != nil {
			return fileError("", 0, "it is cut off or broken (%v); pack it again", broken)
		}
	}
}
