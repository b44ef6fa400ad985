// What JavaScript adds to tables, charts, maps and downloads, with the keyboard
// wherever somebody can use one: views without reload, Back and Forward, a slow
// server and one that fails, figures read out of drawings, remembered columns.
// Each rule is tried in both languages.

import { Part } from './report.mjs';

const wide = { width: 1280, height: 900 };
const maxStops = 90;
const slow = 900; // milliseconds that a slow answer takes

// picks finds the tables to try with: one with a column of few texts and a
// numeric one and more rows than a page has, and datasets with a map.
async function picks(base) {
  const json = async (path) => (await fetch(`${base}/api/v1${path}`)).json();
  const { results } = await json('/datasets?_size=100');
  results.sort((a, b) => (a.slug < b.slug ? -1 : 1)); // the same tables each time
  const found = { maps: new Map() }; // by what they are drawn of
  for (const d of results) {
    const rows = Math.max(0, ...d.resources.map((r) => r.rows ?? 0));
    if (rows === 0) continue;
    for (const query of rows < 200 ? ['', '?place=_points'] : ['']) { // of more points several are one dot
      const page = await (await fetch(`${base}/en/datasets/${d.slug}/map${query}`)).text();
      for (const kind of ['map-tiles', 'map-dot', 'map-area']) if (page.includes(`class="${kind}`) && !found.maps.has(kind)) found.maps.set(kind, d.slug + '/map' + query);
    }
    if (found.slug || rows < 120 || rows > 9000) continue;
    const columns = (await json(`/datasets/${d.slug}/columns`)).results;
    const text = columns.find((c) => c.type === 'text' && c.profile.distinct > 3 && c.profile.distinct < 40 && /^[\p{L} ]{4,20}$/u.test(c.profile.top?.[0]?.value ?? ''));
    const number = columns.find((c) => (c.type === 'integer' || c.type === 'decimal') && c.profile.distinct > 50);
    if (!text || !number || columns.length < 4) continue;
    if ((await json(`/datasets/${d.slug}/table?${new URLSearchParams({ [text.name]: text.profile.top[0].value })}`)).total <= 2) continue;
    Object.assign(found, { slug: d.slug, text: text.name, at: columns.indexOf(text), value: text.profile.top[0].value, number: number.name, columns: columns.length });
  }
  return found;
}

// A Reader is a person at a page, who notices when it is loaded anew.
class Reader {
  constructor(page, faults) {
    Object.assign(this, { page, faults });
  }

  async open(url) {
    await this.page.goto(url, { waitUntil: 'load' });
    await this.page.evaluate(() => { window.sameDocument = true; });
  }

  // stays says whether the document is still the one that was opened.
  stays() {
    return this.page.evaluate(() => window.sameDocument === true);
  }

  // until waits for what a function of the page says.
  until(what, is, arg) {
    return this.page.waitForFunction(is, arg, { timeout: 8000 }).catch(() => { throw new Error(`${what} does not come about at ${decodeURIComponent(this.page.url())}`); });
  }

  press(...keys) {
    return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve());
  }

  // tabTo presses Tab until the focus is on what the selector means.
  async tabTo(selector) {
    for (let n = 0; n < maxStops; n++) {
      await this.page.keyboard.press('Tab');
      if (await this.page.evaluate((s) => document.activeElement.matches(s), selector)) return;
    }
    throw new Error(`${selector} is not within ${maxStops} stops`);
  }

  focused() {
    return this.page.evaluate(() => {
      const e = document.activeElement;
      return { tag: e.tagName, id: e.id, value: e.value ?? '', text: (e.querySelector('bdi') ?? e).textContent.trim(), rel: e.getAttribute('rel') ?? '' };
    });
  }

  sentence() {
    return this.page.evaluate(() => document.querySelector('[data-announce]').textContent);
  }

  status() {
    return this.page.evaluate(() => document.querySelector('body > [role=status]')?.textContent ?? '');
  }

  // expect notes a fault unless it is so.
  expect(is, fault) {
    if (!is) this.faults.push(fault);
  }
}

