import sql from 'sql-template-tag';
import type { Catalog, FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { sortColumn } from '../../records/catalog/collation.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import { type ReadRow, valuesFor } from './row-values.ts';

/** Turns names of people and of related records into ids. What is not found, or found twice, is a problem of that cell. */
export async function resolveNames(on: Queryable, workspace: string, catalog: Catalog, rows: ReadRow[]): Promise<void> {
  const people = await findPeople(on, rows);
  const records = await findRecords(on, workspace, catalog, rows);
  for (const row of rows)
    for (const { object, field, text, header } of row.names) {
      const key = text.toLowerCase();
      const found = field.type === 'user' ? people.get(key) : records.get(`${field.target} ${key}`);
      if (found && found.length === 1) valuesFor(row, object)[field.name] = found[0] ?? null;
      else {
        const code = field.type === 'user' ? 'account-unknown' : found ? 'relation-ambiguous' : 'relation-unknown';
        row.problems.push({
          column: header,
          field: field.name,
          object: object.name,
          text,
          issue: { code, field: field.name, params: { value: text } },
        });
      }
    }
}

async function findPeople(on: Queryable, rows: ReadRow[]): Promise<Map<string, string[]>> {
  if (!rows.some((row) => row.names.some(({ field }) => field.type === 'user'))) return new Map();
  const accounts = await on.query<{ id: string; name: string; email: string }>(
    sql`select id::text as id, name, email from auth."user"`,
  );
  const found = new Map<string, string[]>();
  for (const account of accounts)
    for (const name of new Set([account.name, account.email, account.id].map((text) => text.toLowerCase())))
      push(found, name, account.id);
  return found;
}

async function findRecords(
  on: Queryable,
  workspace: string,
  catalog: Catalog,
  rows: ReadRow[],
): Promise<Map<string, string[]>> {
  const wanted = new Map<string, Set<string>>();
  for (const row of rows)
    for (const { field, text } of row.names)
      if (field.type === 'relation' && field.target)
        wanted.set(field.target, (wanted.get(field.target) ?? new Set()).add(text));
  const found = new Map<string, string[]>();
  for (const [target, texts] of wanted) {
    const object = catalog.objects.find((candidate) => candidate.name === target);
    if (!object) continue;
    const fields = object.fields.filter((field) => field.name === object.title);
    for (const field of [...fields, ...numberFields(object)]) {
      const name = ident(field.name);
      const hits = await on.query<{
        id: string;
        text: string;
      }>(sql`select id, ${name}::text as text from ${tableOf(workspace, target)}
        where ${sortColumn(field)} = any(${[...texts]}) and deleted_at is null`);
      for (const hit of hits) push(found, `${target} ${hit.text.toLowerCase()}`, hit.id);
    }
  }
  return found;
}

/** A record is also known by its number. */
function numberFields(object: ObjectDef): FieldDef[] {
  return object.fields.filter((field) => field.type === 'autonumber' && !field.retired);
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (!list) map.set(key, [value]);
  else if (!list.includes(value)) list.push(value);
}
