import type { z } from 'zod';
import type { mergePreviewSchema, unmergePreviewSchema } from '../../../contract/duplicates.ts';
import { isList, SURVIVAL_REASONS } from '../../../domain/merge/index.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import { fieldOf, objectOf } from '../../records/catalog/lookup.ts';
import type { Ctx } from '../../records/types.ts';
import type { DuplicatesDeps } from './deps.ts';
import { mayChoose } from './members.ts';
import { warningsOf } from './merge-warnings.ts';
import { readAdded } from './moved-references.ts';
import type { MergePlan } from './plan-merge.ts';
import type { UnmergePlan } from './plan-unmerge.ts';
import type { Pointer } from './references.ts';

/** Records named in an un-merge preview. */
const NAMED = 200;

export async function presentMerge(
  deps: DuplicatesDeps,
  ctx: Ctx,
  plan: MergePlan,
): Promise<z.input<typeof mergePreviewSchema>> {
  const { object, winner, members, survivors, moves, titles } = plan;
  const fields = survivors.flatMap(({ field, from, value, reason, differs }) => {
    const def = fieldOf(object, field);
    const changeable = differs && mayChoose(ctx, object, field);
    const why = { code: reason, label: SURVIVAL_REASONS[reason] };
    return def ? [{ field, label: def.label, differs, from, value, reason: why, changeable, list: isList(def) }] : [];
  });
  return {
    object: object.name,
    winner,
    records: members.map(({ row }) => row),
    fields: [...fields.filter((one) => one.differs), ...fields.filter((one) => !one.differs)],
    moves: moves.map(({ pointer, count }) => countOf(pointer, count)),
    warnings: await warningsOf(deps.db, ctx, plan),
    titles,
  };
}

export async function presentUnmerge(
  deps: DuplicatesDeps,
  ctx: Ctx,
  plan: UnmergePlan,
): Promise<z.input<typeof unmergePreviewSchema>> {
  const { object, merge, moved, parted, pointers } = plan;
  const counts = new Map<FieldDef, { pointer: Pointer; count: number }>();
  for (const { pointer, free } of moved) {
    if (!free) continue;
    const entry = counts.get(pointer.field) ?? { pointer, count: 0 };
    entry.count += 1;
    counts.set(pointer.field, entry);
  }
  const added = await readAdded(deps.db, ctx.workspace, pointers, merge, moved, NAMED);
  return {
    object: object.name,
    winner: merge.winner,
    losers: merge.losers,
    at: merge.at.toISOString(),
    records: Object.entries(parted.values).map(([id, values]) => ({ id, values })),
    questions: parted.questions.map((question) => ({ ...question, label: labelOf(object, question.field) })),
    back: [...counts.values()].map(({ pointer, count }) => countOf(pointer, count)),
    left: moved.filter(({ free }) => !free).length,
    // Only what the caller may open is named; the rest stays with the winner, as all that came later.
    added: await visible(deps, ctx, added),
  };
}

/** Titles of records the caller may see, those in the bin too. */
export async function titlesWithBin(
  deps: DuplicatesDeps,
  ctx: Ctx,
  name: string,
  ids: readonly string[],
): Promise<Record<string, string>> {
  const object = objectOf(await deps.catalog.get(ctx.workspace), name);
  const found: Record<string, string> = {};
  for (const deleted of [false, true])
    for (let from = 0; from < ids.length; from += NAMED) {
      const filter = { field: '$id', op: 'in' as const, value: ids.slice(from, from + NAMED) };
      const query = { object: name, fields: [object.title], filter, deleted, count: 'none' as const };
      const { rows } = await deps.read.list(ctx, { ...query, page: { limit: NAMED } });
      for (const row of rows) found[row.id] = String(row.values[object.title] ?? '');
    }
  return found;
}

async function visible(deps: DuplicatesDeps, ctx: Ctx, added: Awaited<ReturnType<typeof readAdded>>) {
  const seen = new Map<string, string>();
  for (const name of new Set(added.map(({ object }) => object))) {
    if (!ctx.access.objects[name]?.actions.includes('read')) continue;
    const ids = added.filter(({ object }) => object === name).map(({ id }) => id);
    const title = (await deps.catalog.get(ctx.workspace)).objects.find((one) => one.name === name)?.title ?? '';
    const filter = { field: '$id', op: 'in' as const, value: ids };
    const page = await deps.read.list(ctx, { object: name, filter, page: { limit: NAMED }, count: 'none' });
    for (const row of page.rows) seen.set(row.id, String(row.values[title] ?? ''));
  }
  return added.flatMap((one) => (seen.has(one.id) ? [{ ...one, title: seen.get(one.id) ?? '' }] : []));
}

function countOf({ object, field }: Pointer, count: number) {
  return { object: object.name, label: object.plural, field: field.name, count };
}

function labelOf(object: ObjectDef, field: string) {
  return fieldOf(object, field)?.label ?? { zh: field, en: field };
}