// explorer tries both languages side by side.
export async function explorer(browser, base, report) {
  const found = await picks(base);
  if (!found.slug || found.maps.size === 0) {
    report.check('the explorer', 'there is a table and a map to try', 'none');
    return;
  }
  const parts = ['fa', 'en'].map(async (lang) => {
    const part = new Part();
    const table = `${base}/${lang}/datasets/${found.slug}/table`;
    const attempt = async (what, act, options = {}) => {
      const context = await browser.newContext({ viewport: wide, reducedMotion: 'reduce', acceptDownloads: true, locale: lang === 'fa' ? 'fa-IR' : 'en-GB' });
      const page = await context.newPage();
      const faults = [];
      page.on('console', (m) => { if (m.type() === 'error' && !(options.fails && /Failed to load/.test(m.text()))) faults.push(`console: ${m.text()}`); });
      page.on('pageerror', (e) => faults.push(`error: ${e.message}`));
      await act(new Reader(page, faults), page).catch((e) => faults.push(e.message.split('\n')[0]));
      part.check(`the explorer in ${lang}`, what, faults);
      await context.close();
    };
    await attempt('a condition is typed', (r, page) => typing(r, page, table, found));
    await attempt('columns, pages, Back and Forward', (r) => walking(r, table));
    await attempt('facets and chips', (r) => facets(r, table));
    await attempt('a slow server', (r, page) => slowly(r, page, table));
    await attempt('a server that fails', (r, page) => failing(r, page, table), { fails: true });
    await attempt('remembered columns', (r, page) => columns(r, page, table, found));
    await attempt('downloads that must be made', (r, page) => downloads(r, page, table, found, lang), { fails: true });
    await attempt('another chart is chosen', (r, page) => choosing(r, page, `${base}/${lang}/datasets/${found.slug}/chart?type=bars`));
    for (const type of ['bars', 'lines', 'histogram']) {
      await attempt(`figures of ${type}`, (r, page) => figures(r, page, `${base}/${lang}/datasets/${found.slug}/chart?type=${type}`));
    }
    for (const [kind, map] of found.maps) await attempt(`figures of ${kind}`, (r, page) => figures(r, page, `${base}/${lang}/datasets/${map}`));
    return part;
  });
  for (const part of await Promise.all(parts)) report.take(part);
}

// typing fills in a condition with the keyboard: one question for all letters,
// the focus and the text stay, the number of rows is said.
async function typing(r, page, table, found) {
  await r.open(table);
  const before = await r.sentence();
  const asked = [];
  page.on('request', (q) => { if (q.url().includes('_form=')) asked.push(q.url()); });
  await r.tabTo('#f1c');
  for (let n = 0; n <= found.at; n++) await r.press('ArrowDown');
  r.expect(await page.inputValue('#f1c') === found.text, `the column chosen is ${await page.inputValue('#f1c')}`);
  await r.press('Tab', 'Tab');
  await page.keyboard.type(found.value);
  await r.until('the condition', ([name, value]) => new URLSearchParams(location.search).get(name) === value, [found.text, found.value]);
  r.expect(await r.stays(), 'the page was loaded anew');
  r.expect(asked.length < found.value.length / 2, `${asked.length} questions for one word`);
  const f = await r.focused();
  r.expect(f.tag === 'INPUT' && f.value === found.value, `the focus is on <${f.tag}> with “${f.value}”`);
  r.expect(await r.status() === await r.sentence(), `said: “${await r.status()}”`);
  r.expect((await page.title()).length > 3 && await page.evaluate(() => document.querySelector('a.switch').search === location.search), 'the other language is of another view');
  await page.goBack();
  await r.until('the view before', (old) => document.querySelector('[data-announce]').textContent === old, before);
  r.expect(await r.stays() && !(await page.inputValue('#f1c')), 'Back does not restore the form');
  await page.goForward();
  await r.until('the view after', (v) => document.querySelector('#f1v').value === v, found.value);
}

// walking sorts, turns pages and goes back.
async function walking(r, table) {
  const { page } = r;
  await r.open(table);
  const first = await page.evaluate(() => document.querySelector('table.data tbody').textContent);
  await r.tabTo('thead th.num a');
  const head = (await r.focused()).text;
  await r.press('Enter');
  await r.until('the order', () => document.querySelector('th.num[aria-sort=ascending]'));
  r.expect((await r.focused()).text === head, `after sorting the focus is on “${(await r.focused()).text}”`);
  await r.press('Enter');
  await r.until('the other order', () => document.querySelector('th.num[aria-sort=descending]'));
  const sorted = await page.evaluate(() => document.querySelector('table.data tbody').textContent);
  await r.tabTo('.pager a[rel=next]');
  await r.press('Enter');
  await r.until('the next page', (old) => document.querySelector('table.data tbody').textContent !== old, sorted);
  r.expect(await page.evaluate(() => document.activeElement.closest('.pager') !== null), 'the focus leaves the pager');
  r.expect(await r.stays(), 'the page was loaded anew');
  await page.goBack();
  await r.until('the page before', (old) => document.querySelector('table.data tbody').textContent === old, sorted);
  await page.goBack();
  await page.goBack();
  await r.until('the first view', (old) => document.querySelector('table.data tbody').textContent === old, first);
  await page.goForward();
  await r.until('the order again', () => document.querySelector('th.num[aria-sort=ascending]'));
  r.expect(await r.stays(), 'Back loads the page anew');
}

