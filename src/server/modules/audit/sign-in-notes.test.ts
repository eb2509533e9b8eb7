import { expect, it } from 'vitest';
import { totp } from '../../../../test/support/totp.ts';
import { visitor } from '../../../../test/support/visitor.ts';
import { listEntries } from './read-log.ts';
import { testAudit } from './testing.ts';

const { server, db, sealed } = await testAudit();
const { app } = server;
const mail = 'zhao@example.com';
const password = '人生自古谁无死留';
const newPassword = '取丹心照汗青一二三';

it('notes every way in, every failure, and every change of how one signs in, without a secret', async () => {
  const admin = await server.account('admin');
  const made = await admin({
    method: 'POST',
    url: '/api/v1/accounts/invitations',
    payload: { name: '赵六', email: mail, role: 'member' },
  });
  const { account, link } = made.json();
  const own = visitor(app, { address: '192.0.2.10' });
  await own('POST', '/links/use', { token: link.token, password });
  await own('POST', '/links/use', { token: link.token, password });
  const { uri, codes } = (await own('POST', '/me/totp', { password })).json();
  await own('POST', '/me/totp/confirm', { code: totp(uri) });
  const phone = visitor(app, { address: '192.0.2.11' });
  await phone('POST', '/session', { email: mail, password });
  await phone('POST', '/session/second', { kind: 'totp', code: '123456' });
  await phone('POST', '/session/second', { kind: 'recovery', code: codes[0] });
  await phone('POST', '/me/totp/remove', { password: 'wrong wrong' });
  await phone('PUT', '/me/password', { password, newPassword });
  await phone('POST', '/me/devices/end-others');
  await phone('POST', '/password-resets', { email: mail });
  await phone('DELETE', '/session');
  await sealed();

  const entries = (await listEntries(db, 'main', { limit: 100 })).reverse();
  const who = `user:${account.id}`;
  const said = entries.map(({ kind, actor, body }) => {
    const { call, way, waiting } = body as { call?: string; way?: string; waiting?: boolean };
    const by = actor === who ? 'he' : actor === `user:${admin.id}` ? 'admin' : actor;
    return [by, kind, call ?? way, ...(waiting ? ['waiting'] : [])].join(' ');
  });
  expect(said).toEqual([
    'admin permission POST /accounts/invitations',
    'he sign-in link',
    'visitor sign-in-failed link',
    'he permission POST /me/totp',
    'he permission POST /me/totp/confirm',
    'he sign-in password waiting',
    'visitor sign-in-failed totp',
    'he sign-in recovery',
    'he refused POST /me/totp/remove',
    'he permission PUT /me/password',
    'he sign-out POST /me/devices/end-others',
    'visitor permission POST /password-resets',
    'he sign-out DELETE /session',
  ]);
  expect(entries[6]).toMatchObject({ body: { account: account.id }, private: { address: '192.0.2.11' } });

  const all = JSON.stringify(entries);
  const secrets = [password, newPassword, link.token, totp(uri), new URL(uri).searchParams.get('secret'), ...codes];
  for (const secret of secrets) expect(all).not.toContain(secret);
});
