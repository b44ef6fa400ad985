package consultation

import (
	"github.com/openshafaf/shafaf/catalog"
)

// What followers of a draft are told.
const (
	AlertOpened   = "opened"   // people can comment
	AlertExtended = "extended" // and longer than it was said
	AlertClosing  = "closing"  // it closes soon
	AlertVersion  = "version"  // there is a new text
	AlertAnswered = "answered" // the agency answered
	AlertDecided  = "decided"  // it is approved, or withdrawn
)

// alert notes what the followers of a draft are to be told, once about each
// thing.
func alert(tx *catalog.Tx, draft, kind, thing string) error {
	return tx.Exec(`insert into alerts (draft, n, kind, thing, at)
		select ?1, (select coalesce(max(n), 0) + 1 from alerts where draft = ?1), ?2, ?3, ?4
		where not exists (select 1 from alerts where draft = ?1 and kind = ?2 and thing = ?3)`, draft, kind, thing, catalog.Stamp(tx.Now()))
}
