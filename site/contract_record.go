package site

import (
	"maps"

	"github.com/goccy/go-json"
	"github.com/gofiber/fiber/v2"
)

// serveContractRecord answers with all that is known of a process as a record
// package of OCDS: its releases as they came, and what they make together.
func (s *Site) serveContractRecord(c *fiber.Ctx) error {
	ctx := c.UserContext()
	w, err := s.contracts.Get(ctx, c.Params("slug"))
	if err != nil {
		return err
	}
	releases, err := s.contracts.Releases(ctx, w.ID, true)
	if err != nil {
		return err
	}
	bodies, last := make([]json.RawMessage, 0, len(releases)), ""
	for i := range releases {
		last = releases[i].Date
		bodies = append(bodies, releases[i].Content)
	}
	compiled := maps.Clone(w.Body)
	compiled["ocid"], compiled["id"], compiled["date"], compiled["tag"] = w.OCID, w.OCID+"-"+last, last, []string{"compiled"}
	body, err := json.Marshal(map[string]any{
		"uri": s.baseURL() + contractPath(w.Slug) + "/record.json", "version": "1.1", "publishedDate": w.Updated,
		"publisher": map[string]any{"name": s.locales[s.Language()].Text("site.name"), "uri": s.baseURL()},
		"records":   []any{map[string]any{"ocid": w.OCID, "releases": bodies, "compiledRelease": compiled}},
	})
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	return reply(c, fiber.StatusOK, CacheRevalidate, body)
}
