package campaign

// Restore puts a comment back where Add had put it in an index that is gone:
// into the cluster of a representative that was restored before, or, when it
// represents itself, with its text. Another text may stand for a representative
// whose own is gone.
func (x *Index) Restore(id int64, text string, sig Signature, representative int64) {
	if !sig.current() {
		sig = Sign(text)
	}
	n, known := x.number[representative]
	if !known {
		var list []uint32
		if sig.long() {
			list = list32(shingles(fold(text)))
		}
		n = x.found(representative, &sig, list)
	}
	x.clusters[n].size++
	d := sig.digest()
	if _, had := x.texts[d]; !had {
		x.clusters[n].variants++
		x.texts[d] = n
	}
}
