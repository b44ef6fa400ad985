// Settings at the desk: an operator sets the portal's name, colours, emblem and
// languages, is told what cannot be taken, and goes back to Shafaf's own.
const svg = (inner) => ({ name: 'emblem.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${inner}</svg>`) });

export async function settings({ base, operator, open, look, must, send }) {
  const at = `${base}/fa/desk/settings`;
  const main = () => operator.textContent('main');
  const store = () => send(operator, 'form:has(input[name=do][value=look])');
  const give = async (file) => {
    await operator.setInputFiles('input[type=file]', file);
    await send(operator, 'form[action$="/emblem"]');
  };
  await operator.goto(at);
  await look(operator, 'settings');

  await operator.fill('input[name=name-fa]', 'دادهٔ باز همدلی');
  await operator.fill('input[name=color]', '#6bd0c4');
  await store();
  must('a pale colour is refused with its contrast', (await main()).includes('برابر ۱٫۷۱ به ۱'), await main());
  must('what was typed stays', (await operator.inputValue('input[name=name-fa]')) === 'دادهٔ باز همدلی');
  const near = (await main()).match(/خوانا (#[0-9a-f]{6})/)[1];
  await operator.fill('input[name=color]', near);
  await store();
  must('the nearest colour is taken', operator.url().endsWith('?saved=1'), await main());

  for (const [file, says] of [[svg('<text>x</text>'), 'no shapes'], [{ name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('GIF89a') }, 'neither SVG nor PNG']]) {
    await give(file);
    must(`an emblem is refused: ${says}`, (await main()).includes(says), await main());
  }
  await give(svg('<script>document.title = 1</script><circle cx="16" cy="16" r="14" fill="#7a1f5c"/>'));
  must('an emblem is taken', operator.url().endsWith('?saved=1'), await main());
  await look(operator, 'settings-own');

  const citizen = await open('fa');
  await citizen.goto(`${base}/fa/`);
  must('the name is shown', (await citizen.textContent('.brand-name')) === 'دادهٔ باز همدلی');
  must('the emblem is shown', await citizen.evaluate(() => document.querySelector('.brand img').naturalWidth > 0));
  must('the colour is shown', (await citizen.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--brand').trim())) === near);
  await look(citizen, 'own-home');

  await operator.goto(at);
  await operator.selectOption('select[name=languages]', 'fa');
  await store();
  const gone = await citizen.goto(`${base}/en/agencies`);
  must('the other language answers 404 and leads on', gone.status() === 404 && (await citizen.locator('main a[href="/fa/agencies"]').count()) === 1);
  must('there is no switch', (await citizen.locator('.switch').count()) === 0);

  await operator.goto(at);
  await send(operator, 'form:has(input[name=do][value=drop])');
  for (const name of ['name-fa', 'color']) await operator.fill(`input[name=${name}]`, '');
  await operator.selectOption('select[name=languages]', '');
  await store();
  await citizen.goto(`${base}/en/`);
  must('Shafaf’s own look is back', (await citizen.textContent('.brand-name')) === 'Shafaf' && (await citizen.locator('.brand img').count()) === 0);
  await citizen.close();
}
