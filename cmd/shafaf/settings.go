package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/alecthomas/kong"
)

// A setting is a flag that a file and the environment can set too, and where its
// value came from.
type setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	From  string `json:"from"`
}

// Where a setting came from, besides a file and the environment.
const (
	fromFlag    = "flag"
	fromDefault = "default"
)

// veiled stands for the value of a secret.
const veiled = "***"

// newParser returns the parser of the command line, which fills c.
func (e *env) newParser(c *commands) *kong.Kong {
	parser, err := kong.New(c, kong.Name("shafaf"),
		kong.Description("Publish open data: harvest, keep, index, serve and export a catalogue."),
		kong.Writers(e.out, e.errOut), kong.Exit(func(code int) { panic(exitCode(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.Vars{"version": version()})
	if err != nil {
		panic(err) // the table of commands is wrong
	}
	return parser
}

// parse reads the command line, and with it the environment and the file of
// settings. What is told first wins: a flag, the environment, the file.
func (e *env) parse(args []string) (*kong.Context, error) {
	c := &commands{}
	k, err := e.newParser(c).Parse(args)
	if err != nil {
		return nil, err
	}
	file, wrong := &settingsFile{}, error(nil)
	if command := k.Command(); command != "version" && !strings.HasPrefix(command, "worker") {
		if file, wrong = readSettings(c.settingsPath()); file == nil {
			return nil, wrong
		}
	}
	if len(file.set) > 0 || wrong != nil {
		named := c.Config != ""
		c = &commands{}
		parser := e.newParser(c)
		if err := errors.Join(wrong, file.apply(settings(parser.Model), named)); err != nil {
			return nil, err
		}
		if k, err = parser.Parse(args); err != nil {
			return nil, err
		}
	}
	e.settings, e.sources, e.wrongEnv = c, file.setHere(k), checkEnv(settings(k.Model))
	return k, checkSecrets(e.sources)
}

// misuseHint says what to do about a command line or a setting that is wrong.
func misuseHint(err error) string {
	var setting *settingError
	var path *os.PathError
	if errors.As(err, &setting) || errors.As(err, &path) {
		return "mend what is named; shafaf config check looks at all settings again"
	}
	return "shafaf --help lists the commands, shafaf COMMAND --help tells of one"
}

// settings are the flags of k that the environment can set, and with it a file:
// those of the whole program and of serve, by name.
func settings(k *kong.Application) map[string]*kong.Flag {
	all := map[string]*kong.Flag{}
	take := func(flags []*kong.Flag) {
		for _, f := range flags {
			if len(f.Envs) > 0 {
				all[f.Name] = f
			}
		}
	}
	take(k.Flags)
	for _, n := range k.Children {
		if n.Name == "serve" {
			take(n.Flags)
		}
	}
	return all
}

// apply makes the values of the file the defaults of the flags, so that the
// environment and the command line win over them. Its error joins all that is
// wrong with them.
func (f *settingsFile) apply(flags map[string]*kong.Flag, named bool) error {
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(f.set)) {
		v := f.set[name]
		where := fmt.Sprintf("%s:%d", f.path, v.line)
		flag := flags[name]
		switch {
		case flag == nil || name == "config":
			faults = append(faults, &settingError{where, name, "there is no such setting; there are " + strings.Join(settable(flags), ", ")})
			continue
		case name == "data" && !named:
			faults = append(faults, &settingError{where, name, "this file lies in the data folder itself; name the folder by --data, SHAFAF_DATA or in a file that --config names"})
			continue
		}
		if flag.Tag.Type == "path" && v.text != "" && !filepath.IsAbs(v.text) {
			v.text = filepath.Join(filepath.Dir(f.path), v.text)
		}
		if err := fits(flag, v.text); err != nil {
			faults = append(faults, &settingError{where, name, err.Error()})
			continue
		}
		flag.Default, flag.HasDefault = v.text, true
	}
	return errors.Join(faults...)
}

// settable are the names that a file may set.
func settable(flags map[string]*kong.Flag) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(flags)), func(name string) bool { return name == "config" })
}

// fits reports what is wrong with text as the value of the flag.
func fits(flag *kong.Flag, text string) error {
	if flag.Enum != "" && !slices.Contains(flag.EnumSlice(), text) {
		return fmt.Errorf("%q is none of %s", text, strings.Join(flag.EnumSlice(), ", "))
	}
	tokens := kong.ScanFromTokens(kong.Token{Type: kong.FlagValueToken, Value: text})
	err := flag.Mapper.Decode(&kong.DecodeContext{Value: flag.Value, Scan: tokens}, reflect.New(flag.Target.Type()).Elem())
	if err != nil && flag.Name == passwordSetting {
		return errors.New("it cannot be read as a text")
	}
	return err
}

// passwordSetting is the one setting whose value is never shown.
const passwordSetting = "mail-password"

// setHere are the settings in force, with where they came from, by name.
func (f *settingsFile) setHere(k *kong.Context) []setting {
	given := map[string]bool{}
	for _, p := range k.Path {
		if p.Flag != nil {
			given[p.Flag.Name] = true
		}
	}
	flags := settings(k.Model)
	var all []setting
	for _, name := range slices.Sorted(maps.Keys(flags)) {
		flag := flags[name]
		s := setting{Name: name, Value: printed(flag.Target), From: fromDefault}
		env, inEnv := setByEnv(flag)
		v, inFile := f.set[name]
		switch {
		case given[name]:
			s.From = fromFlag
		case inEnv:
			s.From = env
		case inFile:
			s.From = fmt.Sprintf("%s:%d", f.path, v.line)
		}
		if name == passwordSetting && s.Value != "" {
			s.Value = veiled
		}
		all = append(all, s)
	}
	return all
}

func setByEnv(flag *kong.Flag) (name string, ok bool) {
	for _, name := range flag.Envs {
		if _, ok := os.LookupEnv(name); ok {
			return name, true
		}
	}
	return "", false
}

// printed is a value as a flag would take it.
func printed(v reflect.Value) string {
	if v.Kind() == reflect.Slice {
		var all []string
		for i := range v.Len() {
			all = append(all, printed(v.Index(i)))
		}
		return strings.Join(all, ",")
	}
	return fmt.Sprint(v.Interface())
}

// checkEnv refuses what the environment sets wrong: outside its own command the
// parser would pass it over.
func checkEnv(flags map[string]*kong.Flag) error {
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(flags)) {
		env, ok := setByEnv(flags[name])
		if !ok {
			continue
		}
		if err := fits(flags[name], os.Getenv(env)); err != nil {
			faults = append(faults, &settingError{env, name, err.Error()})
		}
	}
	return errors.Join(faults...)
}

// checkSecrets refuses a password where everybody on the machine can read it.
func checkSecrets(all []setting) error {
	for _, s := range all {
		if s.Name == passwordSetting && s.From == fromFlag {
			return &catalog.InvalidError{Field: "--" + s.Name, Reason: "a password on the command line is seen by everybody on this machine; set --mail-password-file or SHAFAF_MAIL_PASSWORD, or write it into the file of settings"}
		}
	}
	return nil
}

// placed says of a refused setting where it was set, when that was no flag.
func (e *env) placed(err error) error {
	var invalid *catalog.InvalidError
	if !errors.As(err, &invalid) {
		return err
	}
	for _, s := range e.sources {
		if "--"+s.Name == invalid.Field && s.From != fromFlag && s.From != fromDefault {
			return &catalog.InvalidError{Field: s.From + ": " + s.Name, Reason: invalid.Reason}
		}
	}
	return err
}
