import { judge, UNKNOWN } from '../../../domain/anomaly/index.ts';
import type { Guard } from '../../records/write/guard.ts';
import type { PatternStore } from './pattern-store.ts';

/** Amounts of a field from which on its pattern says something about a record that has none of its own. */
const ENOUGH = 300;

/** Judges amounts by what is usual (D4). */
export function createAmountGuard(patterns: PatternStore): Pick<Guard, 'ready' | 'judge'> {
  return {
    ready: (workspace) => patterns.ready(workspace),
    judge(workspace, field, segment, value, own) {
      const pattern = patterns.of(workspace, field.id, segment);
      const before = own.map(Number);
      if (before.length === 0 && (pattern?.values ?? 0) < ENOUGH) return null;
      return judge(Number(value), before, pattern ?? UNKNOWN);
    },
  };
}
