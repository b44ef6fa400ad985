package revision

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// A block is an article of a law as text, or what stands before the first one
// or between two; old is the number it had, empty of a new one.
type block struct {
	article bool
	old     []string
	change  Change
	text    string // without the label
}

var label = regexp.MustCompile(`^\x{200c}*ماده\s+([۰-۹]+)\s*[–-]\s*`)

// realLaw returns a law of the real files as text.
func realLaw(tb testing.TB, name string) string {
	tb.Helper()
	root := os.Getenv("SHAFAF_FILES")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	b, err := os.ReadFile(filepath.Join(root, "fa-ar-texts", "fa-laws", name))
	if err != nil {
		tb.Skip("the real files are not here: set SHAFAF_FILES to their folder")
	}
	return string(b)
}

var heading = regexp.MustCompile(`^\x{200c}*(باب|فصل|مبحث|بخش|کتاب)\s`)

// blocks cuts a law of the marks of omoor_hasabi into its articles.
func blocks(law string) []block {
	var list []block
	for line := range strings.Lines(law) {
		switch m := label.FindStringSubmatch(line); {
		case m != nil:
			list = append(list, block{article: true, old: []string{persian.ASCIIDigits(m[1])}, text: line[len(m[0]):]})
		case len(list) == 0 || list[len(list)-1].article && heading.MatchString(line):
			list = append(list, block{text: line})
		default:
			list[len(list)-1].text += line
		}
	}
	return list
}

// write numbers the articles from 1 on and returns the law as text; and of each
// number what Compare has to find.
func write(list []block) (law string, want map[string]string) {
	var b strings.Builder
	want = map[string]string{}
	n := 0
	for i := range list {
		bl := &list[i]
		if !bl.article {
			b.WriteString(bl.text)
			continue
		}
		n++
		fmt.Fprintf(&b, "ماده %s– %s\n", persian.Digits(strconv.Itoa(n), "fa"), strings.TrimRight(bl.text, "\n")+"\n")
		change := bl.change
		if change == "" && bl.old[0] != strconv.Itoa(n) {
			change = Renumbered
		} else if change == "" {
			change = Same
		}
		key := strings.Join(bl.old, "+")
		if change == Split && want[key] != "" {
			want[key] += "+" + strconv.Itoa(n)
			continue
		}
		if len(bl.old) == 0 {
			key = "new " + strconv.Itoa(n)
		}
		want[key] = fmt.Sprintf("%s %d", change, n)
	}
	return b.String(), want
}

// found writes the pairs of articles as write does, and tells of what is in no
// edited article and still not as it was.
func found(a, b []lawtext.Provision, pairs []Pair) (got map[string]string) {
	got = map[string]string{}
	nums := func(law []lawtext.Provision, list []int) string {
		var out []string
		for _, i := range list {
			out = append(out, law[i].Num)
		}
		return strings.Join(out, "+")
	}
	oa, ob := outlineOf(a), outlineOf(b)
	edited := map[int]bool{}
	for _, p := range pairs {
		if !isOf(lawtext.Article, a, p.A) && !isOf(lawtext.Article, b, p.B) {
			continue
		}
		key := nums(a, p.A)
		if key == "" {
			key = "new " + nums(b, p.B)
		}
		got[key] = strings.TrimSpace(fmt.Sprintf("%s %s", p.Change, nums(b, p.B)))
		if p.Change == Removed {
			edited[p.A[0]] = true
		}
		if p.Change == Added {
			edited[-1-p.B[0]] = true
		}
	}
	for _, p := range pairs {
		switch {
		case isOf(lawtext.Article, a, p.A) || isOf(lawtext.Article, b, p.B) || p.Change == Same:
		case p.Change == Removed && edited[oa.unit[p.A[0]]], p.Change == Added && edited[-1-ob.unit[p.B[0]]]:
		default:
			got[fmt.Sprintf("%v %v", address(a, p.A), address(b, p.B))] = string(p.Change)
		}
	}
	return got
}

func address(law []lawtext.Provision, list []int) []string {
	var out []string
	for _, i := range list {
		out = append(out, law[i].Address)
	}
	return out
}

// differ reports each line in which two tables differ.
func differ(t *testing.T, got, want map[string]string) {
	t.Helper()
	for key, w := range want {
		if got[key] != w {
			t.Errorf("article %s: got %q, want %q", key, got[key], w)
		}
	}
	for key, g := range got {
		if want[key] == "" {
			t.Errorf("%s: %s, where nothing was edited", key, g)
		}
	}
}
