package fiscal

import (
	"strings"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// phaseWords are what tables call the phases.
var phaseWords = wordsOf(map[Phase]string{
	Proposed:  "proposed|proposal|draft|requested|estimate|پیشنهادی|پیشنهاد|لایحه",
	Approved:  "approved|original|enacted|appropriated|voted|initial|مصوب|تصویب شده|قانون|پیش بینی",
	Adjusted:  "adjusted|revised|modified|amended|final|current|اصلاحی|اصلاح شده|اصلاحیه|متمم",
	Executed:  "executed|actual|actuals|outturn|realised|realized|spent|execution|عملکرد|هزینه شده|اجرا شده|تحقق یافته",
	Committed: "committed|commitment|obligated|obligations|تعهد|تعهد شده|تخصیص|تخصیص یافته",
	Paid:      "paid|payment|payments|disbursed|outlays|پرداخت|پرداخت شده|پرداختی",
})

// directionWords are what tables call the directions.
var directionWords = wordsOf(map[Direction]string{
	Expenditure: "expenditure|expenditures|expense|expenses|spending|cost|costs|outlay|هزینه|هزینه ها|هزینه ای|مصارف|اعتبار|اعتبارات|پرداخت",
	Revenue:     "revenue|revenues|income|receipt|receipts|درآمد|درآمدها|درآمدی|منابع|دریافت",
})

func wordsOf[T ~string](lists map[T]string) map[string]T {
	all := map[string]T{}
	for is, list := range lists {
		for word := range strings.SplitSeq(list, "|") {
			all[persian.Fold(word)] = is
		}
	}
	return all
}

// phaseOf reads the phase that a cell names.
func phaseOf(text string) (Phase, bool) {
	p, ok := phaseWords[persian.Fold(strings.NewReplacer("_", " ", "-", " ").Replace(text))]
	return p, ok
}

// directionOf reads the direction that a cell names.
func directionOf(text string) (Direction, bool) {
	d, ok := directionWords[persian.Fold(text)]
	return d, ok
}
