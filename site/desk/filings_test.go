package desk_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/accounts"
	"github.com/openshafaf/shafaf/catalog/indicators"
	"github.com/openshafaf/shafaf/datasets"
)

// published makes a public dataset of an agency with a table.
func (o *office) published(agency, title, table string) (d catalog.DeskDataset) {
	o.t.Helper()
	d = o.drafted(agency, title, table)
	o.must(o.store.Write(o.t.Context(), func(tx *catalog.Tx) (err error) {
		_, err = tx.Publish(&catalog.Shell, d.ID, d.Revision, time.Time{})
		return err
	}))
	d, err := o.store.DeskDataset(o.t.Context(), &catalog.Shell, d.ID)
	o.must(err)
	return d
}

// drafted makes a dataset that waits to be published.
func (o *office) drafted(agency, title, table string) (d catalog.DeskDataset) {
	o.t.Helper()
	ctx := o.t.Context()
	g := catalog.Given{File: catalog.File{Name: "table.csv"}}
	var err error
	g.File.Digest, g.File.Size, err = o.files.Put(ctx, strings.NewReader(table), 0)
	o.must(err)
	g.Imported, err = datasets.Import(ctx, o.files, g.File.Digest, g.File.Name, datasets.ImportOptions{})
	o.must(err)
	o.must(o.store.Write(ctx, func(tx *catalog.Tx) error {
		d, err = tx.CreateDataset(&catalog.Shell, catalog.Dataset{Agency: agency, Title: catalog.Text{"fa": title}, Licence: "cc-by-4.0"}, "")
		if err == nil {
			d, _, err = tx.AddFile(&catalog.Shell, d.ID, d.Revision, g)
		}
		return err
	}))
	d, err = o.store.DeskDataset(ctx, &catalog.Shell, d.ID)
	o.must(err)
	return d
}

// measured makes an agency that the default set asks for filings since 1405.
func (o *office) measured(slug string) string {
	o.t.Helper()
	a := catalog.Agency{Slug: slug, Title: catalog.Text{"fa": "سازمان " + slug, "en": slug}, Kind: "ministry"}
	by := &catalog.Actor{Person: "op", Name: "op", Operator: true}
	o.must(o.store.Write(o.t.Context(), func(tx *catalog.Tx) error {
		if err := tx.PutAgency(&a); err != nil {
			return err
		}
		_, err := indicators.PutSet(tx, by, nil, "1405-01-01", nil)
		return err
	}))
	return a.ID
}

// publisher lets somebody in who publishes for an agency.
func (o *office) publisher(agency string) *visitor {
	o.t.Helper()
	_, secret, err := o.people.Invite(o.t.Context(), &catalog.Shell, accounts.Invitation{Email: "mina@example.org", Agency: agency, Role: catalog.Publisher})
	o.must(err)
	return o.come("/fa/desk/join/"+secret, "mina@example.org", "مینا")
}

const contractTable = "موضوع,طرف قرارداد,مبلغ,شیوه,تاریخ\nپل,شرکت آب,120,مناقصه,1405-07-02\nراه,شرکت خاک,90,ترک تشریفات,1405-07-20\n"

