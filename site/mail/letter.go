// Package mail words the letters that wait in the catalogue, in the language of
// who gets them, and sends them: over SMTP, or as files into a folder where no
// mail server is set.
//
// To add a letter: a kind in catalog, and its words in letters/fa and letters/en.
// The first line is the subject; what follows is sent as text and, made from it,
// as HTML.
package mail

import (
	"embed"
	"fmt"
	"html"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"text/template"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/persian"

	gomail "github.com/wneessen/go-mail"
)

//go:embed letters
var files embed.FS

// A Head is what all letters of a portal share.
type Head struct {
	Portal func(lang string) string // its name as each letter finds it: operators change it
	From   mail.Address             // without a name the portal's is taken
	Base   string                   // public address of the site, without a slash at its end

	// Say says a sentence of the program by its parts in a language; nil: it
	// stays as it was written.
	Say func(lang, text string, parts []catalog.Said) string
}

// said is the text of d, in the language where it is a sentence of the program.
func (h *Head) said(lang string, d *catalog.MailData) string {
	if h.Say == nil || len(d.Said) == 0 {
		return d.Text
	}
	return h.Say(lang, d.Text, d.Said)
}

// pathAccount is the page at which somebody turns notices off.
const pathAccount = "/desk/account#letters"

// words are what the words of a letter can put in. Texts are clean: one line
// each but for Quote and Text, isolated from the sentence around them.
type words struct {
	Portal, Name, Who, Agency, Title, Role, At, Agent, Address, Quote, Text string
	Count                                                                   string // empty for none
	One                                                                     bool   // it is a single one
	Link                                                                    string // that the letter leads to
	Off                                                                     string // where such letters are turned off, where they can be
	Click                                                                   bool   // that takes one click and no account
}

// Compose writes the letter. secret is what its link ends in, where it has one.
// The same letter is the same bytes each time.
func Compose(m *catalog.Mail, head *Head, secret string) (*gomail.Msg, error) {
	lang := m.Lang
	if lang != "en" {
		lang = "fa"
	}
	w := wordsOf(m, head, lang, secret)
	letters, err := template.ParseFS(files, "letters/"+lang+"/hello.txt", "letters/"+lang+"/foot.txt", "letters/"+lang+"/"+m.Kind+".txt")
	if err != nil {
		return nil, fmt.Errorf("mail: no letter %q: %w", m.Kind, err)
	}
	var parts [3]string
	for i, name := range []string{m.Kind, "hello", "foot"} {
		var b strings.Builder
		if err := letters.ExecuteTemplate(&b, name+".txt", w); err != nil {
			return nil, fmt.Errorf("mail: letter %q: %w", m.Kind, err)
		}
		parts[i] = strings.TrimSpace(b.String())
	}
	subject, text, _ := strings.Cut(parts[0], "\n")
	subject = noMarks.Replace(oneLine(subject))
	paragraphs := append([]string{parts[1]}, strings.Split(strings.TrimSpace(text), "\n\n")...)
	paragraphs = append(paragraphs, parts[2])
	return build(m, head, lang, subject, paragraphs, w)
}

