// What a new agency does at the desk, in Persian: the operator comes in by a
// link, adds an agency and invites a publisher, who signs in with a password
// and a code, uploads a CSV of Windows-1256 and a workbook, chooses two types,
// describes and publishes; a citizen finds it.
//
//   node desk.mjs --base URL --link URL [--files DIR] [--shots DIR] [--js]
//
// --link is what `shafaf user add --operator` prints; --files holds
// divisions/counties.xlsx and derived-cp1256/growthrate.cp1256.csv; --shots takes
// pictures of the pages.
import { createHmac } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { conflict } from './desk_conflict.mjs';
import { drafts } from './desk_drafts.mjs';
import { letters } from './desk_mail.mjs';
import { money } from './desk_money.mjs';
import { questions } from './desk_questions.mjs';
import { settings } from './desk_settings.mjs';
import { sources } from './desk_sources.mjs';
import { Part, Report } from './report.mjs';
import { loadAxe, violations } from './visit.mjs';

const { values: flags } = parseArgs({ options: { base: { type: 'string' }, link: { type: 'string' }, files: { type: 'string' }, shots: { type: 'string' }, js: { type: 'boolean' } } });
const base = flags.base.replace(/\/$/, '');
const files = flags.files ?? join(import.meta.dirname, '../../../shared/data/fa-ar-data');
if (flags.shots) mkdirSync(flags.shots, { recursive: true });
const password = 'باران روی کاشی آبی و ۷ گنجشک';
const report = new Report();
const start = performance.now();

// totp is the code of the half minute that holds the moment (RFC 6238).
function totp(secret, moment) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  let bits = '';
  for (const c of secret) bits += alphabet.indexOf(c).toString(2).padStart(5, '0');
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(moment / 30000)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, '0');
}

// code is one that was not used yet: the one of now, else the next one.
const used = new Map();
async function code(secret) {
  for (;;) {
    const now = Date.now();
    for (const ahead of [0, 30000]) {
      const step = Math.floor((now + ahead) / 30000);
      if ((used.get(secret) ?? 0) < step) {
        used.set(secret, step);
        return totp(secret, now + ahead);
      }
    }
    await new Promise((r) => setTimeout(r, 1000));
  }
}

const browser = await chromium.launch({ executablePath: process.env.SHAFAF_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const open = async (lang, js = Boolean(flags.js)) => (await browser.newContext({ locale: lang === 'en' ? 'en-GB' : 'fa-IR', javaScriptEnabled: js, viewport: { width: 1280, height: 900 } })).newPage();

// eyes are two windows with scripts, in which axe looks at what was opened
// without them.
const eyes = await browser.newContext({ viewport: { width: 1280, height: 900 } });
const windows = { fa: await eyes.newPage(), en: await eyes.newPage() };
await eyes.route('**/runs/*', async (route) => { // it would be asked for again while it is looked at
  const answer = await route.fetch();
  const headers = answer.headers();
  delete headers.refresh;
  await route.fulfill({ response: answer, headers });
});

// look checks a page in both languages side by side: axe, 320 pixels, a picture
// where somebody asked for pictures.
const seen = new Set();
async function look(page, name, asItIs = false) {
  if (seen.has(name)) return;
  seen.add(name);
  const here = page.url();
  const answer = asItIs && await page.content(); // to a form, which cannot be asked for again
  const cookies = await page.context().cookies();
  await eyes.clearCookies();
  await eyes.addCookies(cookies);
  const languages = asItIs ? [here.includes('/en/') ? 'en' : 'fa'] : ['fa', 'en'];
  const parts = languages.map(async (lang) => {
    const p = windows[lang];
    if (answer) await p.route(here, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: answer }));
    await p.goto(here.replace(/\/(fa|en)\//, `/${lang}/`));
    const part = await judge(p, lang, name);
    if (answer) await p.unroute(here);
    return part;
  });
  for (const part of await Promise.all(parts)) report.take(part);
}

const shoot = async (page, name) => { if (flags.shots) await page.screenshot({ path: join(flags.shots, `desk-${name}.png`), fullPage: true }); };

// judge checks a page as it stands.
async function judge(p, lang, name) {
  const part = new Part();
  await loadAxe(p);
  part.check(`${lang} ${name}`, 'axe', await violations(p));
  await shoot(p, `${name}.${lang}`);
  await p.setViewportSize({ width: 320, height: 640 });
  const wide = await p.evaluate(() => document.documentElement.scrollWidth);
  part.check(`${lang} ${name}`, '320 pixels', wide > 320 ? [`it is ${wide} wide`] : []);
  await shoot(p, `${name}.${lang}.320`);
  await p.setViewportSize({ width: 1280, height: 900 });
  return part;
}

const must = (what, ok, why = '') => report.check('the desk', what, ok ? [] : [why || 'no']);
const send = (page, form = 'main form') => Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.click(`${form} button[type=submit]`)]);

