package datasets

import (
	"fmt"
	"iter"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	enc "golang.org/x/text/encoding/unicode"
)

// readJSON imports a text and returns of each table its name, its columns with
// types and its rows, a line each, and the faults.
func readJSON(t *testing.T, name, text string) (got, faults string) {
	t.Helper()
	f := openFiles(t)
	im := importAs(t, f, name, text)
	if im.Fault != "" {
		return "", im.Fault
	}
	var b strings.Builder
	var told []string
	for _, table := range im.Tables {
		if table.Name != "" {
			fmt.Fprintf(&b, "%s:\n", table.Name)
		}
		r, err := f.Rows(table.Digest)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range r.Schema() {
			fmt.Fprintf(&b, "%s%s %s", []string{"", ", "}[min(i, 1)], c.Name, c.Type)
		}
		b.WriteByte('\n')
		for _, row := range tableText(t, r.Table()) {
			b.WriteString(strings.Join(row, "|") + "\n")
		}
		for _, fault := range table.Faults {
			told = append(told, (&FileError{Fault: fault}).Error())
		}
	}
	return b.String(), strings.Join(told, "\n")
}

func TestJSONBecomesTables(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"objects": {
			`[{"a":1,"b":"x"},{"b":"y","c":null},{"a":2.50}]`,
			"a decimal, b text, c text\n1|x|\n|y|\n2.50||\n",
		},
		"one level of nesting, and what is deeper": {
			`[{"z":1,"p":{"x":"1","q":{"r":[1, 2]}},"tags":["الف", "b\u0646"]},{"z":2,"p":null},{"z":3,"p":{"y":true}}]`,
			"z integer, p.x integer, p.q text, p.y boolean, tags text\n" +
				`1|1|{"r":[1,2]}||["الف","bن"]` + "\n2||||\n3|||true|\n",
		},
		"a key that is an object in some rows": {`[{"a":{"b":1}},{"a":"none"}]`, "a text, a.b integer\n|1\nnone|\n"},
		"a key with a point in it":             {`[{"a.b":1,"a":{"b":2}}]`, "a.b integer, a.b_2 integer\n1|2\n"},
		"numbers keep their text": {
			`[{"id":1234567890123456,"n":1e5,"m":0.10,"z":"007"},{"id":1234567890123457,"n":2.5E-3,"m":-0,"z":"010"}]`,
			"id text, n decimal, m decimal, z text\n1234567890123456|1e+5|0.10|007\n1234567890123457|2.5E-3|-0|010\n",
		},
		"texts that are numbers": {`[{"n":"12.5","d":"2024-01-02"},{"n":"7","d":"2024-01-03"}]`, "n decimal, d date\n12.5|2024-01-02\n7|2024-01-03\n"},
		"under a key":            {`{"count":2,"results":[{"a":1},{"a":2}],"facets":[{"x":1}]}`, "a integer\n1\n2\n"},
		"an answer of CKAN":      {`{"success":true,"result":{"fields":[{"id":"a","type":"int"}],"records":[{"a":5}],"total":1}}`, "a integer\n5\n"},
		"several lists":          {`{"people":[{"n":"A"}],"places":[{"p":"B"},{"p":"C"}]}`, "people:\nn text\nA\nplaces:\np text\nB\nC\n"},
		"a list of lists":        {`[["name","n"],["A",1],["B",2]]`, "name text, n integer\nA|1\nB|2\n"},
		"columns beside":         {`{"columns":["name","n"],"data":[["A",1],["B",2]]}`, "name text, n integer\nA|1\nB|2\n"},
		"Socrata": {
			`{"meta":{"view":{"columns":[{"name":"sid","flags":["hidden"],"id":-1},{"name":"Name"},{"name":"Place"}]}},"data":[["r1","A",["x",null]],["r2","B",null]]}`,
			"Name text, Place text\n" + `A|["x",null]` + "\nB|\n",
		},
		"JSON Lines":          {"{\"a\":1}\r\n\n{\"b\":\"x\"}\n", "a integer, b text\n1|\n|x\n"},
		"lists on lines":      {"[\"a\",\"b\"]\n[1,\"x\"]\n[2,\"y\"]\n", "a integer, b text\n1|x\n2|y\n"},
		"a byte order mark":   {"\xEF\xBB\xBF" + `[{"a":1}]`, "a integer\n1\n"},
		"escapes":             {`[{"a":"l1\nl2 \"q\" \ud83d\ude00 \u06f1"}]`, "a text\nl1\nl2 \"q\" 😀 ۱\n"},
		"an empty object":     {`[{"a":{},"b":1},{"a":{"c":2},"b":1}]`, "a.c integer, b integer\n|1\n2|1\n"},
		"the same name twice": {`{"x":[{"a":1}],"x":[{"a":2}]}`, "x:\na integer\n1\nx_2:\na integer\n2\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got, faults := readJSON(t, "x.json", c.text)
			if got != c.want || faults != "" {
				t.Errorf("got\n%swant\n%sfaults %q", got, c.want, faults)
			}
		})
	}
}

