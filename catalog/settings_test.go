package catalog

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"time"
)

func TestSettingsAreTheOperators(t *testing.T) {
	s, err := Open(t.Context(), t.TempDir(), Options{Now: func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	put := func(by *Actor, name, value string) error {
		return s.Write(t.Context(), func(tx *Tx) error { return tx.PutSetting(by, name, value) })
	}
	operator := &Actor{Person: "o", Name: "Operator", Operator: true}
	for _, by := range []*Actor{{}, {Person: "p", Roles: map[string]Role{"a": Admin}}, {Person: "o", Operator: true, Token: "t", Scopes: []Verb{Edit, Publish}}} {
		if err := put(by, "name-fa", "دیگر"); !errors.Is(err, ErrDenied) {
			t.Errorf("%+v: %v", by, err)
		}
	}
	emblem := "\x89PNG" + strings.Repeat("\x00\xff", 300)
	for _, p := range [][2]string{{"name-fa", "درگاه"}, {"name-fa", "درگاه مردم"}, {"emblem", emblem}, {"color", "#123456"}, {"color", ""}, {"color", ""}} {
		if err := put(operator, p[0], p[1]); err != nil {
			t.Fatal(err)
		}
	}
	var invalid *InvalidError
	if err := put(operator, "emblem", strings.Repeat("x", maxSetting+1)); !errors.As(err, &invalid) {
		t.Errorf("a value that is too long: %v", err)
	}
	all, err := s.Settings(t.Context())
	if err != nil || !maps.Equal(all, map[string]string{"name-fa": "درگاه مردم", "emblem": emblem}) {
		t.Fatalf("%v, %v", all, err)
	}
	var n int
	if err := s.row(t.Context(), "select count(*) from log where noun = 'portal'").Scan(&n); err != nil || n != 5 {
		t.Errorf("%d entries in the log, %v; want 5: what changes nothing is none", n, err)
	}
}
