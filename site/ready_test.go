package site

import (
	"encoding/json"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// ready asks for /readyz.
func (p *portal) ready() (status int, h health) {
	p.t.Helper()
	resp, body := p.get("/readyz")
	must(p.t, json.Unmarshal([]byte(body), &h))
	if resp.Header.Get("Cache-Control") != CacheNever {
		p.t.Errorf("how it is may be kept: %s", resp.Header.Get("Cache-Control"))
	}
	return resp.StatusCode, h
}

func TestReadinessNamesThePart(t *testing.T) {
	p := newPortal(t, true)
	status, h := p.ready()
	if status != http.StatusOK || h.Status != partOK || len(h.Parts) != 4 {
		t.Fatalf("%d %+v", status, h)
	}
	for name, part := range h.Parts {
		if part.Status != partOK || part.Reason != "" {
			t.Errorf("%s is %+v", name, part)
		}
	}
	if h.Parts["search"].Figures["documents"] == 0 || h.Parts["search"].Figures["changes_behind"] != 0 {
		t.Errorf("search: %+v", h.Parts["search"])
	}
	must(t, p.Index.Close())
	if status, h := p.ready(); status != http.StatusServiceUnavailable || h.Status != partFailed || h.Parts["search"].Status != partFailed || h.Parts["catalog"].Status != partOK {
		t.Errorf("without an index: %d %+v", status, h)
	}
	if resp, _ := p.get("/healthz"); resp.StatusCode != http.StatusOK {
		t.Errorf("not alive: %d", resp.StatusCode)
	}
}

func TestAFullDiskIsDegradedAndNotFailed(t *testing.T) {
	p := newPortal(t, true)
	p.Files.Room = datasets.NewRoom(t.TempDir(), datasets.Floor{Share: 1})
	p.Exports.Room = p.Files.Room
	status, h := p.ready()
	if status != http.StatusOK || h.Status != partDegraded {
		t.Errorf("%d %+v", status, h)
	}
	for _, name := range []string{"files", "exports"} {
		if part := h.Parts[name]; part.Status != partDegraded || part.Reason == "" {
			t.Errorf("%s is %+v", name, part)
		}
	}
	if f := h.Parts["files"].Figures; f["free_bytes"] <= 0 || f["floor_bytes"] <= f["free_bytes"] {
		t.Errorf("the figures are %v", f)
	}
	address := "/en/datasets/population-of-provinces"
	p.page(address)
	if resp, body := p.get(p.tableAddress() + ".csv"); resp.StatusCode != http.StatusInsufficientStorage {
		t.Errorf("an export that is not there answers %d: %s", resp.StatusCode, body)
	}
	p.Files.Room, p.Exports.Room = nil, nil
	if resp, _ := p.get(p.tableAddress() + ".csv"); resp.StatusCode != http.StatusOK {
		t.Errorf("with room again it answers %d", resp.StatusCode)
	}
	if _, h := p.ready(); h.Status != partOK {
		t.Errorf("with room again: %+v", h)
	}
}

// tableAddress is the address of the table's downloads without the extension.
func (p *portal) tableAddress() string {
	p.t.Helper()
	d, err := p.Catalog.Dataset(p.t.Context(), "population-of-provinces")
	must(p.t, err)
	return resourcePath(d.Slug, d.Tables()[0].ID)
}

func TestALostFolderIsTold(t *testing.T) {
	p := newPortal(t, false)
	dir := t.TempDir() + "/gone"
	files, err := datasets.OpenFiles(dir)
	must(t, err)
	t.Cleanup(func() { files.Close() })
	p.Files = files
	must(t, os.RemoveAll(dir))
	if status, h := p.ready(); status != http.StatusServiceUnavailable || h.Parts["files"].Status != partFailed {
		t.Errorf("%d %+v", status, h)
	}
}

func TestReadinessTellsOfTheComparison(t *testing.T) {
	p := newPortal(t, true)
	if _, h := p.ready(); len(h.Parts["search"].Figures) != 3 {
		t.Errorf("before the first one: %+v", h.Parts["search"])
	}
	done, err := p.Index.Check(t.Context(), p.Catalog)
	must(t, err)
	if _, h := p.ready(); !done || h.Status != partOK || h.Parts["search"].Figures["missing"] != 0 || len(h.Parts["search"].Figures) != 7 {
		t.Errorf("done %t: %+v", done, h.Parts["search"])
	}
}

func TestAnIndexThatLagsIsToldAndNotFailed(t *testing.T) {
	p := newPortal(t, true)
	must(t, p.Catalog.Write(t.Context(), func(tx *catalog.Tx) error {
		return tx.PutAgency(&catalog.Agency{Title: catalog.Text{"en": "New"}})
	}))
	if _, h := p.ready(); h.Parts["search"].Status != partOK || h.Parts["search"].Figures["changes_behind"] != 1 {
		t.Errorf("a moment later: %+v", h.Parts["search"])
	}
	later := atNoon.Add(2 * indexBehind)
	p.Now = func() time.Time { return later }
	status, h := p.ready()
	if status != http.StatusOK || h.Parts["search"].Status != partDegraded || h.Parts["search"].Figures["seconds_behind"] != 600 {
		t.Errorf("later: %d %+v", status, h.Parts["search"])
	}
}
