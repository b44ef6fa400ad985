// Checks that read the page as it stands. Each function runs in the page and
// returns sentences, so each must hold everything that it needs.

// headings: one h1, no skipped level; landmarks; moments with their attribute.
export function outline() {
  const faults = [];
  const shown = (e) => e.checkVisibility({ visibilityProperty: true });
  const say = (e) => `<${e.tagName.toLowerCase()}> “${e.textContent.trim().slice(0, 40)}”`;
  const heads = [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].filter(shown);
  const ones = heads.filter((h) => h.tagName === 'H1').length;
  if (ones !== 1) faults.push(`${ones} h1`);
  let level = 0;
  for (const h of heads) {
    const n = Number(h.tagName[1]);
    if (n > level + 1 && !(level === 0 && h.closest('nav'))) faults.push(`${say(h)} follows h${level}`);
    if (!h.textContent.trim()) faults.push('an empty heading');
    level = Math.max(1, n);
  }
  for (const [what, selector] of [['main', 'main'], ['banner', 'body > header'], ['contentinfo', 'body > footer']]) {
    const n = document.querySelectorAll(selector).length;
    if (n !== 1) faults.push(`${n} landmarks ${what}`);
  }
  const names = [...document.querySelectorAll('nav')].map((n) => n.getAttribute('aria-label') ?? n.getAttribute('aria-labelledby') ?? '');
  if (names.includes('')) faults.push('a nav without a name');
  if (new Set(names).size !== names.length) faults.push(`navs of one name: ${names.join(', ')}`);
  for (const t of document.querySelectorAll('time')) {
    const d = t.getAttribute('datetime') ?? '';
    if (!/^-?\d{4,}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/.test(d)) faults.push(`<time datetime="${d}"> is not ISO 8601`);
  }
  if (!document.title.trim()) faults.push('no title');
  return faults;
}

// frame: language, direction, canonical address, alternates, no inline code.
export function frame(lang) {
  const faults = [];
  const html = document.documentElement;
  if (html.lang !== lang) faults.push(`lang is “${html.lang}”`);
  if (html.dir !== (lang === 'fa' ? 'rtl' : 'ltr')) faults.push(`dir is “${html.dir}”`);
  const noindex = document.querySelector('meta[name=robots][content*=noindex]');
  if (!noindex && !document.querySelector('link[rel=canonical][href]')) faults.push('no canonical address');
  for (const other of ['fa', 'en']) {
    if (!document.querySelector(`link[rel=alternate][hreflang=${other}]`)) faults.push(`no alternate in ${other}`);
  }
  for (const s of document.querySelectorAll('script:not([src])')) {
    if (s.type !== 'application/ld+json') faults.push('a script in the page');
    else {
      try { JSON.parse(s.textContent); } catch (e) { faults.push(`JSON-LD: ${e.message}`); }
    }
  }
  if (document.querySelector('style')) faults.push('a style element in the page');
  for (const e of document.querySelectorAll('[style]')) faults.push(`a style attribute on <${e.tagName.toLowerCase()}>`);
  for (const e of document.querySelectorAll('*')) {
    for (const a of e.attributes) if (a.name.startsWith('on')) faults.push(`${a.name} on <${e.tagName.toLowerCase()}>`);
  }
  return faults;
}

