package samples

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// built returns the files that a build writes, by name.
func built(t *testing.T, build func(dir string) error) map[string][]byte {
	t.Helper()
	dir := t.TempDir()
	if err := build(dir); err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	names, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	flat, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(names, flat...) {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			t.Fatal(err)
		}
		all[rel] = raw
	}
	return all
}

func TestContractsAndTransparencyFilesHaveTheSameBytesEachTime(t *testing.T) {
	for what, build := range map[string]func(string) error{"contracts": BuildContracts, "transparency": BuildTransparency} {
		first, second := built(t, build), built(t, build)
		if len(first) < 8 || len(first) != len(second) {
			t.Errorf("%s: %d files, then %d", what, len(first), len(second))
		}
		for name, raw := range first {
			if !bytes.Equal(raw, second[name]) {
				t.Errorf("%s: %s has other bytes the second time", what, name)
			}
		}
	}
}

func TestWordsOfContractsAndServicesAreWrittenInPersian(t *testing.T) {
	wrong := regexp.MustCompile(`[يىكة٠-٩]|\x{200c}[ .،)|]| \x{200c}|\|\s|\s\|`)
	for name, lines := range map[string]string{"contracts": contractLines, "services": serviceList} {
		if at := wrong.FindStringIndex(lines); at != nil {
			t.Errorf("%s: %q", name, lines[max(0, at[0]-30):at[1]])
		}
	}
}

// Each payment is a part of its contract, and what is over is paid in full.
func TestPaymentsDoNotExceedTheirContracts(t *testing.T) {
	over := 0
	for _, d := range deals() {
		if d.n >= dealSigned {
			continue
		}
		c, ok := d.payments()["contracts"].([]object)
		if !ok || len(c) != 1 {
			t.Fatalf("%s has no contract", d.title)
		}
		paid, all := int64(0), c[0]["implementation"].(object)["transactions"].([]object)
		for _, p := range all {
			paid += p["value"].(object)["amount"].(int64)
		}
		if paid > d.final() || c[0]["status"] == "terminated" && paid != d.final() || len(all) == 0 {
			t.Errorf("%s: %d of %d is paid in %d parts", d.title, paid, d.final(), len(all))
		}
		if c[0]["status"] == "terminated" {
			over++
		}
	}
	if over == 0 || over == len(deals()) {
		t.Errorf("%d of %d contracts are over", over, len(deals()))
	}
}

// What an agency hands in is there.
func TestDutiesAreShownByWhatThereIs(t *testing.T) {
	duties := Duties()
	for i := range duties {
		d := &duties[i]
		if d.Indicator == "" || len(d.Evidence) == 0 {
			t.Errorf("%+v", d)
		}
		for _, proof := range d.Evidence {
			file := transparencyOf(agencyOf(d.Agency)).files[0]
			if proof.Sheet != "" && !slices.ContainsFunc(file.tables, func(s table) bool { return s.name == proof.Sheet }) {
				t.Errorf("%s has no sheet %s", d.Agency, proof.Sheet)
			}
			if proof.Dataset == "" && proof.URL == "" && (proof.Text["fa"] == "" || proof.Text["en"] == "") {
				t.Errorf("%s of %s is shown by nothing", d.Indicator, d.Agency)
			}
		}
	}
}
