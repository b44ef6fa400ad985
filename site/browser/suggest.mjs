// Suggestions under the fields for words, with JavaScript: typed by hand, chosen by
// keys and by the pointer, in both languages, wide and narrow.
import { loadAxe, violations } from './visit.mjs';

const soon = { timeout: 5000 };
const asks = '/api/v1/suggest';

// shown tells of the list as a screen reader knows it.
const shown = () => {
  const field = document.getElementById('q');
  const list = document.getElementById(field.getAttribute('aria-controls'));
  const lines = [...(list?.children ?? [])];
  return {
    open: !!list && !list.hidden,
    expanded: field.getAttribute('aria-expanded'),
    lines: lines.map((l) => l.querySelector('bdi').textContent),
    things: lines.map((l) => l.querySelector('small')?.textContent ?? ''),
    active: document.getElementById(field.getAttribute('aria-activedescendant') ?? '')?.querySelector('bdi').textContent ?? '',
    selected: lines.filter((l) => l.getAttribute('aria-selected') === 'true').length,
    told: document.querySelector('form[role=search] [role=status]')?.textContent ?? '',
    unseen: getComputedStyle(field).color === getComputedStyle(field).backgroundColor,
    wide: document.documentElement.scrollWidth > innerWidth,
    covered: list && lines.length && !list.hidden && !list.contains(document.elementFromPoint(...middle(lines[0]))),
  };
  function middle(e) {
    const box = e.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  }
};

// begin opens a page and types, and returns what is shown then.
async function begin(page, address, text) {
  await page.goto(address);
  await page.locator('#q').pressSequentially(text, { delay: 20 });
  await page.locator('.suggest:not([hidden])').waitFor(soon);
  await page.waitForFunction((t) => document.getElementById('q').value === t, text);
  await page.waitForTimeout(300);
  return page.evaluate(shown);
}

// byKeys chooses the first text with the arrow keys.
async function byKeys(page, address, text, faults) {
  const first = await begin(page, address, text);
  if (first.expanded !== 'true' || first.active || first.selected || !/[\d۰-۹]/.test(first.told)) faults.push(`when it opens: ${JSON.stringify(first)}`);
  if (first.wide) faults.push('the page is wider than the window');
  if (first.unseen) faults.push('what is typed has the colour of the field');
  if (first.covered) faults.push('something covers the list');
  await page.keyboard.press('ArrowDown');
  const down = await page.evaluate(shown);
  if (down.active !== first.lines[0] || down.selected !== 1) faults.push(`after the arrow key: ${JSON.stringify(down)}`);
  await loadAxe(page);
  faults.push(...await violations(page));
  await page.keyboard.press('ArrowUp');
  if ((await page.evaluate(shown)).selected) faults.push('up from the first line does not lead back to the field');
  await page.keyboard.press('Escape');
  const closed = await page.evaluate(shown);
  if (closed.open || closed.expanded !== 'false' || await page.locator('#q').inputValue() !== text) faults.push(`after Escape: ${JSON.stringify(closed)}`);
  await page.keyboard.press('ArrowDown');
  await page.locator('.suggest:not([hidden])').waitFor(soon);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL((u) => u.searchParams.get('q') === first.lines[0], soon);
  await page.locator('#results article').first().waitFor(soon);
  return first;
}

// byPointer chooses the first thing.
async function byPointer(page, address, text, faults) {
  const list = await begin(page, address, text);
  const n = list.things.findIndex(Boolean);
  if (n < 0) { faults.push(`no thing is suggested for “${text}”`); return; }
  await Promise.all([page.waitForNavigation(soon), page.locator('.suggest li').nth(n).click()]);
  const title = await page.locator('h1').textContent();
  if (!/\/(datasets|agencies|drafts|contracts)\/[^?]+$/.test(page.url()) || !title.includes(list.lines[n].slice(0, 20))) faults.push(`“${list.lines[n]}” leads to “${title}” at ${page.url()}`);
}

// late lets the first answer come after the second: it must not be shown.
async function late(page, address, text, faults) {
  let asked = 0;
  await page.route(`**${asks}*`, async (route) => {
    if (asked++ === 0) await new Promise((done) => { setTimeout(done, 1200); });
    await route.continue().catch(() => {});
  });
  await page.goto(address);
  const field = page.locator('#q');
  await field.pressSequentially(text[0]);
  await page.waitForTimeout(250);
  await field.pressSequentially(text.slice(1));
  await page.locator('.suggest:not([hidden])').waitFor(soon);
  const before = await page.evaluate(shown);
  await page.waitForTimeout(1300);
  const after = await page.evaluate(shown);
  if (asked < 2 || String(before.lines) !== String(after.lines)) faults.push(`${asked} questions; an older answer took the place of a newer one: ${before.lines} → ${after.lines}`);
  await page.unroute(`**${asks}*`);
}

// composed types as an input method does: nothing is asked until a word is whole.
async function composed(context, page, address, text, faults) {
  let asked = 0;
  const count = (r) => { if (r.url().includes(asks)) asked++; };
  page.on('request', count);
  await page.goto(address);
  await page.locator('#q').focus();
  await page.waitForTimeout(300);
  const devtools = await context.newCDPSession(page);
  await devtools.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  await page.waitForTimeout(400);
  if (asked) faults.push('it asks while a word is being composed');
  await devtools.send('Input.insertText', { text });
  await page.locator('.suggest:not([hidden])').waitFor(soon);
  page.off('request', count);
}

export async function suggest(browser, base, report) {
  for (const [lang, text] of [['fa', 'بو'], ['en', 'po']]) {
    for (const viewport of [{ width: 1280, height: 900 }, { width: 320, height: 640 }]) {
      const faults = [];
      const context = await browser.newContext({ locale: lang, viewport, colorScheme: viewport.width < 400 ? 'dark' : 'light' });
      const page = await context.newPage();
      page.on('pageerror', (e) => faults.push(e.message));
      try {
        for (const path of ['/', '/datasets']) {
          await byKeys(page, `${base}/${lang}${path}`, text, faults);
          await byPointer(page, `${base}/${lang}${path}`, text, faults);
        }
        await late(page, `${base}/${lang}/`, text, faults);
        await composed(context, page, `${base}/${lang}/`, text, faults);
      } catch (err) {
        faults.push(err.message.split('\n')[0]);
      } finally {
        await context.close();
      }
      report.check(`the search in ${lang}, ${viewport.width} wide`, 'suggestions', faults);
    }
  }
}
