package catalog

import (
	"slices"
	"strconv"
	"strings"
)

// A Value is what a record was mapped to: a thing of one noun. Datasets are
// here, drafts and comments in package consultation.
type Value interface {
	// Noun is what it is one of.
	Noun() string
	// Called is its title, for the lists of runs.
	Called() Text
	// Validate returns an *InvalidError for the first thing that keeps it from
	// being published.
	Validate() error
	// Print is what tells whether it is as it was. agency is whom its record
	// names, or nil.
	Print(agency *Agency) (Print, error)
	// Below is the record of the same source that it is a part of, which comes
	// before it; the zero Key for none.
	Below() Key
	// Take writes it into the catalogue and returns its id.
	Take(t *Tx, in Taking) (id string, err error)
}

// A Print is what of a value tells whether it is as it was.
type Print struct {
	Stays string   // canonical form of what makes a new state of it when it moves
	Moves string   // of its dates of change and the sizes of its files
	Like  Likeness // what finds it under another identifier; zero when it is never looked for
}

// A Key is what a record is known by in its source.
type Key struct{ Noun, Identifier string }

// A Taking is how a value comes in.
type Taking struct {
	Source *Source
	Record *Record
	Thing  string  // id of what the record described before; empty for a new one
	What   Outcome // New, Changed or Touched
}

// Noun is NounDataset.
func (d *Dataset) Noun() string { return NounDataset }

// Called is its title.
func (d *Dataset) Called() Text { return d.Title }

// Below is nothing: a dataset is a part of no other record.
func (d *Dataset) Below() Key { return Key{} }

// Print tells of a dataset without its dates of change and the sizes of its
// files, and with its lists sorted where they have no order.
func (d *Dataset) Print(agency *Agency) (Print, error) {
	c := *d
	touch := []string{c.Modified}
	c.Modified = ""
	c.Keywords, c.Themes = sorted(c.Keywords), sorted(c.Themes)
	c.References, c.ConformsTo, c.Languages = sorted(c.References), sorted(c.ConformsTo), sorted(c.Languages)
	parts := make([]string, 0, len(c.Resources)+1)
	for _, res := range c.Resources {
		touch = append(touch, res.Modified+" "+strconv.FormatInt(res.Size, 10)+" "+res.DownloadURL)
		res.Modified, res.Size, res.Fetch, res.FetchFault, res.FetchSaid = "", 0, "", "", nil
		b, err := encode(&res)
		if err != nil {
			return Print{}, err
		}
		parts = append(parts, string(b))
	}
	slices.Sort(parts)
	c.Resources = nil
	head, err := encode(&c)
	if err != nil {
		return Print{}, err
	}
	slices.Sort(touch)
	return Print{
		Stays: strings.Join(append(parts, string(head)), "\n"),
		Moves: strings.Join(touch, "\n"),
		Like:  likenessOf(d, agency),
	}, nil
}

func sorted(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = strings.TrimSpace(s)
	}
	slices.Sort(out)
	return out
}

// Take writes the dataset and its resources.
func (d *Dataset) Take(t *Tx, in Taking) (string, error) {
	c := *d
	c.Resources = slices.Clone(d.Resources) // they get ids and states; the record keeps its own
	c.ID, c.Source, c.Identifier, c.State = "", in.Source.ID, in.Record.Identifier, Published
	if in.What != New {
		old, err := t.Dataset(in.Thing)
		if err != nil {
			return "", err
		}
		c.ID, c.Slug, c.State, c.Created, c.Updated = old.ID, old.Slug, old.State, old.Created, old.Updated
	}
	var err error
	if c.Agency, err = t.AgencyOf(in.Source, in.Record); err != nil {
		return "", err
	}
	put := t.PutDataset
	if in.What == Touched {
		put = t.writeDataset
	}
	if err := put(&c); err != nil {
		return "", err
	}
	return c.ID, t.mergeResources(&c, in.What == Touched, in.Record.Run)
}
