package campaign

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Words and phrases that comments are made of.
var (
	vocabulary = strings.Fields(`دولت مردم قانون ماده تبصره بودجه مالیات شهر روستا آب خاک جنگل هوا مدرسه دانشگاه معلم دانش‌آموز
		بیمار پزشک درمان دارو بیمه کارگر کارفرما دستمزد حقوق بازنشسته بانک وام تسهیلات سود تورم قیمت بازار تولید کارخانه صادرات
		واردات گمرک خودرو جاده راه قطار مترو اتوبوس ترافیک پارکینگ مسکن اجاره زمین ساختمان شهرداری شورا استان وزارت سازمان اداره
		کارمند پرونده سامانه اینترنت داده اطلاعات حریم خصوصی شفافیت فساد نظارت بازرسی دادگاه قاضی وکیل شاکی مجازات جریمه زندان
		خانواده کودک زن مرد جوان سالمند معلول ورزش فرهنگ هنر کتاب موسیقی سینما رسانه روزنامه خبرنگار انتخابات نماینده مجلس رأی
		حزب انجمن تشکل صنف اتحادیه کشاورز گندم برنج دامدار شیر گوشت مرغ ماهی دریا رودخانه سد چاه برق گاز نفت بنزین خورشید باد
		انرژی زباله بازیافت آلودگی سلامت بهداشت غذا نان میوه سبزی صبح شب سال ماه هفته روز ساعت زمان هزینه درآمد سرمایه شرکت سهام
		قرارداد مناقصه پیمانکار پروژه طرح برنامه هدف نتیجه گزارش آمار سرشماری جمعیت مهاجر مرز امنیت پلیس سرباز موافق مخالف لازم
		مهم بزرگ کوچک جدید قدیمی سریع کند گران ارزان خوب بد روشن مبهم عادلانه ناعادلانه می‌شود می‌کند نمی‌تواند باید نباید است نیست
		بود خواهد‌شد داشت دارد کرد گفت دید رفت آمد داد گرفت ماند رسید افزایش کاهش اصلاح حذف اضافه تغییر اجرا تصویب ابلاغ پیشنهاد
		اعتراض سؤال پاسخ دلیل نمونه تجربه مشکل راه‌حل حق تکلیف مسئولیت اختیار فرصت تهدید آینده گذشته امروز فردا همه هیچ برخی
		بسیاری اکثر معمولا هرگز همیشه شاید حتما البته بنابراین زیرا چون اگر وقتی تا برای درباره علیه بدون میان کنار پیش پس`)
	phrases = []string{
		"با سلام و احترام", "با عرض سلام و خسته نباشید", "با تشکر از زحمات شما", "به نام خدا", "لطفا رسیدگی فرمایید",
		"اینجانب با این ماده مخالف هستم", "اینجانب با این ماده موافق هستم", "خواهشمند است در این ماده تجدید نظر شود",
		"این ماده به ضرر مردم است", "این ماده باید حذف شود", "به نظر من این ماده مبهم است", "لازم است این تبصره اصلاح شود",
		"با سپاس از فرصتی که برای اظهار نظر داده‌اید", "امیدوارم نظرات مردم واقعا دیده شود", "منتظر پاسخ شما هستم",
		"در صورت امکان پاسخ دهید", "پیشنهاد می‌کنم این موضوع دوباره بررسی شود", "این طرح کارشناسی نشده است",
		"هزینه اجرای این ماده زیاد است", "مهلت تعیین شده کافی نیست",
	}
	firstNames  = strings.Fields("علی رضا مریم زهرا حسین فاطمه محمد سارا امیر نرگس کاوه لیلا بهرام شیرین فرهاد مینا")
	familyNames = strings.Fields("احمدی رضایی کریمی محمدی حسینی موسوی جعفری نوری صادقی رحیمی کاظمی باقری یزدانی شریفی")
	cities      = strings.Fields("تهران شیراز اصفهان تبریز مشهد اهواز رشت یزد کرمان قم همدان ساری زاهدان بوشهر")
)

