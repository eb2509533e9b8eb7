import { mkdtempSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sql from 'sql-template-tag';
import { v7 as uuidv7 } from 'uuid';
import { settled } from '../../../../test/support/database.ts';
import { type As, testServer } from '../../../../test/support/server.ts';
import type { RuleInput } from '../../../contract/automation.ts';
import type { Change, Source } from '../../../domain/change/types.ts';
import { createEngine, type Engine } from '../../engine.ts';
import { openOutgoing } from '../../outgoing.ts';
import { openKeys } from '../../platform/keys.ts';
import { silentLog } from '../../platform/log.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { accessFor } from '../access/index.ts';
import { reactJob, readReactions } from '../evidence/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { automationRoutes } from './automation-routes.ts';
import { followRules } from './follow-changes.ts';
import { type PerformDeps, performFirings } from './perform-firings.ts';
import { presetRule, readRulePresets } from './presets.ts';
import { tickRules } from './tick-rules.ts';

const WORKSPACE = 'main';

/** Rules on the CRM template with a real database and a receiver of webhooks, and a clock that tests move. */
export async function testAutomation() {
  const clock = { now: new Date('2026-03-03T02:00:00Z') };
  const now = () => clock.now;
  let engine: Engine | undefined;
  let outgoing: ReturnType<typeof openOutgoing> | undefined;
  const server = await testServer(async (app, db) => {
    await createWorkspace(db, { id: WORKSPACE, name: '测试', settings: {} });
    const made = createEngine(db);
    engine = made;
    await installTemplate(made, WORKSPACE);
    await made.plans.ready(WORKSPACE);
    const keys = openKeys(mkdtempSync(join(tmpdir(), 'xianke-rules-')));
    outgoing = openOutgoing({ db, log: silentLog, keys, allowPrivate: true, wake: async () => {}, now });
    const ctxOf = async ({
      caller,
      lang,
    }: {
      caller: { actor: string; account: { id: string }; role: 'admin' | 'member' };
      lang: 'zh' | 'en';
    }) => ({
      workspace: WORKSPACE,
      actor: caller.actor,
      source: 'page' as const,
      access: await made.accessOf(WORKSPACE, { id: caller.account.id, role: caller.role }),
      at: clock.now,
      lang,
    });
    automationRoutes(app, {
      ...made,
      ...outgoing,
      ctxOf: ctxOf as never,
      now,
      performSoon: async () => {},
      wakeOutbox: async () => {},
    });
  });
  if (!engine || !outgoing) throw new Error('not composed');
  const ready = engine;
  const out = outgoing;
  const deps: PerformDeps & { performSoon: () => Promise<void> } = {
    ...ready,
    ...out,
    log: silentLog,
    now,
    performSoon: async () => {},
  };
  const [boss, seller] = [await server.account('admin'), await server.account('member')];
  const web = await startReceiver();

  const write = async (changes: Change[], by: { actor?: string; source?: Source; kind?: string } = {}) => {
    const access = accessFor('admin', await ready.catalog.get(WORKSPACE));
    const { actor = `user:${boss.id}`, source = 'api', kind } = by;
    const ctx = { workspace: WORKSPACE, actor, source, access, at: clock.now, lang: 'zh' as const, reason: 't' };
    const result = await ready.write.write(ctx, changes, { reviewed: true, ...(kind && { kind }) });
    for (const outcome of result.outcomes)
      if (outcome.status === 'rejected') throw new Error(JSON.stringify(outcome.issues));
    return result;
  };
  const make = async (object: string, set: Record<string, unknown>): Promise<string> => {
    const id = uuidv7();
    await write([{ op: 'create', object, id, set }]);
    return id;
  };
  const change = (object: string, id: string, set: Record<string, unknown>) =>
    write([{ op: 'update', object, id, set }]);

  /** Adds a rule as its author would through the page. */
  const addRule = async (rule: RuleInput, as: As = boss): Promise<string> => {
    const id = uuidv7();
    const { version } = (await as({ method: 'GET', url: '/api/v1/rules' })).json();
    const reply = await as({ method: 'PUT', url: `/api/v1/rules/${id}`, payload: { rule, version } });
    if (reply.statusCode !== 200) throw new Error(reply.body);
    return id;
  };
  const preset = (id: string): Promise<string> => {
    const found = readRulePresets().find((one) => one.id === id);
    if (!found) throw new Error(`no preset ${id}`);
    return addRule(presetRule(found, 'zh') as RuleInput);
  };
  const follow = async (): Promise<void> => {
    await settled(server.db);
    while (await followRules(deps, WORKSPACE));
  };
  const perform = async (): Promise<void> => {
    while (await performFirings(deps, WORKSPACE));
  };
  /** Until nothing follows from anything any more. */
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 15; round++) {
      await follow();
      const [row] = await server.db.query<{ n: number }>(
        sql`select count(*)::int as n from w_main.automation_firing where state = 'waiting' and next_try_at <= ${clock.now}`,
      );
      if (row?.n === 0) return;
      await perform();
    }
    throw new Error('it does not come to rest');
  };
  const react = async (): Promise<void> => {
    await settled(server.db);
    const job = reactJob({
      ...ready,
      catalogs: ready.catalog,
      accessFor: (catalog) => accessFor('admin', catalog),
      reactions: readReactions(),
      now,
      workspaces: async () => [WORKSPACE],
    });
    await job.handler({
      id: '',
      payload: {},
      attempt: 0,
      signal: new AbortController().signal,
      progress: async () => {},
    });
  };
  const tick = async (): Promise<void> => {
    while (await tickRules(deps, WORKSPACE));
    await settle();
  };
  const later = (days: number, hours = 0) => {
    clock.now = new Date(clock.now.getTime() + days * 86_400_000 + hours * 3_600_000);
  };
  const values = async (object: string, id: string): Promise<Record<string, unknown>> => {
    const access = accessFor('admin', await ready.catalog.get(WORKSPACE));
    const ctx = {
      workspace: WORKSPACE,
      actor: 'system',
      source: 'system' as const,
      access,
      at: clock.now,
      lang: 'zh' as const,
    };
    return (await ready.read.get(ctx, object, id)).values;
  };
  const tasks = () =>
    server.db.query<{
      id: string;
      title: string;
      owner: string | null;
      customer: string | null;
      kind: string;
      rule: string;
      created_by: string;
      due_at: Date;
    }>(
      sql`select id, title, owner::text as owner, customer, kind, rule, created_by, due_at from w_main.task where deleted_at is null order by id`,
    );
  const told = () =>
    server.db.query<{ account: string; kind: string; params: Record<string, string> }>(
      sql`select account, kind, params from w_main.notification where kind = 'rule' order by id`,
    );
  const firings = () =>
    server.db.query<{
      id: string;
      rule: string;
      cause: string;
      record: string;
      state: string;
      error: { code: string } | null;
      wrote: string | null;
      chain: string[];
    }>(sql`select id, rule, cause, record, state, error, wrote, chain from w_main.automation_firing order by id`);
  const clean = async (): Promise<void> => {
    await settle();
    for (const table of ['task', 'notification', 'automation_firing', 'automation_stop', 'duplicate_pair'])
      await server.db.query(sql`delete from ${tableOf(WORKSPACE, table)}`);
    await server.db.query(sql`delete from xianke.outgoing`);
    const { version } = (await boss({ method: 'GET', url: '/api/v1/rules' })).json();
    await ready.automation.save(WORKSPACE, { author: 'test', reason: null, rules: [], from: version, now: clock.now });
  };
  return {
    ...server,
    ...{ clock, engine: ready, deps, outgoing: out, boss, seller, web },
    ...{
      write,
      make,
      change,
      addRule,
      preset,
      follow,
      perform,
      settle,
      react,
      tick,
      later,
      values,
      tasks,
      told,
      firings,
      clean,
    },
  };
}

