package main

import (
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// smallDisk mounts a file system of the given size as the data folder, or skips
// the test: that takes root.
func (p *program) smallDisk(size string) string {
	p.t.Helper()
	dir := filepath.Join(p.dir, "data")
	if err := os.Mkdir(dir, 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size="+size); err != nil {
		p.t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	p.t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// fillDisk writes into name until only left bytes are free.
func fillDisk(t *testing.T, name string, left int64) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	block := make([]byte, 64<<10)
	for {
		var s syscall.Statfs_t
		if err := syscall.Statfs(name, &s); err != nil {
			t.Fatal(err)
		}
		if int64(s.Bavail)*s.Bsize <= left {
			return
		}
		if _, err := f.Write(block); err != nil {
			return // full to the last block
		}
	}
}

func status(t *testing.T, url string) (code int, body string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// TestAFullDiskRefusesAndRecovers fills the disk of a running server to its
// floor, and another one to its last byte: reading goes on, writing is refused
// in a sentence, and both recover without a restart.
func TestAFullDiskRefusesAndRecovers(t *testing.T) {
	for _, c := range []struct {
		floor  string
		left   int64
		refuse string
		status string
	}{
		{"16MiB", 12 << 20, "make room, or give less to --min-free", "degraded"},
		{"0", 0, "make room", ""},
	} {
		t.Run(c.floor, func(t *testing.T) {
			p := newProgram(t)
			dir := p.smallDisk("96m")
			file := filepath.Join(p.dir, "t.csv")
			if err := os.WriteFile(file, []byte("a,b\n"+strings.Repeat("1,two\n", 5000)), 0o644); err != nil {
				t.Fatal(err)
			}
			p.run("dataset", "import", file, "--title", "Winter table")
			base, _ := p.serve("--min-free", c.floor)
			table := p.csvAddress()
			before := digestOf(t, base+table)
			pages := []string{"/en/datasets/winter-table", "/fa/datasets?q=winter", "/api/v1/datasets", "/en/datasets/winter-table/table"}

			fillDisk(t, filepath.Join(dir, "filler"), c.left)
			if u, err := p.try("--min-free", c.floor, "dataset", "import", file, "--title", "More"); err == nil || !strings.Contains(u.out, c.refuse) {
				t.Errorf("an import on a full disk: %v\n%s", err, u.out)
			}
			for _, page := range pages {
				if code, body := status(t, base+page); code != http.StatusOK {
					t.Errorf("on a full disk %s answers %d: %s", page, code, body)
				}
			}
			if digestOf(t, base+table) != before {
				t.Error("what was written before is something else on a full disk")
			}
			if code, body := status(t, base+table+"?raw=1"); code != http.StatusInsufficientStorage {
				t.Errorf("an export for which there is no room answers %d: %s", code, body)
			}
			if code, body := status(t, base+"/readyz"); code != http.StatusOK || !strings.Contains(body, c.status) {
				t.Errorf("it is ready with %d: %s", code, body)
			}

			if err := os.Remove(filepath.Join(dir, "filler")); err != nil {
				t.Fatal(err)
			}
			if code, body := status(t, base+table+"?raw=1"); code != http.StatusOK {
				t.Errorf("with room again it answers %d: %s", code, body)
			}
			p.run("dataset", "import", file, "--title", "More")
			found := false
			for range 100 {
				_, body := status(t, base+"/api/v1/datasets?q=more")
				if found = strings.Contains(body, `"slug":"more"`); found {
					break
				}
				time.Sleep(100 * time.Millisecond)
			}
			if !found {
				t.Error("what was published after that is not found")
			}
			if code, body := status(t, base+"/readyz"); code != http.StatusOK || !strings.Contains(body, `"status":"ok","version"`) {
				t.Errorf("with room again: %d %s", code, body)
			}
		})
	}
}

// mountDisk mounts a small file system at dir, and returns what takes it away.
// That takes root.
func mountDisk(dir, size string) (unmount func(), err error) {
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size="+size); err != nil {
		return nil, err
	}
	return func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) }, nil
}

// leave makes a file that leaves so many bytes of the disk.
func leave(t *testing.T, name string, left int64) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var s syscall.Statfs_t
	if err := syscall.Statfs(name, &s); err != nil {
		t.Fatal(err)
	}
	if n := int64(s.Bavail)*s.Bsize - left; n > 0 {
		if err := syscall.Fallocate(int(f.Fd()), 0, 0, n); err != nil {
			t.Fatal(err)
		}
	}
}

// sizeOf is how many bytes lie below a folder.
func sizeOf(t *testing.T, dir string) (n int64) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			n += info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
