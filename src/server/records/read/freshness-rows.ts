import sql from 'sql-template-tag';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../catalog/names.ts';
import type { Row } from '../types.ts';
import type { FreshnessState } from './freshness-lens.ts';
import type { Source } from './source.ts';

/** Adds freshness to rows, for the cells that may be seen. Rows without a state (untracked objects) stay without. */
export async function addFreshness(
  db: Queryable,
  source: Pick<Source, 'ctx' | 'env' | 'sight'>,
  rows: Row[],
): Promise<void> {
  const { lens } = source.env;
  if (!lens || rows.length === 0) return;
  const states = await db.query<FreshnessState & Record<string, unknown>>(sql`
    select record, segment, base_at, base_confidence, cells, missing, frailty, score, scored_at, due_at
    from ${tableOf(source.ctx.workspace, 'freshness')} where record = any(${rows.map((row) => row.id)}::uuid[])`);
  const byId = new Map(states.map((state) => [state.record, state]));
  for (const row of rows) {
    const state = byId.get(row.id);
    if (!state) continue;
    const freshness = lens.row(source.sight.object, state, row.values, source.ctx.at);
    const cells = Object.fromEntries(Object.entries(freshness.cells).filter(([name]) => name in row.values));
    row.freshness = { ...freshness, cells };
  }
}
