package revision

// A run is a stretch of atoms of both texts, equal or not.
type run struct {
	equal        bool
	startA, endA int
	startB, endB int
}

// runs returns equal and unequal runs in turn.
func runs(partner []int32, lenB int) []run {
	var out []run
	i, j := 0, 0
	change := func(toA, toB int) {
		if toA > i || toB > j {
			out = append(out, run{false, i, toA, j, toB})
		}
		i, j = toA, toB
	}
	for at := 0; at < len(partner); {
		if partner[at] < 0 {
			at++
			continue
		}
		change(at, int(partner[at]))
		for at < len(partner) && int(partner[at]) == j+at-i {
			at++
		}
		n := at - i
		out = append(out, run{true, i, at, j, j + n})
		i, j = at, j+n
	}
	change(len(partner), lenB)
	return out
}

// smooth makes one change of two that have only a word or two between them,
// fewer than either puts in or takes out: such words are alike by chance.
func smooth(in []run) []run {
	const few = 2
	size := func(r run) int { return max(r.endA-r.startA, r.endB-r.startB) }
	var out []run
	for _, r := range in {
		n := len(out)
		if n < 2 || r.equal || size(out[n-1]) > few || size(out[n-1]) >= min(size(out[n-2]), size(r)) {
			out = append(out, r)
			continue
		}
		out[n-2].endA, out[n-2].endB = r.endA, r.endB
		out = out[:n-1]
	}
	return out
}

// spans writes runs as text.
func spans(a, b *text, list []run) []Span {
	var out []Span
	put := func(op Op, text string) {
		if text == "" {
			return
		}
		if n := len(out); n > 0 && out[n-1].Op == op {
			out[n-1].Text += text
			return
		}
		out = append(out, Span{op, text})
	}
	for i, r := range list {
		if r.equal {
			put(Equal, b.source[b.lead(r.startB):b.lead(r.endB)])
			continue
		}
		put(Delete, a.deleted(b, r, i+1 < len(list)))
		put(Insert, b.source[b.lead(r.startB):b.lead(r.endB)])
	}
	rest := b.source[b.lead(len(b.atoms)):]
	if n := len(out); n > 0 && out[n-1].Op == Delete || n == 0 {
		put(Equal, rest)
	} else {
		out[n-1].Text += rest
	}
	return out
}

// lead returns where the white space before an atom begins.
func (t *text) lead(atom int) int {
	if atom == 0 {
		return 0
	}
	return t.places[atom-1].end
}

// deleted returns what the run takes out of a; with the space behind it where
// the next word has none in b.
func (t *text) deleted(b *text, r run, more bool) string {
	from, to := t.lead(r.startA), t.lead(r.endA)
	if from == to {
		return ""
	}
	if more && r.startB == r.endB {
		next, nextB := t.places[r.endA].start, b.places[r.endB].start
		if nextB == b.lead(r.endB) {
			to = next
		}
	}
	return t.source[from:to]
}
