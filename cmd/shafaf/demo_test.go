package main

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/harvesters"
)

func TestDemoHostsAreReachedOnLoopbackOnly(t *testing.T) {
	var hosts demoHosts
	if addr, err := hosts.locate(t.Context(), "example.com"); addr != "" || err != nil {
		t.Errorf("example.com is at %q, %v", addr, err)
	}
	client := harvesters.NewClient(harvesters.ClientOptions{Now: time.Now, Locate: hosts.locate})
	defer client.Close()
	request := harvesters.Request{URL: "http://" + demoDataJSON + "/data.json", Tries: 1}
	if _, err := client.Get(t.Context(), request); err == nil || !strings.Contains(err.Error(), "private") {
		t.Errorf("without leave for private networks: %v", err)
	}
	request.AllowPrivate = true
	answer, err := client.Get(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if body, err := io.ReadAll(answer.Body); err != nil || !strings.Contains(string(body), `"downloadURL":"http://`+demoDataJSON+`/files/`) {
		t.Errorf("%.200s, %v", body, err)
	}
}
