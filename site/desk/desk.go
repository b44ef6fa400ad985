// Package desk is where people publish: they come in by an invitation, sign in,
// and find what waits for them. Its pages stand in the frame of the site, under
// /{lang}/desk.
//
// To add a page: a handler, a template, texts in both languages, and a line in
// routes. What somebody may do is asked of catalog.Actor, never of a role.
package desk

import (
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"net/url"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/accounts"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/fiscal"
	"github.com/openshafaf/shafaf/catalog/indicators"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

//go:embed templates/*.html texts
var files embed.FS

// A Desk is the publishing desk of a portal.
type Desk struct {
	Store    *catalog.Store
	Accounts *accounts.Accounts
	Files    *datasets.Files
	Log      *catalog.LogKey // signs the heads of the log
	Portal   string          // what authenticators call the portal
	Harvest  Harvest         // the sources beside it
	Mailing  Mailing         // how letters go out
	Look     *Look           // how the portal shows itself
	Logger   *slog.Logger    // told of uploads that fail by a fault of ours; nil: nobody is

	law     *consultation.Consultation // of Store
	marks   *indicators.Indicators     // of Store
	budgets *fiscal.Fiscal             // of Store and Files
	reading reading
	trials  trials
}

// cookie holds the secret of a session. Its prefix makes browsers take it only
// for the whole of this host, over HTTPS.
const cookie = "__Host-shafaf"

// deviceCookie holds the text by which a browser is known again. It opens
// nothing.
const deviceCookie = "__Host-shafaf-device"

// The paths of the desk that the code itself leads to.
const (
	pathHome    = "/desk"
	pathSignIn  = "/desk/sign-in"
	pathJoin    = "/desk/join/"
	pathPeople  = "/desk/people"
	pathAccount = "/desk/account"
)

// Part returns the desk as a part of the site.
func (d *Desk) Part() site.Part {
	if d.Look == nil {
		d.Look = &Look{}
	}
	d.law, d.marks, d.budgets = consultation.New(d.Store), indicators.New(d.Store), fiscal.New(d.Store, d.Files)
	return site.Part{Name: "desk", Routes: d.routes(), Templates: sub("templates"), Texts: sub("texts"), Enter: d.enter, Follow: d.Follow}
}

func sub(name string) fs.FS {
	f, err := fs.Sub(files, name)
	if err != nil {
		panic(err)
	}
	return f
}

// routes are the pages of the desk. None is kept by any cache.
func (d *Desk) routes() []site.Route {
	all := []site.Route{
		{Path: pathSignIn, View: d.signIn, Act: d.doSignIn, Template: "desk_form", Budget: site.BudgetSignIn},
		{Path: pathJoin + "{link}", View: d.join, Act: d.doJoin, Template: "desk_join", Budget: site.BudgetSignIn},
		{Path: pathHome, View: d.home, Template: "desk_home"},
		{Path: pathHome + "/sign-out", View: d.leave, Act: d.doSignOut, Template: "desk_form"},
		{Path: pathHome + "/confirm", View: d.confirm, Act: d.doConfirm, Template: "desk_form", Budget: site.BudgetSignIn},
		{Path: pathAccount, View: d.account, Act: d.doAccount, Template: "desk_account"},
		{Path: pathPeople, View: d.people, Act: d.doPeople, Template: "desk_people"},
		{Path: pathHome + "/log", View: d.log, Template: "desk_log"},
		{Path: pathMail, View: d.mail, Act: d.doMail, Template: "desk_mail"},
	}
	all = append(all, d.datasetRoutes()...)
	all = append(all, d.sourceRoutes()...)
	all = append(all, d.settingsRoutes()...)
	all = append(all, d.questionRoutes()...)
	all = append(all, d.draftRoutes()...)
	all = append(all, d.filingRoutes()...)
	all = append(all, d.calendarRoutes()...)
	for i := range all {
		all[i].PageOnly, all[i].Cache = true, site.CacheNever
	}
	return all
}

// enter finds out who asks. Nothing of the desk is said to somebody who could
// be listened to.
func (d *Desk) enter(_ *site.Site, r *site.Request) error {
	if !r.Private() {
		return r.Refuse(fiber.StatusForbidden, "", "desk.refused.plain")
	}
	session, err := d.Accounts.Session(r.Context(), r.Cookie(cookie))
	switch {
	case err == nil:
		r.Actor, r.Own = session.Actor(), &session
		return nil
	case !errors.Is(err, accounts.ErrRefused):
		return err
	case open(r.Path):
		return nil
	default:
		to := "/" + r.Lang + pathSignIn + "?" + url.Values{"next": {r.Path}}.Encode()
		return r.KeepTyped(fiber.StatusUnauthorized, "desk.kept.session", site.Link{Text: r.Text("desk.signin.title"), URL: to}, site.Moved(to))
	}
}

// open reports whether a page of the desk is for those too who are not signed in.
func open(path string) bool { return path == pathSignIn || strings.HasPrefix(path, pathJoin) }

// session is the session of who asks, nil when nobody is signed in.
func session(r *site.Request) *accounts.Session {
	s, _ := r.Own.(*accounts.Session)
	return s
}

// frame is the frame of a page of the desk.
func frame(r *site.Request, title string) site.Frame {
	f := site.Frame{Title: r.Text(title), Section: "desk", NoIndex: true}
	if r.Path != pathHome && session(r) != nil {
		f.Crumbs = []site.Link{{Text: r.Text("desk.title"), URL: "/" + r.Lang + pathHome}}
	}
	return f
}

// page is what views of the desk embed: they have no JSON.
type page struct{ site.Frame }

// JSON is never asked for: the pages of the desk are pages only.
func (page) JSON() any { return nil }

// fresh asks for password and code again when they were given too long ago. to
// is where the visitor goes on after it.
func (d *Desk) fresh(r *site.Request, to string) error {
	if s := session(r); s != nil && s.Fresh(d.Store.Now()) {
		return nil
	}
	return site.Moved("/" + r.Lang + pathHome + "/confirm?" + url.Values{"next": {to}}.Encode())
}

// next is where a form leads that was stood in the way of another page: only to
// pages of the desk.
func next(r *site.Request) string {
	to := r.Query.Get("next")
	if to != pathHome && !strings.HasPrefix(to, pathHome+"/") || strings.ContainsAny(to, "\\\r\n") || strings.Contains(to, "//") {
		to = pathHome
	}
	return "/" + r.Lang + to
}
