// Letters at the desk: an operator sees how they go out, sends one to their own
// address, and turns notices off and on.
export async function letters({ base, operator, look, must, send }) {
  const main = () => operator.textContent('main');
  await operator.goto(`${base}/fa/desk/mail`);
  must('how letters go out is said', (await main()).includes('outbox') || (await main()).includes('سپرده می‌شوند'));
  await send(operator, 'form:has(input[name=do][value=test])');
  must('a test letter is queued', operator.url().endsWith('/fa/desk/mail?saved=1'), operator.url());
  await look(operator, 'mail');
  await operator.goto(`${base}/fa/desk/account`);
  await look(operator, 'account');
  for (const [says, next] of [['اکنون برایتان فرستاده نمی‌شود', 'off'], ['اکنون برایتان فرستاده می‌شود', 'on']]) {
    await send(operator, 'form:has(input[name=do][value=notices])');
    must(`notices are ${next}`, (await main()).includes(says), operator.url());
  }
}
