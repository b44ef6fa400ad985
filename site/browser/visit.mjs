// Looks at one page in one language: all rules, both schemes, with and
// without JavaScript.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { walk, skipLinks } from './keyboard.mjs';
import * as structure from './structure.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const maxRequests = 4;
const maxBytes = 100 * 1024;
const wide = { width: 1280, height: 900 };
const narrow = { width: 320, height: 640 };

// spacing is the text spacing that a page must bear (WCAG 1.4.12).
const spacing = '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }';

// violations runs axe and returns a sentence for each rule that is broken.
export async function violations(page) {
  const found = await page.evaluate(async (only) => {
    const r = await axe.run(document, { runOnly: only, resultTypes: ['violations'] });
    return r.violations.map((v) => ({ id: v.id, n: v.nodes.length, at: v.nodes[0].target.join(' '), why: v.nodes[0].failureSummary }));
  }, tags);
  return found.map((v) => `${v.id} ×${v.n} at ${v.at} (${v.why.split('\n').slice(1, 2).join(' ').trim()})`);
}

export const loadAxe = (page) => page.evaluate(axeSource + '; 0');

// rest takes the focus away and goes back to the top, as a page is first seen.
const rest = () => {
  document.activeElement?.blur();
  window.scrollTo(0, 0);
};

// watch records what a page asks for and complains of.
function watch(page, base) {
  const seen = { requests: [], foreign: [], console: [] };
  page.on('request', (r) => {
    const url = new URL(r.url());
    if (url.protocol === 'data:') return;
    if (url.origin !== new URL(base).origin) seen.foreign.push(r.url());
    if (!url.pathname.includes('favicon')) seen.requests.push(r);
  });
  page.on('console', (m) => {
    if (m.type() === 'error' || m.type() === 'warning') seen.console.push(m.text());
  });
  page.on('pageerror', (e) => seen.console.push(e.message));
  return seen;
}

async function size(requests) {
  let bytes = 0;
  for (const r of requests) {
    const s = await r.sizes().catch(() => null);
    if (s) bytes += s.responseBodySize + s.responseHeadersSize;
  }
  return bytes;
}

function policyFaults(headers) {
  const csp = headers['content-security-policy'] ?? '';
  const faults = [];
  if (!csp.includes("default-src 'none'")) faults.push(`the policy is “${csp}”`);
  if (/unsafe-|\*/.test(csp)) faults.push(`the policy allows too much: “${csp}”`);
  if (headers['x-content-type-options'] !== 'nosniff') faults.push('no nosniff');
  return faults;
}

// Visitor looks at pages in one browser and remembers what pages must have in
// common.
export class Visitor {
  titles = new Map();
  footers = new Map();
  edges = new Map();
  styles = new Set();

  constructor(browser, base, report, shots) {
    Object.assign(this, { browser, base, report, shots });
  }

  async visit(target, lang) {
    const path = `/${lang}${target.path === '/' ? '/' : target.path}`;
    const context = await this.browser.newContext({ viewport: wide, colorScheme: 'light', reducedMotion: 'reduce', locale: lang === 'fa' ? 'fa-IR' : 'en-GB' });
    const text = await this.withScripts(await context.newPage(), target, lang, path);
    await this.blocked(context, path);
    await context.close();
    const bare = await this.browser.newContext({ viewport: wide, colorScheme: 'light', javaScriptEnabled: false });
    await this.withoutScripts(bare, target, path, text);
    await bare.close();
  }

  // withScripts returns the text of the page.
  async withScripts(page, target, lang, path) {
    const check = (rule, faults) => this.report.check(path, rule, faults);
    const seen = watch(page, this.base);
    const answer = await page.goto(this.base + path, { waitUntil: 'load' });
    await page.evaluate(() => document.fonts.ready.then(() => 0));
    check('status', answer.status() === target.status ? [] : `answers ${answer.status()}`);
    check('policy', policyFaults(answer.headers()));
    const bytes = await size(seen.requests);
    check('requests', seen.requests.length > maxRequests ? seen.requests.map((r) => r.url()) : []);
    check('weight', bytes > maxBytes ? `${Math.round(bytes / 1024)} KB` : []);
    check('structure', await page.evaluate(structure.outline));
    check('frame', await page.evaluate(structure.frame, lang));
    check('foreign text', await page.evaluate(structure.foreign, lang));
    if (lang === 'fa') check('persian', await page.evaluate(structure.persian));
    await this.common(page, target, lang, path);
    check('keyboard', await walk(page));
    check('skip links', await skipLinks(page));
    await loadAxe(page);
    await page.evaluate(rest);
    check('axe, light', await violations(page));
    await this.shot(page, target, lang, 'light', 1280);
    await this.sizes(page, check);
    await this.shot(page, target, lang, 'light', 320);
    await page.emulateMedia({ colorScheme: 'dark' });
    await this.shot(page, target, lang, 'dark', 320);
    await page.setViewportSize(wide);
    check('axe, dark', await violations(page));
    await this.shot(page, target, lang, 'dark', 1280);
    await this.media(page, check);
    check('other hosts', seen.foreign);
    const own = target.status >= 400 ? seen.console.filter((m) => !m.includes(`status of ${target.status}`)) : seen.console;
    check('console', own);
    return page.evaluate(() => document.querySelector('main').innerText.replace(/\s+/g, ' '));
  }

