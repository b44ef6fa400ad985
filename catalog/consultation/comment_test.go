package consultation

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// code is the hash of the receipt of a form.
func code(once string) []byte {
	sum := sha256.Sum256([]byte(once))
	return sum[:]
}

// says is a comment on the draft in a form of its own.
func says(d *Draft, once, text string) Filing {
	return Filing{Draft: d.ID, Kind: Change, Lang: "en", Text: text, Once: once, Receipt: code(once), Proven: true}
}

// publishFirst lets comments on the draft be public at once.
func (h *hall) publishFirst(d *Draft) {
	h.Helper()
	h.do(func(tx *catalog.Tx) error {
		return tx.Exec("update drafts set moderation = 'publish' where id = ?", d.ID)
	})
}

// files takes a comment in, and fails the test when it cannot.
func (h *hall) files(f Filing) Comment {
	h.Helper()
	var c Comment
	h.do(func(tx *catalog.Tx) (err error) {
		c, _, err = File(tx, &f)
		return err
	})
	return c
}

// refuses returns the error of a write.
func (h *hall) refuses(do func(*catalog.Tx) error) error {
	h.Helper()
	err := h.store.Write(h.Context(), do)
	if err == nil {
		h.Error("it was done")
	}
	return err
}

// square is a hall with an open draft whose comments are public at once.
func square(t *testing.T) (*hall, Draft) {
	t.Helper()
	h := newHall(t)
	d := h.published("Bylaw of roads", 10)
	h.publishFirst(&d)
	return h, d
}

func (h *hall) comments(f CommentFilter) []Comment {
	h.Helper()
	if f.Limit == 0 {
		f.Limit = 1000
	}
	all, total, err := h.c.Comments(h.Context(), f)
	if err != nil || f.After == 0 && f.Limit == 1000 && int(total) != len(all) {
		h.Errorf("%+v: %d comments of %d, %v", f, len(all), total, err)
	}
	return all
}

func TestFormSentTwiceIsOneComment(t *testing.T) {
	h, d := square(t)
	first := h.files(says(&d, "one", "The office should report twice a year."))
	h.at = h.at.Add(30 * day) // also after the draft was closed
	again := says(&d, "one", "The office should report twice a year.")
	h.do(func(tx *catalog.Tx) error {
		c, before, err := File(tx, &again)
		if err == nil && (!before || c.ID != first.ID || c.Seq != first.Seq) {
			t.Errorf("a double click made %s and %s", first.ID, c.ID)
		}
		return err
	})
	for _, change := range []func(*Filing){
		func(f *Filing) { f.Text = "Another text." }, func(f *Filing) { f.Kind = Support }, func(f *Filing) { f.Address = "art_2" }, func(f *Filing) { f.Name = "Sara" },
	} {
		other := says(&d, "one", "The office should report twice a year.")
		change(&other)
		if err := h.refuses(func(tx *catalog.Tx) error { _, _, err := File(tx, &other); return err }); !errors.Is(err, catalog.ErrReused) {
			t.Errorf("another comment in the same form: %v", err)
		}
	}
	if all := h.comments(CommentFilter{Draft: d.ID}); len(all) != 1 {
		t.Errorf("%d comments", len(all))
	}
}

