import type { z } from 'zod';
import type { approvalSchema } from '../../../contract/approvals.ts';
import { ceilingOf, isPlain } from '../../../domain/access/reach.ts';
import { mayDecide } from '../../../domain/approvals/index.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { Catalog, FieldValue } from '../../../domain/schema/types.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { hasSealed } from '../../records/catalog/lookup.ts';
import { visibleTitles } from '../../records/read/visible-titles.ts';
import type { Ctx, ReadDoor } from '../../records/types.ts';
import { type Approval, trailsOf } from './approval-store.ts';
import { namedDeciders } from './deciders.ts';

type View = z.input<typeof approvalSchema>;
type Facts = View['facts'];

export interface PresentDeps {
  db: Queryable;
  read: ReadDoor;
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
}

/** Records shown of one request. */
const SHOWN = 20;

/** Requests as their reader may see them: records out of his sight are counted and not named, values he may not see are left out. */
export async function presentApprovals(
  deps: PresentDeps,
  ctx: Ctx,
  catalog: Catalog,
  approvals: readonly Approval[],
  who: { account: string; roles: readonly string[]; admin: boolean },
): Promise<View[]> {
  const ids = approvals.map(({ id }) => id);
  const trails = await trailsOf(deps.db, ctx.workspace, ids);
  const named = new Map<string, string[]>();
  for (const approval of approvals)
    named.set(approval.id, approval.state === 'open' ? await namedDeciders(deps.db, ctx.workspace, approval) : []);
  const people = [
    ...approvals.flatMap(({ asker, decided_by }) => [asker, decided_by ?? asker]),
    ...[...trails.values()].flat().map(({ actor }) => actor),
    ...[...named.values()].flat(),
  ];
  const names = await deps.names(ctx.workspace, [...new Set(people)]);
  const about = approvals.flatMap(recordsOf);
  const titles = about.length > 0 ? await visibleTitles(deps.read, ctx, catalog, about) : new Map<string, string>();
  if (hasSealed(catalog))
    for (const one of approvals) if (one.kind === 'protected') await openContents(deps.read, ctx, one);
  return approvals.map((one): View => {
    const open = one.state === 'open';
    return {
      id: one.id,
      kind: one.kind,
      object: one.object,
      size: one.size,
      asker: one.asker,
      askerName: names[one.asker] ?? '',
      reason: one.reason,
      at: one.at.toISOString(),
      due: one.due.toISOString(),
      lapses: one.lapses.toISOString(),
      state: one.state,
      overdue: open && ctx.at >= one.due,
      hash: one.hash,
      deciders: (named.get(one.id) ?? []).flatMap((id) => names[id] ?? []),
      decidedBy: one.decided_by && (names[one.decided_by] ?? ''),
      word: one.word,
      may: { decide: open && mayDecide(one, who, ctx.at), withdraw: open && one.asker === ctx.actor },
      facts: factsOf(one, ctx, catalog, titles),
      result: one.result,
      error: one.error && { code: one.error.code, message: one.error.message[ctx.lang] },
      trail: (trails.get(one.id) ?? []).map(({ at, actor, what, word }) => ({
        at: at.toISOString(),
        actor,
        name: names[actor] ?? '',
        what,
        // Why it failed stands above, as a sentence.
        word: what === 'failed' ? null : (word ?? null),
      })),
    };
  });
}

/** A copy of what was asked for with its encrypted values opened; what is kept stays sealed, and so does its hash. */
async function openContents(read: ReadDoor, ctx: Ctx, approval: Approval): Promise<void> {
  const content = structuredClone(approval.content) as Contents['protected'];
  for (const { object, id, set } of content.changes)
    await read.unseal(ctx, object, [
      { record: id, values: set },
      { record: id, values: content.before[id] ?? {} },
    ]);
  approval.content = content;
}

