package contracts

import (
	"context"
	"errors"
	"time"
)

// ErrBusy says that too many asked for what takes long, which others should not
// wait for.
var ErrBusy = errors.New("others are being answered")

// turnWait is how long one waits for a turn.
const turnWait = 2 * time.Second

// A turn is held by one at a time.
type turn chan struct{}

func (t turn) take(ctx context.Context) error {
	wait, cancel := context.WithTimeout(ctx, turnWait)
	defer cancel()
	select {
	case t <- struct{}{}:
		return nil
	case <-wait.Done():
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return ErrBusy
}

func (t turn) give() { <-t }
