package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
	"github.com/openshafaf/shafaf/search"

	"github.com/goccy/go-json"
)

type searchCmd struct {
	Query string `arg:"" help:"Words to look for, in Persian or English."`
	Kind  string `help:"Kind of results: ${enum}; all without it." enum:",dataset,agency,draft,article,comment,process" default:""`
	Limit int    `help:"How many results to print." default:"20"`
	JSON  bool   `name:"json" help:"Print one JSON object with total and results."`
}

// found is what a search prints, and what the server's API answers.
type found struct {
	Total   int64      `json:"total"`
	Results []foundOne `json:"results"`
}

// A foundOne is one result. Slug and title of a comment are those of its draft,
// the slug of an article too.
type foundOne struct {
	Kind    string       `json:"kind"`
	ID      string       `json:"id"`
	Slug    string       `json:"slug"`
	Title   catalog.Text `json:"title"`
	Address string       `json:"address,omitempty"` // of an article, or of what a comment stands at
}

// Run asks the running server, which holds the index, or else the index.
func (c *searchCmd) Run(e *env) error {
	var got found
	var err error
	if server, running := e.server(); running {
		got, err = c.ask(e.ctx, server)
	} else {
		got, err = c.look(e)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return e.printJSON(got)
	}
	fmt.Fprintf(e.out, "%d found\n", got.Total)
	t := e.table("KIND", "SLUG", "TITLE")
	for _, r := range got.Results {
		title, _ := r.Title.In("fa")
		slug := r.Slug
		if r.Address != "" {
			slug += "#" + r.Address
		}
		t.row(r.Kind, slug, title)
	}
	return t.end()
}

func (c *searchCmd) look(e *env) (found, error) {
	p, err := e.open()
	if err != nil {
		return found{}, err
	}
	defer p.close()
	index, err := e.openIndex(p)
	if err != nil {
		return found{}, err
	}
	defer index.Close()
	if err := index.CatchUp(e.ctx, p.store, nil); err != nil {
		return found{}, err
	}
	res, err := index.Search(e.ctx, search.Query{Text: c.Query, Kind: c.Kind, Size: c.Limit})
	if err != nil {
		return found{}, err
	}
	got := found{Total: res.Total, Results: []foundOne{}}
	talk := consultation.New(p.store)
	for i := range res.Hits {
		one, err := tellFound(e.ctx, p.store, talk, &res.Hits[i])
		if err != nil {
			return got, err
		}
		got.Results = append(got.Results, one)
	}
	return got, nil
}

// tellFound says what a hit is.
func tellFound(ctx context.Context, store *catalog.Store, talk *consultation.Consultation, h *search.Hit) (one foundOne, err error) {
	one = foundOne{Kind: h.Kind, ID: h.ID}
	draft := h.ID
	switch h.Kind {
	case catalog.NounDataset:
		d, err := store.Dataset(ctx, h.ID)
		one.Slug, one.Title = d.Slug, d.Title
		return one, err
	case catalog.NounAgency:
		a, err := store.Agency(ctx, h.ID)
		one.Slug, one.Title = a.Slug, a.Title
		return one, err
	case contracts.NounProcess:
		p, err := contracts.New(store).LastKnown(ctx, h.ID)
		if one.Slug, one.Title = p.Slug, p.Title; len(p.Title) == 0 {
			one.Title = catalog.TitleOf(p.OCID)
		}
		return one, err
	case search.KindArticle:
		draft, one.Address = h.Article()
	case consultation.NounComment:
		c, err := talk.Comment(ctx, h.ID)
		if err != nil {
			return one, err
		}
		draft, one.Address = c.Draft, c.Address
	}
	d, err := talk.Draft(ctx, draft)
	if one.Slug, one.Title = d.Slug, d.Title; err != nil || h.Kind != search.KindArticle {
		return one, err
	}
	all, err := talk.Passages(ctx, draft)
	for i := range all {
		if all[i].Address == one.Address {
			one.Title = catalog.Text{all[i].Version.Lang: all[i].Name()}
		}
	}
	return one, err
}

// askTimeout is the patience with a server on the same machine.
const askTimeout = 30 * time.Second

func (c *searchCmd) ask(ctx context.Context, server instance) (found, error) {
	var got found
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	address := "http://" + server.Addr + "/api/v1/search?" + url.Values{"q": {c.Query}, "in": {c.Kind}, "_size": {strconv.Itoa(c.Limit)}}.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return got, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return got, fmt.Errorf("ask the running server: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 16<<20))
	if err != nil {
		return got, err
	}
	if resp.StatusCode != http.StatusOK {
		return got, fmt.Errorf("the running server answered %s", resp.Status)
	}
	if err := json.Unmarshal(body, &got); err != nil {
		return found{}, fmt.Errorf("the running server's answer: %w", err)
	}
	return got, nil
}
