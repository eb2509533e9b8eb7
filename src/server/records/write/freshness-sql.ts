import sql, { raw, type Sql } from 'sql-template-tag';
import { tableOf } from '../catalog/names.ts';
import type { FreshnessRow } from './types.ts';

/** Column of table `freshness`, its SQL type, and where its value is in a FreshnessRow. */
const COLUMNS: [column: string, type: string, value: (row: FreshnessRow) => unknown][] = [
  ['record', 'uuid', (row) => row.record],
  ['object', 'int', (row) => row.object],
  ['owner', 'text', (row) => row.owner],
  ['bundle', 'uuid', (row) => row.bundle],
  ['segment', 'int', (row) => row.segment],
  ['base_at', 'timestamptz', (row) => row.baseAt.toISOString()],
  ['base_confidence', 'real', (row) => row.baseConfidence],
  ['cells', 'jsonb', (row) => row.cells],
  ['missing', 'int[]', (row) => row.missing],
  ['score', 'real', (row) => row.score],
  ['scored_at', 'timestamptz', (row) => row.scoredAt.toISOString()],
  ['due_at', 'timestamptz', (row) => row.dueAt?.toISOString() ?? null],
  ['due_value', 'real', (row) => row.dueValue],
  ['plan_version', 'int', (row) => row.planVersion],
];

export const FRESHNESS_COLUMNS: readonly string[] = COLUMNS.map(([column]) => column);

/** Values in the order of FRESHNESS_COLUMNS, for COPY. */
export function freshnessValues(row: FreshnessRow): unknown[] {
  return COLUMNS.map(([, , value]) => value(row));
}

const list = raw(FRESHNESS_COLUMNS.join(', '));
const types = raw(COLUMNS.map(([column, type]) => `${column} ${type}`).join(', '));
const updates = raw(
  FRESHNESS_COLUMNS.slice(1)
    .map((column) => `${column} = excluded.${column}`)
    .join(', '),
);

/** Writes freshness rows; `where` may look at alias `y`. A snooze ends with the write. */
export function upsertFreshness(workspace: string, rows: FreshnessRow[], where: Sql): Sql {
  const payload = rows.map((row) => Object.fromEntries(COLUMNS.map(([column, , value]) => [column, value(row)])));
  return sql`insert into ${tableOf(workspace, 'freshness')} (${list})
    select ${list} from jsonb_to_recordset(${JSON.stringify(payload)}::jsonb) as y(${types}) ${where}
    on conflict (record) do update set ${updates}, snoozed_until = null`;
}
