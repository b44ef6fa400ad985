package desk

import (
	"slices"
	"strconv"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/site"
)

// What is done to a budget.
const (
	doMap      = "map"
	doUnmap    = "unmap"
	howKeep    = "keep"
	budgetYes  = "kept"
	paramTrial = "trial" // asks for the last trial
	budgetNo   = "dropped"
)

// A budgetView is what the columns of a table are in a budget, and what comes
// of that.
type budgetView struct {
	page
	acts
	File    string
	Table   string
	Tables  []site.Link // of the file, when there are several
	State   string      // of the budget; empty while the table is none
	Public  string      // address of its page
	Shown   *loadingShown
	Trying  bool         // a trial goes on
	Read    int64        // rows that it has read
	Rows    int64        // of the table
	SelfURL string       // of the trial
	Lost    bool         // the trial is gone
	Hub     string       // address of the dataset, while it is not public
	Faults  []faultShown // of the budget as it was loaded last
	Done    string
	BackURL string

	place  *filePlace
	table  *catalog.Resource
	budget fiscal.Budget
	slug   string          // of the agency
	tried  *fiscal.Mapping // that Shown is of
}

// budgetPath is where a table of a file is made a budget.
func budgetPath(p *filePlace, table string) string {
	return tablePath(p, "budget", table)
}

func (d *Desk) budgetPage(r *site.Request) (*budgetView, error) {
	p, err := d.place(r)
	if err != nil {
		return nil, err
	}
	v := &budgetView{page: page{datasetFrame(r, p.ds, "desk.budget.title")}, place: p, File: p.res.Label(r.Lang), BackURL: "/" + r.Lang + filePath(p.ds, p.res.ID)}
	var there bool
	if v.budget, there, err = d.budgets.BudgetOf(r.Context(), p.res.ID); err != nil {
		return nil, err
	}
	name := r.Query.Get("table")
	if name == "" && there {
		name = v.budget.Mapping.Table
	}
	if v.table = p.table(name); v.table == nil {
		return nil, catalog.ErrNotFound
	}
	v.Table = tableName(v.table)
	if len(p.tables) > 1 {
		for _, one := range p.tables {
			v.Tables = append(v.Tables, site.Link{Text: tableName(one), URL: "/" + r.Lang + budgetPath(p, tableName(one))})
		}
	}
	a, err := d.Store.Agency(r.Context(), p.ds.Agency)
	if err != nil {
		return nil, err
	}
	v.slug, v.Rows = a.Slug, v.table.Edition.Rows
	if !p.ds.Public() {
		v.Hub = "/" + r.Lang + datasetPath(p.ds)
	}
	if r.Query.Has(paramTrial) && r.Form == nil {
		if err := d.showTrial(r, v); err != nil {
			return nil, err
		}
	}
	if there {
		v.State = v.budget.State
		if v.budget.Cube != "" && p.ds.Public() {
			v.Public = "/" + r.Lang + "/spending/budgets/" + v.budget.Slug
		}
		faults, err := d.budgets.Faults(r.Context(), v.budget.ID)
		if err != nil {
			return nil, err
		}
		v.Faults = faultsShown(faults)
	}
	if done := r.Query.Get("done"); done == budgetYes || done == budgetNo {
		v.Done = "desk.budget.done." + done
	}
	if r.Actor.Can(catalog.Publish, p.ds.Agency) && !v.Trying {
		v.Forms = []form{v.mapForm(r)}
		if there {
			v.Forms = append(v.Forms, form{Do: doUnmap, Submit: "desk.budget.submit.unmap", Fields: []field{budgetRevision(&v.budget)}})
		}
	}
	return v, nil
}

// budgetRevision holds which mapping a form was filled in for; 0 for none.
func budgetRevision(b *fiscal.Budget) field {
	return field{Name: "revision", Kind: "hidden", Value: strconv.FormatInt(b.Revision, 10)}
}

// budgetFactors are what amounts can be counted in.
var budgetFactors = []string{"", "1000", "1000000", "1000000000"}