// A sender writes comments.
type sender struct{ *rand.Rand }

func newSender(seed uint64) sender { return sender{rand.New(rand.NewPCG(seed, 20))} }

func (s sender) one(list []string) string { return list[s.IntN(len(list))] }

// words writes n words, the common ones more often.
func (s sender) words(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(' ')
		}
		f := s.Float64()
		b.WriteString(vocabulary[int(f*f*float64(len(vocabulary)))])
	}
	return b.String()
}

// sentences writes n sentences.
func (s sender) sentences(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = s.words(6+s.IntN(14)) + "."
	}
	return list
}

// ordinary writes what one person says: often short, and mostly phrases that
// many use.
func (s sender) ordinary() string {
	var parts []string
	for range 1 + s.IntN(3) {
		parts = append(parts, s.one(phrases))
	}
	switch s.IntN(4) {
	case 0:
		parts = append(parts, s.words(2+s.IntN(6)))
	case 1:
		parts = append(parts, s.words(5+s.IntN(20)))
	default:
		parts = append(parts, s.sentences(1+s.IntN(6))...)
	}
	s.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	return strings.Join(parts, "، ")
}

// form writes the paragraphs of a campaign.
func (s sender) form() []string {
	if s.IntN(5) == 0 { // of one sentence
		return []string{s.words(15 + s.IntN(10))}
	}
	list := make([]string, 2+s.IntN(3))
	for i := range list {
		list[i] = strings.Join(s.sentences(1+s.IntN(3)), " ")
	}
	list[0] = s.one(phrases) + "، " + list[0]
	return list
}

// sent writes a form as somebody sends it: with a name, a sentence of their own,
// some words replaced, paragraphs in another order, letters of another keyboard.
func (s sender) sent(form []string) string {
	list := append([]string(nil), form...)
	if s.IntN(4) == 0 {
		s.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	}
	text := strings.Join(list, "\n")
	if s.IntN(2) == 0 {
		text = fmt.Sprintf("اینجانب %s %s از %s:\n%s", s.one(firstNames), s.one(familyNames), s.one(cities), text)
	}
	if s.IntN(3) == 0 {
		text += "\n" + s.words(5+s.IntN(10))
	}
	if s.IntN(4) == 0 {
		text = s.words(4+s.IntN(8)) + ". " + text
	}
	if s.IntN(3) == 0 {
		words := strings.Split(text, " ")
		for range 1 + s.IntN(3) {
			words[s.IntN(len(words))] = s.one(vocabulary)
		}
		text = strings.Join(words, " ")
	}
	if s.IntN(3) == 0 {
		text = strings.NewReplacer("ی", "ي", "ک", "ك", "\u200c", " ").Replace(text)
	}
	return text
}

// A corpus is comments and the campaign of each, 0 of what people wrote
// themselves.
type corpus struct {
	texts    []string
	campaign []int
}

// write makes n comments, a share of them of campaigns of up to most senders.
func write(seed uint64, n int, share float64, most int) corpus {
	s := newSender(seed)
	var c corpus
	for k := 1; float64(len(c.texts)) < share*float64(n); k++ {
		form := s.form()
		for range 2 + s.IntN(most) {
			c.texts, c.campaign = append(c.texts, s.sent(form)), append(c.campaign, k)
		}
	}
	for len(c.texts) < n {
		c.texts, c.campaign = append(c.texts, s.ordinary()), append(c.campaign, 0)
	}
	s.Shuffle(len(c.texts), func(i, j int) {
		c.texts[i], c.texts[j] = c.texts[j], c.texts[i]
		c.campaign[i], c.campaign[j] = c.campaign[j], c.campaign[i]
	})
	c.texts, c.campaign = c.texts[:n], c.campaign[:n]
	return c
}

// all gives the comments with their places as ids, from 1 on.
func (c corpus) all(yield func(int64, string) bool) {
	for i, text := range c.texts {
		if !yield(int64(i+1), text) {
			return
		}
	}
}
