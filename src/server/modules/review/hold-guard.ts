import { type MatchEnv, matches } from '../../../domain/filter/matches.ts';
import { isLeaf } from '../../../domain/filter/meaning.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import { type HoldRule, holdBy, originOfSource, rulesFor } from '../../../domain/review/index.ts';
import type { Catalog, FieldValue } from '../../../domain/schema/types.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx } from '../../records/types.ts';
import type { Guard, Hold } from '../../records/write/guard.ts';
import type { Gate } from '../approvals/index.ts';
import type { Propose } from '../proposals/index.ts';
import type { RuleStore } from './rule-store.ts';

interface GuardDeps {
  /** Judges amounts. */
  amounts: Pick<Guard, 'ready' | 'judge'>;
  rules: RuleStore;
  catalog: Pick<CatalogStore, 'get'>;
  environment: () => Pick<MatchEnv, 'timeZone' | 'trees'>;
  propose: Propose;
  /** Asks for approval of protected values. */
  gate: Pick<Gate, 'ready' | 'needed' | 'mayNeed' | 'ask'>;
}

/** Holds new values as proposals: amounts out of pattern, and what the workspace's rules want looked at (D4). */
export function createHoldGuard({ amounts, rules, catalog, environment, propose, gate }: GuardDeps): Guard {
  const catalogs = new Map<string, Catalog>();
  return {
    async ready(workspace) {
      await Promise.all([amounts.ready(workspace), rules.ready(workspace), gate.ready(workspace)]);
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
    approvals(ctx) {
      if (!gate.mayNeed(ctx, 'protected')) return null;
      return (object, { name }) =>
        gate.needed(ctx, { kind: 'protected', object: object.name, field: name, size: 1 }) !== null;
    },
    async hold(tx, ctx, holds) {
      const reviewed = holds.filter(({ wanted }) => Object.keys(wanted).length > 0);
      const proposals = reviewed.map(({ draft, wanted, before, suspicions, confidence, version }) => ({
        ...base(ctx),
        object: draft.object.name,
        record: draft.id,
        wanted,
        before,
        version,
        suspicions,
        confidence,
      }));
      if (proposals.length > 0) await propose(tx, ctx.workspace, proposals);
      return askForProtected(gate, tx, ctx, holds);
    },
  };
}

/** One request for all protected values of a write: they were sent together, and are decided together. */
async function askForProtected(gate: GuardDeps['gate'], tx: Tx, ctx: Ctx, holds: Hold[]): Promise<string | undefined> {
  const guarded = holds.flatMap(({ draft, before, version, approval }) =>
    approval ? [{ draft, before, version, approval }] : [],
  );
  const [first] = guarded;
  const field = Object.keys(first?.approval ?? {})[0];
  if (!first || field === undefined) return undefined;
  const object = first.draft.object.name;
  const rule = gate.needed(ctx, { kind: 'protected', object, field, size: guarded.length });
  if (!rule) return undefined;
  const changes = guarded.map(({ draft, version, approval }) => ({
    op: 'update',
    object: draft.object.name,
    id: draft.id,
    version,
    set: approval,
  }));
  const before = Object.fromEntries(
    guarded.map(({ draft, before: values, approval }) => [
      draft.id,
      Object.fromEntries(Object.keys(approval).map((name) => [name, values[name] ?? null])),
    ]),
  );
  const wish = { kind: 'protected' as const, object, size: guarded.length, content: { changes, before } };
  return (await gate.ask(ctx, rule, wish, tx)).id;
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
