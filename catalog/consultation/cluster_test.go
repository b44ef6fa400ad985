package consultation

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

// letter is what many send, each with something of their own.
func letter(i int) string {
	return fmt.Sprintf("I am person %d and I ask the council to have the roads repaired each spring, before the rain, and to publish what was paid for each of them to whom.", i)
}

func (h *hall) works(k *Clusterer) int {
	h.Helper()
	n, err := k.Work(h.Context())
	if err != nil {
		h.Fatal(err)
	}
	return n
}

func (h *hall) clusters(f ClusterFilter) []Cluster {
	h.Helper()
	f.Limit = 100
	all, total, err := h.c.Clusters(h.Context(), f)
	if err != nil || int(total) != len(all) {
		h.Errorf("%d clusters of %d, %v", len(all), total, err)
	}
	return all
}

func TestCampaignIsOneCluster(t *testing.T) {
	h, d := square(t)
	for i := range 10 {
		f := says(&d, fmt.Sprint("letter", i), letter(i/2)) // each is sent twice
		if i < 4 {
			f.Email = fmt.Sprintf("p%d@example.org", i%2)
		}
		h.files(f)
		h.files(says(&d, fmt.Sprint("own", i), strings.Repeat(fmt.Sprintf("word%d other%d third%d ", i, i, i), 5)))
	}
	k := h.c.NewClusterer()
	if n := h.works(k); n != 20 {
		t.Errorf("%d comments were compared", n)
	}
	for range idleKept + 1 {
		if n := h.works(k); n != 0 {
			t.Errorf("%d comments were compared again", n)
		}
	}
	if len(k.indexes) != 0 {
		t.Error("the index is kept for ever")
	}
	all := h.clusters(ClusterFilter{Draft: d.ID})
	if len(all) != 11 {
		t.Fatalf("%d clusters", len(all))
	}
	one := all[0]
	if one.Size != 10 || one.Variants != 5 || one.People != 8 || one.First.Text != letter(0) { // 2 addresses and 6 without one
		t.Errorf("%+v", one)
	}
	if same := h.clusters(ClusterFilter{Draft: d.ID, Least: 2}); len(same) != 1 {
		t.Errorf("%+v", same)
	}
	members := h.comments(CommentFilter{Draft: d.ID, Cluster: one.ID})
	if len(members) != 10 {
		t.Errorf("%d members", len(members))
	}
	sum := 0
	for _, k := range all {
		sum += k.Size
	}
	if n, err := h.c.CommentFigures(t.Context(), d.ID); err != nil || int(n.Published) != sum {
		t.Errorf("%d in clusters, %+v, %v", sum, n, err)
	}
}

// TestClustersKeepTheirMeaning lets comments come and go, also after a restart:
// what was answered stays the cluster that it was.
func TestClustersKeepTheirMeaning(t *testing.T) {
	h, d := square(t)
	for i := range 3 {
		h.files(says(&d, strconv.Itoa(i), letter(i)))
	}
	h.works(h.c.NewClusterer())
	one := h.clusters(ClusterFilter{Draft: d.ID})[0]
	h.do(func(tx *catalog.Tx) error {
		_, err := PublishResponse(tx, h.moderator, About{Cluster: one.ID}, 0, Reply{Adopted, "en", "We will."})
		return err
	})
	h.do(func(tx *catalog.Tx) error { // who began it goes
		_, err := TakeBack(tx, code("0"))
		return err
	})
	for i := 3; i < 6; i++ {
		k := h.c.NewClusterer() // a new process each time
		h.files(says(&d, strconv.Itoa(i), letter(i)))
		h.works(k)
	}
	if gone := h.comments(CommentFilter{Draft: d.ID, State: TakenBack}); len(gone) != 1 || gone[0].Cluster != 0 {
		t.Errorf("what was taken back is still told by its cluster: %+v", gone)
	}
	all := h.clusters(ClusterFilter{Draft: d.ID})
	if len(all) != 1 || all[0].ID != one.ID || all[0].Size != 5 || all[0].First.Text != letter(1) || all[0].Answer == nil {
		t.Fatalf("%+v", all)
	}
	for _, c := range h.comments(CommentFilter{Draft: d.ID, State: Shown}) {
		if c.Answer == nil || c.Answer.Text != "We will." {
			t.Errorf("%s has the answer %+v", c.ID, c.Answer)
		}
	}
	if open := h.clusters(ClusterFilter{Draft: d.ID, Unanswered: true}); len(open) != 0 {
		t.Errorf("%+v", open)
	}
	for _, c := range h.comments(CommentFilter{Draft: d.ID, State: Shown}) {
		h.do(func(tx *catalog.Tx) error {
			_, err := Remove(tx, h.moderator, c.ID, catalog.AnyRevision, "spam", "")
			return err
		})
	}
	h.works(h.c.NewClusterer())
	if left := h.clusters(ClusterFilter{Draft: d.ID}); len(left) != 0 {
		t.Errorf("%+v", left)
	}
}

// TestLateCommentIsPlaced files comments on the text that was shown, after a
// newer one was published.
func TestLateCommentIsPlaced(t *testing.T) {
	h, d := square(t)
	first := h.versions(d.ID)[0]
	v := h.revised(&d, "", 1, 2, 3) // articles 4 and 5 are gone
	if _, _, err := h.c.PublishVersion(t.Context(), h.publisher, d.ID, catalog.AnyRevision, v.ID); err != nil {
		t.Fatal(err)
	}
	for i, address := range []string{"art_2", "art_5"} {
		f := says(&d, strconv.Itoa(i), "A text.")
		f.Version, f.Address = first.ID, address
		if c := h.files(f); c.Version != first.ID {
			t.Errorf("%+v", c)
		}
	}
	gone := says(&d, "gone", "A text.")
	gone.Address = "art_5" // without a text it is the newest
	if err := h.refuses(func(tx *catalog.Tx) error { _, _, err := File(tx, &gone); return err }); err == nil {
		t.Error("an article that the newest text has not")
	}
	h.works(h.c.NewClusterer())
	for seq, want := range map[int]string{1: "kept", 2: "removed"} {
		var got string
		if err := h.store.Row(t.Context(), "select verdict from placements where comment = ? and version = ?", seq, v.ID).Scan(&got); err != nil || got != want {
			t.Errorf("comment %d: %q, want %q, %v", seq, got, want, err)
		}
	}
}
