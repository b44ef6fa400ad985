package catalog

import "errors"

// retireRelease gives a release the state. A process is retired with the last
// of its releases that was published: while one is there, what the others said
// stays a part of it.
func retireRelease(t *Tx, id, state string) error {
	if err := t.exec("update releases set state = ? where id = ?", state, id); err != nil {
		return err
	}
	r := Removal{Noun: nounProcess}
	err := t.row(`select p.id, p.slug, p.title, p.agency, l.kind, l.reason, l.source, l.run, p.ocid from releases r
		join processes p on p.id = r.process and p.state = 'published'
		join removals l on l.noun = 'release' and l.thing = r.id and l.returned = ''
		where r.id = ? and not exists (select 1 from releases o where o.process = p.id and o.state = 'published') order by l.at desc limit 1`, id).
		Scan(&r.Thing, &r.Slug, asJSON(&r.Title), &r.Agency, &r.Kind, &r.Reason, orNull(&r.Source), orNull(&r.Run), &r.Identifier)
	if NoRow(err) {
		return nil
	}
	if err != nil {
		return err
	}
	t.changed(nounProcess, r.Thing, OpRetire)
	return errors.Join(t.remove(&r), retireProcess(t, r.Thing, state))
}

// backRelease publishes a release again that was retired, and its process.
func backRelease(t *Tx, id string) error {
	if err := t.exec("update releases set state = 'published' where id = ? and state = 'retired'", id); err != nil {
		return err
	}
	var process string
	err := t.row("select p.id from releases r join processes p on p.id = r.process where r.id = ? and p.state = 'retired'", id).Scan(&process)
	if NoRow(err) {
		return nil
	}
	if err != nil {
		return err
	}
	t.changed(nounProcess, process, OpPut)
	if err := t.returned(nounProcess, process); err != nil {
		return err
	}
	return backProcess(t, process)
}

func retireProcess(t *Tx, id, state string) error {
	return t.exec("update processes set state = ? where id = ?", state, id)
}

func backProcess(t *Tx, id string) error {
	return t.exec("update processes set missing = '', state = iif(state = 'retired', 'published', state) where id = ?", id)
}