func TestCommentIsChecked(t *testing.T) {
	h, d := square(t)
	whole := says(&d, "whole", strings.Repeat("ب", MaxComment))
	h.files(whole)
	quoted := says(&d, "quoted", "Twice.")
	quoted.Address, quoted.Quote = "art_2", "once  a\nyear to the council"
	if c := h.files(quoted); c.Quote != "once a year to the council" {
		t.Errorf("quote %q", c.Quote)
	}
	for field, change := range map[string]func(*Filing){
		"kind":         func(f *Filing) { f.Kind = "rant" },
		"text":         func(f *Filing) { f.Text += "." + strings.Repeat("ب", MaxComment) },
		"name":         func(f *Filing) { f.Name = strings.Repeat("ن", MaxNameText+1) },
		"organisation": func(f *Filing) { f.Organisation = strings.Repeat("ن", MaxNameText+1) },
		"email":        func(f *Filing) { f.Email = "nobody" },
		"lang":         func(f *Filing) { f.Lang = "xx" },
		"version":      func(f *Filing) { f.Version = "elsewhere" },
		"address":      func(f *Filing) { f.Address = "art_99" },
		"quote":        func(f *Filing) { f.Address, f.Quote = "art_2", "words that stand nowhere" },
		"parent":       func(f *Filing) { f.Parent = "nothing" },
		"gender":       func(f *Filing) { f.Gender = "x" },
		"group":        func(f *Filing) { f.Group = "x" },
		"once":         func(f *Filing) { f.Receipt = nil },
	} {
		bad := says(&d, "bad"+field, "A text.")
		change(&bad)
		var wrong *catalog.InvalidError
		if err := h.refuses(func(tx *catalog.Tx) error { _, _, err := File(tx, &bad); return err }); !errors.As(err, &wrong) || wrong.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	for _, empty := range []string{"", " \n\t", "\u200c\u200f", "\u202e\u2066", "\x00\x01"} {
		bad := says(&d, "empty"+empty, empty)
		var wrong *catalog.InvalidError
		if err := h.refuses(func(tx *catalog.Tx) error { _, _, err := File(tx, &bad); return err }); !errors.As(err, &wrong) || wrong.Field != "text" {
			t.Errorf("%q: %v", empty, err)
		}
	}
}

func TestCommentIsCleaned(t *testing.T) {
	h, d := square(t)
	for text, want := range map[string]string{
		"good\u202eevil":                   "goodevil",
		"a\x00b\xffc":                      "ab\uFFFDc",
		"<script>alert(1)</script>":        "<script>alert(1)</script>",
		"z" + strings.Repeat("\u0335", 50): "z\u0335\u0335\u0335",
		"كتاب علي":                         "کتاب علی",
		"one\r\ntwo":                       "one\ntwo",
	} {
		if c := h.files(says(&d, text, text)); c.Text != want {
			t.Errorf("%q became %q, want %q", text, c.Text, want)
		}
	}
	long := says(&d, "name", "A text.")
	long.Name = "  Sara\n\u202eAhmadi "
	if c := h.files(long); c.Name != "Sara Ahmadi" {
		t.Errorf("name %q", c.Name)
	}
}

func TestCommentIsPublicAtOnceOrWaits(t *testing.T) {
	h, d := square(t)
	spam := says(&d, "spam", strings.Repeat("see https://example.org/a ", 5))
	unproven := says(&d, "unproven", "A text.")
	unproven.Proven = false
	for f, want := range map[*Filing]string{&unproven: Waiting, &spam: Waiting} {
		if c := h.files(*f); c.State != want {
			t.Errorf("%q is %s", f.Text, c.State)
		}
	}
	shown := h.files(says(&d, "proven", "A text."))
	if all := h.comments(CommentFilter{Draft: d.ID}); len(all) != 1 || all[0].ID != shown.ID || all[0].Published.IsZero() {
		t.Errorf("%+v", all)
	}
	review := h.published("Bylaw of bridges", 10)
	if c := h.files(says(&review, "bridge", "A text.")); c.State != Waiting {
		t.Errorf("on a draft that is reviewed first: %s", c.State)
	}
	n, err := h.c.CommentFigures(t.Context(), d.ID)
	if err != nil || n.Received() != 3 || n.Seen() != 1 || n.Waiting != 2 || n.Change != 1 || n.Threads != 1 {
		t.Errorf("%+v, %v", n, err)
	}
}

func TestDraftTakesCommentsWhileItIsOpenOnly(t *testing.T) {
	h, d := square(t)
	closed := func(what string, d *Draft) {
		t.Helper()
		f := says(d, what, "A text.")
		var no *catalog.ConflictError
		if err := h.refuses(func(tx *catalog.Tx) error { _, _, err := File(tx, &f); return err }); !errors.As(err, &no) || no.Code != CodeClosed || no.Reason == "" {
			t.Errorf("%s: %v", what, err)
		}
	}
	h.at = d.Closes.Add(-time.Millisecond)
	h.files(says(&d, "last", "In time."))
	h.at = d.Closes
	closed("at the deadline", &d)
	h.at = d.Closes.Add(365 * day) // the clock jumped
	closed("long after", &d)
	announced := h.published("Bylaw of bridges", 0)
	closed("announced", &announced)
	hidden := h.prepared("Bylaw of tunnels")
	f := says(&hidden, "hidden", "A text.")
	if err := h.refuses(func(tx *catalog.Tx) error { _, _, err := File(tx, &f); return err }); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("a draft that is not public: %v", err)
	}
}

