// Counts checks, prints one line for each that fails, and adds up what time they
// take.

// trace tells each check when it is made.
function trace(page, rule) {
  if (process.env.SHAFAF_TRACE) console.error(new Date().toISOString().slice(14, 23), page, rule);
}

// A Part is what one of several walks side by side finds, until its turn comes.
export class Part {
  checks = [];
  last = performance.now();

  check(page, rule, faults) {
    trace(page, rule);
    const now = performance.now();
    this.checks.push([page, rule, faults, (now - this.last) / 1000]);
    this.last = now;
  }
}

export class Report {
  passed = 0;
  failed = 0;
  notes = [];
  seconds = new Map(); // by rule

  // check records one rule on one page. Faults are sentences; none means passed.
  check(page, rule, faults) {
    trace(page, rule);
    return this.record(page, rule, faults);
  }

  record(page, rule, faults) {
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

  // take records what a part has found.
  take(part) {
    for (const [page, rule, faults, seconds] of part.checks) {
      this.record(page, rule, faults);
      const kind = page.endsWith('without JavaScript') ? `${rule} without JavaScript` : rule;
      this.seconds.set(kind, (this.seconds.get(kind) ?? 0) + seconds);
    }
  }

  note(line) {
    this.notes.push(line);
  }

  end(seconds) {
    for (const line of this.notes) console.log(line);
    const most = [...this.seconds].sort((a, b) => b[1] - a[1]).slice(0, 12);
    if (most.length > 0) console.log(`seconds: ${most.map(([kind, n]) => `${kind} ${n.toFixed(0)}`).join(', ')}`);
    console.log(`${this.passed} passed, ${this.failed} failed, in ${seconds.toFixed(0)} s`);
    return this.failed === 0 ? 0 : 1;
  }
}
