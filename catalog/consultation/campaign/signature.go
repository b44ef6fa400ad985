package campaign

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// How texts are compared. Signatures that are kept say by which version of
// this they were made.
const (
	version = 1
	shingle = 2 // words
	few     = 5 // words: shorter texts are compared as a whole
	rows    = 64
	bands   = 16
	perBand = rows / bands
)

// A Signature is what is kept beside a comment so that it need not be read
// again to be compared: a digest of its folded words and 64 minimal hashes of
// its shingles (minhash, Broder 1997), of 16 bits each.
type Signature [16 + 2*rows]byte

// A digest stands for the folded words of a text.
type digest [14]byte

// Sign returns the signature of a text.
func Sign(text string) Signature {
	words := fold(text)
	return sign(digestOf(words), shingles(words))
}

func sign(d digest, list []uint64) Signature {
	var s Signature
	s[0] = version
	copy(s[2:16], d[:])
	if len(list) == 0 {
		return s
	}
	s[1] = 1
	var least [rows]uint64
	for i := range least {
		least[i] = math.MaxUint64
	}
	for _, h := range list {
		for i := range least {
			least[i] = min(least[i], h*(2*uint64(i)*0x9e3779b97f4a7c15+0xbf58476d1ce4e5b9)+uint64(i)*0x94d049bb133111eb)
		}
	}
	for i, h := range least {
		binary.LittleEndian.PutUint16(s[16+2*i:], uint16(mix(h)))
	}
	return s
}

// long reports whether the text has shingles to compare.
func (s *Signature) long() bool { return s[1] == 1 }

// current reports whether the signature was made as it would be now.
func (s *Signature) current() bool { return s[0] == version }

func (s *Signature) digest() digest { return digest(s[2:16]) }

// key returns a hash of the rows of a band.
func (s *Signature) key(band int) uint32 {
	at := 16 + 2*perBand*band
	return uint32(mix(binary.LittleEndian.Uint64(s[at:at+2*perBand])+uint64(band)) >> 32)
}

// agree counts the rows in which two signatures are equal.
func (s *Signature) agree(t *Signature) int {
	n := 0
	for i := 16; i < len(s); i += 2 {
		if s[i] == t[i] && s[i+1] == t[i+1] {
			n++
		}
	}
	return n
}

// fold returns the folded words of a text; of one without words, the folded
// text as its only word.
func fold(text string) []string {
	folded := persian.Fold(text)
	words := strings.FieldsFunc(folded, parts)
	if len(words) == 0 {
		return []string{folded}
	}
	return words
}

// parts reports whether r stands between words. Most are asked of what Persian
// is folded to.
func parts(r rune) bool {
	switch {
	case 'ا' <= r && r <= 'ی' && r != '٪' && r < '٠', 'a' <= r && r <= 'z', '0' <= r && r <= '9':
		return false
	case r == ' ':
		return true
	}
	return !unicode.IsLetter(r) && !unicode.IsNumber(r)
}

func digestOf(words []string) digest {
	sum := sha256.Sum256([]byte(strings.Join(words, " ")))
	return digest(sum[:14])
}

// shingles returns the hashes of all words in a row, each once, sorted; none of
// a text of few words.
func shingles(words []string) []uint64 {
	if len(words) < few {
		return nil
	}
	list := make([]uint64, 0, len(words))
	var row [shingle]uint64
	for i, w := range words {
		copy(row[:], row[1:])
		row[shingle-1] = hash(w)
		if i < shingle-1 {
			continue
		}
		sum := uint64(0)
		for _, h := range row {
			sum = mix(sum*0x9e3779b97f4a7c15 + h)
		}
		list = append(list, sum)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// list32 shortens sorted hashes to their upper halves, which are sorted as well.
func list32(list []uint64) []uint32 {
	short := make([]uint32, len(list))
	for i, h := range list {
		short[i] = uint32(h >> 32)
	}
	return slices.Compact(short)
}

// hash is FNV-1a.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// mix spreads the bits of a hash (the end of splitmix64).
func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
