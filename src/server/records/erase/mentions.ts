import sql, { join, type Sql } from 'sql-template-tag';
import { fieldType } from '../../../domain/fields/registry.ts';
import type { Traces } from '../../../domain/privacy/index.ts';
import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { ident, tableOf } from '../catalog/names.ts';
import type { Ctx } from '../types.ts';
import type { SearchIndexer } from '../write/types.ts';
import { reindex } from './erase-door.ts';
import { mayName, redacted } from './sweep.ts';

const TEXT_COLUMNS = new Set(['text', 'text[]', 'jsonb']);
/** Their values are keys and choices, not words about somebody. */
const CODES = new Set<FieldDef['type']>(['select', 'multiselect', 'tree', 'user', 'department']);

/** Fields in which somebody may be named; in ciphertext nothing can be found. */
export function wordFields(object: ObjectDef): FieldDef[] {
  const words = object.fields.filter(({ type }) => TEXT_COLUMNS.has(fieldType(type).column) && !CODES.has(type));
  return words.filter((field) => !mayBeSealed(field));
}

/** Where other records name the person. Condition over alias `t`; texts and names count in records near him only. */
function mentioning(object: ObjectDef, { sure, texts, names, needles }: Traces, family: readonly string[]): Sql | null {
  const fields = wordFields(object);
  if (fields.length === 0) return null;
  // One text of the row, so that the expression begins once a row and not once a field.
  const all = sql`concat_ws(E'\\n', ${join(
    fields.map(({ name }) => sql`t.${ident(name)}`),
    ', ',
  )})`;
  const any = (pattern: string): Sql => sql`${all} ~* ${pattern}`;
  const conditions = [
    ...sure.map((pattern) => sql`(${mayName(all, needles)} and ${any(pattern)})`),
    ...[...texts, ...names].map((pattern) => sql`(t.id = any(${family}::uuid[]) and ${any(pattern)})`),
  ];
  return conditions.length === 0 ? null : sql`(${join(conditions, ' or ')})`;
}

/** Counts records that name the person beside his own. */
export async function countMentions(
  db: Db,
  workspace: string,
  object: ObjectDef,
  traces: Traces,
  own: readonly string[],
  family: readonly string[],
): Promise<number> {
  const found = mentioning(object, traces, family);
  if (!found) return 0;
  const [row] = await db.query<{ n: number }>(sql`select count(*)::int as n from ${tableOf(workspace, object.name)} t
    where ${found} and not (t.id = any(${own}::uuid[]))`);
  return row?.n ?? 0;
}

/** Takes the person's values out of other records: a field that held nothing else is emptied, in a longer text they are blacked out. */
export async function redactMentions(
  db: Db,
  ctx: Ctx,
  object: ObjectDef,
  traces: Traces,
  own: readonly string[],
  family: readonly string[],
  indexer: SearchIndexer,
): Promise<number> {
  const found = mentioning(object, traces, family);
  if (!found) return 0;
  const fields = wordFields(object);
  const table = tableOf(ctx.workspace, object.name);
  return db.tx(async (tx) => {
    const rows = await tx.query<Record<string, unknown> & { id: string }>(sql`
      select t.id from ${table} t where ${found} and not (t.id = any(${own}::uuid[])) order by t.id for update`);
    const ids = rows.map(({ id }) => id);
    if (ids.length === 0) return 0;
    for (const [pattern, near] of [
      ...traces.sure.map((one) => [one, false] as const),
      ...[...traces.texts, ...traces.names].map((one) => [one, true] as const),
    ])
      for (const field of fields)
        await tx.query(sql`update ${table} t set ${ident(field.name)} = ${without(object, field, pattern)}
          where t.id = any(${near ? ids.filter((id) => family.includes(id)) : ids}::uuid[]) and t.${ident(field.name)}::text ~* ${pattern}`);
    const changed = await tx.query<Record<string, unknown> & { id: string }>(sql`
      update ${table} set version = version + 1, updated_at = ${ctx.at}, updated_by = ${ctx.actor} where id = any(${ids}::uuid[]) returning *`);
    await reindex(tx, ctx.workspace, object, changed, indexer);
    await tx.query(sql`delete from ${tableOf(ctx.workspace, 'match_entry')} where record = any(${ids}::uuid[])`);
    return ids.length;
  });
}

function without(object: ObjectDef, field: FieldDef, pattern: string): Sql {
  const column = sql`t.${ident(field.name)}`;
  const { column: type } = fieldType(field.type);
  const rest = redacted(column, type, pattern);
  if (type !== 'text') return rest;
  const needed = field.required || field.name === object.title;
  const plain = field.type === 'text' || field.type === 'longtext';
  // Nothing but the value: half a telephone number is of no use to anybody.
  const whole = sql`${column} ~* ${`^\\s*(?:${pattern})\\s*$`}`;
  if (needed) return rest;
  return plain ? sql`case when ${whole} then null else ${rest} end` : sql`null`;
}
