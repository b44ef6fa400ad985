package samples

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/goccy/go-json"
)

// ContractLimits are the limits that the demo's red flags are raised by: above
// this amount an agency has to call for tenders.
func ContractLimits() map[string]int64 { return map[string]int64{"IRR": dealLimit} }

// BuildContracts writes the contracts of the demo into dir: for each agency with
// a budget a package of releases of the Open Contracting Data Standard 1.1.
func BuildContracts(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	all := deals()
	for a, b := range budgets() {
		var releases []object
		for i := range all[a*dealsOf : (a+1)*dealsOf] {
			releases = append(releases, all[a*dealsOf+i].releases()...)
		}
		p := object{
			"uri": "https://contracts.shafaf.example/" + b.agency + ".json", "version": "1.1", "publishedDate": instant(lastTold),
			"publisher": object{"name": agencyOf(b.agency).Title["fa"]}, "license": ccBy().url, "releases": releases,
		}
		if err := writeFile(filepath.Join(dir, b.agency+".json"), lastTold, func(w io.Writer) error {
			out := json.NewEncoder(w)
			out.SetIndent("", "\t")
			out.SetEscapeHTML(false)
			return out.Encode(p)
		}); err != nil {
			return fmt.Errorf("demo contracts: %w", err)
		}
	}
	return nil
}

// An object is one of JSON, written with its keys in order.
type object map[string]any

// instant is nine in the morning of a day in Tehran.
func instant(day time.Time) string { return day.Format(time.DateOnly) + "T09:00:00+03:30" }

// lang is the language that the agency writes in.
func (d *deal) lang() string {
	if d.budget.shape == inEnglish {
		return "en"
	}
	return "fa"
}

