package site

import (
	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/datasets"
)

// LawText says a remark on a text of a law, or why one is not read, as plain
// text in the language of the request. english is for kinds that it does not
// know.
func (r *Request) LawText(kind string, args []any, english string) string {
	return r.FaultText(&datasets.Fault{Text: english, Said: []catalog.Said{{Kind: kind, Args: args}}})
}

// PeriodFault says what is wrong with a period in the language of the request.
func (r *Request) PeriodFault(e *consultation.PeriodError) string {
	return r.Text("period.wrong."+e.Code, "at", r.Moment(e.At), "days", e.Days, "rule", e.Rule, "have", e.Have)
}

// GateWant says one of the Wants of a gate in the language of the request.
func (r *Request) GateWant(g *consultation.Gate, want string) string {
	return r.Text("gate."+want, "n", map[string]int64{"waiting": g.Waiting, "unanswered": g.Unanswered}[want])
}
