package site

import (
	"strconv"
	"time"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"
	"github.com/openshafaf/shafaf/site/limit"

	"github.com/gofiber/fiber/v2"
)

// A Budget is what requests of one kind may cost together, each visitor by
// themselves.
type Budget string

// The budgets. What a Site has no limiter for costs nothing.
const (
	BudgetReads     Budget = "reads"     // pages, files and the API, by address
	BudgetTokens    Budget = "tokens"    // what comes with a token, by token
	BudgetSignIn    Budget = "sign-in"   // passwords, codes and links, by address
	BudgetUploads   Budget = "uploads"   // files that are sent here, by token or person
	BudgetQuestions Budget = "questions" // forms without an account, by address
	BudgetComments  Budget = "comments"  // comments on drafts, by address
)

// Limits are the limiters by budget.
type Limits map[Budget]*limit.Limiter

// What requests cost in units. A page that is ready costs one.
const (
	costSearch  = 2
	costPicture = 4  // the page of a chart or a map
	costDraw    = 10 // a file of one that must be drawn first
	costCompare = 10 // two editions, row by row
	costExport  = 20 // a file that must be written first
	costGuess   = 5  // a token that is none
	costBody    = 5  // a large form or JSON, beside what is done with it
)

// spend takes what a request costs out of the budget. It fails with what the
// visitor is told when there is not so much left.
func (s *Site) spend(c *fiber.Ctx, b Budget, key string, cost int) error {
	c.Locals(localPaid, true)
	l := s.Limits[b]
	if l == nil {
		return nil
	}
	wait, ok := l.Take(key, cost)
	if ok {
		return nil
	}
	s.metrics.limited.WithLabelValues(string(b)).Inc()
	seconds := int64((wait + time.Second - 1) / time.Second)
	c.Set(fiber.HeaderRetryAfter, strconv.FormatInt(seconds, 10))
	return s.refuse(answerLanguage(c), fiber.StatusTooManyRequests, "", "refused.limit", "n", seconds)
}

// sizeOfUnit is how many bytes of an answer, beside the first so many, cost one
// unit more when it had to be made: a table of 2,000 columns takes a hundred
// times as long as one of twenty.
const sizeOfUnit = 64 << 10

// charge takes out of a budget what an answer has cost beyond what its route
// does. It goes out all the same; the next ones wait.
func (s *Site) charge(b Budget, key string, body []byte) {
	if l := s.Limits[b]; l != nil {
		l.Charge(key, len(body)/sizeOfUnit)
	}
}

// chargeFor is charge for who asks.
func (s *Site) chargeFor(r *Request, body []byte) {
	b, key := r.payer()
	s.charge(b, key, body)
}

// block is the key of the address that a request comes from.
func (s *Site) block(c *fiber.Ctx) string { return limit.Block(s.address(c)) }

// payer is whose budget a request is paid from.
func (r *Request) payer() (b Budget, key string) {
	switch {
	case r.Actor.Token != "":
		return BudgetTokens, "token " + r.Actor.Token
	case r.Actor.Person != "":
		return BudgetReads, "person " + r.Actor.Person
	default:
		return BudgetReads, r.site.block(r.ctx)
	}
}

// pay takes what a request to the route costs out of the budget of who asks.
// refused is the error by which the route does not let them in: then it is the
// address that pays.
func (s *Site) pay(c *fiber.Ctx, route *Route, r *Request, refused error) error {
	_, moved := isMoved(refused)
	if refused != nil && !moved {
		cost := 1
		if r.Bearer() != "" {
			cost = costGuess
		}
		if err := s.spend(c, BudgetReads, s.block(c), cost); err != nil {
			return err
		}
		return refused
	}
	b, key := r.payer()
	if route.Budget != "" && c.Method() != fiber.MethodGet {
		b = route.Budget
	}
	if err := s.spend(c, b, key, max(route.Cost, 1)); err != nil {
		return err
	}
	return refused
}

// Block is the key of the address that the request comes from, for limiters.
func (r *Request) Block() string { return r.site.block(r.ctx) }

// Spend takes cost units out of a budget of the address that the request comes
// from, whoever is signed in. Its error is the answer.
func (r *Request) Spend(b Budget, cost int) error {
	return r.site.spend(r.ctx, b, r.site.block(r.ctx), cost)
}

// Take is the limiter of a budget as a function, for what asks about others than
// the one who sends a request. Without a limiter there is enough of everything.
func (s *Site) Take(b Budget) func(key string, cost int) (wait time.Duration, ok bool) {
	l := s.Limits[b]
	if l == nil {
		return func(string, int) (time.Duration, bool) { return 0, true }
	}
	return l.Take
}

// payExport takes what writing the file costs out of the budget of the address,
// when it is not there already.
func (s *Site) payExport(c *fiber.Ctx, w *wanted, q datasets.RowQuery, format exporters.Format, o exporters.Options) error {
	o = w.titled(o)
	var ready bool
	if key := q.Key(w.edition.Schema); key == "" {
		_, ready = s.Exports.Peek(w.edition.Digest, format, o)
	} else {
		_, ready = s.Exports.PeekPart(w.edition.Digest, key, format, o)
	}
	if ready {
		return nil
	}
	return s.spend(c, BudgetReads, s.block(c), costExport)
}
