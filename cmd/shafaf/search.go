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
	"github.com/openshafaf/shafaf/search"

	"github.com/goccy/go-json"
)

type searchCmd struct {
	Query string `arg:"" help:"Words to look for, in Persian or English."`
	Limit int    `help:"How many results to print." default:"20"`
	JSON  bool   `name:"json" help:"Print one JSON object with total and results."`
}

// found is what a search prints, and what the server's API answers.
type found struct {
	Total   int64      `json:"total"`
	Results []foundOne `json:"results"`
}

type foundOne struct {
	Kind  string       `json:"kind"`
	Slug  string       `json:"slug"`
	Title catalog.Text `json:"title"`
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
		t.row(r.Kind, r.Slug, title)
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
	res, err := index.Search(e.ctx, search.Query{Text: c.Query, Kind: catalog.NounDataset, Size: c.Limit})
	if err != nil {
		return found{}, err
	}
	got := found{Total: res.Total, Results: []foundOne{}}
	for _, h := range res.Hits {
		d, err := p.store.Dataset(e.ctx, h.ID)
		if err != nil {
			return got, err
		}
		got.Results = append(got.Results, foundOne{catalog.NounDataset, d.Slug, d.Title})
	}
	return got, nil
}

// askTimeout is the patience with a server on the same machine.
const askTimeout = 30 * time.Second

func (c *searchCmd) ask(ctx context.Context, server instance) (found, error) {
	var got found
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	address := "http://" + server.Addr + "/api/v1/datasets?" + url.Values{"q": {c.Query}, "_size": {strconv.Itoa(c.Limit)}}.Encode()
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
	for i := range got.Results {
		got.Results[i].Kind = catalog.NounDataset
	}
	return got, nil
}
