package site

import (
	"strconv"
	"testing"
)

func TestRecentForgetsWhatNobodyAskedForLongest(t *testing.T) {
	k := recent[int]{most: 100}
	for i := range 4 {
		k.put(strconv.Itoa(i), i, 25)
	}
	if _, ok := k.get("0"); !ok {
		t.Fatal("what fits is not there")
	}
	k.put("4", 4, 25)
	for key, want := range map[string]bool{"0": true, "1": false, "2": true, "4": true} {
		if _, ok := k.get(key); ok != want {
			t.Errorf("%s is there: %v", key, ok)
		}
	}
	k.put("2", 7, 20)
	if v, _ := k.get("2"); v != 7 || k.size != 95 {
		t.Errorf("%d, %d bytes after one was replaced", v, k.size)
	}
	k.put("big", 1, 26)
	if _, ok := k.get("big"); ok || k.size != 95 {
		t.Error("what takes more than a quarter is remembered")
	}
}
