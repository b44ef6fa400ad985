package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestControl compares, rebuilds and verifies the index beside the server that
// has it open.
func TestControl(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	file := filepath.Join(p.dir, "data.json")
	writeCatalogue(t, file, 50)
	p.run("source", "add", "--kind", "datajson", "--url", file, "--name", "src")
	p.run("harvest")
	base, server := p.serve()
	builtinPaths(p, base, "runs") // from then on nothing is added by itself
	same := "0 missing, 0 extra, 0 stale\n"
	if out := p.run("index", "compare").out; out != same {
		t.Errorf("compare: %s", out)
	}
	p.run("index", "rebuild")
	if out := p.run("index", "compare", "--json").out; out != `{"missing":0,"extra":0,"stale":0}`+"\n" {
		t.Errorf("compare after a rebuild: %s", out)
	}
	if out := p.run("verify").out; !strings.Contains(out, "index: 51 checked, nothing wrong") {
		t.Errorf("verify: %s", out)
	}
	if _, body := get(t, base+"/api/v1/datasets"); !strings.Contains(string(body), `"total":51`) {
		t.Errorf("the search after a rebuild: %.200s", body)
	}
	path := filepath.Join(p.data(), controlFile)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v: others may read the token", info, err)
	}
	refused(t, path)
	if err := os.Rename(path, path+".away"); err != nil {
		t.Fatal(err)
	}
	if u, err := p.try("index", "compare"); err == nil || !strings.Contains(u.out, "as the user that serves") {
		t.Errorf("without the token: %v, %s", err, u.out)
	}
	if err := server.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = server.Wait()
	if out := p.run("index", "compare").out; out != same {
		t.Errorf("compare without a server: %s", out)
	}
}

// refused asks the control without its token.
func refused(t *testing.T, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), `"addr":"`)
	addr, _, _ := strings.Cut(rest, `"`)
	for _, token := range []string{"", "Bearer ", "Bearer x"} {
		req, err := http.NewRequestWithContext(t.Context(), controlMethod, "http://"+addr+"/index/rebuild", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusForbidden {
			t.Errorf("token %q: %s", token, resp.Status)
		}
	}
}
