package site

import (
	"context"
	"strconv"

	"github.com/openshafaf/shafaf/catalog/consultation"
)

// An influenceRow says which comment, or comments that say nearly the same,
// caused a change.
type influenceRow struct {
	Verdict string
	Class   string // of the verdict
	Reason  string
	URL     string
	Author  string // of the comment
	Size    int64  // of the cluster
}

// causes adds to the provisions of the text the comments that changed them.
func (s *Site) causes(ctx context.Context, l *locale, v *draftView) error {
	all, err := s.causesOf(ctx, l, &v.Draft, v.Version.ID)
	for _, p := range v.flat {
		p.Causes = all[p.Address]
	}
	return err
}

// causesOf are what caused the changes of a version (its id), by address.
func (s *Site) causesOf(ctx context.Context, l *locale, d *consultation.Draft, version string) (map[string][]influenceRow, error) {
	influences, err := s.drafts.Influences(ctx, d.ID, version)
	if err != nil {
		return nil, err
	}
	all := map[string][]influenceRow{}
	for i := range influences {
		in := &influences[i]
		if in.Verdict == consultation.Rejected {
			continue // it caused nothing
		}
		row := influenceRow{Verdict: in.Verdict, Class: verdictClasses[in.Verdict], Reason: in.Reason}
		comment := in.Comment
		if in.Cluster != 0 {
			k, err := s.drafts.Cluster(ctx, in.Cluster)
			if err != nil && !isNotFound(err) {
				return nil, err
			}
			if comment = k.First.ID; k.Size > 1 {
				row.Size, row.URL = int64(k.Size), "/"+l.lang+draftPath(d.Slug)+"/comments?"+paramCluster+"="+strconv.FormatInt(in.Cluster, 10)
			}
		}
		if row.URL == "" {
			c, err := s.drafts.Comment(ctx, comment)
			if err != nil && !isNotFound(err) {
				return nil, err
			}
			if err == nil {
				row.URL, row.Author = "/"+l.lang+commentPath(c.ID), firstOf(c.Name, c.Organisation, l.Text("comment.noname"))
			}
		}
		all[in.Address] = append(all[in.Address], row)
	}
	return all, nil
}