// releases are what was published of the deal, each when it happened.
func (d *deal) releases() []object {
	steps := []struct {
		tag string
		at  time.Time
		say func() object
	}{
		{"planning", d.planned(), d.planning},
		{"tender", d.opened(), d.tender},
		{"award", d.awarded(), d.award},
		{"contract", later(d.awarded(), d.signed()).AddDate(0, 0, 1), d.contract},
		{"contractAmendment", d.signed().AddDate(0, 0, untilDearer), d.amendment},
		{"implementation", d.paidUntil(), d.payments},
	}
	first, last := 0, len(steps)-1
	switch d.n {
	case dealPlanned:
		last = 0
	case dealOpen:
		last = 1
	case dealFailed, dealAwarded:
		last = 2
	case dealSigned:
		last = 3
	}
	if d.oddity == unannounced {
		first = 2
	}
	var all []object
	for i := first; i <= last; i++ {
		s := &steps[i]
		if s.tag == "contractAmendment" && d.oddity != dearer {
			continue
		}
		o := s.say()
		tag := s.tag
		if d.n == dealFailed && tag == "award" {
			tag = "tenderUpdate"
		}
		o["ocid"], o["id"], o["tag"] = d.ocid(), fmt.Sprintf("%s-%d", d.ocid(), i+1), []string{tag}
		o["date"], o["language"], o["initiationType"] = instant(s.at), d.lang(), "tender"
		o["buyer"] = reference(d.buyer())
		if i == first {
			o["parties"] = append(asParties(o["parties"]), d.buyer())
			o["planning"] = d.planning()["planning"]
		}
		if i == first && first > 0 {
			o["tender"] = d.called()
		}
		all = append(all, o)
	}
	return all
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func asParties(v any) []object {
	list, _ := v.([]object)
	return list
}

// reference names a party that is described elsewhere in the release.
func reference(p object) object { return object{"id": p["id"], "name": p["name"]} }

// party describes an organisation. The numbers are of nobody.
func party(name string, number int, roles ...string) object {
	id := fmt.Sprintf("999%08d", number)
	return object{
		"id": "IR-NID-" + id, "name": name, "roles": roles,
		"identifier": object{"scheme": "IR-NID", "id": id, "legalName": name}, "address": object{"countryName": "IR"},
	}
}

func (d *deal) buyer() object {
	return party(agencyOf(d.budget.agency).Title[d.lang()], 100+d.a, "buyer", "procuringEntity")
}

// company is the i-th one that sells what is bought.
func (d *deal) company(i int, roles ...string) object {
	all := companies()[d.category]
	i %= len(all)
	list := map[string]int{"goods": 1, "works": 2, "services": 3}[d.category]
	return party(all[i], 1000*list+i, roles...)
}

func inRial(n int64) object { return object{"amount": n, "currency": "IRR"} }

func (d *deal) planning() object {
	spent := object{"project": d.title, "description": d.programme.title.in(d.lang()), "amount": inRial(d.estimate())}
	if d.line() != "" {
		spent["id"] = d.line()
	}
	return object{"planning": object{"rationale": dealNote.in(d.lang()), "budget": spent}}
}

// dealNote says that none of it happened.
var dealNote = text{
	"معاملهٔ نمایشی: طرف قرارداد، مبلغ و تاریخ ساختگی است.",
	"Illustrative: the supplier, the amounts and the dates are made up.",
}

// called is how the tender is told of when it was not announced.
func (d *deal) called() object {
	status := "complete"
	switch d.n {
	case dealOpen:
		status = "active"
	case dealFailed:
		status = "unsuccessful"
	}
	return object{
		"id": d.ocid() + "-tender", "title": d.title, "description": dealNote.in(d.lang()), "status": status, "value": inRial(d.estimate()),
		"procurementMethod": d.method(), "mainProcurementCategory": d.category, "procuringEntity": reference(d.buyer()),
	}
}

func (d *deal) tender() object {
	t := d.called()
	t["status"] = "active"
	t["tenderPeriod"] = object{"startDate": instant(d.opened()), "endDate": instant(d.closed())}
	return object{"tender": t}
}

func (d *deal) award() object {
	t := d.called()
	t["numberOfTenderers"] = d.offers()
	o := object{"tender": t}
	if d.n == dealFailed {
		return o
	}
	var parties, tenderers []object
	winner := d.winner()
	for i := range d.offers() {
		roles := []string{"tenderer"}
		if i == 0 {
			roles = append(roles, "supplier")
		}
		p := d.company(winner+i, roles...)
		parties, tenderers = append(parties, p), append(tenderers, reference(p))
	}
	if d.method() != "direct" {
		t["tenderers"] = tenderers
	}
	o["parties"] = parties
	o["awards"] = []object{{
		"id": d.ocid() + "-award", "title": d.title, "status": "active", "date": instant(d.awarded()),
		"value": inRial(d.worth()), "suppliers": []object{reference(parties[0])},
	}}
	return o
}

// agreement is the contract as every release names it.
func (d *deal) agreement() object {
	return object{"id": d.ocid() + "-contract", "awardID": d.ocid() + "-award"}
}

func (d *deal) contract() object {
	c := d.agreement()
	c["title"], c["status"], c["dateSigned"], c["value"] = d.title, "active", instant(d.signed()), inRial(d.worth())
	c["period"] = object{"startDate": instant(d.signed()), "endDate": instant(d.signed().AddDate(0, 0, runs))}
	return object{"contracts": []object{c}}
}

// amendment raises the value by a fifth.
func (d *deal) amendment() object {
	c := d.agreement()
	c["value"] = inRial(d.final())
	c["amendments"] = []object{{
		"id": "1", "date": instant(d.signed().AddDate(0, 0, untilDearer)),
		"rationale":   text{"افزایش مقدار کار", "More work than was planned"}.in(d.lang()),
		"description": text{"مبلغ قرارداد یک‌پنجم بیشتر شد.", "The value was raised by a fifth."}.in(d.lang()),
	}}
	return object{"contracts": []object{c}}
}

// final is what the contract is worth in the end.
func (d *deal) final() int64 {
	if d.oddity == dearer {
		return d.worth() / 5 * 6
	}
	return d.worth()
}

// A due is a part of the value that is paid so many days after signing.
type due struct {
	after int
	share int64 // of a hundred
}

// dues are a quarter in advance, and then as the work goes on.
func dues() []due { return []due{{14, 25}, {untilDearer + 5, 45}, {runs + 20, 30}} }

// paidUntil is the day on which the last payment is told of.
func (d *deal) paidUntil() time.Time {
	last := d.signed()
	for _, p := range dues() {
		if at := d.signed().AddDate(0, 0, p.after); !at.After(lastTold) {
			last = at
		}
	}
	return last
}

// payments are those that were made by the last day told of.
func (d *deal) payments() object {
	c := d.agreement()
	supplier, buyer := reference(d.company(d.winner())), reference(d.buyer())
	var paid []object
	c["status"] = "active"
	left := d.final()
	for i, p := range dues() {
		at := d.signed().AddDate(0, 0, p.after)
		if at.After(d.paidUntil()) {
			break
		}
		n := d.worth() / 100 * p.share
		if i == len(dues())-1 {
			n, c["status"] = left, "terminated"
		}
		left -= n
		paid = append(paid, object{
			"id": fmt.Sprintf("%s-pay-%d", d.ocid(), i+1), "date": instant(at), "value": inRial(n), "payer": buyer, "payee": supplier,
		})
	}
	c["implementation"] = object{"transactions": paid}
	return object{"contracts": []object{c}}
}
