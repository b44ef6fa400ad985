# Writes a CSV file as a sheet with XlsxWriter: sheet_writer.py FILE.csv FILE.xlsx TYPES.
import csv
import datetime
import sys

import xlsxwriter

source, target, types = sys.argv[1:4]
book = xlsxwriter.Workbook(target, {"constant_memory": True})
sheet = book.add_worksheet()
day = book.add_format({"num_format": "yyyy-mm-dd"})
for r, row in enumerate(csv.reader(open(source, encoding="utf-8", newline=""))):
    for c, cell in enumerate(row):
        if cell == "":
            continue
        kind = types[c] if r else "t"
        if kind == "n":
            sheet.write_number(r, c, float(cell))
        elif kind == "d":
            sheet.write_datetime(r, c, datetime.date.fromisoformat(cell), day)
        elif kind == "b":
            sheet.write_boolean(r, c, cell == "true")
        else:
            sheet.write_string(r, c, cell)
book.close()
