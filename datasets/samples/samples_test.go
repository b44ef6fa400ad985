package samples

import (
	"bytes"
	"crypto/sha256"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestDemoIsLargeEnough(t *testing.T) {
	agencies, persianFirst, tables := map[string]bool{}, 0, 0
	all := everything()
	for _, d := range all {
		agencies[d.agency] = true
		if d.lang == "fa" {
			persianFirst++
		}
		for _, f := range d.files {
			tables += len(f.tables)
		}
	}
	t.Logf("%d agencies, %d datasets (%d Persian first), %d tables", len(agencies), len(all), persianFirst, tables)
	if len(agencies) < 12 || len(agencies) != len(Agencies()) || len(all) < 48 || tables < 70 || 2*persianFirst < len(all) {
		t.Error("the demo must have 12 agencies, 48 datasets, half of them Persian first, and 70 tables")
	}
	for _, source := range []string{inCKAN, inDataJSON, inFolder} {
		if len(of(source)) < 5 {
			t.Errorf("source %s has %d datasets", source, len(of(source)))
		}
	}
}

func TestEveryDatasetIsDescribed(t *testing.T) {
	names := map[string]bool{}
	for _, d := range everything() {
		if names[d.name] {
			t.Errorf("two datasets are called %s", d.name)
		}
		names[d.name] = true
		themeOf(d.theme)
		agencyOf(d.agency)
		for what, s := range map[string]string{
			"Persian title": d.title.fa, "English title": d.title.en, "licence": d.licence.title, "frequency": d.frequency,
			"Persian description": d.about.fa, "English description": d.about.en,
		} {
			if strings.TrimSpace(s) == "" {
				t.Errorf("%s has no %s", d.name, what)
			}
		}
		if len(d.keywords) == 0 {
			t.Errorf("%s has no keywords", d.name)
		}
		for _, s := range []string{d.issued, d.modified, d.from} {
			if _, err := time.Parse(time.DateOnly, s); err != nil {
				t.Errorf("%s: %v", d.name, err)
			}
		}
		if d.issued > d.modified || d.issued < "2024" || d.modified >= "2026-11" {
			t.Errorf("%s: issued %s, modified %s", d.name, d.issued, d.modified)
		}
		for _, lang := range []string{"fa", "en"} {
			if n := sentences(d.about.in(lang)); n < 2 || n > 5 {
				t.Errorf("%s: the description in %s has %d sentences", d.name, lang, n)
			}
		}
	}
}

func sentences(s string) int {
	s = regexp.MustCompile(`\d\.\d`).ReplaceAllString(s, "") // 9.2 ends no sentence
	return strings.Count(s, ".")
}

func TestComputedTablesSaySo(t *testing.T) {
	for _, d := range everything() {
		for _, f := range d.files {
			for _, tab := range f.tables {
				if tab.formula == (text{}) {
					continue
				}
				for lang, words := range map[string]string{"fa": "داده‌های نمایشی: با فرمول", "en": "Illustrative data"} {
					if !strings.Contains(d.describe(lang), words) || !strings.Contains(d.describe(lang)+d.describeFile(&f, lang), tab.formula.in(lang)) {
						t.Errorf("%s, %s: the description in %s does not say that the table is computed", d.name, f.name, lang)
					}
				}
			}
		}
	}
}

// proseOf returns everything that is written in Persian about d, without the
// formulas and the names of formats.
func proseOf(d *dataset) string {
	parts := []string{d.title.fa, d.describe("fa"), d.spatial.fa, themeOf(d.theme).title.fa}
	for _, k := range d.keywords {
		parts = append(parts, k.fa)
	}
	for _, f := range d.files {
		parts = append(parts, f.title.fa, d.describeFile(&f, "fa"))
	}
	s := regexp.MustCompile("`[^`]*`|«[A-Za-z][^»]*»").ReplaceAllString(strings.Join(parts, "\n"), "")
	return strings.ReplaceAll(s, "Windows-1256", "")
}

func TestPersianIsWrittenInPersian(t *testing.T) {
	wrong := regexp.MustCompile(`[يىكة٠-٩0-9]|\x{200c}[ .،)]| \x{200c}`)
	for _, d := range everything() {
		prose := proseOf(&d)
		if at := wrong.FindStringIndex(prose); at != nil {
			t.Errorf("%s: %q", d.name, prose[max(0, at[0]-30):at[1]])
		}
		if d.lang != "fa" {
			continue
		}
		for _, f := range d.files {
			for _, tab := range f.tables {
				for _, c := range tab.columns {
					if !regexp.MustCompile(`\p{Arabic}`).MatchString(c) || regexp.MustCompile(`[يكى]`).MatchString(c) {
						t.Errorf("%s: column %q of a table in Persian", d.name, c)
					}
				}
			}
		}
	}
}

func TestRowsFitTheirHeader(t *testing.T) {
	for _, d := range everything() {
		for _, f := range d.files {
			for _, tab := range f.tables {
				for i := range tab.n {
					row := tab.row(i) // panics if a formula leaves its list
					if len(row) != len(tab.columns) {
						t.Fatalf("%s: row %d has %d cells, the header %d", f.name, i, len(row), len(tab.columns))
					}
					for k, cell := range row {
						if tab.formula != (text{}) && strings.HasPrefix(cell, "-") {
							t.Fatalf("%s: row %d, %s: %s is negative", f.name, i, tab.columns[k], cell)
						}
					}
				}
				if seen := slices.Clone(tab.columns); len(slices.Compact(slices.Sorted(slices.Values(seen)))) != len(tab.columns) {
					t.Errorf("%s: two columns have the same heading", f.name)
				}
			}
		}
	}
}

func TestProvincesAddUpToTheNation(t *testing.T) {
	sum1390, sum1395, counties1395, counties1402 := 0, 0, 0, 0
	for _, p := range provinces() {
		sum1390 += p.men1390 + p.women1390
		sum1395 += p.men1395 + p.women1395
		counties1395 += p.counties1395
		counties1402 += p.counties1402
	}
	if len(provinces()) != 31 || sum1390 != 75_149_669 || sum1395 != 79_926_270 || counties1395 != 429 || counties1402 != 482 {
		t.Errorf("%d provinces, %d and %d people, %d and %d counties", len(provinces()), sum1390, sum1395, counties1395, counties1402)
	}
	table, sum := population1395(), 0
	for i := range table.n {
		n, err := strconv.Atoi(table.row(i)[4])
		if err != nil {
			t.Fatal(err)
		}
		sum += n
	}
	if sum != sum1395 {
		t.Errorf("the table sums to %d", sum)
	}
}

// The formula is written here anew, from the words of the description.
func TestBigTableFollowsItsFormula(t *testing.T) {
	table := bigTable()
	if table.n != 200_000 {
		t.Fatalf("%d rows", table.n)
	}
	for i := range table.n {
		d, s := i/500, i%500+1
		day := time.Date(2024, 3, 20, 0, 0, 0, 0, time.UTC).AddDate(0, 0, d)
		calls := 100 + (7919*s+104729*d)%90001
		failed := (7919*s + 104729*d) % 90001 / (200 + (s+d)%100)
		tenths := 350 + (31*s+17*d)%4000
		status := "عادی"
		if (s+3*d)%97 == 96 {
			status = "اختلال"
		}
		want := []string{
			jalali(day), strconv.Itoa(10_000 + s)[1:], strconv.Itoa(calls), strconv.Itoa(failed),
			strconv.Itoa(tenths/10) + "." + strconv.Itoa(tenths%10), status,
		}
		if got := table.row(i); !slices.Equal(got, want) {
			t.Fatalf("row %d: %q, want %q", i, got, want)
		}
	}
	if first, last := table.row(0)[0], table.row(199_999)[0]; first != "1403/01/01" || last != "1404/02/03" {
		t.Errorf("from %s to %s", first, last)
	}
	for _, part := range []string{"`x = 100 + (7919×s + 104729×d) mod 90001`", "`d`", "`s`", "۲۰۰٬۰۰۰"} {
		d := serviceCalls()
		if !strings.Contains(d.describe("fa"), part) {
			t.Errorf("the description does not say %s", part)
		}
	}
}

func TestFormulas(t *testing.T) {
	var v vars
	v['p'], v['y'] = 7, 1403
	for s, want := range map[string]int64{
		"1 + 2*3": 7, "(1+2)*3": 9, "10 - 2 - 3": 5, "7/2": 3, "100/7/2": 7, "17*p mod 31": 26, "2*(y-1400)/p": 0, "y": 1403,
	} {
		if got := mustParse(s)(&v); got != want {
			t.Errorf("%s = %d, want %d", s, got, want)
		}
	}
	for _, s := range []string{"", "1 +", "(1", "1)", "p q", "2p", "1.5", "A"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q was understood", s)
				}
			}()
			mustParse(s)
		}()
	}
}

func TestFilesHaveTheSameBytesEachTime(t *testing.T) {
	names := map[string]bool{}
	for _, d := range everything() {
		for _, f := range d.files {
			if names[f.name] {
				t.Errorf("two files are called %s", f.name)
			}
			names[f.name] = true
			if f.link != "" {
				continue
			}
			var sums [2][32]byte
			for i := range sums {
				var b bytes.Buffer
				if err := f.write(&b); err != nil {
					t.Fatalf("%s: %v", f.name, err)
				}
				sums[i] = sha256.Sum256(b.Bytes())
			}
			if sums[0] != sums[1] {
				t.Errorf("%s is not the same twice", f.name)
			}
		}
	}
}
