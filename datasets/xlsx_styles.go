package datasets

import "strconv"

// readStyles reads which styles make numbers dates.
func (w *workbook) readStyles(part string) error {
	codes := map[int]dateKind{}
	inCells := false
	return w.each(part, maxPart, func(x *xmlScanner, t xmlToken) error {
		switch {
		case x.is("cellXfs") && t != xmlText:
			inCells = t == xmlStart
		case t != xmlStart:
		case x.is("numFmt"):
			if id, err := strconv.Atoi(x.attr("numFmtId")); err == nil {
				codes[id] = formatKind(x.attr("formatCode"))
			}
		case inCells && x.is("xf"):
			id, err := strconv.Atoi(x.attr("numFmtId"))
			kind, own := codes[id]
			if err == nil && !own {
				kind = builtIn(id)
			}
			w.dates = append(w.dates, kind)
		}
		return nil
	})
}
