package site

import (
	"cmp"
	"net/url"
	"slices"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// The parameters of a map, beside those of the row query. The figure is
// computed as paramAgg says.
const (
	paramPlace   = "place"
	paramMeasure = "measure"
)

// mapParams are the parameters that a map takes out of the row query.
func mapParams() []string { return []string{paramPlace, paramMeasure, paramAgg} }

// What paramPlace may be beside the name of a column.
const (
	placeShapes = "_shapes"
	placePoints = "_points"
)

// A mapSpec says what is drawn: for each place a figure.
type mapSpec struct {
	Places  mapPlaces
	Place   string // a column of provinces, placeShapes or placePoints
	Measure string // a column of numbers; empty where rows are counted
	Agg     datasets.MeasureOp
}

// provinces reports whether the map is the grid of provinces.
func (spec *mapSpec) provinces() bool { return spec.Place != placeShapes && spec.Place != placePoints }

// choices of the place, in the order in which one is taken without being
// asked for.
func (p *mapPlaces) choices() []string {
	var all []string
	if p.Shapes {
		all = append(all, placeShapes)
	}
	all = append(all, p.Provinces...)
	if p.Lon != "" {
		all = append(all, placePoints)
	}
	return all
}

// mapSpec reads what the address asks for. The error is a *chartError; the
// spec holds what could be read, for the form.
func (l *locale) mapSpec(x *exploration, places mapPlaces) (mapSpec, error) {
	spec := mapSpec{Places: places, Agg: datasets.OpSum}
	asked := withoutEmpty(x.Own)
	all := places.choices()
	if len(all) == 0 {
		return spec, &chartError{"", l.Text("map.fault.nothing")}
	}
	spec.Place = all[0]
	var fault error
	if v := asked.Get(paramPlace); v != "" {
		if slices.Contains(all, v) {
			spec.Place = v
		} else {
			fault = &chartError{paramPlace, l.Text("map.fault.place", "name", persian.Shorten(columnLabel(x.Schema, v), longURL))}
		}
	}
	spec.usualMeasure(x)
	if _, ok := x.Own[paramMeasure]; ok {
		v := asked.Get(paramMeasure)
		i := x.Schema.Index(v)
		switch {
		case v == "":
			spec.Measure, spec.Agg = "", datasets.OpCount
		case i < 0:
			fault = cmp.Or[error](fault, &chartError{paramMeasure, l.Text("chart.fault.column", "name", persian.Shorten(v, longURL))})
		case !x.Schema[i].Numeric():
			fault = cmp.Or[error](fault, &chartError{paramMeasure, l.Text("chart.fault.text", "name", columnLabel(x.Schema, v))})
		default:
			spec.take(&x.Schema[i])
		}
	}
	if v := asked.Get(paramAgg); v != "" && spec.Measure != "" {
		if spec.Agg = datasets.MeasureOp(v); !slices.Contains(mapAggs(), spec.Agg) {
			fault = cmp.Or[error](fault, &chartError{paramAgg, l.Text("chart.fault.agg", "name", persian.Shorten(v, longURL))})
			spec.Agg = datasets.OpSum
		}
	}
	return spec, fault
}

// mapAggs are the ways to compute the figure of a place.
func mapAggs() []datasets.MeasureOp {
	return []datasets.MeasureOp{datasets.OpSum, datasets.OpAvg, datasets.OpMin, datasets.OpMax}
}

// take takes column c as the figure, as a chart does.
func (spec *mapSpec) take(c *datasets.Column) {
	var like chartSpec
	like.measure(c)
	spec.Measure, spec.Agg = c.Name, like.Agg
}

// usualMeasure takes the first column that means an amount; without one rows
// are counted.
func (spec *mapSpec) usualMeasure(x *exploration) {
	spec.Agg = datasets.OpCount
	for i := range x.Schema {
		c := &x.Schema[i]
		if c.Name != spec.Places.Lon && c.Name != spec.Places.Lat && roleOf(c, profileOf(x.Edition.Profile, c.Name)) == roleMeasure {
			spec.take(c)
			return
		}
	}
}

// Values are the parameters of the spec in an address.
func (spec *mapSpec) Values() url.Values {
	v := url.Values{paramPlace: {spec.Place}, paramMeasure: {spec.Measure}}
	if spec.Measure != "" {
		v.Set(paramAgg, string(spec.Agg))
	}
	return v
}

// mapFields are the selects of the form, with what is drawn chosen in them.
func (x *exploration) mapFields(l *locale, spec *mapSpec, fault *chartError) []chartField {
	var places, measures, aggs []choice
	for _, p := range spec.Places.choices() {
		label := columnLabel(x.Schema, p)
		switch p {
		case placeShapes:
			label = l.Text("map.place.shapes")
		case placePoints:
			label = l.Text("map.place.points")
		}
		places = append(places, choice{Key: p, Label: label, Current: p == spec.Place})
	}
	none := l.Text("measure.count")
	if !spec.provinces() {
		none = l.Text("chart.none")
	}
	measures = append(measures, choice{Label: none, Current: spec.Measure == ""})
	for i := range x.Schema {
		c := &x.Schema[i]
		if c.Numeric() && c.Name != spec.Places.Lon && c.Name != spec.Places.Lat {
			measures = append(measures, choice{Key: c.Name, Label: firstOf(c.Label, c.Name), Current: c.Name == spec.Measure})
		}
	}
	for _, a := range mapAggs() {
		aggs = append(aggs, choice{Key: string(a), Label: l.Text("measure." + string(a)), Current: a == spec.Agg})
	}
	all := []chartField{{Name: paramPlace, Choices: places}, {Name: paramMeasure, Choices: measures}}
	if spec.provinces() {
		all = append(all, chartField{Name: paramAgg, Choices: aggs})
	}
	for i := range all {
		all[i].ID = all[i].Name
		all[i].Bad = fault != nil && fault.Param == all[i].Name
	}
	return all
}
