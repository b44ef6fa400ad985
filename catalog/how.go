package catalog

import (
	"context"
	"errors"

	"github.com/openshafaf/shafaf/datasets"

	"github.com/goccy/go-json"
)

// A How is how a file was read, and what was found in it that is not its
// tables. It is kept with the file, so that the next edition is read likewise.
type How struct {
	Options  datasets.Options `json:"options"`
	Personal []Personal       `json:"personal,omitempty"`
}

// A Personal is personal data in a table of a file.
type Personal struct {
	Table string `json:"table,omitempty"`
	datasets.Personal
}

// HowOf reads what Raw wrote; of nothing and of what cannot be read, nothing is
// known.
func HowOf(raw json.RawMessage) (h How) {
	if len(raw) > 0 && json.Unmarshal(raw, &h) != nil {
		return How{}
	}
	return h
}

// Raw is how as it is kept with a file.
func (h *How) Raw() json.RawMessage {
	b, err := json.Marshal(h)
	if err != nil { // it holds texts and numbers
		return nil
	}
	return b
}

// LastHow returns how the file of a resource of d was read last.
func (s *Store) LastHow(ctx context.Context, d *DeskDataset, resource string) (How, error) {
	if p := d.PendingOf(resource); p != nil {
		return HowOf(p.How), nil
	}
	u, err := s.LastUpload(ctx, resource)
	if errors.Is(err, ErrNotFound) {
		return How{}, nil
	}
	return HowOf(u.How), err
}

// GivenFile returns the file of a resource of d: the one that waits, else the
// public one.
func (d *DeskDataset) GivenFile(resource string) (File, bool) {
	if p := d.PendingOf(resource); p != nil {
		return p.File, true
	}
	if r := d.Resource(resource); r != nil && r.Edition != nil && r.Edition.File != "" {
		return File{Digest: r.Edition.File, Name: r.Edition.FileName, Size: r.Edition.Size}, true
	}
	return File{}, false
}
