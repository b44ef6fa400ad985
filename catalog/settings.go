package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"unicode/utf8"
)

// NounPortal is the portal itself, in the log.
const NounPortal = "portal"

// maxSetting is the size of the largest value of a setting, in bytes: an emblem.
const maxSetting = 512 << 10

// Settings are what operators have set, by name.
func (s *Store) Settings(ctx context.Context) (map[string]string, error) {
	type pair struct {
		name  string
		value []byte
	}
	rows, err := s.query(ctx, "select name, value from settings")
	all, err := collect(rows, err, func(row scanner) (p pair, err error) {
		err = row.Scan(&p.name, &p.value)
		return p, err
	})
	out := map[string]string{}
	for _, p := range all {
		out[p.name] = string(p.value)
	}
	return out, wrap("settings", err)
}

// PutSetting sets a setting of the portal; an empty value takes it away. It is
// for operators, and stands in the log.
func (t *Tx) PutSetting(by *Actor, name, value string) error {
	if !by.Can(Operate, "") {
		return fmt.Errorf("setting %q: %w", name, ErrDenied)
	}
	if len(value) > maxSetting {
		return &InvalidError{name, fmt.Sprintf("it has %d bytes and may have %d", len(value), maxSetting)}
	}
	var was []byte
	rows, err := t.query("select value from settings where name = ?", name)
	all, err := collect(rows, err, func(row scanner) (b []byte, err error) { err = row.Scan(&b); return b, err })
	if err != nil {
		return err
	}
	if len(all) > 0 {
		was = all[0]
	}
	switch {
	case string(was) == value:
		return nil
	case value == "":
		err = t.exec("delete from settings where name = ?", name)
	default:
		err = t.exec("insert into settings (name, value, changed) values (?1, ?2, ?3) on conflict (name) do update set value = ?2, changed = ?3",
			name, []byte(value), asTime(&t.now))
	}
	if err != nil {
		return err
	}
	return t.Log(by, Entry{Act: "portal.setting", Noun: NounPortal, Thing: name}, settingShape(was), settingShape([]byte(value)))
}

// longSetting is the size above which the log keeps the digest of a value.
const longSetting = 200

// settingShape is what the log keeps of a value.
func settingShape(value []byte) any {
	type shape struct {
		Value  string `json:"value"`
		SHA256 string `json:"sha256,omitempty"`
	}
	if len(value) > longSetting || !utf8.Valid(value) {
		sum := sha256.Sum256(value)
		return shape{SHA256: hex.EncodeToString(sum[:])}
	}
	return shape{Value: string(value)}
}
