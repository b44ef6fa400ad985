package site

import (
	"context"
	"errors"
	"net/url"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal"
)

// A moneyIndicator is an indicator that nobody files: it is worked out of the
// budgets that are published here.
type moneyIndicator struct {
	ID    string
	Name  string
	Year  string // that Value is of
	Value string // empty for a grade
	Grade grade
	URL   string // of its inputs and its formula
}

// A moneyIndicatorShape is such an indicator in the API: with a value in
// percent and its fiscal year, or with a grade, or with none of them when an
// input is missing.
type moneyIndicatorShape struct {
	ID    string        `json:"id"`
	Year  string        `json:"year,omitempty"`
	Value *fiscal.Ratio `json:"value,omitempty"`
	Grade string        `json:"grade,omitempty"`
	URL   string        `json:"url"`
}

// moneyIndicators adds the indicators of money; none without a budget.
func (s *Site) moneyIndicators(ctx context.Context, l *locale, v *indicatorsView) error {
	v.shape.Computed = []moneyIndicatorShape{}
	o, _, err := s.outturnOf(ctx, url.Values{})
	if errors.Is(err, catalog.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return err
	}
	sdg := moneyIndicator{ID: "SDG 16.6.1", Name: l.Text("outturn.title")}
	shape := moneyIndicatorShape{ID: sdg.ID}
	for i := range o.Whole.Years {
		if y := &o.Whole.Years[i]; y.Total != nil {
			sdg.Year, sdg.Value, shape.Year, shape.Value = l.year(y.Year), l.ratio(y.Total), y.Year, y.Total
		}
	}
	if sdg.Value == "" {
		sdg.Grade = l.grade("", lastLacks(o.Whole.Years, o.Whole.Why), agencies)
	}
	v.Money = []moneyIndicator{
		sdg,
		{ID: "PEFA PI-1.1", Name: l.Text("outturn.pi11"), Grade: l.grade(o.Whole.Grade, o.Whole.Why, agencies)},
		{ID: "PEFA PI-2.1", Name: l.Text("outturn.pi21"), Grade: l.grade(o.Composition.Grade, o.Composition.Why, agencies)},
	}
	v.shape.Computed = []moneyIndicatorShape{shape, {ID: v.Money[1].ID, Grade: o.Whole.Grade}, {ID: v.Money[2].ID, Grade: o.Composition.Grade}}
	for i := range v.Money {
		v.Money[i].URL, v.shape.Computed[i].URL = "/"+l.lang+outturnPath, s.baseURL()+apiPrefix+outturnPath
	}
	return nil
}

// lastLacks are the reasons why the newest year has no figure, else why there
// is no year.
func lastLacks(years []fiscal.OutturnYear, why []fiscal.Lack) []fiscal.Lack {
	if n := len(years); n > 0 {
		return years[n-1].Why
	}
	return why
}
