package processors

import (
	"runtime"
	"testing"
)

// A server has more threads than processors; work is divided as before.
func TestShareLeavesTheCount(t *testing.T) {
	t.Setenv("GOMAXPROCS", "")
	before := Count()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	Share()
	if got := runtime.GOMAXPROCS(0); got != 2*before || Count() != before {
		t.Errorf("%d threads for %d processors, of which there were %d", got, Count(), before)
	}
}

func TestShareObeysTheEnvironment(t *testing.T) {
	t.Setenv("GOMAXPROCS", "3")
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	Share()
	if got := runtime.GOMAXPROCS(0); got != 3 {
		t.Errorf("%d threads where the environment says 3", got)
	}
}
