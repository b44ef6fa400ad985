package desk

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/indicators"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/site"
)

// How a form for evidence is sent.
const (
	howTry  = "try"
	howHand = "hand"
)

// mostListed is how many datasets and files a browser is given to choose from;
// the others are found by their names or addresses.
const mostListed = 400

// choicesID is the id of the list of them on the page.
const choicesID = "choices"

// handForm is the form by which evidence is handed in: what is there can be
// kept, and more of each kind that the rule takes be added.
func (v *filingView) handForm(r *site.Request, revision field) form {
	f := form{Do: doHand, Submit: "desk.filing.submit.hand", Fields: []field{revision}}
	var kept []option
	for i := range v.filing.Evidence {
		e := &v.filing.Evidence[i]
		name := evidenceName(r, e)
		if e.Gone {
			name += " (" + r.Text("filing.evidence.gone") + ")"
		}
		kept = append(kept, option{Value: strconv.Itoa(e.N), Label: name, Chosen: !e.Gone})
	}
	if len(kept) > 0 {
		f.Fields = append(f.Fields, field{Name: "kept", Kind: "checks", Options: kept})
	}
	takes := v.asking.Indicator.Rule.Evidence
	if slices.Contains(takes, indicators.EvidenceDataset) || slices.Contains(takes, indicators.EvidenceResource) {
		for i := range v.choices {
			if len(v.Choices) == mostListed {
				v.More = true
				break
			}
			if slices.Contains(takes, v.choices[i].Kind) {
				v.Choices = append(v.Choices, option{Value: choiceName(r, &v.choices[i])})
			}
		}
		for _, name := range []string{"thing", "thing_more"} {
			f.Fields = append(f.Fields, field{Name: name, Kind: "text", List: choicesID, Optional: len(takes) > 2 || len(kept) > 0 || name != "thing"})
		}
	}
	if slices.Contains(takes, indicators.EvidenceLink) {
		f.Fields = append(f.Fields, field{Name: "link", Kind: "url", Optional: true})
	}
	if slices.Contains(takes, indicators.EvidenceStatement) {
		f.Fields = append(f.Fields, field{Name: "said_fa", Kind: "textarea", Lang: "fa", Short: true, Optional: true}, field{Name: "said_en", Kind: "textarea", Lang: "en", Short: true, Optional: true})
	}
	f.Fields = append(
		f.Fields, field{Name: "words_fa", Kind: "textarea", Lang: "fa", Short: true, Optional: true, Value: v.filing.Statement["fa"]},
		field{Name: "words_en", Kind: "textarea", Lang: "en", Short: true, Optional: true, Value: v.filing.Statement["en"]},
		field{Name: "how", Kind: "radios", Options: []option{
			{Value: howTry, Label: r.Text("desk.filing.how.try"), Chosen: true},
			{Value: howHand, Label: r.Text("desk.filing.how.hand")},
		}},
	)
	return f
}

// evidenceName is a piece of evidence in a line.
func evidenceName(r *site.Request, e *indicators.Evidence) string {
	name, _ := e.Title.In(r.Lang)
	if e.Kind == indicators.EvidenceLink {
		name = e.URL
	}
	if e.Kind == indicators.EvidenceStatement {
		text, _ := e.Text.In(r.Lang)
		name = beginning(text)
	}
	return r.Text("filing.evidence.kind."+e.Kind) + r.Text("desk.colon") + " " + name
}

// choiceName is a dataset or file as it is chosen: by its title, and what tells
// it from others.
func choiceName(r *site.Request, c *indicators.Choice) string {
	name, _ := c.Title.In(r.Lang)
	if c.Kind == indicators.EvidenceDataset {
		return name + " [" + c.Slug + "]"
	}
	file, _ := c.File.In(r.Lang)
	return name + r.Text("desk.colon") + " " + file + " [" + c.ID + "]"
}

// A foundThing says what was typed for a dataset or file came to.
type foundThing struct {
	choice  *indicators.Choice
	several []string // names of those that it could be
}

// mostSeveral is how many of those can be chosen from.
const mostSeveral = 50

// offerSeveral makes a field in which something was typed a choice among what
// that could be.
func offerSeveral(r *site.Request, in *field, several []string) {
	in.Kind, in.Options = "select", []option{{Label: r.Text("desk.filing.several.none")}}
	for _, name := range several[:min(mostSeveral, len(several))] {
		in.Options = append(in.Options, option{Value: name, Label: name[:strings.LastIndexByte(name, '[')]})
	}
}

// find finds what was typed: what choiceName has in brackets, the address of a page of this
// portal, or words of the name.
func (v *filingView) find(r *site.Request, typed string) (found foundThing) {
	id := ""
	if at := strings.LastIndexByte(typed, '['); at >= 0 && strings.HasSuffix(typed, "]") {
		id = typed[at+1 : len(typed)-1]
	}
	if u, err := url.Parse(typed); err == nil && id == "" && strings.Contains(typed, "/") {
		parts := strings.Split(strings.Trim(u.Path, "/"), "/")
		id = parts[len(parts)-1]
	}
	if id == "" {
		id = typed
	}
	takes := v.asking.Indicator.Rule.Evidence
	asked := strings.Fields(persian.Fold(typed))
	for i := range v.choices {
		c := &v.choices[i]
		if !slices.Contains(takes, c.Kind) {
			continue
		}
		if c.ID == id || c.Kind == indicators.EvidenceDataset && c.Slug == id {
			return foundThing{choice: c}
		}
		name := persian.Fold(choiceName(r, c))
		if !slices.ContainsFunc(asked, func(word string) bool { return !strings.Contains(name, word) }) {
			found.several = append(found.several, choiceName(r, c))
			found.choice = c
		}
	}
	if len(found.several) != 1 {
		found.choice = nil
	}
	return found
}

