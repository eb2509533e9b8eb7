import sql from 'sql-template-tag';
import type { Phase, ServiceState } from '../../../domain/service/index.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

interface KeptClock {
  clock: string;
  phase: Phase;
  state: ServiceState | null;
  due: Date | null;
  done_at: Date | null;
  /** Working milliseconds. */
  spent: number;
  target: number;
  [column: string]: unknown;
}

/** How the clocks of a record stood when they were last looked at. */
export async function readClocksOf(on: Queryable, workspace: string, record: string): Promise<Map<string, KeptClock>> {
  const rows =
    await on.query<KeptClock>(sql`select clock, phase, state, due, done_at, spent::float8 as spent, target::float8 as target
    from ${tableOf(workspace, 'service_clock')} where record = ${record}`);
  return new Map(rows.map((row) => [row.clock, row]));
}
