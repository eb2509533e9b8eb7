import sql from 'sql-template-tag';
import type { FiringView } from '../../../contract/automation.ts';
import { findObject } from '../../../domain/filter/subject.ts';
import type { Lang } from '../../../domain/issue.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import type { FindDeps } from './deps.ts';
import type { StoredFiring } from './firing-store.ts';
import { seeRecords } from './record-words.ts';

/** Firings for a page; titles as far as the reader may see the records. */
export async function presentFirings(
  deps: Pick<FindDeps, 'db' | 'read' | 'catalog' | 'automation'>,
  ctx: Ctx,
  firings: readonly StoredFiring[],
  lang: Lang,
): Promise<FiringView[]> {
  const catalog = await deps.catalog.get(ctx.workspace);
  await deps.automation.ready(ctx.workspace);
  const names = new Map(deps.automation.of(ctx.workspace).rules.map(({ id, name }) => [id, name]));
  const titles = new Map<string, string>();
  for (const name of new Set(firings.map(({ object }) => object))) {
    const object = findObject(catalog, name);
    if (!object) continue;
    const ids = firings.filter((one) => one.object === name).map(({ record }) => record);
    const { rows } = await seeRecords(deps.read, ctx, name, [...new Set(ids)]);
    for (const row of rows.values()) titles.set(row.id, String(row.values[object.title] ?? ''));
  }
  const together = await togetherOf(deps.db, ctx.workspace, firings);
  return firings.map((firing) => ({
    id: firing.id,
    rule: firing.rule,
    ruleName: names.get(firing.rule) ?? '—',
    object: firing.object,
    record: firing.record,
    title: titles.get(firing.record) ?? '—',
    at: firing.at.toISOString(),
    changeSet: firing.change_set,
    state: firing.state,
    doneAt: firing.done_at?.toISOString() ?? null,
    wrote: firing.wrote,
    together: together.get(firing.wrote ?? '') ?? 1,
    results: firing.results ?? [],
    error: firing.error
      ? { code: firing.error.code, ...(firing.error.message && { message: firing.error.message[lang] }) }
      : null,
  }));
}

/** How many firings wrote into each change set. */
async function togetherOf(
  on: Queryable,
  workspace: string,
  firings: readonly StoredFiring[],
): Promise<Map<string, number>> {
  const sets = [...new Set(firings.flatMap(({ wrote }) => wrote ?? []))];
  const rows = await on.query<{ wrote: string; n: number }>(
    sql`select wrote, count(*)::int as n from ${tableOf(workspace, 'automation_firing')} where wrote = any(${sets}::uuid[]) group by wrote`,
  );
  return new Map(rows.map(({ wrote, n }) => [wrote, n]));
}
