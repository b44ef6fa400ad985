package site

import (
	"testing"

	"github.com/jba/templatecheck"
)

func TestTemplatesFitTheirViews(t *testing.T) {
	p := newPortal(t, false)
	views := map[string]View{
		"home": &homeView{}, "search": &searchView{}, "dataset": &datasetView{}, "resource": &resourceView{}, "table": &tableView{},
		"chart": &chartView{}, "embed": &embedView{}, "columns": &columnsView{}, "agencies": &agenciesView{}, "agency": &agencyView{}, "sources": &sourcesView{}, "source": &sourceView{},
		"run": &runView{}, "editions": &editionsView{}, "edition": &editionView{}, "edition_diff": &diffView{},
		"developers": &developersView{}, "licences": &licencesView{}, "accessibility": &textView{}, "error": &errorView{},
		"ask": &askView{}, "questions": &questionsView{}, "question": &questionView{}, "receipt": &receiptView{}, "receipt_find": &findReceiptView{}, "confirm": &confirmView{}, "removed": &removedView{}, "tombstone": &tombstoneView{}, "map": &mapView{}, "api": &apiView{}, "log": &logView{}, "kept": &keptView{}, "toolong": &tooLongView{},
		"drafts": &draftsView{}, "draft": &draftView{}, "comments": &draftCommentsView{}, "comment": &commentView{}, "say": &sayView{}, "comment_receipt": &commentReceiptView{}, "comment_confirm": &commentConfirmView{}, "verify": &verifyView{}, "draft_compare": &compareView{}, "heard": &heardView{}, "found": &findView{}, "follow": &followView{}, "following": &followingView{},
		"indicators": &indicatorsView{}, "indicator": &indicatorView{}, "indicator_set": &setView{}, "league": &leagueView{}, "late": &lateView{}, "scores": &scoresView{}, "filing": &filingView{},
		"spending": &spendingView{}, "budgets": &budgetsView{}, "budget": &budgetView{}, "budget_lines": &linesView{}, "outturn": &outturnView{}, "budget_calendar": &calendarView{},
		"contracts": &contractsView{}, "contract": &contractView{}, "contract_flags": &contractFlagsView{}, "contract_parties": &contractPartiesView{}, "contract_party": &contractPartyView{},
		"quality": &qualityView{}, "quality_datasets": &qualityRowsView{}, "quality_links": &qualityLinksView{}, "dataset_quality": &datasetQualityView{},
	}
	for lang, set := range p.pages.byLang {
		for name, tmpl := range set {
			view, ok := views[name]
			if !ok {
				t.Errorf("the template %s has no view here", name)
				continue
			}
			if err := templatecheck.CheckHTMLStrict(tmpl.Lookup("layout"), view); err != nil {
				t.Errorf("%s, %s: %v", name, lang, err)
			}
		}
	}
}
