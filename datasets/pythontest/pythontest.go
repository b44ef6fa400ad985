// Package pythontest finds the Python that tests compare our results with.
package pythontest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// With is a Python that has the module: that of SHAFAF_PYTHON, that of .venv at
// the top of the repository, or the system's. Without one the test is skipped.
func With(tb testing.TB, module string) string {
	tb.Helper()
	for _, name := range []string{os.Getenv("SHAFAF_PYTHON"), filepath.Join(top(tb), ".venv", "bin", "python"), "python3"} {
		path, err := exec.LookPath(name)
		if err == nil && exec.CommandContext(tb.Context(), path, "-c", "import "+module).Run() == nil {
			return path
		}
	}
	tb.Skipf("no Python with %s: set SHAFAF_PYTHON", module)
	return ""
}

// top is the folder of go.mod, above that of the package under test.
func top(tb testing.TB) string {
	tb.Helper()
	dir, err := filepath.Abs(".")
	if err != nil {
		tb.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
	}
	return dir
}
