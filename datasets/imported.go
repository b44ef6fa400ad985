package datasets

// Imported is what Import found in a file.
type Imported struct {
	Format    string          // what the bytes are: "csv", "xlsx", "pdf" …
	Container bool            // the file holds named tables (sheets, members), not just one
	Tables    []ImportedTable // none when the file is no table
	Fault     string          // why there is no table, in a sentence; empty when there is one
	Said      []Said          `json:",omitempty"` // the parts of Fault
}

// An ImportedTable is one table of a file, kept as a row file.
type ImportedTable struct {
	Name    string // of the sheet or member; empty when the file is the table
	Digest  string // of the table: the name of its row file
	Schema  Schema
	Rows    int64
	Profile []ColumnProfile
	Notes   []string // lines that stood before the header
	Faults  []Fault  // the first MaxFaults of FaultsN
	FaultsN int64

	Encoding  string // of its text; empty where the format says it
	Delimiter string // between its cells, likewise
	HeaderRow int64  // as Sheet.HeaderRow
}
