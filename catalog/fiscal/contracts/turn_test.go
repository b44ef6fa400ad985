package contracts

import (
	"context"
	"errors"
	"testing"
)

func TestOneHasTheTurnAtATime(t *testing.T) {
	one := make(turn, 1)
	if err := one.take(t.Context()); err != nil {
		t.Fatal(err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if err := one.take(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("one who left: %v", err)
	}
	if err := one.take(t.Context()); !errors.Is(err, ErrBusy) {
		t.Errorf("the second: %v", err)
	}
	one.give()
	if err := one.take(t.Context()); err != nil {
		t.Errorf("after the first: %v", err)
	}
}
