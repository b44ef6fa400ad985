package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
)

// A provedReceipt is what a receipt file proves.
type provedReceipt struct {
	Comment  string    `json:"comment"`
	Draft    string    `json:"draft"`
	Received time.Time `json:"received"`
	Leaf     int64     `json:"leaf"`
	Size     int64     `json:"size"`
	Counted  bool      `json:"counted"`
	Text     string    `json:"text,omitempty"`
	Note     string    `json:"note,omitempty"`
}

// receipt checks the receipt of a comment, without the portal when the key is
// given.
func (c *verifyCmd) receipt(e *env) error {
	file, err := os.Open(c.Receipt)
	if err != nil {
		return err
	}
	defer file.Close()
	r, err := consultation.ReadReceipt(file)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Receipt, err)
	}
	if c.Key == "" {
		if e.mustExist() != nil {
			return errors.New("say with --key which key the portal signs with: it stands on its page /log")
		}
		key, err := e.logKey()
		if err != nil {
			return err
		}
		c.Key = key.Public()
	}
	v := provedReceipt{Comment: r.Comment, Draft: r.Draft, Received: r.Received, Leaf: r.Log.Leaf, Size: r.Log.Size, Counted: true}
	switch err := consultation.VerifyReceipt(&r, c.Key); {
	case errors.Is(err, catalog.ErrUnsigned):
		return fmt.Errorf("%s: nothing in it is wrong, but it was made before the head of the log was signed, which is done once a day: download it again tomorrow", c.Receipt)
	case errors.Is(err, consultation.ErrTextGone):
		v.Note = err.Error()
	case err != nil:
		return fmt.Errorf("%s: %w", c.Receipt, err)
	default:
		v.Text = r.Filed.Text
	}
	if c.JSON {
		return e.printJSON(v)
	}
	line := fmt.Sprintf("comment %s came at %s and was counted: entry %d of %d in the signed log", v.Comment, v.Received.Format(time.RFC3339), v.Leaf, v.Size)
	if v.Note == "" {
		v.Note = "it was not altered: its text is the one in the receipt"
	}
	_, err = fmt.Fprintln(e.out, line+"; "+v.Note)
	return err
}
