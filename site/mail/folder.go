package mail

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/durable"

	gomail "github.com/wneessen/go-mail"
)

// filesKept is how many letters stay in the folder; older ones go.
const filesKept = 1000

const fileSuffix = ".eml"

// putFile writes a letter into the folder, whole or not at all. A letter that is
// written again takes the place of the first: its name goes by time and id.
func putFile(dir string, m *catalog.Mail, msg *gomail.Msg) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, "new-*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	_, err = msg.WriteTo(temp)
	if err != nil {
		return errors.Join(err, temp.Close())
	}
	name := m.Created.UTC().Format("20060102T150405Z") + "-" + m.ID + fileSuffix
	if err := durable.Place(temp, filepath.Join(dir, name)); err != nil { // what is noted as sent is there
		return err
	}
	return clearFolder(dir)
}

// clearRest removes what a killed process left half-written in the folder.
func clearRest(dir string) error {
	rest, err := filepath.Glob(filepath.Join(dir, "new-*"))
	for _, name := range rest {
		err = errors.Join(err, os.Remove(name))
	}
	return err
}

// clearFolder removes the oldest letters when there are too many.
func clearFolder(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var letters []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), fileSuffix) {
			letters = append(letters, e.Name())
		}
	}
	slices.Sort(letters)
	for len(letters) > filesKept {
		err = errors.Join(err, os.Remove(filepath.Join(dir, letters[0])))
		letters = letters[1:]
	}
	return err
}
