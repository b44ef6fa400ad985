package desk_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// TestWizard goes the whole way of a dataset, from the draft to the public page.
func TestWizard(t *testing.T) {
	o, v, agency := publisher(t)
	ds := v.draft(agency, "بارش شهرها")
	v.see(ds, "پیش‌نویس", "نخست فایلی بیفزایید")
	file := v.upload(ds, "baresh.csv", cp1256(t, "شهر;کد;روز;بارش (ميليمتر)\nتهران;21;5/11/1998;12,5\nشيراز;71;6/10/1998;3,25\n"))
	v.see(file, "windows-1256", "نقطه‌ویرگول", "بارش", "هیچ سطری ایراد ندارد")
	for _, lang := range []string{"/fa", "/en"} {
		for _, page := range []string{"", "/file", "/about", "/preview", "/publish", strings.TrimPrefix(file, ds), strings.TrimPrefix(file, ds) + "/columns"} {
			v.see(lang + strings.TrimPrefix(ds, "/fa") + page)
		}
	}
	to := v.goOn(file+"/columns", "revision", v.revision(file+"/columns"), "c0_title_fa", "نام شهر", "c0_about_fa", "نام رسمی شهر", "c1_type", "text", "c2_type", "date:dmy", "c3_unit", "میلی‌متر")
	if to = v.arrive(to); to != file {
		t.Fatalf("types were chosen, and it goes on at %s\n%s", to, v.get(to).body)
	}
	page := v.see(file, "برگزیدهٔ شما", "روز، ماه، سال")
	if strings.Count(page, "برگزیدهٔ شما") != 2 {
		t.Error("not two types are chosen")
	}
	v.see(file+"/columns", "نام رسمی شهر", "میلی‌متر")
	to = v.goOn(ds+"/about", "revision", v.revision(ds+"/about"), "title_fa", "بارش شهرها", "title_en", "Rain in cities", "about_fa", strings.Repeat("بارش روزانه ", 20),
		"keywords", "باران، هوا", "themes", "environment", "licence", "cc-by-4.0", "frequency", "R/P1D", "start", "۱۴۰۳/۰۱/۰۱", "end", "2025-03-20", "place", "ایران")
	v.see(to, "2024-03-20", "Rain in cities", "کیفیت")
	if a := (&visitor{office: o}).get("/fa/datasets/rain-in-cities"); a.status != http.StatusNotFound {
		t.Errorf("a draft is public: %d", a.status)
	}
	v.see(ds+"/preview", "این پیش‌نمایش است", "بارش روزانه", "تهران", "۱۳۷۷/۰۸/۱۴")
	if to := v.goOn(ds+"/publish", "revision", v.revision(ds+"/publish"), "when", "now"); to != ds+"?published=1" {
		t.Errorf("published, and it goes on at %s", to)
	}
	public := &visitor{office: o}
	public.see("/fa/datasets/rain-in-cities", "بارش روزانه", "تهران")
	public.see("/fa/datasets/rain-in-cities/columns", "نام رسمی شهر", "میلی‌متر")
	v.see(ds, "منتشرشده", "/fa/datasets/rain-in-cities")
	v.see("/fa/desk/datasets?q=بارش", "بارش شهرها")

	v.upload(ds, "baresh.csv", cp1256(t, "شهر;کد;روز;بارش (ميليمتر)\nتهران;21;5/11/1998;12,5\nشيراز;71;6/10/1998;4,25\nتبريز;41;7/10/1998;1\n"))
	v.see(file+"/changes", "تبر", "اگر فایل در انتظار منتشر شود")
	if body := public.see("/fa/datasets/rain-in-cities"); strings.Contains(body, "تبر") {
		t.Error("a new edition is public before it is published")
	}
	v.goOn(ds+"/publish", "revision", v.revision(ds+"/publish"), "when", "now")
	public.see("/fa/datasets/rain-in-cities", "تبر")
}

