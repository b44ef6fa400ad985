# Indexes a data.json with Xapian, or asks words of it with five facets:
# xapian_search.py index FILE FOLDER; xapian_search.py ask FOLDER WORD…
import json
import sys
import time

import xapian

SLOTS = range(5)  # keyword, agency, theme, format, licence


def index(file, folder):
    db = xapian.WritableDatabase(folder, xapian.DB_CREATE_OR_OPEN)
    terms = xapian.TermGenerator()
    for d in json.load(open(file, encoding="utf-8"))["dataset"]:
        doc = xapian.Document()
        terms.set_document(doc)
        terms.index_text(d["title"], 3)
        for text in [d["description"], *d["keyword"], d["publisher"]["name"], "file"]:
            terms.increase_termpos()
            terms.index_text(text)
        for slot, value in zip(SLOTS, [d["keyword"][0], d["publisher"]["name"], d["theme"][0], d["distribution"][0]["format"], d["license"]]):
            doc.add_value(slot, value)
        doc.set_data(json.dumps({"id": d["identifier"], "title": d["title"]}))
        db.add_document(doc)
    db.commit()


def ask(folder, words):
    db = xapian.Database(folder)
    parser = xapian.QueryParser()
    parser.set_database(db)
    seconds, totals = [], []
    for turn in range(4):
        for word in words:
            start = time.perf_counter()
            enquire = xapian.Enquire(db)
            enquire.set_query(parser.parse_query(word))
            spies = [xapian.ValueCountMatchSpy(slot) for slot in SLOTS]
            for spy in spies:
                enquire.add_matchspy(spy)
            found = enquire.get_mset(0, 20, db.get_doccount())
            page = [m.document.get_data() for m in found]
            facets = [[(v.term, v.termfreq) for v in spy.top_values(20)] for spy in spies]
            if turn > 0:
                seconds.append(time.perf_counter() - start)
            else:
                totals.append(found.get_matches_estimated())
            assert page and facets
    print(json.dumps({"seconds": seconds, "totals": totals}))


if sys.argv[1] == "index":
    index(sys.argv[2], sys.argv[3])
else:
    ask(sys.argv[2], sys.argv[3:])
