package site

import (
	"context"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
	"github.com/openshafaf/shafaf/catalog/fiscal/ocds"

	"github.com/gofiber/fiber/v2"
)

// contractRows is how many processes or organisations a page of a list has.
const contractRows = 50

// The pages of contracts, without language.
const (
	contractsPath       = "/contracts"
	contractPartiesPath = contractsPath + "/parties"
	contractFlagsPath   = contractsPath + "/flags"
)

func contractPath(slug string) string      { return contractsPath + "/" + slug }
func contractPartyPath(slug string) string { return contractPartiesPath + "/" + slug }

// sectionContracts is the entry of the navigation.
const sectionContracts = "contracts"

// Parameters of lists of contracts.
const (
	paramBuyer    = "buyer"
	paramSupplier = "supplier"
	paramMethod   = "method"
	paramStage    = "stage"
	paramFlag     = "flag"
	paramRole     = "role"
	paramCurrency = "currency"
)

func contractParams() []Param {
	return []Param{
		{paramQuery, "param.contracts.q"},
		{"agency", "param.agency"},
		{paramBuyer, "param.contracts.buyer"},
		{paramSupplier, "param.contracts.supplier"},
		{paramMethod, "param.contracts.method"},
		{paramStage, "param.contracts.stage"},
		{paramFlag, "param.contracts.flag"},
		{paramCurrency, "param.contracts.currency"},
	}
}

// contractRoutes are the pages of public contracts. Those with a name of their
// own stand before those of one process.
func contractRoutes() []Route {
	after := Param{paramAfter, "param.after"}
	party := apiPrefix + contractPartyPath("{party}")
	return []Route{
		{Path: contractsPath, View: (*Site).contractList, Template: "contracts", Cost: costSearch, Doc: "api.contracts", Params: append(contractParams(), after)},
		{Path: contractFlagsPath, View: (*Site).contractFlags, Template: "contract_flags", Cost: costSearch, Doc: "api.contracts.flags", Example: apiPrefix + contractFlagsPath},
		{
			Path: contractPartiesPath, View: (*Site).contractParties, Template: "contract_parties", Cost: costSearch, Doc: "api.contracts.parties",
			Params: []Param{{paramQuery, "param.parties.q"}, {paramRole, "param.parties.role"}, after}, Example: apiPrefix + contractPartiesPath,
		},
		{Path: contractPartyPath("{slug}"), View: (*Site).contractParty, Template: "contract_party", Cost: costSearch, Doc: "api.contracts.party", Params: []Param{after}, Example: party},
		{
			Path: contractsPath + ".{ext}", Serve: (*Site).serveContracts, Cost: costSearch, Doc: "api.contracts.file", Params: contractParams(),
			Example: contractsPath + ".csv",
		},
		{Path: contractPartiesPath + ".{ext}", Serve: (*Site).serveContractParties, Cost: costSearch, Doc: "api.contracts.parties.file", Example: contractPartiesPath + ".csv"},
		sheetRoute(contractFlagsPath, "api.contracts.flags.file", contractFlagsPath, (*Site).flagSheet),
		{Path: contractPath("{slug}"), View: (*Site).contract, Template: "contract", Cost: costSearch, Doc: "api.contract", Example: apiPrefix + contractPath("{contract}")},
		{
			Path: contractPath("{slug}") + "/record.json", Serve: (*Site).serveContractRecord, Cost: costSearch, Doc: "api.contract.record",
			Example: contractPath("{contract}") + "/record.json",
		},
	}
}

// anyContracts reports whether the public sees any contract: pages lead to them
// then.
func (s *Site) anyContracts(ctx context.Context) bool {
	there, err := s.contracts.Any(ctx)
	return there && err == nil
}

// A partyRef names an organisation where another thing is answered.
type partyRef struct {
	ID    string       `json:"id"`
	Slug  string       `json:"slug"`
	Title catalog.Text `json:"title"`
}

// A ContractShape is a process of public contracting in the API.
type ContractShape struct {
	Kind string `json:"kind"`
	contracts.Process
	Agency AgencyRef `json:"agency"`
	Buyer  *partyRef `json:"buyer,omitempty"`
	URL    string    `json:"url"` // of its page
}

// contractNames are the names that stand beside processes.
type contractNames struct {
	agencies agencyList
	parties  map[string]contracts.Party
}

func (s *Site) contractNames(ctx context.Context, all []contracts.Process) (contractNames, error) {
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return contractNames{}, err
	}
	var ids []string
	for i := range all {
		if b := all[i].Buyer; b != "" && !slices.Contains(ids, b) {
			ids = append(ids, b)
		}
	}
	parties, err := s.contracts.PartiesByID(ctx, ids)
	return contractNames{agencies, parties}, err
}

func (s *Site) shapeContract(p *contracts.Process, names contractNames) ContractShape {
	shape := ContractShape{Kind: contracts.NounProcess, Process: *p, Agency: AgencyRef{ID: p.Agency}, URL: s.baseURL() + "/" + s.Language() + contractPath(p.Slug)}
	if a := names.agencies.byID[p.Agency]; a != nil {
		shape.Agency = AgencyRef{a.ID, a.Slug, a.Title, a.State}
	}
	if b, ok := names.parties[p.Buyer]; ok {
		shape.Buyer = &partyRef{b.ID, b.Slug, b.Name}
	}
	return shape
}