/** Contents, as the modules that ask for approval write them. */
interface Contents {
  export: {
    query: { object: string; fields?: string[]; filter?: Filter; search?: string };
    format: string;
    forEditing?: boolean;
  };
  merge: { object: string; ids: string[]; winner?: string };
  mass: { action: unknown };
  protected: {
    changes: { object: string; id: string; set: Record<string, FieldValue> }[];
    before: Record<string, Record<string, FieldValue>>;
  };
  claim: { object: string; record: string; owner: string | null };
  campaign: { name: string };
}

function recordsOf({ kind, content }: Approval): { object: string; record: string }[] {
  if (kind === 'merge') {
    const { object, ids } = content as Contents['merge'];
    return ids.slice(0, SHOWN).map((record) => ({ object, record }));
  }
  if (kind === 'protected')
    return (content as Contents['protected']).changes.slice(0, SHOWN).map(({ object, id }) => ({ object, record: id }));
  if (kind === 'claim') {
    const { object, record } = content as Contents['claim'];
    return [{ object, record }];
  }
  return [];
}

function factsOf(approval: Approval, ctx: Ctx, catalog: Catalog, titles: ReadonlyMap<string, string>): Facts {
  const records = recordsOf(approval).flatMap(({ object, record }) => {
    const title = titles.get(record);
    return title === undefined ? [] : [{ object, id: record, title }];
  });
  switch (approval.kind) {
    case 'export': {
      const { query, format, forEditing } = approval.content as Contents['export'];
      const { filter, search } = query;
      const fields = query.fields?.filter((name) => ceilingOf(ctx.access.objects[query.object], name) !== 'hidden');
      // Whoever may not see a field learns nothing from what was asked of it, but the asker's own words are his.
      const told = approval.asker === ctx.actor || mayReadFilter(filter, query.object, ctx);
      return {
        format,
        ...(forEditing && { forEditing }),
        ...(fields && { fields }),
        ...(filter && told && { filter }),
        ...(search !== undefined && { search }),
      };
    }
    case 'merge':
      return { records, ...winnerOf(approval.content as Contents['merge']) };
    case 'mass': {
      const { action } = approval.content as Contents['mass'];
      const field = (action as { field?: string }).field;
      const plain = field === undefined || isPlain(ceilingOf(ctx.access.objects[approval.object ?? ''], field));
      return { action: (plain || approval.asker === ctx.actor ? action : { kind: 'set' }) as Facts['action'] };
    }
    case 'protected':
      return { changes: changesOf(approval, ctx, catalog, titles) };
    case 'campaign':
      return { name: (approval.content as Contents['campaign']).name };
    default:
      return { records, owner: (approval.content as Contents['claim']).owner };
  }
}

const winnerOf = ({ winner }: Contents['merge']): Pick<Facts, 'winner'> => (winner === undefined ? {} : { winner });

function changesOf(approval: Approval, ctx: Ctx, catalog: Catalog, titles: ReadonlyMap<string, string>) {
  const { changes, before } = approval.content as Contents['protected'];
  return changes.slice(0, SHOWN).flatMap(({ object, id, set }) => {
    const known = catalog.objects.find(({ name }) => name === object);
    const title = titles.get(id) ?? null;
    return Object.entries(set).flatMap(([field, after]) => {
      const access = ctx.access.objects[object];
      if (!known || ceilingOf(access, field) === 'hidden') return [];
      const hidden = title === null || !isPlain(ceilingOf(access, field));
      return [{ object, id, title, field, hidden, ...(!hidden && { before: before[id]?.[field] ?? null, after }) }];
    });
  });
}

function mayReadFilter(filter: Filter | undefined, object: string, ctx: Ctx): boolean {
  if (filter === undefined) return true;
  if ('all' in filter) return filter.all.every((one) => mayReadFilter(one, object, ctx));
  if ('any' in filter) return filter.any.every((one) => mayReadFilter(one, object, ctx));
  if ('not' in filter) return mayReadFilter(filter.not, object, ctx);
  return (
    'field' in filter && (filter.field.startsWith('$') || isPlain(ceilingOf(ctx.access.objects[object], filter.field)))
  );
}