func TestChoicesThatLose(t *testing.T) {
	_, v, agency := publisher(t)
	ds := v.draft(agency, "شمارش")
	file := v.upload(ds, "n.csv", "k,n\na,1\nb,دو\nc,3\n")
	asks := v.arrive(v.goOn(file+"/columns", "revision", v.revision(file+"/columns"), "c1_type", "integer"))
	v.see(asks, "با این خوانش چیزی از دست می‌رود", "۱ خانه خالی می‌شود", "سطر ۳")
	if page := v.see(file); strings.Contains(page, "برگزیدهٔ شما") {
		t.Error("the choice holds before somebody said so")
	}
	if to := v.goOn(asks, "do", "drop"); to != file {
		t.Errorf("dropped, and it goes on at %s", to)
	}
	asks = v.arrive(v.goOn(file+"/columns", "revision", v.revision(file+"/columns"), "c1_type", "integer"))
	v.goOn(asks, "do", "keep")
	v.see(file, "برگزیدهٔ شما", "۱ ایراد")
	if a := v.get(file + "/faults"); a.status != http.StatusOK || !strings.Contains(a.body, "\r\n3,n,") {
		t.Errorf("the faults as CSV: %d\n%s", a.status, a.body)
	}
	to := v.arrive(v.goOn(file, "do", "read", "revision", v.revision(file), "encoding", "detect", "delimiter", "semicolon", "header", "۰"))
	v.see(to, "نقطه‌ویرگول")
}

func TestFilesThatAreNoTables(t *testing.T) {
	_, v, agency := publisher(t)
	ds := v.draft(agency, "فایل‌ها")
	if a := v.give(ds+"/file", "empty.csv", ""); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "فایل خالی است") {
		t.Errorf("an empty file: %d\n%s", a.status, a.body)
	}
	if a := v.post(ds + "/file"); a.status != http.StatusUnprocessableEntity && a.status != http.StatusBadRequest {
		t.Errorf("no file: %d", a.status)
	}
	for name, content := range map[string]string{
		"report.pdf": "%PDF-1.4\n%âãÏÓ\n", "table.csv": "%PDF-1.4\n", "cut.xlsx": "PK\x03\x04" + strings.Repeat("x", 200), "page.csv": "<!DOCTYPE html><html><body>404</body></html>",
	} {
		file := v.upload(ds, name, content)
		v.see(file, "جدولی در آن پیدا نشد", "دوباره بارگذاری کنید")
	}
	v.see(ds+"/preview", "report.pdf")
}

func TestPersonalDataIsMeant(t *testing.T) {
	o, v, agency := publisher(t)
	ds := v.draft(agency, "کارکنان")
	file := v.upload(ds, "k.csv", "نام,کد ملی,ایمیل\nعلی,0499370899,ali@example.org\nرضا,0790419904,reza@example.org\n")
	v.see(file, "شاید دادهٔ شخصی در آن باشد", "04••••••99", "a•••@example.org")
	revision := v.revision(ds + "/publish")
	a := v.post(ds+"/publish", "revision", revision, "when", "now")
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "عمدی است نشان بزنید") {
		t.Fatalf("published without a word: %d\n%s", a.status, a.body)
	}
	form := []string{"revision", revision, "when", "now"}
	for _, m := range optionOnPage.FindAllStringSubmatch(a.body, -1) {
		form = append(form, "meant", m[1])
	}
	if len(form) != 8 {
		t.Fatalf("the form asks %v", form)
	}
	o.now = o.now.Add(20 * time.Minute)
	a = v.post(ds+"/publish", form...)
	if a.status != http.StatusSeeOther || !strings.HasPrefix(a.location, "/fa/desk/confirm?next=") {
		t.Fatalf("later: %d to %s", a.status, a.location)
	}
	to := v.goOn(a.location, "password", password, "code", v.code())
	if body := v.see(to); strings.Count(body, `type="checkbox" name="meant"`) != 2 || strings.Count(body, " checked>") != 4 { // both, now, and the calendar
		t.Errorf("what was ticked is lost:\n%s", body)
	}
	v.goOn(ds+"/publish", form...)
}

