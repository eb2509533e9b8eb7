import { AppError } from '../../../contract/errors.ts';
import { issueSentence } from '../../../contract/issue-sentence.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { fieldOf, objectOf } from '../../records/catalog/lookup.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx, WriteDoor } from '../../records/types.ts';
import { decideProposal, findProposal, type StoredProposal } from './proposal-store.ts';

interface Accepted {
  /** Some of the fields only. */
  fields?: string[] | undefined;
  /** Of these the value that was probably meant, not the one that was typed. */
  meant?: string[] | undefined;
  /** Also where someone changed them since. */
  overwrite?: boolean | undefined;
}

/**
 * Writes a held change: with the permissions of who decides, in the name of who proposed, so that the value counts as the customer's own word.
 * What is accepted was looked at, so nothing of it is held once more.
 */
export async function acceptProposal(
  deps: { db: Db; write: WriteDoor; catalog: CatalogStore },
  ctx: Ctx,
  id: string,
  { fields, meant = [], overwrite = false }: Accepted,
): Promise<string | null> {
  const proposal = await findProposal(deps.db, ctx.workspace, id);
  if (!proposal || !ctx.access.objects[proposal.object]) throw new AppError('not-found');
  if (proposal.state !== 'held') throw new AppError('proposal-decided');
  const object = objectOf(await deps.catalog.get(ctx.workspace), proposal.object);
  const set = Object.fromEntries(
    Object.entries(proposal.wanted)
      .filter(([name]) => fields === undefined || fields.includes(name))
      .map(([name, wanted]) => [name, meant.includes(name) ? (meantOf(proposal, name) ?? wanted) : wanted]),
  );
  const verified = Object.keys(set).filter((name) => set[name] !== null);
  const by = { ...ctx, actor: proposal.actor, source: proposal.source, reason: reasonOf(ctx, proposal.reason) };
  const result = await deps.write.write(
    by,
    [
      {
        op: 'update',
        object: proposal.object,
        id: proposal.record,
        ...(!overwrite && { version: proposal.version }),
        set,
        ...(proposal.source === 'customer' &&
          verified.length > 0 && { verify: { fields: verified, method: 'customer' as const } }),
      },
    ],
    {
      kind: 'proposal',
      reviewed: true,
      alongside: async (tx, done) => {
        const decision = { state: 'accepted' as const, at: ctx.at, by: ctx.actor, changeSet: done.changeSet };
        if (!(await decideProposal(tx, ctx.workspace, id, decision))) throw new AppError('proposal-decided');
      },
    },
  );
  const [outcome] = result.outcomes;
  if (outcome?.status === 'conflict') {
    const names = (outcome.conflicts ?? []).map(({ field }) => fieldOf(object, field)?.label[ctx.lang] ?? field);
    throw new AppError('proposal-outdated', { fields: names.join(ctx.lang === 'zh' ? '、' : ', ') });
  }
  if (outcome?.status === 'rejected') {
    const detail = (outcome.issues ?? []).map((issue) => issueSentence(issue, object, ctx.lang)).join(' ');
    throw new AppError('proposal-refused', { detail });
  }
  // The record says so already: accepted all the same.
  if (result.changeSet === null)
    await deps.db.tx((tx) => decideProposal(tx, ctx.workspace, id, { state: 'accepted', at: ctx.at, by: ctx.actor }));
  return result.changeSet;
}

function meantOf({ suspicions }: StoredProposal, name: string): string | null {
  const meant = suspicions?.[name]?.meant;
  return meant === undefined ? null : String(meant);
}

/** Who let it in stands in the history beside who said it. */
function reasonOf(ctx: Ctx, reason: string | null): string {
  const accepted = ctx.lang === 'zh' ? `由 ${ctx.actor} 审核通过` : `accepted by ${ctx.actor}`;
  return [reason, accepted].filter(Boolean).join(' · ');
}
