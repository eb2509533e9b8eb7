import { mkdtempSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { testServer } from '../../../../test/support/server.ts';
import { startMailServer } from '../../../../test/support/smtp.ts';
import type { Change } from '../../../domain/change/types.ts';
import { createEngine, type Engine } from '../../engine.ts';
import { openOutgoing } from '../../outgoing.ts';
import { openKeys } from '../../platform/keys.ts';
import { silentLog } from '../../platform/log.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { accessFor } from '../access/index.ts';
import type { MakeCtx } from '../edge.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { channelsRoutes } from './channels-routes.ts';
import type { ReminderDeps } from './deps.ts';
import { runDigests, runRules } from './reminder-jobs.ts';
import { remindersRoutes } from './reminders-routes.ts';

const ZONE = 'Asia/Shanghai';

/** What a local HTTP server got, for robots and webhooks. */
export interface Got {
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Reminders on the CRM template with a real database, SMTP server and HTTP server, and a clock that tests move. */
export async function testReminders() {
  const clock = { now: new Date('2026-03-03T02:00:00Z') };
  let engine: Engine | undefined;
  let deps: (ReminderDeps & { outbox: ReturnType<typeof openOutgoing>['outbox'] }) | undefined;
  const server = await testServer(async (app, db) => {
    await createWorkspace(db, { id: 'main', name: '华东演示公司', settings: {} });
    const ready = createEngine(db);
    engine = ready;
    await installTemplate(ready, 'main');
    const keys = openKeys(mkdtempSync(join(tmpdir(), 'xianke-reminders-')));
    const outgoing = openOutgoing({
      db,
      log: silentLog,
      keys,
      allowPrivate: true,
      wake: async () => {},
      now: () => clock.now,
    });
    deps = {
      ...ready,
      ...outgoing,
      accessFor,
      firm: async () => '华东演示公司',
      publicUrl: 'https://crm.example.com',
      now: () => clock.now,
    };
    const ctxOf: MakeCtx = async ({ caller, lang }) => ({
      workspace: 'main',
      actor: caller.actor,
      source: 'page',
      access: accessFor(caller.role, await ready.catalog.get('main')),
      at: clock.now,
      lang,
    });
    remindersRoutes(app, { ...deps, ctxOf });
    channelsRoutes(app, { db, ...outgoing, ctxOf });
  });
  const mail = await startMailServer();
  const web = await startWebServer();
  const [boss, seller] = [await server.account('admin'), await server.account('member')];
  if (!engine || !deps) throw new Error('not composed');
  const [ready, used] = [engine, deps];
  const write = async (...changes: Change[]): Promise<void> => {
    const access = accessFor('admin', await ready.catalog.get('main'));
    const ctx = {
      workspace: 'main',
      actor: 'user:test',
      source: 'page' as const,
      access,
      at: clock.now,
      lang: 'zh' as const,
    };
    const { outcomes } = await ready.write.write(ctx, changes);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw new Error(JSON.stringify(outcome));
  };
  /** A customer of the seller who was last spoken to so many days ago. */
  const customer = async (name: string, daysAgo: number, set: Record<string, unknown> = {}): Promise<string> => {
    const id = uuidv7();
    const last = new Date(clock.now.getTime() - daysAgo * 86_400_000).toISOString();
    await write({
      op: 'create',
      object: 'customer',
      id,
      set: { name, owner: seller.id, last_followup_at: last, ...set },
    });
    return id;
  };
  const talk = (id: string, outcome = 'reached') =>
    write({
      op: 'create',
      object: 'interaction',
      set: { customer: id, content: '谈了报价', kind: 'call', at: clock.now.toISOString(), outcome },
    });
  const later = (days: number) => {
    clock.now = new Date(clock.now.getTime() + days * 86_400_000);
  };
  return { ...server, clock, engine: ready, deps: used, mail, web, boss, seller, write, customer, talk, later };
}

async function startWebServer(): Promise<{ url: string; got: Got[]; server: Server }> {
  const got: Got[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      got.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      response.end('{"errcode":0,"code":0}');
    });
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, got, server };
}

export type TestReminders = Awaited<ReturnType<typeof testReminders>>;

/** An empty workspace on a Tuesday, 10:00 in Shanghai, a year after whatever was before. */
export async function freshStart(test: TestReminders): Promise<void> {
  test.clock.now = new Date(test.clock.now.getTime() + 400 * 86_400_000);
  while (test.clock.now.getUTCDay() !== 2) test.later(1);
  test.clock.now.setUTCHours(2, 0, 0, 0);
  for (const table of ['notification', 'reminder_clock', 'interaction', 'freshness', 'customer', 'reminder_preference'])
    await test.db.query(sql`delete from ${tableOf('main', table)}`);
  await test.db.query(sql`delete from xianke.outgoing`);
  await test.db.query(sql`delete from xianke.channel`);
  test.mail.received.length = 0;
  test.web.got.length = 0;
}

interface Told {
  account: string;
  kind: string;
  params: Record<string, string | number>;
}

/** What tests do: run the rules, look at what was told, call the API. */
export function remindersOf(composed: () => TestReminders) {
  async function api<T>(
    as: TestReminders['boss'],
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    payload?: object,
  ): Promise<T> {
    const reply = await as({ method, url: `/api/v1${url}`, ...(payload && { payload }) });
    if (reply.statusCode !== 200) throw new Error(`${reply.statusCode} ${reply.body}`);
    return reply.json() as T;
  }
  return {
    api,
    told: () =>
      composed().db.query<Told & Record<string, unknown>>(
        sql`select account, kind, params from w_main.notification order by id`,
      ),
    rules: () => runRules(composed().deps, 'main', ZONE),
    digests: () => runDigests(composed().deps, 'main', ZONE),
    settings: async (patch: object) => {
      const now = await api<object>(composed().boss, 'GET', '/reminders/settings');
      await api(composed().boss, 'PUT', '/reminders/settings', { ...now, ...patch });
    },
  };
}
