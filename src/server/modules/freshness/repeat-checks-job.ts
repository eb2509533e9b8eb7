import sql from 'sql-template-tag';
import { z } from 'zod';
import type { Catalog } from '../../../domain/schema/types.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import { defineJob } from '../../platform/queue/job.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import { collectFindings } from './collect-findings.ts';
import type { CampaignRow } from './count-check.ts';
import { drawCheck } from './draw-check.ts';
import { closeCheck } from './list-checks.ts';
import type { Plans } from './plans.ts';

export interface RepeatDeps {
  db: Db;
  plans: Plans;
  catalogs: CatalogStore;
  now: () => Date;
  /** Tells people of a check that was drawn, in its transaction. */
  tell: (tx: Tx, workspace: string, campaign: string) => Promise<void>;
}

/** Draws what repeats and is due: the one before ends with its figures, the new one begins. Returns how many. */
export async function repeatChecks(
  deps: RepeatDeps,
  workspace: string,
  catalog: Catalog,
  timeZone: string,
): Promise<number> {
  const at = deps.now();
  const table = tableOf(workspace, 'check_campaign');
  const [due] = await deps.db.query(sql`select 1 from ${table} where next_at <= ${at} limit 1`);
  if (!due) return 0;
  // What was verified a moment ago is in the figures of the one that ends.
  await deps.plans.ready(workspace);
  while (await collectFindings({ db: deps.db, plans: deps.plans, workspace, catalog }));
  for (let drawn = 0; ; drawn++) {
    const more = await deps.db.tx(async (tx) => {
      const [row] = await tx.query<CampaignRow>(sql`
        select * from ${table} where next_at <= ${at} order by next_at limit 1 for update skip locked`);
      if (!row) return false;
      await closeCheck(tx, workspace, catalog, row.id, at);
      const fields = trackedNames(catalog, row);
      // A field that is no longer tracked ends its part of it; without any the check has had its day.
      if (fields.length === 0) return true;
      const id = await drawCheck(tx, { workspace, author: row.author, at, timeZone }, catalog, {
        name: row.name,
        object: row.object,
        fields,
        kind: row.kind,
        ...(row.precision > 0 && { precision: row.precision }),
        ...(row.days !== null && { lasts: row.days }),
        ...(row.per_person !== null && { perPerson: row.per_person }),
        ...(row.repeats !== null && { repeats: row.repeats }),
      });
      await deps.tell(tx, workspace, id);
      return true;
    });
    if (!more) return drawn;
  }
}

function trackedNames(catalog: Catalog, row: CampaignRow): string[] {
  const object = catalog.objects.find((one) => one.name === row.object && !one.retired);
  const tracked = object?.fields.filter((field) => field.tracked && !field.retired).map((field) => field.name) ?? [];
  return row.fields.filter((name) => tracked.includes(name));
}

/** Hourly; draws at the first hour of the day on which a check is to be drawn again. */
export function repeatChecksJob(deps: RepeatDeps & { workspaces(): Promise<{ id: string; timeZone: string }[]> }) {
  return defineJob({
    name: 'freshness.repeat-checks',
    payload: z.object({}),
    schedule: { cron: '4 * * * *' },
    handler: async ({ signal }) => {
      for (const { id, timeZone } of await deps.workspaces()) {
        if (signal.aborted) return;
        await repeatChecks(deps, id, await deps.catalogs.get(id), timeZone);
      }
    },
  });
}