// TestAFilingLivesItsLifeAtTheDesk goes from what is due to an objection that
// was right.
func TestAFilingLivesItsLifeAtTheDesk(t *testing.T) {
	o := newOffice(t)
	agency := o.measured("roads")
	d := o.published(agency, "قراردادهای مهر", contractTable)
	o.published(agency, "قراردادهای دیگر", strings.Replace(contractTable, "پل", "سد", 1))
	omid := o.operator()
	mina := o.publisher(agency)
	const page = "/fa/desk/filings/roads/S02/1405-08"
	mina.see("/fa/desk/filings", "S02", "از هم‌اکنون می‌توان ارائه کرد", "هنوز تمام نشده", "roads/S02/1405-09")
	mina.see(page, "موضوع", "قراردادهای مهر ["+d.Slug+"]")

	for _, c := range []struct {
		says string
		form []string
	}{
		{"مستندی برگزینید", []string{"thing", ""}},
		{"به این نام ندارد", []string{"thing", "چیزی که نیست"}},
		{"به این نام می‌خورد", []string{"thing", "قراردادهای"}},
		{"دو بار آمده است", []string{"thing", "قراردادهای مهر [" + d.Slug + "]", "thing_more", d.Slug}},
	} {
		a := mina.post(page, append([]string{"do", "hand", "revision", "0", "how", "hand", "words_fa", "گفته‌ام"}, c.form...)...)
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, c.says) || !strings.Contains(a.body, "گفته‌ام") {
			t.Errorf("%s: %d\n%s", c.says, a.status, a.body)
		}
	}
	tried := mina.post(page, "do", "hand", "revision", "0", "how", "try", "thing", "قراردادهای مهر ["+d.Slug+"]")
	if tried.status != http.StatusOK || !strings.Contains(tried.body, "امتیازی که خواهد گرفت") || strings.Contains(tried.body, "گزارش ارائه شد.") {
		t.Fatalf("tried: %d\n%s", tried.status, tried.body)
	}
	mina.see("/fa/desk/filings", "۰ گزارش")
	to := mina.does(page, "do", "hand", "how", "hand", "thing", "https://data.example/fa/datasets/"+d.Slug)
	mina.see(to, "گزارش ارائه شد", "ارائه‌شده", "مجموعه‌داده: قراردادهای مهر", "۱۹ از ۲۰")
	if a := mina.post(page, "do", "hand", "revision", "0", "how", "hand", "thing", d.Slug); a.status != http.StatusConflict || !strings.Contains(a.body, "مجموعه‌داده: قراردادهای مهر") {
		t.Errorf("handed in as if for the first time: %d", a.status)
	}

	omid.signIn()
	omid.see("/fa/desk", "گزارش‌هایی در انتظار بررسی")
	omid.see("/fa/desk/filings?state=submitted", "S02", page[len("/fa/desk/filings/roads"):])
	if a := omid.post(page, "do", "reject", "revision", "1", "ground", " "); a.status != http.StatusUnprocessableEntity {
		t.Errorf("rejected without a reason: %d", a.status)
	}
	omid.see(omid.does(page, "do", "reject", "ground", "این قراردادها مال مهر نیست"), "گزارش رد شد", "۰ از ۲۰")
	mina.signIn()
	mina.see("/fa/desk", "گزارشی رد شده است")
	if a := mina.post(page, "do", "accept", "revision", "2"); a.status != http.StatusBadRequest {
		t.Errorf("an agency accepts its own filing: %d", a.status)
	}
	mina.see(mina.does(page, "do", "object", "ground", "تاریخ سطرها مهر است"), "اعتراض ثبت شد", "این قراردادها مال مهر نیست")
	omid.signIn()
	omid.see("/fa/desk", "دستگاهی اعتراض کرده است")
	omid.see(omid.does(page, "do", "uphold", "ground", "درست است"), "تأییدشده", "۱۹ از ۲۰")
	omid.see("/fa/desk/log", "اعتراضی را وارد دانست", "گزارشی برای شاخص‌ها ارائه کرد")
	if a := omid.post(page, "do", "reject", "revision", "1", "ground", "دیر"); a.status != http.StatusConflict {
		t.Errorf("rejected at an old revision: %d", a.status)
	}
	for _, path := range []string{page, "/fa/desk/filings?agency=" + agency} {
		if a := mina.get(strings.Replace(path, "/fa/", "/en/", 1)); a.status != http.StatusOK {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

// What is late and what is due soon waits at the desk of those who publish for
// the agency, and evidence that vanished.
func TestWhatIsLateWaitsAtTheDesk(t *testing.T) {
	o := newOffice(t)
	agency := o.measured("roads")
	d := o.published(agency, "قراردادهای مهر", contractTable)
	mina := o.publisher(agency)
	mina.does("/fa/desk/filings/roads/S02/1405-08", "do", "hand", "how", "hand", "thing", d.Slug)
	o.now = time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC) // S06 of Aban is due until the 5th
	mina.signIn()
	mina.see("/fa/desk", "تا هفت روز دیگر تمام می‌شود", "۱ گزارش")
	o.now = time.Date(2026, 12, 10, 9, 0, 0, 0, time.UTC)
	o.must(o.store.Write(t.Context(), func(tx *catalog.Tx) error {
		_, err := tx.Retire(&catalog.Shell, d.ID, d.Revision, "نادرست بود")
		return err
	}))
	mina.signIn()
	mina.see("/fa/desk", "مهلت گزارش‌هایی گذشته است", "مستند گزارشی دیگر در دسترس نیست")
	mina.see("/fa/desk/filings", "۴ روز از مهلت گذشته است")
	body := mina.see("/fa/desk/filings/roads/S02/1405-08", "این مستندات دیگر در دسترس نیست", "دیگر عمومی نیست")
	if !regexp.MustCompile(`name="kept" value="1">`).MatchString(body) {
		t.Error("what vanished is chosen to stay")
	}
}

// Nobody finds the filings of an agency that is not theirs, nor what was never
// asked for.
func TestFilingsOfOthersAreNotThere(t *testing.T) {
	o := newOffice(t)
	agency := o.measured("roads")
	o.agency("water")
	mina := o.publisher(agency)
	for _, path := range []string{"water/S02/1405-08", "roads/S99/1405-08", "roads/S02/1405-H1", "roads/S02/1399-01", "roads/S02/soon", "nothing/S02/1405-08"} {
		for _, a := range []answer{mina.get("/fa/desk/filings/" + path), mina.post("/fa/desk/filings/"+path, "do", "hand")} {
			if a.status != http.StatusNotFound {
				t.Error(fmt.Sprint(path, ": ", a.status))
			}
		}
	}
}

// An agency that was made at the desk is measured once its kind is said.
func TestTheKindOfAnAgencyIsSaidAtTheDesk(t *testing.T) {
	o := newOffice(t)
	o.measured("roads")
	agency := o.agency("water")
	omid := o.operator()
	omid.see("/fa/desk/filings?agency="+agency, "نوع آن مشخص نشده است")
	omid.goOn("/fa/desk/agencies", "do", "kind", "agency", agency, "agency_kind", "organization")
	omid.see("/fa/desk/filings?agency="+agency, "/fa/desk/filings/water/S02/")
	if a := omid.post("/fa/desk/agencies", "do", "kind", "agency", "nothing", "agency_kind", "organization"); a.status != http.StatusUnprocessableEntity {
		t.Errorf("the kind of nothing: %d", a.status)
	}
}
