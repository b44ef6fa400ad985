package samples

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"
)

// What agencies of the demo buy, twelve of each: code of the programme that pays
// for it, category of the Open Contracting Data Standard, and what it is.
//
//go:embed contracts.txt
var contractLines string

// A deal is one purchase of the demo, from its plan to its payments.
type deal struct {
	budget    *budget
	programme *programme
	a, n      int // number of its agency among those with a budget, and of the deal of this agency
	category  string
	title     string
	oddity    oddity
}

// An oddity is what a red flag is there for.
type oddity uint8

const (
	plain       oddity = iota
	oneOffer           // nobody else made an offer
	hasty              // six days for offers
	dearer             // a fifth more after it was signed
	unannounced        // told of when it was awarded only
	belowLimit         // just less than what asks for another method
	tooEarly           // signed before it was awarded
)

// oddities are by agency and number of the deal.
func oddities() map[string]map[int]oddity {
	return map[string]map[int]oddity{
		treasury:  {5: unannounced},
		ministryH: {0: oneOffer, 3: dearer, 5: belowLimit},
		ministryE: {3: hasty},
		ministryR: {1: hasty, 4: unannounced, 6: dearer},
		ministryN: {0: oneOffer, 2: dearer},
		nature:    {1: oneOffer},
		tehran:    {2: tooEarly, 6: belowLimit},
	}
}

// The stages that the deals of an agency have come to, by their number: the
// first seven are paid, or are being paid.
const (
	dealSigned  = 7
	dealAwarded = 8
	dealOpen    = 9
	dealPlanned = 10
	dealFailed  = 11 // nobody made an offer that would do
)

// dealsOf is how many deals each agency has.
const dealsOf = 12

// deals are those of the demo, by agency.
func deals() []deal {
	lines := strings.Split(strings.TrimSpace(contractLines), "\n")
	all := make([]deal, 0, len(lines))
	list, odd := budgets(), oddities()
	for i, line := range lines {
		c := strings.Split(line, "|")
		d := deal{budget: &list[i/dealsOf], a: i / dealsOf, n: i % dealsOf, category: c[1], title: c[2]}
		k := slices.IndexFunc(d.budget.programmes, func(p programme) bool { return p.code == c[0] })
		d.programme, d.oddity = &d.budget.programmes[k], odd[d.budget.agency][d.n]
		all = append(all, d)
	}
	return all
}

// ocid is the identifier of the deal, with the prefix that the standard keeps
// for examples.
func (d *deal) ocid() string { return fmt.Sprintf("ocds-213czf-%s-%02d", d.programme.code, d.n+1) }

// method is how the supplier was chosen. The municipality buys without a tender
// more often than others.
func (d *deal) method() string {
	if d.budget.agency == tehran && slices.Contains([]int{1, 3, 6, 8}, d.n) {
		return "direct"
	}
	return [dealsOf]string{
		"open", "open", "selective", "open", "limited", "direct", "open", "selective", "open", "open", "open", "limited",
	}[d.n]
}

// line is the line of the budget that the deal names: the code of its programme,
// for most of them; for one something that no budget has.
func (d *deal) line() string {
	switch {
	case d.n == 4 || d.n == dealSigned && d.a%2 == 1:
		return ""
	case d.budget.agency == ministryR && d.n == dealAwarded:
		return "40499"
	}
	return d.programme.code
}

// dealLimit is what asks for a tender, in rials.
const dealLimit = 50_000_000_000

// estimate is what the deal was thought to cost, in rials.
func (d *deal) estimate() int64 {
	if d.oddity == belowLimit {
		return dealLimit
	}
	return d.programme.base * int64(3+(7*d.n+5*d.a)%11) * 2_500_000
}

// worth is what was agreed upon.
func (d *deal) worth() int64 {
	if d.oddity == belowLimit {
		return dealLimit * 98 / 100
	}
	return d.estimate() / 100 * int64(88+(3*d.n+d.a)%10)
}

// Days of the life of a deal, each so many after the one before.
const (
	untilTender = 20
	forOffers   = 24
	forHaste    = 6
	untilAward  = 18
	untilSigned = 9
	untilDearer = 160 // after signing
	runs        = 300 // likewise
)

// dealPlans are the days on which the first agency planned its deals.
var dealPlans = [dealsOf]string{
	"2023-05-02", "2023-08-12", "2023-12-03", "2024-04-14", "2024-09-08", "2025-01-19", "2025-06-15", "2026-04-19", "2026-07-05", "2026-09-01", "2026-10-01", "2026-02-07",
}

// lastTold is the last day of which the releases tell.
var lastTold = day("2026-10-25")

func (d *deal) planned() time.Time { return dayAfter(dealPlans[d.n], 3*d.a) }

func (d *deal) opened() time.Time { return d.planned().AddDate(0, 0, untilTender) }

func (d *deal) closed() time.Time {
	switch {
	case d.oddity == hasty:
		return d.opened().AddDate(0, 0, forHaste)
	case d.n == dealOpen:
		return d.opened().AddDate(0, 0, 2*forOffers)
	}
	return d.opened().AddDate(0, 0, forOffers)
}

func (d *deal) awarded() time.Time { return d.closed().AddDate(0, 0, untilAward) }

func (d *deal) signed() time.Time {
	if d.oddity == tooEarly {
		return d.awarded().AddDate(0, 0, -untilSigned)
	}
	return d.awarded().AddDate(0, 0, untilSigned)
}

// companies are who sells to the agencies of the demo, by category. There are
// none of these names.
func companies() map[string][]string {
	return map[string][]string{
		"goods":    {"بازرگانی نمونهٔ البرز", "تجهیزگستر نمونه", "تأمین کالای نمونهٔ پارس", "فناوری نمونهٔ هوشمند", "صنایع نمونهٔ زاگرس"},
		"works":    {"راه و ساختمان نمونهٔ کویر", "پل‌سازان نمونه", "عمران نمونهٔ شرق", "سازهٔ نمونهٔ دماوند", "ابنیهٔ نمونهٔ خلیج"},
		"services": {"مهندسان مشاور نمونه", "داده‌پردازان نمونهٔ سپهر", "خدمات نمونهٔ مهر", "پژوهش نمونهٔ ایرانیان", "پشتیبانی نمونهٔ آریا"},
	}
}

// winner is the number of the company that got the deal. One sells most of what
// the Statistical Centre buys.
func (d *deal) winner() int {
	if d.budget.agency == statistic && d.category == "services" && d.n != 1 {
		return 1
	}
	return (d.a + 2*d.n) % len(companies()[d.category])
}

// offers is how many companies made an offer.
func (d *deal) offers() int {
	switch {
	case d.method() == "direct" || d.oddity == oneOffer:
		return 1
	case d.n == dealFailed:
		return 0
	}
	return 2 + (d.a+d.n)%4
}
