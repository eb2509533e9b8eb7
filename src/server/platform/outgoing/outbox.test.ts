import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { pino } from 'pino';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testDb } from '../../../../test/support/database.ts';
import { startMailServer, type TestMailServer } from '../../../../test/support/smtp.ts';
import { openKeys } from '../keys.ts';
import { createLog } from '../log.ts';
import { deliverMail, tryMail } from '../mail/mail.ts';
import type { Db } from '../postgres/db.ts';
import { createChannels } from './channels.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { robotDelivery } from './robots.ts';
import { createSeal } from './seal.ts';
import { smsDelivery } from './sms.ts';
import { webhookDelivery } from './webhook.ts';

let db: Db;
let server: TestMailServer;
let outbox: Outbox;
let channels: ReturnType<typeof createChannels>;
let now = new Date();
let woken = 0;
const lines: string[] = [];
const PASSWORD = 'p4ss-of-the-mailbox';

const mail = (cause: string, to = 'li@kehu.cn') => ({
  channel: 'mail',
  cause,
  recipient: 'l***@kehu.cn',
  content: { to, toName: '李四', subject: '请确认贵公司的资料', text: '您好,李四', html: '<p>您好,李四</p>' },
});

const settings = (port: number, user = 'robot') => ({
  host: '127.0.0.1',
  port,
  security: 'none' as const,
  user,
  from: 'crm@xianke.cn',
  fromName: '鲜客',
});

beforeAll(async () => {
  db = await testDb();
  server = await startMailServer({ user: 'robot', password: PASSWORD });
  const keys = openKeys(mkdtempSync(join(tmpdir(), 'xk-outbox-')));
  const log = createLog('debug', { write: (line: string) => void lines.push(line) } as pino.DestinationStream);
  const seal = createSeal(keys, 'outgoing');
  channels = createChannels(db, seal);
  const options = { allowPrivate: true, now: () => now };
  outbox = createOutbox({
    db,
    log,
    seal,
    channels,
    now: () => now,
    wake: async () => void woken++,
    deliver: {
      mail: deliverMail,
      sms: smsDelivery(options),
      ...robotDelivery(options),
      webhook: webhookDelivery(options),
    },
  });
});
afterAll(() => server.close());
beforeEach(async () => {
  now = new Date();
  server.received.length = 0;
  await db.query(sql`delete from xianke.outgoing`);
  await save(server.port);
});

const save = (port: number, password: string | undefined = PASSWORD) =>
  channels.save(
    'main',
    {
      id: 'mail',
      kind: 'mail',
      name: '',
      enabled: true,
      settings: settings(port),
      ...(password && { secret: { password } }),
    },
    'user:admin',
  );
const put = (message: Parameters<Outbox['put']>[2]) => db.tx((tx) => outbox.put(tx, 'main', message));
const states = () =>
  db.query<{
    cause: string;
    state: string;
    attempts: number;
    last_error: string | null;
    empty: boolean;
    next_try_at: Date;
  }>(
    sql`select cause, state, attempts, last_error, content is null as empty, next_try_at from xianke.outgoing order by id`,
  );
const later = (minutes: number) => {
  now = new Date(now.getTime() + minutes * 60_000);
};

