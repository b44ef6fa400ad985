package main

import (
	"context"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// logKey is the key by which heads of the log of all acts are signed.
func (e *env) logKey() (*catalog.LogKey, error) {
	seed, err := e.key("log")
	if err != nil {
		return nil, err
	}
	return catalog.NewLogKey(seed)
}

// When the log's head is signed and old sessions are forgotten.
const (
	signEvery   = 24 * time.Hour
	forgetEvery = time.Hour
)

// followLog signs the head of the log each day, and forgets sessions and links
// that are good for nothing any more.
func (e *env) followLog(ctx context.Context, p *portal) error {
	key, err := e.logKey()
	if err != nil {
		return err
	}
	people, err := e.accounts(p)
	if err != nil {
		return err
	}
	for ctx.Err() == nil {
		if err := people.Clean(ctx); err != nil {
			return err
		}
		last, err := p.store.LastLogHead(ctx)
		if err != nil || e.now().Sub(last.At) >= signEvery {
			if _, err := p.store.SignLog(ctx, key); err != nil {
				return err
			}
		}
		sleep(ctx, forgetEvery)
	}
	return ctx.Err()
}

// verifyLog checks the log of all acts.
func (e *env) verifyLog(p *portal, part func(catalog.VerifyPart)) error {
	first, err := p.store.LogEntries(e.ctx, catalog.LogQuery{Size: 1})
	if err != nil || len(first) == 0 { // then no key is needed, nor made
		part(catalog.VerifyPart{Name: "log"})
		return err
	}
	key, err := e.logKey()
	if err != nil {
		return err
	}
	v, err := catalog.VerifyLog(e.ctx, p.store, key.Public())
	if err == nil {
		part(v)
	}
	return err
}
