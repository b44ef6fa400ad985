package catalog

import (
	"fmt"
	"strings"
)

// A relation declares one table of the catalogue to the public: which of its
// rows and which of their columns anybody may see. What this table does not
// call public leaves the catalogue through no door that is open to everybody.
//
// Every column of every table is declared, and of a JSON column "body" every
// member ("body.title"); a column that is not declared fails the tests.
type relation struct {
	name    string
	rows    string            // which rows are public: a condition in SQL; empty: none. Other tables go by their public part, public_NAME, or whole as @NAME
	public  string            // names, between blanks
	private string            // likewise
	masked  map[string]string // what the public sees of a column that is not always public: an expression in SQL
}

// relations is the table of all tables, those first that others refer to.
var relations = []relation{
	{
		name: "agencies", rows: visible,
		public:  "id slug state title description kind parent homepage contact created",
		private: "fold",
	},
	{
		name: "sources", rows: visible,
		public:  "id slug state title kind url agency every clock licence created",
		private: "allow_private revision options",
		// A path on the machine and a password in an address are the operator's.
		masked: map[string]string{"url": "iif((url like 'http://%' or url like 'https://%') and instr(url, '@') = 0, url, '')"},
	},
	{
		name: "runs", rows: "exists (select 1 from public_sources s where s.id = source)",
		public:  "id source state dry_run started finished reason said counts approved asked follows refused note",
		private: "owner lease_until approved_by asked_by tries stop",
	},
	{
		name: "run_faults", rows: "exists (select 1 from public_runs r where r.id = run)",
		public: "run n severity identifier position field text said",
	},
	{
		name: "run_held", rows: "exists (select 1 from public_runs r where r.id = run)",
		public: "run noun identifier kind becomes",
	},
	{
		name: "datasets", rows: visible,
		public: "id slug state agency source identifier created updated missing " +
			"body.title body.description body.keywords body.themes body.licence body.rights body.access_level body.spatial body.temporal " +
			"body.frequency body.languages body.issued body.modified body.publisher body.contact body.landing_page body.references " +
			"body.conforms_to body.described_by body.part_of",
		private: "revision publish_at note faults_seen",
	},
	{
		name: "resources", rows: visible + " and exists (select 1 from public_datasets d where d.id = dataset)",
		public: "id dataset position state part_of fetch fetch_fault fetch_said fetched edition " +
			"body.name body.title body.identifier body.description body.access_url body.download_url body.media_type body.format body.size body.modified body.columns",
		private: "fetch_due attempts etag last_modified",
	},
	{
		name: "editions", rows: "exists (select 1 from public_resources r where r.id = resource)",
		public: "resource digest file file_name size since has_table rows columns profile notes faults faults_n",
	},
	{ // the ledger is for everybody: it says of what was public once that it is gone
		name: "removals", rows: "true",
		public: "id at noun thing slug title agency kind reason source run identifier missing record returned",
	},
	{name: "run_plan", private: "run n identifier title does"},
	{ // the text and name of a question that nobody looked at, or that was declined, are not public
		name: "questions", rows: questionShown,
		public:  "id agency dataset resource kind state lang name text asked opened closed waited reason answer",
		private: "once digest receipt email confirmed draft note revision",
		masked: map[string]string{
			"name": "iif(" + textShown + ", name, '')", "text": "iif(" + textShown + ", text, '')", "answer": "iif(state = 'answered', answer, '')",
		},
	},
	{
		name: "drafts", rows: visible,
		public: "id slug state agency source identifier created updated missing begins opens closes decided decided_at moderation " +
			"title summary reason kind legal_basis contact landing_page dockets heard note",
		private: "revision fold",
	},
	{
		name: "versions", rows: "state = 'published' and exists (select 1 from public_drafts d where d.id = draft)",
		public: "id draft n state kind lang created published articles title note file file_name file_size",
	},
	{
		name: "provisions", rows: "exists (select 1 from public_versions v where v.id = version)",
		public: "version position address parent depth kind num label heading text",
	},
	{
		name: "periods", rows: "exists (select 1 from public_drafts d where d.id = draft)",
		public: "id draft n kind opens closes basis at",
	},
	{
		name: "papers", rows: "state in ('published', 'retired') and exists (select 1 from public_drafts d where d.id = draft)",
		public: "id draft position state kind file name media size url lang title identifier reason",
		masked: map[string]string{"file": "iif(state = 'published', file, '')", "url": "iif(state = 'published', url, '')"},
	},
	{ // of a comment that was removed or taken back only the mark is public
		name: "comments", rows: CommentSeen + " and exists (select 1 from public_drafts d where d.id = draft)",
		public:  "seq id draft version address quote parent root depth kind state lang name organisation provenance text received shown ended reason late source identifier cluster",
		private: "before after note once digest receipt leaf email confirmed salt person looked signature revision",
		masked: map[string]string{
			"name": "iif(" + CommentRead + ", name, '')", "organisation": "iif(" + CommentRead + ", organisation, '')",
			"text": "iif(" + CommentRead + ", text, '')", "quote": "iif(" + CommentRead + ", quote, '')", "cluster": "iif(" + CommentRead + ", cluster, 0)",
		},
	},
	{name: "comment_counts", private: "draft address state kind provenance reply n"},
	{
		name: "clusters", rows: "exists (select 1 from public_drafts d where d.id = draft)",
		public:  "id draft first size variants people",
		private: "stale",
	},
	{
		name: "responses", rows: "state = 'published' and exists (select 1 from public_drafts d where d.id = draft)",
		public: "id draft comment cluster state verdict lang text at", private: "revision",
	},
	{
		name: "influences", rows: "exists (select 1 from public_versions v where v.id = version)",
		public: "id draft version address comment cluster verdict reason at",
	},
	{
		name: "placements", rows: "exists (select 1 from public_versions v where v.id = version)",
		public: "comment version address start stop verdict",
	},
	{name: "place_counts", private: "version address verdict state kind provenance reply n"},
	{name: "tallies", private: "draft field value n"},
	{name: "alerts", private: "draft n kind thing at"},
	{name: "followers", private: "id draft email lang created confirmed told"},
	{
		name: "overrides", rows: "exists (select 1 from public_drafts d where d.id = draft)",
		public: "draft reason name at",
	},
	{
		name: "budgets", rows: "state <> 'waiting' and exists (select 1 from public_resources r where r.id = resource)",
		public:  "id slug resource agency mapping state edition lines cube rows left_out counted currency scale about loaded changed",
		private: "revision tried",
	},
	{
		name: "budget_faults", rows: "exists (select 1 from public_budgets b where b.id = budget)",
		public: "budget n severity row column kind args",
	},
	{
		name: "budget_years", rows: "exists (select 1 from public_budgets b where b.id = budget)",
		public: "budget year direction starts ends until phases",
	},
	{
		name: "cubes", rows: "exists (select 1 from public_budgets b where b.cube = cubes.cube)",
		public: "cube tree direction year path parent depth scheme code label lines proposed approved adjusted executed committed paid",
	},
	{name: "budget_documents", rows: "true", public: "id agency year kind due came resource url"},
	{
		name: "processes", rows: visible,
		public: "id ocid slug state agency source created updated missing title stage status method category buyer date " +
			"currency scale tendered awarded contracted paid tenderers budget line flags compiled history",
		private: "fold",
	},
	{
		name: "releases", rows: visible + " and exists (select 1 from public_processes p where p.id = process)",
		public: "id process source identifier release date tags state content n",
	},
	{
		name: "process_amounts", rows: "exists (select 1 from public_processes p where p.id = process)",
		public: "process what currency amount",
	},
	{
		name: "process_parties", rows: "exists (select 1 from public_processes p where p.id = process)",
		public: "process party role thing amount currency",
	},
	{
		name: "parties", rows: "exists (select 1 from public_process_parties q where q.party = id)",
		public:  "id key slug name scheme number country",
		private: "fold",
	},
	{name: "indicator_sets", rows: "true", public: "version since rules note", private: "name"},
	{
		name: "filings", rows: "exists (select 1 from public_agencies a where a.id = agency)",
		public:  "id agency indicator period state due filed updated statement",
		private: "revision",
	},
	{name: "filing_evidence", rows: "exists (select 1 from public_filings f where f.id = filing)", public: "filing n kind thing url text at until"},
	{name: "filing_checks", rows: "exists (select 1 from public_filings f where f.id = filing)", public: "filing n at version points hash seen facts"},
	{name: "filing_acts", rows: "exists (select 1 from public_filings f where f.id = filing)", public: "filing n at kind reason check_n", private: "name"},
	{name: "scores", rows: "exists (select 1 from public_agencies a where a.id = agency)", public: "agency indicator period version state points filing gone at"},
	{name: "filing_reminders", private: "agency due kind at"},
	{name: "links", private: "url state status checked due fails since said moved"},
	{
		name: "quality", rows: "exists (select 1 from public_datasets d where d.id = dataset)",
		public: "dataset agency stars points freshness facts at",
	},
	{name: "pending", private: "resource file file_name size at by how body"},
	{name: "answers", private: "actor key digest at status thing body"},
	{name: "records", private: "source noun identifier thing hash touch likeness origin missing misses retired raw"},
	{name: "changes", private: "seq at noun id op"},
	{name: "meta", private: "key value"},
	{name: "people", private: "id email name state operator password totp totp_step failures locked_until created seen lang notices"},
	{name: "roles", private: "person agency role"},
	{name: "invitations", private: "id hash person email name agency role operator totp by created expires used"},
	{name: "sessions", private: "id hash person created seen confirmed agent address"},
	{name: "tokens", private: "id hash person agency title scopes created expires used revoked"},
	{name: "log", private: "n at agency actor noun thing hash salt body"},
	{name: "uploads", private: "id dataset resource person file file_name size how at state fault body"},
	{name: "outbox", private: "id kind lang address name thing body secret created expires state since due attempts fault ended"},
	{name: "devices", private: "hash person seen"},
	{name: "log_hashes", private: "i hash"},
	{name: "log_heads", private: "size at note"},
	{name: "settings", private: "name value changed"},
}

