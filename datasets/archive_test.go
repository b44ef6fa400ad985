package datasets

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/datasets/ziptest"
)

func tableNames(im *Imported) []string {
	var names []string
	for _, t := range im.Tables {
		names = append(names, t.Name)
	}
	return names
}

func faultTexts(im *Imported) string {
	var b strings.Builder
	for _, t := range im.Tables {
		for _, f := range t.Faults {
			fmt.Fprintln(&b, f.Text)
		}
	}
	return b.String() + im.Fault
}

func TestZIPHasItsMembersAsTables(t *testing.T) {
	f := openFiles(t)
	book := makeWorkbook(t)
	im := importText(t, f, ziptest.Pack(t,
		ziptest.Member{Name: "data/"},
		ziptest.Member{Name: "data/a.csv", Content: "id,n\nx,1\ny,2\n"},
		ziptest.Member{Name: "data/a.csv", Content: "id,n\nz,3\n"},
		ziptest.Member{Name: "../../etc/passwd.csv", Content: "id,n\nx,1\n"},
		ziptest.Member{Name: "C:\\windows\\b.csv", Content: "id;n\nx;1\n"},
		ziptest.Member{Name: "/abs.csv", Content: "id,n\nx,1\n"},
		ziptest.Member{Name: "book.xlsx", Content: book, Change: func(h *zip.FileHeader) { h.Method = zip.Store }},
		ziptest.Member{Name: "__MACOSX/data/._a.csv", Content: "\x00\x05\x16\x07"},
		ziptest.Member{Name: ".DS_Store", Content: "\x00\x00\x00\x01Bud1"},
		ziptest.Member{Name: "README.txt", Content: "About the data.\n"},
		ziptest.Member{Name: "terms.pdf", Content: "%PDF-1.4\n"},
		ziptest.Member{Name: "deep.zip", Content: ziptest.Pack(t, ziptest.Member{Name: "a.csv", Content: "a,b\n1,2\n"})},
	), ImportOptions{})
	want := []string{"data/a.csv", "data/a.csv (2)", "etc/passwd.csv", "C:/windows/b.csv", "abs.csv", "book.xlsx / One", "book.xlsx / Two"}
	if im.Format != "zip" || !im.Container || !slices.Equal(tableNames(im), want) {
		t.Errorf("%s, container %v: tables %q, want %q", im.Format, im.Container, tableNames(im), want)
	}
	faults := faultTexts(im)
	for _, part := range []string{
		`"README.txt" was left out: it is a text about the data`,
		`"terms.pdf" was left out: the name`, `"deep.zip" was left out: it is a ZIP archive, and archives within archives are not unpacked`,
	} {
		part = strings.Replace(part, "the name", "this is a PDF document", 1)
		if !strings.Contains(faults, part) {
			t.Errorf("no fault %q in\n%s", part, faults)
		}
	}
	if n := strings.Count(faults, "left out"); n != 3 {
		t.Errorf("%d members were told of:\n%s", n, faults)
	}
	wantEqual(t, "temporary files", names(t, f, "tmp/*"), []string(nil))
}

// makeWorkbook is a workbook with two sheets.
func makeWorkbook(t *testing.T) string {
	t.Helper()
	const sheet = `<worksheet><sheetData><row><c t="inlineStr"><is><t>id</t></is></c><c t="inlineStr"><is><t>n</t></is></c></row>` +
		`<row><c t="inlineStr"><is><t>x</t></is></c><c><v>1</v></c></row></sheetData></worksheet>`
	return ziptest.Pack(t,
		ziptest.Member{Name: "xl/workbook.xml", Content: `<workbook><sheets><sheet name="One" r:id="r1"/><sheet name="Two" r:id="r2"/></sheets></workbook>`},
		ziptest.Member{Name: "xl/_rels/workbook.xml.rels", Content: `<Relationships><Relationship Id="r1" Type="t/worksheet" Target="a.xml"/><Relationship Id="r2" Type="t/worksheet" Target="b.xml"/></Relationships>`},
		ziptest.Member{Name: "xl/a.xml", Content: sheet}, ziptest.Member{Name: "xl/b.xml", Content: strings.Replace(sheet, ">1<", ">2<", 1)})
}

