package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/samples"
)

// demoQuestions puts the questions of the demo into the catalogue that are not
// there, each at the time at which it was asked and answered.
func (e *env) demoQuestions(p *portal) (err error) {
	clock := e.now()
	store, err := catalog.Open(e.ctx, e.dir, catalog.Options{Now: func() time.Time { return clock }, Fatal: e.fatal})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	for _, q := range samples.Questions() {
		a, err := demoAsking(e, p, &q)
		if errors.Is(err, catalog.ErrNotFound) {
			continue // what it is about was taken away by people
		}
		if err != nil {
			return err
		}
		var asked catalog.Question
		again := false
		ask := func(tx *catalog.Tx) error {
			if asked, again, err = tx.Ask(a); err != nil || again {
				return err
			}
			_, err = tx.OpenQuestion(&catalog.Shell, asked.ID, catalog.AnyRevision)
			return err
		}
		answer := func(tx *catalog.Tx) error {
			_, _, err := tx.AnswerQuestion(&catalog.Shell, asked.ID, catalog.AnyRevision, q.Answer)
			return err
		}
		clock = e.now().Add(-q.Asked)
		if err = store.Write(e.ctx, ask); err == nil && !again && q.Answer != "" {
			clock = e.now().Add(-q.Replied)
			err = store.Write(e.ctx, answer)
		}
		if err != nil && !errors.Is(err, catalog.ErrReused) {
			return fmt.Errorf("the question %q of the demo: %w", q.Key, err)
		}
	}
	return nil
}

// demoAsking is a question as somebody hands it in. Nobody has its code: it is
// not to be taken back.
func demoAsking(e *env, p *portal, q *samples.Question) (*catalog.Asking, error) {
	agency, err := p.store.Agency(e.ctx, q.Agency)
	if err != nil {
		return nil, err
	}
	a := &catalog.Asking{Agency: agency.ID, Kind: q.Kind, Lang: q.Lang, Name: q.Name, Text: q.Text, Once: "demo " + q.Key, Receipt: make([]byte, 32)}
	_, _ = rand.Read(a.Receipt) // it never fails
	if q.Dataset != "" {
		ds, err := p.store.Dataset(e.ctx, q.Dataset)
		if err != nil {
			return nil, err
		}
		a.Dataset = ds.ID
	}
	return a, nil
}
