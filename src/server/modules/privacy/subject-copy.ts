import sql from 'sql-template-tag';
import { fieldType } from '../../../domain/fields/registry.ts';
import type { ParseEnv } from '../../../domain/fields/types.ts';
import type { Catalog, FieldDef, FieldValue } from '../../../domain/schema/types.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { fromColumn } from '../../records/catalog/columns.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx, ReadDoor } from '../../records/types.ts';
import { consentsOf } from '../consent/index.ts';
import { reachOf } from './targets.ts';

export interface SubjectCopy {
  madeAt: string;
  records: {
    object: string;
    objectName: string;
    id: string;
    since: string;
    values: { field: string; name: string; value: FieldValue; text: string }[];
  }[];
  /** What was known before, newest first. */
  past: { object: string; id: string; at: string; source: string; before: Record<string, unknown> }[];
  consents: { purpose: string; channel: string; state: string; at: string; source: string }[];
}

/** Everything that is held about a person, in words and as stored; staff and keys of the program are left out. */
export async function subjectCopy(
  deps: { db: Db; read: Pick<ReadDoor, 'unseal'>; env: (ctx: Pick<Ctx, 'at'>) => ParseEnv },
  ctx: Ctx,
  catalog: Catalog,
  subject: { object: string; record: string },
): Promise<SubjectCopy> {
  const { db } = deps;
  const { records } = await reachOf(db, ctx.workspace, catalog, {
    ...{ object: subject.object, ids: [subject.record], mode: 'erase', below: 'erase' },
  });
  const copy: SubjectCopy = { madeAt: ctx.at.toISOString(), records: [], past: [], consents: [] };
  const env = deps.env(ctx);
  for (const name of new Set(records.map((one) => one.object))) {
    const object = objectOf(catalog, name);
    const ids = records.filter((one) => one.object === name).map(({ record }) => record);
    const own = object.fields.filter(({ type }) => type !== 'user' && type !== 'relation' && type !== 'file');
    const rows = await db.query<Record<string, unknown> & { id: string; created_at: Date }>(
      sql`select * from ${tableOf(ctx.workspace, name)} where id = any(${ids}::uuid[]) order by id`,
    );
    await deps.read.unseal(
      ctx,
      name,
      rows.map((row) => ({ record: row.id, values: row })),
    );
    for (const row of rows)
      copy.records.push({
        ...{ object: name, objectName: object.label[ctx.lang], id: row.id, since: row.created_at.toISOString() },
        values: own.flatMap((field) => statedValue(field, fromColumn(field, row[field.name]), ctx, env)),
      });
    const past = await db.query<{ record: string; at: Date; source: string; before: Record<string, unknown> }>(sql`
      select record, at, source, before from ${tableOf(ctx.workspace, 'delta')} where record = any(${ids}::uuid[]) order by at desc`);
    await deps.read.unseal(
      ctx,
      name,
      past.map(({ record, before }) => ({ record, values: before })),
    );
    const named = new Set(own.map((field) => field.name));
    for (const { record, at, source, before } of past) {
      const values = Object.fromEntries(Object.entries(before).filter(([key]) => named.has(key)));
      if (Object.keys(values).length > 0)
        copy.past.push({ object: name, id: record, at: at.toISOString(), source, before: values });
    }
  }
  for (const consent of await consentsOf(db, ctx.workspace, subject.record)) {
    const { purpose, channel, state, at, source } = consent;
    copy.consents.push({ purpose, channel, state, at: at.toISOString(), source });
  }
  return copy;
}

function statedValue(
  field: FieldDef,
  value: FieldValue,
  ctx: Ctx,
  env: ParseEnv,
): SubjectCopy['records'][number]['values'] {
  if (value === null || value === '') return [];
  const text = fieldType(field.type).format(value, field, ctx.lang, env);
  return [{ field: field.name, name: field.label[ctx.lang], value, text }];
}

const HEAD = { zh: ['类别', '编号', '项目', '内容'], en: ['What', 'Id', 'Item', 'Value'] };

/** One line per value, for spreadsheets. */
export function copyAsTable(copy: SubjectCopy, lang: Ctx['lang']): string[][] {
  const was = lang === 'zh' ? '曾用' : 'Formerly';
  const agreed = lang === 'zh' ? '同意记录' : 'Consent';
  return [
    HEAD[lang],
    ...copy.records.flatMap(({ objectName, id, values }) =>
      values.map(({ name, text }) => [objectName, id, name, text]),
    ),
    ...copy.past.flatMap(({ id, at, before }) =>
      Object.entries(before).map(([field, value]) => [
        `${was} ${at.slice(0, 10)}`,
        id,
        field,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    ),
    ...copy.consents.map(({ purpose, channel, state, at }) => [agreed, at, `${purpose} ${channel}`, state]),
  ];
}
