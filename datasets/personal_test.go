package datasets

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func personalOf(t *testing.T, content string) []string {
	t.Helper()
	f := openFiles(t)
	im := importText(t, f, content, ImportOptions{})
	r, err := f.Rows(im.Tables[0].Digest)
	if err != nil {
		t.Fatal(err)
	}
	found, err := FindPersonal(t.Context(), r.Table())
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, p := range found {
		all = append(all, fmt.Sprintf("%s %s %d %s", p.Label, p.Kind, p.Cells, strings.Join(p.Samples, " ")))
	}
	return all
}

func TestFindPersonal(t *testing.T) {
	got := personalOf(t, "کد ملی,note,card,sheba,تماس,شماره\n"+
		"0499370899,write to ali@example.org.,6037-9911-1111-1112,IR44 0960 0000 0010 0324 2000 01,۰۹۱۲۳۴۵۶۷۸۹,1234567890\n"+
		"0790419904,x@y,6037991111111113,IR440960000000100324200002,02188001122,1234567899\n"+
		"0084575948,بی نشانی,,,+98 912 345 6789,1234567898\n")
	want := []string{
		"کد ملی nationalid 3 04••••••99 07••••••04 00••••••48",
		"note mail 1 a•••@example.org",
		"card card 1 60••••••••••••12",
		"sheba iban 1 IR••••••••••••••••••••••01",
		"تماس phone 2 09•••••••89 98••••••••89",
	}
	if !slices.Equal(got, want) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestNoPersonalByChance has numbers of which some have a check digit by chance.
func TestNoPersonalByChance(t *testing.T) {
	var b strings.Builder
	b.WriteString("ref,account,at\n")
	for i := range 500 {
		fmt.Fprintf(&b, "%d,AC%016d,%d@\n", 1_300_000_000+i*7919, 4_000_000_000_000_000+i*104_729, i)
	}
	if got := personalOf(t, b.String()); len(got) > 0 {
		t.Errorf("found %v", got)
	}
}

func TestLostZerosOfNationalIDs(t *testing.T) {
	got := personalOf(t, "person,n\n84575948,1\n499370899,2\n790419904,3\n")
	if len(got) != 1 || !strings.HasPrefix(got[0], "person nationalid 3") {
		t.Errorf("found %v", got)
	}
}
