package ocds

import (
	"maps"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// A Change is something that a release says otherwise than those before it.
type Change struct {
	Release string `json:"release"` // its id
	Date    string `json:"date"`
	Path    string `json:"path"` // by the ids of what it goes through: "contracts/OA-17/value/amount"
	From    string `json:"from"`
	To      string `json:"to,omitempty"`
}

// A Merged is the releases of a process, merged.
type Merged struct {
	Body    Object
	Changes []Change // from the first on
}

// mostChanges is how many changes of a process are kept.
const mostChanges = 500

// Merge merges releases, which are put into their order: by date, and of one
// date as they came. A release without a date stands before all others.
func Merge(releases []Release) Merged {
	slices.SortStableFunc(releases, func(a, b Release) int { return strings.Compare(a.Date, b.Date) })
	m := Merged{Body: Object{}}
	for i := range releases {
		m.Add(&releases[i])
	}
	return m
}

// ofRelease are the members that belong to a release, not to the process.
var ofRelease = []string{"id", "date", "tag", "packageInfo", "validationErrors"}

// Add merges one release more, which is newer than all before it. One that is
// compiled of others is merged like them: what it leaves out was said still.
func (m *Merged) Add(r *Release) {
	w := merger{release: r, changes: &m.Changes}
	for _, k := range sortedKeys(r.Body) {
		if slices.Contains(ofRelease, k) {
			continue
		}
		if v := w.merge(k, m.Body[k], r.Body[k]); v != nil {
			m.Body[k] = v
		} else {
			delete(m.Body, k)
		}
	}
}

// A merger merges one release into those before it.
type merger struct {
	release *Release
	changes *[]Change
}

// whole are the lists that are replaced as a whole, whatever is in them.
var whole = []string{"additionalClassifications", "additionalIdentifiers", "changes", "roles", "submissionMethod"}

// merge returns what stands at a place after it said was and now says is. Null
// takes back what was said.
func (w *merger) merge(path string, was, is any) any {
	switch is := is.(type) {
	case Object:
		old, ok := was.(Object)
		if !ok {
			old = Object{}
		}
		out := make(Object, len(old)+len(is))
		maps.Copy(out, old)
		for _, k := range sortedKeys(is) {
			if v := w.merge(path+"/"+k, old[k], is[k]); v == nil {
				delete(out, k)
			} else {
				out[k] = v
			}
		}
		return out
	case []any:
		old, ok := was.([]any)
		if ok && len(is) == 0 && identified(old) {
			return old
		}
		if !ok || !identified(old) || !identified(is) || slices.Contains(whole, path[strings.LastIndexByte(path, '/')+1:]) {
			return is
		}
		return w.lists(path, old, is)
	}
	if is == nil && w.release.Compiled() {
		return was // it was not said, and nothing is taken back by it
	}
	w.note(path, was, is)
	return is
}

// identified reports whether a list is one of objects of which any has an id.
func identified(list []any) bool {
	some := false
	for _, v := range list {
		o, ok := v.(Object)
		if !ok {
			return false
		}
		some = some || text(o["id"]) != ""
	}
	return some
}

// lists merges lists whose items have ids: items of one id are merged, others
// come behind those that are there. Items without one are added unless they are
// there.
func (w *merger) lists(path string, was, is []any) []any {
	out := slices.Clone(was)
	at := make(map[string]int, len(out))
	for i, v := range out {
		at[listKey(v.(Object))] = i //nolint:forcetypeassert // identified looked
	}
	for _, v := range is {
		o := v.(Object) //nolint:forcetypeassert // identified looked
		key := listKey(o)
		if i, ok := at[key]; ok {
			out[i] = w.merge(path+"/"+strings.TrimPrefix(key, "id "), out[i], o)
			continue
		}
		at[key] = len(out)
		out = append(out, w.merge(path+"/"+strings.TrimPrefix(key, "id "), nil, o))
	}
	return out
}

// listKey is what tells an item of a list from others.
func listKey(o Object) string {
	if id := text(o["id"]); id != "" {
		return "id " + id
	}
	b, err := Encode(o)
	if err != nil {
		return ""
	}
	return string(b)
}

// note lists a change of a value that was there before.
func (w *merger) note(path string, was, is any) {
	from, to := text(was), text(is)
	if from == "" || from == to || len(*w.changes) >= mostChanges || told(path) {
		return
	}
	*w.changes = append(*w.changes, Change{
		Release: w.release.ID, Date: w.release.Date, Path: persian.CutBytes(path, mostText),
		From: persian.CutBytes(from, mostText), To: persian.CutBytes(to, mostText),
	})
}

// told reports whether a change at a place is told by the release itself, or is
// none of the process.
func told(path string) bool {
	return strings.HasPrefix(path, "language") || strings.HasSuffix(path, "/id")
}

func sortedKeys(o Object) []string {
	keys := make([]string, 0, len(o))
	for k := range o {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
