package site

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
)

// send posts a form to the portal as its own page would.
func (p *portal) send(path string, form url.Values, headers ...string) (*http.Response, string) {
	p.t.Helper()
	body := form.Encode()
	req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	req.Header.Set(fiber.HeaderContentType, formType)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := p.app.Test(req, -1)
	must(p.t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	must(p.t, err)
	return resp, string(b)
}

func TestLongFormsAreTakenOrShownBack(t *testing.T) {
	p := newPortal(t, false)
	var got int
	p.Routes = []Route{{Path: "/long", Template: "licences", PageOnly: true, View: (*Site).licences, Act: func(_ *Site, r *Request) (View, error) {
		got = len([]rune(r.Form.Get("description_fa")))
		return nil, Moved("/en/")
	}}}
	p.app = p.App()
	long := strings.Repeat("شفافیت حق مردم است. ", 5000) // 100,000 characters
	if resp, body := p.send("/en/long", url.Values{"description_fa": {long}}); resp.StatusCode != http.StatusSeeOther || got != 100_000 {
		t.Fatalf("100,000 characters: %d, %d arrive: %.200s", resp.StatusCode, got, body)
	}
	got = 0
	longer := strings.Repeat(long, 3) + "<script>alert(1)</script>"
	form := url.Values{"description_fa": {longer}, "title_fa": {"بودجه"}, "password": {"open sesame"}}
	resp, body := p.send("/fa/long", form)
	if resp.StatusCode != http.StatusRequestEntityTooLarge || got != 0 {
		t.Fatalf("300,000 characters: %d", resp.StatusCode)
	}
	for _, want := range []string{long + "&lt;script&gt;", "بودجه", "۳۰۰٬۰۲۵ نویسه", "۱۷۴٬۰۰۰ حرف"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page of a form that is too long lacks %.60q", want)
		}
	}
	for _, never := range []string{"open sesame", "<script>alert"} {
		if strings.Contains(body, never) {
			t.Errorf("the page shows %q", never)
		}
	}
	for name, headers := range map[string][]string{
		"of another site": {"Sec-Fetch-Site", "cross-site"},
		"as JSON":         {fiber.HeaderContentType, "application/json"},
	} {
		if resp, body := p.send("/fa/long", form, headers...); resp.StatusCode != http.StatusRequestEntityTooLarge || strings.Contains(body, "بودجه") {
			t.Errorf("%s: %d", name, resp.StatusCode)
		}
	}
	if resp, body := p.send("/fa/long", url.Values{"x": {strings.Repeat("x", maxShownBack)}}); resp.StatusCode != http.StatusRequestEntityTooLarge || len(body) > 100_000 {
		t.Errorf("above what is shown back: %d, %d bytes", resp.StatusCode, len(body))
	}
}