export type TestAutomation = Awaited<ReturnType<typeof testAutomation>>;

/** What another system got. */
async function startReceiver() {
  const got: { headers: Record<string, string | string[] | undefined>; body: string }[] = [];
  const answer = { status: 200 };
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      got.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      response.statusCode = answer.status;
      response.end('{}');
    });
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    got,
    answer,
    close: () => server.close(),
  };
}

/** The database, with one statement that breaks when its time has come. */
export function breaking(db: Db, what: RegExp, times: number): Db {
  let left = times;
  const check = (text: string) => {
    if (left > 0 && what.test(text)) {
      left -= 1;
      throw new Error('cut off');
    }
  };
  return {
    ...db,
    query: async (statement, name) => {
      check(statement.text);
      return db.query(statement, name);
    },
    tx: (work) =>
      db.tx((tx) =>
        work({
          ...tx,
          query: async (statement, name) => {
            check(statement.text);
            return tx.query(statement, name);
          },
        }),
      ),
  };
}

/** Rules in few words. */
export const tell = (text: string): RuleInput['steps'] => [{ do: 'notify', to: { who: 'owner' }, text }];
export const rule = (when: RuleInput['when'], steps: RuleInput['steps'], more: Partial<RuleInput> = {}): RuleInput => ({
  name: '规则',
  when,
  steps,
  ...more,
});
export const becameA = (steps: RuleInput['steps']) =>
  rule({ on: 'changed', object: 'customer', fields: ['level'], becomes: true }, steps, {
    if: { field: 'level', op: 'eq', value: 'a' },
  });
