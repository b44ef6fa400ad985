package harvesters

import (
	"context"
	"log/slog"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// Deps is what harvesting needs of the program around it.
type Deps struct {
	Store   *catalog.Store
	Files   *datasets.Files
	Log     *slog.Logger
	Now     func() time.Time
	Version string  // of the program, told to servers
	Client  *Client // one of its own for each call when nil
	Dir     string  // the data folder, for the pages that sources send; empty: none is kept
	// Locate is that of the client, see ClientOptions.
	Locate func(ctx context.Context, host string) (addr string, err error)
}

// client returns the client and what ends it.
func (d *Deps) client() (*Client, func()) {
	if d.Client != nil {
		return d.Client, func() {}
	}
	c := NewClient(ClientOptions{Version: d.Version, Now: d.Now, Locate: d.Locate})
	return c, c.Close
}

func (d *Deps) log() *slog.Logger {
	if d.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return d.Log
}