// mapForm asks what the columns are: as the mapping says, and without one as
// their headings suggest.
func (v *budgetView) mapForm(r *site.Request) form {
	m := v.budget.Mapping
	if v.tried != nil {
		m = *v.tried
	} else if v.budget.ID == "" || m.Table != v.Table {
		m = fiscal.Guess(v.table.Edition.Schema)
	}
	f := form{Do: doMap, Submit: "desk.budget.submit.map", Fields: []field{
		budgetRevision(&v.budget),
		{Name: "edition", Kind: "hidden", Value: v.table.Edition.Digest},
		{Name: "money", Kind: "text", Lang: "en", Short: true, Optional: true, Value: m.Currency},
	}}
	factor := field{Name: "factor", Kind: "select"}
	for _, n := range budgetFactors {
		factor.Options = append(factor.Options, option{Value: n, Label: r.Text("desk.budget.factor." + n), Chosen: n == m.Factor})
	}
	if !oneChosen(factor.Options) {
		factor.Options = append(factor.Options, option{Value: m.Factor, Label: r.Digits(m.Factor), Chosen: true})
	}
	phase := field{Name: "phase", Kind: "select"}
	for _, p := range fiscal.Phases {
		phase.Options = append(phase.Options, option{Value: string(p), Label: r.Text("spending.phase." + string(p)), Chosen: p == m.Phase || m.Phase == "" && p == fiscal.Approved})
	}
	direction := field{Name: "goes", Kind: "select"}
	for _, dir := range fiscal.Directions {
		direction.Options = append(direction.Options, option{Value: string(dir), Label: r.Text("spending.direction." + string(dir)), Chosen: dir == m.Direction})
	}
	f.Fields = append(f.Fields, factor, field{Name: "fiscal_year", Kind: "text", Short: true, Optional: true, Value: r.Digits(m.Year)}, phase, direction)
	schema := v.table.Edition.Schema
	dated := slices.ContainsFunc(m.Fields, func(f fiscal.Field) bool { return f.Type == "date:fiscal-year" })
	for i := range schema {
		label, now := schema[i].Label, fiscal.Field{}
		if at := fieldOf(&m, label); at >= 0 {
			now = m.Fields[at]
		}
		key := "none"
		if now.Type != "" {
			key = budgetKey(&now)
		}
		f.Fields = append(f.Fields, field{Name: "c" + strconv.Itoa(i), Kind: "select", Label: r.Text("desk.budget.column", "name", label), Options: budgetOptions(r, key)})
		number := schema[i].Type == datasets.Integer || schema[i].Type == datasets.Decimal
		if now.Year != "" || number && !dated {
			f.Fields = append(f.Fields, field{Name: "y" + strconv.Itoa(i), Kind: "text", Short: true, Optional: true, Value: r.Digits(now.Year), Label: r.Text("desk.budget.column.year", "name", label)})
		}
	}
	f.Fields = append(f.Fields, field{Name: "totals", Kind: "checks", Options: []option{{Value: fiscal.TotalsLines, Label: r.Text("desk.budget.totals.lines"), Chosen: m.Totals == fiscal.TotalsLines}}}, field{Name: "how", Kind: "radios", Options: []option{
		{Value: howTry, Label: r.Text("desk.budget.how.try"), Chosen: true}, {Value: howKeep, Label: r.Text("desk.budget.how.keep")},
	}})
	return f
}

// fieldOf is the place of the first field of a mapping that is of the column.
func fieldOf(m *fiscal.Mapping, column string) int {
	return slices.IndexFunc(m.Fields, func(f fiscal.Field) bool { return f.Column == column })
}

func (d *Desk) budget(_ *site.Site, r *site.Request) (site.View, error) {
	return shownAgain(r, d.budgetPage)
}

func (d *Desk) doBudget(_ *site.Site, r *site.Request) (site.View, error) {
	v, f, err := posted(r, d.budgetPage)
	if err != nil {
		return nil, err
	}
	if f.Do == doUnmap {
		err := d.putBudget(r, v, func(tx *catalog.Tx) error { return fiscal.DropMapping(tx, &r.Actor, v.place.res.ID) })
		if err == nil {
			return nil, moved(r, withParam(budgetPath(v.place, v.Table), "done", budgetNo))
		}
		return stay(v, f, d.refusedWrite(r, f, err, newly(r, d.budgetPage, f)))
	}
	m := v.mapping(r, f)
	if len(f.Faults) > 0 {
		return stay(v, f, nil)
	}
	if r.Form.Get("edition") != v.table.Edition.Digest { // the columns may be others
		return stay(v, f, d.refusedWrite(r, f, &catalog.StaleError{}, newly(r, d.budgetPage, f)))
	}
	ended, err := d.tryMapping(r, v, &m)
	switch {
	case err != nil:
		return nil, err
	case !ended:
		return nil, moved(r, withParam(budgetPath(v.place, v.Table), paramTrial, "1"))
	case chosen(f, "how") != howKeep:
		return v, nil
	case !v.Shown.Fit:
		f.wrong("", r.Text("desk.budget.unfit"))
		return stay(v, f, nil)
	}
	err = d.putBudget(r, v, func(tx *catalog.Tx) error {
		_, err := fiscal.PutMapping(tx, &r.Actor, v.place.res.ID, &m)
		return err
	})
	if err == nil {
		return nil, moved(r, withParam(budgetPath(v.place, v.Table), "done", budgetYes))
	}
	return stay(v, f, d.refusedWrite(r, f, err, newly(r, d.budgetPage, f)))
}

// putBudget does so with the mapping that the form was filled in for.
func (d *Desk) putBudget(r *site.Request, v *budgetView, put func(tx *catalog.Tx) error) error {
	r.Form.Set("table", v.Table)
	if err := d.freshForm(r, filePath(v.place.ds, v.place.res.ID)+"/budget"); err != nil {
		return err
	}
	return d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
		if err := fiscal.CheckRevision(tx, v.place.res.ID, handedRevision(r)); err != nil {
			return err
		}
		return put(tx)
	})
}
