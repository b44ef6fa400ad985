// Sources at the desk: an operator registers one in a private network, a
// publisher tries it, has it harvested, stops a run, decides about what a run
// would remove, sets a schedule, retires it and takes it up again.
import { createServer } from 'node:http';

// catalogue is a data.json of n records.
function catalogue(n) {
  const dataset = Array.from({ length: n }, (_, i) => ({
    identifier: `w-${i}`, title: `سد شمارهٔ ${i}`, description: 'تراز آب در پایان هر ماه', keyword: ['آب'], modified: '2026-01-01',
    publisher: { name: 'Water' }, contactPoint: { fn: 'Water', hasEmail: 'mailto:water@example.org' }, accessLevel: 'public', landingPage: `https://example.org/${i}`,
  }));
  if (n > 5) delete dataset[3].title;
  return JSON.stringify({ conformsTo: 'https://project-open-data.cio.gov/v1.1/schema', dataset });
}

// serve answers as mode says, until it is closed.
async function serve() {
  const source = { mode: 'good' };
  const server = createServer((_, res) => {
    switch (source.mode) {
      case 'html': res.setHeader('Content-Type', 'text/html'); res.end('<!DOCTYPE html><p>Log in'); return;
      case 'slow': res.write('{"dataset": ['); return; // and nothing more
      case 'few': res.end(catalogue(4)); return;
      default: res.end(catalogue(30));
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  source.url = `http://127.0.0.1:${server.address().port}/data.json`;
  source.close = () => { server.closeAllConnections(); server.close(); };
  return source;
}

export async function sources({ base, operator, publisher, agency, look, must, send }) {
  const at = await serve();
  const main = (page) => page.textContent('main');
  const press = (page, what) => send(page, `form:has(input[name=do][value=${what}])`);
  // ended waits for the run that the page is about.
  async function ended(page) {
    for (let n = 0; n < 120; n++) {
      await page.goto(page.url());
      if (!(await page.locator('main .note[role=status] + .hint').count())) return;
      await page.waitForTimeout(500);
    }
  }
  try {
    await publisher.goto(`${base}/fa/desk/sources`);
    await look(publisher, 'sources-none');
    await publisher.goto(`${base}/fa/desk/sources/new`);
    await look(publisher, 'source-new');
    for (const [url, says] of [['', 'نشانی منبع را بنویسید'], ['ftp://example.org/x', 'آغاز می‌شود'], ['https://a:b@example.org/', 'گذرواژه'], [at.url, 'شبکه‌ای خصوصی']]) {
      await publisher.fill('input[name=url]', url);
      await publisher.selectOption('select[name=kind]', 'datajson');
      await send(publisher);
      must(`the address “${url.slice(0, 8)}” is refused in words`, (await main(publisher)).includes(says), await main(publisher));
    }
    must('what was typed stays', (await publisher.inputValue('input[name=url]')) === at.url);

    await operator.goto(`${base}/fa/desk/sources/new`);
    await operator.fill('input[name=url]', at.url);
    await operator.selectOption('select[name=kind]', 'datajson');
    await operator.selectOption('select[name=source_agency]', { label: agency });
    await operator.fill('input[name=source_fa]', 'فهرست سدها');
    await operator.fill('input[name=source_en]', 'List of dams');
    await operator.check('input[name=private]');
    await send(operator);
    must('a source is registered', operator.url().includes('registered=1'), operator.url());
    await look(operator, 'source-registered');

    await publisher.goto(`${base}/fa/desk/sources`);
    await look(publisher, 'sources');
    await publisher.click('main .mini-title');
    const source = publisher.url();
    at.mode = 'slow';
    await press(publisher, 'try');
    const first = publisher.url();
    await publisher.goto(source);
    await press(publisher, 'try');
    must('two clicks make one run', publisher.url() === first, `${first} and ${publisher.url()}`);
    await publisher.waitForTimeout(1500);
    await publisher.goto(first);
    await look(publisher, 'run-waiting');
    await press(publisher, 'stop');
    await ended(publisher);
    must('a run is stopped', !(await main(publisher)).includes('دارد متوقف می‌شود'), await main(publisher));
    at.mode = 'good';
    await publisher.goto(source);
    await press(publisher, 'try');
    await ended(publisher);
    const trial = await main(publisher);
    must('a trial says what would be added, and what is wrong', trial.includes('۲۹ رکورد افزوده می‌شود') && trial.includes('سد شمارهٔ') && trial.includes('w-3'), trial);
    await look(publisher, 'run-trial');
    must('a trial publishes nothing', (await (await publisher.request.get(`${base}/api/v1/datasets?q=سد`)).json()).total === 0);
    await press(publisher, 'ask');
    await ended(publisher);
    must('the source is harvested', (await main(publisher)).includes('منبع تا پایان خوانده شد'), await main(publisher));
    await look(publisher, 'run-done');

    at.mode = 'few';
    await publisher.goto(source);
    await press(publisher, 'ask');
    await ended(publisher);
    const held = publisher.url();
    await look(publisher, 'run-held');
    await publisher.goto(`${base}/fa/desk`);
    must('what is held waits at the desk', await publisher.locator(`main a[href$="${new URL(held).pathname}"]`).count() === 1);
    await look(publisher, 'home-held');
    await publisher.goto(held);
    await press(publisher, 'approve');
    must('a decision needs a reason', (await main(publisher)).includes('بگویید چرا'), await main(publisher));
    await publisher.fill('#refusereason', 'منبع نیمه‌کاره است.');
    await press(publisher, 'refuse');
    must('it is refused', (await main(publisher)).includes('نپذیرفت'), await main(publisher));
    await look(publisher, 'run-refused');
    await publisher.goto(source);
    await press(publisher, 'ask');
    await ended(publisher);
    await publisher.fill('#approvereason', 'سدهای دیگر به سازمان دیگری واگذار شد.');
    await press(publisher, 'approve');
    must('it is approved', (await main(publisher)).includes('تأیید کرد'), await main(publisher));
    await look(publisher, 'run-approved');

    at.mode = 'html';
    await publisher.goto(source);
    await press(publisher, 'try');
    await ended(publisher);
    must('a page of the web is no catalogue', (await main(publisher)).includes('از منبع چیزی نرسید که به کار آید'), await main(publisher));
    await look(publisher, 'run-failed');
    await publisher.goto(`${source}/edit`);
    await publisher.selectOption('select[name=often]', 'weekly');
    await publisher.selectOption('select[name=weekday]', 'weekday6');
    await publisher.fill('input[name=hour]', '۲۵');
    await send(publisher);
    must('an hour that is none is told', (await main(publisher)).includes('مانند ۰۳:۳۰'));
    await publisher.fill('input[name=hour]', '۳:۱۵');
    await send(publisher);
    must('a schedule is set', (await main(publisher)).includes('هر هفته شنبه ساعت ۰۳:۱۵'), await main(publisher));
    await look(publisher, 'source');
    await publisher.goto(`${source}/edit`);
    await look(publisher, 'source-edit');
    await publisher.goto(source);
    await publisher.goto(new URL(await publisher.locator('header a[href^="/fa/sources/"], .meta a[href^="/fa/sources/"]').first().getAttribute('href'), base).href);
    must('the public page says when', (await main(publisher)).includes('هر هفته شنبه ساعت ۰۳:۱۵'));
    await look(publisher, 'source-public');
    await publisher.goto(source);
    await publisher.fill('#retire-sourcereason', 'سازمان منحل شد.');
    await press(publisher, 'retire-source');
    must('it is retired', (await main(publisher)).includes('از سر گرفتن'), await main(publisher));
    await look(publisher, 'source-retired');
    await press(publisher, 'revive');
    must('it is taken up again', publisher.url().includes('saved=1'), publisher.url());
  } finally {
    at.close();
  }
}
