// Looks at one page in one language: all rules, both schemes, with and
// without JavaScript.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { rest, skipLinks, walk } from './keyboard.mjs';
import { Part } from './report.mjs';
import * as structure from './structure.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

// colours are the rules that a scheme of colours can break: the style sheet
// changes nothing else (see styles.mjs).
const colours = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

const maxRequests = 5; // pages of drafts have a style sheet of their own
const maxBytes = 100 * 1024;
const wide = { width: 1280, height: 900 };
const narrow = { width: 320, height: 640 };

// spacing is the text spacing that a page must bear (WCAG 1.4.12).
const spacing = '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }';

// violations runs axe and returns a sentence for each rule that is broken.
export async function violations(page, runOnly = tags) {
  const found = await page.evaluate(async (only) => {
    const r = await axe.run(document, { runOnly: only, resultTypes: ['violations'], preload: false });
    return r.violations.map((v) => ({ id: v.id, n: v.nodes.length, at: v.nodes[0].target.join(' '), why: v.nodes[0].failureSummary }));
  }, runOnly);
  return found.map((v) => `${v.id} ×${v.n} at ${v.at} (${v.why.split('\n').slice(1, 2).join(' ').trim()})`);
}

export const loadAxe = (page) => page.evaluate(axeSource + '; 0');

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

