package indicators

// A share is how much there is of what is asked for, and the fact that says so.
type share struct {
	have, of int64
	evidence int
	kind     string
	args     []any
	missing  []string // columns
}

// complete gives 4 points when everything that the rule asks for is there:
// columns, rows, and that the data is of the period. Else what there is least of
// counts.
func (j *judging) complete() int {
	var shares []share
	if len(j.rule.Columns) > 0 {
		shares = append(shares, j.columns())
	}
	if j.rule.Rows > 0 {
		shares = append(shares, j.rows())
	}
	if len(j.rule.Columns) == 0 && j.rule.Rows == 0 {
		shares = append(shares, j.here())
	}
	shares = append(shares, j.timely())
	const whole = 1000
	least := int64(whole)
	for _, s := range shares {
		j.say(s.evidence, s.kind, s.args...)
		j.facts[len(j.facts)-1].Missing = s.missing
		least = min(least, whole*s.have/s.of)
	}
	return int(least * Each / whole)
}

// columns is how many of the columns asked for the best table has.
func (j *judging) columns() share {
	asked := int64(len(j.rule.Columns))
	best := share{of: asked, kind: "filing.columns.none", args: []any{asked}, missing: j.rule.Columns}
	for _, l := range j.there() {
		for i := range l.Files {
			f := &l.Files[i]
			n := int64(len(f.Columns))
			if n <= best.have {
				continue
			}
			best = share{have: n, of: asked, evidence: l.N, kind: "filing.columns.all", args: []any{f.Title, n}}
			if n == asked {
				continue
			}
			best.kind, best.args = "filing.columns.some", []any{f.Title, n, asked}
			for _, id := range j.rule.Columns {
				if f.Columns[id] == "" {
					best.missing = append(best.missing, id)
				}
			}
		}
	}
	return best
}

// rows is whether a table has as many rows as asked for.
func (j *judging) rows() share {
	best := share{of: j.rule.Rows, kind: "filing.rows.none", args: []any{j.rule.Rows}}
	for _, l := range j.there() {
		for i := range l.Files {
			if f := &l.Files[i]; f.Table && f.Rows > best.have {
				best = share{have: f.Rows, of: best.of, evidence: l.N, kind: "filing.rows", args: []any{f.Title, f.Rows, j.rule.Rows}}
			}
		}
	}
	return best
}

// here is whether there is anything that can be opened, where no table is asked
// for.
func (j *judging) here() share {
	nothing := share{of: 1, kind: "filing.content.none"}
	for _, l := range j.there() {
		switch l.Kind {
		case EvidenceLink:
			return share{have: 1, of: 1, evidence: l.N, kind: "filing.content.link"}
		case EvidenceStatement:
			nothing = share{have: 1, of: 2, evidence: l.N, kind: "filing.content.statement"}
		}
		for i := range l.Files {
			if l.Files[i].Digest != "" {
				return share{have: 1, of: 1, evidence: l.N, kind: "filing.content", args: []any{l.Files[i].Title}}
			}
		}
	}
	return nothing
}

// timely is whether the data was brought up to date since the period began: as
// its source says, or since the file came as it is. Of a link and a statement
// nothing tells but when they were handed in.
func (j *judging) timely() share {
	best := share{of: 1, kind: "filing.period.none"}
	for _, l := range j.there() {
		at, told := l.Modified, "filing.period.source"
		switch {
		case l.Kind == EvidenceLink || l.Kind == EvidenceStatement:
			at, told = l.At, "filing.period.handed"
		case l.came():
			told = "filing.period.here"
		}
		if at.IsZero() {
			continue
		}
		if !at.Before(j.period.Start) {
			return share{have: 1, of: 1, evidence: l.N, kind: told, args: []any{dayOf(at)}}
		}
		best = share{of: 1, evidence: l.N, kind: told + ".old", args: []any{dayOf(at), dayOf(j.period.Start)}}
	}
	return best
}
