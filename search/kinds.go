package search

import (
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"

	"github.com/RoaringBitmap/roaring/v2"
)

// KindArticle is the kind of the articles of drafts, which have no id of their
// own in the catalogue.
const KindArticle = "article"

// Kinds of documents as the index writes them: places in the table kinds.
const (
	kindDataset = iota
	kindAgency
	kindDraft
	kindArticle
	kindComment
	kindProcess
	kindCount
	anyKind = -1
)

// kinds are the kinds of documents, by their number in the index.
var kinds = [kindCount]string{
	kindDataset: catalog.NounDataset, kindAgency: catalog.NounAgency,
	kindDraft: consultation.NounDraft, kindArticle: KindArticle, kindComment: consultation.NounComment,
	kindProcess: contracts.NounProcess,
}

// worth is what the score of a document counts among those of other kinds: many
// comments say the same words, as many purchases do, and who looks for all kinds
// of things wants to see first what they speak of.
var worth = [kindCount]float32{kindDataset: 1, kindAgency: 1, kindDraft: 1, kindArticle: 0.7, kindComment: 0.35, kindProcess: 0.6}

// Kinds are the kinds of results.
func Kinds() []string { return kinds[:] }

// kindNamed returns the number of a kind, anyKind for the empty name.
func kindNamed(name string) (kind int, ok bool) {
	if name == "" {
		return anyKind, true
	}
	for i, k := range kinds {
		if k == name {
			return i, true
		}
	}
	return anyKind, false
}

// articleMark parts the id of a draft from the address of an article in the id
// of a result.
const articleMark = "#"

// Article returns the id of the draft and the address of the article that a hit
// of KindArticle is.
func (h *Hit) Article() (draft, address string) {
	draft, address, _ = strings.Cut(h.ID, articleMark)
	return draft, address
}

// of returns the living documents of a kind in a segment. It is not to be
// changed.
func (p *piece) of(kind int) *roaring.Bitmap {
	if kind == anyKind {
		return p.alive
	}
	return p.kinds[kind]
}
