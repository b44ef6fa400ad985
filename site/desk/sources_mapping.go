package desk

import (
	"bytes"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal"

	"github.com/goccy/go-json"
)

// kindFiscal is the kind of sources of budgets.
const kindFiscal = "fiscal"

// fiscalOptions are what a source of budgets is told beside its address, as
// harvesters read it.
type fiscalOptions struct {
	Mapping json.RawMessage `json:"mapping,omitempty"`
}

// mappingField asks what the columns of a plain table are that a source of
// budgets brings.
func mappingField(src *catalog.Source) field {
	in := field{Name: "mapping", Kind: "textarea", Lang: "en", Optional: true}
	var o fiscalOptions
	if src.Kind != kindFiscal || len(src.Options) == 0 || json.Unmarshal(src.Options, &o) != nil || len(o.Mapping) == 0 {
		return in
	}
	var shown bytes.Buffer
	if json.Indent(&shown, o.Mapping, "", "  ") == nil {
		in.Value = shown.String()
	}
	return in
}

// mappingTyped is the mapping that was typed as the options of a source of the
// kind; empty for none.
func mappingTyped(f *form, kind string) ([]byte, error) {
	typed := f.typed("mapping")
	if typed == "" {
		return nil, nil
	}
	if kind != kindFiscal {
		return nil, &catalog.InvalidError{Field: "mapping.kind", Reason: "only sources of budgets have a mapping"}
	}
	var m fiscal.Mapping
	dec := json.NewDecoder(bytes.NewReader([]byte(typed)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&m); err != nil || len(m.Fields) == 0 {
		return nil, &catalog.InvalidError{Field: "mapping", Reason: "it is no mapping as the guide to budgets describes it"}
	}
	body, err := json.Marshal(&m)
	if err != nil {
		return nil, err
	}
	return json.Marshal(&fiscalOptions{Mapping: body})
}
