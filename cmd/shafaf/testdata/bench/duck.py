# Runs statements in a database file of DuckDB, the last one timed from the
# opening of the database on; prints seconds, processor seconds and, when the
# last one is a query, its rows as JSON.
import json
import resource
import sys
import time

import duckdb


def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


*before, last = sys.argv[2:]
con = duckdb.connect(sys.argv[1])
con.execute("set enable_progress_bar = false")
for statement in before:
    con.execute(statement)
con.close()
start, used = time.perf_counter(), cpu()
con = duckdb.connect(sys.argv[1])
con.execute("set enable_progress_bar = false")
rows = con.execute(last).fetchall()
print(json.dumps({"seconds": time.perf_counter() - start, "cpu": cpu() - used, "rows": [[str(v) for v in row] for row in rows]}))
