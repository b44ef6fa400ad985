package lawtext

import (
	"fmt"
	"maps"
)

// A Remark is something that the splitter was not sure of, or that looks wrong
// in the text. It is said in any language by its kind.
type Remark struct {
	Kind    string
	Address string // of the provision it is about; empty for the whole text
	Line    int    // of the text, from 1; 0 where it is not known
	Args    []any  // what stands in the sentence, in its order in English: int64 or string
}

// String returns the remark in English.
func (r Remark) String() string { return fmt.Sprintf(sayings[r.Kind], r.Args...) }

// An Error says why a file cannot be read as a law.
type Error struct {
	Kind string
	Args []any // as of a Remark
}

// EmptyFile is the Kind of an Error about a file in which nothing is written.
const EmptyFile = "split.file.empty"

// Error returns the sentence in English.
func (e *Error) Error() string { return fmt.Sprintf(sayings[e.Kind], e.Args...) }

// Sayings returns the English texts of remarks and errors by kind, as formats
// of package fmt.
func Sayings() map[string]string { return maps.Clone(sayings) }

// sayings is the table of them.
var sayings = map[string]string{
	"split.many":            "there are more remarks; only the first %d are kept",
	"split.articles.none":   "no articles were found; mark each with its word and number, as in «Article 1.» or «ماده ۱–»",
	"split.number.repeats":  "the number of %s is there %d times; the address of this one tells them apart",
	"split.number.jumps":    "%s comes where number %d is expected",
	"split.number.falls":    "%s comes after number %d",
	"split.number.begins":   "the list begins with %s",
	"split.mark.quoted":     "%s was read as the text of another law, since it is not the next number here",
	"split.mark.article":    "%s was read as the article that is missing here",
	"split.page.left":       "%q was taken for the head or foot of a page and left out",
	"split.contents":        "%d lines were read as the table of contents",
	"split.wrapped":         "the text is broken into lines of one width, which were joined to paragraphs",
	"split.count.articles":  "the text says that it has %d articles, and %d were found",
	"split.count.notes":     "the text says that it has %d notes, and %d were found",
	"split.format.line":     "%q names no kind of provision and was left as text",
	"split.text.broken":     "%d characters of the text could not be read",
	"split.html.left":       "parts of the page around the text, with %d letters, were left out",
	"split.akn.other":       "the file is of the kind %q of Akoma Ntoso, which is neither a law nor the draft of one",
	"split.akn.deleted":     "the file marks text as deleted, which was left out",
	"split.akn.editorial":   "the file marks text as put in by an editor, which was left out",
	"split.id.repeats":      "the identifier %q stands more than once in the file; addresses were made from the numbers instead",
	"split.id.broken":       "the identifier %q has blanks in it; addresses were made from the numbers instead",
	"split.depth.deep":      "provisions stand deeper in each other than %d levels; what is deeper was put into those above",
	"split.lines.many":      "the text has more than %d paragraphs; the rest was put into one",
	"split.provisions.many": "the text has more than %d provisions; the rest was put into the last",

	// Why a file is not read, with its name first.
	"split.file.pdf":       "%s is a PDF file, whose text is not read; give the text as DOCX, HTML, Akoma Ntoso or plain text",
	"split.file.doc":       "%s is a document of old Word, which is not read; save it as DOCX or plain text",
	"split.file.rtf":       "%s is an RTF file, which is not read; save it as DOCX or plain text",
	"split.file.zip":       "%s is a ZIP archive without a Word document in it; give the text itself",
	"split.file.zipbroken": "%s is damaged; save or send it again",
	"split.file.bomb":      "%s unpacks to far more than a document has and was refused",
	"split.file.large":     "%s is larger than %d MB, which is more than is read as one law; divide it",
	"split.file.text":      "%s has more than %d MB of text, which is more than is read as one law; divide it",
	"split.file.paragraph": "%s has a paragraph of more than %d MB, as no law has; put articles on lines of their own",
	"split.file.binary":    "%s is no text; give the law as DOCX, HTML, Akoma Ntoso or plain text",
	EmptyFile:              "%s holds no text",
	"split.file.xml":       "%s is XML but neither Akoma Ntoso nor HTML; give the law as one of them or as plain text",
	"split.xml.syntax":     "%s is no well-formed XML; mend it in line %d",
	"split.xml.doctype":    "%s has a document type declaration, which is not read; take it out",
	"split.xml.deep":       "%s has elements in each other more than %d deep, as no law has",
}
