package site

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"

	"github.com/gofiber/fiber/v2"
)

// draftTableRoutes are the tables of a draft as files.
func draftTableRoutes() []Route {
	var all []Route
	for _, table := range consultation.Tables {
		all = append(all, Route{
			Path: draftPath("{slug}") + "/" + table + ".{ext}", Serve: (*Site).serveDraftTable, Cost: costSearch,
			Doc: "api." + "draft." + table + ".file", Example: draftPath("{draft}") + "/" + table + ".csv",
		})
	}
	return all
}

// commentFiles are the addresses of all comments on a draft as files.
func commentFiles(slug string) []Link {
	return sheetFiles(draftPath(slug) + "/" + consultation.TableComments)
}

// tableKept is how long a file of comments is good while more come.
const tableKept = 10 * time.Minute

// tableMarks are the last states of tables of drafts that were written.
type tableMarks struct {
	mu  sync.Mutex
	all map[string]tableMark // by draft and table
}

// A tableMark is a state of a table.
type tableMark struct {
	seq  int64
	at   time.Time
	gone [4]int64 // comments that were taken away: they leave the file at once
}

// tableMarksKept bounds how many are known at once.
const tableMarksKept = 1000

// get returns the state of a table that is written, or the one that there was
// less than tableKept ago.
func (m *tableMarks) get(ctx context.Context, s *Site, d *consultation.Draft, table string) (tableMark, error) {
	figures, err := s.drafts.CommentFigures(ctx, d.ID)
	if err != nil {
		return tableMark{}, err
	}
	now := tableMark{at: s.Now(), gone: [4]int64{figures.Removed, figures.Withdrawn, figures.Disowned, figures.Unseen}}
	if now.seq, err = s.Catalog.LastSeq(ctx); err != nil {
		return now, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	key := d.ID + " " + table
	if old, ok := m.all[key]; ok && old.gone == now.gone && now.at.Sub(old.at) < tableKept {
		return old, nil
	}
	if m.all == nil || len(m.all) >= tableMarksKept {
		m.all = map[string]tableMark{}
	}
	m.all[key] = now
	return now, nil
}

// serveDraftTable answers with the comments, the answers or the influence of a
// draft as a file. Each comment that came has its row.
func (s *Site) serveDraftTable(c *fiber.Ctx) error {
	format, ok := exporters.ByExt(c.Params("ext"))
	if !ok {
		return s.refuse(answerLanguage(c), fiber.StatusNotFound, "", "refused.format", "ext", c.Params("ext"), "formats", formatList())
	}
	ctx := c.UserContext()
	d, err := s.drafts.Draft(ctx, c.Params("slug"))
	if err != nil {
		return err
	}
	table := c.Path()[strings.LastIndexByte(c.Path(), '/')+1:]
	table, _, _ = strings.Cut(table, ".")
	mark, err := s.tables.get(ctx, s, &d, table)
	if err != nil {
		return err
	}
	epoch, err := s.Catalog.Epoch(ctx)
	if err != nil {
		return err
	}
	key := sha256.Sum256(fmt.Appendf(nil, "%s %s %s %d %v", epoch, d.ID, table, mark.seq, mark.gone))
	digest := hex.EncodeToString(key[:])
	return s.sendTable(c, format, digest, d.Slug+"-"+table, func() (*datasets.Table, error) {
		return s.drafts.Table(context.WithoutCancel(ctx), d.ID, table) // others may wait for it too
	})
}