// markup is the document but for the marks by which scripts know where they
// were, the buttons that copy, which they show, and the number that each answer
// has anew; empty where some of it is for readers without scripts alone.
function markup() {
  if (document.querySelector('[data-nojs], noscript')) return '';
  const copy = document.documentElement.cloneNode(true);
  copy.classList.remove('js');
  if (copy.className === '') copy.removeAttribute('class');
  for (const e of copy.querySelectorAll('[data-kept], [data-copy], [data-seed]')) {
    for (const name of ['data-kept', 'hidden', 'data-seed']) e.removeAttribute(name);
  }
  return copy.outerHTML;
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

// What pages have in common: each is compared with those before it.
export class Common {
  titles = new Map();
  footers = new Map();
  edges = new Map();
  styles = new Set();

  // compare puts into the part of a page what the facts about it break.
  compare({ part, path, target, lang, facts }) {
    if (!facts) return; // it was not seen
    const same = this.titles.get(lang + facts.title);
    const own = target.status < 400 && !path.includes('?');
    part.check(path, 'unique title', own && same ? `“${facts.title}” is also that of ${same}` : []);
    if (own) this.titles.set(lang + facts.title, path);
    const before = this.footers.get(lang) ?? facts.help;
    this.footers.set(lang, before);
    part.check(path, 'help in its place', facts.help && facts.help === before ? [] : `the footer has ${facts.help}, elsewhere ${before}`);
    const twin = this.edges.get(target.path);
    if (!twin) this.edges.set(target.path, facts.edges);
    else {
      const off = Object.keys(facts.edges).filter((k) => twin[k] === undefined || Math.abs(twin[k] - facts.edges[k]) > 2);
      part.check(path, 'mirrored', off.map((k) => `${k}: ${facts.edges[k].toFixed(0)} px, in the other language ${twin[k]?.toFixed(0)} px`));
      const n = Object.keys(facts.edges).length;
      part.check(path, 'landmarks to mirror', n < 5 ? `only ${n}` : []);
    }
    for (const href of facts.styles) this.styles.add(href);
  }
}

// A Visitor looks at one page after the other, through windows that stay open:
// to open one takes longer than most checks.
export class Visitor {
  windows = new Map();

  constructor(browser, base, shots) {
    Object.assign(this, { browser, base, shots });
  }

  // visit returns what it found on a page, and facts to compare.
  async visit(target, lang) {
    const found = { part: new Part(), path: `/${lang}${target.path}`, target, lang };
    try {
      const seen = await this.withScripts(found);
      if (target.whole && !(await this.withoutScripts(found, seen))) await this.blocked(found);
    } catch (e) {
      found.part.check(found.path, 'visit', e.message.split('\n')[0]);
      await this.close();
    }
    return found;
  }

  async close() {
    for (const { context } of this.windows.values()) await context.close().catch(() => 0);
    this.windows.clear();
  }

  // window returns a page of a kind as nobody has used it before, and what it
  // will ask for and complain of. Nothing is taken from a cache.
  async window(kind, options) {
    let w = this.windows.get(kind);
    if (!w) {
      const context = await this.browser.newContext({ viewport: wide, ...options });
      const page = await context.newPage();
      const devtools = await context.newCDPSession(page);
      await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
      w = { context, page, devtools, seen: watch(page, this.base) };
      this.windows.set(kind, w);
    }
    await w.context.clearCookies();
    await w.page.setViewportSize(wide);
    await w.page.emulateMedia({ media: 'screen', colorScheme: 'light', forcedColors: 'none', reducedMotion: 'reduce' });
    Object.assign(w.seen, { requests: [], foreign: [], console: [] });
    return w;
  }

  // withScripts returns the text and the markup of the page.
  async withScripts(found) {
    const { part, path, target, lang } = found;
    const check = (rule, faults) => part.check(path, rule, faults);
    const { page, devtools, seen } = await this.window(lang, { locale: lang === 'fa' ? 'fa-IR' : 'en-GB' });
    const answer = await page.goto(this.base + path, { waitUntil: 'load' });
    await page.evaluate(() => document.fonts.ready.then(() => 0));
    const markedUp = await page.evaluate(markup);
    check('status', answer.status() === target.status ? [] : `answers ${answer.status()}`);
    check('policy', policyFaults(answer.headers()));
    const bytes = await size(seen.requests);
    check('requests', seen.requests.length > maxRequests ? seen.requests.map((r) => r.url()) : []);
    check('weight', bytes > maxBytes ? `${Math.round(bytes / 1024)} KB` : []);
    check('structure', await page.evaluate(structure.outline));
    check('frame', await page.evaluate(structure.frame, lang));
    check('foreign text', await page.evaluate(structure.foreign, lang));
    if (lang === 'fa') check('persian', await page.evaluate(structure.persian));
    found.facts = await this.facts(page);
    check('keyboard', await walk(page, devtools));
    check('skip links', await skipLinks(page));
    await page.evaluate(rest);
    if (target.whole) {
      await loadAxe(page);
      check('axe, light', await violations(page));
    }
    await this.shot(page, target, lang, 'light', 1280);
    await this.sizes(page, check);
    await this.shot(page, target, lang, 'light', 320);
    await page.emulateMedia({ colorScheme: 'dark' });
    await this.shot(page, target, lang, 'dark', 320);
    await page.setViewportSize(wide);
    if (target.whole) check('axe, dark', await violations(page, colours));
    await this.shot(page, target, lang, 'dark', 1280);
    await this.media(page, devtools, check);
    check('other hosts', seen.foreign);
    const own = target.status >= 400 ? seen.console.filter((m) => !m.includes(`status of ${target.status}`)) : seen.console;
    check('console', own);
    const text = await page.evaluate(() => {
      localStorage.clear();
      sessionStorage.clear();
      return document.querySelector('main').innerText.replace(/\s+/g, ' ');
    });
    return { text, markedUp };
  }

  // facts are what the page must have in common with others.
  async facts(page) {
    const read = await page.evaluate(() => ({
      title: document.title,
      help: [...document.querySelectorAll('body > footer a:not([rel=alternate])')].map((a) => a.getAttribute('href')).filter((h) => !h.startsWith('/api/')).join(' '),
      styles: [...document.querySelectorAll('link[rel=stylesheet]')].map((l) => l.href),
    }));
    return { ...read, edges: await page.evaluate(structure.edges) };
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
  async media(page, devtools, check) {
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
    check('forced colours', (await walk(page, devtools, 6)).filter((f) => f.endsWith('cannot be seen')));
    await page.emulateMedia({ forcedColors: 'none', media: 'screen' });
  }

  // withoutScripts looks at the page as it is when no script of it ever ran, and
  // returns whether scripts changed nothing in it.
  async withoutScripts({ part, path, target }, { text, markedUp }) {
    const check = (rule, faults) => part.check(`${path} without JavaScript`, rule, faults);
    const { page, seen } = await this.window('bare', { javaScriptEnabled: false });
    await page.goto(this.base + path, { waitUntil: 'load' });
    const plain = await page.evaluate(() => document.querySelector('main').innerText.replace(/\s+/g, ' '));
    check('content', plain.length < text.length * 0.95 ? `${plain.length} of ${text.length} letters` : []);
    check('buttons that do nothing', await page.evaluate(() => [...document.querySelectorAll('button')]
      .filter((b) => b.checkVisibility() && !(b.type === 'submit' && b.form)).map((b) => b.textContent.trim())));
    await page.setViewportSize(narrow);
    check('320 px', await page.evaluate(structure.width));
    check('other hosts', seen.foreign);
    const own = target.status >= 400 ? seen.console.filter((m) => !m.includes(`status of ${target.status}`)) : seen.console;
    check('console', own);
    return markedUp !== '' && markedUp === await page.evaluate(markup);
  }

  // blocked runs axe over the page without its scripts. Axe is a script, so
  // here they are not forbidden but do not arrive.
  async blocked({ part, path }) {
    const { context, page } = await this.window('blocked', {});
    await context.unrouteAll();
    await context.route(/\.js(\?|$)/, (r) => r.abort());
    await page.goto(this.base + path, { waitUntil: 'load' });
    await loadAxe(page);
    for (const [colorScheme, rules] of [['light', tags], ['dark', colours]]) {
      await page.emulateMedia({ colorScheme });
      part.check(`${path} without JavaScript`, `axe, ${colorScheme}`, await violations(page, rules));
    }
  }

  // shot takes a picture, where somebody asked for pictures.
  async shot(page, target, lang, scheme, width) {
    if (!this.shots) return;
    await page.screenshot({ path: `${this.shots}/${lang}-${target.name}.${scheme}.${width}.png`, fullPage: true, animations: 'disabled' });
  }
}