func TestFaultsOfJSON(t *testing.T) {
	deep := strings.Repeat("[", 100) + strings.Repeat("]", 100)
	var wide strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&wide, `,{"k%d":1}`, i)
	}
	for name, c := range map[string]struct{ file, text, want, fault string }{
		"a comma too many":      {"x.json", `[{"a":1},{"a":2,}]`, "", "row 2: the JSON is broken at byte 16: a comma stands before '}'"},
		"cut off":               {"x.json", `[{"a":1},{"a":`, "", "row 2: the JSON is broken at byte 14: it ends in the middle"},
		"single quotes":         {"x.json", `[{"a":'x'}]`, "", "row 1: the JSON is broken at byte"},
		"one object":            {"x.json", `{"error":"not found","code":4}`, "", "one object without a list of rows in it (error: not found …)"},
		"too many keys":         {"x.json", "[{}" + wide.String() + "]", "", "row 4098: the objects have more than 4096 different keys"},
		"NaN":                   {"x.json", `[{"a":1},{"a":NaN},{"a":-Infinity}]`, "a integer\n1\n", "row 2: column \"a\": NaN is no number"},
		"a key twice":           {"x.json", `[{"a":1,"a":2}]`, "a integer\n2\n", "row 1: column \"a\": the key comes twice"},
		"no UTF-8":              {"x.json", "[{\"a\":\"سلام\",\"b\":\"x\xffy\"}]", "a text, b text\nسلام|x\uFFFDy\n", "row 1: column \"b\": characters in a cell do not exist"},
		"half a surrogate":      {"x.json", `[{"a":"x\ud800"}]`, "a text\nx\uFFFD\n", "row 1"},
		"NUL":                   {"x.json", `[{"a":"x\u0000y"}]`, "a text\nxy\n", "NUL"},
		"an item of other kind": {"x.json", `[{"a":1},7,{"a":2}]`, "a integer\n1\n2\n", "row 2: this item is not an object"},
		"too deep":              {"x.json", `[{"a":` + deep + `,"b":1}]`, "a text, b integer\n|1\n", "row 1: column \"a\": the value was left out: it is nested deeper than 64 levels"},
		"a broken line":         {"x.jsonl", "{\"a\":1}\n{\"a\":2\n{\"a\":3}\n", "a integer\n1\n3\n", "row 2: the JSON is broken at byte 6: it ends in the middle"},
		"a broken first line":   {"x.jsonl", "{\"a\":\n{\"a\":2}\n", "a integer\n2\n", "row 1: the JSON is broken"},
		"a broken list":         {"x.json", "{\"a\":\n\"b\"}\n{\"c\":1}", "", "something follows the end of the document"},
	} {
		t.Run(name, func(t *testing.T) {
			got, faults := readJSON(t, c.file, c.text)
			if got != c.want && !strings.HasPrefix(got, c.want) || (c.want == "") != (got == "") {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
			if !strings.Contains(faults, c.fault) {
				t.Errorf("faults %q, want %q", faults, c.fault)
			}
		})
	}
}

// Keys that are values, such as dates, would make thousands of columns.
func TestObjectsWithManyKeysAreKeptWhole(t *testing.T) {
	var b strings.Builder
	for i := range maxJSONParts + 10 {
		fmt.Fprintf(&b, `%s{"n":%d,"by_day":{"d%d":%d}}`, []string{"[", ","}[min(i, 1)], i, i, i)
	}
	got, faults := readJSON(t, "x.json", b.String()+"]")
	if !strings.HasPrefix(got, "n integer, by_day text\n0|{\"d0\":0}\n") || faults != "" {
		t.Errorf("%.80s, faults %q", got, faults)
	}
}

