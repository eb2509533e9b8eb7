import sql from 'sql-template-tag';
import type { z } from 'zod';
import type { reportSchema } from '../../../contract/evaluation.ts';
import { addDays, localDay, momentOf } from '../../../domain/fields/calendar.ts';
import { DUTIES, type Duty } from '../../../domain/freshness/duties.ts';
import { accuracyOf } from '../../../domain/freshness/spot-check.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import { type Quarter, quarterBefore } from '../../../domain/statistics/quarter.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { compareOutcomes, type OutcomeDeps } from './compare-outcomes.ts';
import { readFeedback } from './feedback.ts';
import { isKept, keepFigures, lockFigures } from './keep-figures.ts';
import { keepWork } from './keep-work.ts';
import {
  firstKept,
  type Kept,
  type KeptDay,
  type KeptPerson,
  keptDays,
  keptFields,
  keptPersons,
  segmentNames,
} from './read-figures.ts';

export interface ReportDeps extends OutcomeDeps {
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
}

type Report = z.input<typeof reportSchema>;
type Line = Report['all'];

/** The moment a day begins in a zone. */
export function startOf(day: string, timeZone: string): Date {
  const [year = 1, month = 1, date = 1] = day.split('-').map(Number);
  return momentOf({ year, month, day: date, hour: 0, minute: 0, second: 0, millisecond: 0 }, timeZone);
}

/** A quarter as it was kept day by day, beside the one before: past due where, what was found, and what went wrong beside how stale data was. */
export async function quarterReport(
  deps: ReportDeps,
  workspace: string,
  catalog: Catalog,
  quarter: Quarter,
  timeZone: string,
  now: Date,
): Promise<Report> {
  const { db } = deps;
  const today = localDay(now, timeZone);
  await upToDate(deps, workspace, catalog, timeZone, quarter, now);
  const before = quarterBefore(quarter);
  const days = await keptDays(db, workspace, quarter);
  const lines = await fieldLines(deps, workspace, catalog, quarter, before);
  const end = quarter.end <= today ? quarter.end : addDays(today, 1);
  const last = days.at(-1);
  return {
    quarter: { ...quarter, last: addDays(quarter.end, -1), running: quarter.end > today },
    at: now.toISOString(),
    kept: { days: days.length, of: spanDays(quarter.first, end), since: await firstKept(db, workspace) },
    before: { id: before.id, days: (await keptDays(db, workspace, before)).length },
    sample: { customers: last?.customers ?? 0, of: last?.total ?? 0, whole: days.every((day) => day.whole) },
    days: days.map(shownDay),
    ...lines,
    ...(await personLines(deps, workspace, quarter, before)),
    outcomes: await compareOutcomes(
      deps,
      workspace,
      catalog,
      startOf(quarter.first, timeZone),
      startOf(quarter.end, timeZone),
    ),
    feedback: await readFeedback(deps, workspace, startOf(quarter.first, timeZone), startOf(quarter.end, timeZone)),
    policies: await policiesOf(deps, workspace, startOf(quarter.first, timeZone), startOf(quarter.end, timeZone)),
  };
}

/** Today's figures, and finds up to this minute, for a quarter that still runs. */
async function upToDate(
  deps: ReportDeps,
  workspace: string,
  catalog: Catalog,
  timeZone: string,
  quarter: Quarter,
  now: Date,
): Promise<void> {
  const today = localDay(now, timeZone);
  if (today < quarter.first || today >= quarter.end) return;
  if (!(await isKept(deps.db, workspace, today))) await keepFigures(deps, workspace, catalog, timeZone, now);
  await deps.db.tx(async (tx) => {
    await lockFigures(tx, workspace);
    await keepWork(tx, workspace, catalog, deps.plans, timeZone);
  });
}

function spanDays(first: string, end: string): number {
  return Math.max(0, Math.round((Date.parse(end) - Date.parse(first)) / 86_400_000));
}

const shownDay = ({ day, expired, belief, error }: KeptDay) => ({ day, expired, belief, error });

const EMPTY: Kept = {
  days: 0,
  cells: 0,
  expired: 0,
  belief: 0,
  error: 0,
  confirmed: 0,
  wrong: 0,
  corrected: 0,
};

