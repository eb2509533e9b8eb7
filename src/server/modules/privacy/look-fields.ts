import sql, { join } from 'sql-template-tag';
import type { FieldMark } from '../../../contract/privacy.ts';
import { fieldType } from '../../../domain/fields/registry.ts';
import { classify } from '../../../domain/privacy/index.ts';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import type { Db, Queryable } from '../../platform/postgres/db.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';

/** Values of a field are looked at in so many rows, drawn over the whole table. */
const SAMPLE = 2000;
const WEIGHT = { public: 0, internal: 1, personal: 2, sensitive: 3 };

/** Looks through all objects and keeps what their fields seem to hold; answers given before stay. */
export async function lookAtFields(db: Db, workspace: string, catalog: Catalog, now: Date): Promise<void> {
  const found: object[] = [];
  for (const object of catalog.objects) {
    if (object.retired) continue;
    const fields = object.fields.filter((field) => !field.retired);
    const values = await sampleOf(db, workspace, object);
    for (const field of fields) {
      const texts = values.get(field.name) ?? [];
      const suggestion = classify(field, texts);
      if (!suggestion) continue;
      found.push({ field: field.id, ...suggestion, looked: texts.length });
    }
  }
  await db.query(sql`
    insert into ${tableOf(workspace, 'field_mark')} as m (field, kind, sensitivity, share, looked, at)
    select field, kind, sensitivity, share, looked, ${now}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(found)}::jsonb) as x(field int, kind text, sensitivity text, share real, looked int)
    on conflict (field) do update set kind = excluded.kind, sensitivity = excluded.sensitivity, share = excluded.share, looked = excluded.looked, at = excluded.at,
      answer = case when m.kind = excluded.kind then m.answer end`);
}

async function sampleOf(db: Db, workspace: string, object: ObjectDef): Promise<Map<string, string[]>> {
  const texts = object.fields.filter((field) => !field.retired && fieldType(field.type).column === 'text');
  const table = tableOf(workspace, object.name);
  const values = new Map<string, string[]>();
  if (texts.length === 0) return values;
  const [size] = await db.query<{ pages: number; rows: number }>(
    sql`select relpages as pages, greatest(reltuples, 0)::float8 as rows from pg_class where oid = ${`w_${workspace}.${object.name}`}::regclass`,
  );
  const rows = size?.rows ?? 0;
  // A tenth more than wanted, for rows of the bin; small tables whole.
  const share = rows > SAMPLE * 2 ? Math.min(100, (SAMPLE * 1.1 * 100) / rows) : 100;
  const found = await db.query<Record<string, string | null>>(sql`
    select ${join(
      texts.map(({ name }) => sql`left(${ident(name)}, 200) as ${ident(name)}`),
      ', ',
    )} from ${table} tablesample system (${share}) where deleted_at is null limit ${SAMPLE}`);
  for (const { name } of texts)
    values.set(
      name,
      found.flatMap((row) => row[name] ?? []).filter((text) => text !== ''),
    );
  return values;
}

/** Suggestions that nobody has answered, of fields that are marked weaker than they look. */
export async function openMarks(
  on: Queryable,
  workspace: string,
  catalog: Catalog,
): Promise<{ marks: FieldMark[]; lookedAt: string | null }> {
  const rows = await on.query<{
    field: number;
    kind: FieldMark['kind'];
    sensitivity: FieldMark['sensitivity'];
    share: number;
    looked: number;
    answer: string | null;
    at: Date;
  }>(sql`select field, kind, sensitivity, share, looked, answer, at from ${tableOf(workspace, 'field_mark')}`);
  const latest = rows.reduce<Date | null>((last, { at }) => (last === null || at > last ? at : last), null);
  const byField = new Map(rows.map((row) => [row.field, row]));
  const marks = catalog.objects.flatMap((object) =>
    object.fields.flatMap((field): FieldMark[] => {
      const row = byField.get(field.id);
      if (!row || row.answer !== null || field.retired || object.retired) return [];
      if (WEIGHT[field.sensitivity ?? 'public'] >= WEIGHT[row.sensitivity]) return [];
      const { kind, sensitivity, share, looked } = row;
      return [{ object: object.name, field: field.name, label: field.label, kind, sensitivity, share, looked }];
    }),
  );
  return { marks, lookedAt: latest?.toISOString() ?? null };
}

export async function answerMark(
  on: Queryable,
  workspace: string,
  field: number,
  accept: boolean,
  by: string,
): Promise<FieldMark['sensitivity'] | null> {
  const [row] = await on.query<{ sensitivity: FieldMark['sensitivity'] }>(sql`update ${tableOf(workspace, 'field_mark')}
    set answer = ${accept ? 'accepted' : 'declined'}, by = ${by} where field = ${field} returning sensitivity`);
  return row?.sensitivity ?? null;
}
