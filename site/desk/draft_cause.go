package desk

import (
	"slices"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/site"
)

// A causeView asks which comments caused a change.
type causeView struct {
	page
	Change  site.DraftChange
	Form    form
	BackURL string
}

// causeChoices is how many comments at a place, and how many clusters of the
// whole draft, a page offers as causes.
const causeChoices = 40

func (d *Desk) causePage(s *site.Site, r *site.Request) (*causeView, *consultation.Draft, *consultation.Version, error) {
	dr, before, version, err := d.changed(r)
	if err != nil {
		return nil, nil, nil, err
	}
	v := &causeView{page: page{draftFrame(r, dr, "desk.cause.title")}, BackURL: "/" + r.Lang + textPath(version) + "/changes"}
	cmp, err := d.law.Compare(r.Context(), before, version)
	if err != nil {
		return nil, nil, nil, err
	}
	at := r.Query.Get("at")
	all := s.DraftChanges(r, cmp, version.Lang)
	i := slices.IndexFunc(all, func(c site.DraftChange) bool { return c.Address == at })
	if i < 0 {
		return nil, nil, nil, catalog.NotFound("provision", at)
	}
	v.Change = all[i]
	options, err := d.causeOptions(r, dr, &v.Change)
	if err != nil {
		return nil, nil, nil, err
	}
	v.Form = form{Submit: "desk.cause.submit", Fields: []field{
		{Name: "causes", Kind: "checks", Options: options},
		{Name: "number", Kind: "text", Optional: true},
		{Name: "verdict", Kind: "radios", Options: verdictOptions(r, "", consultation.Adopted, consultation.Partly, consultation.Rejected)},
		{Name: "because", Kind: "textarea", Short: true},
	}}
	if len(options) == 0 {
		v.Form.Fields = v.Form.Fields[1:]
	}
	return v, dr, version, nil
}

// verdictOptions are verdicts to choose one from.
func verdictOptions(r *site.Request, now string, all ...string) []option {
	var options []option
	for _, v := range all {
		options = append(options, option{Value: v, Label: r.Text("verdict." + v), Chosen: v == now})
	}
	return options
}

// causeOptions are the comments that stand where the change is, those of a
// cluster as one, and after them the largest clusters of the draft.
func (d *Desk) causeOptions(r *site.Request, dr *consultation.Draft, c *site.DraftChange) ([]option, error) {
	var all []option
	seen := map[string]bool{}
	add := func(about consultation.About, label string) {
		if key := aboutKey(about); !seen[key] {
			seen[key] = true
			all = append(all, option{Value: key, Label: label})
		}
	}
	clusters, _, err := d.law.Clusters(r.Context(), consultation.ClusterFilter{Draft: dr.ID, Least: 2, Limit: causeChoices})
	if err != nil {
		return nil, err
	}
	large := map[int64]*consultation.Cluster{}
	for i := range clusters {
		large[clusters[i].ID] = &clusters[i]
	}
	for _, address := range around(append(slices.Clone(c.Before), c.Address)) {
		here, _, err := d.law.Comments(r.Context(), consultation.CommentFilter{Draft: dr.ID, Address: address, State: consultation.Shown, Limit: causeChoices})
		if err != nil {
			return nil, err
		}
		for i := range here {
			if k := large[here[i].Cluster]; k != nil {
				add(consultation.About{Cluster: k.ID}, clusterName(r, k))
			} else {
				add(consultation.About{Comment: here[i].ID}, commentName(r, &here[i]))
			}
		}
	}
	for i := range clusters {
		add(consultation.About{Cluster: clusters[i].ID}, clusterName(r, &clusters[i]))
	}
	return all, nil
}

// around are addresses, and behind them those of what they are in.
func around(all []string) []string {
	for i := 0; i < len(all); i++ {
		if at := strings.LastIndex(all[i], "__"); at > 0 && !slices.Contains(all, all[i][:at]) {
			all = append(all, all[i][:at])
		}
	}
	return all
}

// commentName is a comment in one line.
func commentName(r *site.Request, c *consultation.Comment) string {
	who := c.Name
	if who == "" {
		who = c.Organisation
	}
	if who == "" {
		who = r.Text("comment.noname")
	}
	return who + r.Text("desk.colon") + " " + beginning(c.Text)
}

// clusterName is a cluster in one line.
func clusterName(r *site.Request, k *consultation.Cluster) string {
	return r.Text("draft.cause.cluster", "n", k.Size) + r.Text("desk.colon") + " " + beginning(k.First.Text)
}

// aboutName is a comment or a cluster in one line; its number, when nobody can
// read it any more.
func (d *Desk) aboutName(r *site.Request, about consultation.About) (string, error) {
	if about.Comment == "" {
		k, err := d.law.Cluster(r.Context(), about.Cluster)
		if err != nil {
			return aboutKey(about), ignoreMissing(err)
		}
		return clusterName(r, &k), nil
	}
	c, err := d.law.Comment(r.Context(), about.Comment)
	if err != nil {
		return about.Comment, ignoreMissing(err)
	}
	return commentName(r, &c), nil
}

// aboutKey is a comment or a cluster in an address or a form.
func aboutKey(about consultation.About) string {
	if about.Comment == "" {
		return strconv.FormatInt(about.Cluster, 10)
	}
	return about.Comment
}

// aboutOf reads what aboutKey wrote: what is no number is the id of a comment.
func aboutOf(key string) consultation.About {
	key = strings.TrimSpace(key)
	if n, err := strconv.ParseInt(persian.ASCIIDigits(key), 10, 64); err == nil && n > 0 {
		return consultation.About{Cluster: n}
	}
	return consultation.About{Comment: key}
}

func (d *Desk) cause(s *site.Site, r *site.Request) (site.View, error) {
	v, _, _, err := d.causePage(s, r)
	return v, err
}

func (d *Desk) doCause(s *site.Site, r *site.Request) (site.View, error) {
	v, _, version, err := d.causePage(s, r)
	if err != nil {
		return nil, err
	}
	f := &v.Form
	f.take(r)
	var causes []consultation.About
	for _, key := range append(slices.Clone(r.Form["causes"]), f.typed("number")) {
		if key != "" {
			causes = append(causes, aboutOf(key))
		}
	}
	if len(causes) == 0 || len(causes) > 2*causeChoices {
		f.wrong("number", r.Text("desk.cause.none"))
		return stay(v, f, nil)
	}
	err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
		for _, about := range causes {
			_, err := consultation.AddInfluence(tx, &r.Actor, consultation.Edge{
				Version: version.ID, Address: v.Change.Address, About: about, Verdict: typedOption(f, "verdict"), Reason: typedLong(f, "because"),
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		return nil, site.Moved(v.BackURL + "#" + v.Change.Address)
	}
	if ignoreMissing(err) == nil {
		f.wrong("number", r.Text("desk.cause.unknown"))
		return stay(v, f, nil)
	}
	return stay(v, f, d.refusedWrite(r, f, inField(err, "reason", "because"), func() (*form, error) { return f, nil }))
}

// typedOption is the value of radios of which one was chosen, empty without.
func typedOption(f *form, name string) string {
	for _, o := range f.field(name).Options {
		if o.Chosen {
			return o.Value
		}
	}
	return ""
}
