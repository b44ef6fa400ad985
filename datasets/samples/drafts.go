package samples

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
	"time"
)

//go:embed drafts/*.txt
var draftTexts embed.FS

// A Draft is a draft regulation of the demo with all that happened to it. Times
// are told from the day on which the demo is made.
type Draft struct {
	Slug       string
	Agency     string // slug
	Kind       string
	Moderation string // "publish" or "review"
	Title      map[string]string
	Summary    map[string]string
	Reason     map[string]string
	LegalBasis map[string]string
	Basis      string        // of the period
	Announced  time.Duration // all before the day is negative
	Opens      time.Duration
	Closes     time.Duration
	Answered   time.Duration // zero: not yet
	Approved   time.Duration // zero: not yet
	Texts      []DraftText   // the last one of an approved draft is the approved text
	Comments   []DraftComment
}

// A DraftText is one text of a draft, in the form of laws.
type DraftText struct {
	Lang string
	Text string
}

// A DraftComment is what somebody says of a draft. Article and Changed are the
// end of an address ("7__note_2"); the draft as a whole is an empty one.
type DraftComment struct {
	Article      string
	Kind         string
	Name         string
	Organisation string
	Confirmed    bool // they have the address that they gave
	Text         string
	Verdict      string // of the answer
	Answer       string // empty: none yet
	Changed      string // in the approved text
}

// aDay is the unit in which the life of a draft is told.
const aDay = 24 * time.Hour

// Drafts returns the drafts of the demo, in each of the stages that last.
func Drafts() []Draft {
	life := draftFile("open-data-1.fa.txt")
	return []Draft{
		{
			Slug: "regulation-on-the-publication-of-open-data-by-public-bodies", Agency: ito, Kind: "bylaw", Moderation: "publish",
			Title:      text{"آیین‌نامهٔ انتشار دادهٔ باز دستگاه‌های اجرایی", "Regulation on the publication of open data by public bodies"}.words(),
			Summary:    text{"هر دستگاه چه داده‌ای را، به چه صورت و هر چند وقت یک بار منتشر می‌کند و چه کسی بر آن نظارت دارد. این پیش‌نویس نمایشی است.", "Which data each body publishes, in which form and how often, and who watches over it. This draft is illustrative."}.words(),
			Reason:     text{"داده‌های دولتی پراکنده، کهنه و در قالب‌هایی منتشر می‌شوند که با رایانه خوانده نمی‌شوند.", "The data of public bodies is scattered, old, and in forms that no computer reads."}.words(),
			LegalBasis: text{"قانون انتشار و دسترسی آزاد به اطلاعات", "The law on publication of and free access to information"}.words(),
			Basis:      "سه هفته، بنا به تصمیم دستگاه", Announced: -75 * aDay, Opens: -70 * aDay, Closes: -49 * aDay, Answered: -30 * aDay, Approved: -21 * aDay,
			Texts:    []DraftText{life, draftFile("open-data-2.fa.txt")},
			Comments: draftComments(300, "open-data"),
		},
		{
			Slug: "rules-for-setting-the-fares-of-public-transport-in-cities", Agency: tehran, Kind: "tariff", Moderation: "publish",
			Title:   text{"شیوه‌نامهٔ تعیین نرخ بلیت حمل‌ونقل عمومی شهری", "Rules for setting the fares of public transport in cities"}.words(),
			Summary: text{"نرخ بلیت چگونه و چه زمانی تعیین می‌شود و چه کسانی نصف‌بها می‌پردازند. این پیش‌نویس نمایشی است.", "How and when fares are set, and who pays half. This draft is illustrative."}.words(),
			Basis:   "دو هفته، مادهٔ ۷ همین شیوه‌نامه", Announced: -6 * aDay, Opens: -5 * aDay, Closes: 10 * aDay,
			Texts:    []DraftText{draftFile("fares.fa.txt"), draftFile("fares.en.txt")},
			Comments: draftComments(9, "fares"),
		},
		{
			Slug: "regulation-on-the-protection-of-groundwater-in-closed-plains", Agency: nature, Kind: "bylaw", Moderation: "review",
			Title:   text{"آیین‌نامهٔ حفاظت از آب‌های زیرزمینی دشت‌های ممنوعه", "Regulation on the protection of groundwater in closed plains"}.words(),
			Summary: text{"برداشت آب از دشت‌هایی که تراز آنها پایین می‌رود چگونه محدود و چگونه منتشر می‌شود. این پیش‌نویس نمایشی است.", "How pumping in plains with a falling water table is limited and published. This draft is illustrative."}.words(),
			Basis:   "دو هفته، بنا به تصمیم دستگاه", Announced: -30 * aDay, Opens: -28 * aDay, Closes: -14 * aDay, Answered: -3 * aDay,
			Texts:    []DraftText{draftFile("groundwater.fa.txt")},
			Comments: draftComments(10, "groundwater"),
		},
		{
			Slug: "directive-on-enrolment-in-state-schools", Agency: ministryE, Kind: "directive", Moderation: "review",
			Title:   text{"دستورالعمل ثبت‌نام دانش‌آموزان در مدارس دولتی", "Directive on enrolment in state schools"}.words(),
			Summary: text{"ثبت‌نام در نزدیک‌ترین مدرسه، بی‌پول و با ظرفیت آشکار. این پیش‌نویس نمایشی است.", "Enrolment in the nearest school, without money and with capacities for all to see. This draft is illustrative."}.words(),
			Basis:   "یک هفته، کمترین مهلت", Announced: -aDay, Opens: 3 * aDay, Closes: 13 * aDay,
			Texts: []DraftText{draftFile("schools.fa.txt")},
		},
	}
}

