package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
	"github.com/openshafaf/shafaf/datasets/samples"
)

// A demoAct is something that happened to a draft of the demo.
type demoAct struct {
	at time.Time
	do func(context.Context) error
}

// A demoDraft lives its life in a catalogue of which the clock is moved from act
// to act, so that what happened weeks ago stands there as it would.
type demoDraft struct {
	*samples.Draft
	store *catalog.Store
	talk  *consultation.Consultation
	files func(context.Context, samples.DraftText) (catalog.File, error)
	draft consultation.Draft
}

// demoMidnight is how long before that of UTC the day begins in Tehran.
const demoMidnight = 3*time.Hour + 30*time.Minute

// demoDrafts puts the drafts of the demo into the catalogue that are not there.
func (e *env) demoDrafts(p *portal) (err error) {
	today := e.now().UTC().Truncate(24 * time.Hour).Add(-demoMidnight)
	clock := e.now()
	store, err := catalog.Open(e.ctx, e.dir, catalog.Options{Now: func() time.Time { return clock }, Fatal: e.fatal})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	var acts []demoAct
	drafts := samples.Drafts()
	for i := range drafts {
		d := &demoDraft{Draft: &drafts[i], store: store, talk: consultation.New(store)}
		d.files = func(ctx context.Context, t samples.DraftText) (catalog.File, error) {
			digest, size, err := p.files.Put(ctx, strings.NewReader(t.Text), int64(len(t.Text)))
			return catalog.File{Digest: digest, Name: d.Slug + "." + t.Lang + ".txt", Size: size}, err
		}
		_, err := d.talk.LastKnown(e.ctx, d.Slug)
		if errors.Is(err, catalog.ErrNotFound) {
			acts = append(acts, d.life(today)...)
		} else if err != nil {
			return err
		}
	}
	slices.SortStableFunc(acts, func(a, b demoAct) int { return a.at.Compare(b.at) })
	for _, act := range acts {
		if act.at.After(e.now()) {
			continue // what is still to come is told by the periods
		}
		clock = act.at
		if err := act.do(e.ctx); err != nil {
			return fmt.Errorf("the drafts of the demo: %w", err)
		}
	}
	return nil
}

// commentsAtOnce is how many comments come at one moment.
const commentsAtOnce = 15

// life is all that happens to the draft, told from a day.
func (d *demoDraft) life(today time.Time) []demoAct {
	acts := []demoAct{{today.Add(d.Announced), func(ctx context.Context) error { return d.announce(ctx, today) }}}
	end := min(d.Closes, 0)
	for i := 0; i < len(d.Comments); i += commentsAtOnce {
		at := d.Opens + (end-d.Opens)*time.Duration(i+commentsAtOnce)/time.Duration(len(d.Comments)+2*commentsAtOnce)
		acts = append(acts, demoAct{today.Add(at), func(ctx context.Context) error { return d.comment(ctx, i) }})
	}
	if d.Answered != 0 {
		acts = append(acts, demoAct{today.Add(d.Answered), d.answer})
	}
	if d.Approved != 0 {
		acts = append(acts, demoAct{today.Add(d.Approved - 24*time.Hour), d.settle}, demoAct{today.Add(d.Approved), d.approve})
	}
	return acts
}

// write does one act of the desk to the draft.
func (d *demoDraft) write(ctx context.Context, do func(tx *catalog.Tx) (consultation.Draft, error)) error {
	return d.store.Write(ctx, func(tx *catalog.Tx) (err error) {
		d.draft, err = do(tx)
		return err
	})
}

func (d *demoDraft) announce(ctx context.Context, today time.Time) error {
	text, err := d.wording(ctx, d.Texts[0])
	if err != nil {
		return err
	}
	papers, err := d.translations(ctx)
	if err != nil {
		return err
	}
	return d.write(ctx, func(tx *catalog.Tx) (consultation.Draft, error) {
		a, err := tx.Agency(d.Agency)
		if err != nil {
			return consultation.Draft{}, err
		}
		by, now := &catalog.Shell, int64(catalog.AnyRevision)
		made, err := consultation.CreateDraft(tx, by, consultation.Draft{
			Agency: a.ID, Kind: d.Kind, Moderation: d.Moderation, Title: d.Title, Summary: d.Summary, Reason: d.Reason, LegalBasis: d.LegalBasis, Contact: a.Contact,
		})
		if err != nil {
			return made, err
		}
		id := made.ID
		if _, _, err := consultation.AddVersion(tx, by, id, now, text); err != nil {
			return made, err
		}
		for _, p := range papers {
			if _, _, err := consultation.AddPaper(tx, by, id, now, p); err != nil {
				return made, err
			}
		}
		if _, _, err := consultation.AddPeriod(tx, by, id, now, consultation.PeriodWish{
			Kind: consultation.Opened, Opens: today.Add(d.Opens), Closes: today.Add(d.Closes), Basis: d.Basis,
		}); err != nil {
			return made, err
		}
		return consultation.PublishDraft(tx, by, id, now)
	})
}

// wording reads a text of the draft as one that is uploaded.
func (d *demoDraft) wording(ctx context.Context, t samples.DraftText) (*consultation.Wording, error) {
	f, err := d.files(ctx, t)
	return &consultation.Wording{Law: lawtext.Split(t.Text), File: f}, err
}

// translations are the texts of the draft that say the same in other languages:
// of a draft that was not approved all but the first.
func (d *demoDraft) translations(ctx context.Context) ([]consultation.Paper, error) {
	var all []consultation.Paper
	for _, t := range d.Texts[1:] {
		if d.Approved != 0 {
			continue
		}
		f, err := d.files(ctx, t)
		if err != nil {
			return nil, err
		}
		all = append(all, consultation.Paper{
			Kind: "annex", Title: catalog.Text{"fa": "متن پیش‌نویس به انگلیسی", "en": "The text of the draft in English"},
			File: f.Digest, Name: f.Name, Size: f.Size, Media: "text/plain; charset=utf-8", Lang: t.Lang,
		})
	}
	return all, nil
}

