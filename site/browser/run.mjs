// Goes over every page of a running portal: node run.mjs --base http://127.0.0.1:8080
//
// --only TEXT looks at addresses that contain TEXT only, --only explorer at what
// JavaScript adds to tables, charts and maps, --only quote at what it adds to
// drafts, --only suggest at what it adds to the search; --shots DIR takes pictures of the pages; --list prints the pages and
// ends. SHAFAF_TRACE=1 tells each check with its time. SHAFAF_CHROMIUM names the browser,
// SHAFAF_PYTHON a python with openpyxl. Exit code 0: every check passed; 1: some did not; 2: misused.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { explorer } from './explorer.mjs';
import { deadLinks, list } from './pages.mjs';
import { quote } from './quote.mjs';
import { Report } from './report.mjs';
import { selfCheck } from './selfcheck.mjs';
import { speed } from './speed.mjs';
import { schemes, sides } from './styles.mjs';
import { suggest } from './suggest.mjs';
import { Common, Visitor } from './visit.mjs';
import { walkthrough } from './walkthrough.mjs';

const { values: flags } = parseArgs({ options: { base: { type: 'string' }, only: { type: 'string' }, shots: { type: 'string' }, list: { type: 'boolean' } } });
if (!flags.base) {
  console.error('usage: node run.mjs --base URL [--only TEXT] [--shots DIR] [--list]');
  process.exit(2);
}
const base = flags.base.replace(/\/$/, '');
if (flags.shots) mkdirSync(flags.shots, { recursive: true });
if (flags.list) {
  for (const p of (await list(base)).pages) console.log(p.status, p.name, p.path);
  process.exit(0);
}
const work = mkdtempSync(join(tmpdir(), 'shafaf-browser-'));
const start = performance.now();
const report = new Report();
const browser = await chromium.launch({
  executablePath: process.env.SHAFAF_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

// walkAll visits pages in both languages, two side by side, reports in the order
// of the list, and returns the addresses of their style sheets.
async function walkAll(pages) {
  const visits = pages.flatMap((p) => ['fa', 'en'].map((lang) => [p, lang]));
  const common = new Common();
  const found = [];
  let [next, told] = [0, 0];
  const worker = async () => {
    const visitor = new Visitor(browser, base, flags.shots);
    while (next < visits.length) {
      const n = next++;
      found[n] = await visitor.visit(...visits[n]);
      for (; found[told]; told++) {
        common.compare(found[told]);
        report.take(found[told].part);
      }
    }
    await visitor.close();
  };
  await Promise.all([worker(), worker()]);
  return common.styles;
}

try {
  const { pages, faults } = await list(base);
  report.check('the portal', 'every kind of page is linked', faults);
  const some = pages.filter((p) => !flags.only || p.path.includes(flags.only));
  await selfCheck(browser, base, report);
  const styles = await walkAll(some);
  const paths = some.filter((p) => p.status === 200).flatMap((p) => [`/fa${p.path}`, `/en${p.path}`]);
  const [{ dead, count }] = await Promise.all([ // the explorer waits more than it works
    flags.only ? { dead: [], count: 0 } : deadLinks(base, paths),
    (!flags.only || flags.only === 'explorer') && explorer(browser, base, report),
  ]);
  if (!flags.only || flags.only === 'quote') await quote(browser, base, report);
  if (!flags.only || flags.only === 'suggest') await suggest(browser, base, report);
  report.check('the style sheet', 'no left and right', await sides(styles));
  report.check('the style sheet', 'schemes differ in colours alone', await schemes(styles));
  if (!flags.only) {
    report.check('the portal', 'links', dead);
    await walkthrough(browser, base, report, work);
    await speed(browser, base, ['/fa/', '/fa/datasets', pages.find((p) => p.path.startsWith('/datasets/'))?.path].filter(Boolean).map((p) => (p.startsWith('/fa') ? p : `/fa${p}`)), report);
    report.note(`${some.length} pages in fa and en, light and dark, ${some.filter((p) => p.whole).length} of them with axe and without JavaScript; ${count} links`);
  }
} finally {
  await browser.close();
  rmSync(work, { recursive: true, force: true });
}
process.exitCode = report.end((performance.now() - start) / 1000);
