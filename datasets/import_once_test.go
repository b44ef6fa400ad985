package datasets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
)

// inTwoPasses and atOnce import a text whose columns are guessed from so many
// rows. atOnce is nil when the rows show other columns.
func inTwoPasses(t *testing.T, text []byte, name string) *Imported {
	t.Helper()
	im := &importing{files: openFiles(t), name: name}
	err := im.loadTables(t.Context(), bytes.NewReader(text), int64(len(text)), name, "")
	if err := im.note(err); err != nil {
		t.Fatal(err)
	}
	return &im.out
}

func atOnce(t *testing.T, text []byte, name string, rows int64) *Imported {
	t.Helper()
	im := &importing{files: openFiles(t), name: name}
	err := parse(name, func() error {
		sheets, err := Open(t.Context(), bytes.NewReader(text), int64(len(text)), name, Options{})
		if err != nil {
			return err
		}
		return im.loadGuessed(t.Context(), sheets[0], rows)
	})
	if errors.Is(err, errOtherwise) {
		return nil
	}
	if err := im.note(err); err != nil {
		t.Fatal(err)
	}
	return &im.out
}

// loadGuessed is loadSheet without its second way.
func (im *importing) loadGuessed(ctx context.Context, sheet *Sheet, rows int64) error {
	p, err := sheet.guessHead(ctx, rows)
	if err != nil {
		return err
	}
	if p == nil {
		return errOtherwise
	}
	loaded, err := im.put(ctx, sheet.proving(p)) //nolint:contextcheck // PutRows looks at ctx between batches
	if err != nil {
		return err
	}
	if loaded.Rows > 0 {
		im.keep(sheet, "", loaded)
	}
	return nil
}

// A file that is read once gives what it gives when it is read twice, or is not
// read so.
func TestOnePassIsAsGoodAsTwo(t *testing.T) {
	long := func(rows int, row func(i int) string) []byte {
		var b strings.Builder
		for i := range rows {
			b.WriteString(row(i))
		}
		return []byte("id,amount,day,name,note\n" + b.String())
	}
	plain := func(i int) string {
		return fmt.Sprintf("%d,%d.%02d,2026-%02d-%02d,نام %d,\n", i, i*7, i%100, 1+i%12, 1+i%28, i%300)
	}
	for name, c := range map[string]struct {
		text []byte
		once bool
	}{
		"plain":             {long(5000, plain), true},
		"a text at the end": {append(long(3000, plain), "x,1.00,2026-01-01,a,\n"...), false},
		"more decimals":     {append(long(3000, plain), "9,1.005,2026-01-01,a,\n"...), false},
		"a long row":        {append(long(3000, plain), "9,1.05,2026-01-01,a,b,c\n"...), false},
		"a short row":       {append(long(3000, plain), "9,1.05\n"...), true},
		"a total":           {append(long(3000, plain), "Total,1.05,,,\n"...), false},
		"a footnote":        {append(long(3000, plain), "\nSource: nobody\n"...), false},
		"a broken quote":    {append(long(3000, plain), "9,1.05,2026-01-01,\"a,b\n"...), true},
		"other numbers":     {long(3000, func(i int) string { return fmt.Sprintf("%d,\"%d,%03d\",2026-01-%02d,-,\n", i, 1+i%900, i%1000, 1+i%28) }), true},
	} {
		got, want := atOnce(t, c.text, name, 100), inTwoPasses(t, c.text, name)
		if (got != nil) != c.once {
			t.Errorf("%s: read once: %v, want %v", name, got != nil, c.once)
		}
		if got != nil && !reflect.DeepEqual(got.Tables, want.Tables) {
			t.Errorf("%s:\nonce  %+v\ntwice %+v", name, got.Tables, want.Tables)
		}
	}
}

func TestRealFilesInOnePass(t *testing.T) {
	_, paths := realFiles(t)
	once := 0
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil || !strings.HasSuffix(path, ".csv") || info.Size() > 4<<20 {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		got := atOnce(t, text, path, 50)
		if got == nil {
			continue
		}
		once++
		if want := inTwoPasses(t, text, path); !reflect.DeepEqual(got.Tables, want.Tables) || got.Fault != want.Fault {
			t.Errorf("%s:\nonce  %+v\ntwice %+v", path, got, want)
		}
	}
	if once < 3 {
		t.Errorf("only %d files were read once", once)
	}
}
