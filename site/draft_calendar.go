package site

import (
	"bufio"
	"context"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/catalog/consultation"

	"github.com/gofiber/fiber/v2"
)

// What the calendar of all drafts looks back and forward over.
const (
	calendarBack    = 90 * 24 * time.Hour
	calendarForward = 2 * 365 * 24 * time.Hour
	calendarDrafts  = 1000
)

const calendarKind = "text/calendar; charset=utf-8"

// serveDraftsCalendar answers when drafts open and close, as iCalendar (RFC
// 5545).
func (s *Site) serveDraftsCalendar(c *fiber.Ctx) error {
	now := s.Now()
	all, err := s.drafts.Openings(c.UserContext(), now.Add(-calendarBack), now.Add(calendarForward), calendarDrafts)
	if err != nil {
		return err
	}
	return s.sendCalendar(c, func(l *locale) string { return l.Text("drafts.calendar") }, all)
}

// serveDraftCalendar answers when one draft opens and closes.
func (s *Site) serveDraftCalendar(c *fiber.Ctx) error {
	d, err := s.drafts.Draft(c.UserContext(), c.Params("slug"))
	if err != nil {
		return err
	}
	return s.sendCalendar(c, func(l *locale) string { return l.draftTitle(&d).Text }, []consultation.Draft{d})
}

// fileLanguage is the language that a feed or a calendar is asked for in:
// without a wish the reader's.
func (s *Site) fileLanguage(c *fiber.Ctx) (string, error) {
	lang := c.Query(paramLang)
	if lang == "" {
		lang = preferred(s.Languages(), c.Get(fiber.HeaderAcceptLanguage))
		c.Vary(fiber.HeaderAcceptLanguage)
	}
	if s.locales[lang] == nil {
		return "", s.refuse(answerLanguage(c), fiber.StatusUnprocessableEntity, paramLang, "refused.lang", "lang", lang)
	}
	return lang, nil
}

func (s *Site) sendCalendar(c *fiber.Ctx, title func(*locale) string, all []consultation.Draft) error {
	lang, err := s.fileLanguage(c)
	if err != nil {
		return err
	}
	l := s.locales[lang]
	var b strings.Builder
	w := calendarWriter{bufio.NewWriter(&b)}
	w.line("BEGIN", "VCALENDAR")
	w.line("VERSION", "2.0")
	w.line("PRODID", "-//Shafaf//"+s.Version+"//"+strings.ToUpper(lang))
	w.line("X-WR-CALNAME", calendarText(title(l)))
	for i := range all {
		d := &all[i]
		for _, e := range []struct {
			key string
			at  time.Time
		}{{"opens", d.Opens}, {"closes", l.until(d.Closes)}} {
			if !e.at.IsZero() {
				w.event(s, l, d, e.key, e.at)
			}
		}
	}
	w.line("END", "VCALENDAR")
	if err := w.out.Flush(); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, calendarKind)
	c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	return reply(c, fiber.StatusOK, CacheRevalidate, []byte(b.String()))
}

// A calendarWriter writes lines of iCalendar.
type calendarWriter struct{ out *bufio.Writer }

// event writes that a draft opens or closes.
func (w calendarWriter) event(s *Site, l *locale, d *consultation.Draft, key string, at time.Time) {
	const stamp = "20060102T150405Z"
	host := "localhost"
	if u, err := url.Parse(s.baseURL()); err == nil {
		host = u.Hostname()
	}
	w.line("BEGIN", "VEVENT")
	w.line("UID", d.ID+"-"+key+"@"+host)
	w.line("DTSTAMP", d.Updated.UTC().Format(stamp))
	w.line("DTSTART", at.UTC().Format(stamp))
	w.line("SUMMARY", calendarText(l.Text("calendar."+key, "name", l.draftTitle(d).Text)))
	if summary := l.said(d.Summary).Text; summary != "" {
		w.line("DESCRIPTION", calendarText(lead(summary, feedSummary)))
	}
	w.line("URL", s.baseURL()+"/"+l.lang+draftPath(d.Slug))
	w.line("END", "VEVENT")
}

