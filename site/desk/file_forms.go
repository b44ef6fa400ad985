package desk

import (
	"strconv"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/site"
)

// readForm asks how the file is to be read, where there is a choice.
func readForm(p *filePlace) *form {
	if len(p.tables) == 0 && p.res.Format != "CSV" || p.res.Format == "PARQUET" {
		return nil
	}
	o := &p.how.Options
	f := &form{Do: "read", Submit: "desk.read.submit", Fields: []field{revisionField(p.ds)}}
	if p.res.Format == "CSV" {
		encodings := []option{{Value: "detect"}}
		for _, name := range datasets.Encodings() {
			encodings = append(encodings, option{Value: name, Label: name, Chosen: name == o.Encoding})
		}
		parts := []option{{Value: "detect"}}
		for _, mark := range []string{",", ";", "\t", "|"} {
			parts = append(parts, option{Value: delimiters[mark], Chosen: mark == o.Delimiter})
		}
		f.Fields = append(f.Fields, field{Name: "encoding", Kind: "select", Options: encodings}, field{Name: "delimiter", Kind: "select", Options: parts})
	}
	header := ""
	if o.HeaderRow < 0 {
		header = "0"
	} else if o.HeaderRow > 0 {
		header = strconv.FormatInt(o.HeaderRow, 10)
	}
	f.Fields = append(f.Fields, field{Name: "header", Kind: "text", Value: header, Optional: true, Short: true})
	return f
}

// fileForms are what else can be done to a file.
func fileForms(r *site.Request, p *filePlace) []form {
	public := p.ds.Resource(p.res.ID) != nil && p.ds.Resource(p.res.ID).State == catalog.Published
	all := []form{{Do: "words", Submit: "desk.words.submit", Fields: []field{
		revisionField(p.ds),
		{Name: "label_fa", Kind: "text", Lang: "fa", Value: p.res.Title["fa"], Optional: true},
		{Name: "label_en", Kind: "text", Lang: "en", Value: p.res.Title["en"], Optional: true},
		{Name: "about_fa", Kind: "textarea", Lang: "fa", Short: true, Value: p.res.Description["fa"], Optional: true},
		{Name: "about_en", Kind: "textarea", Lang: "en", Short: true, Value: p.res.Description["en"], Optional: true},
	}}}
	if public && !r.Actor.Can(catalog.Publish, p.ds.Agency) {
		all = nil
	}
	if public && p.ds.PendingOf(p.res.ID) != nil {
		all = append(all, form{Do: "discard", Submit: "desk.pending.discard", Fields: []field{revisionField(p.ds)}})
	}
	if !public {
		all = append(all, form{Do: "remove", Submit: "desk.remove.submit", Fields: []field{revisionField(p.ds)}})
	} else if r.Actor.Can(catalog.Publish, p.ds.Agency) {
		all = append(all, form{Do: "remove", Submit: "desk.remove.submit", Fields: []field{revisionField(p.ds), {Name: "reason", Kind: "textarea", Short: true}}})
	}
	return all
}

// readOptions takes what the form says into o.
func readOptions(f *form, o *datasets.Options) error {
	if o.Encoding = f.typed("encoding"); o.Encoding == "detect" {
		o.Encoding = ""
	}
	o.Delimiter = ""
	for mark, key := range delimiters {
		if key == f.typed("delimiter") {
			o.Delimiter = mark
		}
	}
	o.HeaderRow = 0
	if text := persian.ASCIIDigits(f.typed("header")); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 || n > 1_000_000 {
			return &catalog.InvalidError{Field: "header", Reason: "it is the number of a row, or 0"}
		}
		if o.HeaderRow = n; n == 0 {
			o.HeaderRow = -1
		}
	}
	return nil
}