func TestJSONInOtherEncodings(t *testing.T) {
	const text = `[{"نام":"علی رضا محمدی نژاد در شهر تهران است"},{"نام":"کتاب های این کشور"}]`
	want, _ := readJSON(t, "x.json", text)
	utf16, err := enc.UTF16(enc.LittleEndian, enc.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	if got, fault := readJSON(t, "x.json", utf16); got != want {
		t.Errorf("UTF-16 gives %q, %s", got, fault)
	}
	const arabic = `[{"a":"هذا الكتاب من تأليف المؤلف في المدينة"},{"a":"السلام عليكم يا أهل الدار"}]`
	want, _ = readJSON(t, "x.json", arabic)
	cp1256, err := charmap.Windows1256.NewEncoder().String(arabic)
	if err != nil {
		t.Fatal(err)
	}
	if got, fault := readJSON(t, "x.json", cp1256); got != want {
		t.Errorf("Windows-1256 gives %q, %s", got, fault)
	}
}

// A rowMaker is a JSON document of many rows that is made while it is read.
type rowMaker struct{ head, row, tail string }

func (m rowMaker) ReadAt(p []byte, at int64) (int, error) {
	n := 0
	for n < len(p) {
		part, from := m.row, (at-int64(len(m.head)))%int64(len(m.row))
		switch {
		case at < int64(len(m.head)):
			part, from = m.head, at
		case at >= m.size()-int64(len(m.tail)):
			part, from = m.tail, at-(m.size()-int64(len(m.tail)))
		}
		if from >= int64(len(part)) {
			return n, fmt.Errorf("read beyond the end at %d", at)
		}
		k := copy(p[n:], part[from:])
		n, at = n+k, at+int64(k)
	}
	return n, nil
}

const madeRows = 300_000

func (m rowMaker) size() int64 { return int64(len(m.head) + madeRows*len(m.row) + len(m.tail)) }

// The memory that reading takes does not grow with the rows.
func TestJSONIsReadAsAStream(t *testing.T) {
	m := rowMaker{`[{"a":0}`, `,{"a":12345,"name":"` + strings.Repeat("x", 200) + `","o":{"p":1.5}}`, "]"}
	sheets, err := Open(t.Context(), m, m.size(), "x.json", Options{})
	if err != nil {
		t.Fatal(err)
	}
	next, stop := iter.Pull2(sheets[0].Records(t.Context()))
	defer stop()
	var at [2]uint64
	n := 0
	for ; ; n++ {
		_, err, ok := next()
		if !ok {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if n == 1000 || n == madeRows-1000 {
			var mem runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&mem)
			at[min(n/2000, 1)] = mem.HeapAlloc
		}
	}
	if n != madeRows+1 {
		t.Errorf("%d rows", n)
	}
	if at[1] > at[0]+4<<20 {
		t.Errorf("memory grew from %d to %d bytes", at[0], at[1])
	}
}

func FuzzJSON(f *testing.F) {
	for _, seed := range []string{
		`[{"a":1,"b":{"c":"x"}},{"a":[1,{"d":null}]}]`, `{"results":[{"a":1}],"meta":{"view":{"columns":[{"name":"x"}]}}}`,
		`[["a","b"],[1,2]]`, "{\"a\":1}\n{\"a\":2}\n", squares, `{"columns":["a"],"data":[[1]]}`, `[{"a":NaN}]`,
		`{"type":"GeometryCollection","geometries":[{"type":"MultiPoint","coordinates":[[1,2]]},{"type":"Polygon","coordinates":[[]]}]}`,
		`{"type":"Feature","geometry":{"coordinates":[[[[1,2],[3,4],[5,6]]]],"type":"MultiPolygon"},"id":"x"}`,
		"[{\"a\":\"\\u12", "\xEF\xBB\xBF[{}]", `{"a":{"b":{"c":[{"d":1}]}}}`, "\x1E{\"a\":1}\n\x1E{\"a\":2}",
	} {
		f.Add([]byte(seed), ".json")
		f.Add([]byte(seed), ".jsonl")
	}
	f.Fuzz(func(t *testing.T, text []byte, ext string) {
		if len(text) == 0 {
			return
		}
		sheets, err := openJSON(t.Context(), strings.NewReader(string(text)), int64(len(text)), "x"+ext, Options{})
		if err != nil {
			return
		}
		for _, s := range sheets {
			schema, err := s.Infer(t.Context())
			if err != nil {
				return
			}
			rows := checkRoundTrip(t, s, schema)
			if s.shapes == nil {
				continue
			}
			for shape, err := range s.shapes(t.Context()) {
				if err != nil || shape.Row < 0 || shape.Row >= rows || shape.Geometry == nil {
					t.Fatalf("the shape of row %d of %d: %v", shape.Row, rows, err)
				}
			}
		}
	})
}
