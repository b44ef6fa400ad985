// Walks a page with the Tab key.

const most = 70; // stops that are looked at on one page

// rest takes the focus away and goes back to the top, as a page is first seen.
export const rest = () => {
  document.activeElement?.blur();
  window.scrollTo(0, 0);
};

// stops lists what takes the focus, in the order of the document.
function stops() {
  const all = 'a[href], area[href], button, input, select, textarea, summary, [tabindex], iframe, audio[controls], video[controls]';
  window.__stops = [...document.querySelectorAll(all)].filter((e) =>
    e.tabIndex >= 0 && !e.disabled && e.type !== 'hidden' &&
    e.checkVisibility({ visibilityProperty: true }) &&
    (e.type !== 'radio' || e.checked || !document.querySelector(`input[type=radio][name="${CSS.escape(e.name)}"]:checked`) &&
      e === document.querySelector(`input[type=radio][name="${CSS.escape(e.name)}"]`)));
  return window.__stops.length;
}

// record tells of each stop, when the next Tab is pressed, whether it can be seen
// that it has the focus, and whether something covers it: by then the page has
// scrolled. It tells as well what is there at the end.
function record() {
  window.__walked = [];
  const here = () => {
    const e = document.activeElement;
    const name = `<${e.tagName.toLowerCase()}> “${(e.textContent || e.getAttribute('aria-label') || e.name || '').trim().slice(0, 30)}”`;
    const s = getComputedStyle(e);
    const outlined = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1;
    const boxes = [...e.getClientRects()].filter((r) => r.width > 0 && r.height > 0);
    let covered = '';
    if (boxes.length === 0) {
      covered = 'has no box';
    } else {
      const r = boxes[0];
      const x = Math.min(Math.max((r.left + r.right) / 2, 0), innerWidth - 1);
      const y = Math.min(Math.max((r.top + Math.min(r.bottom, r.top + innerHeight)) / 2, 0), innerHeight - 1);
      if (r.bottom < 0 || r.top > innerHeight || r.right < 0 || r.left > innerWidth) covered = 'is outside of the window';
      else {
        const top = document.elementFromPoint(x, y);
        if (!top || (!e.contains(top) && !top.contains(e) && !(top.closest('label')?.control === e))) covered = `is covered by <${top?.tagName.toLowerCase()}.${top?.className}>`;
      }
    }
    window.__walked.push({ at: window.__stops.indexOf(e), name, outlined, covered, href: e.getAttribute('href') ?? '', cls: e.className });
  };
  window.__here = here;
  addEventListener('keydown', here, true);
}

// recorded returns what was told, but for what had the focus before the first Tab.
function recorded() {
  removeEventListener('keydown', window.__here, true);
  window.__here();
  return window.__walked.slice(1);
}

// tabs presses Tab n times: all at once, the browser answers them in their order.
async function tabs(devtools, n) {
  const key = { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9, nativeVirtualKeyCode: 9 };
  const pressed = [];
  for (let i = 0; i < n; i++) {
    for (const type of ['rawKeyDown', 'keyUp']) pressed.push(devtools.send('Input.dispatchKeyEvent', { type, ...key }));
  }
  await Promise.all(pressed);
}

// walk presses Tab through the page and returns the faults.
export async function walk(page, devtools, limit = most) {
  const faults = [];
  const n = Math.min(await page.evaluate(stops), limit);
  await page.evaluate(rest);
  await page.evaluate(record);
  await tabs(devtools, n);
  for (const [i, f] of (await page.evaluate(recorded)).entries()) {
    if (i === 0 && !(f.href.startsWith('#') && f.cls.includes('skip'))) faults.push(`the first stop is ${f.name}, not the link to the content`);
    if (f.at !== i) {
      faults.push(`Tab ${i + 1} goes to ${f.name}, number ${f.at + 1} in the document`);
      break;
    }
    if (!f.outlined) faults.push(`focus on ${f.name} cannot be seen`);
    if (f.covered) faults.push(`${f.name} ${f.covered}`);
  }
  return faults;
}

// skipLinks follows each skip link and checks that the next stop is inside its
// target.
export async function skipLinks(page) {
  const faults = [];
  const targets = await page.evaluate(() => [...document.querySelectorAll('a.skip')].map((a) => a.getAttribute('href')));
  if (!targets.includes('#main')) faults.push('no link to the content');
  for (const [i, target] of targets.entries()) {
    await page.evaluate((n) => document.querySelectorAll('a.skip')[n].focus(), i);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    const inside = await page.evaluate((t) => {
      const e = document.querySelector(t);
      if (!e) return 'is not there';
      const a = document.activeElement;
      const any = e.querySelector('a[href], button, input, select, textarea, summary, [tabindex="0"]');
      return !any || e.contains(a) ? '' : 'is not where the next Tab leads';
    }, target);
    if (inside) faults.push(`${target} ${inside}`);
  }
  return faults;
}
