import sql, { join } from 'sql-template-tag';
import type { z } from 'zod';
import type { privacy as api } from '../../../contract/privacy.ts';
import { localDay } from '../../../domain/fields/calendar.ts';
import { daysBetween } from '../../../domain/privacy/index.ts';
import { ident, tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import type { PrivacyDeps } from './deps.ts';
import { openMarks } from './look-fields.ts';

type Overview = z.input<NonNullable<typeof api.overview.response>>;

const DAYS = 30;
const SOON_DAYS = 5;

/** What is held, why, until when, who saw it, what is open. Values are counted as they are now, in one reading per object. */
export async function overview(deps: PrivacyDeps, ctx: Ctx): Promise<Overview> {
  const { db } = deps;
  const { workspace } = ctx;
  const catalog = await deps.catalog.get(workspace);
  const purposes = await db.query<{ id: string; fields: string[] }>(
    sql`select id, fields from ${tableOf(workspace, 'purpose')} where not retired order by position`,
  );
  const rules = await db.query<{ name: string; object: string }>(
    sql`select name, object from ${tableOf(workspace, 'retention_rule')} where active order by days`,
  );
  const fields: Overview['fields'] = [];
  const objects: Overview['objects'] = [];
  for (const object of catalog.objects) {
    const marked = object.fields.filter(
      ({ sensitivity, retired }) => !retired && (sensitivity === 'personal' || sensitivity === 'sensitive'),
    );
    if (object.retired || marked.length === 0) continue;
    const [row] = await db.query<Record<string, number>>(sql`
      select count(*) filter (where deleted_at is null)::int as "$living", count(*) filter (where deleted_at is not null)::int as "$deleted", ${join(
        marked.map(({ name }) => sql`count(${ident(name)})::int as ${ident(name)}`),
        ', ',
      )} from ${tableOf(workspace, object.name)}`);
    objects.push({ object: object.name, records: row?.$living ?? 0, deleted: row?.$deleted ?? 0 });
    for (const field of marked)
      fields.push({
        ...{ object: object.name, field: field.name, label: field.label, values: row?.[field.name] ?? 0 },
        sensitivity: field.sensitivity === 'sensitive' ? 'sensitive' : 'personal',
        purposes: purposes.filter((one) => one.fields.includes(`${object.name}.${field.name}`)).map(({ id }) => id),
        rules: rules.filter((rule) => rule.object === object.name).map(({ name }) => name),
      });
  }
  const [open] = await db.query<{ due: string[]; warned: number; erasures: number }>(sql`
    select array(select to_char(due_on, 'YYYY-MM-DD') from ${tableOf(workspace, 'subject_request')} where state in ('open', 'checking', 'working')) as due,
      (select count(*)::int from ${tableOf(workspace, 'retention_case')} where state = 'warned') as warned,
      (select count(*)::int from ${tableOf(workspace, 'erasure')}) as erasures`);
  const today = localDay(ctx.at, await deps.timeZone(workspace));
  const left = (open?.due ?? []).map((due) => daysBetween(today, due));
  return {
    fields,
    objects,
    looks: await looksOf(deps, ctx),
    requests: {
      open: left.length,
      overdue: left.filter((days) => days < 0).length,
      soon: left.filter((days) => days >= 0 && days <= SOON_DAYS).length,
    },
    warned: open?.warned ?? 0,
    erasures: open?.erasures ?? 0,
    marks: (await openMarks(db, workspace, catalog)).marks.length,
  };
}

/** Out of the audit log. */
async function looksOf(deps: PrivacyDeps, { workspace, at }: Ctx): Promise<Overview['looks']> {
  const rows = await deps.db.query<{ actor: string; reads: number; exports: number; records: number }>(sql`
    select actor, count(*) filter (where kind = 'read')::int as reads, count(*) filter (where kind = 'export')::int as exports,
      coalesce(sum(cardinality(records)) filter (where kind = 'read'), 0)::int as records
    from ${tableOf(workspace, 'audit_entry')} where kind in ('read', 'export') and at > ${at}::timestamptz - make_interval(days => ${DAYS})
    group by actor order by count(*) desc, actor limit 20`);
  const names = await deps.names(
    workspace,
    rows.map(({ actor }) => actor),
  );
  return rows.map((row) => ({ ...row, name: names[row.actor] ?? row.actor }));
}
