"""Compares charts and maps of a portal with what DuckDB computes of the table
that the portal exports: charts_outsider.py BASE. It prints one line of figures
for each kind and, for each that is wrong, a line that begins with "wrong"."""
import csv, io, json, math, re, sys, urllib.error, urllib.parse, urllib.request
import xml.etree.ElementTree as xml
from collections import Counter
import duckdb

base = sys.argv[1]
compared, drawn, refused = Counter(), Counter(), Counter()

def wrong(*what): print("wrong", *what)

def ask(path, **query):
    url = base + urllib.parse.quote(path) + ("?" + urllib.parse.urlencode(query, doseq=True) if query else "")
    try:
        with urllib.request.urlopen(url) as answer: return answer.read().decode()
    except urllib.error.HTTPError as e:
        problem = json.load(e)
        if e.code != 422 or not problem.get("detail"): wrong(url, e.code, problem)
        return None

def near(a, b):
    if a in ("", None) or b in ("", None): return a in ("", None) and b in ("", None)
    return math.isclose(float(a), float(b), rel_tol=1e-9, abs_tol=1e-9)

def quoted(name): return '"' + name.replace('"', '""') + '"'

class Table:
    """A table of the portal, and its export in DuckDB."""
    def __init__(self, slug, resource):
        self.path = f"/datasets/{slug}/resources/{resource}"
        columns = json.loads(ask(f"/api/v1{self.path}/rows", _size=1))["columns"]
        kinds = {"text": "varchar", "integer": "hugeint", "decimal": "double", "date": "date", "datetime": "timestamp", "boolean": "boolean"}
        self.columns = {c["name"]: c["type"] for c in columns}
        with open("table.csv", "w") as f: f.write(ask(self.path + ".csv", escape=0))
        types = "{" + ", ".join(f"'c{i}': '{kinds[c['type']]}'" for i, c in enumerate(columns)) + "}"
        self.con = duckdb.connect()
        self.con.execute(f"create table raw as select * from read_csv('table.csv', header=true, columns={types}, nullstr='', allow_quoted_nulls=false, quote='\"', escape='\"', max_line_size=10000000)")
        self.con.execute("create view t as select " + ", ".join(f"c{i} as {quoted(c['name'])}" for i, c in enumerate(columns)) + " from raw")

    def of(self, *kinds): return [n for n, k in self.columns.items() if k in kinds]
    def sql(self, text): return self.con.execute(text).fetchall()
    def distinct(self, name): return self.sql(f"select count(distinct {quoted(name)}) from t")[0][0]

    def chart(self, kind, **query):
        """The figures of a chart: the heads and the rows; None when it is refused."""
        asked = {"type": kind, "lang": "en", **{k: v for k, v in query.items() if v}}
        text = ask(self.path + "/chart.csv", **asked)
        if text is None:
            refused[kind] += 1
            return None
        rows = list(csv.reader(io.StringIO(text)))
        check_drawing(ask(self.path + "/chart.svg", **asked), kind, rows, (self.path, kind, query))
        return rows

figure = {"count": "count(*)", "sum": "sum({y})", "avg": "avg({y})", "min": "min({y})", "max": "max({y})"}

def measure(agg, y): return figure[agg].format(y=quoted(y) if y else "")

def check_drawing(text, kind, rows, what):
    """The marks of a drawing stand in proportion to the figures."""
    root = xml.fromstring(text)
    marks = [e for e in root.iter() if e.get("data-row")]
    values = {}
    for e in marks:
        row, col = int(e.get("data-row")), int(e.get("data-col"))
        value = rows[1 + row][1 + col]
        if value == "": wrong(what, "a mark without a figure", row, col)
        values[e] = float(value)
    if kind in ("bars", "grouped", "histogram"):
        rests = [i for i, row in enumerate(rows[1:]) if row[0].startswith("other (")] # their bar may be cut, and says so
        rects = [(abs(values[e]), float(e.get("width")), float(e.get("height"))) for e in marks if e.tag.endswith("rect") and int(e.get("data-row")) not in rests]
        if not rects: return
        most = max(r[0] for r in rects)
        side = 1 if kind != "histogram" and len({r[2] for r in rects}) == 1 else 2
        longest = max(r[side] for r in rects)
        for r in rects:
            if most and abs(r[side] - r[0] / most * longest) > 1.5: wrong(what, "a bar of", r[0], "is", r[side], "of", longest, "for", most)
        drawn[kind] += len(rects)
    if kind in ("lines", "area", "scatter"):
        drawn[kind] += len(marks)
    if str(what[2].get("x", "")).endswith("__year") and len(rows) > 2: # the axis says years
        texts = {e.text.strip("\u200e\u200f") for e in root.iter() if e.tag.endswith("text") and e.text}
        years = range(int(rows[1][0]), int(rows[-1][0]) + 1)
        if not any(str(y) in texts for y in years): wrong(what, "no year on the axis", sorted(texts)[:9])
    if kind == "scatter" and len(marks) > 2:
        for k, axis in ((0, "cx"), (1, "cy")):
            points = sorted((float(rows[1 + int(e.get("data-row"))][k]), float(e.get(axis))) for e in marks)
            (a, pa), (b, pb) = points[0], points[-1]
            for v, p in points:
                if b != a and abs(pa + (v - a) / (b - a) * (pb - pa) - p) > 1.5: wrong(what, "a point of", v, "is at", p)

