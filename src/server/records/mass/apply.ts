import sql from 'sql-template-tag';
import type { Outcome } from '../../../domain/change/types.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../catalog/names.ts';
import type { Ctx, WriteDoor } from '../types.ts';
import { Overtaken } from '../write/apply.ts';
import { isContention, uniqueViolation } from '../write/pg-errors.ts';
import { errorsOf } from '../write/prepare.ts';
import type { WriteDeps } from '../write/types.ts';
import { changeOf, readRows } from './row-changes.ts';
import { setStatement } from './set-sql.ts';
import { isSetPlan, type MassCounts, type MassPlan, NONE, type Portion, type SetPlan } from './types.ts';

/** Runs in the transaction that writes the portion: its place, its counts. Throws to leave the portion undone. */
export type Alongside = (tx: Tx, counts: MassCounts) => Promise<void>;

/** What is to be done with one portion, and by whom. */
export interface PortionWork<Plan extends MassPlan = MassPlan> {
  ctx: Ctx;
  plan: Plan;
  changeSet: string;
  portion: Portion;
  alongside: Alongside;
}

/** How often a portion is looked at again when others are faster; the second time on with its rows locked. */
const ATTEMPTS = 5;

/**
 * Writes one portion into a change set and commits it with what `alongside` notes: all of it or nothing, so that a kill loses no more than the
 * portion under way and doubles nothing.
 */
export async function applyPortion(
  deps: WriteDeps,
  write: WriteDoor['write'],
  db: Db,
  work: PortionWork,
): Promise<void> {
  const { plan } = work;
  if (plan.path === 'set' && isSetPlan(plan) && (await applySet(deps, db, { ...work, plan }))) return;
  await applyStream(deps, write, db, work);
}

/** false: a unique value was taken meanwhile; the door says whose, record by record. */
async function applySet(
  deps: WriteDeps,
  db: Db,
  { ctx, plan, changeSet, portion, alongside }: PortionWork<SetPlan>,
): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      await db.tx(async (tx) => {
        if (attempt > 1)
          await tx.query(
            sql`select from ${tableOf(ctx.workspace, plan.object.name)} where id = any(${portion.records}::uuid[]) order by id for update`,
          );
        const rows = await tx.query<{ class: string; n: number }>(setStatement(ctx, plan, changeSet, portion, deps));
        const counts = countsOf(rows);
        const done = rows.find((row) => row.class === 'done')?.n ?? 0;
        if (done !== counts.change) throw new Overtaken();
        await alongside(tx, counts);
      });
      return true;
    } catch (error) {
      if (uniqueViolation(error)) return false;
      if (!(error instanceof Overtaken || isContention(error)) || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Rows per class as counts; `done` is no class. */
export function countsOf(rows: { class: string; n: number }[]): MassCounts {
  const counts: MassCounts = { ...NONE, refused: {} };
  for (const row of rows) {
    if (row.class === 'change') counts.change += row.n;
    else if (row.class === 'same') counts.same += row.n;
    else if (row.class !== 'done') counts.refused[row.class] = (counts.refused[row.class] ?? 0) + row.n;
  }
  return counts;
}

async function applyStream(
  deps: WriteDeps,
  write: WriteDoor['write'],
  db: Db,
  { ctx, plan, changeSet, portion, alongside }: PortionWork,
): Promise<void> {
  const env = deps.env(ctx);
  const rows = new Map((await readRows(db, ctx, plan, portion.records, deps)).map((row) => [row.id, row]));
  const counts: MassCounts = { ...NONE, refused: {} };
  const changes = portion.records.flatMap((id, index) => {
    const row = rows.get(id);
    if (!row) counts.refused['record-unknown'] = (counts.refused['record-unknown'] ?? 0) + 1;
    const change = row && changeOf(plan, row, portion.versions[index] ?? row.version, env);
    if (row && !change) counts.same += 1;
    return change ?? [];
  });
  if (changes.length === 0) {
    await db.tx((tx) => alongside(tx, counts));
    return;
  }
  await write(ctx, changes, {
    atomic: false,
    changeSet,
    reviewed: !plan.held,
    ...(plan.kind === 'respell' && { canonical: true, respelled: true }),
    alongside: (tx, { outcomes }) => alongside(tx, count(counts, outcomes)),
  });
}

function count(before: MassCounts, outcomes: Outcome[]): MassCounts {
  const counts: MassCounts = { ...before, refused: { ...before.refused } };
  for (const outcome of outcomes) {
    if (outcome.status === 'applied') counts.change += 1;
    else if (outcome.status === 'unchanged') counts.same += 1;
    else {
      const code =
        outcome.status === 'conflict'
          ? 'conflict'
          : outcome.status === 'held'
            ? 'mass-held'
            : (errorsOf(outcome.issues ?? [])[0]?.code ?? 'record-unknown');
      counts.refused[code] = (counts.refused[code] ?? 0) + 1;
    }
  }
  return counts;
}
