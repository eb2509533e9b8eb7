import sql from 'sql-template-tag';
import type { z } from 'zod';
import type { forms } from '../../../contract/forms.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import type { CensusDeps } from './run-census.ts';

/** Row of table census. */
export interface Census {
  id: string;
  name: string;
  object: string;
  filter: Filter | null;
  fields: string[];
  lang: 'zh' | 'en';
  origin: string;
  made_at: Date;
  made_by: string;
  due_at: Date;
  remind_days: number;
  total: number;
  left_out: number;
  place: string | null;
  state: 'sending' | 'sent' | 'stopped';
  [column: string]: unknown;
}

type View = z.input<NonNullable<typeof forms.startCensus.response>>;

export function listCensuses(on: Queryable, workspace: string): Promise<Census[]> {
  return on.query<Census>(sql`select * from ${tableOf(workspace, 'census')} order by made_at desc limit 200`);
}

export async function findCensus(on: Queryable, workspace: string, id: string): Promise<Census | null> {
  const [row] = await on.query<Census>(sql`select * from ${tableOf(workspace, 'census')} where id = ${id}::uuid`);
  return row ?? null;
}

/** Whoever may change such records may see how far a round among them is. */
export const maySeeCensus = (ctx: Ctx, census: Census): boolean =>
  ctx.access.objects[census.object]?.actions.includes('update') ?? false;

/** Rounds as the contract shows them, with how far each is. */
export async function viewCensuses(
  deps: Pick<CensusDeps, 'db' | 'catalog' | 'names'>,
  ctx: Ctx,
  censuses: readonly Census[],
): Promise<View[]> {
  const { workspace } = ctx;
  const catalog = await deps.catalog.get(workspace);
  const names = await deps.names(workspace, [...new Set(censuses.map(({ made_by }) => made_by))]);
  const rows = await deps.db.query<{ census: string; asked: number; opened: number; answered: number }>(sql`
    select a.census, count(*)::int as asked, count(*) filter (where r.state = 'opened')::int as opened,
      count(*) filter (where r.state = 'answered')::int as answered
    from ${tableOf(workspace, 'ask')} a join ${tableOf(workspace, 'ask_recipient')} r on r.ask = a.id
    where a.census = any(${censuses.map(({ id }) => id)}::uuid[]) group by 1`);
  const progress = new Map(rows.map((row) => [row.census, row]));
  return censuses.map((one) => {
    const object = catalog.objects.find(({ name }) => name === one.object);
    const { asked = 0, opened = 0, answered = 0 } = progress.get(one.id) ?? {};
    return {
      ...{ id: one.id, name: one.name, object: one.object, state: one.state, total: one.total },
      fields: one.fields.map((field) => ({
        field,
        label: object?.fields.find(({ name }) => name === field)?.label ?? { zh: field, en: field },
      })),
      madeAt: one.made_at.toISOString(),
      madeByName: names[one.made_by] ?? '—',
      dueAt: one.due_at.toISOString(),
      ...{ asked, opened, answered, left: one.left_out },
    };
  });
}

/** Asks nobody else, and ends what is open. */
export async function stopCensus(on: Queryable, workspace: string, id: string, at: Date): Promise<void> {
  await on.query(sql`with stopped as (update ${tableOf(workspace, 'census')} set state = 'stopped' where id = ${id}::uuid)
    update ${tableOf(workspace, 'ask_recipient')} r set state = 'revoked', revoked_at = ${at}
    from ${tableOf(workspace, 'ask')} a where a.id = r.ask and a.census = ${id}::uuid and r.state in ('sent', 'opened')`);
}
