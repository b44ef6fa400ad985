package exporters

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var documentTime = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// text is a document that counts how often it is written.
func text(state, content string, written *atomic.Int64) Document {
	return Document{Name: "list.json", State: state, Write: func(_ context.Context, w io.Writer) error {
		written.Add(1)
		_, err := io.WriteString(w, content)
		return err
	}}
}

func readDocument(t *testing.T, f *Files, d Document, now time.Time) (content, tag string) {
	t.Helper()
	b, late, err := f.Document(t.Context(), d, now)
	if err != nil || late != nil {
		t.Fatal(err, late)
	}
	defer b.File.Close()
	all, err := io.ReadAll(b.File)
	if err != nil || int64(len(all)) != b.Size {
		t.Fatalf("%d bytes of %d (%v)", len(all), b.Size, err)
	}
	return string(all), b.ETag
}

func TestADocumentIsWrittenAgainWhenItIsOutOfDate(t *testing.T) {
	dir := t.TempDir()
	f, err := OpenFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	var written atomic.Int64
	first, tag := readDocument(t, f, text("1", "one", &written), documentTime)
	for _, c := range []struct {
		state, content, want string
		later                time.Duration
		written              int64
	}{
		{"1", "other", "one", time.Hour, 1},                         // nothing changed
		{"2", "two", "one", DocumentPause - time.Second, 1},         // too early
		{"2", "two", "two", DocumentPause, 2},                       // due
		{"3", "three", "three", -time.Hour, 3},                      // the clock went back
		{"3", "four", "three", -time.Hour + 2*DocumentPause, 3},     // as it is
		{"4", "three", "three", -time.Hour + 3*DocumentPause, 4},    // another state, the same bytes
		{"4", "anything", "three", -time.Hour + 4*DocumentPause, 4}, // as it is
	} {
		got, _ := readDocument(t, f, text(c.state, c.content, &written), documentTime.Add(c.later))
		if got != c.want || written.Load() != c.written {
			t.Errorf("after %v in state %s it is %q, written %d times", c.later, c.state, got, written.Load())
		}
	}
	if again, other := readDocument(t, f, text("5", "one", &written), documentTime.Add(24*time.Hour)); again != first || other != tag {
		t.Errorf("the same bytes have the tags %s and %s", tag, other)
	}
	if names, err := os.ReadDir(filepath.Join(dir, documentsDir)); err != nil || len(names) != 1 {
		t.Errorf("the folder holds %v (%v)", names, err)
	}
	if reopened, err := OpenFiles(dir); err != nil {
		t.Error(err)
	} else if got, _ := readDocument(t, reopened, text("5", "new", &written), documentTime.Add(48*time.Hour)); got != "one" {
		t.Errorf("after a start it is %q", got)
	}
}

func TestADocumentThatCannotBeWrittenLeavesTheOlderOne(t *testing.T) {
	f, err := OpenFiles(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	broken := Document{Name: "list.json", State: "2", Write: func(_ context.Context, w io.Writer) error {
		_, _ = io.WriteString(w, "half")
		return errors.New("no more")
	}}
	if _, _, err := f.Document(t.Context(), broken, documentTime); err == nil {
		t.Fatal("half a document was given out")
	}
	var written atomic.Int64
	readDocument(t, f, text("1", "one", &written), documentTime)
	b, late, err := f.Document(t.Context(), broken, documentTime.Add(time.Hour))
	if err != nil || late == nil {
		t.Fatalf("late is %v, the error %v", late, err)
	}
	defer b.File.Close()
	if got, _ := io.ReadAll(b.File); string(got) != "one" {
		t.Errorf("it is %q", got)
	}
	panics := Document{Name: "other.xml", Write: func(context.Context, io.Writer) error { panic("oh") }}
	var p *PanicError
	if _, _, err := f.Document(t.Context(), panics, documentTime); !errors.As(err, &p) {
		t.Errorf("the error is %v", err)
	}
}

func TestManyReadersShareOneWriting(t *testing.T) {
	f, err := OpenFiles(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var written atomic.Int64
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if got, _ := readDocument(t, f, text("1", "one", &written), documentTime); got != "one" {
				t.Errorf("it is %q", got)
			}
		})
	}
	wg.Wait()
	if written.Load() != 1 {
		t.Errorf("it was written %d times", written.Load())
	}
}

func TestDocumentThatHoldsWhatWasRemovedIsWrittenAnew(t *testing.T) {
	f, err := OpenFiles(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var written atomic.Int64
	d := text("1", "one", &written)
	readDocument(t, f, d, documentTime)
	for _, c := range []struct {
		after time.Duration // of the removal
		want  int64         // times that it is written
	}{
		{-time.Minute, 1},
		{10 * time.Second, 2},
		{24 * time.Hour, 2}, // of a clock that went wrong
	} {
		d.State, d.After = d.State+"x", documentTime.Add(c.after)
		readDocument(t, f, d, documentTime.Add(time.Minute))
		if written.Load() != c.want {
			t.Errorf("removed after %s: written %d times, want %d", c.after, written.Load(), c.want)
		}
	}
}
