import sql from 'sql-template-tag';
import type { Pattern } from '../../../domain/anomaly/index.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

/** Segment of the pattern that is learned from all records. */
export const ALL = -1;
/** What another process learned is used within this time. */
const AGE_MS = 60_000;

/** Patterns in memory, so that judging needs no query. */
export interface PatternStore {
  /** Patterns are there, at most a minute old. */
  ready(workspace: string): Promise<void>;
  /** That of the segment, else that of all records; undefined before anything was learned. */
  of(workspace: string, field: number, segment: number): Pattern | undefined;
  save(workspace: string, patterns: { field: number; segment: number; pattern: Pattern }[], at: Date): Promise<void>;
}

export function createPatternStore(db: Db, clock: () => number = () => performance.now()): PatternStore {
  const known = new Map<string, { patterns: Map<string, Pattern>; at: number }>();
  const key = (field: number, segment: number) => `${field} ${segment}`;
  return {
    async ready(workspace) {
      const entry = known.get(workspace);
      if (entry && clock() - entry.at < AGE_MS) return;
      const at = clock();
      const rows = await db.query<{ field: number; segment: number; pattern: Pattern }>(
        sql`select field, segment, pattern from ${tableOf(workspace, 'amount_pattern')}`,
      );
      const patterns = new Map(rows.map(({ field, segment, pattern }) => [key(field, segment), pattern]));
      known.set(workspace, { patterns, at });
    },
    of(workspace, field, segment) {
      const patterns = known.get(workspace)?.patterns;
      return patterns?.get(key(field, segment)) ?? patterns?.get(key(field, ALL));
    },
    async save(workspace, patterns, at) {
      const payload = JSON.stringify(patterns);
      const table = tableOf(workspace, 'amount_pattern');
      await db.tx(async (tx) => {
        await tx.query(sql`delete from ${table}`);
        await tx.query(sql`insert into ${table} (field, segment, pattern, learned_at)
          select field, segment, pattern, ${at}::timestamptz from jsonb_to_recordset(${payload}::jsonb) as x(field int, segment int, pattern jsonb)`);
      });
      known.delete(workspace);
    },
  };
}
