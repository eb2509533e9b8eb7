import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { startMailServer } from '../../test/support/smtp.ts';
import { openOutgoing, postLetters } from './outgoing.ts';
import { openKeys } from './platform/keys.ts';
import { silentLog } from './platform/log.ts';

const { db } = await testDatabase();
const directory = mkdtempSync(join(tmpdir(), 'xianke-outgoing-'));
const smtp = await startMailServer();
afterAll(async () => {
  await smtp.close();
  rmSync(directory, { recursive: true, force: true });
});

it('mails about sign-in go through the workspace’s mail, where there is one, and once per cause', async () => {
  const outgoing = openOutgoing({
    db,
    log: silentLog,
    keys: openKeys(directory),
    allowPrivate: true,
    wake: async () => {},
  });
  const post = postLetters(() => outgoing, 'main');
  expect(await post.ready()).toBe(false);
  const settings = {
    host: '127.0.0.1',
    port: smtp.port,
    security: 'none',
    user: '',
    from: 'crm@example.com',
    fromName: '鲜客',
  };
  await outgoing.channels.save('main', { id: 'mail', kind: 'mail', name: '', enabled: true, settings }, 'user:me');
  expect(await post.ready()).toBe(true);
  const letter = {
    cause: 'link:1',
    to: 'wang@example.com',
    toName: '王芳',
    subject: '重设密码',
    text: 'https://crm.example.com/reset#token',
    html: '<p>https://crm.example.com/reset#token</p>',
  };
  for (let i = 0; i < 2; i++) await db.tx((tx) => post.put(tx, letter));
  await outgoing.outbox.deliverDue();
  expect(smtp.received.map(({ to, mail }) => [to, mail.subject, mail.text?.trim()])).toEqual([
    [['wang@example.com'], '重设密码', letter.text],
  ]);
});
