package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strconv"

	"github.com/goccy/go-json"
)

type configCmd struct {
	JSON bool `name:"json" help:"Print as JSON."`
}

// Run prints what the program would work with, and where each could be set.
func (c *configCmd) Run(e *env) error {
	facts := []struct{ Name, Value, From string }{
		{"data", e.dir, "--data or SHAFAF_DATA"},
		{"log", e.settings.Log, "--log or SHAFAF_LOG"},
		{"min-free", e.settings.MinFree.String(), "--min-free or SHAFAF_MIN_FREE"},
		{"worker-memory", e.settings.WorkerMemory.String(), "--worker-memory or SHAFAF_WORKER_MEMORY"},
		{"addr", e.settings.Serve.Addr, "serve --addr or SHAFAF_ADDR"},
		{"base-url", e.settings.Serve.BaseURL, "serve --base-url or SHAFAF_BASE_URL"},
		{"trusted-proxy", fmt.Sprint(e.settings.Serve.TrustedProxy), "serve --trusted-proxy or SHAFAF_TRUSTED_PROXY"},
		{"metrics-from", fmt.Sprint(e.settings.Serve.MetricsFrom), "serve --metrics-from or SHAFAF_METRICS_FROM"},
		{"log-requests", strconv.FormatBool(e.settings.Serve.LogRequests), "serve --log-requests or SHAFAF_LOG_REQUESTS"},
	}
	if c.JSON {
		all := map[string]string{}
		for _, f := range facts {
			all[f.Name] = f.Value
		}
		return e.printJSON(all)
	}
	for _, f := range facts {
		fmt.Fprintf(e.out, "%-14s %-30s %s\n", f.Name, f.Value, f.From)
	}
	return nil
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
