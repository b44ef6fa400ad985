package site

import (
	"context"
	"errors"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal"
)

// A spendingSource is where figures are from: a budget with its lines, the
// edition of its table, the file and the run that brought them.
type spendingSource struct {
	Budget  Link
	Agency  Link
	Dataset Link
	Lines   string // address of the lines that the figures are the sum of
	Edition string // addresses
	File    string
	Table   string
	Run     Link
	Loaded  time.Time
	State   string
}

// mostSources is how many budgets a page names.
const mostSources = 12

// spendingSources are those of the figures of a place.
func (s *Site) spendingSources(ctx context.Context, l *locale, p *spent) ([]spendingSource, error) {
	var all []spendingSource
	for i := range p.sources[:min(len(p.sources), mostSources)] {
		one, err := s.budgetSource(ctx, l, &p.sources[i], p.agencies)
		if err != nil {
			return nil, err
		}
		one.Lines = withQuery("/"+l.lang+budgetPath(p.sources[i].Slug)+"/lines", p.sources[i].LineQuery(p.view(), p.trail))
		all = append(all, one)
	}
	return all, nil
}

// budgetSource is where the figures of a budget are from.
func (s *Site) budgetSource(ctx context.Context, l *locale, b *fiscal.Budget, agencies agencyList) (spendingSource, error) {
	one := spendingSource{State: b.State, Loaded: b.Loaded, Agency: l.agencyLink(agencies.byID[b.Agency])}
	title := l.said(b.Title)
	one.Budget = Link{Text: firstOf(title.Text, b.Slug), Lang: title.Lang, URL: "/" + l.lang + budgetPath(b.Slug)}
	place, err := s.Catalog.Locate(ctx, b.Resource)
	if errors.Is(err, catalog.ErrNotFound) {
		return one, nil
	}
	if err != nil {
		return one, err
	}
	one.Dataset = Link{Text: firstOf(title.Text, b.Slug), Lang: title.Lang, URL: "/" + l.lang + datasetPath(place.Dataset.Slug)}
	if b.Edition == "" {
		return one, nil
	}
	at := editionPath(place.Dataset.Slug, b.Resource, b.Edition)
	one.Edition, one.File = "/"+l.lang+at, at+"/file"
	one.Table = "/" + l.lang + datasetPath(place.Dataset.Slug) + "/table?" + paramResource + "=" + b.Resource + "&" + paramEdition + "=" + b.Edition
	e, err := s.Catalog.Edition(ctx, b.Resource, b.Edition)
	if errors.Is(err, catalog.ErrNotFound) {
		one.Edition, one.File, one.Table = "", "", ""
		return one, nil
	}
	if err != nil {
		return one, err
	}
	if e.File == "" {
		one.File = ""
	}
	one.Run, err = s.runBefore(ctx, l, place.Dataset.Source, &e)
	return one, err
}

// runBefore is the harvest that brought an edition: the last one of its source
// that began before it was there.
func (s *Site) runBefore(ctx context.Context, l *locale, source string, e *catalog.Edition) (Link, error) {
	if source == "" {
		return Link{}, nil
	}
	const looked = 50
	src, err := s.Catalog.Source(ctx, source)
	if errors.Is(err, catalog.ErrNotFound) {
		return Link{}, nil
	}
	if err != nil {
		return Link{}, err
	}
	runs, err := s.Catalog.Runs(ctx, src.ID, looked)
	if err != nil {
		return Link{}, err
	}
	for i := range runs {
		if !runs[i].DryRun && !runs[i].Started.After(e.Since) {
			return Link{Text: l.instant(runs[i].Started), URL: "/" + l.lang + sourcePath(src.Slug) + "/runs/" + runs[i].ID}, nil
		}
	}
	return Link{}, nil
}
