import sql, { type Sql } from 'sql-template-tag';
import { tableOf } from '../catalog/names.ts';
import type { Ctx } from '../types.ts';
import type { Effect, Summary } from './types.ts';

/** What a change set says of itself when it is made. */
export interface ChangeSetHead {
  id: string;
  kind: string;
  status: 'done' | 'running';
  summary: Summary;
  undoes?: string;
}

/** Sets that touch more records than this name none of them. */
const NAMED_RECORDS = 50;

export function insertChangeSet(ctx: Ctx, head: ChangeSetHead, where: Sql): Sql {
  return sql`insert into ${tableOf(ctx.workspace, 'change_set')} (id, at, actor, source, kind, reason, status, undoes, summary)
    select ${head.id}::uuid, ${ctx.at}::timestamptz, ${ctx.actor}, ${ctx.source}, ${head.kind}, ${ctx.reason ?? null}, ${head.status},
      ${head.undoes ?? null}::uuid, ${JSON.stringify(head.summary)}::jsonb ${where}`;
}

export function summarise(effects: Effect[]): Summary {
  const summary: Summary = { counts: {} };
  for (const effect of effects) {
    const name = effect.draft.object.name;
    summary.counts[name] ??= {};
    const counts = summary.counts[name];
    const word = wordOf(effect);
    counts[word] = (counts[word] ?? 0) + 1;
  }
  if (effects.length <= NAMED_RECORDS)
    summary.records = effects.map((effect) => [
      effect.draft.object.name,
      effect.draft.id,
      fieldsOf(effect),
      effect.version,
    ]);
  return summary;
}

/** Nothing was set and nobody looked: only belief moved, by a sign or with a merge. */
export function isEvidenceOnly({ set, draft }: Extract<Effect, { kind: 'update' }>): boolean {
  return Object.keys(set).length === 0 && !draft.verify && (draft.evidence !== undefined || draft.cells !== undefined);
}

function wordOf(effect: Effect): 'created' | 'updated' | 'verified' | 'signalled' | 'deleted' | 'restored' {
  if (effect.kind === 'create') return 'created';
  if (effect.kind === 'update') {
    if (Object.keys(effect.set).length > 0) return 'updated';
    return isEvidenceOnly(effect) ? 'signalled' : 'verified';
  }
  return effect.kind === 'delete' ? 'deleted' : 'restored';
}

function fieldsOf(effect: Effect): string[] {
  if (effect.kind === 'create') return Object.keys(effect.values);
  if (effect.kind !== 'update') return [];
  const looked = [...(effect.draft.verify?.fields ?? []), ...(effect.draft.evidence?.fields ?? [])];
  return [...new Set([...Object.keys(effect.set), ...looked.map((field) => field.name)])];
}
