package main

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
)

// A lawPlace is a draft regulation with a text that waits; when it is public,
// with a text before that and with a comment.
type lawPlace struct{ draft, version, comment string }

// draftRegulation makes a draft of an agency.
func (s *stand) draftRegulation(p *portal, agency string, public bool) (l lawPlace) {
	s.t.Helper()
	l.comment = "nothing"
	s.must(p.store.Write(s.e.ctx, func(tx *catalog.Tx) error {
		d, err := consultation.CreateDraft(tx, &catalog.Shell, consultation.Draft{Agency: agency, Title: catalog.Text{"en": "Rule"}})
		if err != nil {
			return err
		}
		l.draft = d.ID
		text := consultation.Wording{Law: lawtext.Split("Rule\n\nArticle 1. Fares are told.\n\nArticle 2. Nobody waits.")}
		d, v, err := consultation.AddVersion(tx, &catalog.Shell, d.ID, d.Revision, &text)
		l.version = v.ID
		if err != nil || !public {
			return err
		}
		if d, err = consultation.PublishDraft(tx, &catalog.Shell, d.ID, d.Revision); err != nil {
			return err
		}
		if d, _, err = consultation.AddPeriod(tx, &catalog.Shell, d.ID, d.Revision, consultation.PeriodWish{Kind: consultation.Opened, Closes: tx.Now().Add(10 * 24 * time.Hour), Basis: "rule"}); err != nil {
			return err
		}
		text.Law = lawtext.Split("Rule\n\nArticle 1. Fares are written down.\n\nArticle 2. Nobody waits.")
		_, v, err = consultation.AddVersion(tx, &catalog.Shell, d.ID, d.Revision, &text)
		l.version = v.ID
		return err
	}))
	if public {
		s.must(p.store.Write(s.e.ctx, func(tx *catalog.Tx) error {
			once := sha256.Sum256(fmt.Append(nil, agency))
			c, _, err := consultation.File(tx, &consultation.Filing{Draft: l.draft, Kind: consultation.Asks, Lang: "en", Text: "Why?", Once: l.draft, Receipt: once[:]})
			l.comment = c.ID
			return err
		}))
	}
	return l
}

// draftPrograms are the addresses of draft regulations for programs.
func draftPrograms() map[string]matrixLine {
	const one = "/api/v1/drafts/{slug}"
	const text = one + "/versions/{id}"
	// reads is what is there for colleagues alone.
	reads := func(own, operator string) matrixLine {
		line := "401 " + strings.TrimSpace(strings.Repeat(own+" ", 5)) + " " + operator
		other := "401 404 404 404 404 404 " + operator
		return matrixLine{line, other, line, strings.ReplaceAll(other, "404 404 404 404 404", "403 403 403 403 403")}
	}
	// notes are at no revision: the input is empty, or there is none.
	notes := func(status string) matrixLine {
		own := strings.ReplaceAll("401 403 %s 403 %s %s %s", "%s", status)
		return matrixLine{own, "401 404 404 404 404 404 " + status, own, "401 403 403 403 403 403 " + status}
	}
	const missing = "401 404 404 404 404 404 404"
	// replies are to the comment of a draft that is public, which waits.
	replies := matrixLine{missing, missing, "401 403 409 409 409 409 409", "401 403 403 403 403 403 409"}
	return map[string]matrixLine{
		"POST /api/v1/drafts":       every("401 403 201 403 201 201 201"),
		"GET /api/v1/desk/drafts":   every("401 200 200 200 200 200 200"),
		"GET " + one:                {"404 200 200 200 200 200 200", "404 404 404 404 404 404 200", "200 200 200 200 200 200 200", "200 200 200 200 200 200 200"},
		"PATCH " + one:              changes(mayEdit, mayPublish),
		"DELETE " + one:             changes(mayEdit, mayEdit),
		"POST " + one + "/publish":  changes(mayPublish, mayPublish),
		"POST " + one + "/retire":   changes(mayPublish, mayPublish),
		"POST " + one + "/approve":  changes(mayPublish, mayPublish),
		"POST " + one + "/withdraw": changes(mayPublish, mayPublish),
		"POST " + one + "/resume":   changes(mayPublish, mayPublish),
		"POST " + one + "/periods":  changes(mayEdit, mayPublish),
		"POST " + one + "/versions": changes(mayEdit, mayEdit),
		"GET " + text:               reads("200", "200"),
		"PATCH " + text:             changes(mayEdit, mayEdit),
		"DELETE " + text:            changes(mayEdit, mayEdit),
		"PUT " + text + "/file":     changes(mayEdit, mayEdit),
		"POST " + text + "/publish": changes(mayPublish, mayPublish),

		"POST " + text + "/influences":                 notes("422"),
		"DELETE " + one + "/influences/{id}":           notes("404"),
		"GET /api/v1/comments/{id}/answer":             every(missing),
		"PUT /api/v1/comments/{id}/answer":             replies,
		"DELETE /api/v1/comments/{id}/answer":          replies,
		"GET " + one + "/clusters/{cluster}/answer":    every(missing),
		"PUT " + one + "/clusters/{cluster}/answer":    every(missing),
		"DELETE " + one + "/clusters/{cluster}/answer": every(missing),
	}
}

