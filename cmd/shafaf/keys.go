package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/openshafaf/shafaf/datasets/durable"
	"github.com/openshafaf/shafaf/site/proof"
)

const keySize = 32

// key returns the secret of the given name from data/keys, making it the first
// time. Secrets are in backups and never in anything public.
func (e *env) key(name string) ([]byte, error) {
	dir := filepath.Join(e.dir, "keys")
	path := filepath.Join(dir, name+".key")
	key, err := os.ReadFile(path)
	if err == nil && len(key) != keySize {
		return nil, fmt.Errorf("the key %s is damaged: restore it from a backup, or remove it to have a new one made", path)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	key = make([]byte, keySize)
	_, _ = rand.Read(key) // never fails
	tmp, err := os.CreateTemp(dir, name+".*")
	if err != nil {
		return nil, err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(key)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(tmp.Name(), path); err != nil { // unlike rename it spares a key that another process made meanwhile
		if errors.Is(err, fs.ErrExist) {
			return os.ReadFile(path)
		}
		return nil, err
	}
	return key, durable.SyncFolder(dir)
}

// forms guards the forms that anybody fills in without an account.
func (e *env) forms() (*proof.Guard, error) {
	key, err := e.key("forms")
	if err != nil {
		return nil, err
	}
	return proof.New(key, e.now), nil
}
