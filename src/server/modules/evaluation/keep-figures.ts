import sql from 'sql-template-tag';
import { z } from 'zod';
import { localDay } from '../../../domain/fields/calendar.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import { defineJob } from '../../platform/queue/job.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import { dueCells, type Plans, sampleBundles } from '../freshness/index.ts';
import { type Gathered, gather } from './gather-figures.ts';
import { keepWork } from './keep-work.ts';

export interface KeepDeps {
  db: Db;
  plans: Plans;
}

/** Customers a day's figures are counted from: all up to some 30,000, else about this many, drawn anew each day; a second or two at a million. */
const SIZE = { customers: 20_000, pages: 2500 };
/** Customers looked at before others get their turn. */
const TURN = 200;

/** Keeps the figures of today: what is past due by field, segment and person, and what was verified lately. Running it again replaces the day. */
export async function keepFigures(
  { db, plans }: KeepDeps,
  workspace: string,
  catalog: Catalog,
  timeZone: string,
  now: Date,
): Promise<void> {
  await plans.ready(workspace);
  const sample = await sampleBundles(db, workspace, catalog, false, SIZE);
  const figures = gather((object, id) => {
    const segments = plans.objectPlan(workspace, object).segments;
    return segments.find((segment) => segment.id === id)?.key ?? '';
  });
  for (const [index, bundle] of sample.bundles.entries()) {
    if (index % TURN === TURN - 1) await new Promise((resolve) => setImmediate(resolve));
    figures.add(dueCells(plans, workspace, bundle, now), now.getTime());
  }
  const day = localDay(now, timeZone);
  const scale = sample.total / Math.max(1, sample.bundles.length);
  await db.tx(async (tx) => {
    await lockFigures(tx, workspace);
    await tx.query(sql`
      insert into ${tableOf(workspace, 'figure_day')} (day, at, customers, total, whole)
      values (${day}::date, ${now}, ${sample.bundles.length}, ${sample.total}, ${sample.whole})
      on conflict (day) do update set at = excluded.at, customers = excluded.customers, total = excluded.total, whole = excluded.whole`);
    await saveFields(tx, workspace, day, figures.fields(sample.whole, scale));
    await savePersons(tx, workspace, day, figures.persons(sample.whole, scale));
    await saveNames(tx, workspace, catalog, plans);
    await keepWork(tx, workspace, catalog, plans, timeZone);
  });
}

/** One at a time per workspace: a report and the job may both want to keep a day. */
export async function lockFigures(tx: Tx, workspace: string): Promise<void> {
  await tx.query(sql`select pg_advisory_xact_lock(hashtextextended(${`figures ${workspace}`}, 0))`);
}

async function saveFields(tx: Tx, workspace: string, day: string, rows: Gathered[]): Promise<void> {
  const table = tableOf(workspace, 'figure_field');
  // What was found that day stays; it is counted on its own.
  await tx.query(sql`update ${table} set cells = 0, expired = 0, belief = 0, error = 0 where day = ${day}::date`);
  await tx.query(sql`
    insert into ${table} (day, object, field, segment, cells, expired, belief, error)
    select ${day}::date, object, field, segment, cells, expired, belief, error from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as x(object int, field int, segment text, cells float8, expired float8, belief float8, error real)
    on conflict (day, object, field, segment) do update
      set cells = excluded.cells, expired = excluded.expired, belief = excluded.belief, error = excluded.error`);
}

async function savePersons(
  tx: Tx,
  workspace: string,
  day: string,
  rows: (Omit<Gathered, 'object' | 'field' | 'segment'> & { person: string; customers: number; missing: number })[],
): Promise<void> {
  const table = tableOf(workspace, 'figure_person');
  await tx.query(
    sql`update ${table} set customers = 0, missing = 0, cells = 0, expired = 0, belief = 0, error = 0 where day = ${day}::date`,
  );
  await tx.query(sql`
    insert into ${table} (day, person, customers, missing, cells, expired, belief, error)
    select ${day}::date, person, customers, missing, cells, expired, belief, error from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as x(person text, customers float8, missing float8, cells float8, expired float8, belief float8, error real)
    on conflict (day, person) do update set customers = excluded.customers, missing = excluded.missing, cells = excluded.cells, expired = excluded.expired,
      belief = excluded.belief, error = excluded.error`);
}

async function saveNames(tx: Tx, workspace: string, catalog: Catalog, plans: Plans): Promise<void> {
  const names = new Map(
    catalog.objects.flatMap((object) =>
      plans.objectPlan(workspace, object).segments.map(({ key, name }) => [key, name] as const),
    ),
  );
  const rows = [...names].map(([segment, name]) => ({ segment, name }));
  await tx.query(sql`
    insert into ${tableOf(workspace, 'figure_segment')} as s (segment, name)
    select segment, name from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(segment text, name jsonb)
    on conflict (segment) do update set name = excluded.name where s.name <> excluded.name`);
}

/** Was the day kept? */
export async function isKept(db: Db, workspace: string, day: string): Promise<boolean> {
  const rows = await db.query(sql`select 1 from ${tableOf(workspace, 'figure_day')} where day = ${day}::date`);
  return rows.length > 0;
}

type Keeping = KeepDeps & {
  catalogs: CatalogStore;
  now: () => Date;
  workspaces(): Promise<{ id: string; timeZone: string }[]>;
};

/** Workspaces whose day is not kept yet. */
async function openDays({
  db,
  now: clock,
  workspaces,
}: Keeping): Promise<{ id: string; timeZone: string; now: Date }[]> {
  const open: { id: string; timeZone: string; now: Date }[] = [];
  for (const { id, timeZone } of await workspaces()) {
    const now = clock();
    if (!(await isKept(db, id, localDay(now, timeZone)))) open.push({ id, timeZone, now });
  }
  return open;
}

/** Hourly, and does something once a day: at the first hour of the team's day at which the program runs. */
export function keepFiguresJob(deps: Keeping) {
  return defineJob({
    name: 'evaluation.keep',
    apart: true,
    payload: z.object({}),
    schedule: { cron: '20 * * * *' },
    due: async () => (await openDays(deps)).length > 0,
    handler: async ({ signal }) => {
      for (const { id, timeZone, now } of await openDays(deps)) {
        if (signal.aborted) return;
        await keepFigures(deps, id, await deps.catalogs.get(id), timeZone, now);
      }
    },
  });
}
