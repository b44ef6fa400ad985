// Filings and budgets at the desk: an operator puts a set of indicators in force;
// a publisher sees what is late, hands in a dataset, a link and a statement, sees
// what the machine finds before anybody else does, is rejected and objects; a
// table is uploaded and made a budget by hand, its sums are read before they are
// kept, and stand in the explorer afterwards; the calendar and the limits of flags.
const budget = 'سال,کد برنامه,عنوان برنامه,بخش,مصوب,عملکرد\n' +
  '1403,101,آب آشامیدنی,حقوق,120,110\n1403,102,برق,حقوق,80,85\n1404,101,آب آشامیدنی,حقوق,150,\n1404,102,برق,ساختمان,90,12\n';

export async function money({ open, base, operator, publisher, agency, dataset, upload, look, must, send }) {
  const main = (page) => page.textContent('main');
  const says = async (page, what, ...words) => {
    const text = await main(page);
    must(what, words.every((w) => text.includes(w)), text);
  };
  const section = (name) => `section[aria-labelledby=do-${name}]`;
  const year = Number(new Intl.DateTimeFormat('en-u-ca-persian', { year: 'numeric', timeZone: 'Asia/Tehran' }).formatToParts(new Date()).find((p) => p.type === 'year').value);
  const press = (page, selector) => Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.click(selector)]);

  await publisher.goto(`${base}/fa/desk/filings`);
  await says(publisher, 'without a set nothing is asked for', 'از کسی چیزی خواسته نشده است');
  await look(publisher, 'filings-none');
  await set();
  await operator.goto(`${base}/fa/desk/agencies`);
  await operator.selectOption('#kindagency', { label: agency });
  await operator.selectOption('#kindagency_kind', 'organization');
  await send(operator, 'form:has(input[value=kind])');
  await said();
  await filing();
  await table();
  await calendar();
  await flags();

  // set puts the set that comes with the program in force since last year began.
  async function set() {
    await operator.goto(`${base}/fa/desk/settings/indicators`);
    await look(operator, 'set');
    const own = await operator.inputValue('textarea[name=set]');
    await operator.fill('textarea[name=set]', own.replace('"days": 45', '"days": "many"'));
    await send(operator, 'section[aria-labelledby=next]');
    must('a set that is none is refused, and stays', (await operator.locator('#set-fault, .wrong').count()) === 1 && (await operator.inputValue('textarea[name=set]')).includes('many'), await main(operator));
    await operator.fill('textarea[name=set]', own.replace('"days": 45', '"days": 46'));
    await send(operator, 'section[aria-labelledby=next]');
    await says(operator, 'what changes is shown first', 'S01', '46');
    await look(operator, 'set-tried', true);
    await operator.setInputFiles('input[type=file]', { name: 'set.json', mimeType: 'application/json', buffer: Buffer.from(own) });
    await send(operator, 'section[aria-labelledby=given]');
    must('a set is taken from a file', (await operator.inputValue('textarea[name=set]')) === own && (await main(operator)).includes('فرقی ندارد'), await main(operator));
    await operator.fill('input[name=since]', `${year - 1}/01/01`);
    await operator.check('input[name=how][value=keep]');
    await send(operator, 'section[aria-labelledby=next]');
    must('a set is in force', operator.url().endsWith('saved=1'), await main(operator));
    await look(operator, 'set-saved');
  }

  // filing hands in a dataset, which is rejected, objected to and taken at last.
  async function filing() {
    await publisher.goto(`${base}/fa/desk`);
    await says(publisher, 'what is late stands at the desk', 'مهلت گزارش‌هایی گذشته است');
    await look(publisher, 'home-late');
    await publisher.goto(`${base}/fa/desk/filings`);
    await look(publisher, 'filings');
    await press(publisher, 'section[aria-labelledby=late] a[href*="/S01/"]');
    const page = publisher.url();
    await look(publisher, 'filing');
    for (const [typed, told] of [['', 'مستندی برگزینید'], ['زقکخ', 'به این نام ندارد'], ['شهرستان', 'یکی را برگزینید']]) {
      await publisher.fill('input[name=thing]', typed);
      await send(publisher, section('hand'));
      await says(publisher, `evidence “${typed}” is refused in words`, told);
    }
    await look(publisher, 'filing-refused', true);
    await publisher.selectOption('select[name=thing]', { index: 1 });
    await send(publisher, section('hand'));
    await says(publisher, 'one of several is chosen', 'امتیازی که خواهد گرفت');
    await publisher.fill('input[name=thing]', `${base}/fa/datasets/${dataset}`);
    await send(publisher, section('hand'));
    await says(publisher, 'what the machine finds is shown before it is handed in', 'امتیازی که خواهد گرفت', 'هنوز چیزی ارائه نشده است');
    await look(publisher, 'filing-tried', true);
    await publisher.check('input[name=how][value=hand]');
    await send(publisher, section('hand'));
    must('it is handed in', publisher.url().endsWith('done=hand'), await main(publisher));
    await look(publisher, 'filing-handed');

    await operator.goto(`${base}/fa/desk`);
    await says(operator, 'it waits for an operator', 'گزارش‌هایی در انتظار بررسی');
    await press(operator, 'main a[href$="/desk/filings?state=submitted"]');
    await look(operator, 'filings-submitted');
    await press(operator, 'section[aria-labelledby=filed] a.mini-title');
    await look(operator, 'filing-review');
    await send(operator, section('reject'));
    await says(operator, 'who rejects says why', 'دلیل را بنویسید');
    await operator.fill(`${section('reject')} textarea`, 'این جدول عملکرد مالی نیست.');
    await send(operator, section('reject'));
    must('it is rejected', operator.url().endsWith('done=reject'), await main(operator));

    await publisher.goto(`${base}/fa/desk`);
    await says(publisher, 'the agency is told', 'گزارشی رد شده است');
    await publisher.goto(page);
    await says(publisher, 'the reason stands there', 'این جدول عملکرد مالی نیست.');
    await look(publisher, 'filing-rejected');
    await publisher.fill(`${section('object')} textarea`, 'ستون‌های مصوبه در پروندهٔ دوم است.');
    await send(publisher, section('object'));
    must('the agency objects', publisher.url().endsWith('done=object'), await main(publisher));
    await operator.goto(page);
    await look(operator, 'filing-objected');
    await operator.fill(`${section('uphold')} textarea`, 'درست است.');
    await send(operator, section('uphold'));
    must('the objection is upheld', operator.url().endsWith('done=uphold'), await main(operator));
    await press(operator, 'main .meta a');
    await says(operator, 'everybody reads what was said', 'این جدول عملکرد مالی نیست.', 'درست است.');
    await look(operator, 'filing-public');
  }

  // said hands in a statement by the keyboard alone, and one of last year: from
  // there on the agency is asked for more.
  async function said() {
    await publisher.goto(`${base}/fa/desk/filings`);
    const tabTo = async (selector) => {
      for (let n = 0; n < 200; n++) {
        await publisher.keyboard.press('Tab');
        if (await publisher.evaluate((s) => document.activeElement.matches(s), selector)) return;
      }
      throw new Error(`${selector} is not within 200 stops`);
    };
    const enter = () => Promise.all([publisher.waitForNavigation({ waitUntil: 'load' }), publisher.keyboard.press('Enter')]);
    await tabTo('a[href*="/S14/"]');
    await enter();
    await tabTo('input[name=link]');
    await publisher.keyboard.type('example.org');
    await enter();
    await says(publisher, 'a link that is none is refused in words', 'https://…');
    await publisher.fill('input[name=link]', '');
    await tabTo('textarea[name=said_fa]');
    await publisher.keyboard.insertText('در این دوره پیش‌نویسی به نظرخواهی گذاشته نشد.');
    await tabTo('input[name=how]:checked');
    await publisher.keyboard.press(await publisher.evaluate(() => document.dir) === 'rtl' ? 'ArrowDown' : 'ArrowRight');
    await tabTo('main form button');
    await enter();
    must('a statement is handed in by the keyboard alone', publisher.url().endsWith('done=hand'), await main(publisher));
    await look(publisher, 'filing-statement');
    await publisher.goto(publisher.url().replace(/[^/]+$/, `${year - 1}-H1`));
    await publisher.fill('textarea[name=said_fa]', 'در این دوره پیش‌نویسی به نظرخواهی گذاشته نشد.');
    await publisher.check('input[name=how][value=hand]');
    await send(publisher, section('hand'));
    must('an earlier period is filed', publisher.url().endsWith('done=hand'), await main(publisher));
  }

  // table uploads a table and makes it a budget.
  async function table() {
    await publisher.goto(`${base}/fa/desk/datasets/new`);
    await publisher.fill('input[name=title_fa]', 'بودجهٔ سازمان آب');
    await publisher.fill('input[name=title_en]', 'Budget of the Water Agency');
    await send(publisher);
    const hub = publisher.url();
    await upload(publisher, hub, { name: 'budget.csv', mimeType: 'text/csv', buffer: Buffer.from(budget) });
    await press(publisher, 'main a[href*="/budget"]');
    await look(publisher, 'budget');
    await publisher.selectOption('select[name=c2]', 'value');
    await send(publisher, section('map'));
    await says(publisher, 'names are no amounts', 'نمی‌توان آن را نشان داد', 'عنوان برنامه');
    await look(publisher, 'budget-unfit', true);
    for (const [name, value] of [['c2', 'programme.label'], ['c3', 'economic1.label'], ['factor', '1000000']]) await publisher.selectOption(`select[name=${name}]`, value);
    await publisher.fill('input[name=money]', 'IRR');
    await send(publisher, section('map'));
    await says(publisher, 'the sums are shown before they are kept', '۲۰۰٬۰۰۰٬۰۰۰', '۱۹۵٬۰۰۰٬۰۰۰', '۲۴۰٬۰۰۰٬۰۰۰', '۱۲٬۰۰۰٬۰۰۰');
    await look(publisher, 'budget-tried', true);
    await publisher.check('input[name=how][value=keep]');
    await send(publisher, section('map'));
    must('the columns are kept', publisher.url().includes('done=kept'), await main(publisher));
    await look(publisher, 'budget-kept');
    await publisher.goto(hub);
    await look(publisher, 'hub-budget');
    await publisher.goto(`${hub}/about`);
    await publisher.fill('textarea[name=about_fa]', 'بودجهٔ مصوب سازمان آب و عملکرد آن، برنامه به برنامه.');
    await publisher.selectOption('select[name=licence]', 'cc-by-4.0');
    await send(publisher);
    await publisher.goto(`${hub}/publish`);
    await send(publisher);
    must('the budget is published', publisher.url().includes('published=1'), await main(publisher));
    const citizen = await open('fa');
    for (let n = 0; n < 60; n++) {
      await citizen.goto(`${base}/fa/spending/1403`);
      if ((await citizen.textContent('body')).includes('سازمان آب')) break;
      await citizen.waitForTimeout(500);
    }
    await says(citizen, 'everybody sees it in the explorer', 'سازمان آب', '۲۰۰');
    await look(citizen, 'spending');
    await citizen.close();
  }

  async function calendar() {
    await publisher.goto(`${base}/fa/desk/calendar`);
    await look(publisher, 'calendar-empty');
    await publisher.fill('input[name=budget_year]', '۱۴۰۵');
    await publisher.fill('input[name=due_day]', 'فردا');
    await send(publisher);
    await says(publisher, 'a day that is none is told', 'روزی را بنویسید');
    await publisher.fill('input[name=due_day]', '۱۴۰۴/۰۹/۱۵');
    await publisher.fill('input[name=came_day]', '۱۴۰۴/۱۰/۰۲');
    await send(publisher);
    must('a document is in the calendar', publisher.url().endsWith('done=put'), await main(publisher));
    await look(publisher, 'calendar');
    await press(publisher, 'main .mini-title');
    await look(publisher, 'calendar-document');
  }

  async function flags() {
    await operator.goto(`${base}/fa/desk/settings/flags`);
    await look(operator, 'flags');
    await operator.fill('input[name=flag_days]', 'ده');
    await operator.fill('textarea[name=flag_thresholds]', 'IRR, ۱۰٬۰۰۰٬۰۰۰\nریال ۵');
    await send(operator);
    await says(operator, 'the line that is wrong is told', '۲');
    await look(operator, 'flags-refused', true);
    await operator.fill('input[name=flag_days]', '۱۰');
    await operator.fill('textarea[name=flag_thresholds]', 'IRR, ۱۰٬۰۰۰٬۰۰۰');
    await send(operator);
    must('limits of flags are kept', operator.url().endsWith('saved=1'), await main(operator));
  }
}