// build puts a letter together.
func build(m *catalog.Mail, head *Head, lang, subject string, paragraphs []string, w *words) (*gomail.Msg, error) {
	encoding := gomail.EncodingB64 // of Persian text, and shorter for it
	plain := strings.Join(paragraphs, "\n\n") + "\n"
	if lang == "en" {
		encoding, plain = gomail.EncodingQP, noMarks.Replace(plain)
	}
	msg := gomail.NewMsg(gomail.WithEncoding(encoding), gomail.WithBoundary("shafaf-"+m.ID), gomail.WithNoDefaultUserAgent())
	from := head.From
	if from.Name == "" {
		from.Name = noMarks.Replace(w.Portal)
	}
	to, err := mail.ParseAddress(m.To)
	if err != nil {
		return nil, fmt.Errorf("mail: %q is no address: %w", m.To, err)
	}
	to.Name = nameOf(m)
	msg.FromMailAddress(&from)
	msg.ToMailAddress(to)
	msg.Subject(subject)
	msg.SetMessageIDWithValue(m.ID + "@" + domainOf(head.From.Address))
	msg.SetDateWithValue(m.Created.UTC())
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	msg.SetGenHeader("Content-Language", lang)
	if w.Off != "" {
		msg.SetListUnsubscribe("<" + w.Off + ">")
	}
	if w.Click { // programs for mail post to it: RFC 8058
		msg.SetGenHeader(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	msg.SetBodyString(gomail.TypeTextPlain, strings.ReplaceAll(plain, "\n", "\r\n"))
	msg.AddAlternativeString(gomail.TypeTextHTML, page(lang, subject, paragraphs, w))
	return msg, nil
}

// nameOf is how the reader is called. Whoever gave an address that nobody has
// confirmed yet says nothing to its owner, not even in place of a name.
func nameOf(m *catalog.Mail) string {
	if m.Kind == catalog.MailConfirm || m.Kind == catalog.MailComment || m.Kind == catalog.MailFollow {
		return ""
	}
	return oneLine(m.Name)
}

// wordsOf is what m tells, as words of lang.
func wordsOf(m *catalog.Mail, head *Head, lang, secret string) *words {
	d := &m.Data
	in := func(t catalog.Text) string {
		s, _ := t.In(lang)
		return isolated(oneLine(s))
	}
	w := &words{
		Portal: isolated(oneLine(head.Portal(lang))), Name: isolated(nameOf(m)), Who: isolated(oneLine(d.Who)), Agency: in(d.Agency), Title: in(d.Title),
		Role: roleName(lang, d.Role), At: momentOf(lang, d.At), Agent: isolated(oneLine(d.Agent)), Address: isolated(oneLine(d.Address)),
		Quote: quoted(d.Quote), Text: quoted(head.said(lang, d)), One: d.Count == 1,
		Link: head.Base + "/" + lang + d.Path + url.PathEscape(secret),
	}
	if d.Count != 0 {
		w.Count = persian.Digits(strconv.FormatInt(d.Count, 10), lang)
	}
	switch {
	case d.Off != "":
		w.Off, w.Click = head.Base+"/"+lang+d.Off, true
	case catalog.MailNotice(m.Kind):
		w.Off = head.Base + "/" + lang + pathAccount
	}
	return w
}

// The marks of Unicode that isolate a text from the direction of what is around
// it (FSI and PDI).
const openMark, closeMark = "\u2068", "\u2069"

var (
	noMarks = strings.NewReplacer(openMark, "", closeMark, "")
	bdi     = strings.NewReplacer(openMark, "<bdi>", closeMark, "</bdi>")
)

func isolated(s string) string {
	if s == "" {
		return ""
	}
	return openMark + s + closeMark
}

// oneLine makes one line of text that can disorder nothing: no line ends, no
// control characters and no marks of direction.
func oneLine(s string) string {
	return strings.Join(strings.Fields(persian.Clean(noControls(s, false))), " ")
}

// quoted is a text of several lines as it stands in a quotation.
func quoted(s string) string {
	return strings.ReplaceAll(strings.TrimSpace(noControls(strings.ReplaceAll(s, "\r\n", "\n"), true)), "\n", "\n> ")
}

// noControls takes out what steers instead of being read.
func noControls(s string, lines bool) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' && lines:
			return r
		case r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029':
			return ' '
		case r < ' ' || r >= 0x7f && r < 0xa0 || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\ufeff':
			return -1
		}
		return r
	}, s)
}

// page is the letter as HTML: nothing is loaded, and nothing leads anywhere but
// to the letter's own links.
func page(lang, subject string, paragraphs []string, w *words) string {
	dir := "ltr"
	if lang == "fa" {
		dir = "rtl"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "<!DOCTYPE html>\r\n<html lang=%q dir=%q><head><meta charset=\"utf-8\"><title>%s</title></head>\r\n", lang, dir, html.EscapeString(subject))
	fmt.Fprintf(&b, "<body dir=%q style=\"font-family: Tahoma, Arial, sans-serif; line-height: 1.7; max-width: 40em; overflow-wrap: anywhere\">\r\n", dir)
	for _, p := range paragraphs {
		switch text, quote := strings.CutPrefix(p, "> "); {
		case p == w.Link:
			fmt.Fprintf(&b, "<p dir=\"ltr\">%s</p>\r\n", anchor(p))
		case quote:
			fmt.Fprintf(&b, "<blockquote dir=\"auto\">%s</blockquote>\r\n", lines(strings.ReplaceAll(text, "\n> ", "\n")))
		case w.Off != "" && strings.HasSuffix(p, w.Off):
			fmt.Fprintf(&b, "<p>%s%s</p>\r\n", lines(strings.TrimSuffix(p, w.Off)), anchor(w.Off))
		default:
			fmt.Fprintf(&b, "<p>%s</p>\r\n", lines(p))
		}
	}
	b.WriteString("</body></html>\r\n")
	return b.String()
}

func anchor(address string) string {
	a := html.EscapeString(address)
	return `<a href="` + a + `">` + a + `</a>`
}

func lines(text string) string {
	return strings.ReplaceAll(bdi.Replace(html.EscapeString(text)), "\n", "<br>\r\n")
}

// zoneName is where the clock stands by which letters say when.
const zoneName = "Asia/Tehran"

// momentOf writes an instant in the calendar of the language; nothing for none.
func momentOf(lang string, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	zone, err := time.LoadLocation(zoneName)
	if err != nil {
		zone = time.UTC
	}
	t = t.In(zone)
	clock := persian.Digits(t.Format("15:04"), lang)
	if lang == "fa" {
		if d, err := persian.FromTime(t); err == nil {
			return d.Format(lang) + "، ساعت " + clock + " به وقت تهران"
		}
	}
	return t.Format("2 January 2006") + ", " + clock + " (Tehran)"
}

// roleNames are the roles as letters call them.
var roleNames = map[catalog.Role][2]string{
	catalog.Viewer:    {"بیننده", "a viewer"},
	catalog.Editor:    {"ویراستار", "an editor"},
	catalog.Moderator: {"پاسخ‌گو", "a moderator"},
	catalog.Publisher: {"ناشر", "a publisher"},
	catalog.Admin:     {"مدیر", "an admin"},
}

func roleName(lang string, r catalog.Role) string {
	if lang == "fa" {
		return roleNames[r][0]
	}
	return roleNames[r][1]
}

// domainOf is what stands behind the @ of an address.
func domainOf(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }
