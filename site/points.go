package site

import (
	"html/template"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog/indicators"
	"github.com/openshafaf/shafaf/datasets"
)

// A pointsView is points of indicators.Most on a page: as text, and as a bar
// beside it that says no more.
type pointsView struct {
	Measured bool
	Text     string // "14.5 of 20", or that nothing was measured
	Bar      bar
}

// points writes points; nil is not measured, which is something else than 0.
func (l *locale) points(v *float64) pointsView {
	if v == nil {
		return pointsView{Text: l.Text("points.none")}
	}
	const fine = 100 // a bar is as long as the text is exact
	p := pointsView{Measured: true, Text: l.pointsText(*v)}
	p.Bar.setBar(int64(*v*fine), indicators.Most*fine, l.lang)
	return p
}

// wholePoints is points of whole ones.
func (l *locale) wholePoints(v *int) pointsView { return l.points(asFloat(v)) }

func asFloat(v *int) *float64 {
	if v == nil {
		return nil
	}
	f := float64(*v)
	return &f
}

func (l *locale) pointsText(v float64) string {
	return l.Text("points.of", "x", l.Float(v, 1), "most", int64(indicators.Most))
}

// medianText writes a median; empty for none.
func (l *locale) medianText(v *float64) string {
	if v == nil {
		return ""
	}
	return l.Float(*v, 1)
}

// A scoreState says in a word how an agency stands with an indicator.
type scoreState struct {
	Key   indicators.State
	Class string // of its mark
}

var scoreClasses = map[indicators.State]string{
	indicators.Accepted: "ok", indicators.Submitted: "ok", indicators.Due: "warn", indicators.Objected: "warn",
	indicators.Late: "bad", indicators.Rejected: "bad",
}

func stateOf(state indicators.State) scoreState {
	return scoreState{state, firstOf(scoreClasses[state], "idle")}
}

// trendOf draws how an indicator went on; the words name each period with what
// came out.
func (l *locale) trendOf(points []indicators.Point) template.HTML {
	values := make([]*int, len(points))
	var words []string
	for i := range points {
		values[i] = points[i].Points
		words = append(words, l.Text("trend.point", "period", l.said(points[i].Period.Label).Text, "points", l.wholePoints(points[i].Points).Text))
	}
	return trend(values, indicators.Most, l.Text("trend.words", "list", strings.Join(words, l.Text("list.semicolon")+" ")))
}

// pointBands are the ranges in which a page counts scores, from and to.
var pointBands = [...][2]int{{0, 4}, {5, 9}, {10, 14}, {15, indicators.Most}}

// A distribution is how many agencies have how many points: drawn, and in
// ranges.
type distribution struct {
	Chart template.HTML
	Bands []bar
	Words string // the ranges as a sentence
}

// distribution makes one of counts by whole points; nil without any.
func (l *locale) distribution(counts []int) *distribution {
	bins := make([]datasets.HistoBin, len(counts))
	all := 0
	for i, n := range counts {
		bins[i].Count = int64(n)
		all += n
	}
	if all == 0 {
		return nil
	}
	d := distribution{Chart: histogram(bins)}
	var most int64
	for _, band := range pointBands {
		b := bar{Link: Link{Text: l.Text("points.band", "a", int64(band[0]), "b", int64(band[1]))}}
		for i := band[0]; i <= band[1] && i < len(counts); i++ {
			b.N += int64(counts[i])
		}
		most = max(most, b.N)
		d.Bands = append(d.Bands, b)
	}
	var words []string
	for i := range d.Bands {
		b := &d.Bands[i]
		b.setBar(b.N, most, l.lang)
		words = append(words, l.Text("points.band.n", "band", b.Text, "n", b.N))
	}
	d.Words = strings.Join(words, l.Text("list.semicolon")+" ")
	return &d
}

// periodChoices are the periods of a form, of which one is chosen.
func (l *locale) periodChoices(all []indicators.Period, chosen string) []choice {
	var choices []choice
	for i := range all {
		choices = append(choices, choice{Key: all[i].ID, Label: l.said(all[i].Label).Text, Current: all[i].ID == chosen})
	}
	return choices
}

// lastDay is the day that ends at a moment, where the clock of the pages
// stands.
func (l *locale) lastDay(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	y, m, d := t.Add(-time.Second).In(l.zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}