// comment files the comments from the first on that come at one moment.
func (d *demoDraft) comment(ctx context.Context, first int) error {
	texts, err := d.talk.Versions(ctx, d.draft.ID)
	if err != nil {
		return err
	}
	law, err := d.talk.Provisions(ctx, texts[0].ID)
	if err != nil {
		return err
	}
	return d.store.Write(ctx, func(tx *catalog.Tx) error {
		for i, c := range d.Comments[first:min(first+commentsAtOnce, len(d.Comments))] {
			address, ok := addressOf(law, c.Article)
			if !ok {
				return fmt.Errorf("%s: there is no article %q", d.Slug, c.Article)
			}
			key := sha256.Sum256(fmt.Appendf(nil, "%s %d", d.draft.ID, first+i))
			f := consultation.Filing{
				Draft: d.draft.ID, Version: texts[0].ID, Address: address, Kind: c.Kind, Lang: "fa", Name: c.Name, Organisation: c.Organisation, Text: c.Text,
				Once: hex.EncodeToString(key[:16]), Receipt: key[:], Proven: true,
			}
			if c.Confirmed {
				f.Email = fmt.Sprintf("reader-%d@shafaf.example", first+i)
			}
			filed, _, err := consultation.File(tx, &f)
			if err == nil && c.Confirmed {
				_, err = consultation.ConfirmEmail(tx, filed.ID)
			}
			if err == nil && d.Moderation == consultation.ReviewFirst {
				_, err = consultation.Show(tx, &catalog.Shell, filed.ID, catalog.AnyRevision)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// addressOf finds the provision whose address ends in a place of the samples:
// "7__note_2" is note 2 of article 7.
func addressOf(law []lawtext.Provision, place string) (string, bool) {
	if place == "" {
		return "", true
	}
	at := slices.IndexFunc(law, func(p lawtext.Provision) bool { return strings.HasSuffix("__"+p.Address, "__art_"+place) })
	if at < 0 {
		return "", false
	}
	return law[at].Address, true
}

// answer sorts the comments and answers each cluster of which the samples know
// what is said to it.
func (d *demoDraft) answer(ctx context.Context) error {
	return d.eachCluster(ctx, func(tx *catalog.Tx, k *consultation.Cluster, c *samples.DraftComment) error {
		if c.Answer == "" {
			return nil
		}
		_, err := consultation.PublishResponse(tx, &catalog.Shell, consultation.About{Cluster: k.ID}, 0,
			consultation.Reply{Verdict: c.Verdict, Lang: "fa", Text: c.Answer})
		return err
	})
}

// eachCluster does something to the clusters of the draft, in one write.
func (d *demoDraft) eachCluster(ctx context.Context, do func(*catalog.Tx, *consultation.Cluster, *samples.DraftComment) error) error {
	if _, err := d.talk.NewClusterer().Work(ctx); err != nil {
		return err
	}
	clusters, _, err := d.talk.Clusters(ctx, consultation.ClusterFilter{Draft: d.draft.ID, Limit: len(d.Comments)})
	if err != nil {
		return err
	}
	return d.store.Write(ctx, func(tx *catalog.Tx) error {
		for i := range clusters {
			k := &clusters[i]
			at := slices.IndexFunc(d.Comments, func(c samples.DraftComment) bool { return c.Text == k.First.Text })
			if at < 0 {
				return fmt.Errorf("%s: nobody of the samples says %q", d.Slug, k.First.Text)
			}
			if err := do(tx, k, &d.Comments[at]); err != nil {
				return err
			}
		}
		return nil
	})
}

// settle publishes the text that is to be approved, and what caused its changes.
func (d *demoDraft) settle(ctx context.Context) error {
	text, err := d.wording(ctx, d.Texts[len(d.Texts)-1])
	if err != nil {
		return err
	}
	text.Kind = consultation.Final
	text.Note = catalog.Text{"fa": "متنی که پس از بررسی نظرها نوشته شد.", "en": "The text as it was written after the comments."}
	var v consultation.Version
	if err := d.write(ctx, func(tx *catalog.Tx) (made consultation.Draft, err error) {
		made, v, err = consultation.AddVersion(tx, &catalog.Shell, d.draft.ID, catalog.AnyRevision, text)
		return made, err
	}); err != nil {
		return err
	}
	if err := d.eachCluster(ctx, func(tx *catalog.Tx, k *consultation.Cluster, c *samples.DraftComment) error {
		if c.Changed == "" {
			return nil
		}
		address, ok := addressOf(text.Law.Provisions, c.Changed)
		if !ok {
			return fmt.Errorf("%s: there is no article %q in the approved text", d.Slug, c.Changed)
		}
		_, err := consultation.AddInfluence(tx, &catalog.Shell, consultation.Edge{
			Version: v.ID, Address: address, About: consultation.About{Cluster: k.ID}, Verdict: cmp.Or(c.Verdict, consultation.Adopted), Reason: c.Answer,
		})
		return err
	}); err != nil {
		return err
	}
	d.draft, _, err = d.talk.PublishVersion(ctx, &catalog.Shell, d.draft.ID, catalog.AnyRevision, v.ID)
	return err
}

func (d *demoDraft) approve(ctx context.Context) error {
	return d.write(ctx, func(tx *catalog.Tx) (consultation.Draft, error) {
		return consultation.Approve(tx, &catalog.Shell, d.draft.ID, catalog.AnyRevision, "")
	})
}