async function come(page, link, email, name) {
  await page.goto(link);
  await look(page, 'join');
  const secret = (await page.locator('main pre code').first().textContent()).trim();
  await page.fill('input[name=name]', name);
  await page.fill('input[name=password]', password);
  await page.fill('input[name=code]', await code(secret));
  await send(page);
  await look(page, 'sign-in');
  await page.fill('input[name=email]', email);
  await page.fill('input[name=password]', password);
  await page.fill('input[name=code]', await code(secret));
  await send(page);
  must(`${email} is in`, page.url().endsWith('/fa/desk'), page.url());
}

// upload gives a file and waits until it was read.
async function upload(page, dataset, path) {
  await page.goto(`${dataset}/file`);
  await look(page, 'upload');
  await page.setInputFiles('input[type=file]', path);
  if (flags.js) { // a connection that breaks is told, and the form stays
    const broken = (route) => (route.request().method() === 'POST' ? route.abort() : route.continue());
    await page.route('**/file*', broken);
    await page.click('main form button[type=submit]');
    const told = await page.textContent('.build.bad');
    must('an upload that breaks is told', told.includes('سرور پاسخ نداد'), told);
    await page.unroute('**/file*', broken);
  }
  await send(page);
  for (let n = 0; n < 60 && page.url().includes('/uploads/'); n++) {
    await page.waitForTimeout(500);
    await page.goto(page.url());
  }
}

