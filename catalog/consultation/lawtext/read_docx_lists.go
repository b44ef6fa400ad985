package lawtext

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/openshafaf/shafaf/datasets/persian"
)

const maxLevels = 9

// A docxNum names the list that a paragraph is in.
type docxNum struct {
	id    string
	level int
	known bool
}

// docxLists are the lists of a document, and how far each is counted.
type docxLists struct {
	levels map[string][maxLevels]docxLevel // by list
	of     map[string]string               // the list, by the id that paragraphs name
	starts map[string]map[int]int          // by that id, where levels begin again
	styles map[string]docxNum
	counts map[string]*[maxLevels]int
}

// A docxLevel is how the paragraphs of a level are numbered.
type docxLevel struct {
	format, text string
	start        int
}

// read reads the lists, and the styles that are numbered.
func (l *docxLists) read(d *docx) error {
	var numbering struct {
		Lists []struct {
			ID     string `xml:"abstractNumId,attr"`
			Levels []struct {
				Level  int `xml:"ilvl,attr"`
				Start  val `xml:"start"`
				Format val `xml:"numFmt"`
				Text   val `xml:"lvlText"`
			} `xml:"lvl"`
		} `xml:"abstractNum"`
		Nums []struct {
			ID        string `xml:"numId,attr"`
			List      val    `xml:"abstractNumId"`
			Overrides []struct {
				Level int `xml:"ilvl,attr"`
				Start val `xml:"startOverride"`
			} `xml:"lvlOverride"`
		} `xml:"num"`
	}
	if err := d.decode("word/numbering.xml", &numbering); err != nil {
		return err
	}
	*l = docxLists{
		levels: map[string][maxLevels]docxLevel{}, of: map[string]string{}, starts: map[string]map[int]int{},
		styles: map[string]docxNum{}, counts: map[string]*[maxLevels]int{},
	}
	for _, list := range numbering.Lists {
		var levels [maxLevels]docxLevel
		for _, v := range list.Levels {
			if 0 <= v.Level && v.Level < maxLevels {
				levels[v.Level] = docxLevel{v.Format.Val, v.Text.Val, value(v.Start.Val)}
			}
		}
		l.levels[list.ID] = levels
	}
	for _, n := range numbering.Nums {
		l.of[n.ID] = n.List.Val
		l.starts[n.ID] = map[int]int{}
		for _, o := range n.Overrides {
			if o.Start.Val != "" {
				l.starts[n.ID][o.Level] = value(o.Start.Val)
			}
		}
	}
	return l.readStyles(d)
}

// A val is an element with its value in an attribute.
type val struct {
	Val string `xml:"val,attr"`
}

func (l *docxLists) readStyles(d *docx) error {
	var styles struct {
		Styles []struct {
			ID    string `xml:"styleId,attr"`
			Based val    `xml:"basedOn"`
			Num   val    `xml:"pPr>numPr>numId"`
			Level val    `xml:"pPr>numPr>ilvl"`
		} `xml:"style"`
	}
	if err := d.decode("word/styles.xml", &styles); err != nil {
		return err
	}
	based := map[string]string{}
	for _, s := range styles.Styles {
		based[s.ID] = s.Based.Val
		if s.Num.Val != "" {
			l.styles[s.ID] = docxNum{s.Num.Val, min(value(s.Level.Val), maxLevels-1), true}
		}
	}
	for _, s := range styles.Styles {
		at := s.ID
		for range 20 { // a style may be based on itself in a broken file
			if num, ok := l.styles[at]; ok {
				l.styles[s.ID] = num
				break
			}
			at = based[at]
		}
	}
	return nil
}

// label returns the number that Word shows before a paragraph, and counts it.
func (l *docxLists) label(p *docxParagraph) string {
	num := p.num
	if !num.known {
		num = l.styles[p.style]
	}
	list, ok := l.of[num.id]
	levels, defined := l.levels[list]
	if !ok || !defined || levels[num.level].format == "bullet" || levels[num.level].format == "none" {
		return ""
	}
	counts := l.counts[list]
	if counts == nil {
		counts = new([maxLevels]int)
		l.counts[list] = counts
		for i := range counts {
			counts[i] = levels[i].start - 1
		}
	}
	if start, ok := l.starts[num.id][num.level]; ok {
		counts[num.level] = start - 1
		delete(l.starts[num.id], num.level)
	}
	counts[num.level]++
	for i := num.level + 1; i < maxLevels; i++ {
		counts[i] = levels[i].start - 1
	}
	text := levels[num.level].text
	for i := range maxLevels {
		n := counts[i]
		if i < num.level {
			n = max(n, levels[i].start)
		}
		text = strings.ReplaceAll(text, "%"+strconv.Itoa(i+1), docxNumber(levels[i].format, n))
	}
	text = strings.TrimSpace(text)
	if last := lastOf(text); unicode.IsLetter(last) || unicode.IsDigit(last) {
		text += "–"
	}
	return text
}

// docxNumber returns a number in a format of Word.
func docxNumber(format string, n int) string {
	switch format {
	case "lowerLetter":
		return listNumber("a", n)
	case "upperLetter":
		return listNumber("A", n)
	case "lowerRoman":
		return listNumber("i", n)
	case "upperRoman":
		return listNumber("I", n)
	case "hindiNumbers", "hindiCounting":
		return persian.Digits(strconv.Itoa(n), "fa")
	case "arabicAbjad":
		if 0 < n && n <= len(abjad) {
			return abjad[n-1]
		}
	case "arabicAlpha":
		for _, letter := range alphabet {
			if strings.Contains("پچژگ", letter) {
				continue
			}
			if n--; n == 0 {
				return letter
			}
		}
	}
	return strconv.Itoa(n)
}
