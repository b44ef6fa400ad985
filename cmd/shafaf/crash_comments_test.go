package main

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
)

// childDir names the data folder to the process that is killed.
const childDir = "SHAFAF_COMMENTS_DIR"

// openDraft opens the data folder with a draft that takes comments, which it
// makes the first time.
func openDraft(t *testing.T, dir string) (*catalog.Store, *consultation.Consultation, consultation.Draft) {
	t.Helper()
	s, err := catalog.Open(t.Context(), dir, catalog.Options{Now: time.Now, Fatal: func(err error) { panic(err) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	c := consultation.New(s)
	all, _, err := c.Drafts(t.Context(), consultation.DraftFilter{})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) > 0 {
		return s, c, all[0]
	}
	var d consultation.Draft
	a := catalog.Agency{Title: catalog.Text{"en": "Roads"}}
	by := &catalog.Shell
	if err := s.Write(t.Context(), func(tx *catalog.Tx) error {
		if err := tx.PutAgency(&a); err != nil {
			return err
		}
		d, err = consultation.CreateDraft(tx, by, consultation.Draft{Agency: a.ID, Title: a.Title, Moderation: consultation.PublishFirst})
		if err == nil {
			d, _, err = consultation.AddVersion(tx, by, d.ID, catalog.AnyRevision, &consultation.Wording{Law: roadLaw(benchArticles)})
		}
		if err == nil {
			d, err = consultation.PublishDraft(tx, by, d.ID, catalog.AnyRevision)
		}
		if err == nil {
			d, _, err = consultation.AddPeriod(tx, by, d.ID, catalog.AnyRevision, consultation.PeriodWish{Kind: consultation.Opened, Closes: tx.Now().AddDate(1, 0, 0), Basis: "Bylaw 7"})
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return s, c, d
}

// roadLaw is a text of so many articles.
func roadLaw(articles int) lawtext.Law {
	law := lawtext.Law{Title: "Bylaw of roads", Lang: "en"}
	for n := range articles {
		law.Provisions = append(law.Provisions, lawtext.Provision{
			Address: fmt.Sprintf("art_%d", n+1), Kind: lawtext.Article, Num: strconv.Itoa(n + 1), Label: fmt.Sprintf("Article %d", n+1),
			Text: fmt.Sprintf("Road %d of the province is kept in repair by the office of roads, which reports about it once a year.", n+1),
		})
	}
	return law
}

// commentOf is the n-th comment of a round.
func commentOf(d *consultation.Draft, round, n int) consultation.Filing {
	once := fmt.Sprintf("%d-%d", round, n)
	sum := sha256.Sum256([]byte(once))
	return consultation.Filing{
		Draft: d.ID, Kind: consultation.CommentKinds[n%3], Lang: "en", Text: fmt.Sprintf("Comment %d asks for a road of its own, and for a report each year.", n),
		Once: once, Receipt: sum[:], Proven: true,
	}
}

// TestCommentsUntilKilled is the process that is killed: it files comments as 16
// people at once, puts them into clusters meanwhile, and prints what was
// acknowledged.
func TestCommentsUntilKilled(t *testing.T) {
	dir, round := os.Getenv(childDir), 0
	if _, err := fmt.Sscanf(os.Getenv(childDir+"_ROUND"), "%d", &round); dir == "" || err != nil {
		t.Skip("TestCrashComments runs it")
	}
	s, c, d := openDraft(t, dir)
	go func() {
		for k := c.NewClusterer(); ; {
			if _, err := k.Work(t.Context()); err != nil {
				return
			}
		}
	}()
	var next sync.Mutex
	n := 0
	for range 16 {
		go func() {
			for {
				next.Lock()
				mine := n
				n++
				next.Unlock()
				f := commentOf(&d, round, mine)
				var id string
				if err := s.Write(t.Context(), func(tx *catalog.Tx) error {
					c, _, err := consultation.File(tx, &f)
					id = c.ID
					return err
				}); err != nil {
					fmt.Println("failed", err)
					return
				}
				fmt.Printf("acked %d %s\n", mine, id)
			}
		}()
	}
	time.Sleep(time.Minute) // it is killed long before
}

// TestCrashComments kills a process with kill -9 in the middle of filing
// comments: each that was acknowledged is there once, what is sent again
// because nobody knows is not there twice, and counts and log are whole.
func TestCrashComments(t *testing.T) {
	n, dir := rounds(t), filepath.Join(t.TempDir(), "data")
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	acked, resent, there := 0, 0, 0
	for round := range n {
		cmd := exec.CommandContext(t.Context(), exe, "-test.run", "^TestCommentsUntilKilled$", "-test.v")
		cmd.Env = append(os.Environ(), childDir+"="+dir, childDir+"_ROUND="+strconv.Itoa(round))
		got := killed(t, cmd)
		acked += len(got)
		checkRound(t, dir, round, got, &resent, &there)
	}
	t.Logf("%d rounds: %d comments acknowledged, all there once; %d sent again, of which %d were there", n, acked, resent, there)
	if acked == 0 {
		t.Error("nothing was acknowledged before it was killed")
	}
}

// killed runs the process, kills it some time after its first answer, and
// returns what it acknowledged: ids by number.
func killed(t *testing.T, cmd *exec.Cmd) map[int]string {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	got := map[int]string{}
	var once sync.Once
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var i int
		var id string
		if _, err := fmt.Sscanf(lines.Text(), "acked %d %s", &i, &id); err != nil {
			if strings.HasPrefix(lines.Text(), "failed") {
				t.Error(lines.Text())
			}
			continue
		}
		got[i] = id
		once.Do(func() {
			time.AfterFunc(time.Duration(rand.Int64N(int64(200*time.Millisecond))), func() { _ = cmd.Process.Kill() })
		})
	}
	if err := cmd.Wait(); err == nil {
		t.Error("it ended by itself")
	}
	return got
}

// checkRound looks for what was acknowledged, and sends again what else may have
// been under way.
func checkRound(t *testing.T, dir string, round int, got map[int]string, resent, there *int) {
	t.Helper()
	s, c, d := openDraft(t, dir)
	defer s.Close()
	last := 0
	for i, id := range got {
		f := commentOf(&d, round, i)
		last = max(last, i)
		if own, err := c.CommentByReceipt(t.Context(), f.Receipt); err != nil || own.ID != id || own.Text != f.Text {
			t.Errorf("round %d: comment %d was acknowledged as %s and is %s, %v", round, i, id, own.ID, err)
		}
	}
	for i := range last + 17 {
		f := commentOf(&d, round, i)
		if err := s.Write(t.Context(), func(tx *catalog.Tx) error {
			one, again, err := consultation.File(tx, &f)
			if id := got[i]; id != "" && (!again || one.ID != id) {
				t.Errorf("round %d: comment %d came a second time as %s", round, i, one.ID)
			}
			if again && got[i] == "" {
				*there++
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	*resent += last + 17 - len(got)
	figures, err := c.CommentFigures(t.Context(), d.ID)
	var rows, keys, leaves int64
	failed := s.Row(t.Context(), "select count(*), count(distinct once), count(distinct leaf) from comments").Scan(&rows, &keys, &leaves)
	if err != nil || failed != nil || figures.Received() != rows || keys != rows || leaves != rows {
		t.Errorf("round %d: %+v counted, %d there with %d keys and %d leaves, %v %v", round, figures, rows, keys, leaves, err, failed)
	}
	log, err := catalog.NewLogKey(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	if p, err := catalog.VerifyLog(t.Context(), s, log.Public()); err != nil || p.Faults > 0 {
		t.Errorf("round %d: %+v, %v", round, p, err)
	}
}
