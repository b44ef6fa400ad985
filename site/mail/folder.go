package mail

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"

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
	if err = errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return err
	}
	name := m.Created.UTC().Format("20060102T150405Z") + "-" + m.ID + fileSuffix
	if err := os.Rename(temp.Name(), filepath.Join(dir, name)); err != nil {
		return err
	}
	return clearFolder(dir)
}

// clearFolder removes the oldest letters when there are too many, and what a
// killed process left half-written.
func clearFolder(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var letters []string
	for _, e := range entries {
		switch name := e.Name(); {
		case strings.HasPrefix(name, "new-"):
			err = errors.Join(err, os.Remove(filepath.Join(dir, name)))
		case strings.HasSuffix(name, fileSuffix):
			letters = append(letters, name)
		}
	}
	slices.Sort(letters)
	for len(letters) > filesKept {
		err = errors.Join(err, os.Remove(filepath.Join(dir, letters[0])))
		letters = letters[1:]
	}
	return err
}
