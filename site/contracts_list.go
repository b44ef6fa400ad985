package site

import (
	"context"
	"net/url"
	"slices"

	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
	"github.com/openshafaf/shafaf/catalog/fiscal/ocds"
)

// A contractsView is a list of processes with what it comes to.
type contractsView struct {
	Frame
	Asked     string
	Methods   []choice
	Stages    []choice
	Flags     []choice
	Chips     []Link
	Hidden    []hiddenField
	Rows      []contractRow
	Figures   contracts.Figures
	Sums      []sumRow
	Shares    []bar
	NextURL   string
	FlagsURL  string
	Parties   string
	Downloads []Link
	Table     []Link
	shape     contractsAnswer
}

// A contractsAnswer is a list of processes as the API answers it.
type contractsAnswer struct {
	List[ContractShape]
	Figures contracts.Figures `json:"figures"`
}

// JSON is the list as the API answers it.
func (v *contractsView) JSON() any { return v.shape }

// A sumRow is what processes are worth in one currency, by stage; nil where
// nothing is known.
type sumRow struct {
	Currency                            string
	Tendered, Awarded, Contracted, Paid *sumCell
}

// A sumCell is an amount and how many processes it is of.
type sumCell struct {
	Amount    *amountText // nil when it is too large to be added up
	Processes int64
}

// sumRows puts sums into rows by currency: of the one with most processes
// first.
func (l *locale) sumRows(sums []contracts.Sum) []sumRow {
	var rows []sumRow
	at := map[string]int{}
	for i := range sums {
		s := &sums[i]
		k, ok := at[s.Currency]
		if !ok {
			k = len(rows)
			at[s.Currency] = k
			m := money{l: l, currency: s.Currency}
			rows = append(rows, sumRow{Currency: m.unit()})
		}
		cell := &sumCell{l.amount(s.Amount, s.Currency), s.Processes}
		switch s.What {
		case "tendered":
			rows[k].Tendered = cell
		case "awarded":
			rows[k].Awarded = cell
		case "contracted":
			rows[k].Contracted = cell
		case "paid":
			rows[k].Paid = cell
		}
	}
	return rows
}

func (s *Site) contractList(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	f, err := s.contractFilter(ctx, r.Lang, r.Query.Get)
	if err != nil {
		return nil, err
	}
	if f.After, err = afterID(r); err != nil {
		return nil, err
	}
	f.Limit = contractRows + 1
	all, err := s.contracts.List(ctx, f)
	if err != nil {
		return nil, err
	}
	v := &contractsView{Asked: r.Query.Get(paramQuery), FlagsURL: "/" + r.Lang + contractFlagsPath, Parties: "/" + r.Lang + contractPartiesPath}
	v.shape.Results = []ContractShape{}
	if len(all) == f.Limit {
		all = all[:contractRows]
		v.NextURL, v.shape.Next = r.next(all[contractRows-1].ID)
	}
	if v.Figures, err = s.contracts.Figures(ctx, f); err != nil {
		return nil, err
	}
	v.shape.Figures, v.shape.Total = v.Figures, v.Figures.Total
	names, err := s.contractNames(ctx, all)
	if err != nil {
		return nil, err
	}
	for i := range all {
		v.Rows = append(v.Rows, l.contractRow(&all[i], names))
		v.shape.Results = append(v.shape.Results, s.shapeContract(&all[i], names))
	}
	return v, s.contractListPage(ctx, r, v, &f)
}

// contractListPage adds what is around the list.
func (s *Site) contractListPage(ctx context.Context, r *Request, v *contractsView, f *contracts.Filter) error {
	l := s.locales[r.Lang]
	v.Sums = l.sumRows(v.Figures.Sums)
	v.Shares = l.methodBars(v.Figures.Methods, r)
	v.Methods = codeChoices(l, "contracts.method.", methodCodes(), f.Method)
	v.Stages = codeChoices(l, "contracts.stage.", ocds.Stages, f.Stage)
	v.Flags = codeChoices(l, "contracts.flag.", flagKeys(), f.Flag)
	kept := url.Values{}
	for _, name := range []string{paramBuyer, paramSupplier, "agency", paramCurrency} {
		if value := r.Query.Get(name); value != "" {
			kept.Set(name, value)
		}
	}
	v.Hidden = hidden(kept)
	if err := s.contractChips(ctx, r, v, f); err != nil {
		return err
	}
	asked := withoutEmpty(r.Query)
	asked.Del(paramAfter)
	v.Downloads = contractFiles(asked.Encode())
	var err error
	if v.Table, err = s.ownTable(ctx, l, "contracts"); err != nil {
		return err
	}
	v.Frame = Frame{
		Title: l.Text("contracts.title"), Description: l.Text("contracts.description"), Section: sectionContracts, NoIndex: len(r.Query) > 0,
	}
	return nil
}

// contractChips are the ways to take back what the list is narrowed down by
// beside the form.
func (s *Site) contractChips(ctx context.Context, r *Request, v *contractsView, f *contracts.Filter) error {
	l := s.locales[r.Lang]
	parties, err := s.contracts.PartiesByID(ctx, []string{f.Buyer, f.Supplier})
	if err != nil {
		return err
	}
	add := func(name, key, value string) {
		v.Chips = append(v.Chips, Link{Text: l.Text(key, "name", value), URL: r.url(name, "", paramAfter, "")})
	}
	if p, ok := parties[f.Buyer]; ok {
		add(paramBuyer, "contracts.chip.buyer", l.said(p.Name).Text)
	}
	if p, ok := parties[f.Supplier]; ok {
		add(paramSupplier, "contracts.chip.supplier", l.said(p.Name).Text)
	}
	if f.Currency != "" {
		m := money{l: l, currency: f.Currency}
		add(paramCurrency, "contracts.chip.currency", m.unit())
	}
	if f.Agency == "" {
		return nil
	}
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if a := agencies.byID[f.Agency]; a != nil {
		add("agency", "contracts.chip.agency", l.said(a.Title).Text)
	}
	return err
}

// methodBars are how many processes were done in which way.
func (l *locale) methodBars(shares []contracts.Share, r *Request) []bar {
	var bars []bar
	var most int64
	for _, s := range shares {
		most = max(most, s.Processes)
	}
	for _, s := range shares {
		b := bar{Link: Link{Text: l.Text("contracts.method." + s.Method)}}
		if r != nil {
			b.URL = r.url(paramMethod, s.Method, paramAfter, "")
		}
		b.setBar(s.Processes, most, l.lang)
		bars = append(bars, b)
	}
	return bars
}

// codeChoices are the codes of a list to choose one.
func codeChoices(l *locale, prefix string, codes []string, chosen string) []choice {
	all := make([]choice, 0, len(codes))
	for _, code := range slices.Clone(codes) {
		all = append(all, choice{Key: code, Label: l.Text(prefix + code), Current: code == chosen})
	}
	return all
}
