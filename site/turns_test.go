package site

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
)

// Who came first is answered first, and as many at once as there are places.
func TestTurnsComeInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		places := make(turns, 2)
		first, second := places.take(), places.take()
		var mu sync.Mutex
		var came []int
		for i := range 5 {
			go func() {
				end := places.take()
				mu.Lock()
				came = append(came, i)
				mu.Unlock()
				end()
			}()
			synctest.Wait()
		}
		if len(came) > 0 {
			t.Errorf("%v have their turn while both places are taken", came)
		}
		first()
		synctest.Wait()
		second()
		if want := []int{0, 1, 2, 3, 4}; !slices.Equal(came, want) {
			t.Errorf("they come as %v, want %v", came, want)
		}
		if len(places) > 0 {
			t.Errorf("%d places stay taken", len(places))
		}
	})
}

// What takes long, or hangs, keeps nobody waiting for longer than a turn.
func TestTurnsEndByThemselves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		places := make(turns, 1)
		slow := places.take()
		next := places.take()
		slow() // when the place is another's already
		if len(places) != 1 {
			t.Error("the one who is late has given away a place that was not theirs")
		}
		next()
		if len(places) != 0 {
			t.Error("the place is not free")
		}
	})
}
