package catalog

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// A Likeness is what tells that two records of a source with different
// identifiers describe the same thing: hashes of some of its fields, 0 where
// there is nothing to compare.
type Likeness struct {
	Title uint64 // title and publisher
	Page  uint64 // landing page
	Files uint64 // addresses of all resources
}

const likenessSize = 3 * 8

// likenessOf computes the likeness of a dataset, of which its record names the
// agency or none.
func likenessOf(d *Dataset, agency *Agency) Likeness {
	publisher := d.Publisher
	if publisher == "" && agency != nil {
		publisher = foldTitles(agency.Title)
	}
	files := make([]string, 0, len(d.Resources))
	for i := range d.Resources {
		if address := NormalURL(firstOf(d.Resources[i].DownloadURL, d.Resources[i].AccessURL)); address != "" {
			files = append(files, address)
		}
	}
	slices.Sort(files)
	return Likeness{
		Title: fingerprint(foldTitles(d.Title) + "\x00" + strings.TrimSpace(publisher)),
		Page:  fingerprint(NormalURL(d.LandingPage)),
		Files: fingerprint(strings.Join(slices.Compact(files), "\n")),
	}
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func fingerprint(s string) uint64 {
	if s == "" {
		return 0
	}
	sum := sha256.Sum256(norm.NFC.Bytes([]byte(s)))
	return max(1, binary.BigEndian.Uint64(sum[:]))
}

// Same reports whether two records must be taken for the same thing: they have
// the same title, publisher and landing page, or the same files.
func (l Likeness) Same(other Likeness) bool {
	return l.Title == other.Title && l.Page == other.Page || l.Files != 0 && l.Files == other.Files
}

// Near reports whether two records may be the same thing: title and publisher,
// or the files, are the same.
func (l Likeness) Near(other Likeness) bool {
	return l.Title == other.Title || l.Files != 0 && l.Files == other.Files
}

func (l Likeness) bytes() []byte {
	b := make([]byte, 0, likenessSize)
	for _, n := range []uint64{l.Title, l.Page, l.Files} {
		b = binary.BigEndian.AppendUint64(b, n)
	}
	return b
}

func unpackLikeness(b []byte) Likeness {
	if len(b) != likenessSize {
		return Likeness{}
	}
	return Likeness{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:]), binary.BigEndian.Uint64(b[16:])}
}

// LikeFiles is the likeness of what is found under another identifier by its
// files alone: by anything that is said of them. Nothing is like nothing.
func LikeFiles(files string) Likeness { return Likeness{Files: fingerprint(files)} }
