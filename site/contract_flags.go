package site

import (
	"context"
	"html/template"

	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
	"github.com/openshafaf/shafaf/catalog/fiscal/ocds"
	"github.com/openshafaf/shafaf/datasets"

	"github.com/gofiber/fiber/v2"
)

// A contractFlagsView is the red flags: what each means, and for how many
// processes it is raised.
type contractFlagsView struct {
	Frame
	Rules     []ruleRow
	Buyers    []buyerFlagRow
	Processes int64
	Downloads []Link
	shape     contractFlagsAnswer
}

// A ruleRow is a red flag with what came of it.
type ruleRow struct {
	Key                    string
	Name, Rule             string
	Raised, Clear, Unknown int64
	URL                    string // of the processes for which it is raised
}

// A contractFlagsAnswer is the red flags as the API answers them.
type contractFlagsAnswer struct {
	Processes int64                 `json:"processes"`
	Limits    ocds.Limits           `json:"limits"`
	Rules     []ruleShape           `json:"rules"`
	Buyers    []contracts.BuyerFlag `json:"buyers"`
}

// A ruleShape is a red flag in the API.
type ruleShape struct {
	Key     string `json:"key"`
	Raised  int64  `json:"raised"`
	Clear   int64  `json:"clear"`
	Unknown int64  `json:"unknown"` // what it needs is missing
}

// JSON is the red flags as the API answers them.
func (v *contractFlagsView) JSON() any { return v.shape }

// contractRules counts the processes, and what came of each rule by the limits in
// force.
func (s *Site) contractRules(ctx context.Context) (processes int64, rules []ruleShape, limits ocds.Limits, err error) {
	figures, err := s.contracts.Figures(ctx, contracts.Filter{})
	if err != nil {
		return 0, nil, limits, err
	}
	raised, unknown, err := s.contracts.FlagCounts(ctx, contracts.Filter{})
	if err != nil {
		return 0, nil, limits, err
	}
	for _, rule := range ocds.Rules {
		up, open := raised[rule.Key], unknown[rule.Key]
		rules = append(rules, ruleShape{rule.Key, up, figures.Total - up - open, open})
	}
	limits, err = s.contracts.Limits(ctx)
	return figures.Total, rules, limits, err
}

func (s *Site) contractFlags(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	processes, rules, limits, err := s.contractRules(ctx)
	if err != nil {
		return nil, err
	}
	v := &contractFlagsView{Processes: processes, Downloads: sheetFiles(contractFlagsPath)}
	flags, err := s.contracts.BuyerFlags(ctx, "")
	if err != nil {
		return nil, err
	}
	v.shape = contractFlagsAnswer{Processes: processes, Limits: limits, Rules: rules, Buyers: append([]contracts.BuyerFlag{}, flags...)}
	for _, rule := range rules {
		v.Rules = append(v.Rules, ruleRow{
			Key: rule.Key, Name: l.Text("contracts.flag." + rule.Key), Rule: l.ruleText(rule.Key, &limits), Raised: rule.Raised, Clear: rule.Clear, Unknown: rule.Unknown,
			URL: "/" + l.lang + contractsPath + "?" + paramFlag + "=" + rule.Key,
		})
	}
	for i := range flags {
		v.Buyers = append(v.Buyers, l.buyerFlagRow(&flags[i]))
	}
	v.Frame = Frame{
		Title: l.Text("contracts.flags.title"), Description: l.Text("contracts.flags.lead"), Section: sectionContracts,
		Crumbs: []Link{{Text: l.Text("contracts.title"), URL: "/" + l.lang + contractsPath}},
	}
	return v, nil
}

// ruleText is a rule in words with the limits that are in force.
func (l *locale) ruleText(key string, limits *ocds.Limits) string {
	return l.Text("contracts.rule."+key, "days", limits.TenderDays, "over", limits.OverAward, "direct", limits.DirectShare,
		"supplier", limits.SupplierShare, "processes", limits.Processes, "near", limits.Near)
}

// A buyerFlagRow is a red flag of a buyer on a page.
type buyerFlagRow struct {
	Name     string
	Buyer    Link
	Supplier Link
	Says     template.HTML
}

func (l *locale) buyerFlagRow(f *contracts.BuyerFlag) buyerFlagRow {
	row := buyerFlagRow{Name: l.Text("contracts.flag." + f.Key), Buyer: l.partyLink(&f.Buyer)}
	part, whole := ocds.Value{Name: "part", N: &f.Part}, ocds.Value{Name: "whole", N: &f.Whole}
	if f.Supplier != nil {
		row.Supplier = l.partyLink(f.Supplier)
		part = ocds.Value{Name: part.Name, Amount: &ocds.Amount{Minor: f.Part, Currency: f.Currency}}
		whole = ocds.Value{Name: whole.Name, Amount: &ocds.Amount{Minor: f.Whole, Currency: f.Currency}}
	}
	row.Says = l.flagFormula("contracts.formula."+f.Key, []ocds.Value{part, whole, {Name: "percent", N: &f.Percent}, {Name: "limit", N: &f.Limit}})
	return row
}

// flagFormula is a text with the numbers that stand in it.
func (l *locale) flagFormula(key string, values []ocds.Value) template.HTML {
	var args []any
	for i := range values {
		v := &values[i]
		args = append(args, v.Name)
		switch {
		case v.N != nil:
			args = append(args, *v.N)
		case v.Amount != nil:
			args = append(args, l.amountOf(v.Amount).String())
		default:
			args = append(args, l.DateText(v.Date))
		}
	}
	return l.HTML(key, args...)
}

// flagSheet is the red flags as a table.
func (s *Site) flagSheet(c *fiber.Ctx) (*sheet, error) {
	l, ctx := s.locales[answerLanguage(c)], c.UserContext()
	_, rules, limits, err := s.contractRules(ctx)
	if err != nil {
		return nil, err
	}
	count := func(name string) datasets.Column {
		return datasets.Column{Name: name, Label: l.Text("contracts.flags." + name), Type: datasets.Integer}
	}
	word := func(name string) datasets.Column {
		return datasets.Column{Name: name, Label: l.Text("contracts.flags." + name)}
	}
	t := newSheet("contract-flags", datasets.Schema{word("key"), word("flag"), word("rule"), count("raised"), count("clear"), count("unknown")})
	for _, rule := range rules {
		t.row(rule.Key, l.Text("contracts.flag."+rule.Key), l.ruleText(rule.Key, &limits), rule.Raised, rule.Clear, rule.Unknown)
	}
	return t, nil
}

// A flagRow is what came of a rule, in words with its numbers.
type flagRow struct {
	Key   string
	State string
	Class string
	Name  string
	Rule  string
	Says  template.HTML
	Field string
}

var flagClasses = map[string]string{ocds.Raised: "warn", ocds.Clear: "ok", ocds.Unknown: "idle"}

func (l *locale) flagRow(f *ocds.Flag) flagRow {
	row := flagRow{
		Key: f.Key, State: f.State, Class: flagClasses[f.State], Name: l.Text("contracts.flag." + f.Key), Rule: l.Text("contracts.rule." + f.Key), Field: f.Field,
	}
	if f.State == ocds.Unknown {
		row.Says = l.HTML("contracts.needs." + f.Needs)
		return row
	}
	if len(f.Values) == 0 {
		return row
	}
	key := "contracts.formula." + f.Key
	if _, own := l.texts[key+"."+f.State]; own {
		key += "." + f.State
	}
	row.Says = l.flagFormula(key, f.Values)
	return row
}
