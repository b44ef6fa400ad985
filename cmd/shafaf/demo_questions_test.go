package main

import (
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/accounts"
)

// The demo has two questions with their answers and one that is open, each once
// however often it is made.
func TestDemoQuestionsAreAskedOnce(t *testing.T) {
	p := newProgram(t)
	p.inside(func(e *env, q *portal, _ *accounts.Accounts) error {
		if _, err := e.demoSources(q); err != nil {
			return err
		}
		agency, err := q.store.Agency(e.ctx, "statistical-centre")
		if err != nil {
			return err
		}
		about := &catalog.Dataset{Slug: "population-of-the-provinces", Agency: agency.ID, State: catalog.Published, Title: catalog.Text{"en": "Population of the provinces"}}
		if err := q.store.Write(e.ctx, func(tx *catalog.Tx) error { return tx.PutDataset(about) }); err != nil {
			return err
		}
		for range 2 {
			if err := e.demoQuestions(q); err != nil {
				return err
			}
			f, err := q.store.QuestionFigures(e.ctx, "", "")
			if err != nil {
				return err
			}
			if f.Answered != 2 || f.Open != 1 || f.Waiting != 0 || f.Median == 0 {
				t.Errorf("the questions are %+v", f)
			}
		}
		return nil
	})
}
