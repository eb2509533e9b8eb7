import type { z } from 'zod';
import { issueSentence } from '../../../contract/issue-sentence.ts';
import type { proposals } from '../../../contract/proposals.ts';
import { same } from '../../../domain/review/index.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import type { Ctx } from '../../records/types.ts';
import { loadCurrent } from './current-records.ts';
import type { DecideDeps } from './decide-proposals.ts';
import type { NewProposal } from './proposal-store.ts';
import type { Propose } from './proposing.ts';

type Wanted = z.output<NonNullable<typeof proposals.create.body>>['proposals'];
type Outcome = z.input<NonNullable<typeof proposals.create.response>>['outcomes'][number];

/** Takes proposals of other systems: checked as if they were written, then held. `remember` runs in the same transaction. */
export async function takeProposals(
  deps: DecideDeps & { propose: Propose },
  ctx: Ctx,
  catalog: Catalog,
  wanted: Wanted,
  remember?: (tx: Tx, reply: { outcomes: Outcome[] }) => Promise<void>,
): Promise<{ outcomes: Outcome[] }> {
  const records = await loadCurrent(
    deps.read,
    ctx,
    catalog,
    wanted.map(({ object, id, set }) => ({ object, record: id, wanted: set })),
  );
  const changes = wanted.map(({ object, id, set }) => ({ op: 'update' as const, object, id, set }));
  const tried = await deps.write.write(ctx, changes, { atomic: false, dryRun: true, reviewed: true });
  const held: NewProposal[] = [];
  const outcomes = tried.outcomes.map((outcome, at): Outcome => {
    const one = wanted[at];
    const record = records.get(outcome.id);
    if (!one || outcome.status === 'rejected' || !record) {
      const object = catalog.objects.find(({ name }) => name === outcome.object);
      const issues = outcome.issues ?? [{ code: 'record-unknown' }];
      return { status: 'rejected', message: issues.map((issue) => issueSentence(issue, object, ctx.lang)).join(' ') };
    }
    const differs = Object.keys(one.set).filter(
      (name) => !same(record.values[name] ?? null, outcome.values?.[name] ?? null),
    );
    if (differs.length === 0) return { status: 'unchanged' };
    held.push({
      at: ctx.at,
      object: one.object,
      record: one.id,
      actor: ctx.actor,
      source: ctx.source,
      reason: one.reason ?? null,
      wanted: Object.fromEntries(differs.map((name) => [name, outcome.values?.[name] ?? null])),
      before: Object.fromEntries(differs.map((name) => [name, record.values[name] ?? null])),
      version: record.version,
      ...(one.confidence && { confidence: one.confidence }),
    });
    return { status: 'held' };
  });
  if (held.length === 0) return { outcomes };
  return deps.db.tx(async (tx) => {
    const ids = await deps.propose(tx, ctx.workspace, held);
    let next = 0;
    const reply = {
      outcomes: outcomes.map((one) => {
        const id = one.status === 'held' ? ids[next++] : undefined;
        return id === undefined ? one : { ...one, id };
      }),
    };
    await remember?.(tx, reply);
    return reply;
  });
}