// draftLines are the addresses of draft regulations at the desk.
func draftLines() map[string]matrixLine {
	const one = "/en/desk/drafts/{draft}"
	const text = one + "/texts/{version}"
	// of is an address of a draft: what it answers to the agency's own people for
	// a draft that is not public and for one that is, and to an operator for those
	// of another agency.
	of := func(own, ownPublic, operator, operatorPublic string) matrixLine {
		other := "303 404 404 404 404 404 "
		return matrixLine{own, other + operator, ownPublic, other + operatorPublic}
	}
	edits := func(status string) string {
		return "303 403 " + status + " 403 " + status + " " + status + " " + status
	}
	publishes := func(status string) string { return "303 403 403 403 " + status + " " + status + " " + status }
	answers := func(status string) string { return strings.ReplaceAll("303 403 %s %s %s %s %s", "%s", status) }
	const queue = "303 404 404 200 404 200 200"
	const missing = "303 404 404 404 404 404 404"
	return map[string]matrixLine{
		"GET /en/desk/drafts":      every(signedIn),
		"GET /en/desk/drafts/new":  every(edits("200")),
		"POST /en/desk/drafts/new": every(edits("422")),
		"GET " + one:               of(signedIn, signedIn, "200", "200"),
		"POST " + one:              of("303 400 400 400 400 400 400", "303 400 400 400 400 400 400", "400", "400"),
		"GET " + one + "/about":    of(edits("200"), publishes("200"), "200", "200"),
		"POST " + one + "/about":   of(edits("409"), publishes("409"), "409", "409"),
		"GET " + one + "/papers":   of(edits("200"), publishes("200"), "200", "200"),
		"POST " + one + "/papers":  of(edits("400"), publishes("400"), "400", "400"),
		"GET " + one + "/period":   of(edits("200"), publishes("200"), "200", "200"),
		"POST " + one + "/period":  of(edits("400"), publishes("400"), "400", "400"),
		"GET " + one + "/text":     of(edits("200"), edits("200"), "200", "200"),
		"POST " + one + "/text":    of(edits("422"), edits("422"), "422", "422"),
		"GET " + text:              of(edits("200"), edits("200"), "200", "200"),
		"POST " + text:             of(edits("422"), edits("422"), "422", "422"),
		"GET " + text + "/file":    of(edits("200"), edits("200"), "200", "200"),
		"GET " + text + "/preview": of(signedIn, signedIn, "200", "200"),

		// the first text changes nothing; a cause is of a provision that is named
		"GET " + text + "/changes":  of(edits("404"), edits("200"), "404", "200"),
		"POST " + text + "/changes": of(edits("404"), edits("400"), "404", "400"),
		"GET " + text + "/cause":    of(edits("404"), edits("404"), "404", "404"),
		"POST " + text + "/cause":   of(edits("404"), edits("404"), "404", "404"),

		"GET " + one + "/answers":          of(answers("303"), answers("200"), "303", "200"),
		"GET " + one + "/answers/{about}":  of(answers("303"), answers("200"), "303", "200"),
		"POST " + one + "/answers/{about}": of(answers("303"), answers("400"), "303", "400"),
		"GET " + one + "/decision":         of(publishes("303"), publishes("200"), "303", "200"),
		"POST " + one + "/decision":        of(publishes("303"), publishes("400"), "303", "400"),
		"GET /en/desk/comments":            every(queue),
		"POST /en/desk/comments":           every(strings.ReplaceAll(queue, "200", "422")),
		"GET /en/desk/comments/{comment}":  {missing, missing, signedIn, "303 404 404 404 404 404 200"},
		"POST /en/desk/comments/{comment}": {missing, missing, "303 400 400 400 400 400 400", "303 404 404 404 404 404 400"},
	}
}
