package samples

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func get(t *testing.T, address string, status int) []byte {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != status {
		t.Fatalf("%s: %s %v", address, res.Status, err)
	}
	return body
}

func TestCKANIsPaged(t *testing.T) {
	server := httptest.NewServer(CKAN())
	defer server.Close()
	want, seen, last := len(of(inCKAN)), map[string]bool{}, ""
	for start := 0; start < want; start += 7 {
		var reply struct {
			Success bool
			Result  struct {
				Count   int
				Results []ckanPackage
			}
		}
		body := get(t, server.URL+"/api/3/action/package_search?q=*:*&rows=7&sort=id+asc&start="+itoa(start), http.StatusOK)
		if err := json.Unmarshal(body, &reply); err != nil {
			t.Fatal(err)
		}
		if !reply.Success || reply.Result.Count != want {
			t.Fatalf("count %d, want %d", reply.Result.Count, want)
		}
		for _, p := range reply.Result.Results {
			if seen[p.ID] || p.ID <= last {
				t.Errorf("%s comes twice or out of order", p.Name)
			}
			seen[p.ID], last = true, p.ID
		}
	}
	if len(seen) != want {
		t.Errorf("%d of %d packages came", len(seen), want)
	}
	body := get(t, server.URL+"/api/3/action/package_search?start=1000", http.StatusOK)
	if !strings.Contains(string(body), `"results":[]`) {
		t.Errorf("behind the end comes %s", body)
	}
	get(t, server.URL+"/api/3/action/package_search?rows=x", http.StatusConflict)
	get(t, server.URL+"/api/3/action/package_search?sort=colour", http.StatusConflict)
	get(t, server.URL+"/api/3/action/package_show?id=nothing", http.StatusNotFound)
	get(t, server.URL+"/files/nothing.csv", http.StatusNotFound)
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }

func TestEveryAnnouncedFileIsServed(t *testing.T) {
	portal, catalogue := httptest.NewServer(CKAN()), httptest.NewServer(DataJSON())
	defer portal.Close()
	defer catalogue.Close()
	var page struct {
		Result struct{ Results []ckanPackage }
	}
	if err := json.Unmarshal(get(t, portal.URL+"/api/3/action/package_search?rows=1000", http.StatusOK), &page); err != nil {
		t.Fatal(err)
	}
	addresses := []string{}
	for _, p := range page.Result.Results {
		for _, r := range p.Resources {
			if strings.HasPrefix(r.URL, portal.URL) {
				addresses = append(addresses, r.URL)
			}
		}
	}
	var pod podFile
	if err := json.Unmarshal(get(t, catalogue.URL+"/data.json", http.StatusOK), &pod); err != nil {
		t.Fatal(err)
	}
	nonPublic := 0
	for _, d := range pod.Dataset {
		if d.AccessLevel != "public" {
			nonPublic++
			if len(d.Distribution) > 0 || d.Rights == "" {
				t.Errorf("%s is %s and has files", d.Identifier, d.AccessLevel)
			}
		}
		for _, f := range d.Distribution {
			addresses = append(addresses, f.DownloadURL)
		}
	}
	if nonPublic == 0 || len(addresses) < 40 {
		t.Errorf("%d non-public datasets, %d files", nonPublic, len(addresses))
	}
	for _, a := range addresses {
		if len(get(t, a, http.StatusOK)) == 0 {
			t.Errorf("%s is empty", a)
		}
	}
}

func TestFilesAnswerConditionalRequests(t *testing.T) {
	server := httptest.NewServer(DataJSON())
	defer server.Close()
	res, err := http.Get(server.URL + "/files/hospital-beds.csv")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	again, err := http.NewRequest(http.MethodGet, server.URL+"/files/hospital-beds.csv", nil)
	if err != nil {
		t.Fatal(err)
	}
	again.Header.Set("If-Modified-Since", res.Header.Get("Last-Modified"))
	res, err = http.DefaultClient.Do(again)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusNotModified {
		t.Errorf("status %s", res.Status)
	}
}

func TestFolderDescribesItsFiles(t *testing.T) {
	dir := t.TempDir()
	for range 2 { // the second time finds the files of the first
		if err := Build(dir); err != nil {
			t.Fatal(err)
		}
	}
	found, err := filepath.Glob(filepath.Join(dir, "*", "datapackage.json"))
	if err != nil || len(found) != len(of(inFolder)) {
		t.Fatalf("%d descriptions, %v", len(found), err)
	}
	for _, path := range found {
		var p dataPackage
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(body, &p); err != nil {
			t.Fatal(err)
		}
		for _, r := range p.Resources {
			if info, err := os.Stat(filepath.Join(filepath.Dir(path), r.Path)); err != nil || info.Size() == 0 {
				t.Errorf("%s names %s: %v", path, r.Path, err)
			}
		}
	}
}
