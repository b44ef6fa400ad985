// Shows that the checks can fail: faults are put into a page, and each must be
// found.
import { walk } from './keyboard.mjs';
import * as structure from './structure.mjs';
import { loadAxe, violations } from './visit.mjs';

export async function selfCheck(browser, base, report) {
  const context = await browser.newContext({ viewport: { width: 320, height: 640 } });
  const page = await context.newPage();
  await page.goto(`${base}/fa/`);
  await page.evaluate(() => {
    const main = document.querySelector('main');
    const add = (tag, attributes, text = '') => {
      const e = main.appendChild(document.createElement(tag));
      for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
      e.textContent = text;
    };
    add('img', { src: 'data:image/gif;base64,R0lGODlhAQABAAAAACw=' });
    add('h5', {}, 'پنج');
    add('p', {}, 'سال 1405 و كتاب');
    add('time', { datetime: 'yesterday' }, 'دیروز');
    add('table', { width: '900' }, '.');
    add('p', { onclick: 'x' }, '.');
  });
  const expect = (what, faults, text) =>
    report.check('the checks themselves', what, faults.some((f) => f.includes(text)) ? [] : `the fault that was put in is not found: ${faults.join('; ')}`);
  await loadAxe(page);
  expect('axe', await violations(page), 'image-alt');
  const outline = await page.evaluate(structure.outline);
  expect('levels of headings', outline, 'h5');
  expect('moments', outline, 'yesterday');
  const persian = await page.evaluate(structure.persian);
  expect('digits', persian, 'digits in');
  expect('letters', persian, 'Arabic');
  expect('width', await page.evaluate(structure.width), 'px wide');
  expect('inline code', await page.evaluate(structure.frame, 'fa'), 'onclick');
  await page.evaluate(() => {
    document.querySelector('main a').style.outline = 'none';
    document.querySelector('main').prepend(document.querySelector('main a'));
  });
  expect('focus', await walk(page, await context.newCDPSession(page)), 'cannot be seen');
  await page.evaluate(() => { document.querySelector('main a').tabIndex = 1; });
  expect('order of stops', await walk(page, await context.newCDPSession(page)), 'the first stop is');
  await context.close();
}