describe('mail through the outbox', () => {
  it('arrives once per cause, whole, in both forms, from the sender in the settings', async () => {
    expect(await put(mail('ask:1'))).toBe(true);
    expect(await put(mail('ask:1'))).toBe(false);
    await Promise.all([outbox.deliverDue(), outbox.deliverDue()]);
    await outbox.deliverDue();
    expect(server.received).toHaveLength(1);
    const [one] = server.received;
    expect(one).toMatchObject({ from: 'crm@xianke.cn', to: ['li@kehu.cn'], user: 'robot' });
    expect(one?.mail).toMatchObject({ subject: '请确认贵公司的资料', html: '<p>您好,李四</p>' });
    expect(one?.mail.text?.trim()).toBe('您好,李四');
    expect(one?.mail.from?.text).toContain('鲜客');
    expect(one?.mail.headers.get('auto-submitted')).toBe('auto-generated');
    // What was sent is forgotten: a customer's link has no business in the database.
    expect(await states()).toMatchObject([{ state: 'sent', empty: true }]);
  });

  it('has the headers that we give it, whatever stands in a name or a subject', async () => {
    const before = server.received.length;
    const forged = mail('ask:forged');
    forged.content.toName = 'x\r\nBcc: spy@evil.example';
    forged.content.subject = 'x\r\nBcc: spy@evil.example\r\n\r\nbody';
    await put(forged);
    await outbox.deliverDue();
    const one = server.received[before];
    expect(one?.to).toEqual(['li@kehu.cn']);
    expect(one?.mail.headers.has('bcc')).toBe(false);
    expect(one?.mail.text?.trim()).toBe('您好,李四');
    await db.query(sql`delete from xianke.outgoing where cause = 'ask:forged'`);
    server.received.splice(before);
  });

  it('belongs to its transaction: what rolls back sends nothing', async () => {
    const before = woken;
    await expect(
      db.tx(async (tx) => {
        await outbox.put(tx, 'main', mail('ask:gone'));
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await outbox.deliverDue();
    expect(server.received).toHaveLength(0);
    await put(mail('ask:stays'));
    expect(woken).toBe(before + 2);
  });

  it('waits longer and longer while the server says 4xx or is away, then arrives', async () => {
    server.refuseNext(451, 1);
    await put(mail('ask:2'));
    await outbox.deliverDue();
    expect(await states()).toMatchObject([
      { state: 'waiting', attempts: 1, last_error: expect.stringContaining('451') },
    ]);
    await outbox.deliverDue();
    expect((await states())[0]?.attempts).toBe(1);
    // Nobody listens on this port.
    const probe = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => probe.once('listening', done));
    const { port } = probe.address() as { port: number };
    await new Promise((done) => probe.close(done));
    await save(port);
    later(1.1);
    await outbox.deliverDue();
    const [row] = await states();
    expect(row).toMatchObject({ state: 'waiting', attempts: 2 });
    expect(row?.next_try_at.getTime()).toBe(now.getTime() + 2 * 60_000);
    await save(server.port);
    later(2.1);
    await outbox.deliverDue();
    expect(server.received).toHaveLength(1);
    expect(await states()).toMatchObject([{ state: 'sent', attempts: 3 }]);
  });

  it('ends at once when the server will never take it', async () => {
    server.refuseNext(550, 1);
    await put(mail('ask:3'));
    await outbox.deliverDue();
    expect(await states()).toMatchObject([{ state: 'failed', empty: true }]);
  });

  it('gives up after days', async () => {
    server.refuseNext(451, 50);
    await put(mail('ask:4'));
    for (let i = 0; i < 40; i++) {
      await outbox.deliverDue();
      later(240);
    }
    expect(await states()).toMatchObject([{ state: 'failed' }]);
    server.refuseNext(0, 0);
  });

  it('after a crash before the body flowed is tried again; after it, never twice', async () => {
    await put(mail('ask:5'));
    await put(mail('ask:6'));
    // As a killed process leaves them: one taken, one with its body under way.
    await db.query(sql`update xianke.outgoing set attempts = 1, next_try_at = next_try_at - interval '1 second',
      state = case cause when 'ask:6' then 'sending' else 'waiting' end`);
    await outbox.deliverDue();
    expect(server.received.map((one) => one.to[0])).toHaveLength(1);
    expect(await states()).toMatchObject([
      { cause: 'ask:5', state: 'sent' },
      { cause: 'ask:6', state: 'uncertain' },
    ]);
  });
});

describe('a receiver that is away', () => {
  it('is left alone for a while, so that the others’ messages do not wait for it one by one', async () => {
    const webhook = { kind: 'webhook' as const, enabled: true, settings: {}, name: 'ERP' };
    // Nobody listens on port 9 of this machine.
    await channels.save('main', { ...webhook, id: 'away', secret: { url: 'http://127.0.0.1:9/', secret: 's' } }, 't');
    const tell = (cause: string) => ({
      channel: 'away',
      cause,
      recipient: 'ERP',
      content: { type: 't', timestamp: '', data: {} },
    });
    await db.tx(async (tx) => {
      for (const n of [1, 2, 3]) await outbox.put(tx, 'main', tell(`away ${n}`));
    });
    await outbox.deliverDue();
    const attempts = async () =>
      (
        await db.query<{ attempts: number }>(
          sql`select attempts from xianke.outgoing where channel = 'away' order by id`,
        )
      ).map((row) => row.attempts);
    expect(await attempts()).toEqual([1, 0, 0]);
    now = new Date(now.getTime() + 31_000);
    await outbox.deliverDue();
    expect(await attempts()).toEqual([1, 1, 0]);
  });
});

describe('the password', () => {
  it('is not in the database, not in a log, not in an error', async () => {
    await save(server.port, 'wrong-p4ss');
    await put(mail('ask:7'));
    await outbox.deliverDue();
    const [row] = await states();
    expect(row).toMatchObject({ state: 'waiting', last_error: 'sign-in refused 535' });
    await expect(tryMail({ settings: settings(server.port), secret: { password: 'wrong-p4ss' } })).rejects.toThrow(
      /^sign-in refused 535$/,
    );
    const stored = await db.query(
      sql`select c::text as text, encode(secret, 'escape') as secret from xianke.channel c`,
    );
    const outgoing = await db.query(sql`select o::text as text from xianke.outgoing o`);
    for (const hiding of [lines.join('\n'), JSON.stringify(stored), JSON.stringify(outgoing), row?.last_error ?? ''])
      expect(hiding).not.toMatch(/p4ss/);
    expect(lines.join('\n')).toContain('message not delivered');
  });

  it('stays when settings are saved without one', async () => {
    await save(server.port, '');
    expect((await channels.find('main', 'mail'))?.secret.password).toBe(PASSWORD);
    await tryMail({ settings: settings(server.port), secret: { password: PASSWORD } });
  });

  it('opens nowhere but in its own place', async () => {
    await db.query(sql`insert into xianke.channel (workspace, id, kind, settings, secret, updated_by)
      select 'other', id, kind, settings, secret, updated_by from xianke.channel where workspace = 'main'`);
    await expect(channels.find('other', 'mail')).rejects.toThrow();
    await db.query(sql`delete from xianke.channel where workspace = 'other'`);
  });
});
