// What people ask: without JavaScript somebody asks in Persian about a dataset
// and waits the twenty seconds, with JavaScript somebody else asks in English at
// once; the agency looks, answers and declines; both see what became of it.
export async function questions({ open, base, operator, publisher, dataset, look, must, send }) {
  const press = (page, value) => Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.click(`main form button[value=${value}]`)]);
  const text = (page) => page.textContent('main');

  const sara = await open('fa', false);
  await sara.goto(`${base}/fa/datasets/${dataset}`);
  await Promise.all([sara.waitForNavigation(), sara.click(`a[href$="/datasets/${dataset}/ask"]`)]);
  await look(sara, 'ask');
  await press(sara, 'look');
  must('an empty question is told', (await text(sara)).includes('پرسش یا گزارش خود را بنویسید'));
  await sara.check('input[value=problem]');
  await sara.fill('textarea', 'ستون شناسه در ردیف ۳ خالی است.');
  await sara.fill('input[name=name]', 'سارا');
  await sara.fill('input[name=email]', 'sara@example.org');
  await press(sara, 'look');
  must('the preview shows what will be read', (await text(sara)).includes('ستون شناسه در ردیف ۳ خالی است.'));
  await press(sara, 'edit');
  must('what was typed is kept', (await sara.inputValue('textarea')).includes('ردیف ۳') && await sara.isChecked('input[value=problem]'));
  await press(sara, 'look');
  await press(sara, 'send');
  must('without a script it takes its time', (await text(sara)).includes('۲۰ ثانیه') && (await text(sara)).includes('ردیف ۳'));
  const wait = sara.waitForTimeout(20_500); // in which somebody else asks

  const john = await open('en', true);
  await john.goto(`${base}/en/datasets/${dataset}/ask`);
  await john.fill('textarea', 'Buy cheap watches now.');
  await press(john, 'look');
  await Promise.all([john.waitForURL(/\/receipt\//, { timeout: 30_000 }), john.click('main form button[value=send]')]);
  must('with a script it goes at once', john.url().includes('/en/receipt/'), john.url());

  await wait;
  await press(sara, 'send');
  must('there is a receipt', /\/fa\/receipt\/[0-9A-Z-]{23}$/.test(sara.url()), sara.url());
  must('the receipt shows the question, and no address', (await text(sara)).includes('ردیف ۳') && !(await text(sara)).includes('sara@example.org'));
  await look(sara, 'receipt');
  const receipt = sara.url();

  const list = `${base}/fa/datasets/${dataset}/questions`;
  await sara.goto(list);
  must('nobody reads it yet', !(await text(sara)).includes('ردیف ۳'));
  await look(sara, 'questions-empty');

  await publisher.goto(`${base}/fa/desk`);
  must('it waits at the desk', (await text(publisher)).includes('ستون شناسه در ردیف ۳'));
  await publisher.goto(`${base}/fa/desk/questions`);
  await look(publisher, 'desk-questions');
  await Promise.all([publisher.waitForNavigation(), publisher.click('main .minis a:has-text("ردیف ۳")')]);
  const asked = publisher.url();
  await look(publisher, 'desk-question');
  await send(publisher, 'section[aria-labelledby=do-open]');
  must('it is let out', publisher.url().includes('done=open'), publisher.url());
  await sara.goto(list);
  must('everybody reads it', (await text(sara)).includes('ردیف ۳'));
  await look(sara, 'questions');
  await publisher.goto(asked);
  await publisher.fill('textarea[name=answer]', 'سپاس؛ امروز پر شد.');
  await publisher.check('input[type=radio][value=answer]');
  await send(publisher, 'section[aria-labelledby=do-answer]');
  must('the answer is published', publisher.url().includes('done=answer'), publisher.url());
  await look(publisher, 'desk-question-answered');
  await sara.goto(list);
  await Promise.all([sara.waitForNavigation(), sara.click('main .minis a')]);
  must('everybody reads the answer', (await text(sara)).includes('امروز پر شد'));
  await look(sara, 'question');
  const page = sara.url();

  await operator.goto(`${base}/fa/desk/questions`);
  await Promise.all([operator.waitForNavigation(), operator.click('main .minis a:has-text("watches")')]);
  await operator.selectOption('select[name=why]', 'spam');
  await send(operator, 'section[aria-labelledby=do-decline]');
  must('it is declined', operator.url().includes('done=decline'), operator.url());
  await john.goto(john.url());
  must('who asked is told why', (await text(john)).includes('advertising'));
  await sara.goto(`${list}?state=declined`);
  must('everybody sees that and why, and not the words', (await text(sara)).includes('تبلیغ') && !(await text(sara)).includes('watches'));

  await sara.goto(receipt);
  await send(sara);
  must('it is not taken back by chance', (await text(sara)).includes('مشخص کنید که می‌خواهید پاک شود'));
  await sara.check('#sure');
  await send(sara);
  await sara.goto(page);
  must('what is taken back is gone', !(await text(sara)).includes('ردیف ۳') && !(await text(sara)).includes('امروز پر شد'));
  await look(sara, 'question-withdrawn');
  await sara.goto(`${base}/fa/receipt`);
  await look(sara, 'receipt-find');
}