async function facets(r, table) {
  const { page } = r;
  await r.open(table);
  await page.locator('.viewfacets a').first().focus();
  await r.press('Enter');
  await r.until('the facet', () => document.querySelector('.chip'));
  r.expect(await page.evaluate(() => document.activeElement.closest('.viewfacets') !== null), 'the focus leaves the facets');
  await page.locator('.chip').first().focus();
  await r.press('Enter');
  await r.until('the view without it', () => !document.querySelector('.chip'));
  r.expect(await page.evaluate(() => document.getElementById('main').contains(document.activeElement)), 'the focus is lost');
  r.expect(await r.stays(), 'the page was loaded anew');
}

// slowly asks twice while the first answer is on its way.
async function slowly(r, page, table) {
  await r.open(table);
  let late = 0;
  await page.route(/_sort=/, async (route) => {
    if (!route.request().url().includes('_sort=-') && late++ === 0) await new Promise((done) => { setTimeout(done, slow); });
    await route.continue().catch(() => 0); // it was given up
  });
  const heads = page.locator('thead th a');
  await heads.nth(0).focus();
  await r.press('Enter');
  await r.until('the sign that it takes time', () => document.querySelector('main.busy'));
  await heads.nth(1).focus();
  await r.press('Enter');
  await r.until('the newer view', () => document.querySelectorAll('thead th')[1].hasAttribute('aria-sort'));
  await page.waitForTimeout(slow + 300);
  r.expect(await page.evaluate(() => document.querySelectorAll('thead th')[1].hasAttribute('aria-sort')), 'the older answer replaces the newer one');
  r.expect(!(await page.evaluate(() => document.querySelector('main.busy'))), 'the page stays busy');
  r.expect(await r.stays(), 'the page was loaded anew');
}

// failing answers one question with an error and one with another page: each is
// then gone to as the browser does.
async function failing(r, page, table) {
  for (const [what, answer] of [
    ['an error', { status: 500, contentType: 'text/html', body: '<h1>500</h1>' }],
    ['another page', { status: 200, contentType: 'text/html', body: '<main id="main"><h1>A wall</h1></main>' }],
    ['no answer', null],
  ]) {
    await r.open(table);
    let failed = false;
    await page.route(/_sort=/, (route) => {
      if (failed) return route.continue();
      failed = true;
      return answer ? route.fulfill(answer) : route.abort();
    });
    await page.locator('thead th a').nth(0).focus();
    await Promise.all([page.waitForNavigation({ timeout: 8000 }), r.press('Enter')]);
    await r.until('the view', () => document.querySelector('th[aria-sort]'));
    r.expect(!(await r.stays()), `after ${what} the page is not loaded anew`);
    await page.unroute(/_sort=/);
  }
}

// columns chooses some, and finds the choice again in another view: offered,
// not made.
async function columns(r, page, table, found) {
  const count = () => page.evaluate(() => document.querySelectorAll('table.data thead th').length);
  await r.open(table);
  r.expect(await page.locator('.recall').count() === 0, 'columns are offered to somebody who never chose any');
  await page.locator('#choose > summary').focus();
  await r.press('Enter');
  await r.tabTo('input[name=c]');
  await r.press('Space');
  await r.until('fewer columns', (n) => document.querySelectorAll('table.data thead th').length === n - 1, found.columns);
  r.expect(await page.evaluate(() => document.activeElement.id === 'c0' && document.querySelector('#choose').open), 'the focus leaves the columns');
  r.expect(await r.stays(), 'the page was loaded anew');
  await r.open(table);
  r.expect(await count() === found.columns, 'an address without a choice shows one');
  await r.tabTo('.recall');
  await r.press('Enter');
  await r.until('the columns of last time', (n) => document.querySelectorAll('table.data thead th').length === n - 1, found.columns);
  r.expect(await page.locator('.recall').count() === 0, 'what is shown is offered');
  r.expect(await page.evaluate(() => document.activeElement.matches('#ask [type=submit]')), 'the focus is lost');
  await page.goBack();
  await r.until('all columns', (n) => document.querySelectorAll('table.data thead th').length === n, found.columns);
}

