import sql from 'sql-template-tag';
import { testServer } from '../../../../test/support/server.ts';
import type { Proposal } from '../../../contract/proposals.ts';
import type { Change } from '../../../domain/change/types.ts';
import { createEngine, type Engine } from '../../engine.ts';
import { createIdempotency } from '../../platform/http/idempotency.ts';
import type { Ctx } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import type { MakeCtx } from '../edge.ts';
import { judgeProposals, reviewRoutes } from '../review/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { followRecords } from './follow-records.ts';
import { proposalsRoutes } from './proposals-routes.ts';

type Method = 'GET' | 'POST' | 'PUT';

/** The inbox on the CRM template, over HTTP, as an administrator and as a member. */
export async function testInbox() {
  let engine: Engine | undefined;
  const server = await testServer(async (app, db) => {
    await createWorkspace(db, { id: 'main', name: '华东演示公司', settings: {} });
    const ready = createEngine(db);
    engine = ready;
    await installTemplate(ready, 'main');
    const ctxOf: MakeCtx = async ({ caller, lang }) => ({
      workspace: 'main',
      actor: caller.actor,
      source: 'page',
      access: accessFor(caller.role, await ready.catalog.get('main')),
      at: new Date(),
      lang,
    });
    proposalsRoutes(app, {
      ...ready,
      ctxOf,
      idempotency: createIdempotency(db),
      moved: () => undefined,
    });
    reviewRoutes(app, { ...ready, ctxOf, judgeSoon: async () => undefined });
  });
  if (!engine) throw new Error('not composed');
  const ready = engine;
  const [admin, member] = [await server.account('admin'), await server.account('member')];

  const caller =
    (as: typeof admin) =>
    async <T>(method: Method, path: string, payload?: object): Promise<T> => {
      const headers = { 'accept-language': 'zh', 'idempotency-key': crypto.randomUUID() };
      const reply = await as({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) });
      if (reply.statusCode >= 400) throw new Error(reply.json().code);
      return reply.json();
    };
  const ctx = async (more: Partial<Ctx> = {}): Promise<Ctx> => ({
    workspace: 'main',
    actor: `user:${admin.id}`,
    source: 'page',
    access: accessFor('admin', await ready.catalog.get('main')),
    at: new Date(),
    lang: 'zh',
    ...more,
  });
  const write = async (change: Change, more?: Partial<Ctx>) =>
    (await ready.write.write(await ctx({ reason: '测试', ...more }), [change])).outcomes[0];
  const create = async (set: Record<string, unknown>, object = 'customer'): Promise<string> =>
    (await write({ op: 'create', object, set }, { source: 'import' }))?.id ?? '';
  /** Holds a change, as a customer's answer would be. */
  const propose = async (
    record: string,
    wanted: Record<string, string | null>,
    more: { actor?: string; source?: Ctx['source']; at?: Date; reason?: string } = {},
  ): Promise<string> => {
    const row = await ready.read.get(await ctx(), 'customer', record);
    const [id] = await ready.db.tx((tx) =>
      ready.propose(tx, 'main', [
        {
          at: more.at ?? new Date(),
          object: 'customer',
          record,
          actor: more.actor ?? 'customer:1',
          source: more.source ?? 'customer',
          reason: more.reason ?? null,
          wanted,
          before: Object.fromEntries(Object.keys(wanted).map((name) => [name, row.values[name] ?? null])),
          version: row.version,
        },
      ]),
    );
    return id ?? '';
  };
  const call = caller(admin);
  return {
    engine: ready,
    db: ready.db,
    admin,
    member,
    call,
    asMember: caller(member),
    memberAccess: async () => accessFor('member', await ready.catalog.get('main')),
    ctx,
    write,
    create,
    propose,
    values: async (record: string) => (await ready.read.get(await ctx(), 'customer', record)).values,
    open: async (query = '') =>
      (await call<{ proposals: Proposal[] }>('GET', `/proposals?state=held${query}`)).proposals,
    judge: () => judgeProposals({ ...ready, accessFor, now: () => new Date(), moved: () => undefined }, 'main'),
    follow: async () => followRecords(ready.db, 'main', await ready.catalog.get('main')),
    clear: () => ready.db.query(sql`delete from w_main.proposal`),
  };
}
