package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// settingsName is the file of the settings in the data folder.
const settingsName = "shafaf.toml"

// maxSettings bounds the file of the settings, in bytes.
const maxSettings = 1 << 20

// A settingsFile is what a file sets: keys are the names of flags.
type settingsFile struct {
	path string
	set  map[string]fileValue
}

// A fileValue is a value as a flag takes it, and the line it stands in.
type fileValue struct {
	text string
	line int
}

// A settingError says what is wrong with a setting, and where it was set.
type settingError struct{ Where, Name, Reason string }

func (e *settingError) Error() string { return e.Where + ": " + e.Name + ": " + e.Reason }

// readSettings reads the file at path. A file that need not be there and is not
// sets nothing. Where only some of its lines are wrong, the error joins what is
// wrong with them and the file has the others.
func readSettings(path string, must bool) (*settingsFile, error) {
	f, err := os.Open(path)
	if (errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)) && !must { // of a data folder that is none, others tell
		return &settingsFile{path: path}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSettings+1))
	if err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	if len(text) > maxSettings {
		return nil, fmt.Errorf("settings: %s is larger than %d bytes: that is no file of settings", path, maxSettings)
	}
	return parseSettings(path, text)
}

// parseSettings reads TOML. A key in a table is named with the table before it:
// host in [mail] is mail-host. Lines that are wrong are in the error and not in
// the file.
func parseSettings(path string, text []byte) (*settingsFile, error) {
	file := &settingsFile{path: path, set: map[string]fileValue{}}
	var whole map[string]any
	if err := toml.Unmarshal(text, &whole); err != nil {
		var wrong *toml.DecodeError
		if errors.As(err, &wrong) {
			line, column := wrong.Position()
			return nil, fmt.Errorf("%s:%d:%d: %s; write NAME = \"value\" on each line", path, line, column, strings.TrimPrefix(err.Error(), "toml: "))
		}
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var p unstable.Parser
	p.Reset(text)
	var table []string
	var faults []error
	for p.NextExpression() {
		e := p.Expression()
		name := keyName(e.Key())
		switch e.Kind {
		case unstable.Table:
			table = name
		case unstable.KeyValue:
			key := strings.Join(slices.Concat(table, name), "-")
			line := lineOf(&p, e)
			text, err := flagText(e.Value())
			if _, twice := file.set[key]; twice {
				err = fmt.Errorf("it is set in line %d already; leave one of the two out", file.set[key].line)
			}
			if err != nil {
				faults = append(faults, &settingError{fmt.Sprintf("%s:%d", path, line), key, err.Error()})
				continue
			}
			file.set[key] = fileValue{text, line}
		default:
			faults = append(faults, &settingError{path, strings.Join(name, "-"), "a list of tables has no meaning here"})
		}
	}
	return file, errors.Join(append(faults, p.Error())...)
}

func keyName(keys unstable.Iterator) []string {
	var name []string
	for keys.Next() {
		name = append(name, string(keys.Node().Data))
	}
	return name
}

// lineOf is the line of an expression, from 1.
func lineOf(p *unstable.Parser, e *unstable.Node) int {
	keys := e.Key()
	if !keys.Next() {
		return 0
	}
	return p.Shape(keys.Node().Raw).Start.Line
}

// flagText is a value as it would stand behind a flag; a list is joined by commas.
func flagText(v *unstable.Node) (string, error) {
	switch v.Kind {
	case unstable.String, unstable.Integer, unstable.Float, unstable.Bool:
		return string(v.Data), nil
	case unstable.Array:
		var all []string
		for items := v.Children(); items.Next(); {
			item := items.Node()
			if item.Kind != unstable.String {
				return "", errors.New("a list holds texts in quotation marks")
			}
			if strings.Contains(string(item.Data), ",") {
				return "", fmt.Errorf("%q has a comma; give its parts as texts of their own", item.Data)
			}
			all = append(all, string(item.Data))
		}
		return strings.Join(all, ","), nil
	default:
		return "", errors.New("it takes a text in quotation marks, a number, true or false, or a list of texts")
	}
}

// settingsPath is the file that the settings are read from, and whether it must
// be there.
func (c *commands) settingsPath() (path string, must bool) {
	if c.Config != "" {
		return c.Config, true
	}
	return filepath.Join(c.Data, settingsName), false
}