// downloads asks for files that are slow to make, that cannot be made, and that
// are given up.
async function downloads(r, page, table, found, lang) {
  const view = `${table}?${new URLSearchParams({ [found.text]: found.value, _sort: lang === 'fa' ? found.number : `-${found.number}` })}`;
  const wait = (ms) => page.route(/\.(csv|json)\?/, async (route) => {
    if (route.request().headers().range) await new Promise((done) => { setTimeout(done, ms); });
    await route.continue().catch(() => 0);
  });
  await r.open(view);
  const csv = page.locator('a.dl[href*=".csv"]');
  await wait(slow + 800);
  await csv.focus();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    r.press('Enter').then(() => r.until('the progress', () => /[0-9۰-۹]/.test(document.querySelector('.build [aria-hidden]')?.textContent ?? ''))),
  ]);
  r.expect(/\.csv$/.test(file.suggestedFilename()), `the file is ${file.suggestedFilename()}`);
  await r.until('the end of the progress', () => !document.querySelector('.build'));
  await file.delete();
  const json = page.locator('a.dl[href*=".json?"]');
  await json.focus();
  await r.press('Enter');
  await r.until('the way to cancel', () => document.querySelector('.build button'));
  await r.tabTo('.build button');
  await r.press('Enter');
  await r.until('the end of what was cancelled', () => !document.querySelector('.build'));
  r.expect(await json.evaluate((e) => document.activeElement === e), 'after cancelling the focus is lost');
  await page.unroute(/\.(csv|json)\?/);
  await page.route(/\.json\?/, (route) => route.fulfill({ status: 507, contentType: 'application/problem+json', body: '{"title":"Full","detail":"The disk is full."}' }));
  await json.focus();
  await r.press('Enter');
  await r.until('the error in words', () => document.querySelector('.build.bad')?.textContent.includes('The disk is full.'));
  await page.unroute(/\.json\?/);
  await page.route(/\.json\?/, (route) => route.abort());
  await json.focus();
  await r.press('Enter');
  await r.until('the other error', () => document.querySelector('.build.bad') && !document.querySelector('.build.bad').textContent.includes('disk'));
  r.expect(await r.stays(), 'a download leads away from the page');
}

// choosing takes another kind of chart from the list.
async function choosing(r, page, address) {
  await r.open(address);
  await r.tabTo('#chart-type');
  await r.press('ArrowDown');
  await r.until('the other chart', () => new URLSearchParams(location.search).get('type') === document.querySelector('#chart-type').value && document.querySelector('.readout'));
  r.expect(!page.url().includes('type=bars') && (await r.focused()).id === 'chart-type', 'the focus is lost');
  r.expect(await r.status() !== '', 'nothing is said');
  await page.goBack();
  await r.until('the chart before', () => document.querySelector('#chart-type').value === 'bars');
  r.expect(await r.stays(), 'the page was loaded anew');
}

// figures reads a drawing with the arrow keys and with the pointer: the line
// under it has what a row of the table has.
async function figures(r, page, address) {
  await r.open(address);
  const area = '.chart-svg:not(.chart-phone), .map-svg, .map-tiles a';
  const line = () => page.evaluate(() => document.querySelector('.readout').textContent);
  const hint = await line();
  await r.tabTo(area);
  const seen = new Set();
  for (const key of ['Home', 'ArrowDown', 'ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowLeft']) {
    await r.press(key);
    seen.add(await line());
  }
  seen.delete(hint);
  r.expect(seen.size > 1, `the arrow keys read ${[...seen].join(' | ') || 'nothing'}`);
  const rows = await page.evaluate(() => [...document.querySelectorAll('.chart-table tbody tr')].map((tr) => [...tr.cells].map((c) => c.textContent.trim())));
  const geography = await page.locator('.map-svg').count() > 0; // its places say their own names
  const ofTable = (text) => rows.some(([name, ...cells]) => (geography ? text.startsWith(name) : text.includes(name) && cells.some((c) => text.endsWith(`: ${c}`))));
  const strange = [...seen].filter((text) => !ofTable(text));
  r.expect(strange.length === 0, `not in the table: ${strange.join(' | ')}`);
  const outlined = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle !== 'none');
  r.expect(outlined, 'the focus cannot be seen');
  await r.press('Escape');
  r.expect(await page.evaluate((s) => !document.activeElement.matches(s), area), 'Escape does not leave');
  const before = await line();
  const marks = page.locator('.chart-svg:not(.chart-phone) [data-row], .map-dot, .map-area, .map-tiles .map-tile-in');
  for (let n = Math.min(await marks.count(), 6) - 1; n >= 0 && (await line()) === before; n--) {
    const box = await marks.nth(n).boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.waitForTimeout(60);
  }
  if (await marks.count() > 1) r.expect(await line() !== before, `the pointer reads nothing but “${before}”`);
  r.expect(await page.evaluate(() => document.querySelectorAll('[style]').length === 0), 'a style attribute');
}
