package main

import (
	"io"
	"net/http"
	"testing"
)

func TestAllowancesAreReadAndRefused(t *testing.T) {
	for text, want := range map[string]string{
		"off": "off", "600/30s": "600/30s", " 30/10m ": "30/10m", "20/1h": "20/1h", "5/1h30m": "5/1h30m", "5/90s": "5/1m30s",
		"600": "", "0/1m": "", "-1/1m": "", "10/0s": "", "10/25h": "", "10/m": "", "/": "", "": "", "1e9/1s": "", "99999999999/1s": "", "on": "",
	} {
		var a allowance
		err := a.UnmarshalText([]byte(text))
		if (err == nil) != (want != "") || err == nil && a.String() != want {
			t.Errorf("%q: %s, %v; want %q", text, a, err, want)
		}
	}
}

func TestServerHoldsToItsLimits(t *testing.T) {
	p := newProgram(t)
	base, _ := p.serve("--limit", "5/1h")
	for i := range 7 {
		resp, err := http.Get(base + "/api/v1/agencies")
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		want := http.StatusOK
		if i >= 5 {
			want = http.StatusTooManyRequests
		}
		if err != nil || resp.StatusCode != want || (resp.Header.Get("Retry-After") == "") != (want == http.StatusOK) {
			t.Errorf("request %d: %d, want %d: %s", i+1, resp.StatusCode, want, body)
		}
	}
}