def check_bars(t, x, agg, y, top, **filters):
    rows = t.chart("bars", x=x, agg=agg, y=y, top=top, **filters)
    if rows is None: return
    where = "where " + " and ".join(f"{quoted(k)} = '{v}'" for k, v in filters.items()) if filters else ""
    want = {r[0]: r[1] for r in t.sql(f"select {quoted(x)}::varchar, {measure(agg, y)} from t {where} group by 1")}
    rest = None
    for key, value, *_ in rows[1:]:
        if re.fullmatch(r"other \([\d,]+\)", key) and key not in want:
            rest = value
            continue
        key = None if key == "" and "" not in want else key
        if key not in want or not near(value, want[key]): wrong(t.path, "bars", x, agg, y, key, value, want.get(key))
        shown = want.pop(key, None)
        compared["bars"] += 1
    if rest is None:
        if any(v is not None for v in want.values()): wrong(t.path, "bars", x, agg, y, "without", want)
    else:
        keys = [k for k in want if k is not None]
        part = " or ".join(([f"{quoted(x)}::varchar in (" + ",".join("'" + k.replace("'", "''") + "'" for k in keys) + ")"] if keys else []) + ([f"{quoted(x)} is null"] if None in want else []))
        others = t.sql(f"select {measure(agg, y)} from t {where or 'where true'} and ({part})")[0][0]
        if not near(rest, others): wrong(t.path, "bars", x, agg, y, "others", rest, others)
        compared["bars"] += 1

def check_series(t, kind, x, sql, agg, y, group):
    rows = t.chart(kind, x=x, agg=agg, y=y, group=group, top=200)
    if rows is None: return
    by = f", {quoted(group)}::varchar" if group else ", ''"
    want = {(str(r[0]), r[1]): r[2] for r in t.sql(f"select {sql}{by}, {measure(agg, y)} from t where {sql} is not null group by 1, 2")}
    for row in rows[1:]:
        if row[0].startswith("other ("): continue
        for head, value in zip(rows[0][1:], row[1:]):
            key = (row[0], head if group else "")
            if group and not any(k[1] == head for k in want): continue # all others together, or those without a name
            if not near(value, want.get(key)): wrong(t.path, kind, x, agg, y, group, key, value, want.get(key))
            compared[kind] += 1

def check_histogram(t, y):
    rows = t.chart("histogram", y=y)
    if rows is None: return
    number = lambda s: float(s.replace(",", "").replace("−", "-").replace("\u2068", "").replace("\u2069", ""))
    edges = []
    for label, n in rows[1:]:
        ends = label.split(" – ")
        try: edges.append((number(ends[0]), number(ends[-1]), int(n)))
        except ValueError: return # edges in words
    if sum(e[2] for e in edges) != t.sql(f"select count({quoted(y)}) from t")[0][0]: wrong(t.path, "histogram", y, "counts", sum(e[2] for e in edges))
    for i, (a, b, n) in enumerate(edges):
        last = "<=" if i == len(edges) - 1 or a == b else "<"
        want = t.sql(f"select count(*) from t where {quoted(y)} >= {a!r} and {quoted(y)} {last} {b!r}")[0][0]
        if n != want: wrong(t.path, "histogram", y, (a, b), n, want)
        compared["histogram"] += 1

