package indicators

import "maps"

// Sayings returns the English texts of what checks say of a filing, by kind, as
// formats of package fmt. Each kind has a text in every language of the pages.
func Sayings() map[string]string { return maps.Clone(sayings) }

var sayings = map[string]string{
	"filing.nothing":      "nothing was handed in",
	"filing.there":        "%d of %d pieces of evidence are there",
	"filing.statement":    "the agency made a statement",
	"filing.link.alive":   "%s answers",
	"filing.link.broken":  "%s does not answer since %s; mend it, or hand in where it is now",
	"filing.link.refused": "%s lets no program look whether it is there; publish it on this portal instead",
	"filing.link.new":     "%s was not looked at yet; that takes up to an hour",
	"filing.public":       "“%s” is published",
	"filing.empty":        "“%s” has no file; add one",
	"filing.gone":         "“%s” is not published any more; publish it again, or hand in other evidence",

	"filing.ontime": "it came on %s, and was due until %s",
	"filing.late":   "it came %d days late, on %s instead of until %s; each %d days cost a point",

	"filing.unread":            "there is nothing that a program could read",
	"filing.machine.table":     "“%s” is a table of %d rows that programs read",
	"filing.machine.faults":    "“%s” is a table, and has %d faults; mend them",
	"filing.machine.absent":    "“%s” could not be read here; see why with its dataset",
	"filing.machine.asked":     "“%s” is a document (%s), which is enough here",
	"filing.machine.format":    "“%s” is of a format for data (%s), and no rows were found in it",
	"filing.machine.document":  "“%s” is a document (%s), which programs do not read; publish it as a table",
	"filing.machine.link":      "a link leads to a page for people; publish the data on this portal",
	"filing.machine.statement": "a statement is for people; publish the data",

	"filing.columns.none": "no table has any of the %d columns asked for",
	"filing.columns.all":  "“%s” has all %d columns asked for",
	"filing.columns.some": "“%s” has %d of the %d columns asked for",
	"filing.rows.none":    "there is no table with rows; at least %d are asked for",
	"filing.rows":         "“%s” has %d rows, and at least %d are asked for",
	"filing.content":      "“%s” is there to be read",
	"filing.content.link": "the link leads to something",
	"filing.content.none": "there is nothing in it that could be read",

	"filing.content.statement": "there is a statement, and nothing that it speaks of",

	"filing.period":            "it was brought up to date on %s, in the period or after it",
	"filing.period.old":        "it was last brought up to date on %s, before the period began on %s",
	"filing.period.none":       "nothing tells when it was brought up to date",
	"filing.period.source":     "its source says that the data was changed on %s, in the period or after it",
	"filing.period.source.old": "its source says that the data was last changed on %s, before the period began on %s",
	"filing.period.here":       "its file as it is came to this portal on %s, in the period or after it",
	"filing.period.here.old":   "its newest file came to this portal on %s, before the period began on %s",
	"filing.period.handed":     "it was handed in on %s, in the period or after it; what it leads to has no date",
	"filing.period.handed.old": "it was handed in on %s, before the period began on %s",

	"filing.unlicensed":   "there is nothing that could have a licence",
	"filing.licence.open": "it has an open licence: everybody may use it",
	"filing.licence.own":  "it has a licence or conditions that are not open; choose an open licence",
	"filing.licence.none": "it has no licence; choose an open one",
	"filing.licence.link": "a link or a statement has no licence here; publish a dataset with an open one",
}
