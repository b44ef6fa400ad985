package datasets

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"syscall"
	"testing"
)

func TestFloorsAreReadAsTheyArePrinted(t *testing.T) {
	for text, want := range map[string]Floor{
		"0": {}, "2GiB": {Bytes: 2 << 30}, "500MB": {Bytes: 500_000_000}, " 5% ": {Share: 0.05}, "100%": {Share: 1}, "1024": {Bytes: 1024},
	} {
		if got, err := ParseFloor(text); err != nil || got != want {
			t.Errorf("%q is %+v, error %v", text, got, err)
		}
	}
	for _, text := range []string{"", "much", "-5%", "101%", "NaN%", "5%%", "-1GiB", "1e40", "20EB"} {
		if got, err := ParseFloor(text); err == nil {
			t.Errorf("%q is taken for %+v", text, got)
		}
	}
	for _, f := range []Floor{{Bytes: 2 << 30}, {Share: 0.05}} {
		if got, err := ParseFloor(f.String()); err != nil || got != f {
			t.Errorf("%s is read as %+v, error %v", f, got, err)
		}
	}
}

func TestTheDefaultFloorFitsEveryDisk(t *testing.T) {
	for total, want := range map[int64]int64{64 << 20: 3355443, 10 << 30: 512 << 20, 20 << 30: 1 << 30, 100 << 40: 1 << 30} {
		if got := DefaultFloor().of(total); got != want {
			t.Errorf("of %d bytes %d stay free, want %d", total, got, want)
		}
	}
}

// watched is a disk of 1000 MiB of which free says how much is left.
func watched(free *int64) *Room {
	r := NewRoom("data", Floor{Bytes: 100 << 20})
	r.look = func(string) (int64, int64, error) { return *free, 1000 << 20, nil }
	return r
}

func TestAFullDiskTakesNothingInAndRecovers(t *testing.T) {
	f := openFiles(t)
	free := int64(500 << 20)
	f.Room = watched(&free)
	kept, _, err := f.Put(t.Context(), strings.NewReader("before"), 0)
	if err != nil {
		t.Fatal(err)
	}
	free = 99 << 20
	var full *NoRoomError
	_, _, err = f.Put(t.Context(), strings.NewReader("after"), 0)
	if !errors.As(err, &full) || full.Free != free || full.Floor != 100<<20 || !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the error is %v", err)
	}
	if text := err.Error(); !strings.Contains(text, "99 MiB") || !strings.Contains(text, "100 MiB") || strings.Contains(text, "\n") {
		t.Errorf("it says %q", text)
	}
	table := randomTable(1, testSchema(), 10)
	if _, err := f.PutRows(t.Context(), table, nil); !errors.As(err, &full) {
		t.Errorf("a table: %v", err)
	}
	file, _, err := f.Open(kept)
	if err != nil {
		t.Fatalf("what is there cannot be read: %v", err)
	}
	_ = file.Close()
	free = 100 << 20
	if _, err := f.PutRows(t.Context(), table, nil); err != nil {
		t.Errorf("there is room again, and a table is refused: %v", err)
	}
	wantEqual(t, "temporary files", names(t, f, "tmp/*"), []string(nil))
}

// filling is a reader that takes from the disk what it gives.
type filling struct {
	r    io.Reader
	free *int64
}

func (f *filling) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	*f.free -= int64(n)
	return n, err
}

func TestAFileThatFillsTheDiskIsGivenUpInTime(t *testing.T) {
	f := openFiles(t)
	free := int64(150 << 20)
	f.Room = watched(&free)
	_, _, err := f.Put(t.Context(), &filling{bytes.NewReader(make([]byte, 200<<20)), &free}, 0)
	var full *NoRoomError
	if !errors.As(err, &full) {
		t.Fatalf("the error is %v", err)
	}
	if free < 100<<20-2*roomEvery {
		t.Errorf("%d bytes are left, far below the floor", free)
	}
	wantEqual(t, "files", names(t, f, "files/*/*"), []string(nil))
	wantEqual(t, "temporary files", names(t, f, "tmp/*"), []string(nil))
}

func TestTheRealDiskIsLookedAt(t *testing.T) {
	dir := t.TempDir()
	free, floor, err := NewRoom(dir, Floor{Bytes: 12}).Left()
	if err != nil || free <= 0 || floor != 12 {
		t.Fatalf("%d free, floor %d, error %v", free, floor, err)
	}
	if err := NewRoom(dir, Floor{Share: 1}).Ask(0); err == nil {
		t.Error("a disk that must stay empty takes something in")
	}
	if err := NewRoom(dir, Floor{Bytes: 1}).Ask(1 << 60); err == nil {
		t.Error("there is room for an exbibyte")
	}
	if err := (*Room)(nil).Ask(1 << 60); err != nil {
		t.Errorf("no floor, and yet: %v", err)
	}
}
