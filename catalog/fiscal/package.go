package fiscal

import (
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-json"
)

// A Package is a Fiscal Data Package: a description of tables, and what their
// columns are.
type Package struct {
	Name      string
	Title     string
	Resources []PackageTable
}

// A PackageTable is a table of a package, with its mapping where the package
// describes one.
type PackageTable struct {
	Name    string // empty where it has none
	Path    string // or address, as the package writes it
	Mapping *Mapping
}

// ErrNoMoney says that a package says nothing of amounts.
var ErrNoMoney = errors.New("the package describes no amounts")

// ReadPackage reads a datapackage.json in each of the shapes that there are: with
// a columnType at each field (1.0), with a model or mapping of measures and
// dimensions (0.3), and the oldest with columns alone. ErrNoMoney is the error of
// a package that is no fiscal one.
func ReadPackage(raw []byte) (Package, error) {
	var d descriptor
	if err := json.Unmarshal(raw, &d); err != nil {
		return Package{}, err
	}
	p := Package{Name: d.Name, Title: string(d.Title)}
	for i := range d.Resources {
		r := &d.Resources[i]
		t := PackageTable{Name: r.Name, Path: r.path()}
		if m := d.mappingOf(r); m != nil {
			d.complete(m)
			t.Mapping = m
		}
		p.Resources = append(p.Resources, t)
	}
	if !slices.ContainsFunc(p.Resources, func(t PackageTable) bool { return t.Mapping != nil }) {
		return p, ErrNoMoney
	}
	return p, nil
}

// A descriptor is a datapackage.json.
type descriptor struct {
	Name         string          `json:"name"`
	Title        loose           `json:"title"`
	Resources    []describedFile `json:"resources"`
	Mapping      *model          `json:"mapping"`
	Model        *model          `json:"model"`
	Direction    loose           `json:"direction"`
	Status       loose           `json:"status"` // a phase, in the oldest shape
	FiscalPeriod struct {
		Start loose `json:"start"`
		End   loose `json:"end"`
	} `json:"fiscalPeriod"`
}

// A loose is a text that may be written as a number, or be something else, which
// is nothing.
type loose string

// UnmarshalJSON reads a text or a number.
func (l *loose) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err == nil {
		*l = loose(s)
		return nil
	}
	if len(b) > 0 && (b[0] == '-' || b[0] >= '0' && b[0] <= '9') {
		*l = loose(b)
	}
	return nil
}

type describedFile struct {
	Name   string `json:"name"`
	Path   paths  `json:"path"`
	URL    loose  `json:"url"`
	Schema struct {
		Fields      []describedField `json:"fields"`
		ExtraFields []describedField `json:"extraFields"`
	} `json:"schema"`
	ExtraFields []describedField `json:"extraFields"`
}

// paths is one path or several, of which the first counts.
type paths string

// UnmarshalJSON reads a text or a list of texts.
func (p *paths) UnmarshalJSON(b []byte) error {
	var one string
	if err := json.Unmarshal(b, &one); err == nil {
		*p = paths(one)
		return nil
	}
	var all []string
	if err := json.Unmarshal(b, &all); err == nil && len(all) > 0 {
		*p = paths(all[0])
	}
	return nil
}

func (r *describedFile) path() string {
	if r.Path != "" {
		return string(r.Path)
	}
	return string(r.URL)
}

type describedField struct {
	Name        string           `json:"name"`
	ColumnType  string           `json:"columnType"`
	Constant    loose            `json:"constant"`
	Direction   loose            `json:"direction"`
	Phase       loose            `json:"phase"`
	Currency    loose            `json:"currency"`
	Factor      loose            `json:"factor"`
	DecimalChar loose            `json:"decimalChar"`
	GroupChar   loose            `json:"groupChar"`
	Normalize   map[string]loose `json:"normalize"`
}

// mappingOf is what the package says of the columns of a file; nil for nothing.
func (d *descriptor) mappingOf(r *describedFile) *Mapping {
	if slices.ContainsFunc(r.Schema.Fields, func(f describedField) bool { return f.ColumnType != "" }) {
		return typedMapping(r)
	}
	for _, m := range []*model{d.Model, d.Mapping} {
		if m == nil {
			continue
		}
		if mapping := m.of(r, len(d.Resources)); mapping != nil {
			return mapping
		}
	}
	return nil
}

// typedMapping is the mapping of fields that each have a columnType.
func typedMapping(r *describedFile) *Mapping {
	m := &Mapping{}
	extra := map[string]string{} // the types of what is said of a column beside its amounts
	money := false
	for _, f := range slices.Concat(r.ExtraFields, r.Schema.ExtraFields) {
		extra[f.Name] = f.ColumnType
		if f.Constant != "" && f.ColumnType != "" {
			m.Fields = append(m.Fields, Field{Type: f.ColumnType, Value: string(f.Constant)})
		}
	}
	for _, f := range r.Schema.Fields {
		if f.ColumnType == "" {
			continue
		}
		fd := Field{Column: f.Name, Type: f.ColumnType}
		if f.ColumnType == "value" {
			money = true
			fd.Direction, fd.Phase, fd.Currency = Direction(f.Direction), Phase(f.Phase), string(f.Currency)
			fd.Factor, fd.DecimalChar, fd.GroupChar = string(f.Factor), string(f.DecimalChar), string(f.GroupChar)
			for name, value := range f.Normalize {
				fd.normalize(extra[name], name, string(value))
			}
		}
		m.Fields = append(m.Fields, fd)
	}
	if !money {
		return nil
	}
	return m
}

// normalize takes what a column of amounts is by its place: the year or phase
// that its heading names.
func (fd *Field) normalize(typ, name, value string) {
	if typ == "" {
		typ = name
	}
	t, _ := termOf(typ)
	switch {
	case t.what == isFiscalYear || strings.Contains(name, "year"):
		fd.Year = value
	case t.what == isPhase || strings.Contains(name, "phase"):
		fd.Phase, _ = phaseOf(value)
		if fd.Phase == "" {
			fd.Phase = Phase(value)
		}
	case t.what == isDirection || name == "direction":
		fd.Direction, _ = directionOf(value)
	case t.what == isCurrency:
		fd.Currency = value
	}
}

// complete fills in what the package says of all its tables.
func (d *descriptor) complete(m *Mapping) {
	if m.Direction == "" {
		m.Direction, _ = directionOf(string(d.Direction))
	}
	if m.Phase == "" {
		m.Phase, _ = phaseOf(string(d.Status))
	}
	has := m.Year != ""
	for i := range m.Fields {
		t, _ := termOf(m.Fields[i].Type)
		has = has || t.what == isFiscalYear || m.Fields[i].Year != ""
	}
	if has {
		return
	}
	start, end := string(d.FiscalPeriod.Start), string(d.FiscalPeriod.End)
	if len(start) < 4 || plainYear(start[:4]) == 0 {
		return
	}
	m.Year = start[:4]
	if len(end) >= 4 && end[:4] > start[:4] && plainYear(end[:4]) > 0 {
		m.Year += "-" + end[:4]
	}
	if len(start) == len("2006-01-02") && start[4:] != "-01-01" {
		m.YearStarts = start[5:]
	}
}

// sameFile reports whether a package means a file when it names a resource.
func sameFile(r *describedFile, name string) bool {
	return name == "" || name == r.Name || name == r.path() || name == strings.TrimSuffix(path.Base(r.path()), path.Ext(r.path()))
}