// evidence reads the form; places are the fields that the pieces stand in.
func (v *filingView) evidence(r *site.Request, f *form) (all []indicators.Evidence, places []string) {
	add := func(place string, e indicators.Evidence) {
		if slices.ContainsFunc(all, func(o indicators.Evidence) bool { return o.Kind == e.Kind && o.Thing == e.Thing && o.URL == e.URL }) {
			f.wrong(place, r.Text("desk.filing.wrong.twice"))
		}
		all, places = append(all, e), append(places, place)
	}
	if in := f.field("kept"); in != nil {
		for i, o := range in.Options {
			if o.Chosen {
				add("kept", v.filing.Evidence[i])
			}
		}
	}
	for _, place := range []string{"thing", "thing_more"} {
		typed := f.typed(place)
		if typed == "" {
			continue
		}
		switch found := v.find(r, typed); {
		case found.choice != nil:
			add(place, indicators.Evidence{Kind: found.choice.Kind, Thing: found.choice.ID})
		case len(found.several) == 0:
			f.wrong(place, r.Text("desk.filing.wrong.thing"))
		default:
			f.wrong(place, r.Text("desk.filing.wrong.several", "n", len(found.several)))
			offerSeveral(r, f.field(place), found.several)
		}
	}
	if link := f.typed("link"); link != "" {
		if u, err := url.Parse(link); err != nil || u.User != nil || !webAddress(link) {
			f.wrong("link", r.Text("desk.filing.wrong.link"))
		}
		add("link", indicators.Evidence{Kind: indicators.EvidenceLink, URL: link})
	}
	if f.field("said_fa") != nil {
		if text := long(f, "said"); len(text) > 0 {
			for lang, said := range text {
				if utf8.RuneCountInString(said) > indicators.MaxText {
					f.wrong("said_"+lang, r.Text("desk.filing.wrong.long", "n", indicators.MaxText))
				}
			}
			add("said_fa", indicators.Evidence{Kind: indicators.EvidenceStatement, Text: text})
		}
	}
	return all, places
}

// hand tries evidence, or hands it in.
func (d *Desk) hand(r *site.Request, v *filingView, f *form, path string) (site.View, error) {
	evidence, places := v.evidence(r, f)
	h := indicators.Handing{
		Agency: v.agency.ID, Indicator: v.ID, Period: v.asking.Period.ID, Revision: handedRevision(r), Statement: long(f, "words"), Evidence: evidence,
	}
	if len(evidence) == 0 && len(f.Faults) == 0 {
		f.wrong(firstOf(f, "thing", "link"), r.Text("desk.filing.wrong.none"))
	}
	if len(f.Faults) > 0 {
		return stay(v, f, nil)
	}
	if chosen(f, "how") != howHand {
		check, err := d.marks.Preview(r.Context(), h)
		if err == nil {
			v.Tried = true
			v.check(r, &check)
		}
		return stay(v, f, d.refusedHanding(r, f, err, places))
	}
	err := d.freshForm(r, path)
	if err == nil {
		err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
			_, err := indicators.File(tx, &r.Actor, h)
			return err
		})
	}
	if err == nil {
		return nil, moved(r, path+"?done="+doHand)
	}
	return stay(v, f, d.refusedHanding(r, f, err, places))
}

// handedRevision is revisionOf, for what may be there for the first time.
func handedRevision(r *site.Request) int64 {
	if r.Form.Get("revision") == "0" {
		return 0
	}
	return revisionOf(r)
}

// firstOf is the first of the names that the form has a field of.
func firstOf(f *form, names ...string) string {
	for _, name := range names {
		if f.field(name) != nil {
			return name
		}
	}
	return ""
}

// refusedHanding says what is wrong with evidence at the field that it stands
// in, in the reader's language.
func (d *Desk) refusedHanding(r *site.Request, f *form, err error, places []string) error {
	var conflict *catalog.ConflictError
	var invalid *catalog.InvalidError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &conflict) && conflict.Code == "filing.filed":
		err = &catalog.StaleError{}
	case errors.As(err, &invalid):
		if number, ok := strings.CutPrefix(invalid.Field, "evidence["); ok {
			if i, err := strconv.Atoi(strings.TrimSuffix(number, "]")); err == nil && i < len(places) {
				f.wrong(places[i], r.Text("desk.filing.wrong.gone"))
				return nil
			}
		}
		err = inField(inField(err, "statement", "words_fa"), "evidence", firstOf(f, "thing", "link"))
	}
	return d.refusedWrite(r, f, err, newly(r, d.filingPage, f))
}