// line writes a property, in lines of at most 75 bytes that cut no letter.
func (w calendarWriter) line(name, value string) {
	const most = 75
	rest := name + ":" + value
	for room := most; len(rest) > room; room = most - 1 {
		n := room
		for !utf8.RuneStart(rest[n]) {
			n--
		}
		w.out.WriteString(rest[:n] + "\r\n ")
		rest = rest[n:]
	}
	w.out.WriteString(rest + "\r\n")
}

// calendarText escapes a text for a property.
func calendarText(text string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`).Replace(text)
}

// feedDrafts answers what happened to drafts last: which opened, closed, were
// extended or decided.
func (s *Site) feedDrafts(c *fiber.Ctx) error {
	return s.sendFeed(c, func(r *Request, l *locale) (feed, error) {
		f := feed{title: l.Text("feed.drafts.title"), subtitle: l.Text("feed.drafts.text"), page: draftsPath, entries: []atomEntry{}}
		all, err := s.draftNews(r.Context())
		if err != nil {
			return f, err
		}
		agencies, err := s.agencies.get(r.Context(), s.Catalog)
		if err != nil {
			return f, err
		}
		for i := range all {
			f.entries = append(f.entries, s.draftEntry(l, &all[i], agencies))
		}
		return f, nil
	})
}

// draftNews are the drafts to which something happened last, the newest first:
// those that changed, and those that the clock opened or closed.
func (s *Site) draftNews(ctx context.Context) ([]consultation.Draft, error) {
	all, _, err := s.drafts.Drafts(ctx, consultation.DraftFilter{Sort: "-updated", Limit: feedEntries})
	if err != nil {
		return nil, err
	}
	now := s.Now()
	more, err := s.drafts.Openings(ctx, now.Add(-calendarBack), now, calendarDrafts)
	for i := range more {
		if !slices.ContainsFunc(all, func(d consultation.Draft) bool { return d.ID == more[i].ID }) {
			all = append(all, more[i])
		}
	}
	slices.SortStableFunc(all, func(a, b consultation.Draft) int { return lastHappened(&b, now).Compare(lastHappened(&a, now)) })
	return all[:min(len(all), feedEntries)], err
}

// lastHappened is when something happened to a draft last.
func lastHappened(d *consultation.Draft, now time.Time) time.Time {
	last := d.Created
	for _, at := range []time.Time{d.Begins, d.Opens, d.Closes, d.DecidedAt, d.Updated} {
		if at.After(last) && !at.After(now) {
			last = at
		}
	}
	return last
}

// draftEntry is where a draft stands, as an entry: another one for each stage.
func (s *Site) draftEntry(l *locale, d *consultation.Draft, agencies agencyList) atomEntry {
	stage, title := s.stage(l, d), l.draftTitle(d)
	at := atomTime(lastHappened(d, s.Now()))
	says := l.Text("drafts.says."+stage.Key, "at", l.Day(stage.At), "left", stage.Left)
	e := atomEntry{
		ID: "urn:uuid:" + d.ID + "#" + string(stage.Stage), Title: atomText{title.Lang, title.Text}, Updated: at, Published: at,
		Author: atomPerson{Name: l.Text("site.name")}, Summary: &atomText{"", says},
		Categories: []atomCategory{{string(stage.Stage), l.Text("drafts.is." + string(stage.Stage))}},
	}
	if summary := l.said(d.Summary); summary.Text != "" {
		e.Summary.Text += " " + lead(summary.Text, feedSummary)
	}
	if a := agencies.byID[d.Agency]; a != nil {
		e.Author = atomPerson{Name: l.said(a.Title).Text, URI: s.baseURL() + "/" + l.lang + agencyPath(a.Slug)}
	}
	e.Links = s.pageLinks(l.lang, draftPath(d.Slug))
	return e
}
