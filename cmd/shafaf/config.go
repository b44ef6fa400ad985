package main

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/goccy/go-json"
)

type configCmd struct {
	Show  configShowCmd  `cmd:"" default:"withargs" help:"Print each setting and where it came from."`
	Check configCheckCmd `cmd:"" help:"Check the settings, and what they name, without starting anything."`
}

type configShowCmd struct {
	JSON bool `name:"json" help:"Print one JSON object a line."`
}

// Run prints what the program works with, and where each was set.
func (c *configShowCmd) Run(e *env) error {
	if e.wrongEnv != nil {
		return fmt.Errorf("%w: %w", errUsage, e.wrongEnv)
	}
	if c.JSON {
		return printLines(e, e.sources)
	}
	t := e.table("SETTING", "VALUE", "FROM")
	for _, s := range e.sources {
		t.row(s.Name, s.Value, s.From)
	}
	return t.end()
}

type configCheckCmd struct{}

// Run says all that is wrong with the settings, not only the first.
func (configCheckCmd) Run(e *env) error {
	c := &e.settings.Serve
	faults := []error{e.wrongEnv}
	if c.TLSCert != "" && c.TLSKey != "" {
		_, err := newCertificate(e, c.TLSCert, c.TLSKey)
		faults = append(faults, err)
	}
	_, err := e.settings.Mail.server()
	faults = append(faults, err)
	faults = append(faults, c.check(e))
	if err := errors.Join(faults...); err != nil {
		return fmt.Errorf("%w: the settings are not right\n%w", errUsage, err)
	}
	if c.BaseURL == "" {
		fmt.Fprintln(e.errOut, "shafaf: base-url is not set: links in feeds, citations and letters lead to this machine")
	}
	_, err = fmt.Fprintln(e.out, "the settings are right")
	return err
}

type versionCmd struct{}

// Run prints the version, the commit and the toolchain.
func (versionCmd) Run(e *env) error {
	_, err := fmt.Fprintf(e.out, "shafaf %s %s %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// version is the release, or the commit that was built.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return "devel"
}

// printJSON prints one object on a line of its own.
func (e *env) printJSON(v any) error {
	b, err := json.MarshalWithOption(v, json.DisableHTMLEscape())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.out, "%s\n", b)
	return err
}