func TestRepliesMakeThreads(t *testing.T) {
	h, d := square(t)
	on := says(&d, "root", "Twice a year.")
	on.Address = "art_3"
	root := h.files(on)
	parent := root
	for i := range MaxThread + 2 {
		f := says(&d, fmt.Sprint("reply", i), fmt.Sprint("Reply ", i))
		f.Parent, f.Address = parent.ID, "art_1" // of the thread, whatever the form says
		c := h.files(f)
		if c.Parent != parent.ID || c.Root != root.ID || c.Depth != min(i+1, MaxThread) || c.Address != "art_3" {
			t.Errorf("reply %d: %+v", i, c)
		}
		parent = c
	}
	first, replies, err := h.c.Thread(t.Context(), parent.ID, 0, 100)
	if err != nil || first.ID != root.ID || first.Replies != MaxThread+2 || len(replies) != first.Replies || replies[1].Parent != replies[0].ID {
		t.Errorf("%+v, %+v, %v", first, replies, err)
	}
	if all := h.comments(CommentFilter{Draft: d.ID, Address: "art_3"}); len(all) != 1 || all[0].Replies != MaxThread+2 {
		t.Errorf("%+v", all)
	}
	if all := h.comments(CommentFilter{Draft: d.ID}); len(all) != MaxThread+3 {
		t.Errorf("%d comments", len(all))
	}
	h.do(func(tx *catalog.Tx) error { _, err := TakeBack(tx, code("root")); return err })
	late := says(&d, "late", "To what is gone.")
	late.Parent = root.ID
	var gone *catalog.ConflictError
	if err := h.refuses(func(tx *catalog.Tx) error { _, _, err := File(tx, &late); return err }); !errors.As(err, &gone) || gone.Code != CodeGone {
		t.Errorf("a reply to what was taken back: %v", err)
	}
}

// TestListsAgree files comments of all sorts and compares what each filter
// finds with what was filed, page by page in both directions.
func TestListsAgree(t *testing.T) {
	h, d := square(t)
	var all []Comment
	for i := range 60 {
		f := says(&d, strconv.Itoa(i), fmt.Sprint("Text ", i))
		f.Kind, f.Address = CommentKinds[i%3], []string{"", "art_1", "art_2"}[i%7%3]
		f.Proven = i%11 != 0
		if i > 10 && i%4 == 0 {
			f.Parent = all[i%4+1].ID
		}
		c := h.files(f)
		if i%13 == 5 {
			h.do(func(tx *catalog.Tx) error { _, err := TakeBack(tx, code(f.Once)); return err })
			c.State = TakenBack
		}
		all = append(all, c)
	}
	for _, f := range []CommentFilter{
		{},
		{Roots: true},
		{Whole: true},
		{Address: "art_1"},
		{Kind: Support},
		{Provenance: Anonymous},
		{State: TakenBack},
		{Address: "art_2", Kind: Asks},
		{Kind: Change, Roots: true},
		{Provenance: Confirmed},
		{State: Shown, Kind: Support},
	} {
		want := map[string]bool{}
		for _, c := range all {
			root := c.Root == ""
			if c.State != Waiting && (c.State != TakenBack || !c.Published.IsZero()) && (!f.Roots && !f.Whole && f.Address == "" || root) && (!f.Whole || c.Address == "") &&
				(f.Address == "" || f.Address == c.Address) && (f.Kind == "" || f.Kind == c.Kind) && (f.Provenance == "" || f.Provenance == c.Provenance) &&
				(f.State == "" || f.State == c.State) {
				want[c.ID] = true
			}
		}
		f.Draft = d.ID
		for _, newest := range []bool{false, true} {
			f.Newest, f.Limit, f.After = newest, 7, 0
			got := map[string]bool{}
			for {
				page, total, err := h.c.Comments(t.Context(), f)
				if err != nil || int(total) != len(want) {
					t.Fatalf("%+v: total %d, want %d, %v", f, total, len(want), err)
				}
				for _, c := range page {
					if got[c.ID] || !want[c.ID] || c.State == TakenBack && c.Text != "" {
						t.Errorf("%+v: %+v", f, c)
					}
					got[c.ID] = true
					f.After = c.Seq
				}
				if len(page) < f.Limit {
					break
				}
			}
			if len(got) != len(want) {
				t.Errorf("%+v: %d comments, want %d", f, len(got), len(want))
			}
		}
	}
}