// persian: digits and letters of a Persian page are Persian ones.
export function persian() {
  const faults = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n = walker.nextNode(); n; n = walker.nextNode()) {
    // without code, as authors mark it in plain text, and names in Latin letters, which have their own digits
    const text = n.data.trim().replace(/`[^`]*`|«[^«»]*\p{Script=Latin}[^«»]*»/gu, '');
    const e = n.parentElement;
    if (!text || e.closest('script, style, textarea, code, pre')) continue;
    if (!e.checkVisibility()) continue;
    const lang = e.closest('[lang]').lang;
    // what stands in a table or a chart is the publisher's, who may write as he likes
    const ours = !e.closest('bdi, td, th, svg');
    if (ours && lang.startsWith('fa') && /[يىك]/.test(text)) faults.push(`Arabic ي or ك in “${text.slice(0, 50)}”`);
    const data = e.closest('bdi, [dir=auto]'); // in which codes keep their digits: S01, د01, 007
    if (/\p{L}/u.test(text) && e.closest('td bdi, th bdi, figure.chart bdi, .dl bdi, svg')) continue; // names of the publisher's: 30–34 سال
    if (!/[0-9٠-٩]/.test(data ? text.replace(/\S*\p{L}\S*|(?<!\d)0\d+/gu, '') : text)) continue;
    if (!lang.startsWith('fa') || e.closest('bdi[dir=ltr], option[dir=ltr]')) continue;
    const link = e.closest('a');
    if (link && /^(https?:\/\/|\/)\S+$/.test(link.textContent.trim())) continue;
    faults.push(`digits in “${text.slice(0, 50)}”`);
  }
  return faults;
}

// letters: how much there is to read, but for forms, which are not printed.
export function letters() {
  const root = document.querySelector('#results') ?? document.querySelector('main');
  const forms = [...root.querySelectorAll('form:not(.search-page)')].filter((f) => f.checkVisibility());
  return forms.reduce((n, f) => n - f.innerText.length, root.innerText.length);
}

// foreign: text in the other script says its language, or is isolated data.
export function foreign(lang) {
  const faults = [];
  const walker = document.createTreeWalker(document.querySelector('main') ?? document.body, NodeFilter.SHOW_TEXT);
  const arabic = /[\u0600-\u06ff]/g;
  const latin = /[A-Za-z]/g;
  for (let n = walker.nextNode(); n; n = walker.nextNode()) {
    const e = n.parentElement;
    const text = n.data.trim();
    if (text.length < 25 || e.closest('code, pre, bdi, script, svg, [dir=auto]')) continue;
    const a = (text.match(arabic) ?? []).length;
    const l = (text.match(latin) ?? []).length;
    const mine = e.closest('[lang]').lang;
    if (mine.startsWith('fa') && l > 25 && l > 4 * a) faults.push(`unmarked in ${lang}: “${text.slice(0, 50)}”`);
    if (mine.startsWith('en') && a > 15 && a > 4 * l) faults.push(`unmarked in ${lang}: “${text.slice(0, 50)}”`);
  }
  return faults;
}

// width: nothing sticks out of the page but inside a region that scrolls,
// which has a name and takes the focus.
export function width() {
  const faults = [];
  const root = document.documentElement;
  const say = (e) => `<${e.tagName.toLowerCase()}${e.className && e.className.baseVal === undefined ? '.' + String(e.className).trim().split(/\s+/).join('.') : ''}> “${(e.textContent ?? '').trim().slice(0, 30)}”`;
  if (root.scrollWidth > root.clientWidth) faults.push(`the page is ${root.scrollWidth} px wide in ${root.clientWidth}`);
  const W = root.clientWidth;
  const scrolls = (e) => {
    for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) {
      const o = getComputedStyle(p).overflowX;
      if (o !== 'visible') return true;
    }
    return false;
  };
  for (const e of document.body.querySelectorAll('*')) {
    if (!e.checkVisibility({ visibilityProperty: true })) continue;
    const r = e.getBoundingClientRect();
    if (r.width <= 1 || r.height <= 1) continue;
    if (r.left >= -1 && r.right <= W + 1) continue;
    const style = getComputedStyle(e);
    if (style.clipPath !== 'none' || (style.position === 'absolute' && r.right < 0)) continue;
    if (e.closest('.skip') || scrolls(e)) continue;
    faults.push(`${say(e)} from ${Math.round(r.left)} to ${Math.round(r.right)} of ${W}`);
  }
  for (const e of document.querySelectorAll('.scroll')) {
    if (!e.checkVisibility()) continue;
    const named = e.getAttribute('aria-label') || document.getElementById(e.getAttribute('aria-labelledby'))?.textContent.trim();
    if (e.tabIndex !== 0 || !e.getAttribute('role') || !named) faults.push('a region that scrolls without focus, role or name');
  }
  return faults;
}

// clipped: no text is cut off by its box.
export function clipped() {
  const faults = [];
  for (const e of document.body.querySelectorAll('*')) {
    if (!e.checkVisibility({ visibilityProperty: true })) continue;
    const style = getComputedStyle(e);
    if (style.overflowY !== 'hidden' && style.overflowY !== 'clip') continue;
    if (e.clientWidth <= 1 || e.clientHeight <= 1 || !e.textContent.trim() || e instanceof SVGElement) continue;
    if (e.scrollHeight > e.clientHeight + 2) faults.push(`“${e.textContent.trim().slice(0, 40)}” is cut at ${e.clientHeight} of ${e.scrollHeight} px`);
  }
  return faults;
}

// addStyle adds rules in a way that the page's policy does not concern.
export function addStyle(css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

export function dropStyles() {
  document.adoptedStyleSheets = [];
}

// edges: where landmarks begin and end, as distances from the inline start.
export function edges() {
  const W = document.documentElement.clientWidth;
  const rtl = document.documentElement.dir === 'rtl';
  const found = {};
  const put = (name, e, side) => {
    if (!e) return;
    const r = e.getBoundingClientRect();
    found[`${name} ${side}`] = side === 'start' ? (rtl ? W - r.right : r.left) : (rtl ? r.left : W - r.right);
  };
  const q = (s) => document.querySelector(s);
  put('brand', q('body > header .brand'), 'start');
  put('language switch', q('body > header a[hreflang]'), 'end');
  put('h1', q('main h1'), 'start');
  put('content', q('main .page-body') ?? q('main .wrap'), 'start');
  put('content', q('main .page-body') ?? q('main .wrap'), 'end');
  put('footer', q('body > footer > .wrap') ?? q('body > footer > *'), 'start');
  return found;
}
