package revision

// cap on the differences that are looked for between two lists of atoms: the
// work is at most its square.
const maxDifferences = 1500

// shared returns for each atom of a the place of its partner in b, or -1: the
// longest common subsequence (Myers 1986). It gives up, with false, when there
// are more than limit differences; then only the common beginning and end have
// partners.
func shared(a, b []int32, limit int) ([]int32, bool) {
	partner := make([]int32, len(a))
	for i := range partner {
		partner[i] = -1
	}
	first := 0
	for first < len(a) && first < len(b) && a[first] == b[first] {
		partner[first] = int32(first)
		first++
	}
	endA, endB := len(a), len(b)
	for endA > first && endB > first && a[endA-1] == b[endB-1] {
		endA--
		endB--
		partner[endA] = int32(endB)
	}
	if endA == first || endB == first {
		return partner, true
	}
	trace := furthest(a[first:endA], b[first:endB], limit)
	if trace == nil {
		return partner, false
	}
	x, y := endA-first, endB-first
	for d := len(trace) - 1; d >= 0; d-- {
		x0, y0, snake := step(trace, d, x, y)
		for ; x > snake; x-- {
			y--
			partner[first+x-1] = int32(first + y)
		}
		x, y = x0, y0
	}
	return partner, true
}

// furthest returns, for each number of differences d, how far in a the paths
// reach on the diagonals -d, -d+2 … d; nil with more than limit differences.
func furthest(a, b []int32, limit int) [][]int32 {
	limit = min(limit, len(a)+len(b))
	reach := make([]int32, 2*limit+3)
	at := limit + 1 // of diagonal 0
	var trace [][]int32
	for d := 0; d <= limit; d++ {
		row := make([]int32, 0, d+1)
		for k := -d; k <= d; k += 2 {
			var x int
			if k == -d || k != d && reach[at+k-1] < reach[at+k+1] {
				x = int(reach[at+k+1])
			} else {
				x = int(reach[at+k-1]) + 1
			}
			for x < len(a) && x-k < len(b) && a[x] == b[x-k] {
				x++
			}
			reach[at+k] = int32(x)
			row = append(row, int32(x))
			if k == len(a)-len(b) && x >= len(a) {
				return append(trace, row)
			}
		}
		trace = append(trace, row)
	}
	return nil
}

// step returns where the path that stands at x, y after d differences stood
// before the last one, and where in a the equal run begins that led here.
func step(trace [][]int32, d, x, y int) (x0, y0, snake int) {
	if d == 0 {
		return 0, 0, 0
	}
	k := x - y
	before := func(k int) int { return int(trace[d-1][(k+d-1)/2]) }
	if k == -d || k != d && before(k-1) < before(k+1) {
		x0 = before(k + 1)
		return x0, x0 - k - 1, x0
	}
	x0 = before(k - 1)
	return x0, x0 - k + 1, x0 + 1
}
