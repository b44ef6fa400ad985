package site

import (
	"errors"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
	"github.com/openshafaf/shafaf/catalog/fiscal/ocds"

	"github.com/gofiber/fiber/v2"
)

// contractPartners is how many organisations of the other side a page lists.
const contractPartners = 20

// A contractPartiesView is the organisations in public contracts.
type contractPartiesView struct {
	Frame
	Asked     string
	Roles     []choice
	Rows      []bar
	Total     int64
	NextURL   string
	Downloads []Link
	Table     []Link
	shape     List[contracts.CountedParty]
}

// JSON is the list as the API answers it.
func (v *contractPartiesView) JSON() any { return v.shape }

func (s *Site) contractParties(r *Request) (View, error) {
	l := s.locales[r.Lang]
	f := contracts.PartyFilter{Query: r.Query.Get(paramQuery), Role: r.Query.Get(paramRole), Limit: contractRows + 1}
	if f.Role != "" && !slices.Contains(ocds.Roles, f.Role) {
		return nil, &catalog.InvalidError{Field: paramRole, Reason: r.Text("contracts.code.unknown", "codes", strings.Join(ocds.Roles, ", "))}
	}
	var err error
	if f.After, err = afterID(r); err != nil {
		return nil, err
	}
	all, total, err := s.contracts.Parties(r.Context(), f)
	if errors.Is(err, contracts.ErrBusy) {
		return nil, s.refuse(r.Lang, fiber.StatusServiceUnavailable, "", "refused.counting", "n", busyRetry)
	}
	if err != nil {
		return nil, err
	}
	v := &contractPartiesView{Asked: f.Query, Total: total, Roles: codeChoices(l, "contracts.role.", ocds.Roles, f.Role), Downloads: sheetFiles(contractPartiesPath)}
	v.shape = List[contracts.CountedParty]{Total: total, Results: []contracts.CountedParty{}}
	if len(all) == f.Limit {
		all = all[:contractRows]
		v.NextURL, v.shape.Next = r.next(all[contractRows-1].ID)
	}
	v.shape.Results = append(v.shape.Results, all...)
	for i := range all {
		b := bar{Link: l.partyLink(&all[i].Party)}
		b.setBar(all[i].Processes, all[0].Processes, l.lang)
		v.Rows = append(v.Rows, b)
	}
	if v.Table, err = s.ownTable(r.Context(), l, "contract-parties"); err != nil {
		return nil, err
	}
	v.Frame = Frame{
		Title: l.Text("contracts.parties.title"), Description: l.Text("contracts.parties.lead"), Section: sectionContracts, NoIndex: len(r.Query) > 0,
		Crumbs: []Link{{Text: l.Text("contracts.title"), URL: "/" + l.lang + contractsPath}},
	}
	return v, nil
}

// A contractPartyView is an organisation as a buyer and as a supplier.
type contractPartyView struct {
	Frame
	Name      said
	Party     contracts.Party
	Roles     []bar
	Bought    []sumRow // what it bought
	Got       []sumRow // what it got
	Shares    []bar
	Suppliers []partnerRow
	Buyers    []partnerRow
	Flags     []buyerFlagRow
	Rows      []contractRow // of its processes, the newest
	AllBought string
	AllSold   string
	Downloads []Link
	shape     contractPartyAnswer
}

// A partnerRow is an organisation of the other side.
type partnerRow struct {
	Link
	Processes int64
	Sums      []*amountText
}

// A contractPartyAnswer is an organisation as the API answers it.
type contractPartyAnswer struct {
	Kind string `json:"kind"`
	contracts.Party
	Roles     map[string]int64      `json:"roles"` // processes by role
	Bought    contracts.Figures     `json:"bought"`
	Got       []contracts.Sum       `json:"got"`
	Suppliers []contracts.Partner   `json:"suppliers"`
	Buyers    []contracts.Partner   `json:"buyers"`
	Flags     []contracts.BuyerFlag `json:"flags"`
	URL       string                `json:"url"`
}

// JSON is the organisation as the API answers it.
func (v *contractPartyView) JSON() any { return v.shape }

