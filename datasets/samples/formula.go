package samples

import (
	"fmt"
	"strconv"
	"strings"
)

// vars holds the variables of a formula by their letter, from a to z.
type vars ['z' + 1]int64

// A formula computes a whole number from variables.
type formula func(v *vars) int64

// mustParse returns the formula that s writes with whole numbers, variables of
// one letter, + - * / mod and brackets; / drops the fraction. The formulas are
// part of the program, so a wrong one panics, as a wrong regular expression does.
func mustParse(s string) formula {
	p := &parser{words: split(s)}
	f := p.sum()
	if len(p.words) > 0 || p.wrong != "" {
		panic(fmt.Sprintf("formula %q: unexpected %q", s, p.wrong+strings.Join(p.words, " ")))
	}
	return f
}

func split(s string) []string {
	for _, sign := range []string{"+", "-", "*", "/", "(", ")"} {
		s = strings.ReplaceAll(s, sign, " "+sign+" ")
	}
	return strings.Fields(s)
}

type parser struct {
	words []string
	wrong string
}

// next takes the next word if it is one of the given ones.
func (p *parser) next(of ...string) string {
	if len(p.words) == 0 {
		return ""
	}
	for _, w := range of {
		if p.words[0] == w {
			p.words = p.words[1:]
			return w
		}
	}
	return ""
}

func (p *parser) sum() formula {
	left := p.product()
	for {
		a := left
		switch p.next("+", "-") {
		case "+":
			b := p.product()
			left = func(v *vars) int64 { return a(v) + b(v) }
		case "-":
			b := p.product()
			left = func(v *vars) int64 { return a(v) - b(v) }
		default:
			return left
		}
	}
}

func (p *parser) product() formula {
	left := p.atom()
	for {
		a := left
		switch p.next("*", "/", "mod") {
		case "*":
			b := p.atom()
			left = func(v *vars) int64 { return a(v) * b(v) }
		case "/":
			b := p.atom()
			left = func(v *vars) int64 { return a(v) / b(v) }
		case "mod":
			b := p.atom()
			left = func(v *vars) int64 { return a(v) % b(v) }
		default:
			return left
		}
	}
}

func (p *parser) atom() formula {
	if p.next("(") != "" {
		f := p.sum()
		if p.next(")") == "" {
			p.wrong = "end before )"
		}
		return f
	}
	if len(p.words) == 0 {
		p.wrong = "end"
		return func(*vars) int64 { return 0 }
	}
	w := p.words[0]
	p.words = p.words[1:]
	if len(w) == 1 && w[0] >= 'a' && w[0] <= 'z' {
		letter := w[0]
		return func(v *vars) int64 { return v[letter] }
	}
	n, err := strconv.ParseInt(w, 10, 64)
	if err != nil {
		p.wrong = w
	}
	return func(*vars) int64 { return n }
}
