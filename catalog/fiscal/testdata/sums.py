"""Sums the amounts of a table with DuckDB, straight from its file.

Reads a JSON object of tables from its input, each with file, mapping, scale and
except, and prints the sums of each in minor units by year and phase.
"""
import io, json, os, sys, tempfile, zipfile
import duckdb


def column(con, label):
    for (name,) in con.execute("select column_name from information_schema.columns where table_name = 't'").fetchall():
        if name.strip() == label.strip():
            return '"%s"' % name.replace('"', '""')
    raise SystemExit("no column " + label)


def sums_of(spec):
    m, path = spec["mapping"], spec["file"]
    raw = open(path, "rb").read()
    if path.endswith(".zip"):
        z = zipfile.ZipFile(io.BytesIO(raw))
        raw = z.read(next(n for n in z.namelist() if n.endswith(".csv") and "MACOSX" not in n))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1250" if "PL." in path else "cp1252")
    con = duckdb.connect()
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "table")
        if path.endswith(".json"):
            rows = json.loads(text)
            cols = list(dict.fromkeys(k for r in rows for k in r))
            con.execute("create table t (%s)" % ", ".join('"%s" varchar' % c for c in cols))
            con.executemany("insert into t values (%s)" % ", ".join("?" * len(cols)), [[r.get(c) for c in cols] for r in rows])
        else:
            with open(name, "w", encoding="utf-8", newline="") as f:
                f.write(text)
            sep = ";" if text.split("\n", 1)[0].count(";") > 3 else ","
            con.execute(f"create table t as select * from read_csv('{name}', delim='{sep}', header=true, all_varchar=true, quote='\"', escape='\"', strict_mode=false, null_padding=true, parallel=false)")


    fields = m["fields"]
    year = next((column(con, f["column"]) for f in fields if f["type"] == "date:fiscal-year"), None)
    where = "not (%s)" % spec["except"] if spec["except"] else "true"
    sums = {}
    for f in fields:
        if f["type"] != "value":
            continue
        decimal = f.get("decimal_char") or m.get("decimal_char") or "."
        group = f.get("group_char") or m.get("group_char") or ","
        clean = f"regexp_replace(replace({column(con, f['column'])}, '{group}', ''), '[^0-9.,eE-]', '', 'g')"
        if decimal != ".":
            clean = f"replace({clean}, '{decimal}', '.')"
        factor = f.get("factor") or m.get("factor") or "1"
        of = "'%s'" % (f.get("year") or m.get("year")) if not year else f"trim({year})"
        phase = f.get("phase") or m.get("phase") or "approved"
        for y, n, total in con.execute(
            f"""select y, count(v), sum(round(v * {factor}, {spec['scale']}))::varchar
                from (select {of} as y, try_cast({clean} as decimal(38, 12)) as v from t where {where}) group by y""").fetchall():
            if n:
                whole, _, cents = total.partition(".")
                key = f"{y} {phase}"
                sums[key] = str(int(whole + cents.ljust(spec["scale"], "0")[: spec["scale"]]))
    return sums


json.dump({name: sums_of(spec) for name, spec in json.load(sys.stdin).items()}, sys.stdout)