func TestZIPThatCannotBeRead(t *testing.T) {
	f := openFiles(t)
	table := ziptest.Member{Name: "a.csv", Content: "id,n\nx,1\n"}
	var many []ziptest.Member
	for i := range maxMembers + 1 {
		many = append(many, ziptest.Member{Name: fmt.Sprintf("%d.csv", i), Content: table.Content})
	}
	whole := ziptest.Pack(t, table)
	for _, c := range []struct {
		name, content, fault string
	}{
		{"empty", ziptest.Pack(t), "empty"},
		{"cut off", whole[:len(whole)-10], "cut off"},
		{"many members", ziptest.Pack(t, many...), "1001 members"},
		{"only leftovers", ziptest.Pack(t, ziptest.Member{Name: "__MACOSX/._a.csv", Content: "x"}), "empty"},
		{"locked", strings.NewReplacer("PK\x03\x04\x14\x00\x08", "PK\x03\x04\x14\x00\x09", "PK\x01\x02\x14\x03\x14\x00\x08", "PK\x01\x02\x14\x03\x14\x00\x09",
			"PK\x01\x02\x14\x00\x14\x00\x08", "PK\x01\x02\x14\x00\x14\x00\x09").Replace(whole), "password"},
		{"bomb", ziptest.Pack(t, ziptest.Member{Name: "a.csv", Content: "id,n\n" + strings.Repeat("x,1\n", 2<<20)}), "200 times"},
		{"nested", ziptest.Pack(t, ziptest.Member{Name: "in.zip", Content: whole}), `"in.zip" was left out`},
	} {
		im := importText(t, f, c.content, ImportOptions{})
		if len(im.Tables) > 0 || !strings.Contains(im.Fault, c.fault) {
			t.Errorf("%s: %d tables, fault %q", c.name, len(im.Tables), im.Fault)
		}
	}
	wantEqual(t, "temporary files", names(t, f, "tmp/*"), []string(nil))
}

func TestZIPReadsTheOthersWhenOneMemberIsBroken(t *testing.T) {
	f := openFiles(t)
	content := ziptest.Pack(t,
		ziptest.Member{Name: "bad.csv", Content: "id,n\nSPOILT,1\n", Change: func(h *zip.FileHeader) { h.Method = zip.Store }},
		ziptest.Member{Name: "good.csv", Content: "id,n\nx,1\n"})
	im := importText(t, f, strings.Replace(content, "SPOILT", "SPOILS", 1), ImportOptions{})
	if want := []string{"good.csv"}; !slices.Equal(tableNames(im), want) || !strings.Contains(faultTexts(im), `"bad.csv" was left out: it is cut off or broken (zip: checksum error)`) {
		t.Errorf("tables %q, faults %q", tableNames(im), faultTexts(im))
	}
}

func TestNamesInZIPOfAnyCodePage(t *testing.T) {
	for want, raw := range map[string]string{
		"بودجه.csv":     "\xC8\xE6\xCF\xCC\xE5.csv", // Windows-1256
		"گزارش پنج.csv": "\x90\xD2\xC7\xD1\xD4 \x81\xE4\xCC.csv",
		"تقرير.csv":     "\xA2\xE7\xA9\xEF\xA9.csv", // code page 720
		"bericht_é.csv": "bericht_\x82.csv",         // code page 437
		"ünï.csv":       "ünï.csv",                  // UTF-8 that is not marked
	} {
		if got := memberName(&zip.File{FileHeader: zip.FileHeader{Name: raw, NonUTF8: true}}); got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
	long := tableName(strings.Repeat("x", 300) + "\u202e\n.csv")
	if len([]rune(long)) != maxTableName || !strings.HasSuffix(long, "x.csv") {
		t.Errorf("a long name became %q", long)
	}
}

func TestGzipOfATable(t *testing.T) {
	f := openFiles(t)
	pack := func(content string) string {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := io.WriteString(w, content); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	im := importText(t, f, pack("id,n\nx,1\ny,2\n"), ImportOptions{})
	if im.Fault != "" || im.Container || len(im.Tables) != 1 || im.Tables[0].Rows != 2 {
		t.Errorf("%+v", im)
	}
	for name, c := range map[string]struct{ content, fault string }{
		"bomb":    {pack(strings.Repeat("1,2\n", 8<<20)), "unpacks to more than"},
		"cut off": {pack("id,n\nx,1\n")[:15], "cut off"},
		"nested":  {pack(pack("id,n\nx,1\n")), "gzip"},
	} {
		if im := importText(t, f, c.content, ImportOptions{}); len(im.Tables) > 0 || !strings.Contains(im.Fault, c.fault) {
			t.Errorf("%s: %d tables, fault %q", name, len(im.Tables), im.Fault)
		}
	}
	wantEqual(t, "temporary files", names(t, f, "tmp/*"), []string(nil))
}