// draftFile reads a text; its name ends in ".LANGUAGE.txt".
func draftFile(name string) DraftText {
	parts := strings.Split(name, ".")
	return DraftText{parts[len(parts)-2], draftRead(name)}
}

func draftRead(name string) string {
	b, err := draftTexts.ReadFile("drafts/" + name)
	if err != nil {
		panic(err) // the names are constants of this package
	}
	return string(b)
}

// draftLines are the fields of the lines of a file that are no remarks.
func draftLines(name string, fields int) [][]string {
	var all [][]string
	for line := range strings.Lines(draftRead(name)) {
		if line = strings.TrimRight(line, "\n"); line == "" || line[0] == '#' {
			continue
		}
		cells := strings.SplitN(line, "|", fields)
		if len(cells) != fields {
			panic(fmt.Sprintf("drafts/%s: %d fields in %q", name, len(cells), line))
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		all = append(all, cells)
	}
	return all
}

// draftComments are n comments on the draft with the name: its campaigns, then
// its points in the words of different people. They are mixed, as they come.
func draftComments(n int, name string) []DraftComment {
	var all []DraftComment
	if name == "open-data" {
		all = campaigns(name)
	}
	points := draftLines(name+".points.txt", 6)
	var openings, closings []string
	for _, p := range draftLines("phrases.txt", 2) {
		if p[0] == "opening" {
			openings = append(openings, p[1])
		} else {
			closings = append(closings, p[1])
		}
	}
	for i := 0; len(all) < n; i++ {
		p, round := points[i%len(points)], i/len(points)
		words := p[4]
		if round > 0 { // the first to make a point says it plainly
			words = openings[(5*i+round)%len(openings)] + " " + words + " " + closings[(7*i+3*round)%len(closings)]
		}
		all = append(all, DraftComment{Article: p[0], Kind: p[1], Text: words, Verdict: p[2], Changed: p[3], Answer: p[5]})
	}
	mixed := make([]DraftComment, len(all))
	for i := range all {
		mixed[i*coprime(len(all))%len(all)] = all[i]
	}
	for i := range mixed {
		mixed[i].Name, mixed[i].Organisation, mixed[i].Confirmed = whoComments(i)
	}
	return mixed
}

// coprime is a step that meets each of n places once.
func coprime(n int) int {
	for step := n*5/8 + 1; ; step++ {
		a, b := n, step
		for b != 0 {
			a, b = b, a%b
		}
		if a == 1 {
			return step
		}
	}
}

// campaigns are the letters that many send with changes of their own.
func campaigns(name string) []DraftComment {
	var all []DraftComment
	for _, c := range draftLines(name+".campaigns.txt", 7) {
		size, err := strconv.Atoi(c[0])
		if err != nil {
			panic(err)
		}
		for i := range size {
			all = append(all, DraftComment{Article: c[1], Kind: c[2], Verdict: c[3], Changed: c[4], Text: variant(c[5], i), Answer: c[6]})
		}
	}
	return all
}

// variant is the i-th wording of a text with choices: "{a/b/c}".
func variant(s string, i int) string {
	var b strings.Builder
	for k := i; ; k = k*3 + 1 {
		before, rest, found := strings.Cut(s, "{")
		b.WriteString(before)
		if !found {
			return strings.TrimSpace(b.String())
		}
		choices, after, _ := strings.Cut(rest, "}")
		list := strings.Split(choices, "/")
		b.WriteString(list[k%len(list)])
		s = after
	}
}

// whoComments is what the i-th one says of themselves: most give no name, and
// the names are of nobody.
func whoComments(i int) (name, organisation string, confirmed bool) {
	names := []string{"آرش", "نرگس", "یلدا", "کاوه", "مینا", "سیاوش", "پریسا", "بهرام", "شیوا", "فرهاد", "گلناز"}
	groups := []string{"انجمن نمایشی هوای پاک", "خانهٔ نمایشی روزنامه‌نگاران", "تعاونی نمایشی کشاورزان"}
	if i%3 == 0 {
		name = names[i%len(names)]
	}
	if i%23 == 7 {
		organisation = groups[i%len(groups)]
	}
	return name, organisation, i%5 == 0 || organisation != ""
}
