# Holds a table in memory and asks each query of it once, and then three times
# more, timed; prints the median in seconds and all rows of each, sorted.
import json
import sys
import time

import duckdb


def shown(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


con = duckdb.connect()
con.execute("set enable_progress_bar = false")
con.execute("create table t as " + sys.argv[1])
groups = ["\n".join(sorted((",".join(map(shown, row)) for row in con.execute(query).fetchall()), key=str.encode)) for query in sys.argv[2:]]
took = []
for query in sys.argv[2:] * 3:
    start = time.perf_counter()
    con.execute(query).fetchall()
    took.append(time.perf_counter() - start)
print(json.dumps({"seconds": sorted(took)[len(took) // 2], "groups": groups}))
