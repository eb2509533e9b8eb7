import { judge, UNKNOWN } from '../../../domain/anomaly/index.ts';
import type { Guard } from '../../records/write/guard.ts';
import { propose } from '../proposals/index.ts';
import type { PatternStore } from './pattern-store.ts';

/** Amounts of a field from which on its pattern says something about a record that has none of its own. */
const ENOUGH = 300;

/** Holds amounts that are out of pattern as proposals (D4). */
export function createAmountGuard(patterns: PatternStore): Guard {
  return {
    ready: (workspace) => patterns.ready(workspace),
    judge(workspace, field, segment, value, own) {
      const pattern = patterns.of(workspace, field.id, segment);
      const before = own.map(Number);
      if (before.length === 0 && (pattern?.values ?? 0) < ENOUGH) return null;
      return judge(Number(value), before, pattern ?? UNKNOWN);
    },
    async hold(tx, ctx, holds) {
      for (const { draft, wanted, before, suspicions, version } of holds)
        await propose(tx, ctx.workspace, {
          at: ctx.at,
          object: draft.object.name,
          record: draft.id,
          actor: ctx.actor,
          source: ctx.source,
          reason: ctx.reason ?? null,
          wanted,
          before,
          version,
          suspicions,
        });
    },
  };
}