func TestPublishingAtATime(t *testing.T) {
	_, v, agency := publisher(t)
	ds := v.draft(agency, "نوبت")
	v.upload(ds, "a.csv", "a,b\n1,2\n")
	for name, c := range map[string]struct{ day, month, year, time, want string }{
		"past":        {"1", "9", "1405", "08:00", "این زمان گذشته است"}, // 2026-11-22
		"no such day": {"31", "9", "1405", "08:00", "چنین روزی نیست"},
		"no time":     {"2", "9", "1405", "8 صبح", "ساعت و دقیقه"},
	} {
		a := v.post(ds+"/publish", "revision", v.revision(ds+"/publish"), "when", "later", "calendar", "jalali", "day", c.day, "month", c.month, "year", c.year, "time", c.time)
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, c.want) || !strings.Contains(a.body, `value="`+c.year+`"`) {
			t.Errorf("%s: %d\n%s", name, a.status, a.body)
		}
	}
	v.goOn(ds+"/publish", "revision", v.revision(ds+"/publish"), "when", "later", "calendar", "jalali", "day", "۲", "month", "9", "year", "۱۴۰۵", "time", "۰۸:۳۰")
	all, _, err := v.store.DeskDatasets(t.Context(), &catalog.Shell, catalog.DeskFilter{})
	if err != nil || all[0].State != catalog.Scheduled || all[0].PublishAt.Format(time.RFC3339) != "2026-11-23T05:00:00Z" {
		t.Errorf("it is published %v, %v", all[0].PublishAt, err)
	}
	v.see(ds, "در نوبت انتشار")
	v.goOn(ds, "do", "unschedule", "revision", v.revision(ds))
	v.see(ds, "پیش‌نویس")
}

// TestTwoEditors has two people change one dataset at once.
func TestTwoEditors(t *testing.T) {
	o, v, agency := publisher(t)
	reza := o.member(agency, "reza@example.org", catalog.Editor)
	ds := v.draft(agency, "مشترک")
	file := v.upload(ds, "a.csv", "a,b\n1,2\n")
	early := v.revision(ds + "/about")
	reza.goOn(ds+"/about", "revision", early, "title_fa", "مشترک", "about_fa", "نوشتهٔ رضا")
	a := v.post(ds+"/about", "revision", early, "title_fa", "مشترک", "about_fa", "نوشتهٔ زهرا")
	if a.status != http.StatusConflict || !strings.Contains(a.body, "نوشتهٔ رضا") || !strings.Contains(a.body, "نوشتهٔ زهرا") || !strings.Contains(a.body, "کس دیگری ذخیره کرده") {
		t.Fatalf("a lost update: %d\n%s", a.status, a.body)
	}
	v.goOn(ds+"/about", "revision", revisionOnPage.FindStringSubmatch(a.body)[1], "title_fa", "مشترک", "about_fa", "هر دو")
	early = v.revision(file + "/columns")
	reza.goOn(file+"/columns", "revision", early, "c0_title_fa", "الف رضا")
	a = v.post(file+"/columns", "revision", early, "c0_title_fa", "الف زهرا")
	if a.status != http.StatusConflict || !strings.Contains(a.body, "الف رضا") || !strings.Contains(a.body, "الف زهرا") {
		t.Errorf("a lost update of columns: %d\n%s", a.status, a.body)
	}
	if a := reza.get(ds + "/publish"); a.status != http.StatusOK || !strings.Contains(a.body, "نقش شما آماده‌کردن است") {
		t.Errorf("an editor publishes: %d\n%s", a.status, a.body)
	}
	if a := reza.post(ds+"/publish", "revision", reza.revision(file+"/columns"), "when", "now"); a.status == http.StatusSeeOther {
		t.Error("an editor published")
	}
}

