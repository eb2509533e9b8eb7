import sql from 'sql-template-tag';
import type { FieldValue } from '../../../domain/schema/types.ts';
import type { TableRow } from '../catalog/columns.ts';
import { tableOf } from '../catalog/names.ts';
import type { Ctx, Since } from '../types.ts';
import { all, scopeSql } from './filter-sql.ts';
import { modesHere, plainValues, reachOf, type Seen, selectSql, shown } from './row.ts';
import { ALIAS, type ReadDeps, readQuery } from './source.ts';

interface Delta extends Record<string, unknown> {
  record: string;
  at: Date;
  actor: string;
  kind: string;
  before: Record<string, FieldValue>;
}

/**
 * Records as they were at given versions (the common ancestor of a three-way merge) and as they are, deleted ones too. History says what
 * was replaced, so the values of then are those of now with the changes since taken back. Records out of scope are absent.
 */
export async function since(
  deps: ReadDeps,
  ctx: Ctx,
  object: string,
  seen: readonly { id: string; version: number }[],
): Promise<Map<string, Since>> {
  const found = new Map<string, Since>();
  if (seen.length === 0) return found;
  const source = await readQuery(deps, ctx, { object });
  const scope = scopeSql(ctx.access, source.sight.object, ALIAS, source.env);
  const rows =
    await deps.db.query<TableRow>(sql`select ${selectSql(source.fields, ALIAS, source.reach)} from ${source.table} t
    where ${all([sql`t.id = any(${seen.map(({ id }) => id)}::uuid[])`, scope])}`);
  if (source.open) await source.open(rows);
  const versions = new Map(seen.map(({ id, version }) => [id, version]));
  const plain = new Map<string, Record<string, FieldValue>>();
  for (const row of rows) {
    const now = plainValues(row, source.fields);
    plain.set(row.id, { ...now });
    found.set(row.id, {
      version: row.version,
      deleted: row.deleted_at !== null,
      base: {},
      now: shownValues(now, source.fields, ctx, row),
      modes: modesHere(source.fields, reachOf(row)),
      changed: {},
    });
  }
  const deltas = await deltasSince(deps, ctx, rows, versions);
  if (source.open) await source.open.past(deltas);
  for (const delta of deltas) {
    const entry = found.get(delta.record);
    const base = plain.get(delta.record);
    if (!entry || !base) continue;
    const who = { by: delta.actor, at: delta.at.toISOString() };
    if (delta.kind === 'd') entry.changed.$deleted ??= who;
    if (delta.kind !== 'u') continue;
    // From the newest back: the oldest change after the version has the last word on the value, the newest on who.
    for (const [name, value] of Object.entries(delta.before)) {
      if (!(name in base)) continue;
      base[name] = value;
      entry.changed[name] ??= who;
    }
  }
  for (const row of rows) {
    const entry = found.get(row.id);
    if (entry) entry.base = shownValues(plain.get(row.id) ?? {}, source.fields, ctx, row);
  }
  return found;
}

async function deltasSince(
  deps: ReadDeps,
  ctx: Ctx,
  rows: readonly TableRow[],
  versions: ReadonlyMap<string, number>,
): Promise<Delta[]> {
  const moved = rows.filter((row) => row.version > (versions.get(row.id) ?? row.version));
  if (moved.length === 0) return [];
  return deps.db.query<Delta>(sql`select d.record, d.at, d.actor, d.kind, d.before
    from unnest(${moved.map((row) => row.id)}::uuid[], ${moved.map((row) => versions.get(row.id))}::int[]) as s(id, version)
    join ${tableOf(ctx.workspace, 'delta')} d on d.record = s.id and d.version > s.version
    order by d.record, d.version desc`);
}

/** As the actor sees this row today, whoever looked after it before. */
function shownValues(
  values: Record<string, FieldValue>,
  fields: Seen[],
  ctx: Ctx,
  row: TableRow,
): Record<string, FieldValue> {
  const reach = reachOf(row);
  return Object.fromEntries(
    fields.map((seen) => [seen.field.name, shown(values[seen.field.name] ?? null, seen, ctx.lang, reach)]),
  );
}
