// A draft regulation through its whole life at the desk: the text is pasted and
// its split mended, a period that is too short is refused, two people change the
// description at once, citizens comment with scripts, the operator looks at what
// they wrote one by one, with the keys, and answers; a new text comes with what
// caused its change, and is approved behind the gate.
const text = ['آیین‌نامهٔ نوبت آب', 'ماده ۱ـ هر کشاورز یک نوبت دارد.', 'ماده ۲ـ نوبت هر ده روز یک بار است.', 'تبصره ـ در خشک‌سالی نوبت پانزده روز است.', 'ماده ۴ـ این آیین‌نامه از مهر اجرا می‌شود.'].join('\n');

export async function drafts({ open, base, operator, publisher, agency, look, must, send }) {
  const main = (page) => page.textContent('main');
  const section = (name) => `section[aria-labelledby=do-${name}]`;
  const press = (page, selector) => Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.click(selector)]);

  await publisher.goto(`${base}/fa/desk/drafts`);
  await look(publisher, 'drafts-empty');
  await publisher.goto(`${base}/fa/desk/drafts/new`);
  await look(publisher, 'draft-new');
  await publisher.fill('input[name=draft_fa]', 'نوبت آب');
  await publisher.fill('input[name=draft_en]', 'Turns of water');
  await publisher.selectOption('select[name=regulation]', 'circular');
  await publisher.selectOption('select[name=agency]', { label: agency });
  await send(publisher);
  const page = publisher.url().replace(/\/text$/, '');
  const id = page.split('/').pop();
  await look(publisher, 'draft-give');
  await publisher.setInputFiles('input[type=file]', { name: 'law.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') });
  await send(publisher, 'section[aria-labelledby=by-file] form');
  must('a PDF is refused', (await main(publisher)).includes('PDF'), await main(publisher));
  await publisher.goto(`${page}/text`);
  await publisher.fill('textarea[name=pasted]', text);
  await send(publisher, 'section[aria-labelledby=by-paste] form');
  const split = publisher.url();
  must('a number that is left out is told', (await main(publisher)).includes('جایی که شمارهٔ ۳ باید باشد'), await main(publisher));
  await look(publisher, 'draft-split');
  await publisher.fill('textarea[name=mended]', (await publisher.inputValue('textarea[name=mended]')).replace('ماده 4 | ماده ۴', 'ماده 3 | ماده ۳'));
  await send(publisher, 'section[aria-labelledby=mend]');
  must('the split is mended', publisher.url().endsWith('saved=1') && (await main(publisher)).includes('چیز عجیبی در متن نیست'), await main(publisher));
  await publisher.goto(`${split}/preview`);
  await look(publisher, 'draft-preview');

  await operator.goto(`${page}/about`);
  await publisher.goto(`${page}/about`);
  await look(publisher, 'draft-about');
  await publisher.fill('textarea[name=summary_fa]', 'نوبت آب کشاورزان.');
  await send(publisher);
  await operator.fill('textarea[name=summary_fa]', 'نوبت آب برای همه.');
  await send(operator);
  must('two at once are told', (await main(operator)).includes('نوبت آب کشاورزان.') && (await operator.inputValue('textarea[name=summary_fa]')) === 'نوبت آب برای همه.', await main(operator));
  await look(operator, 'draft-conflict', true);
  await publisher.goto(`${page}/papers`);
  await publisher.fill('input[name=paper_fa]', 'گزارش توجیهی');
  await publisher.setInputFiles('input[type=file]', { name: 'why.txt', mimeType: 'text/plain', buffer: Buffer.from('چرا') });
  await send(publisher, 'section[aria-labelledby=add]');
  must('a document is added', (await main(publisher)).includes('why.txt'), await main(publisher));
  await look(publisher, 'draft-papers');

  await publisher.goto(`${page}/period`);
  await look(publisher, 'draft-period');
  const soon = new Date(Date.now() + 2 * 864e5).toISOString().slice(0, 10);
  await publisher.fill('input[name=closes_day]', soon);
  await publisher.fill('textarea[name=by]', 'تصمیم هیئت مدیره');
  await send(publisher, section('opened'));
  must('a period that is too short is refused with its rule', (await main(publisher)).includes('دست‌کم ۷ روز') && (await main(publisher)).includes('periods.'), await main(publisher));
  await operator.goto(`${base}/fa/desk/settings/periods`);
  await operator.fill('input[name="periods.circular"]', '0');
  await send(operator);
  await send(publisher, section('opened'));
  must('it is taken when the rule lets it', publisher.url().endsWith('done=period'), await main(publisher));
  await publisher.goto(page);
  await look(publisher, 'draft-hub-new');
  await send(publisher, section('publish'));
  must('the draft is public', publisher.url().endsWith('done=publish'), publisher.url());

  const citizen = await open('fa', true);
  const say = async (words, at) => {
    await citizen.goto(`${base}/fa/drafts/turns-of-water/comment?at=${at}`);
    await citizen.check('input[name=kind][value=change]');
    await citizen.fill('textarea[name=text]', words);
    await press(citizen, 'main form button[value=look]');
    await Promise.all([citizen.waitForURL(/\/receipt/, { timeout: 30_000 }), citizen.click('main form button[value=send]')]);
  };
  await say('در خشک‌سالی پانزده روز خیلی زیاد است؛ دوازده روز بس است.', 'art_2');
  await say('ساعت ارزان بخرید.', 'art_1');
  await say('ماده یک خوب است و باید بماند.', 'art_1');

  await operator.goto(`${base}/fa/desk`);
  must('comments wait at the desk', (await main(operator)).includes('نظرهایی در انتظار بررسی'), await main(operator));
  await look(operator, 'home-drafts');
  await operator.goto(`${base}/fa/desk/comments?draft=${id}`);
  must('three comments wait', (await main(operator)).includes('۳ نظر'), await main(operator));
  await look(operator, 'comments');
  await operator.check('article:has-text("ماده یک خوب است") input[type=checkbox]');
  await send(operator, 'form.wide');
  must('what is chosen is shown', (await main(operator)).includes('دربارهٔ ۱ نظر انجام شد'), await main(operator));
  await press(operator, 'main .actions a.btn');
  await look(operator, 'comment');
  const key = async (letter) => { // what a browser does with an access key
    await operator.focus(`[accesskey=${letter}]`);
    await Promise.all([operator.waitForNavigation({ waitUntil: 'load' }), operator.keyboard.press('Enter')]);
  };
  await key('n');
  must('the next comment comes by its key', (await main(operator)).includes('ساعت ارزان'), await main(operator));
  await operator.selectOption('select[name=why]', 'spam');
  await send(operator, section('remove'));
  must('after an act comes the one that is left', (await main(operator)).includes('دوازده روز') && operator.url().includes('done=remove'), await main(operator));
  await key('s');
  must('the queue is empty', (await main(operator)).includes('نظری در انتظار نیست'), await main(operator));
  await citizen.goto(`${base}/fa/drafts/turns-of-water`);
  must('everybody reads it, and not what was removed', (await main(citizen)).includes('دوازده روز') && !(await main(citizen)).includes('ساعت ارزان'));

  await publisher.goto(`${page}/period`);
  await publisher.fill(`${section('closed')} textarea`, 'تصمیم هیئت مدیره');
  await send(publisher, section('closed'));
  must('it is closed early', publisher.url().endsWith('done=period'), await main(publisher));
  await look(publisher, 'draft-hub');
  await publisher.goto(`${page}/decision`);
  must('what is missing is listed', (await main(publisher)).includes('متن مصوب منتشر نشده است'), await main(publisher));
  await look(publisher, 'draft-decision');

  for (let n = 0; n < 60; n++) {
    await publisher.goto(`${page}/answers?state=unanswered`);
    if ((await publisher.locator('.minis a').count()) === 2) break;
    await publisher.waitForTimeout(500);
  }
  await look(publisher, 'draft-answers');
  for (let n = 0; n < 2; n++) {
    await publisher.goto(`${page}/answers?state=unanswered`);
    await press(publisher, '.minis a');
    if (n === 0) {
      await send(publisher, section('answer'));
      must('an answer without a verdict is refused', (await main(publisher)).includes('نتیجه را برگزینید'), await main(publisher));
      await look(publisher, 'draft-answer');
    }
    await publisher.check('input[name=verdict][value=adopted]');
    await publisher.fill('textarea[name=answer]', 'سپاس؛ پذیرفته شد.');
    await publisher.check('input[name=how][value=answer]');
    await send(publisher, section('answer'));
    must('the answer is published', publisher.url().endsWith('done=answer'), await main(publisher));
  }

  await publisher.goto(`${page}/text`);
  await publisher.fill('textarea[name=pasted]', text.replace('پانزده', 'دوازده').replace('ماده ۴', 'ماده ۳'));
  await send(publisher, 'section[aria-labelledby=by-paste] form');
  const second = publisher.url();
  await publisher.check('input[name=stage][value=approved]');
  await send(publisher, 'section[aria-labelledby=mend]');
  await publisher.goto(`${second}/changes`);
  must('the change is shown', (await publisher.locator('.change-row ins').count()) === 1, await main(publisher));
  await look(publisher, 'draft-changes');
  await press(publisher, '.change-row > p > a');
  await look(publisher, 'draft-cause');
  await publisher.check('label:has-text("دوازده روز بس است") input');
  await publisher.check('input[name=verdict][value=adopted]');
  await publisher.fill('textarea[name=because]', 'کشاورزان درست گفتند.');
  await send(publisher);
  must('the cause stands at the change', (await main(publisher)).includes('کشاورزان درست گفتند.'), await main(publisher));
  await look(publisher, 'draft-changes-caused');
  await send(publisher, section('publish'));
  must('the new text is public', publisher.url().includes('done=version'), await main(publisher));
  await publisher.goto(`${page}/decision`);
  must('nothing is missing', (await main(publisher)).includes('چیزی نمانده است'), await main(publisher));
  await send(publisher, section('approve'));
  must('it is approved', publisher.url().endsWith('done=approve'), await main(publisher));
  await publisher.goto(`${base}/fa/desk/drafts`);
  await look(publisher, 'drafts');
  await citizen.goto(`${base}/fa/drafts/turns-of-water`);
  must('everybody sees what changed because of whom', (await main(citizen)).includes('کشاورزان درست گفتند.'), await main(citizen));
}
