import { AppError } from '../../../contract/errors.ts';
import type { Change } from '../../../domain/change/types.ts';
import type { Ctx } from '../../records/types.ts';
import type { DuplicatesDeps } from './deps.ts';
import { refuseUnwritten } from './merge-records.ts';
import { markUnmerged } from './merge-store.ts';
import { decidePairs } from './pair-store.ts';
import { planUnmerge, type UnmergePlan } from './plan-unmerge.ts';

export interface UnmergeWish {
  answers?: Readonly<Record<string, string>> | undefined;
  proposed?: boolean | undefined;
  /** Records that came after the merge, and whom they belong to. */
  moves?: readonly { object: string; id: string; to: string }[] | undefined;
}

/** Taking back needs the same rights as merging: tried in the door, nothing written. */
export async function previewUnmerge(deps: DuplicatesDeps, ctx: Ctx, id: string): Promise<UnmergePlan> {
  const plan = await planUnmerge(deps, withReason(ctx), id);
  const { outcomes } = await deps.write.write(withReason(ctx), plan.changes, {
    dryRun: true,
    canonical: true,
    joining: plan.joining,
  });
  refuseUnwritten(plan.object, outcomes, ctx);
  return plan;
}

/** Takes a merge apart in one change set. Unanswered questions are an error unless `proposed`. */
export async function unmergeRecords(
  deps: DuplicatesDeps,
  ctx: Ctx,
  id: string,
  wish: UnmergeWish,
): Promise<{ changeSet: string | null; restored: string[]; back: number; left: number }> {
  const plan = await planUnmerge(deps, ctx, id, wish.answers);
  const { object, merge, moved, parted, restored, joining } = plan;
  const open = parted.questions.filter(({ field }) => wish.answers?.[field] === undefined);
  if (open.length > 0 && !wish.proposed) throw new AppError('merge-questions', { count: open.length });
  const back = moved.filter(({ free }) => free);
  const moves = [...backChanges(plan), ...wishedChanges(plan, wish.moves ?? [])];
  const { changeSet, outcomes } = await deps.write.write(withReason(ctx), [...plan.changes, ...moves], {
    kind: 'unmerge',
    canonical: true,
    joining,
    alongside: async (tx, result) => {
      if (!(await markUnmerged(tx, ctx, merge.changeSet, result.changeSet))) throw new AppError('merge-undone');
      // They were told apart by hand: no scan asks again.
      await decidePairs(tx, ctx, object.id, joining.records, 'different');
    },
  });
  refuseUnwritten(object, outcomes, ctx);
  return { changeSet, restored, back: back.length, left: moved.length - back.length };
}

/** Each record once, with all relations of it that go back. */
function backChanges({ moved }: UnmergePlan): Change[] {
  const changes = new Map<string, Change & { set: Record<string, unknown> }>();
  for (const { pointer, id, from, free } of moved) {
    if (!free) continue;
    const change = changes.get(id) ?? { op: 'update' as const, object: pointer.object.name, id, set: {} };
    change.set[pointer.field.name] = from;
    changes.set(id, change);
  }
  return [...changes.values()];
}

function wishedChanges({ pointers }: UnmergePlan, moves: NonNullable<UnmergeWish['moves']>): Change[] {
  return moves.map(({ object, id, to }) => {
    const fields = pointers.filter((pointer) => pointer.object.name === object).map(({ field }) => field.name);
    if (fields.length === 0) throw new AppError('object-unknown', { object });
    // Of several relations to the object, the one records belong by.
    const parent = pointers.find((pointer) => pointer.object.name === object)?.object.parent;
    const name = fields.find((field) => field === parent) ?? fields[0] ?? '';
    return { op: 'update', object, id, set: { [name]: to } };
  });
}

/** Protected values go back to where they were; the reason for that is that they never belonged here. */
function withReason(ctx: Ctx): Ctx {
  if (ctx.reason?.trim()) return ctx;
  return { ...ctx, reason: ctx.lang === 'zh' ? '取消合并' : 'Un-merged' };
}
