package accounts

import (
	"bytes"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"image/png"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/datasets/persian"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// Codes of the second factor are those of RFC 6238 as every authenticator knows
// them: six digits, a new one every 30 seconds. A clock may be off by one step.
const (
	totpPeriod = 30
	totpSkew   = 1
	qrSize     = 240 // pixels
)

// A SecondFactor is what somebody needs who sets one up.
type SecondFactor struct {
	Secret string // to type into the authenticator
	URL    string // otpauth://
	Image  string // the address as a QR code: a data: URL of a PNG
}

// newSecret returns a secret for the second factor of the account.
func newSecret(issuer, account string) (string, error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: account, Period: totpPeriod})
	if err != nil {
		return "", err
	}
	return key.Secret(), nil
}

// factorOf draws the secret for an authenticator.
func factorOf(issuer, account, secret string) (SecondFactor, error) {
	f := SecondFactor{Secret: secret}
	f.URL = "otpauth://totp/" + escape(issuer) + ":" + escape(account) + "?secret=" + secret + "&issuer=" + escape(issuer)
	key, err := otp.NewKeyFromURL(f.URL)
	if err != nil {
		return f, err
	}
	image, err := key.Image(qrSize, qrSize)
	if err != nil {
		return f, err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, image); err != nil {
		return f, err
	}
	f.Image = "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())
	return f, nil
}

// escape writes a label as authenticators read it: a plus is no space to them.
func escape(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '_' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// stepOf returns the step of which the code is, looking one step around now; ok
// is false for a wrong code. Digits may be Persian, with blanks between.
func stepOf(secret, code string, now time.Time) (step int64, ok bool) {
	code = strings.Join(strings.Fields(persian.ASCIIDigits(code)), "")
	here := now.Unix() / totpPeriod
	for s := here - totpSkew; s <= here+totpSkew; s++ {
		want, err := totp.GenerateCode(secret, time.Unix(s*totpPeriod, 0))
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, ok = s, true
		}
	}
	return step, ok
}
