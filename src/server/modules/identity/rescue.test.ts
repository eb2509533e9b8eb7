import { expect, it } from 'vitest';
import { testServer } from '../../../../test/support/server.ts';
import { totp } from '../../../../test/support/totp.ts';
import { visitor } from '../../../../test/support/visitor.ts';
import { createAccount } from './accounts.ts';
import { rescue } from './rescue.ts';

const { app, db } = await testServer();

it('lets the last administrator in again who lost password and phone', async () => {
  const who = { email: 'boss@example.com', password: '山重水复疑无路柳暗花明' };
  await db.tx((tx) => createAccount(tx, { name: '老板', role: 'admin', ...who }));
  const own = visitor(app);
  await own('POST', '/session', who);
  const { uri } = (await own('POST', '/me/totp', { password: who.password })).json();
  await own('POST', '/me/totp/confirm', { code: totp(uri) });

  const kept = await rescue(db, who.email, { factors: false });
  const token = (path: string) => path.split('#')[1];
  const use = (path: string) =>
    visitor(app)('POST', '/links/use', { token: token(path), password: '又一村又一村又一村了' });
  expect((await use(kept.path)).json()).toEqual({ second: ['totp', 'recovery'] });
  const { path } = await rescue(db, ' BOSS@example.com', { factors: true });
  expect((await use(path)).json().account.email).toBe(who.email);
  await expect(rescue(db, 'nobody@example.com', { factors: true })).rejects.toMatchObject({ code: 'not-found' });
});
