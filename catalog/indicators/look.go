package indicators

import (
	"slices"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// Things are what evidence names, as the catalogue knows them now.
type things struct {
	now       time.Time              // when it is looked; what is said of later is not known
	datasets  map[string]*thing      // by id
	resources map[string]*fileOf     // by id
	files     map[string][]*fileOf   // published ones, by id of the dataset, in order
	links     map[string]linkState   // by address
	mapped    map[string]fiscalTerms // by id of the resource
}

// A thing is a dataset as far as checks go.
type thing struct {
	id, slug, state, licence, rights string
	title                            catalog.Text
	modified                         time.Time // as its source says
}

// A fileOf is a resource as far as checks go.
type fileOf struct {
	id, dataset, state, name, format string
	title                            catalog.Text
	seen                             FileSeen
	columns                          datasets.Schema
	texts                            []catalog.ColumnText
}

// A linkState is what the link checker found.
type linkState struct {
	state string
	since time.Time
}

// gather reads what the evidence names, in four queries.
func gather(ask catalog.Asker, evidence []Evidence) (*things, error) {
	t := &things{
		datasets: map[string]*thing{}, resources: map[string]*fileOf{}, files: map[string][]*fileOf{}, links: map[string]linkState{},
		mapped: map[string]fiscalTerms{},
	}
	var ids, urls []string
	for i := range evidence {
		switch e := &evidence[i]; e.Kind {
		case EvidenceDataset, EvidenceResource:
			ids = append(ids, e.Thing)
		case EvidenceLink:
			urls = append(urls, e.URL)
		}
	}
	if len(ids) > 0 {
		if err := t.gatherFiles(ask, ids); err != nil {
			return nil, err
		}
	}
	if len(urls) == 0 {
		return t, nil
	}
	rows, err := ask.Rows("select l.url, l.state, l.since from json_each(?) i join links l on l.url = i.value", catalog.AsJSON(&urls))
	_, err = catalog.Collect(rows, err, func(row catalog.Row) (url string, err error) {
		var l linkState
		err = row.Scan(&url, &l.state, catalog.AsTime(&l.since))
		t.links[url] = l
		return url, err
	})
	return t, err
}

// gatherFiles reads the datasets and resources with the ids, and the files of
// the datasets.
func (t *things) gatherFiles(ask catalog.Asker, ids []string) error {
	rows, err := ask.Rows(`select r.id, r.dataset, r.state, coalesce(r.body ->> '$.name', ''), coalesce(r.body -> '$.title', '{}'), coalesce(r.body ->> '$.format', ''),
		coalesce(r.body -> '$.columns', '[]'), coalesce(e.digest, ''), coalesce(e.has_table, 0), coalesce(e.rows, 0), coalesce(e.faults_n, 0), coalesce(e.since, ''),
		coalesce(e.columns, '[]')
		from json_each(?) i join resources r on r.id = i.value or r.dataset = i.value left join editions e on e.resource = r.id and e.digest = r.edition
		order by r.dataset, r.position, r.id`, catalog.AsJSON(&ids))
	files, err := catalog.Collect(rows, err, scanFile)
	if err != nil {
		return err
	}
	for i := range files {
		f := &files[i]
		if t.resources[f.id] != nil { // named by itself and by its dataset
			continue
		}
		t.resources[f.id] = f
		ids = append(ids, f.dataset)
		if catalog.Visible(f.state) {
			t.files[f.dataset] = append(t.files[f.dataset], f)
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	rows, err = ask.Rows(`select d.id, d.slug, d.state, coalesce(d.body ->> '$.licence', ''), coalesce(d.body ->> '$.rights', ''), coalesce(d.body -> '$.title', '{}'),
		coalesce(d.body ->> '$.modified', '') from json_each(?) i join datasets d on d.id = i.value`, catalog.AsJSON(&ids))
	if _, err = catalog.Collect(rows, err, t.scanThing); err != nil {
		return err
	}
	return t.gatherTerms(ask, ids)
}

func (t *things) scanThing(row catalog.Row) (string, error) {
	var d thing
	var modified string
	err := row.Scan(&d.id, &d.slug, &d.state, &d.licence, &d.rights, catalog.AsJSON(&d.title), &modified)
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(layout, modified); err == nil {
			d.modified = at.UTC()
		}
	}
	t.datasets[d.id] = &d
	return d.id, err
}

func scanFile(row catalog.Row) (f fileOf, err error) {
	s := &f.seen
	err = row.Scan(&f.id, &f.dataset, &f.state, &f.name, catalog.AsJSON(&f.title), &f.format, catalog.AsJSON(&f.texts), &s.Digest, &s.Table, &s.Rows, &s.Faults,
		catalog.AsTime(&s.Since), catalog.AsJSON(&f.columns))
	s.Resource, s.Title, s.Format = f.id, f.label(), f.format
	return f, err
}

func (f *fileOf) label() string {
	if title, in := f.title.In(catalog.Languages[0]); in != "" {
		return title
	}
	return f.name
}

// look is what is to be seen of the evidence by a rule of the set.
func (t *things) look(set *Set, rule *Rule, evidence []Evidence) Seen {
	s := Seen{Evidence: make([]Look, 0, len(evidence))}
	for i := range evidence {
		e := &evidence[i]
		l := Look{N: e.N, Kind: e.Kind, At: e.At, Title: e.Text}
		switch e.Kind {
		case EvidenceDataset:
			l.of(t, t.datasets[e.Thing], t.files[e.Thing])
		case EvidenceResource:
			l.ofFile(t, t.resources[e.Thing])
		case EvidenceLink:
			l.Title = catalog.Text{"": e.URL}
			link := t.links[e.URL]
			l.State, l.Since = link.state, link.since
			if l.State == "" {
				l.State = catalog.LinkNew
			}
		case EvidenceStatement:
			l.State = catalog.Published
		}
		for n := range l.Files {
			f := t.resources[l.Files[n].Resource]
			l.Files[n].Columns = f.find(set, rule, t.mapped[f.id])
		}
		s.Evidence = append(s.Evidence, l)
	}
	return s
}

// of notes what is seen of a dataset, nil for one that there is not, and its
// files.
func (l *Look) of(t *things, d *thing, files []*fileOf) {
	if d == nil {
		l.State = catalog.Retired
		return
	}
	l.Title, l.State = d.title, d.state
	if !catalog.Visible(d.state) {
		return
	}
	l.Licence = d.licence
	if !d.modified.After(t.now) {
		l.Modified = d.modified
	}
	if l.Licence == "" && d.rights != "" {
		l.Licence = catalog.LicenceOther
	}
	for _, f := range files {
		seen := f.seen
		if seen.Since.After(t.now) { // the clock went back: it was there when it was handed in
			seen.Since = l.At
		}
		l.Files = append(l.Files, seen)
		if seen.Since.After(l.Modified) {
			l.Modified = seen.Since
		}
	}
}

// ofFile notes what is seen of one file.
func (l *Look) ofFile(t *things, f *fileOf) {
	if f == nil {
		l.State = catalog.Retired
		return
	}
	l.of(t, t.datasets[f.dataset], []*fileOf{f})
	l.Title = f.title
	if len(l.Title) == 0 {
		l.Title = catalog.Text{"": f.name}
	}
	if catalog.Visible(l.State) {
		l.State = f.state
	}
}

// find returns, of the columns that a rule asks for, what they are called in
// the table: by their names, by what is said of them, or by the mapping of a
// budget.
func (f *fileOf) find(set *Set, rule *Rule, terms fiscalTerms) map[string]string {
	if !f.seen.Table || len(rule.Columns) == 0 {
		return nil
	}
	found := map[string]string{}
	for _, id := range rule.Columns {
		asked := set.Columns[id]
		for i := range f.columns {
			name := f.columns[i].Name
			if asked.called(wordsOf(name)) || terms.is(name, asked.Terms) || f.said(&asked, name) {
				found[id] = name
				break
			}
		}
	}
	return found
}

// said reports whether the title that a column got at the desk is one of those.
func (f *fileOf) said(asked *Names, column string) bool {
	for i := range f.texts {
		if f.texts[i].Name != column {
			continue
		}
		for _, title := range f.texts[i].Title {
			if asked.called(wordsOf(title)) {
				return true
			}
		}
	}
	return false
}
