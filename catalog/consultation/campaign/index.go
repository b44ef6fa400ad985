package campaign

import "slices"

// Bounds of the work for one comment.
const (
	maxChain   = 256 // representatives that are looked at in a bucket
	maxChecked = 32  // of them all, how many are compared shingle by shingle
)

// An Index puts comments into clusters as they come. The same comments in the
// same order give the same clusters. It holds the shingles of the
// representatives only. It is for one goroutine at a time.
type Index struct {
	texts    map[digest]int32 // cluster of each text that was seen
	clusters []cluster
	number   map[int64]int32 // of a cluster, by its representative
	buckets  [bands]map[uint32]bucket
	next     [bands][]int32 // by cluster: the one before it in its bucket, -1 without
	seen     []int32        // by cluster: by which comment it was looked at last
	turn     int32
}

// A bucket holds the representatives that have the rows of a band in common.
type bucket struct{ last, length int32 }

// A cluster is what is known of a representative.
type cluster struct {
	id       int64
	sig      Signature
	shingles []uint32
	size     int32
	variants int32
}

// NewIndex returns an empty index.
func NewIndex() *Index {
	x := &Index{texts: map[digest]int32{}, number: map[int64]int32{}}
	for band := range bands {
		x.buckets[band] = map[uint32]bucket{}
	}
	return x
}

// Add puts a comment into the cluster of the representative that it is most
// like, the earlier one of two, and returns the id of that; its own when it is
// like none, and so represents a cluster of its own. sig is what Sign said of
// the text; one that is not, or was made by an older version, is made anew.
func (x *Index) Add(id int64, text string, sig Signature) (representative int64) {
	if !sig.current() {
		sig = Sign(text)
	}
	return x.clusters[x.add(id, text, &sig, nil)].id
}

// Size returns how many comments are in the cluster of a representative, and
// how many different texts they are after folding.
func (x *Index) Size(representative int64) (comments, variants int) {
	n, ok := x.number[representative]
	if !ok {
		return 0, 0
	}
	return int(x.clusters[n].size), int(x.clusters[n].variants)
}

// add returns the number of the cluster of a comment. Its shingles are made of
// the text when they are not given.
func (x *Index) add(id int64, text string, sig *Signature, list []uint32) int32 {
	d := sig.digest()
	if n, ok := x.texts[d]; ok {
		x.clusters[n].size++
		return n
	}
	n := int32(-1)
	if sig.long() {
		if list == nil {
			list = list32(shingles(fold(text)))
		}
		n = x.nearest(sig, list)
	}
	if n < 0 {
		n = x.found(id, sig, list)
	}
	x.clusters[n].size++
	x.clusters[n].variants++
	x.texts[d] = n
	return n
}

// found makes a cluster with a representative.
func (x *Index) found(id int64, sig *Signature, list []uint32) int32 {
	n := int32(len(x.clusters))
	x.clusters = append(x.clusters, cluster{id: id, sig: *sig, shingles: list})
	x.number[id] = n
	x.seen = append(x.seen, 0)
	for band := range bands {
		before := int32(-1)
		if sig.long() {
			key := sig.key(band)
			b, ok := x.buckets[band][key]
			if ok {
				before = b.last
			}
			if b.length < maxChain {
				x.buckets[band][key] = bucket{n, b.length + 1}
			}
		}
		x.next[band] = append(x.next[band], before)
	}
	return n
}

// nearest returns the cluster whose representative is most like a text, -1 when
// none is alike.
func (x *Index) nearest(sig *Signature, list []uint32) int32 {
	type candidate struct {
		n     int32
		agree int
	}
	var found []candidate
	x.turn++
	for band := range bands {
		b, ok := x.buckets[band][sig.key(band)]
		for n := b.last; ok && n >= 0; n = x.next[band][n] {
			if x.seen[n] != x.turn {
				x.seen[n] = x.turn
				found = append(found, candidate{n, x.clusters[n].sig.agree(sig)})
			}
		}
	}
	slices.SortFunc(found, func(a, b candidate) int {
		if a.agree != b.agree {
			return b.agree - a.agree
		}
		return int(a.n - b.n)
	})
	best, most := int32(-1), 0.0
	for _, c := range found[:min(len(found), maxChecked)] {
		other := x.clusters[c.n].shingles
		share := jaccard(list, other)
		if share >= like(min(len(list), len(other))) && (share > most || share == most && c.n < best) {
			best, most = c.n, share
		}
	}
	return best
}

// jaccard returns the share of what two sorted lists have in common.
func jaccard(a, b []uint32) float64 {
	both := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			both++
			i++
			j++
		}
	}
	return float64(both) / float64(max(1, len(a)+len(b)-both))
}
