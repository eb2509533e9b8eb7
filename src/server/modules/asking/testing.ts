import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { testServer } from '../../../../test/support/server.ts';
import { startMailServer } from '../../../../test/support/smtp.ts';
import type { Ask } from '../../../contract/asking.ts';
import type { Change, Outcome } from '../../../domain/change/types.ts';
import { createEngine, type Engine } from '../../engine.ts';
import { openOutgoing } from '../../outgoing.ts';
import { createIdempotency } from '../../platform/http/idempotency.ts';
import type { App } from '../../platform/http/server.ts';
import { openKeys } from '../../platform/keys.ts';
import { silentLog } from '../../platform/log.ts';
import type { Ctx } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import type { MakeCtx } from '../edge.ts';
import { proposalsRoutes } from '../proposals/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { askingRoutes } from './asking-routes.ts';
import type { AskingDeps, Notice } from './deps.ts';
import { createLinks } from './links.ts';
import { askingPages } from './page-routes.ts';

/** Asking on the CRM template, with a real database, a real SMTP server and a clock that tests move. */
export async function testAsking(more: (app: App, deps: AskingDeps, ctxOf: MakeCtx) => void = () => undefined) {
  const clock = { now: new Date('2026-03-02T02:00:00Z') };
  const notices: Notice[] = [];
  let engine: Engine | undefined;
  let deps: AskingDeps | undefined;
  const server = await testServer(async (app, db) => {
    await createWorkspace(db, { id: 'main', name: '华东演示公司', settings: {} });
    const ready = createEngine(db);
    engine = ready;
    await installTemplate(ready, 'main');
    const keys = openKeys(mkdtempSync(join(tmpdir(), 'xianke-asking-')));
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
      links: createLinks(keys.derive('ask links')),
      firm: async () => '华东演示公司',
      notify: async (_tx, _workspace, notice) => void notices.push(notice),
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
    askingRoutes(app, { ...deps, ctxOf, publicUrl: 'https://crm.example.com' });
    askingPages(app, { ...deps, workspace: 'main' });
    proposalsRoutes(app, {
      ...ready,
      ctxOf,
      idempotency: createIdempotency(db),
      moved: () => undefined,
    });
    more(app, deps, ctxOf);
  });
  const mail = await startMailServer();
  const as = await server.account('admin');
  if (!engine || !deps) throw new Error('not composed');
  const ready = engine;
  const used = deps;
  const outbox = used.outbox as ReturnType<typeof openOutgoing>['outbox'];
  const channels = used.channels as ReturnType<typeof openOutgoing>['channels'];
  await channels.save(
    'main',
    {
      id: 'mail',
      kind: 'mail',
      name: '',
      enabled: true,
      settings: {
        host: '127.0.0.1',
        port: mail.port,
        security: 'none',
        user: '',
        from: 'crm@xianke.cn',
        fromName: '华东演示公司',
      },
    },
    'test',
  );
  const write = async (...changes: Change[]): Promise<Outcome[]> => {
    const catalog = await ready.catalog.get('main');
    const ctx: Ctx = {
      workspace: 'main',
      actor: `user:${as.id}`,
      source: 'page',
      access: accessFor('admin', catalog),
      at: clock.now,
      lang: 'zh',
      reason: 'test',
    };
    const { outcomes } = await ready.write.write(ctx, changes);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw new Error(JSON.stringify(outcome));
    return outcomes;
  };
  return { ...server, clock, notices, engine: ready, deps: used, outbox, channels, mail, as, write };
}

export type TestAsking = Awaited<ReturnType<typeof testAsking>>;

/** A customer with two contacts, all of it two years old, so that everything tracked is past due. */
export async function staleCustomer(test: TestAsking): Promise<{ id: string; li: string; wang: string }> {
  const now = test.clock.now;
  test.clock.now = new Date(now.getTime() - 730 * 86_400_000);
  const [id, li, wang] = [uuidv7(), uuidv7(), uuidv7()];
  const set = {
    name: '上海甲科技有限公司',
    contact_name: '赵总',
    mobile: '13800138000',
    email: 'zhao@jia.cn',
    address: '上海市浦东新区世纪大道100号',
    customer_type: 'signed',
    amount: '120000',
  };
  await test.write(
    { op: 'create', object: 'customer', id, set },
    {
      op: 'create',
      object: 'contact',
      id: li,
      set: { customer: id, name: '李四', mobile: '13912345678', email: 'li@jia.cn', job_title: '采购经理' },
    },
    {
      op: 'create',
      object: 'contact',
      id: wang,
      set: { customer: id, name: '王五', mobile: '13787654321', wechat: 'wangwu' },
    },
  );
  test.clock.now = now;
  return { id, li, wang };
}

/** The form of a page as a browser without scripts would send it. */
export function formOf(page: string): URLSearchParams {
  const form = new URLSearchParams();
  for (const [, name = '', value = ''] of page.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g))
    form.set(name, value);
  return form;
}

/** Index of a field on the page, by its label. */
export function placeOf(page: string, label: string): number {
  const legends = [...page.matchAll(/<legend>([^<]*)<\/legend>/g)].map((found) => found[1]);
  const at = legends.indexOf(label);
  if (at < 0) throw new Error(`${label} is not asked: ${legends.join(', ')}`);
  return at;
}

interface Made {
  ask: Ask;
  links: { recipient: string; name: string; way: string; url: string }[];
}

export const pathOf = (url: string | undefined): string => new URL(url ?? '').pathname;

/** What tests do with a composed asking: call the API, open and send pages, look at records. */
export function callsOf(composed: () => TestAsking) {
  async function call<T>(method: 'GET' | 'POST' | 'PUT', url: string, payload?: object): Promise<T> {
    const reply = await composed().as({ method, url: `/api/v1${url}`, ...(payload && { payload }) });
    if (reply.statusCode !== 200) throw new Error(`${reply.statusCode} ${reply.body}`);
    return reply.json() as T;
  }
  const ask = (body: object) => call<Made>('POST', '/asks', body);
  const open = (path: string, headers: Record<string, string> = {}) =>
    composed().app.inject({ url: path, headers: { 'accept-language': 'zh-CN', ...headers } });
  const send = (path: string, form: URLSearchParams) =>
    composed().app.inject({
      method: 'POST',
      url: path,
      payload: form.toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  const adminCtx = async (): Promise<Ctx> => {
    const { engine, clock } = composed();
    const access = accessFor('admin', await engine.catalog.get('main'));
    return { workspace: 'main', actor: 'system', source: 'system', at: clock.now, lang: 'zh', access };
  };
  const row = async (object: string, id: string) =>
    composed().engine.read.get(await adminCtx(), object, id, { freshness: true });
  /** Asks 李四 by link about these fields and opens his page. */
  async function askLi(fields: string[], own: string[] = []) {
    const customer = await staleCustomer(composed());
    const people = [{ contact: customer.li, way: 'link', fields: own }];
    const { links, ask: made } = await ask({ object: 'customer', id: customer.id, fields, people });
    const path = pathOf(links[0]?.url);
    const page = (await open(path)).body;
    return { customer, path, page, ask: made, form: formOf(page) };
  }
  return { call, ask, open, send, row, adminCtx, askLi };
}