  // common compares the page with those before it.
  async common(page, target, lang, path) {
    const title = await page.title();
    const same = this.titles.get(lang + title);
    const own = target.status < 400 && !path.includes('?');
    this.report.check(path, 'unique title', own && same ? `“${title}” is also that of ${same}` : []);
    if (own) this.titles.set(lang + title, path);
    const help = await page.evaluate(() => [...document.querySelectorAll('body > footer a:not([rel=alternate])')]
      .map((a) => a.getAttribute('href')).filter((h) => !h.startsWith('/api/')).join(' '));
    const before = this.footers.get(lang) ?? help;
    this.footers.set(lang, before);
    this.report.check(path, 'help in its place', help && help === before ? [] : `the footer has ${help}, elsewhere ${before}`);
    const edges = await page.evaluate(structure.edges);
    const twin = this.edges.get(target.path);
    if (!twin) this.edges.set(target.path, edges);
    else {
      const off = Object.keys(edges).filter((k) => twin[k] === undefined || Math.abs(twin[k] - edges[k]) > 2);
      this.report.check(path, 'mirrored', off.map((k) => `${k}: ${edges[k].toFixed(0)} px, in the other language ${twin[k]?.toFixed(0)} px`));
      const n = Object.keys(edges).length;
      this.report.check(path, 'landmarks to mirror', n < 5 ? `only ${n}` : []);
    }
    for (const href of await page.evaluate(() => [...document.querySelectorAll('link[rel=stylesheet]')].map((l) => l.href))) this.styles.add(href);
  }

  // sizes looks at the page in a narrow window, with large and with wide text.
  async sizes(page, check) {
    await page.evaluate(structure.addStyle, ':root { font-size: 200% !important }');
    check('text at 200 %', [...await page.evaluate(structure.width), ...await page.evaluate(structure.clipped)]);
    await page.evaluate(structure.dropStyles);
    await page.setViewportSize(narrow);
    check('320 px', await page.evaluate(structure.width));
    await page.evaluate(structure.addStyle, spacing);
    check('text spacing', [...await page.evaluate(structure.width), ...await page.evaluate(structure.clipped)]);
    await page.evaluate(structure.dropStyles);
  }

  // media looks at the page on paper and in forced colours.
  async media(page, check) {
    const screen = await page.evaluate(structure.letters);
    await page.emulateMedia({ media: 'print', colorScheme: 'light' });
    const paper = await page.evaluate(() => ({
      cut: [...document.querySelectorAll('.scroll')].filter((e) => e.checkVisibility() && getComputedStyle(e).overflowX !== 'visible').length,
      nav: [...document.querySelectorAll('body > header nav')].some((e) => e.checkVisibility()),
    }));
    paper.text = await page.evaluate(structure.letters);
    const faults = [];
    if (screen > 300 && paper.text < screen * 0.6) faults.push(`${paper.text} of ${screen} letters`);
    if (paper.cut) faults.push(`${paper.cut} tables are cut at the edge`);
    if (paper.nav) faults.push('the navigation is printed');
    check('print', faults);
    await page.emulateMedia({ media: 'screen', forcedColors: 'active' });
    await page.evaluate(rest);
    const unseen = [];
    for (let i = 0; i < 6; i++) {
      await page.keyboard.press('Tab');
      const f = await page.evaluate(() => {
        const s = getComputedStyle(document.activeElement);
        return document.activeElement === document.body || (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1) ? '' : document.activeElement.outerHTML.slice(0, 60);
      });
      if (f) unseen.push(f);
    }
    check('forced colours', unseen.map((f) => `no outline on ${f}`));
    await page.emulateMedia({ forcedColors: 'none', media: 'screen' });
  }

  // withoutScripts looks at the page as it is when no script of it ever ran.
  async withoutScripts(context, target, path, text) {
    const check = (rule, faults) => this.report.check(`${path} without JavaScript`, rule, faults);
    const page = await context.newPage();
    const seen = watch(page, this.base);
    await page.goto(this.base + path, { waitUntil: 'load' });
    const plain = await page.evaluate(() => document.querySelector('main').innerText.replace(/\s+/g, ' '));
    check('content', plain.length < text.length * 0.95 ? `${plain.length} of ${text.length} letters` : []);
    check('buttons that do nothing', await page.evaluate(() => [...document.querySelectorAll('button')]
      .filter((b) => b.checkVisibility() && !(b.type === 'submit' && b.form)).map((b) => b.textContent.trim())));
    await page.setViewportSize(narrow);
    check('320 px', await page.evaluate(structure.width));
    await page.setViewportSize(wide);
    check('other hosts', seen.foreign);
    const own = target.status >= 400 ? seen.console.filter((m) => !m.includes(`status of ${target.status}`)) : seen.console;
    check('console', own);
    await page.close();
  }

  // blocked runs axe over the page without its scripts. Axe is a script, so
  // here they are not forbidden but do not arrive.
  async blocked(context, path) {
    await context.route(/\.js(\?|$)/, (r) => r.abort());
    const page = await context.newPage();
    await page.goto(this.base + path, { waitUntil: 'load' });
    await loadAxe(page);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      this.report.check(`${path} without JavaScript`, `axe, ${colorScheme}`, await violations(page));
    }
  }

  async shot(page, target, lang, scheme, width) {
    await page.screenshot({ path: `${this.shots}/${lang}-${target.name}.${scheme}.${width}.png`, fullPage: true, animations: 'disabled' });
  }
}
