import sql, { type Sql } from 'sql-template-tag';
import type { Db } from '../../platform/postgres/db.ts';
import { ident, schemaOf, tableOf } from '../catalog/names.ts';
import type { CatalogStore } from '../catalog/store.ts';
import { definitionOf, isServed, nameOf, tableIn, type Wish } from './index-demand.ts';
import { tableRows } from './strategy.ts';

export type { IndexUse } from './index-demand.ts';

/** Makes indexes on demand for what people really sort and filter by, and drops those nobody used for two weeks. */
export interface IndexKeeper {
  /** Notes that a query sorted or filtered by these columns. Cheap; never waits, never throws. */
  wanted(workspace: string, wish: Wish): void;
  /** Is the index for these columns together there? From memory, at most a minute old. */
  ready(workspace: string, wish: Wish): boolean;
  /** Calls back when something new is wanted, so that its index need not wait for the next round. */
  onWanted(react: () => void): void;
  /** Makes what is wanted, drops what is not. For a job: one at a time per workspace. */
  work(workspace: string): Promise<{ made: string[]; dropped: string[] }>;
}

/** Smaller tables are read whole sooner than an index is worth its writes. */
const SMALL_TABLE = 20_000;
/** Each index costs every write something. */
const MOST = { single: 16, together: 6 };
const UNUSED_DAYS = 14;
/** One wish is noted at most this often. */
const NOTE_MS = 600_000;
/** Columns together are worth an index when they are asked for again and again. */
const ASKED_TOGETHER = 8;
const READY_AGE_MS = 60_000;

interface Demand extends Record<string, unknown> {
  index_name: string;
  object: string;
  field: string;
  state: 'wanted' | 'ready' | 'served';
  stale: boolean;
  idle: boolean;
}

export function createIndexKeeper(
  db: Db,
  catalog: Pick<CatalogStore, 'get'>,
  clock: () => number = () => performance.now(),
): IndexKeeper {
  const noted = new Map<string, { at: number; asked: number }>();
  const made = new Map<string, { names: Set<string>; at: number }>();
  let react: () => void = () => undefined;

  async function note(workspace: string, wish: Wish): Promise<void> {
    const demand = tableOf(workspace, 'demand_index');
    const size = tableOf(workspace, wish.use === 'past' ? 'delta' : wish.object);
    if ((await tableRows(db, size)) < SMALL_TABLE) return;
    const [row] = await db.query<{ state: string }>(sql`
      insert into ${demand} (index_name, object, field, state)
      values (${nameOf(wish)}, ${wish.object}, ${wish.columns.join(',')}, 'wanted')
      on conflict (index_name) do update set used_at = now(),
        state = case when ${demand}.state = 'dropped' then 'wanted' else ${demand}.state end
      returning state`);
    if (row?.state === 'wanted') react();
  }

  async function readReady(workspace: string): Promise<void> {
    const entry = made.get(workspace) ?? { names: new Set<string>(), at: 0 };
    made.set(workspace, { ...entry, at: clock() });
    const rows = await db.query<{ name: string }>(
      sql`select index_name as name from ${tableOf(workspace, 'demand_index')} where state = 'ready'`,
    );
    made.set(workspace, { names: new Set(rows.map(({ name }) => name)), at: clock() });
  }

  return {
    wanted(workspace, wish) {
      const key = `${workspace} ${nameOf(wish)}`;
      const last = noted.get(key);
      if (last && clock() - last.at < NOTE_MS) return;
      const asked = (last?.at === Number.NEGATIVE_INFINITY ? last.asked : 0) + 1;
      if (wish.columns.length > 1 && asked < ASKED_TOGETHER) {
        noted.set(key, { at: Number.NEGATIVE_INFINITY, asked });
        return;
      }
      noted.set(key, { at: clock(), asked });
      note(workspace, wish).catch(() => noted.delete(key));
    },

    ready(workspace, wish) {
      const known = made.get(workspace);
      if (!known || clock() - known.at > READY_AGE_MS) readReady(workspace).catch(() => undefined);
      return known?.names.has(nameOf(wish)) ?? false;
    },

    onWanted(callback) {
      react = callback;
    },

    async work(workspace) {
      const { objects } = await catalog.get(workspace);
      const done: { made: string[]; dropped: string[] } = { made: [], dropped: [] };
      const kept = new Map<string, Demand[]>();
      for (const row of await readDemands(db, workspace)) {
        const wish = wishOf(row);
        const object = objects.find((o) => o.name === row.object);
        const definition = object && definitionOf(workspace, object, wish);
        if (!object || !definition || row.stale) {
          await drop(row);
          continue;
        }
        const kind = wish.columns.length > 1 ? 'together' : 'single';
        const key = `${row.object} ${kind}`;
        const ready = kept.get(key) ?? [];
        kept.set(key, ready);
        if (row.state === 'served') continue;
        if (row.state === 'ready') {
          ready.unshift(row);
          continue;
        }
        if (kind === 'single' && wish.use === 'now' && (await isServed(db, workspace, object, row.field))) {
          // An index of the template's or of a relation does it.
          await setState(db, workspace, row, 'served');
          continue;
        }
        // The ready one used longest ago makes place, unless it is in daily use: two must not push each other out all day.
        const last = ready.length >= MOST[kind] ? ready[0] : undefined;
        if (last && !last.idle) continue;
        if (last) {
          await drop(last);
          ready.shift();
        }
        await build(db, workspace, row.index_name, definition);
        await setState(db, workspace, row, 'ready');
        done.made.push(row.index_name);
        ready.push(row);
      }
      await readReady(workspace);
      return done;

      async function drop(row: Demand): Promise<void> {
        await db.query(sql`drop index concurrently if exists ${schemaOf(workspace)}.${ident(row.index_name)}`);
        await db.query(
          sql`update ${tableOf(workspace, 'demand_index')} set state = 'dropped' where index_name = ${row.index_name}`,
        );
        done.dropped.push(row.index_name);
      }
    },
  };
}

/** Ready ones first, those used last before others; then the wishes, those asked for last first. */
function readDemands(db: Db, workspace: string): Promise<Demand[]> {
  return db.query<Demand>(sql`
    select index_name, object, field, state, used_at < now() - make_interval(days => ${UNUSED_DAYS}::int) as stale,
      used_at < now() - interval '1 day' as idle
    from ${tableOf(workspace, 'demand_index')} where state <> 'dropped' order by state = 'ready' desc, used_at desc`);
}

function setState(db: Db, workspace: string, row: Demand, state: 'ready' | 'served') {
  return db.query(sql`update ${tableOf(workspace, 'demand_index')}
    set state = ${state}, made_at = now() where index_name = ${row.index_name}`);
}

function wishOf(row: Demand): Wish {
  const wish: Wish = { object: row.object, columns: row.field.split(','), use: 'now' };
  const past: Wish = { ...wish, use: 'past' };
  return row.index_name === nameOf(past) ? past : wish;
}

/** Built beside running writes. A build that was cut short leaves an invalid index behind: away with it first. */
async function build(db: Db, workspace: string, name: string, definition: Sql): Promise<void> {
  await db.query(sql`drop index concurrently if exists ${schemaOf(workspace)}.${ident(name)}`);
  await db.query(sql`create index concurrently ${ident(name)} on ${definition}`);
  await db.query(sql`analyze ${tableIn(definition)}`);
}
