package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/site"
	"github.com/openshafaf/shafaf/site/limit"
)

// limitFlags are how much each visitor may ask for. What requests cost stands in
// the table of routes; a page costs one unit.
type limitFlags struct {
	Limit          allowance `name:"limit" help:"Units that one address may ask for, and the time in which they come back; off: no limit of any kind." default:"600/30s" env:"SHAFAF_LIMIT" placeholder:"UNITS/TIME"`
	LimitTokens    allowance `name:"limit-tokens" help:"The same for one token of the API." default:"3000/30s" env:"SHAFAF_LIMIT_TOKENS" placeholder:"UNITS/TIME"`
	LimitSignIn    allowance `name:"limit-sign-in" help:"Tries to sign in from one address." default:"30/10m" env:"SHAFAF_LIMIT_SIGN_IN" placeholder:"TRIES/TIME"`
	LimitUploads   allowance `name:"limit-uploads" help:"Files that one person or token may send." default:"300/10m" env:"SHAFAF_LIMIT_UPLOADS" placeholder:"FILES/TIME"`
	LimitQuestions allowance `name:"limit-questions" help:"Other forms without an account from one address." default:"20/1h" env:"SHAFAF_LIMIT_QUESTIONS" placeholder:"FORMS/TIME"`
	LimitComments  allowance `name:"limit-comments" help:"Comments on drafts from one address." default:"60/1h" env:"SHAFAF_LIMIT_COMMENTS" placeholder:"COMMENTS/TIME"`
}

// limits are the limiters that the flags ask for.
func (f *limitFlags) limits(now func() time.Time) site.Limits {
	all := site.Limits{}
	if f.Limit.units == 0 {
		return all
	}
	for budget, a := range map[site.Budget]allowance{
		site.BudgetReads: f.Limit, site.BudgetTokens: f.LimitTokens, site.BudgetSignIn: f.LimitSignIn,
		site.BudgetUploads: f.LimitUploads, site.BudgetQuestions: f.LimitQuestions, site.BudgetComments: f.LimitComments,
	} {
		if a.units > 0 {
			all[budget] = limit.New(limit.Options{Units: a.units, Per: a.per, Now: now})
		}
	}
	return all
}

// An allowance is so many units in so much time; the zero value is no limit.
type allowance struct {
	units int
	per   time.Duration
}

// The bounds of an allowance.
const (
	maxUnits     = 10_000_000
	maxAllowance = 24 * time.Hour
)

// UnmarshalText reads "off" or units and a time, "600/30s".
func (a *allowance) UnmarshalText(text []byte) error {
	s := strings.TrimSpace(string(text))
	if s == "off" {
		*a = allowance{}
		return nil
	}
	count, per, found := strings.Cut(s, "/")
	units, err := strconv.Atoi(count)
	if !found || err != nil || units < 1 || units > maxUnits {
		return fmt.Errorf("%q is neither off nor units and a time like 600/30s, with 1 to %d units", s, maxUnits)
	}
	d, err := time.ParseDuration(per)
	if err != nil || d < time.Second || d > maxAllowance {
		return fmt.Errorf("%q is no time from 1s to 24h, like 30s, 10m or 1h", per)
	}
	a.units, a.per = units, d
	return nil
}

// String is the allowance as it is given.
func (a allowance) String() string {
	if a.units == 0 {
		return "off"
	}
	per := a.per.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(per, zero) {
			per = per[:len(per)-2]
		}
	}
	return strconv.Itoa(a.units) + "/" + per
}
