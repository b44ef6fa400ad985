package consultation

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

// logKey is a key of the log.
func logKey(t *testing.T, b byte) *catalog.LogKey {
	t.Helper()
	key, err := catalog.NewLogKey(bytes.Repeat([]byte{b}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (h *hall) signs(key *catalog.LogKey) {
	h.Helper()
	if _, err := h.store.SignLog(h.Context(), key); err != nil {
		h.Fatal(err)
	}
}

// receipt is the file of a comment, written and read again.
func (h *hall) receipt(once string) Receipt {
	h.Helper()
	r, err := h.c.Receipt(h.Context(), code(once))
	if err != nil {
		h.Fatal(err)
	}
	b, err := json.Marshal(r)
	if err != nil {
		h.Fatal(err)
	}
	again, err := ReadReceipt(bytes.NewReader(b))
	if err != nil {
		h.Fatal(err)
	}
	return again
}

func TestReceiptProvesAComment(t *testing.T) {
	h, d := square(t)
	key := logKey(t, 1)
	for _, once := range []string{"a", "b", "c"} {
		f := says(&d, once, "What "+once+" says.")
		f.Email, f.Name = "sara@example.org", "Sara"
		h.files(f)
	}
	r := h.receipt("b")
	if err := VerifyReceipt(&r, key.Public()); !errors.Is(err, catalog.ErrUnsigned) {
		t.Errorf("before a head was signed: %v", err)
	}
	h.signs(key)
	for _, once := range []string{"d", "e"} {
		h.files(says(&d, once, "What "+once+" says."))
	}
	for _, once := range []string{"a", "b", "c"} {
		r := h.receipt(once)
		if err := VerifyReceipt(&r, key.Public()); err != nil {
			t.Errorf("%s: %v", once, err)
		}
		if r.Filed.Text != "What "+once+" says." || strings.Contains(r.Log.Entry, r.Filed.Text) {
			t.Errorf("%+v", r)
		}
	}
	h.signs(key)
	if r = h.receipt("e"); VerifyReceipt(&r, key.Public()) != nil || r.Log.Size <= 5 {
		t.Errorf("after a later head: %+v", r)
	}
	if _, err := h.c.Receipt(t.Context(), code("nobody")); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("an unknown receipt: %v", err)
	}
}

// TestForgedReceiptIsRefused changes each part of a receipt in turn.
func TestForgedReceiptIsRefused(t *testing.T) {
	h, d := square(t)
	key := logKey(t, 1)
	for _, once := range []string{"a", "b", "c", "d"} {
		h.files(says(&d, once, "What "+once+" says."))
	}
	h.signs(key)
	other := h.receipt("c")
	for name, forge := range map[string]func(*Receipt){
		"text":     func(r *Receipt) { r.Filed.Text += "!" },
		"name":     func(r *Receipt) { r.Filed.Name = "Sara" },
		"kind":     func(r *Receipt) { r.Filed.Kind = Support },
		"moved":    func(r *Receipt) { r.Filed.Quote, r.Filed.Address = r.Filed.Address, r.Filed.Quote+"x" },
		"comment":  func(r *Receipt) { r.Comment = other.Comment },
		"draft":    func(r *Receipt) { r.Draft = "another" },
		"time":     func(r *Receipt) { r.Received = r.Received.Add(day) },
		"salt":     func(r *Receipt) { r.Salt = other.Salt },
		"no salt":  func(r *Receipt) { r.Salt = "" },
		"entry":    func(r *Receipt) { r.Log.Entry = strings.Replace(r.Log.Entry, `"draft"`, `"drafT"`, 1) },
		"entry of": func(r *Receipt) { r.Log = other.Log },
		"leaf":     func(r *Receipt) { r.Log.Leaf++ },
		"size":     func(r *Receipt) { r.Log.Size++ },
		"path":     func(r *Receipt) { r.Log.Path[0], r.Log.Path[1] = r.Log.Path[1], r.Log.Path[0] },
		"no path":  func(r *Receipt) { r.Log.Path = nil },
		"head":     func(r *Receipt) { r.Log.Head = strings.Replace(r.Log.Head, "/log\n", "/lag\n", 1) },
		"form":     func(r *Receipt) { r.Form = "receipt" },
	} {
		r := h.receipt("b")
		r.Log.Path = slices.Clone(r.Log.Path)
		forge(&r)
		if err := VerifyReceipt(&r, key.Public()); err == nil || errors.Is(err, catalog.ErrUnsigned) || errors.Is(err, ErrTextGone) {
			t.Errorf("%s: %v", name, err)
		}
	}
	r := h.receipt("b")
	if err := VerifyReceipt(&r, logKey(t, 2).Public()); err == nil {
		t.Error("the key of another portal verifies it")
	}
	for _, bad := range []string{"", "{}", "null", "[]", `{"form":"` + ReceiptForm + `"`, strings.Repeat("x", maxReceipt+2)} {
		if _, err := ReadReceipt(strings.NewReader(bad)); err == nil {
			t.Errorf("%.20q is taken for a receipt", bad)
		}
	}
}

func TestErasedCommentIsStillProved(t *testing.T) {
	h, d := square(t)
	key := logKey(t, 1)
	for _, once := range []string{"taken", "removed", "disowned"} {
		f := says(&d, once, "What "+once+" says.")
		f.Email = once + "@example.org"
		c := h.files(f)
		before := h.receipt(once)
		h.do(func(tx *catalog.Tx) (err error) {
			switch once {
			case "taken":
				_, err = TakeBack(tx, code(once))
			case "removed":
				_, err = Remove(tx, h.moderator, c.ID, catalog.AnyRevision, "spam", "")
			default:
				_, err = Disown(tx, c.ID)
			}
			return err
		})
		h.signs(key)
		r := h.receipt(once)
		switch err := VerifyReceipt(&r, key.Public()); {
		case once == "removed" && (err != nil || r.Reason != "spam"): // it is erased from what is public only
			t.Errorf("%s: %v", once, err)
		case once != "removed" && (!errors.Is(err, ErrTextGone) || r.Filed != nil || r.Salt != ""):
			t.Errorf("%s: %+v, %v", once, r, err)
		}
		before.Log = r.Log // who kept the file can prove what it said
		if err := VerifyReceipt(&before, key.Public()); err != nil {
			t.Errorf("%s, with the file that was kept: %v", once, err)
		}
		mark, err := h.c.Comment(t.Context(), c.ID)
		if err != nil || mark.Text != "" || mark.State == Shown || mark.Ended.IsZero() {
			t.Errorf("%s leaves %+v, %v", once, mark, err)
		}
	}
	if n, err := h.c.CommentFigures(t.Context(), d.ID); err != nil || n.Received() != 3 || n.Seen() != 3 || n.Published != 0 {
		t.Errorf("%+v, %v", n, err)
	}
	if p, err := catalog.VerifyLog(t.Context(), h.store, key.Public()); err != nil || p.Faults != 0 {
		t.Errorf("%+v, %v", p, err)
	}
}
