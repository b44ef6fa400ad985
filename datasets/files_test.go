package datasets

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/iotest"
	"time"
)

func TestPutKeepsBytesUnderTheirDigest(t *testing.T) {
	f := openFiles(t)
	for _, content := range []string{"", "a", strings.Repeat("سلام\n", 200_000)} {
		digest, size, err := f.Put(t.Context(), iotest.HalfReader(strings.NewReader(content)), int64(len(content)))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256([]byte(content))
		if digest != hex.EncodeToString(sum[:]) || size != int64(len(content)) || !f.Has(digest) {
			t.Fatalf("digest %s of %d bytes, has %t", digest, size, f.Has(digest))
		}
		file, size, err := f.Open(digest)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(file)
		if err != nil || string(got) != content || size != int64(len(content)) {
			t.Fatalf("%d bytes of size %d come back, error %v", len(got), size, err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		if again, _, err := f.Put(t.Context(), strings.NewReader(content), 0); err != nil || again != digest {
			t.Fatalf("the second time: digest %s, error %v", again, err)
		}
	}
	wantEqual(t, "temporary files", names(t, f, "tmp/*"), []string(nil))
	wantEqual(t, "files", len(names(t, f, "files/*/*")), 3)
}

func TestPutRefusesMoreThanTheLimit(t *testing.T) {
	f := openFiles(t)
	endless := io.MultiReader(strings.NewReader(strings.Repeat("x", 5000)), rand.NewChaCha8([32]byte{}))
	_, _, err := f.Put(t.Context(), endless, 2<<20)
	var fault *FileError
	if !errors.As(err, &fault) || !strings.Contains(fault.Text, "limit of 2 MiB") {
		t.Fatalf("error %v", err)
	}
	wantEqual(t, "temporary files", names(t, f, "tmp/*"), []string(nil))
}

func TestPutThatFailsLeavesNothing(t *testing.T) {
	f := openFiles(t)
	broken := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(syscall.ECONNRESET))
	if _, _, err := f.Put(t.Context(), broken, 0); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := f.Put(ctx, strings.NewReader("x"), 0); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	wantEqual(t, "files", append(names(t, f, "tmp/*"), names(t, f, "files/*/*")...), []string(nil))
}

func TestOpenOfWhatIsNotThere(t *testing.T) {
	f := openFiles(t)
	for _, digest := range []string{strings.Repeat("0", 64), "", "..", strings.Repeat("g", 64), strings.Repeat("A", 64)} {
		if _, _, err := f.Open(digest); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: error %v", digest, err)
		}
		if f.Has(digest) {
			t.Errorf("there is a file %q", digest)
		}
	}
}

func TestPutsOfTheSameFileAtOnce(t *testing.T) {
	f := openFiles(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for i := range 20 {
				if _, _, err := f.Put(t.Context(), strings.NewReader(strconv.Itoa(i)), 0); err != nil {
					t.Error(err)
				}
			}
			if _, err := f.PutRows(t.Context(), randomTable(1, testSchema(), 100), nil); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	wantEqual(t, "files", len(names(t, f, "files/*/*")), 20)
	wantEqual(t, "row files", len(names(t, f, "rows/*/*")), 1)
	wantEqual(t, "temporary files", names(t, f, "tmp/*"), []string(nil))
}

func TestCleanRemovesOldTemporaryFiles(t *testing.T) {
	f := openFiles(t)
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for name, age := range map[string]time.Duration{"file-old": 25 * time.Hour, "rows-new.db": 23 * time.Hour} {
		path := filepath.Join(f.dir, tempDir, name)
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, now.Add(-age), now.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	removed, err := f.Clean(now)
	if err != nil || removed != 1 {
		t.Fatalf("%d removed, error %v", removed, err)
	}
	wantEqual(t, "temporary files", names(t, f, "tmp/*"), []string{filepath.Join(f.dir, tempDir, "rows-new.db")})
}

// smallDisk mounts a file system of the given size.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	if os.Geteuid() != 0 || runtime.GOOS != "linux" {
		t.Skip("skipped: only root may mount a small disk to fill it")
	}
	dir := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "mount", "-t", "tmpfs", "-o", "size="+size, "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("skipped: no small disk can be mounted here: %s", out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %s", out)
		}
	})
	return dir
}

func TestFullDiskIsSaidInASentence(t *testing.T) {
	f, err := OpenFiles(filepath.Join(smallDisk(t, "4m"), "data"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	kept := load(t, f, randomTable(1, testSchema(), 500))
	_, _, err = f.Put(t.Context(), io.LimitReader(rand.NewChaCha8([32]byte{}), 20<<20), 0)
	if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("put: error %v", err)
	}
	_, err = f.PutRows(t.Context(), randomTable(2, testSchema(), 500_000), nil)
	if err == nil || !strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("put rows: error %v", err)
	}
	wantEqual(t, "temporary files", names(t, f, "tmp/*"), []string(nil))
	if err := kept.Verify(t.Context()); err != nil {
		t.Errorf("what was there before: %v", err)
	}
	if _, _, err := f.Put(t.Context(), strings.NewReader("small"), 0); err != nil {
		t.Errorf("when there is room again: %v", err)
	}
}

// TestCrashFiles kills a process that puts files and tables, again and again;
// whatever has a name then must be whole.
func TestCrashFiles(t *testing.T) {
	const env = "SHAFAF_CRASH_FILES"
	if dir := os.Getenv(env); dir != "" {
		putForEver(t, dir)
		return
	}
	rounds := 3
	if n, err := strconv.Atoi(os.Getenv("SHAFAF_CRASH_ROUNDS")); err == nil {
		rounds = n
	}
	dir := t.TempDir()
	r := rand.New(rand.NewPCG(1, uint64(rounds)))
	for range rounds {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestCrashFiles$")
		cmd.Env = append(os.Environ(), env+"="+dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(50+r.IntN(400)) * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
		checkFiles(t, dir)
	}
}

func putForEver(t *testing.T, dir string) {
	t.Helper()
	f, err := OpenFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	for i := uint64(os.Getpid()) << 20; ; i++ {
		content := strings.Repeat(fmt.Sprintln("file", i), 20_000)
		if _, _, err := f.Put(t.Context(), strings.NewReader(content), 0); err != nil {
			t.Fatal(err)
		}
		if _, err := f.PutRows(t.Context(), randomTable(i, testSchema(), 3000), nil); err != nil {
			t.Fatal(err)
		}
	}
}

// checkFiles checks all that has a name.
func checkFiles(t *testing.T, dir string) {
	t.Helper()
	f, err := OpenFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, path := range names(t, f, "files/*/*") {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != filepath.Base(path) {
			t.Errorf("%s has another content", path)
		}
	}
	for _, path := range names(t, f, "rows/*/*.db") {
		r, err := f.Rows(strings.TrimSuffix(filepath.Base(path), ".db"))
		if err == nil {
			err = r.Verify(t.Context())
		}
		if err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	if _, err := f.Clean(time.Now().Add(2 * tempAge)); err != nil {
		t.Error(err)
	}
	wantEqual(t, "temporary files", names(t, f, "tmp/*"), []string(nil))
}