/** One line of the report: the quarter's mean and how it differs from the quarter before. */
export function lineOf(now: Kept, before: Kept | undefined): Line {
  const share = (kept: Kept) => (kept.cells > 0 ? { value: kept.expired / kept.cells, error: kept.error } : null);
  const [current, former] = [share(now), before ? share(before) : null];
  const looked = now.confirmed + now.wrong;
  const found = accuracyOf(now.wrong, looked);
  return {
    values: now.days > 0 ? now.cells / now.days : 0,
    expired: current,
    change: current &&
      former && {
        value: current.value - former.value,
        error: Math.hypot(current.error, former.error),
      },
    freshness: now.cells > 0 ? now.belief / now.cells : null,
    confirmed: now.confirmed,
    wrong: now.wrong,
    corrected: now.corrected,
    found: found && { value: found.share, low: found.low, high: found.high },
  };
}

async function fieldLines(deps: ReportDeps, workspace: string, catalog: Catalog, now: Quarter, before: Quarter) {
  const keyOf = (row: { object: number; field: number; segment: string }) =>
    `${row.object} ${row.field} ${row.segment}`;
  const rows = await keptFields(deps.db, workspace, now);
  const former = new Map((await keptFields(deps.db, workspace, before)).map((row) => [keyOf(row), row]));
  const names = await segmentNames(deps.db, workspace);
  const line = (row: (typeof rows)[number]) => lineOf(row, former.get(keyOf(row)));
  const all = rows.find((row) => row.object === 0);
  return {
    all: all ? line(all) : lineOf(EMPTY, undefined),
    byField: rows.flatMap((row) => {
      const object = catalog.objects.find((one) => one.id === row.object);
      const field = object?.fields.find((one) => one.id === row.field);
      if (!object || !field || row.segment !== '*') return [];
      return [{ object: object.name, field: field.name, label: field.label, ...line(row) }];
    }),
    bySegment: rows.flatMap((row) => {
      const object = catalog.objects.find((one) => one.id === row.object);
      const segment = row.segment === '' ? null : names.get(row.segment);
      if (!object || row.field !== 0 || segment === undefined) return [];
      return [{ object: object.name, segment, ...line(row) }];
    }),
  };
}

async function personLines(deps: ReportDeps, workspace: string, now: Quarter, before: Quarter) {
  const rows = await keptPersons(deps.db, workspace, now);
  const former = await keptPersons(deps.db, workspace, before);
  const names = await deps.names(
    workspace,
    rows.map((row) => row.person).filter((person) => person !== ''),
  );
  const duties = await deps.db.query<{ account: string; duties: Duty[] }>(
    sql`select account, duties from ${tableOf(workspace, 'duty')}`,
  );
  const have = (duty: Duty) => (row: KeptPerson) =>
    duties.some((one) => one.account === row.person && one.duties.includes(duty));
  return {
    byPerson: rows.map((row) => ({
      person: row.person === '' ? null : row.person,
      name: row.person === '' ? '' : (names[row.person] ?? row.person),
      customers: Math.round(row.customers),
      ...lineOf(
        row,
        former.find((one) => one.person === row.person),
      ),
    })),
    // Who has several duties counts in each.
    byDuty: DUTIES.flatMap((duty) => {
      const mine = rows.filter(have(duty));
      if (mine.length === 0) return [];
      return [{ duty, people: mine.length, ...lineOf(together(mine), together(former.filter(have(duty)))) }];
    }),
  };
}

/** Figures of several people as one; their samples are apart. */
function together(rows: readonly KeptPerson[]): Kept {
  const sum = (of: (row: KeptPerson) => number) => rows.reduce((total, row) => total + of(row), 0);
  const cells = sum((row) => row.cells);
  return {
    days: Math.max(0, ...rows.map((row) => row.days)),
    cells,
    expired: sum((row) => row.expired),
    belief: sum((row) => row.belief),
    error: cells > 0 ? Math.sqrt(sum((row) => (row.error * row.cells) ** 2)) / cells : 0,
    confirmed: sum((row) => row.confirmed),
    wrong: sum((row) => row.wrong),
    corrected: sum((row) => row.corrected),
  };
}

async function policiesOf(deps: ReportDeps, workspace: string, from: Date, to: Date) {
  const rows = await deps.db.query<{ version: number; at: Date; author: string; reason: string | null }>(sql`
    select version, at, author, reason from ${tableOf(workspace, 'policy_version')}
    where at >= ${from} and at < ${to} order by version`);
  const names = await deps.names(workspace, [...new Set(rows.map((row) => row.author))]);
  return rows.map(({ version, at, author, reason }) => ({
    version,
    at: at.toISOString(),
    authorName: names[author] ?? author,
    reason,
  }));
}
