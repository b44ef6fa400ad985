// Two people in browsers of their own change the description of one dataset: who
// is second sees both texts and decides; nothing is lost.
export async function conflict({ first, second, dataset, look, must, send }) {
  const field = 'textarea[name=about_fa]';
  const other = dataset.replace('/fa/', '/en/'); // the second works in English
  await second.goto(`${other}/about`);
  await first.goto(`${dataset}/about`);
  const was = await first.inputValue(field);
  await first.fill(field, `${was} این جمله از نفر نخست است.`);
  await send(first);
  must('the first is kept', first.url().endsWith('saved=1'), first.url());
  await second.fill(field, `${was} این جمله از نفر دوم است.`);
  await send(second);
  const told = await second.textContent('main');
  must('the second is told', (await second.locator('.errors[role=alert]').count()) === 1, told);
  must('the second sees what the first wrote', told.includes('این جمله از نفر نخست است.'), told);
  must('what the second typed stays', (await second.inputValue(field)).endsWith('این جمله از نفر دوم است.'));
  await first.goto(`${dataset}/about`);
  must('nothing was written over', (await first.inputValue(field)).endsWith('این جمله از نفر نخست است.'));
  await look(second, 'about-conflict', true);
  await second.fill(field, `${was} این جمله از هر دو است.`);
  await send(second);
  must('the second decides', second.url().endsWith('saved=1'), second.url());
}
