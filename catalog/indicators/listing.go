package indicators

import (
	"context"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// Columns that filings and scores have both.
var (
	agencyColumn = catalog.ListedColumn{
		Name: "agency", Title: catalog.Text{"en": "Agency", "fa": "دستگاه"},
		About: catalog.Text{"en": "The last part of its address", "fa": "بخش پایانی نشانی دستگاه در این درگاه"},
	}
	agencyTitleFa   = catalog.Listed(datasets.Text, "agency_fa", "Agency in Persian", "نام فارسی دستگاه")
	agencyTitleEn   = catalog.Listed(datasets.Text, "agency_en", "Agency in English", "نام انگلیسی دستگاه")
	indicatorColumn = catalog.Listed(datasets.Text, "indicator", "Indicator", "شاخص")
	periodColumn    = catalog.ListedColumn{
		Name: "period", Title: catalog.Text{"en": "Period", "fa": "دوره"},
		About: catalog.Text{"en": "Of the Jalali calendar: 1405, 1405-H2, 1405-Q3 or 1405-08", "fa": "سال، نیم‌سال، فصل یا ماه: 1405، 1405-H2، 1405-Q3 یا 1405-08"},
	}
	pointsColumn = catalog.ListedColumn{
		Name: "points", Type: datasets.Integer, Title: catalog.Text{"en": "Points", "fa": "امتیاز"},
		About: catalog.Text{"en": "Of 20; empty: it was not measured", "fa": "از ۲۰؛ خالی یعنی سنجیده نشده است"},
	}
	versionColumn = catalog.Listed(datasets.Integer, "version", "Version of the rules", "نسخهٔ قاعده‌ها")
)

// publicAgency joins the agency a that x is of, where the public sees it.
const publicAgency = " join agencies a on a.id = x.agency and a." + catalog.PublicRows

const agencyCells = "a.slug, a.title ->> '$.fa', a.title ->> '$.en'"

// FilingListing is all filings as a table.
func FilingListing() catalog.Listing {
	return catalog.Listing{
		Columns: []catalog.ListedColumn{
			catalog.Listed(datasets.Text, "id", "Identifier", "شناسه"), agencyColumn, agencyTitleFa, agencyTitleEn, indicatorColumn, periodColumn,
			{
				Name: "state", Title: catalog.Text{"en": "State", "fa": "وضعیت"}, About: catalog.Text{
					"en": "submitted: the machine checked it; accepted or rejected: somebody reviewed it; objected: the agency objects to the rejection.",
					"fa": "ارائه و با ماشین بررسی شده (submitted)، کارشناس تأیید یا رد کرده (accepted، rejected) یا دستگاه به رد آن اعتراض کرده است (objected).",
				},
			},
			pointsColumn, versionColumn,
			catalog.Listed(datasets.DateTime, "due", "Due", "مهلت"), catalog.Listed(datasets.DateTime, "filed", "Handed in first", "نخستین ارائه"),
			catalog.Listed(datasets.DateTime, "updated", "Changed last", "آخرین تغییر"),
			catalog.Listed(datasets.Integer, "evidence", "Pieces of evidence", "شمار مدرک‌ها"), catalog.Listed(datasets.Integer, "checks", "Checks of the machine", "شمار بررسی‌های ماشین"),
			catalog.Listed(datasets.Text, "statement_fa", "Statement in Persian", "سخن دستگاه به فارسی"), catalog.Listed(datasets.Text, "statement_en", "Statement in English", "سخن دستگاه به انگلیسی"),
		},
		Keys: "select x.rowid from filings x" + publicAgency,
		Rows: "select x.rowid, x.id, " + agencyCells + `, x.indicator, x.period, x.state, s.points, s.version, x.due, x.filed, x.updated,
			(select count(*) from filing_evidence e where e.filing = x.id and e.until = ''), (select count(*) from filing_checks c where c.filing = x.id),
			x.statement ->> '$.fa', x.statement ->> '$.en'
			from json_each(?1) k cross join filings x on x.rowid = k.value` + publicAgency +
			" left join scores s on s.agency = x.agency and s.indicator = x.indicator and s.period = x.period",
	}
}

// ScoreColumns are those of ScoreTable.
var ScoreColumns = []catalog.ListedColumn{
	agencyColumn, agencyTitleFa, agencyTitleEn, indicatorColumn, periodColumn, pointsColumn,
	{
		Name: "state", Title: catalog.Text{"en": "State", "fa": "وضعیت"}, About: catalog.Text{
			"en": "That of the filing; late: nothing was handed in until it was due, quiet: an indicator of events of which there was nothing to tell.",
			"fa": "وضعیت گزارش؛ late یعنی تا پایان مهلت چیزی ارائه نشد، quiet یعنی در آن دوره رویدادی برای گزارش نبود.",
		},
	},
	versionColumn,
	catalog.Listed(datasets.Text, "filing", "Filing", "شناسهٔ گزارش"),
	{
		Name: "gone", Type: datasets.Boolean, Title: catalog.Text{"en": "Its evidence is gone", "fa": "مدرک از میان رفته"},
		About: catalog.Text{"en": "The evidence vanished after the period was closed; the points stay.", "fa": "مدرک پس از بسته‌شدن دوره از میان رفته است؛ امتیاز همان می‌ماند."},
	},
	catalog.Listed(datasets.DateTime, "at", "As of", "زمان"),
}

// ScoreTable is all scores of agencies that the public sees as a table.
func (i *Indicators) ScoreTable(ctx context.Context) (*datasets.Table, error) {
	t, err := i.store.ListWhole(ctx, ScoreColumns, "select "+agencyCells+`, x.indicator, x.period, x.points, x.state, x.version, x.filing, x.gone, x.at
		from scores x`+publicAgency+" order by x.agency, x.indicator, x.period")
	return t, catalog.Wrap("scores", err)
}
