package site

import (
	"crypto/sha256"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// fillQuestion puts an open question about the dataset with a table into the
// catalogue.
func (p *portal) fillQuestion() catalog.Question {
	p.t.Helper()
	return p.asked(catalog.Asking{Text: "در ردیف سوم جمعیت خالی است.", Name: "سارا"})
}

// asked puts a question into the catalogue that everybody reads.
func (p *portal) asked(a catalog.Asking) (q catalog.Question) {
	p.t.Helper()
	d, err := p.Catalog.Dataset(p.t.Context(), "population-of-provinces")
	must(p.t, err)
	a.Agency, a.Dataset, a.Kind, a.Lang, a.Once = d.Agency, d.ID, catalog.AskedProblem, "fa", a.Text
	sum := sha256.Sum256([]byte(a.Text))
	a.Receipt = sum[:]
	must(p.t, p.Catalog.Write(p.t.Context(), func(tx *catalog.Tx) error {
		if q, _, err = tx.Ask(&a); err == nil {
			_, err = tx.OpenQuestion(&catalog.Shell, q.ID, catalog.AnyRevision)
		}
		return err
	}))
	return q
}

func TestSpanIsInWords(t *testing.T) {
	all := newLocales()
	for d, want := range map[time.Duration][2]string{
		0: {"less than an hour", "کمتر از یک ساعت"}, 90 * time.Minute: {"1 hour", "۱ ساعت"}, 47 * time.Hour: {"1 day", "۱ روز"},
		59 * 24 * time.Hour: {"59 days", "۵۹ روز"}, 400 * 24 * time.Hour: {"13 months", "۱۳ ماه"}, 800 * 24 * time.Hour: {"2 years", "۲ سال"},
	} {
		if en, fa := all["en"].Span(d), all["fa"].Span(d); en != want[0] || fa != want[1] {
			t.Errorf("%v: %q and %q, want %q and %q", d, en, fa, want[0], want[1])
		}
	}
}

func TestPagesLeadToQuestions(t *testing.T) {
	p := newPortal(t, true)
	d, err := p.Catalog.Dataset(t.Context(), "population-of-provinces")
	must(t, err)
	for path, want := range map[string]string{
		"/en/datasets/population-of-provinces":                                "/en/datasets/population-of-provinces/ask\"",
		"/fa/datasets/population-of-provinces/resources/" + d.Resources[0].ID: "/fa/datasets/population-of-provinces/ask?resource=" + d.Resources[0].ID,
		"/en/agencies/statistics":                                             "/en/agencies/statistics/questions",
	} {
		if _, body := p.get(path); !strings.Contains(body, want) {
			t.Errorf("%s does not lead to %s", path, want)
		}
	}
}