func (s *Site) contractParty(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	p, err := s.contracts.Party(ctx, r.Param("slug"))
	if err != nil {
		return nil, err
	}
	v := &contractPartyView{Party: p, Name: l.said(p.Name)}
	a := &v.shape
	a.Kind, a.Party, a.URL = contracts.NounParty, p, s.baseURL()+"/"+s.Language()+contractPartyPath(p.Slug)
	if a.Roles, err = s.contracts.Roles(ctx, p.ID); err != nil {
		return nil, err
	}
	if a.Bought, err = s.contracts.Figures(ctx, contracts.Filter{Buyer: p.ID}); err != nil {
		return nil, err
	}
	if a.Got, err = s.contracts.SupplierSums(ctx, p.ID); err != nil {
		return nil, err
	}
	if a.Suppliers, err = s.contracts.Suppliers(ctx, p.ID, contractPartners); err != nil {
		return nil, err
	}
	if a.Buyers, err = s.contracts.Buyers(ctx, p.ID, contractPartners); err != nil {
		return nil, err
	}
	if a.Flags, err = s.contracts.BuyerFlags(ctx, p.ID); err != nil {
		return nil, err
	}
	if r.JSON {
		return v, nil
	}
	return v, s.contractPartyPage(r, l, v)
}

func (s *Site) contractPartyPage(r *Request, l *locale, v *contractPartyView) error {
	ctx, a := r.Context(), &v.shape
	v.Roles = l.roleBars(a.Roles)
	v.Bought, v.Got = l.sumRows(a.Bought.Sums), l.sumRows(a.Got)
	v.Suppliers, v.Buyers = l.partnerRows(a.Suppliers), l.partnerRows(a.Buyers)
	for i := range a.Flags {
		v.Flags = append(v.Flags, l.buyerFlagRow(&a.Flags[i]))
	}
	const shown = 10
	f := contracts.Filter{Buyer: v.Party.ID, Limit: shown}
	list := "/" + l.lang + contractsPath
	if a.Roles[ocds.RoleBuyer] > 0 {
		v.Shares = l.methodBars(a.Bought.Methods, nil)
		v.AllBought, v.Downloads = list+"?"+paramBuyer+"="+v.Party.Slug, contractFiles(paramBuyer+"="+v.Party.Slug)
	}
	if a.Roles[ocds.RoleSupplier] > 0 {
		v.AllSold = list + "?" + paramSupplier + "=" + v.Party.Slug
		if v.AllBought == "" {
			f = contracts.Filter{Supplier: v.Party.ID, Limit: shown}
			v.Downloads = contractFiles(paramSupplier + "=" + v.Party.Slug)
		}
	}
	all, err := s.contracts.List(ctx, f)
	if err != nil {
		return err
	}
	names, err := s.contractNames(ctx, all)
	if err != nil {
		return err
	}
	for i := range all {
		v.Rows = append(v.Rows, l.contractRow(&all[i], names))
	}
	v.Frame = Frame{
		Title: v.Name.Text, TitleLang: v.Name.Lang, Description: l.Text("contracts.party.description", "name", v.Name.Text), Section: sectionContracts,
		Crumbs: []Link{{Text: l.Text("contracts.title"), URL: list}, {Text: l.Text("contracts.parties.title"), URL: "/" + l.lang + contractPartiesPath}},
	}
	return nil
}

func (l *locale) roleBars(roles map[string]int64) []bar {
	var most int64
	for _, n := range roles {
		most = max(most, n)
	}
	var bars []bar
	for _, role := range ocds.Roles {
		if n := roles[role]; n > 0 {
			b := bar{Link: Link{Text: l.Text("contracts.role." + role)}}
			b.setBar(n, most, l.lang)
			bars = append(bars, b)
		}
	}
	return bars
}

func (l *locale) partnerRows(all []contracts.Partner) []partnerRow {
	rows := make([]partnerRow, 0, len(all))
	for i := range all {
		row := partnerRow{Link: l.partyLink(&all[i].Party), Processes: all[i].Processes}
		for k := range all[i].Sums {
			row.Sums = append(row.Sums, l.amount(all[i].Sums[k].Amount, all[i].Sums[k].Currency))
		}
		rows = append(rows, row)
	}
	return rows
}
