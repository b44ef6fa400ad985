package site

import (
	"cmp"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/indicators"
	"github.com/openshafaf/shafaf/datasets/persian"

	"github.com/gofiber/fiber/v2"
)

func scoreBadgePath(slug string) string { return "/badges/indicators/" + slug + ".svg" }

// scoreBadge is the score of an agency as a badge.
func (l *locale) scoreBadge(a *catalog.Agency, b *indicators.Scoreboard) badge {
	name, period := l.said(a.Title).Text, l.said(b.Period.Label).Text
	made := badge{lang: l.lang, label: l.Text("badge.score"), value: l.points(b.Value).Text, class: scoreClass(b.Value)}
	if b.Value == nil {
		made.title = l.Text("badge.score.none", "name", name)
		return made
	}
	short, _, _ := strings.Cut(period, " (") // without its months, for which there is no room
	made.value = l.Text("badge.score.value", "points", made.value, "period", short)
	made.title = l.Text("badge.score.title", "name", name, "points", l.points(b.Value).Text, "period", period)
	return made
}

// scoreClass is the colour of a value of indicators.Most; the value stands
// beside it in digits.
func scoreClass(v *float64) string {
	const good, fair = 0.75, 0.5
	switch {
	case v == nil:
		return "idle"
	case *v >= good*indicators.Most:
		return "ok"
	case *v >= fair*indicators.Most:
		return "warn"
	default:
		return "bad"
	}
}

// badgeLocale is the language of a badge: that of its address, else that of
// the portal.
func (s *Site) badgeLocale(c *fiber.Ctx) (*locale, error) {
	lang := cmp.Or(c.Query(paramLang), s.Language())
	if s.locales[lang] == nil {
		return nil, s.refuse(answerLanguage(c), fiber.StatusUnprocessableEntity, paramLang, "refused.lang", "lang", persian.Shorten(lang, longURL))
	}
	return s.locales[lang], nil
}

// scoreBadge answers with the badge of an agency.
func (s *Site) scoreBadge(c *fiber.Ctx) error {
	a, err := s.Catalog.Agency(c.UserContext(), c.Params("slug"))
	if err != nil {
		return err
	}
	b, err := s.indicators.Scoreboard(c.UserContext(), a.ID)
	if err != nil {
		return err
	}
	l, err := s.badgeLocale(c)
	if err != nil {
		return err
	}
	made := l.scoreBadge(&a, &b)
	return s.sendBadge(c, &made)
}
