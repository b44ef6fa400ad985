// What a new user does, in Persian, with the keyboard only and JavaScript off:
// finds the population of the provinces, opens the table, sorts it and takes
// it away as Excel. The words are typed as an Arabic keyboard and a hurried
// hand give them: ي for ی, and no half-space.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const words = 'جمعيت استانها';
const title = 'جمعیت استان';
const maxStops = 60;

// focused tells what has the focus.
const focused = () => {
  const e = document.activeElement;
  return { tag: e.tagName, href: e.getAttribute('href') ?? '', text: e.textContent.trim(), type: e.type ?? '',
    inHead: Boolean(e.closest('th')), numeric: Boolean(e.closest('th.num')), inMain: Boolean(e.closest('main')) };
};

// tabTo presses Tab until the focus is where it should be, and returns how
// many stops that took.
async function tabTo(page, what, is) {
  for (let n = 1; n <= maxStops; n++) {
    await page.keyboard.press('Tab');
    const f = await page.evaluate(focused);
    if (is(f)) return n;
  }
  throw new Error(`${what} is not within ${maxStops} stops of ${decodeURIComponent(page.url())}`);
}

// follow presses Enter on a link or in a form and waits for the page after.
async function follow(page) {
  await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.keyboard.press('Enter')]);
}

// values are the cells of the first numeric column, as numbers.
const values = (sorted) => {
  const heads = [...document.querySelectorAll('table.data thead th')];
  const at = sorted ? heads.findIndex((h) => h.hasAttribute('aria-sort')) : heads.findIndex((h) => h.classList.contains('num'));
  const cells = [...document.querySelectorAll('table.data tbody tr')].map((r) => r.cells[at].textContent);
  const digits = (s) => s.replace(/[۰-۹]/g, (d) => '۰۱۲۳۴۵۶۷۸۹'.indexOf(d)).replaceAll('٬', '').replace('٫', '.').replace(/[\u200e−]/g, (c) => (c === '−' ? '-' : ''));
  return { sort: heads[at]?.getAttribute('aria-sort'), list: cells.map((c) => Number(digits(c))), label: heads[at]?.querySelector('bdi')?.textContent };
};

const ordered = (list, sign) => list.every((v, i) => i === 0 || Number.isNaN(v) || sign * (v - list[i - 1]) >= 0);

export async function walkthrough(browser, base, report, dir) {
  const context = await browser.newContext({ locale: 'fa-IR', javaScriptEnabled: false, acceptDownloads: true, viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const step = (what, faults) => report.check('a new user', what, faults);
  try {
    await page.goto(base + '/');
    step('the portal opens in Persian', page.url().endsWith('/fa/') ? [] : page.url());
    const stops = await tabTo(page, 'the search box', (f) => f.type === 'search');
    await page.keyboard.type(words);
    await follow(page);
    const first = await tabTo(page, `“${title}” among the results`, (f) => f.tag === 'A' && f.inMain && f.text.includes(title));
    report.note(`a new user: ${stops} stops to the search box, ${first} to the result`);
    await follow(page);
    step('the dataset opens', (await page.title()).includes(title) ? [] : await page.title());
    await tabTo(page, 'the table', (f) => f.tag === 'A' && /\/table(\?|$)/.test(f.href));
    await follow(page);
    const rows = await sortTwice(page, step);
    await takeAway(page, step, rows, dir);
  } catch (e) {
    step('gets through', e.message.split('\n')[0]);
  }
  await context.close();
}

// sortTwice sorts the table by its first numeric column, upwards and
// downwards, and returns what the page then shows of it.
async function sortTwice(page, step) {
  let shown;
  for (const [sort, sign] of [['ascending', 1], ['descending', -1]]) {
    await tabTo(page, 'the head of a numeric column', (f) => f.tag === 'A' && f.numeric);
    await follow(page);
    shown = await page.evaluate(values, true);
    const faults = [];
    if (shown.sort !== sort) faults.push(`aria-sort is ${shown.sort}`);
    if (shown.list.length < 5 || !ordered(shown.list, sign)) faults.push(`the values are ${shown.list.slice(0, 5)} …`);
    step(`the table is sorted ${sort}`, faults);
  }
  return shown;
}

// takeAway downloads the table as Excel and opens it.
async function takeAway(page, step, shown, dir) {
  await tabTo(page, 'the download as Excel', (f) => f.tag === 'A' && /\.xlsx(\?|$)/.test(f.href));
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  const name = download.suggestedFilename();
  step('the file has a Persian name', /^[\u0600-\u06ff].*\.xlsx$/.test(name) ? [] : name);
  const file = join(dir, 'table.xlsx');
  await download.saveAs(file);
  const sheet = await open(file);
  if (!sheet) {
    step('the workbook opens (python3 with openpyxl is needed: set SHAFAF_PYTHON)', 'no openpyxl here');
    return;
  }
  const column = sheet.head.indexOf(shown.label);
  const faults = [];
  if (column < 0) faults.push(`no column “${shown.label}” in ${sheet.head}`);
  const largest = Math.max(...sheet.rows.map((r) => r[column]).filter((v) => typeof v === 'number'));
  if (largest !== shown.list[0]) faults.push(`the largest value is ${largest} in the workbook and ${shown.list[0]} on the page`);
  step('the workbook has the values of the page', faults);
}

// open reads a workbook with openpyxl; undefined where there is none.
async function open(file) {
  const program = 'import json,sys,openpyxl\n' +
    's=openpyxl.load_workbook(sys.argv[1],read_only=False).worksheets[0]\n' +
    'r=[[c if isinstance(c,(int,float,str,type(None))) else str(c) for c in row] for row in s.iter_rows(values_only=True)]\n' +
    'print(json.dumps({"head":r[0],"rows":r[1:]}))';
  const own = join(import.meta.dirname, '../../.venv/bin/python');
  for (const python of [process.env.SHAFAF_PYTHON, existsSync(own) ? own : '', 'python3'].filter(Boolean)) {
    try {
      const { stdout } = await promisify(execFile)(python, ['-c', program, file], { maxBuffer: 64 << 20 });
      return JSON.parse(stdout);
    } catch (e) {
      if (!/No module named|ENOENT/.test(e.message)) throw e;
    }
  }
  return undefined;
}
