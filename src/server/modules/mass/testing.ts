import sql from 'sql-template-tag';
import type { MassAction, MassTarget } from '../../../contract/mass.ts';
import type { Access } from '../../../domain/access/types.ts';
import { createEngine, type Engine } from '../../engine.ts';
import { silentLog } from '../../platform/log.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { Ctx } from '../../records/types.ts';
import { accessFor } from '../access/index.ts';
import { createWorkspace, installTemplate } from '../workspace/index.ts';
import { advanceRun, beginRun } from './advance-run.ts';
import type { MassDeps } from './deps.ts';
import { newRun, type Run, readRun } from './run-store.ts';

/** A workspace from the template with mass operations that run when a test says so. */
export interface MassWorld {
  db: Db;
  engine: Engine;
  deps: MassDeps;
  /** Clock of everything. */
  at: Date;
  /** What the role may do; a test may narrow it. */
  narrow: (access: Access) => Access;
  ctx(actor?: string, reason?: string): Promise<Ctx>;
  create(object: string, set: Record<string, unknown>): Promise<string>;
  /** Looked at: a run in state `ready`. */
  look(target: MassTarget, action: MassAction, reason?: string): Promise<Run>;
  /** Begun and written to the end. */
  run(target: MassTarget, action: MassAction, reason?: string): Promise<Run>;
  advance(id: string, signal?: AbortSignal): Promise<Run>;
}

export async function massWorld(db: Db): Promise<MassWorld> {
  const engine = createEngine(db);
  await createWorkspace(db, { id: 'main', name: '测试', settings: {} });
  await installTemplate(engine, 'main');
  const world: MassWorld = {
    db,
    engine,
    at: new Date('2026-11-02T03:04:05.678Z'),
    narrow: (access) => access,
    deps: {
      ...engine,
      db,
      mass: engine.mass(db),
      accessOf: async (workspace, { role }) => world.narrow(accessFor(role, await engine.catalog.get(workspace))),
      replanSoon: async () => undefined,
      log: silentLog,
      now: () => world.at,
    },
    async ctx(actor = 'user:li', reason) {
      const access = world.narrow(accessFor('admin', await engine.catalog.get('main')));
      return { workspace: 'main', actor, source: 'page', access, at: world.at, lang: 'zh', ...(reason && { reason }) };
    },
    async create(object, set) {
      const { outcomes } = await engine.write.write(await world.ctx(), [{ op: 'create', object, set }]);
      const [made] = outcomes;
      if (made?.status !== 'applied') throw new Error(JSON.stringify(made));
      return made.id;
    },
    async look(target, action, reason) {
      const id = await newRun(db, await world.ctx('user:li', reason), { target, action, starts: false });
      return world.advance(id);
    },
    async run(target, action, reason) {
      const { id, state } = await world.look(target, action, reason);
      if (state !== 'ready') return readRun(db, 'main', id);
      await beginRun(world.deps, 'main', id);
      return world.advance(id);
    },
    async advance(id, signal = new AbortController().signal) {
      await advanceRun(world.deps, 'main', id, { signal, attempt: 0 });
      return readRun(db, 'main', id);
    },
  };
  return world;
}

/** Everything of records that a write may touch, in the order of `ids`, without what must differ from one write to another. */
export async function everythingOf(
  db: Db,
  object: string,
  ids: string[],
  changeSet: string | null,
): Promise<unknown[]> {
  const list: unknown[] = [];
  for (const id of ids) {
    const [row] =
      await db.query(sql`select to_jsonb(t) - 'id' - 'number' - 'created_in' as row, coalesce(t.deleted_in = ${changeSet}::uuid, false) as by_this
      from (select * from ${object === 'contact' ? sql`w_main.contact` : sql`w_main.customer`} where id = ${id}) t`);
    const [freshness] =
      await db.query(sql`select owner, bundle = record as own_bundle, segment, base_at, base_confidence, cells, missing, due_at, snoozed_until
      from w_main.freshness where record = ${id}`);
    const deltas =
      await db.query(sql`select version, object, at, actor, source, kind, before - '$deleted_in' as before, coalesce(change_set = ${changeSet}::uuid, false) as by_this
      from w_main.delta where record = ${id} order by version`);
    const [entry] = await db.query(sql`select doc, grams from w_main.search_entry where record = ${id}`);
    const own = row?.row as Record<string, unknown> | undefined;
    if (own) delete own.deleted_in;
    list.push({ row, freshness, deltas, entry });
  }
  return list;
}