// A contractRow is a process in a list.
type contractRow struct {
	Title  said
	URL    string
	Buyer  Link
	Stage  string
	Method string
	Date   string
	Worth  *amountText
	Flags  []string
}

// An amountText is an amount with its currency.
type amountText struct {
	amountCell
	Unit string
}

func (l *locale) amount(minor *int64, currency string) *amountText {
	if minor == nil || currency == "" {
		return nil
	}
	m := money{l: l, currency: currency, scale: ocds.Scale(currency)}
	return &amountText{m.cell(minor), m.unit()}
}

func (l *locale) amountOf(a *ocds.Amount) *amountText {
	if a == nil {
		return nil
	}
	return l.amount(&a.Minor, a.Currency)
}

// String is the amount in a sentence.
func (a *amountText) String() string { return a.Text + " " + a.Unit }

func (l *locale) contractRow(p *contracts.Process, names contractNames) contractRow {
	row := contractRow{
		Title: l.contractTitle(p), URL: "/" + l.lang + contractPath(p.Slug), Stage: p.Stage, Method: firstOf(p.Method, contracts.NoMethod), Date: p.Date,
		Worth: l.amount(p.Worth(), p.Currency), Flags: p.Raised,
	}
	if b, ok := names.parties[p.Buyer]; ok {
		row.Buyer = l.partyLink(&b)
	}
	return row
}

// contractTitle is what a process is called: by its title, else by its ocid.
func (l *locale) contractTitle(p *contracts.Process) said {
	t := l.said(p.Title)
	if t.Text == "" {
		t.Text = p.OCID
	}
	return t
}

func (l *locale) partyLink(p *contracts.Party) Link {
	t := l.said(p.Name)
	return Link{Text: t.Text, Lang: t.Lang, URL: "/" + l.lang + contractPartyPath(p.Slug)}
}

// contractFilter reads what is asked for; unknown codes are a fault of who asks.
func (s *Site) contractFilter(ctx context.Context, lang string, get func(string) string) (f contracts.Filter, err error) {
	l := s.locales[lang]
	f = contracts.Filter{Query: get(paramQuery), Method: get(paramMethod), Stage: get(paramStage), Flag: get(paramFlag), Currency: strings.ToUpper(get(paramCurrency))}
	for _, of := range []struct {
		name, value string
		codes       []string
	}{
		{paramMethod, f.Method, methodCodes()}, {paramStage, f.Stage, ocds.Stages}, {paramFlag, f.Flag, flagKeys()},
	} {
		if of.value != "" && !slices.Contains(of.codes, of.value) {
			return f, &catalog.InvalidError{Field: of.name, Reason: l.Text("contracts.code.unknown", "codes", strings.Join(of.codes, ", "))}
		}
	}
	if slug := get("agency"); slug != "" {
		agencies, err := s.agencies.get(ctx, s.Catalog)
		if err != nil {
			return f, err
		}
		a := agencies.bySlug(slug)
		if a == nil {
			return f, &catalog.InvalidError{Field: "agency", Reason: l.Text("removed.agency.unknown")}
		}
		f.Agency = a.ID
	}
	for _, of := range []struct {
		name string
		into *string
	}{{paramBuyer, &f.Buyer}, {paramSupplier, &f.Supplier}} {
		slug := get(of.name)
		if slug == "" {
			continue
		}
		p, err := s.contracts.Party(ctx, slug)
		if err != nil {
			return f, &catalog.InvalidError{Field: of.name, Reason: l.Text("contracts.party.unknown")}
		}
		*of.into = p.ID
	}
	return f, nil
}

// methodCodes are the methods that lists can be narrowed down to.
func methodCodes() []string { return append(slices.Clone(ocds.Methods), contracts.NoMethod) }

// flagKeys are the keys of the red flags of processes.
func flagKeys() []string {
	var all []string
	for _, r := range ocds.Rules {
		all = append(all, r.Key)
	}
	return all
}

// serveContracts answers with the processes of a list as a file.
func (s *Site) serveContracts(c *fiber.Ctx) error {
	f, err := s.contractFilter(c.UserContext(), answerLanguage(c), func(name string) string { return c.Query(name) })
	if err != nil {
		return err
	}
	mark, err := s.contracts.Mark(c.UserContext())
	if err != nil {
		return err
	}
	return s.serveListing(c, "contracts", mark, f.Listing())
}

// serveContractParties answers with all organisations as a file.
func (s *Site) serveContractParties(c *fiber.Ctx) error {
	mark, err := s.contracts.Mark(c.UserContext())
	if err != nil {
		return err
	}
	return s.serveListing(c, "contract-parties", mark, contracts.PartyListing())
}

// sampleContract finds things for examples.
func (s *Site) sampleContract(ctx context.Context, m sample) error {
	all, err := s.contracts.List(ctx, contracts.Filter{Limit: 1})
	if err != nil || len(all) == 0 {
		return err
	}
	m["contract"] = all[0].Slug
	parties, err := s.contracts.PartiesByID(ctx, []string{all[0].Buyer})
	for _, p := range parties {
		m["party"] = p.Slug
	}
	return err
}

// contractFiles are the addresses of a list as files.
func contractFiles(query string) []Link {
	if query != "" {
		query = "?" + query
	}
	return sheetFiles(contractsPath + query)
}
