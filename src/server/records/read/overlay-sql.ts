import sql, { join, type Sql } from 'sql-template-tag';
import type { FieldDef } from '../../../domain/schema/types.ts';
import { ident, tableOf } from '../catalog/names.ts';
import { formerValue } from './former-value.ts';

/**
 * Rows as they were at a moment: candidates (rows of the object's table under alias `c`, all columns) with the fields that
 * changes since then replaced. History holds what was replaced, so the first change after the moment has its value.
 * `passed` columns of the candidates go through as they are.
 * Gives alias-ready columns `id`, `created_at`, `created_by`, `changed` (keys replaced since) and the named fields.
 */
export function overlaySql(workspace: string, candidates: Sql, fields: FieldDef[], at: Date, passed: Sql[] = []): Sql {
  const columns = fields.map(
    (field) =>
      sql`case when o.former ? ${field.name} then ${formerValue(field, sql`o.former`)} else c.${ident(field.name)} end as ${ident(field.name)}`,
  );
  return sql`select ${join([sql`c.id`, sql`c.created_at`, sql`c.created_by`, sql`o.former as changed`, ...passed, ...columns], ', ')}
    from (${candidates}) c left join lateral (
      select jsonb_object_agg(e.key, e.value order by d.version desc) filter (where e.key is not null) as former,
        (array_agg(d.kind order by d.version) filter (where d.kind in ('d', 'r')))[1] as life
      from ${tableOf(workspace, 'delta')} d
        left join lateral jsonb_each(case d.kind when 'u' then d.before end) e on true
      where d.record = c.id and d.at > ${at} and c.updated_at > ${at}
    ) o on true
    where c.created_at <= ${at} and case o.life when 'd' then true when 'r' then false else c.deleted_at is null end`;
}
