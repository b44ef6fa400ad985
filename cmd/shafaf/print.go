package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// printLines prints a list as JSON, one object a line.
func printLines[T any](e *env, list []T) error {
	for _, v := range list {
		if err := e.printJSON(v); err != nil {
			return err
		}
	}
	return nil
}

// A columns table lines up what it is given.
type columns struct{ w *tabwriter.Writer }

func (e *env) table(head ...string) columns {
	c := columns{tabwriter.NewWriter(e.out, 0, 4, 2, ' ', 0)}
	c.row(head...)
	return c
}

func (c columns) row(cells ...string) {
	for i, s := range cells {
		if i > 0 {
			fmt.Fprint(c.w, "\t")
		}
		fmt.Fprint(c.w, s)
	}
	fmt.Fprintln(c.w)
}

func (c columns) end() error { return c.w.Flush() }

// when is a day and time for a list; nothing for never.
func when(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04")
}

// runLine tells of a run in one line.
func runLine(slug string, r catalog.Run) string {
	n := r.Counts
	var s strings.Builder
	fmt.Fprintf(&s, "%s: %s: %d seen, %d new, %d changed, %d touched, %d unchanged, %d faulty, %d missing, %d faults",
		slug, r.State, n.Seen, n.New, n.Changed, n.Touched, n.Unchanged, n.Faulty, n.Missing, n.Faults)
	for _, more := range []struct {
		n    int64
		what string
	}{{n.Relinked, "under another identifier"}, {n.Deleted, "deleted at the source"}, {n.Retired, "retired"}, {n.Returned, "returned"}, {n.Waiting, "waiting for approval"}} {
		if more.n > 0 {
			fmt.Fprintf(&s, ", %d %s", more.n, more.what)
		}
	}
	if r.DryRun {
		s.WriteString(" (dry run: nothing was taken in)")
	}
	if r.Reason != "" {
		s.WriteString(": " + r.Reason)
	}
	for _, said := range r.Said {
		if hint := hints[said.Kind]; hint != "" {
			s.WriteString("; " + strings.NewReplacer("SOURCE", slug, "RUN", r.ID).Replace(hint))
		}
	}
	return s.String()
}

const privateHint = "add a source that may be in a private network with --allow-private-network"

// hints say to whom works on the command line what to do about a run, by the
// kinds of what its reason says: that itself is for everybody.
var hints = map[string]string{
	"run.waits":     "if that is right: shafaf harvest SOURCE --approve RUN",
	"fetch.private": privateHint,
	"fetch.inside":  privateHint,
}

// printFaults lists faults, and says how many more there are.
func printFaults(w io.Writer, faults []catalog.RunFault, total int64) {
	for _, f := range faults {
		if where := whereOf(f); where != "" {
			fmt.Fprintf(w, "  %s: %s: %s\n", f.Severity, where, f.Text)
		} else {
			fmt.Fprintf(w, "  %s: %s\n", f.Severity, f.Text)
		}
	}
	if more := total - int64(len(faults)); more > 0 {
		fmt.Fprintf(w, "  and %d more: they are on the page of the run\n", more)
	}
}

// whereOf says where in its source a fault stands; nothing when it is of the
// whole run.
func whereOf(f catalog.RunFault) string {
	identifier := f.Identifier
	if identifier != "" {
		identifier = "(" + identifier + ")"
	}
	words := []string{f.Position, identifier, f.Field}
	return strings.Join(slices.DeleteFunc(words, func(s string) bool { return s == "" }), " ")
}
