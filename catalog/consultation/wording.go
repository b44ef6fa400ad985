package consultation

import (
	"context"
	"io"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
	"github.com/openshafaf/shafaf/datasets"
)

// A Wording is a text of a draft as it comes to the desk.
type Wording struct {
	Law  lawtext.Law
	Kind string       // Initial, Revised or Final; empty: the first one is Initial, a later one Revised
	File catalog.File // the document that it was read from, where there is one
	Note catalog.Text // what is new in it
}

// ReadWording keeps a document, of at most lawtext.MaxSize bytes, and reads it
// as a law. What cannot be read so is a *lawtext.Error.
func ReadWording(ctx context.Context, files *datasets.Files, name string, from io.Reader) (*Wording, error) {
	digest, size, err := files.Put(ctx, from, lawtext.MaxSize)
	if err != nil {
		return nil, err
	}
	text := &Wording{File: catalog.File{Digest: digest, Name: name, Size: size}}
	text.Law, err = ReadLaw(ctx, files, digest, name)
	return text, err
}

// ReadLaw reads a document that is kept as a law.
func ReadLaw(ctx context.Context, files *datasets.Files, digest, name string) (lawtext.Law, error) {
	file, size, err := files.Open(digest)
	if err != nil {
		return lawtext.Law{}, err
	}
	defer file.Close()
	return lawtext.Read(ctx, name, file, size)
}
