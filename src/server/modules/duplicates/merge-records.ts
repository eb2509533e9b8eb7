import type { Pending } from '../../../contract/approvals.ts';
import { AppError } from '../../../contract/errors.ts';
import { issueSentence } from '../../../contract/issue-sentence.ts';
import type { Change, Outcome } from '../../../domain/change/types.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import type { Ctx } from '../../records/types.ts';
import type { Perform } from '../approvals/index.ts';
import type { DuplicatesDeps, MergeDeps } from './deps.ts';
import { keepMerge } from './merge-store.ts';
import { settleMerged } from './pair-store.ts';
import { type MergePlan, type MergeWish, planMerge } from './plan-merge.ts';
import { readReferences } from './references.ts';

/** How often it is tried again when somebody adds to the losers meanwhile. */
const ATTEMPTS = 4;

export interface Merged {
  merge: string;
  winner: string;
  /** Records that pointed to the losers. */
  moved: number;
}

/** Someone pointed a record to a loser between our look and our write. */
class Straggler extends Error {}

/** Checks what a merge would be refused for, and says what it would do. Writes nothing. */
export async function previewMerge(deps: DuplicatesDeps, ctx: Ctx, wish: MergeWish): Promise<MergePlan> {
  const plan = await planMerge(deps, ctx, wish);
  // A reason is asked for when it is done.
  const trial = { ...ctx, reason: ctx.reason ?? '-' };
  const { outcomes } = await deps.write.write(trial, plan.changes, {
    dryRun: true,
    canonical: true,
    joining: plan.joining,
  });
  refuseUnwritten(plan.object, outcomes, ctx);
  return plan;
}

/** Merges, or asks the person whose approval it takes: then nothing has happened yet. */
export async function mergeOrAsk(
  deps: MergeDeps,
  ctx: Ctx,
  wish: MergeWish & { versions?: Readonly<Record<string, number>> | undefined },
): Promise<Merged | { approval: Pending }> {
  await deps.gate.ready(ctx.workspace);
  const size = new Set(wish.records).size;
  const rule = deps.gate.needed(ctx, { kind: 'merge', object: wish.object, size });
  if (!rule) return mergeRecords(deps, ctx, wish);
  // What would be refused anyway is refused now; what is agreed to are these records as they are.
  const plan = await previewMerge(deps, ctx, wish);
  const versions = Object.fromEntries(plan.members.map(({ id, row }) => [id, wish.versions?.[id] ?? row.version]));
  if (plan.members.some(({ id, row }) => (versions[id] ?? row.version) < row.version)) throw new AppError('conflict');
  const { object, winner } = { object: wish.object, winner: plan.winner };
  const content = { object, ids: [...new Set(wish.records)], winner, choices: wish.choices, versions };
  return { approval: await deps.gate.ask(ctx, rule, { kind: 'merge', object, size, content }) };
}

/** Merges records that somebody agreed to. */
export function performMerge(deps: DuplicatesDeps): Perform {
  return async (ctx, content, once) => {
    const { object, ids, winner, choices, versions } = content as MergeContent;
    const wish = { object, records: ids, winner, choices, versions };
    try {
      await mergeRecords(deps, ctx, wish, (tx, changeSet) => once(tx, { changeSet }));
    } catch (error) {
      if (error instanceof AppError && ['conflict', 'record-unknown'].includes(error.code))
        throw new AppError('approval-overtaken', {}, { cause: error });
      throw error;
    }
  };
}

interface MergeContent {
  object: string;
  ids: string[];
  winner: string;
  choices?: Record<string, string>;
  versions: Record<string, number>;
}

/** Merges in one change set: losers into the bin with a pointer to the winner, surviving values with their confidence, all that pointed to the losers. */
export async function mergeRecords(
  deps: DuplicatesDeps,
  ctx: Ctx,
  wish: MergeWish & { versions?: Readonly<Record<string, number>> | undefined },
  once?: (tx: Tx, changeSet: string) => Promise<void>,
): Promise<Merged> {
  for (let attempt = 1; ; attempt++) {
    const plan = await planMerge(deps, ctx, wish);
    for (const { id, row } of plan.members)
      if ((wish.versions?.[id] ?? row.version) < row.version) throw new AppError('conflict');
    try {
      return await write(deps, ctx, plan, once);
    } catch (error) {
      if (!(error instanceof Straggler)) throw error;
      if (attempt === ATTEMPTS) throw new AppError('write-contended', {}, { cause: error });
    }
  }
}

async function write(
  deps: DuplicatesDeps,
  ctx: Ctx,
  plan: MergePlan,
  once?: (tx: Tx, changeSet: string) => Promise<void>,
): Promise<Merged> {
  const { object, winner, losers, pointers, joining } = plan;
  const find = (on: DuplicatesDeps['db'] | Parameters<typeof keepMerge>[0]) =>
    readReferences(on, ctx.workspace, pointers, losers, joining.records);
  const references = await find(deps.db);
  const moves = references.map(
    ({ object: name, id, fields }): Change => ({
      op: 'update',
      object: name,
      id,
      set: Object.fromEntries(fields.map((field) => [field, winner])),
    }),
  );
  const { changeSet, outcomes } = await deps.write.write(ctx, [...plan.changes, ...moves], {
    kind: 'merge',
    canonical: true,
    joining,
    alongside: async (tx, result) => {
      if ((await find(tx)).length > 0) throw new Straggler();
      const version = result.outcomes.find(({ id }) => id === winner)?.version ?? 1;
      const merge = { changeSet: result.changeSet ?? '', object: object.name, winner, winnerVersion: version, losers };
      await keepMerge(tx, ctx, merge);
      await settleMerged(tx, ctx, object.id, winner, losers);
      await once?.(tx, result.changeSet ?? '');
    },
  });
  if (outcomes.slice(plan.changes.length).some(({ status }) => status === 'rejected')) throw new Straggler();
  refuseUnwritten(object, outcomes, ctx);
  return { merge: changeSet ?? '', winner, moved: moves.length };
}

/** Turns outcomes that were not written into one error with every sentence. */
export function refuseUnwritten(object: ObjectDef, outcomes: Outcome[], ctx: Ctx): void {
  if (outcomes.some(({ status }) => status === 'conflict')) throw new AppError('conflict');
  const issues = outcomes.filter(({ status }) => status === 'rejected').flatMap((outcome) => outcome.issues ?? []);
  const errors = issues.filter(({ level }) => level !== 'warning');
  if (errors.length === 0) return;
  if (errors.some(({ code }) => code === 'record-unknown')) throw new AppError('record-unknown');
  const sentences = [...new Set(errors.map((issue) => issueSentence(issue, object, ctx.lang)))];
  throw new AppError('merge-refused', { detail: sentences.join(' ') }, { issues: errors });
}