try {
  const omid = await open('fa');
  await come(omid, flags.link, 'omid@example.org', 'امید');
  await look(omid, 'home-operator');
  await settings({ base, operator: omid, open, look, must, send });
  await omid.goto(`${base}/fa/desk/agencies`);
  await look(omid, 'agencies');
  await omid.fill('input[name=name_fa]', 'سازمان آب');
  await omid.fill('input[name=name_en]', 'Water Agency');
  await send(omid);
  await omid.goto(`${base}/fa/desk/people`);
  await omid.fill('#inviteemail', 'zahra@example.org');
  await omid.selectOption('#inviteagency', { label: 'سازمان آب' });
  await omid.selectOption('#inviterole', 'publisher');
  await send(omid, 'section[aria-labelledby=invite]');
  const link = (await omid.locator('section[aria-labelledby=link] pre code').textContent()).trim();
  must('an invitation is made', link.includes('/desk/join/'), link);
  await letters({ base, operator: omid, look, must, send });

  const page = await open('fa');
  await come(page, link.replace(/^https?:\/\/[^/]+/, base), 'zahra@example.org', 'زهرا');
  await page.goto(`${base}/fa/desk/datasets/new`);
  await look(page, 'new');
  await page.fill('input[name=title_fa]', 'شهرستان‌ها و رشد جمعیت');
  await page.fill('input[name=title_en]', 'Counties and growth of population');
  await send(page);
  const dataset = page.url();
  await look(page, 'hub-empty');
  await upload(page, dataset, join(files, 'derived-cp1256/growthrate.cp1256.csv'));
  const csv = page.url();
  must('the encoding is found', (await page.textContent('main')).includes('windows-1256'));
  await look(page, 'file-csv');
  await upload(page, dataset, join(files, 'divisions/counties.xlsx'));
  const xlsx = page.url();
  await look(page, 'file-xlsx');
  for (const [file, column] of [[csv, 0], [xlsx, 0]]) {
    await page.goto(`${file}/columns`);
    await look(page, 'columns');
    await page.selectOption(`select[name=c${column}_type]`, 'text');
    await page.fill(`input[name=c${column}_title_fa]`, 'شناسه');
    await page.fill(`textarea[name=c${column}_about_fa]`, 'شناسهٔ رسمی که نباید جمع زده شود');
    await send(page);
    for (let n = 0; n < 60 && page.url().includes('/uploads/'); n++) {
      await page.waitForTimeout(500);
      await page.goto(page.url());
    }
    must('a type is chosen', (await page.textContent('main')).includes('برگزیدهٔ شما'), page.url());
  }
  await page.goto(`${dataset}/about`);
  await look(page, 'about');
  await page.fill('textarea[name=about_fa]', 'فهرست شهرستان‌های کشور و نرخ رشد جمعیت استان‌ها بر پایهٔ سرشماری‌ها. شهرستان‌هایی که پس از سرشماری ساخته شده‌اند در آن نیستند.');
  await page.selectOption('select[name=licence]', 'cc-by-4.0');
  await page.selectOption('select[name=frequency]', 'R/P1Y');
  await page.fill('input[name=start]', '۱۳۸۵/۰۱/۰۱');
  await page.fill('input[name=place]', 'ایران');
  await send(page);
  must('the description is kept', page.url().endsWith('saved=1'), page.url());
  await look(page, 'about-saved');
  await page.goto(`${dataset}/about`);
  await page.fill('input[name=start]', 'دیروز');
  await send(page);
  must('a day that is none is told', (await page.textContent('main')).includes('روزی مانند'));
  await shoot(page, 'about-fault.fa');
  await conflict({ first: page, second: omid, dataset, look, must, send });
  await page.goto(dataset);
  await look(page, 'hub');
  await page.goto(`${dataset}/preview`);
  await look(page, 'preview');
  await page.goto(`${dataset}/publish`);
  await look(page, 'publish');
  await send(page);
  must('it is published', page.url().includes('published=1'), page.url());
  await page.goto(`${base}/fa/desk/datasets`);
  await look(page, 'datasets');
  await page.goto(`${base}/fa/desk`);
  await look(page, 'home');

  const citizen = await open('fa');
  const answer = await citizen.goto(`${base}/fa/datasets/counties-and-growth-of-population`);
  must('a citizen sees it', answer.status() === 200, String(answer.status()));
  const parquet = await citizen.locator('a[href$=".parquet"]').first().getAttribute('href');
  const got = await citizen.request.get(base + parquet);
  must('a citizen takes Parquet away', got.status() === 200 && (await got.body()).subarray(0, 4).toString() === 'PAR1', String(got.status()));
  await shoot(citizen, 'public.fa');

  readFileSync(join(files, 'derived-cp1256/growthrate.cp1256.csv'));
  await upload(page, dataset, join(files, 'divisions/counties.xlsx'));
  await page.goto(`${csv}`);
  await look(page, 'file-public');
  await money({ open, base, operator: omid, publisher: page, agency: 'سازمان آب', dataset: 'counties-and-growth-of-population', upload, look, must, send });
  await questions({ open, base, operator: omid, publisher: page, dataset: 'counties-and-growth-of-population', look, must, send });
  await drafts({ open, base, operator: omid, publisher: page, agency: 'سازمان آب', look, must, send });
  await sources({ base, operator: omid, publisher: page, agency: 'سازمان آب', look, must, send });
} catch (e) {
  report.check('the desk', 'the walk', [e.message.split('\n').slice(0, 3).join(' ')]);
} finally {
  await browser.close();
}
process.exit(report.end((performance.now() - start) / 1000));
