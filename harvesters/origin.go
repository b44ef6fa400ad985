package harvesters

import (
	"crypto/sha256"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
)

// mapping is the version of how records are mapped. It moves whenever the same
// record would be mapped to something else, so that all are mapped again.
const mapping = "1"

// index makes known records found by what they were mapped from. That is not
// only their bytes: another version of the program, or another address of the
// source, may make something else of these.
func (h *harvest) index() {
	h.salt = []byte(strings.Join([]string{mapping, h.deps.Version, h.src.Kind, h.src.URL, h.src.Licence}, "\x00"))
	h.origin = make(map[catalog.Origin]catalog.Key, len(h.marks))
	for id, m := range h.marks {
		if m.Origin != (catalog.Origin{}) && !m.Missing {
			h.origin[m.Origin] = id
		}
	}
}

func (h *harvest) originOf(raw []byte) catalog.Origin {
	sum := sha256.New()
	_, _ = sum.Write(h.salt) // a hash never fails
	_, _ = sum.Write(raw)
	var o catalog.Origin
	sum.Sum(o[:0])
	return o
}

func (h *harvest) known(raw []byte) (catalog.Key, bool) {
	if len(h.origin) == 0 {
		return catalog.Key{}, false
	}
	id, ok := h.origin[h.originOf(raw)]
	return id, ok
}
