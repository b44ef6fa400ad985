package site

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal"
	"github.com/openshafaf/shafaf/datasets"

	"github.com/gofiber/fiber/v2"
)

// spendingSheet is what is below a place as a table, the names in all languages.
func (s *Site) spendingSheet(c *fiber.Ctx) (*sheet, error) {
	ctx, lang := c.UserContext(), answerLanguage(c)
	query, err := url.ParseQuery(string(c.Request().URI().QueryString()))
	if err != nil {
		return nil, s.refuse(lang, fiber.StatusBadRequest, "", "refused.query")
	}
	a, err := s.spendingAsk(ctx, lang, spendingPathOf(c), query)
	if errors.Is(err, errNoSpending) {
		return nil, catalog.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	p, err := s.spentAt(ctx, a)
	if err != nil {
		return nil, err
	}
	return p.sheet(s.locales), nil
}

// amountColumn is a column of amounts with so many digits behind the point.
func amountColumn(name, label string, scale int) datasets.Column {
	c := wholeColumn(name, label)
	if scale > 0 {
		c.Type, c.Scale, c.Fixed = datasets.Decimal, scale, true
	}
	return c
}

// sheet is what is below the place.
func (p *spent) sheet(locales map[string]*locale) *sheet {
	name := "spending"
	if !p.scope.Country {
		name = p.scope.Budgets[0].Slug
	}
	schema := datasets.Schema{
		textColumn("year", "Fiscal year"), textColumn("direction", "Direction"), textColumn("path", "Path"), textColumn("scheme", "Classification"), textColumn("code", "Code"),
		textColumn("name_fa", "Name (fa)"), textColumn("name_en", "Name (en)"), wholeColumn("lines", "Lines"), textColumn("currency", "Currency"),
	}
	for _, phase := range fiscal.Phases {
		schema = append(schema, amountColumn(string(phase), locales["en"].Text("spending.phase."+string(phase)), p.scope.Scale))
	}
	schema = append(schema, floatColumn("share_executed", "Executed, percent of approved"))
	t := newSheet(plainName(fileName(strings.Join(append([]string{name, p.Year}, p.Path...), "-"))), schema)
	for i := range p.children {
		n := &p.children[i]
		row := []any{p.Year, string(p.Direction), fiscal.JoinPath(n.Path), n.Scheme, n.Code, locales["fa"].nodeName(n, p.agencies).Text, locales["en"].nodeName(n, p.agencies).Text, n.Lines, p.scope.Currency}
		for _, a := range n.All() {
			row = append(row, given(*a))
		}
		t.row(append(row, given(shareOf(n)))...)
	}
	return t
}

// scopeMark tells states of budgets apart: their sums never change under the
// same key.
func scopeMark(scope *fiscal.Scope) string {
	h := sha256.New()
	for i := range scope.Budgets {
		fmt.Fprintln(h, scope.Budgets[i].Cube)
	}
	return hex.EncodeToString(h.Sum(nil))[:shortDigest]
}
