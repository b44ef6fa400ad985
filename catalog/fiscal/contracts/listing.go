package contracts

import (
	"context"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// Mark moves whenever what the public sees of processes does.
func (c *Contracts) Mark(ctx context.Context) (mark string, err error) {
	err = c.store.Row(ctx, "select count(*) || ' ' || coalesce(max(updated), '') from processes where "+catalog.PublicRows).Scan(&mark)
	return mark, catalog.Wrap("processes", err)
}

// Signposted and SignpostedParties are the processes that the public sees, and
// the organisations in them, for a map of the site.
var (
	Signposted        = catalog.Signposted{Table: "processes", Public: "o." + catalog.PublicRows, Updated: "o.updated"}
	SignpostedParties = catalog.Signposted{Table: "parties", Public: inPublic, Updated: "''"}
)

// amountScale is how many digits behind the point amounts have in tables with
// several currencies: as many as any has.
const amountScale = 3

// inTable is an amount of processes p as a cell of such a table.
func inTable(column string) string {
	return "p." + column + " * case p.scale when 0 then 1000 when 2 then 10 else 1 end"
}

func written(name, fa, en string) catalog.ListedColumn {
	return catalog.ListedColumn{Name: name, Type: datasets.Text, Title: catalog.Text{"fa": fa, "en": en}}
}

func counted(name, fa, en string) catalog.ListedColumn {
	return catalog.ListedColumn{Name: name, Type: datasets.Integer, Title: catalog.Text{"fa": fa, "en": en}}
}

func worth(name, fa, en string) catalog.ListedColumn {
	return catalog.ListedColumn{
		Name: name, Type: datasets.Decimal, Scale: amountScale, Title: catalog.Text{"fa": fa, "en": en},
		About: catalog.Text{"fa": "به واحد ستون currency", "en": "In the currency of the column currency"},
	}
}

// Listing is the processes of the filter as a table. An amount in another
// currency than that of the process is not in it.
func (f *Filter) Listing() *catalog.Listing {
	where, args := f.where()
	return &catalog.Listing{
		Columns: []catalog.ListedColumn{
			written("ocid", "شناسهٔ فرایند", "Process"), written("title", "عنوان", "Title"), written("stage", "مرحله", "Stage"), written("status", "وضعیت", "Status"),
			written("method", "روش", "Method"), written("category", "دسته", "Category"), written("date", "تاریخ آخرین نشر", "Date of the last release"),
			written("buyer", "خریدار", "Buyer"), written("buyer_number", "شناسهٔ خریدار", "Number of the buyer"), written("suppliers", "تأمین‌کنندگان", "Suppliers"),
			counted("tenderers", "شمار پیشنهاددهندگان", "Tenderers"), written("currency", "واحد پول", "Currency"),
			worth("tendered", "مبلغ برآورد", "Tendered"), worth("awarded", "مبلغ برنده", "Awarded"), worth("contracted", "مبلغ قرارداد", "Contracted"), worth("paid", "پرداخت‌شده", "Paid"),
			written("budget_line", "ردیف بودجه", "Budget line"), written("flags", "نشانه‌های هشدار", "Red flags"), written("slug", "نام در نشانی", "Name in addresses"),
		},
		Keys: "select p.rowid from processes p where " + where, Of: args,
		Rows: `select p.rowid, p.ocid, coalesce(p.title ->> '$.fa', p.title ->> '$.en', (select value from json_each(p.title) limit 1)), p.stage, p.status, p.method, p.category, p.date,
			(select o.name from parties o where o.id = p.buyer), (select o.number from parties o where o.id = p.buyer),
			(select group_concat(o.name, '; ') from (select distinct q.party from process_parties q where q.process = p.id and q.role = 'supplier') q join parties o on o.id = q.party),
			p.tenderers, p.currency, ` + inTable("tendered") + ", " + inTable("awarded") + ", " + inTable("contracted") + ", " + inTable("paid") + `, p.line,
			(select group_concat(j.value, '; ') from json_each(p.flags, '$.raised') j), p.slug
			from json_each(?1) k cross join processes p on p.rowid = k.value`,
	}
}

// PartyListing is all organisations as a table.
func PartyListing() *catalog.Listing {
	processes := func(role string) string {
		return "(select count(distinct q.process) from process_parties q join processes p on p.id = q.process and p." + catalog.PublicRows +
			" where q.party = o.id and q.role = '" + role + "')"
	}
	return &catalog.Listing{
		Columns: []catalog.ListedColumn{
			written("name", "نام", "Name"), written("scheme", "فهرست شناسه", "Scheme of the number"), written("number", "شناسه", "Number"), written("country", "کشور", "Country"),
			counted("as_buyer", "شمار فرایند در جایگاه خریدار", "Processes as buyer"), counted("as_supplier", "شمار فرایند در جایگاه تأمین‌کننده", "Processes as supplier"),
			counted("as_tenderer", "شمار فرایند در جایگاه پیشنهاددهنده", "Processes as tenderer"), written("slug", "نام در نشانی", "Name in addresses"),
		},
		Keys: "select o.rowid from parties o where " + inPublic,
		Rows: "select o.rowid, o.name, o.scheme, o.number, o.country, " + processes("buyer") + ", " + processes("supplier") + ", " + processes("tenderer") +
			", o.slug from json_each(?1) k cross join parties o on o.rowid = k.value",
	}
}
