package datasets

import (
	"archive/zip"
	"bytes"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The old workbooks of a census, one for each province and in them a sheet for
// each county, add up: men and women are all people, and the counties together
// have the 75,149,669 people that the census of 2011 counted.
func TestRealOldWorkbooksOfACensus(t *testing.T) {
	root, _ := realFiles(t)
	archive, err := zip.OpenReader(filepath.Join(root, "fa-ar-data", "census", "population2011census.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	people, books, counties, rows := int64(0), 0, 0, 0
	for _, member := range archive.File {
		r, err := member.Open()
		if err != nil {
			t.Fatal(err)
		}
		file, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		sheets, err := Open(t.Context(), bytes.NewReader(file), int64(len(file)), member.Name, Options{})
		if err != nil {
			t.Fatal(err)
		}
		books++
		counties += len(sheets)
		for _, s := range sheets {
			n, whole := censusSheet(t, s)
			rows += n
			people += whole
		}
	}
	if books != 31 || counties != 397 || rows != 397*125 || people != 75_149_669 {
		t.Errorf("%d books, %d counties, %d rows, %d people", books, counties, rows, people)
	}
}

// censusSheet returns the rows of a county and its people.
func censusSheet(t *testing.T, s *Sheet) (rows int, people int64) {
	t.Helper()
	for rec, err := range s.Records(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		var n [14]int64
		for i := range rec.Cells {
			if i > 0 && len(rec.Cells[i].Text) > 0 {
				if n[i], err = strconv.ParseInt(string(rec.Cells[i].Text), 10, 64); err != nil || rec.Cells[i].Kind != CellNumber {
					t.Fatalf("%s %s row %d: %q", s.file, s.Name, rec.Row, rec.Cells[i].Text)
				}
			}
		}
		rows++
		for _, group := range []int{1, 5, 8, 11} { // all people, of cities, of villages, of no place
			if all := n[group]; all != n[group+1]+n[group+2] {
				t.Fatalf("%s %s row %d: %d people are %d men and %d women", s.file, s.Name, rec.Row, all, n[group+1], n[group+2])
			}
		}
		if n[1] != n[5]+n[8]+n[11] {
			t.Fatalf("%s %s row %d: %d people are %d, %d and %d", s.file, s.Name, rec.Row, n[1], n[5], n[8], n[11])
		}
		if strings.HasPrefix(strings.TrimSpace(string(rec.Cells[0].Text)), "تمامي") {
			people = n[1]
		}
	}
	return rows, people
}
