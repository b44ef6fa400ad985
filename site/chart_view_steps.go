package site

import (
	"strconv"
	"time"

	"github.com/openshafaf/shafaf/datasets"
)

// fillGaps adds the years, quarters and months in between that have no rows, so
// that the line has a gap there.
func (d *chartData) fillGaps() {
	f := &d.figures
	if len(f.Steps) < 3 {
		return
	}
	var whole []chartStep
	for i, step := range f.Steps {
		if i > 0 {
			for n := 0; n < mostSteps-len(f.Steps); n++ {
				text := d.next(whole[len(whole)-1].Text)
				at, ok := locate(text, &d.schema[d.schema.Index(d.spec.X.Column)], d.spec.X.Part)
				if !ok || at >= step.At {
					break
				}
				whole = append(whole, chartStep{Text: text, At: at})
			}
		}
		whole = append(whole, step)
	}
	if len(whole) == len(f.Steps) || len(whole) > 3*len(f.Steps) || len(whole) > mostSteps {
		return // there is no gap, or rather gaps than steps
	}
	for k := range f.Series {
		figures := make([]figure, 0, len(whole))
		i := 0
		for _, step := range whole {
			if i < len(f.Steps) && step.Text == f.Steps[i].Text {
				figures = append(figures, f.Series[k].Figures[i])
				i++
			} else {
				figures = append(figures, figure{})
			}
		}
		f.Series[k].Figures = figures
	}
	f.Steps = whole
}

// next is the step after a year, quarter or month; empty for what has no next.
func (d *chartData) next(text string) string {
	if d.figures.Years {
		y, err := strconv.Atoi(text)
		if err != nil {
			return ""
		}
		return strconv.Itoa(y + 1)
	}
	switch d.spec.X.Part { //nolint:exhaustive // days go without: weekends are no gaps
	case datasets.Month:
		if t, err := time.Parse("2006-01", text); err == nil {
			return t.AddDate(0, 1, 0).Format("2006-01")
		}
	case datasets.JalaliMonth:
		if m, ok := jalaliMonth(text); ok {
			if m.M++; m.M > 12 {
				m.Y, m.M = m.Y+1, 1
			}
			return m.String()[:len("1405-08")]
		}
	case datasets.Quarter:
		if at, ok := locate(text, nil, datasets.Quarter); ok {
			t := time.Unix(int64(at), 0).UTC().AddDate(0, 3, 0)
			return t.Format("2006") + "-Q" + strconv.Itoa((int(t.Month())+2)/3)
		}
	}
	return ""
}
