package main

import (
	"reflect"
	"testing"

	"github.com/openshafaf/shafaf/catalog/accounts"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/datasets/samples"
)

// demoFigures are what the demo keeps of its drafts, by slug.
func demoFigures(e *env, p *portal) (map[string][]int64, error) {
	talk := consultation.New(p.store)
	all, _, err := talk.Drafts(e.ctx, consultation.DraftFilter{})
	if err != nil {
		return nil, err
	}
	figures := map[string][]int64{}
	for i := range all {
		d := &all[i]
		cover, err := talk.Coverage(e.ctx, d.ID)
		if err != nil {
			return nil, err
		}
		versions, err := talk.Versions(e.ctx, d.ID)
		if err != nil {
			return nil, err
		}
		periods, err := talk.Periods(e.ctx, d.ID)
		if err != nil {
			return nil, err
		}
		papers, err := talk.Papers(e.ctx, d.ID)
		if err != nil {
			return nil, err
		}
		figures[d.Slug] = []int64{cover.Comments, cover.Clusters, cover.ClustersAnswered, cover.Changes, cover.Sourced, int64(len(versions)), int64(len(periods)), int64(len(papers)), d.Revision}
	}
	return figures, nil
}

// The demo has a draft in each stage, and one that lived its whole life: each
// group of comments is answered, and each change has a source. A second time
// nothing is added.
func TestDemoDraftsLiveOnce(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	p.inside(func(e *env, q *portal, _ *accounts.Accounts) error {
		if _, err := e.demoSources(q); err != nil {
			return err
		}
		if err := e.demoDrafts(q); err != nil {
			return err
		}
		first, err := demoFigures(e, q)
		if err != nil {
			return err
		}
		if len(first) != len(samples.Drafts()) || len(first) < 4 {
			t.Errorf("%d drafts of %d", len(first), len(samples.Drafts()))
		}
		counts, err := consultation.New(q.store).DraftCounts(e.ctx, "")
		if err != nil {
			return err
		}
		for _, stage := range []consultation.Stage{consultation.Announced, consultation.Open, consultation.InReview, consultation.Approved} {
			if counts[stage] == 0 {
				t.Errorf("no draft is %s: %v", stage, counts)
			}
		}
		lived := false
		for _, d := range samples.Drafts() {
			f := first[d.Slug]
			if d.Approved == 0 || f == nil {
				continue
			}
			if lived = true; f[0] < 300 || f[1] == 0 || f[2] != f[1] || f[3] == 0 || f[4] != f[3] || f[5] != 2 {
				t.Errorf("%s: %v", d.Slug, f)
			}
		}
		if !lived {
			t.Error("no draft lived its whole life")
		}
		if err := e.demoDrafts(q); err != nil {
			return err
		}
		again, err := demoFigures(e, q)
		if !reflect.DeepEqual(first, again) {
			t.Errorf("a second time: %v, was %v", again, first)
		}
		return err
	})
}