const bodyMember = "body."

// publicViews are the statements that make, in a connection that has the
// catalogue attached as schema, a view public_NAME of the public part of each
// table. A member of a JSON column is a column of the view, as JSON.
func publicViews(schema string) []string {
	var all []string
	for i := range relations {
		r := &relations[i]
		if r.rows == "" {
			continue
		}
		var columns []string
		for name := range strings.FieldsSeq(r.public) {
			member, inBody := strings.CutPrefix(name, bodyMember)
			switch expr := r.masked[name]; {
			case inBody:
				columns = append(columns, fmt.Sprintf(`body -> '$.%s' as "%s"`, member, member))
			case expr != "":
				columns = append(columns, fmt.Sprintf(`%s as "%s"`, expr, name))
			default:
				columns = append(columns, `"`+name+`"`)
			}
		}
		all = append(all, fmt.Sprintf("create temp view public_%s as select %s from %s.%s where %s",
			r.name, strings.Join(columns, ", "), schema, r.name, strings.ReplaceAll(r.rows, "@", schema+".")))
	}
	return all
}

// PrivateColumns returns, by table, the columns that the public never sees.
func PrivateColumns() map[string][]string {
	all := map[string][]string{}
	for i := range relations {
		all[relations[i].name] = strings.Fields(relations[i].private)
	}
	return all
}
