import sql, { join } from 'sql-template-tag';
import { fieldType } from '../../../domain/fields/registry.ts';
import { type Held, type Traces, tracesOf } from '../../../domain/privacy/index.ts';
import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { Catalog, FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { fromColumn } from '../catalog/columns.ts';
import { objectOf } from '../catalog/lookup.ts';
import { ident, tableOf } from '../catalog/names.ts';
import { openValues } from '../sealed/open-rows.ts';
import { isSealed } from '../sealed/sealed-value.ts';
import type { Sealing } from '../sealed/sealing.ts';

/** Records of one object. */
export type Targets = ReadonlyMap<string, readonly string[]>;

interface Found {
  object: ObjectDef;
  field: FieldDef;
  value: FieldValue;
}

/**
 * What to look for everywhere: values of the records now, those of their past, and those proposed for them. What other records hold too in the same field
 * (the firm's switchboard, 经理) tells nobody apart and is left out, unless those records are the person's own or near him.
 */
export async function readTraces(
  on: Queryable,
  workspace: string,
  catalog: Catalog,
  targets: Targets,
  family: readonly string[],
  sealing: Sealing,
): Promise<Traces> {
  const all = [...targets.values()].flat();
  const found: Found[] = [];
  for (const [name, ids] of targets) {
    const object = objectOf(catalog, name);
    const rows = await on.query<Record<string, unknown>>(
      sql`select * from ${tableOf(workspace, name)} where id = any(${ids}::uuid[])`,
    );
    const unseal = (kept: { record: string; values: Record<string, unknown> }[]) =>
      openValues({ db: on, sealing }, workspace, name, null, kept);
    await unseal(rows.map((row) => ({ record: String(row.id), values: row })));
    for (const row of rows)
      for (const field of object.fields) add(found, object, field, fromColumn(field, row[field.name]));
    const past = await on.query<{ record: string; values: Record<string, FieldValue> }>(sql`
      select record, before as values from ${tableOf(workspace, 'delta')} where record = any(${ids}::uuid[])
      union all select record, wanted from ${tableOf(workspace, 'proposal')} where record = any(${ids}::uuid[])
      union all select record, before from ${tableOf(workspace, 'proposal')} where record = any(${ids}::uuid[])`);
    await unseal(past);
    for (const { values } of past) collect(found, object, values);
  }
  const shared = await sharedValues(on, workspace, found, [...all, ...family]);
  const held = found
    .filter(({ object, field, value }) => !shared.has(keyOf(object, field, value)))
    .map(({ object, field, value }): Held => ({ field: { ...field, title: field.name === object.title }, value }));
  const people = await on.query<{ name: string; email: string | null }>(sql`
    select name, email from ${tableOf(workspace, 'ask_recipient')} where contact = any(${all}::uuid[])`);
  for (const { name, email } of people)
    held.push(
      { field: { type: 'text', sensitivity: 'personal' }, value: name },
      { field: { type: 'email', sensitivity: 'personal' }, value: email },
    );
  return tracesOf(held);
}

function collect(found: Found[], object: ObjectDef, values: Record<string, FieldValue>): void {
  for (const field of object.fields) add(found, object, field, values[field.name]);
}

function add(found: Found[], object: ObjectDef, field: FieldDef, value: FieldValue | undefined): void {
  // What can't be opened can't be looked for: it goes with its key.
  if (value !== undefined && value !== null && value !== '' && !isSealed(value)) found.push({ object, field, value });
}

const keyOf = (object: ObjectDef, field: FieldDef, value: FieldValue): string =>
  `${object.name}.${field.name} ${typeof value === 'string' ? value : JSON.stringify(value)}`;

/** Which of the values stand in the same field of records that are neither the person's nor near him. */
async function sharedValues(
  on: Queryable,
  workspace: string,
  found: Found[],
  own: readonly string[],
): Promise<Set<string>> {
  const byField = new Map<FieldDef, { object: ObjectDef; values: Set<string> }>();
  for (const { object, field, value } of found) {
    if (typeof value !== 'string' || fieldType(field.type).column !== 'text' || mayBeSealed(field)) continue;
    const group = byField.get(field) ?? { object, values: new Set<string>() };
    group.values.add(value);
    byField.set(field, group);
  }
  const shared = new Set<string>();
  for (const object of new Set([...byField.values()].map((group) => group.object))) {
    const fields = [...byField].filter(([, group]) => group.object === object);
    // One reading of the table for all of its fields.
    const parts = fields.map(
      ([field, { values }]) =>
        sql`(t.${ident(field.name)} = any(${[...values]}) and t.${ident(field.name)} is not null)`,
    );
    const rows = await on.query<Record<string, unknown>>(sql`
      select ${join(
        fields.map(([field]) => sql`t.${ident(field.name)}`),
        ', ',
      )} from ${tableOf(workspace, object.name)} t where (${join(parts, ' or ')}) and not (t.id = any(${own}::uuid[])) limit 10000`);
    for (const row of rows)
      for (const [field, { values }] of fields) {
        const value = row[field.name];
        if (typeof value === 'string' && values.has(value)) shared.add(keyOf(object, field, value));
      }
  }
  return shared;
}
