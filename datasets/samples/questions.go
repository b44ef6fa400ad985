package samples

import "time"

// A Question is what somebody asks in the demo, and what the agency says to it.
type Question struct {
	Key     string // by which it is known to be there already
	Agency  string // slug
	Dataset string // slug; empty: it is about the agency
	Kind    string // question, problem, missing
	Lang    string
	Name    string
	Text    string
	Answer  string        // empty: it is open
	Asked   time.Duration // before today
	Replied time.Duration // likewise
}

// Questions are those of the demo, the oldest first.
func Questions() []Question {
	return []Question{
		{
			Key: "borders", Agency: "statistical-centre", Dataset: "population-of-the-provinces", Kind: "question", Lang: "fa", Name: "نگار احمدی",
			Text:   "می‌خواهم رشد جمعیت استان‌ها را میان دو سرشماری حساب کنم. مرز استان‌ها در هر دو سال یکی گرفته شده است، یا باید آن را هم در نظر بگیرم؟",
			Answer: "باید در نظر بگیرید. ارقام هر سرشماری بر پایهٔ مرزهای همان سال است و سال ۱۳۹۰ با مرزهای تازه بازشماری نشده است. برگهٔ «دگرگونی» در پروندهٔ مقایسه نیز همین دو رقم را از هم کم می‌کند.",
			Asked:  19 * aDay, Replied: 15 * aDay,
		},
		{
			Key: "whole-country", Agency: "statistical-centre", Dataset: "population-of-the-provinces", Kind: "question", Lang: "en",
			Text:   "Do the 31 rows of the 2016 census cover everybody, or is there a group that is counted for the country but for no province?",
			Answer: "They cover everybody. The column of population adds up to 79,926,270, which is the population of the country in that census.",
			Asked:  12 * aDay, Replied: 10 * aDay,
		},
		{
			Key: "counties", Agency: "statistical-centre", Kind: "missing", Lang: "fa", Name: "گروه داده‌های شهری",
			Text:  "از جمعیت استان‌ها و شمار شهرستان‌ها داده منتشر شده، اما جمعیت هر شهرستان نیست. برای برنامه‌ریزی خدمات محلی به آن نیاز داریم. آیا می‌توانید آن را هم منتشر کنید؟",
			Asked: 3 * aDay,
		},
	}
}
