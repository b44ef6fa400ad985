// Words that are marked in a draft, with JavaScript: a door leads from them to
// the form of a comment, where they stand; there, too, words can be marked.

// mark marks the first words of an element, as a hand does.
const mark = (selector, n) => {
  const text = [...document.querySelectorAll(`${selector} p`)].flatMap((p) => [...p.childNodes]).find((t) => t.nodeType === 3 && t.data.trim().split(/\s+/).length > n);
  const words = text.data.trim().split(/\s+/).slice(0, n).join(' ');
  const from = text.data.indexOf(words);
  getSelection().setBaseAndExtent(text, from, text, from + words.length);
  return words;
};

export async function quote(browser, base, report) {
  const faults = [];
  const context = await browser.newContext({ locale: 'fa-IR', viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  try {
    const drafts = await (await fetch(`${base}/api/v1/drafts?state=open`)).json();
    await page.goto(`${base}/fa/drafts/${drafts.results[0].slug}`);
    const words = await page.evaluate(`(${mark})('.prov.article .own', 3)`);
    const door = page.locator('a[href*="quote="]');
    await door.waitFor({ timeout: 5000 });
    await Promise.all([page.waitForNavigation(), door.click()]);
    const field = page.locator('#in-quote');
    if (await field.inputValue() !== words) faults.push(`the form quotes “${await field.inputValue()}”, not “${words}”`);
    await field.fill('');
    const others = await page.evaluate(`(${mark})('#provision', 2)`);
    await page.waitForFunction((text) => document.getElementById('in-quote').value === text, others, { timeout: 5000 });
    await field.fill('به دست خود');
    await page.evaluate(`(${mark})('#provision', 4)`);
    await page.waitForTimeout(600);
    if (await field.inputValue() !== 'به دست خود') faults.push('what was typed is replaced by what was marked');
  } catch (err) {
    faults.push(err.message.split('\n')[0]);
  } finally {
    await context.close();
  }
  report.check('a draft', 'marked words are quoted', faults);
}