def check_scatter(t, x, y):
    rows = t.chart("scatter", x=x, y=y)
    if rows is None: return
    want = t.sql(f"select {quoted(x)}::double, {quoted(y)}::double from t where {quoted(x)} is not null and {quoted(y)} is not null")
    rounded = lambda pairs: Counter((f"{float(a):.9g}", f"{float(b):.9g}") for a, b, *_ in pairs)
    got, want = rounded(rows[1:]), rounded(want)
    if sum(want.values()) <= 2000 and got != want or got - want: wrong(t.path, "scatter", x, y, list((got - want).items())[:3], list((want - got).items())[:3])
    compared["scatter"] += sum(got.values())

def check_map(t):
    about = ask(t.path.split("/resources/")[0].join(["/api/v1", "/map"]), resource=t.path.split("/")[-1])
    if about is None:
        refused["map"] += 1
        return
    about = json.loads(about)
    place, y, agg = about["place"], about.get("measure", ""), about["agg"]
    query = {"place": place, "lang": "en", **({"measure": y, "agg": agg} if y else {})}
    rows = list(csv.reader(io.StringIO(ask(t.path + "/map.csv", **query))))
    root = xml.fromstring(ask(t.path + "/map.svg", **query))
    if place.startswith("_"):
        want = t.sql(f"select {quoted(y) if y else 1}::double from t")
        if Counter(f"{float(r[1]):.9g}" for r in rows[1:] if r[1] != "") != Counter(f"{w[0]:.9g}" for w in want if w[0] is not None): wrong(t.path, "map", place, y)
        shapes = [e for e in root.iter() if e.tag.endswith("circle") or e.tag.endswith("path")]
        if len(shapes) < 1: wrong(t.path, "map", "nothing is drawn")
    else:
        want = {r[0]: r[1] for r in t.sql(f"select {quoted(place)}, {measure(agg, y)} from t group by 1") if r[0] not in about["unmatched"] and r[0] is not None}
        got = sorted(float(r[1]) for r in rows[1:] if r[1] != "")
        if len(got) != len(want) or not all(near(a, b) for a, b in zip(got, sorted(float(w) for w in want.values()))): wrong(t.path, "map", place, y, got[:3], sorted(want.values())[:3])
        texts = {e.text for e in root.iter() if e.tag.endswith("text")}
        if not any(r[0] in texts for r in rows[1:]): wrong(t.path, "map", "no place is named in the drawing")
    compared["map"] += len(rows) - 1
    drawn["map"] += sum(1 for e in root.iter() if e.tag.split("}")[-1] in ("rect", "circle", "path"))

def check(t):
    named = [n for n in t.of("text") if 0 < t.distinct(n) <= 2000][:4]
    numbers, days = t.of("integer", "decimal")[:3], t.of("date", "datetime")[:1]
    for x in named:
        check_bars(t, x, "count", "", 15)
        for y in numbers:
            for agg in ("sum", "avg", "min", "max"): check_bars(t, x, agg, y, 200 if agg == "avg" else 15)
    few = [n for n in named if t.distinct(n) <= 12][:2]
    for x in [n for n in named if t.distinct(n) <= 200][:2]:
        for g in few:
            if g != x:
                for y in numbers[:2]: check_series(t, "grouped", x, f"{quoted(x)}::varchar", "sum", y, g)
    for d in days:
        for y in numbers[:2]:
            for agg in ("sum", "avg", "max"): check_series(t, "lines", d + "__year", f"year({quoted(d)})", agg, y, "")
            for g in few: check_series(t, "lines", d + "__year", f"year({quoted(d)})", "avg", y, g)
        check_series(t, "area", d + "__month", f"strftime({quoted(d)}, '%Y-%m')", "count", "", "")
        if few: check_series(t, "area", d + "__year", f"year({quoted(d)})", "count", "", few[0])
    for y in numbers: check_histogram(t, y)
    if len(numbers) > 1: check_scatter(t, numbers[0], numbers[1])
    check_map(t)

listed = json.loads(ask("/api/v1/datasets", _size=100))["results"]
for entry in listed:
    dataset = json.loads(ask(f"/api/v1/datasets/{entry['slug']}"))
    for resource in dataset["resources"]:
        if resource.get("rows"): check(Table(entry["slug"], resource["id"]))
print(json.dumps({"compared": compared, "drawn": drawn, "refused": refused}))
