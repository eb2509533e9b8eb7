import sql, { empty, type Sql } from 'sql-template-tag';
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

/** Inserts change sets; `where` may look at alias `h`. */
export function insertChangeSets(workspace: string, heads: { ctx: Ctx; head: ChangeSetHead }[], where: Sql): Sql {
  const payload = heads.map(({ ctx: { at, actor, source, reason }, head }) => ({ ...head, at, actor, source, reason }));
  return sql`insert into ${tableOf(workspace, 'change_set')} (id, at, actor, source, kind, reason, status, undoes, summary)
    select h.id, h.at, h.actor, h.source, h.kind, h.reason, h.status, h.undoes, h.summary
    from jsonb_to_recordset(${JSON.stringify(payload)}::jsonb) as h(id uuid, at timestamptz, actor text, source text,
      kind text, reason text, status text, undoes uuid, summary jsonb) ${where}`;
}

export function insertChangeSet(ctx: Ctx, head: ChangeSetHead): Sql {
  return insertChangeSets(ctx.workspace, [{ ctx, head }], empty);
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
