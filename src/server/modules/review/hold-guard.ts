import { type MatchEnv, matches } from '../../../domain/filter/matches.ts';
import { isLeaf } from '../../../domain/filter/meaning.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import { type HoldRule, holdBy, originOfSource, rulesFor } from '../../../domain/review/index.ts';
import type { Catalog, FieldValue } from '../../../domain/schema/types.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx } from '../../records/types.ts';
import type { Guard } from '../../records/write/guard.ts';
import type { Propose } from '../proposals/index.ts';
import type { RuleStore } from './rule-store.ts';

interface GuardDeps {
  /** Judges amounts. */
  amounts: Pick<Guard, 'ready' | 'judge'>;
  rules: RuleStore;
  catalog: Pick<CatalogStore, 'get'>;
  environment: () => Pick<MatchEnv, 'timeZone' | 'trees'>;
  propose: Propose;
}

/** Holds new values as proposals: amounts out of pattern, and what the workspace's rules want looked at (D4). */
export function createHoldGuard({ amounts, rules, catalog, environment, propose }: GuardDeps): Guard {
  const catalogs = new Map<string, Catalog>();
  return {
    async ready(workspace) {
      await Promise.all([amounts.ready(workspace), rules.ready(workspace)]);
      if (rules.of(workspace).rules.hold.length > 0) catalogs.set(workspace, await catalog.get(workspace));
    },
    judge: amounts.judge,
    rules(ctx) {
      const { hold } = rules.of(ctx.workspace).rules;
      if (hold.length === 0) return null;
      const mine = rulesFor(hold, { origin: originOfSource(ctx.source), admin: ctx.access.admin });
      const known = catalogs.get(ctx.workspace);
      if (mine.length === 0 || !known) return null;
      return (object, field, { before, after, record }, trust) => {
        const one = { object: object.name, field: field.name, before, after, trust };
        const env: MatchEnv = { ...environment(), now: ctx.at, catalog: known, object };
        return holdBy(mine, one, (rule) => meets(rule, record, env));
      };
    },
    async hold(tx, ctx, holds) {
      const proposals = holds.map(({ draft, wanted, before, suspicions, confidence, version }) => ({
        ...base(ctx),
        object: draft.object.name,
        record: draft.id,
        wanted,
        before,
        version,
        suspicions,
        confidence,
      }));
      await propose(tx, ctx.workspace, proposals);
    },
  };
}

const base = (ctx: Ctx) => ({ at: ctx.at, actor: ctx.actor, source: ctx.source, reason: ctx.reason ?? null });

/** A condition on a field that is no more holds: better a look too many. */
function meets(rule: HoldRule, record: Record<string, FieldValue>, env: MatchEnv): boolean {
  try {
    return rule.filter === undefined || matches(rule.filter, record, env);
  } catch {
    return true;
  }
}

/** Conditions of holding rules are judged on the record alone, in the middle of a write: no other record, no freshness. Gives what does not go. */
export function beyondRecord(filter: Filter): string[] {
  if ('all' in filter) return filter.all.flatMap(beyondRecord);
  if ('any' in filter) return filter.any.flatMap(beyondRecord);
  if ('not' in filter) return beyondRecord(filter.not);
  if (!isLeaf(filter)) return [];
  const { field, op } = filter;
  return field.startsWith('$') || field.includes('.') || op === 'stale' || op === 'confidenceBelow' ? [field] : [];
}
