package consultation

import "github.com/openshafaf/shafaf/catalog"

// QueueConfirmation lets the letter be sent that asks whether a comment is of
// who has the address that was given with it. It belongs into the write that
// files the comment. path is that of the page, below the language, at which they
// say so: nobody else may know it. The address is the one that File kept; without
// one there is no letter.
func QueueConfirmation(tx *catalog.Tx, c *Comment, path string) error {
	m := catalog.Mail{Kind: catalog.MailComment, Lang: c.Lang, Thing: c.ID, Data: catalog.MailData{Path: path, At: c.Received}}
	var agency string
	if err := tx.Row(`select c.email, d.title, d.agency from comments c join drafts d on d.id = c.draft where c.id = ?`, c.ID).
		Scan(&m.To, catalog.AsJSON(&m.Data.Title), &agency); err != nil || m.To == "" {
		return err
	}
	a, err := tx.Agency(agency)
	if err != nil {
		return err
	}
	m.Data.Agency = a.Title
	return tx.QueueMail(m)
}
