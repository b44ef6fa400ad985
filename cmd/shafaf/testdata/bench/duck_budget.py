# Writes a budget as a Parquet file and asks for the parts of 100 places of it;
# prints the seconds of each question.
import json
import random
import sys
import time

import duckdb

con = duckdb.connect()
con.execute("set enable_progress_bar = false")
source, parquet = sys.argv[1:3]
con.execute("copy (select * from read_csv('%s', types={'unit': 'varchar', 'cofog': 'varchar'})) to '%s' (format parquet)" % (source, parquet))
took = []
random.seed(4)
for turn in range(110):
    year, unit = 1390 + random.randrange(15), "%02d" % random.randrange(60)
    for query in [
        "select unit, count(*), sum(approved), sum(executed) from '%s' where year = %d group by 1" % (parquet, year),
        "select programme, count(*), sum(approved), sum(executed) from '%s' where year = %d and unit = '%s' group by 1" % (parquet, year, unit),
    ]:
        start = time.perf_counter()
        con.execute(query).fetchall()
        if turn >= 10:
            took.append(time.perf_counter() - start)
print(json.dumps(took))
