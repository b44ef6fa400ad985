// Counts checks, and prints one line for each that fails.
export class Report {
  passed = 0;
  failed = 0;
  notes = [];

  // check records one rule on one page. Faults are sentences; none means passed.
  check(page, rule, faults) {
    if (process.env.SHAFAF_TRACE) console.error(new Date().toISOString().slice(14, 22), page, rule);
    const list = Array.isArray(faults) ? faults : faults ? [faults] : [];
    if (list.length === 0) {
      this.passed++;
      return true;
    }
    this.failed++;
    const more = list.length > 4 ? ` … and ${list.length - 4} more` : '';
    console.log(`FAIL ${page} · ${rule}: ${list.slice(0, 4).join(' | ')}${more}`);
    return false;
  }

  note(line) {
    this.notes.push(line);
  }

  end(seconds) {
    for (const line of this.notes) console.log(line);
    console.log(`${this.passed} passed, ${this.failed} failed, in ${seconds.toFixed(0)} s`);
    return this.failed === 0 ? 0 : 1;
  }
}