// TestOthersSeeNothing asks for every page of a dataset as somebody of another
// agency, and as nobody.
func TestOthersSeeNothing(t *testing.T) {
	o, v, agency := publisher(t)
	other := o.member(o.agency("roads"), "other@example.org", catalog.Admin)
	viewer := o.member(agency, "viewer@example.org", catalog.Viewer)
	ds := v.draft(agency, "پنهان")
	file := v.upload(ds, "secret.csv", "a,b\n1,2\n")
	for _, path := range []string{ds, ds + "/file", file, file + "/columns", file + "/faults", file + "/changes", ds + "/about", ds + "/preview", ds + "/publish"} {
		if a := other.get(path); a.status != http.StatusNotFound || strings.Contains(a.body, "پنهان") {
			t.Errorf("%s to another agency: %d", path, a.status)
		}
		if a := (&visitor{office: o}).get(path); a.status != http.StatusSeeOther || strings.Contains(a.body, "پنهان") {
			t.Errorf("%s to nobody: %d", path, a.status)
		}
		if a := viewer.post(path, "revision", "1"); a.status < 400 {
			t.Errorf("a viewer posts to %s: %d", path, a.status)
		}
	}
	if a := other.give(ds+"/file", "x.csv", "a\n1\n"); a.status != http.StatusNotFound {
		t.Errorf("another agency uploads: %d", a.status)
	}
	if a := viewer.give(ds+"/file", "x.csv", "a\n1\n"); a.status != http.StatusForbidden {
		t.Errorf("a viewer uploads: %d", a.status)
	}
	if a := other.post("/fa/desk/datasets/new", "title_fa", "x", "agency", agency); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a draft of another agency: %d", a.status)
	}
	viewer.see(ds, "نقش شما در این دستگاه دیدن است")
	if body := other.see("/fa/desk/datasets"); strings.Contains(body, "پنهان") {
		t.Error("another agency's list shows it")
	}
}

func TestRemoving(t *testing.T) {
	_, v, agency := publisher(t)
	ds := v.draft(agency, "رفتنی")
	file := v.upload(ds, "a.csv", "a,b\n1,2\n")
	if to := v.goOn(file, "do", "remove", "revision", v.revision(file)); to != ds {
		t.Errorf("removed, and it goes on at %s", to)
	}
	if a := v.get(file); a.status != http.StatusNotFound {
		t.Errorf("the file is there: %d", a.status)
	}
	if a := v.post(ds, "do", "discard", "revision", v.revision(ds)); a.status != http.StatusUnprocessableEntity {
		t.Errorf("thrown away without being sure: %d", a.status)
	}
	v.goOn(ds, "do", "discard", "revision", v.revision(ds), "sure", "discard")
	if a := v.get(ds); a.status != http.StatusNotFound {
		t.Errorf("the draft is there: %d", a.status)
	}
}

// TestUploadsOfAKilledProcess has an upload that nobody read.
func TestUploadsOfAKilledProcess(t *testing.T) {
	o, v, agency := publisher(t)
	ds := v.draft(agency, "مانده")
	id := strings.TrimPrefix(ds, "/fa/desk/datasets/")
	people, err := o.people.People(t.Context(), nil)
	o.must(err)
	digest, size, err := o.files.Put(t.Context(), strings.NewReader("a,b\n1,2\n"), 0)
	o.must(err)
	u := catalog.Upload{Dataset: id, Person: people[0].ID, State: catalog.UploadWaiting, File: catalog.File{Digest: digest, Name: "a.csv", Size: size}}
	o.must(o.store.Write(t.Context(), func(tx *catalog.Tx) error { return tx.PutUpload(&u) }))
	v.upload(ds, "b.csv", "c,d\n3,4\n") // wakes who reads
	v.arrive(ds + "/uploads/" + u.ID)
	v.see(ds, "a.csv", "b.csv")
}

// TestRealFilesByHand publishes two files of a government.
func TestRealFilesByHand(t *testing.T) {
	root := os.Getenv("SHAFAF_FILES")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	counties, err := os.ReadFile(filepath.Join(root, "fa-ar-data", "divisions", "counties.xlsx"))
	if err != nil {
		t.Skip("no real files: ", err)
	}
	growth, err := os.ReadFile(filepath.Join(root, "fa-ar-data", "derived-cp1256", "growthrate.cp1256.csv"))
	if err != nil {
		t.Fatal(err)
	}
	_, v, agency := publisher(t)
	ds := v.draft(agency, "شهرستان‌ها")
	v.see(v.upload(ds, "counties.xlsx", string(counties)), "XLSX")
	v.see(v.upload(ds, "growthrate.csv", string(growth)), "windows-1256")
	v.see(ds+"/preview", "counties.xlsx", "growthrate.csv")
	v.goOn(ds+"/publish", "revision", v.revision(ds+"/publish"), "when", "now")
}

// follow reads uploads until the test ends.
func (o *office) follow(run func(context.Context) error) {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = run(ctx) }()
	o.t.Cleanup(func() { stop(); <-done })
}
