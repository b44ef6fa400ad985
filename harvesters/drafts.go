package harvesters

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"time"
	_ "time/tzdata" // the zones of sources, also where the machine has none
	"unicode/utf8"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
	"github.com/openshafaf/shafaf/datasets"
)

// easternZone is where the federal register and regulations.gov have their days.
const easternZone = "America/New_York"

// zone returns the zone of a name of the database that is in the program.
func zone(name string) (*time.Location, error) {
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, say("run.fault").because(err)
	}
	return loc, nil
}

// dayIn returns the beginning of a day (2024-05-31) in a zone.
func dayIn(loc *time.Location, day string) (time.Time, bool) {
	t, err := time.ParseInLocation(time.DateOnly, day, loc)
	return t.UTC(), err == nil
}

// endOfDayIn returns when a day ends in a zone: the moment the next one begins.
func endOfDayIn(loc *time.Location, day string) (time.Time, bool) {
	t, err := time.ParseInLocation(time.DateOnly, day, loc)
	return t.AddDate(0, 0, 1).UTC(), err == nil
}

// short returns a text of a field with at most n characters. One that is longer
// is cut, which is a fault of the field.
func (m *mapper) short(field, s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	m.fault(field, "text.longer", utf8.RuneCountInString(s), n)
	return strings.TrimSpace(string([]rune(s)[:n-1])) + "…"
}

// shortIn is short of a text in a language, nil for none.
func (m *mapper) shortIn(field, lang, s string, n int) catalog.Text {
	return inLanguage(m.short(field, s, n), lang)
}

// link returns an address of http or https, empty for what is none.
func (m *mapper) link(field, s string) string {
	if address := m.address(field, s, nil); isURL(address) {
		return address
	}
	return ""
}

// law reads a file of a law. What cannot be read is said in an error.
func (v *Visit) law(ctx context.Context, name string, body []byte) (lawtext.Law, error) {
	law, err := lawtext.Read(ctx, name, bytes.NewReader(body), int64(len(body)))
	var unread *lawtext.Error
	switch {
	case errors.As(err, &unread):
		return law, ofLaw(unread.Kind, unread.Args)
	case err == nil && len(law.Provisions) == 0:
		return law, say("law.empty")
	}
	return law, err
}

// ofLaw is what package lawtext says of a text, by its kind and what stands in
// it.
func ofLaw(kind string, args []any) *sentence {
	text, part := datasets.NewSaid(kind, lawtext.Sayings()[kind], args...)
	return &sentence{text: text, said: []catalog.Said{part}}
}

// Media types of the papers of drafts, by the ending of their names.
var paperMedia = map[string]string{
	".pdf": "application/pdf", ".htm": "text/html", ".html": "text/html", ".txt": "text/plain", ".xml": "text/xml", ".json": "application/json",
	".csv": "text/csv", ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".doc": "application/msword",
}

// paperOf keeps a file of a source on this machine as a paper of a draft.
func (v *Visit) paperOf(ctx context.Context, p *piece, body []byte) (consultation.Paper, error) {
	file, err := v.Keep(ctx, p.base(), bytes.NewReader(body))
	if err != nil {
		return consultation.Paper{}, err
	}
	return consultation.Paper{
		Kind: "other", Title: catalog.TitleOf(titleOf(p.base())), Identifier: p.name,
		File: file.Digest, Name: file.Name, Size: file.Size, Media: paperMedia[strings.ToLower(extOf(p.name))],
	}, nil
}

func extOf(name string) string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		return name[i:]
	}
	return ""
}
