import sql, { type Sql } from 'sql-template-tag';
import { learnPattern, type Pattern } from '../../../domain/anomaly/index.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { rolesOf } from '../../records/catalog/lookup.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import { ALL, type PatternStore } from './pattern-store.ts';

export interface LearnDeps {
  db: Db;
  catalog: Pick<CatalogStore, 'get'>;
  patterns: PatternStore;
  now: () => Date;
}

/** Histories that a pattern is learned from at most, the newest: some hundred milliseconds. */
const MOST = 3000;
/** A segment with fewer values goes by all records. */
const ENOUGH = 300;

interface Row extends Record<string, unknown> {
  segment: number | null;
  past: number[];
}

/** Learns what the amounts of each field are like, as a whole and by segment. */
export async function learnAmounts({ db, catalog, patterns, now }: LearnDeps, workspace: string): Promise<number> {
  const learned: { field: number; segment: number; pattern: Pattern }[] = [];
  for (const object of (await catalog.get(workspace)).objects) {
    if (object.retired) continue;
    for (const field of rolesOf(object).amounts) {
      const rows = await readHistories(db, workspace, object, field);
      const groups = new Map<number, number[][]>([[ALL, rows.map(({ past }) => past)]]);
      for (const { segment, past } of rows) {
        if (segment === null) continue;
        const group = groups.get(segment);
        if (group) group.push(past);
        else groups.set(segment, [past]);
      }
      for (const [segment, histories] of groups) {
        const values = histories.reduce((sum, history) => sum + history.length, 0);
        if (values === 0 || (segment !== ALL && values < ENOUGH)) continue;
        learned.push({ field: field.id, segment, pattern: learnPattern(histories) });
        // Others get their turn.
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }
  await patterns.save(workspace, learned, now());
  return learned.length;
}

/** Values of one record each, oldest first; of records that belong to another, those of siblings together. */
function readHistories(db: Db, workspace: string, object: ObjectDef, field: FieldDef): Promise<Row[]> {
  return db.query<Row>(
    object.parent
      ? ofSiblings(workspace, object, object.parent, field)
      : sql`(${ofChanged(workspace, object, field)}) union all (${ofUnchanged(workspace, object, field)})`,
  );
}

function ofSiblings(workspace: string, object: ObjectDef, parent: string, field: FieldDef): Sql {
  const table = tableOf(workspace, object.name);
  const [owner, amount] = [ident(parent), ident(field.name)];
  // Ids are in the order of their creation.
  return sql`
    select null::int as segment, array_agg(t.amount order by t.id) as past
    from (select id, ${owner} as owner, ${amount}::float8 as amount from ${table}
      where ${amount} is not null and deleted_at is null order by id desc limit ${MOST * 20}) t
    group by t.owner limit ${MOST}`;
}

/** Records whose amount has been changed: values before, then the present one. */
function ofChanged(workspace: string, object: ObjectDef, field: FieldDef): Sql {
  const amount = ident(field.name);
  return sql`
    select f.segment, h.past || t.${amount}::float8 as past
    from (select d.record, array_agg((d.before->>${field.name})::float8 order by d.version) as past, max(d.at) as at
      from ${tableOf(workspace, 'delta')} d
      where d.object = ${object.id} and jsonb_typeof(d.before->${field.name}) in ('string', 'number')
      group by d.record order by 3 desc limit ${MOST}) h
    join ${tableOf(workspace, object.name)} t on t.id = h.record and t.deleted_at is null and t.${amount} is not null
    left join ${tableOf(workspace, 'freshness')} f on f.record = h.record`;
}

/** The rest say where records lie. */
function ofUnchanged(workspace: string, object: ObjectDef, field: FieldDef): Sql {
  const amount = ident(field.name);
  return sql`
    select f.segment, array[t.${amount}::float8] as past
    from (select id, ${amount} from ${tableOf(workspace, object.name)}
      where ${amount} is not null and deleted_at is null and version = 1 order by id desc limit ${MOST}) t
    left join ${tableOf(workspace, 'freshness')} f on f.record = t.id`;
}
