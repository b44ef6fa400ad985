package consultation

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"time"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/goccy/go-json"
)

// ReceiptForm names the form of receipt files.
const ReceiptForm = "shafaf-comment-receipt-1"

// A Receipt proves that a comment was counted and not altered: its hash, with a
// salt, stands in an entry of the log, and the entry in a tree whose head is
// signed. Whoever has the file can check it without the portal. It holds what
// was filed, but neither address nor code.
type Receipt struct {
	Form     string           `json:"form"` // ReceiptForm
	Comment  string           `json:"comment"`
	Draft    string           `json:"draft"`
	Received time.Time        `json:"received"`
	State    string           `json:"state"` // when the file was made
	Reason   string           `json:"reason,omitempty"`
	Filed    *Filed           `json:"filed,omitempty"` // absent when the text is gone
	Salt     string           `json:"salt,omitempty"`  // likewise; with which Filed was hashed, in hexadecimal
	Log      catalog.LogProof `json:"log"`
	Key      string           `json:"key,omitempty"` // public key of the heads, as the portal gives it; who checks has it from elsewhere
}

// Receipt returns the proof of the comment whose receipt (the hash of the code)
// it is, or ErrNotFound.
func (c *Consultation) Receipt(ctx context.Context, receipt []byte) (Receipt, error) {
	var salt []byte
	var leaf int64
	one, err := scanComment(c.store.Row(ctx, "select "+ownColumns+", salt, leaf from comments where receipt = ?", receipt), &salt, &leaf)
	if catalog.NoRow(err) || err == nil && leaf < 0 {
		return Receipt{}, catalog.NotFound(NounComment, "receipt")
	}
	if err != nil {
		return Receipt{}, catalog.Wrap("receipt", err)
	}
	r := Receipt{Form: ReceiptForm, Comment: one.ID, Draft: one.Draft, Received: one.Received, State: one.State, Reason: one.Reason}
	if len(salt) > 0 {
		r.Filed, r.Salt = one.filed(), hex.EncodeToString(salt)
	}
	r.Log, err = c.store.ProveEntry(ctx, leaf)
	return r, err
}

// ErrTextGone says that a receipt proves that the comment came, and nothing of
// what it said: it was made after the text was erased.
var ErrTextGone = errors.New("the receipt was made after the text was erased: it proves that the comment came, not what it said")

// A ReceiptError says what does not fit of a receipt, by its kind.
type ReceiptError struct {
	Kind string // of receiptFaults
	Log  error  // what the log says, of kind log
}

// receiptFaults is the table of what may not fit.
var receiptFaults = map[string]string{
	"form":    "this is no receipt of a comment",
	"large":   "this is no receipt of a comment: it is too large",
	"entry":   "the entry of the log is not that of a comment that came in",
	"other":   "the entry of the log is that of another comment, or of another time",
	"altered": "the text is not the one that was filed: it was altered",
	"missing": "the log has another entry there, or none",
	"log":     "the proof is broken",
}

func (e *ReceiptError) Error() string {
	if e.Log != nil {
		return e.Log.Error()
	}
	return receiptFaults[e.Kind]
}

// Unwrap is what the log says.
func (e *ReceiptError) Unwrap() error { return e.Log }

// VerifyReceipt checks a receipt against the public key of the heads. A
// *ReceiptError says what does not fit. catalog.ErrUnsigned says that all fits so far and that
// no signed head holds the entry yet, ErrTextGone that the entry is in the log
// and the text no more in the receipt.
func VerifyReceipt(r *Receipt, public string) error {
	if r.Form != ReceiptForm {
		return &ReceiptError{Kind: "form"}
	}
	entry, err := r.Log.Verify(public)
	if err != nil && !errors.Is(err, catalog.ErrUnsigned) {
		return &ReceiptError{"log", err}
	}
	var said filedEntry
	if entry.Act != actFile || entry.Noun != NounComment || json.Unmarshal(entry.After, &said) != nil {
		return &ReceiptError{Kind: "entry"}
	}
	if entry.Thing != r.Comment || said.Draft != r.Draft || catalog.Stamp(entry.At) != catalog.Stamp(r.Received) {
		return &ReceiptError{Kind: "other"}
	}
	if r.Filed == nil {
		return errors.Join(err, ErrTextGone)
	}
	salt, broken := hex.DecodeString(r.Salt)
	if broken != nil || len(salt) != saltSize || hex.EncodeToString(r.Filed.digest(salt)) != said.Digest {
		return &ReceiptError{Kind: "altered"}
	}
	return err
}

// maxReceipt is the size of the largest receipt file: a comment of the largest
// size with every character escaped.
const maxReceipt = 1 << 20

// ReadReceipt reads a receipt file.
func ReadReceipt(from io.Reader) (r Receipt, err error) {
	b, err := io.ReadAll(io.LimitReader(from, maxReceipt+1))
	switch {
	case err != nil:
		return r, catalog.Wrap("read receipt", err)
	case len(b) > maxReceipt:
		return r, &ReceiptError{Kind: "large"}
	}
	if err := json.Unmarshal(b, &r); err != nil || r.Form != ReceiptForm {
		return Receipt{}, &ReceiptError{Kind: "form"}
	}
	return r, nil
}
