package site

import (
	"time"

	"github.com/openshafaf/shafaf/catalog/indicators"
)

// A ScoreState is how an agency stands with an indicator, for the part of a
// template that marks it.
type ScoreState = scoreState

// StateOf is the mark of a state.
func StateOf(state indicators.State) ScoreState { return stateOf(state) }

// A ScoreSum is the points of a check with what they follow from, for the part
// of a template that lists them.
type ScoreSum = scoreSum

// ScoreSum reads a check in the language of the request. columns are those of
// the set that it was made by.
func (r *Request) ScoreSum(c *indicators.Check, columns map[string]indicators.Names) *ScoreSum {
	return r.site.locales[r.Lang].scoreSum(c, columns)
}

// PointsText writes points of indicators.Most; nil is not measured.
func (r *Request) PointsText(points *int) string {
	return r.site.locales[r.Lang].wholePoints(points).Text
}

// LastDay is the day that ends at a moment, as the pages write it.
func (r *Request) LastDay(t time.Time) time.Time { return r.site.locales[r.Lang].lastDay(t) }
