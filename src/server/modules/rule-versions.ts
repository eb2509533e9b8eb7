import sql from 'sql-template-tag';
import { AppError, type ErrorCode } from '../../contract/errors.ts';
import type { Db, Queryable, Tx } from '../platform/postgres/db.ts';
import { tableOf } from '../records/catalog/names.ts';

/** What another process saved is used within this time. */
const AGE_MS = 2000;

export interface RulesVersion<Rules> {
  version: number;
  rules: Rules;
}

/** Rules of a workspace that are kept by version, in memory, so that what no rule is about costs no query. */
export interface RuleVersions<Rules> {
  ready(workspace: string): Promise<void>;
  /** Those in force, as of the last `ready`. */
  of(workspace: string): RulesVersion<Rules>;
  /** Those in force for whoever reads now, not as of a moment ago. The same object as long as the version is. */
  latest(on: Queryable, workspace: string): Promise<RulesVersion<Rules>>;
  /**
   * Adds a version, in the transaction of `insert`. Throws the code of `changed` when they are another version by now than `from`.
   * @param insert gives the number of the version it added
   */
  add(workspace: string, from: number, insert: (tx: Tx) => Promise<number>): Promise<number>;
}

/**
 * @param options.table with columns version and rules
 * @param options.starting in force until somebody says otherwise, as version 0
 */
export function createRuleVersions<Rules>(
  db: Db,
  options: { table: string; starting: Rules; changed: ErrorCode },
): RuleVersions<Rules> {
  const { table, starting, changed } = options;
  const known = new Map<string, { now: RulesVersion<Rules>; at: number }>();
  const newest = new Map<string, RulesVersion<Rules>>();
  const none: RulesVersion<Rules> = { version: 0, rules: starting };
  const read = async (on: Queryable, workspace: string): Promise<RulesVersion<Rules>> => {
    const [row] = await on.query<RulesVersion<Rules> & Record<string, unknown>>(
      sql`select version, rules from ${tableOf(workspace, table)} order by version desc limit 1`,
    );
    return row ? { version: row.version, rules: row.rules } : none;
  };
  return {
    async ready(workspace) {
      const entry = known.get(workspace);
      if (entry && performance.now() - entry.at < AGE_MS) return;
      const at = performance.now();
      known.set(workspace, { now: await read(db, workspace), at });
    },
    of: (workspace) => known.get(workspace)?.now ?? none,
    async latest(on, workspace) {
      const [last] = await on.query<{ version: number }>(
        sql`select coalesce(max(version), 0)::int as version from ${tableOf(workspace, table)}`,
      );
      const before = newest.get(workspace);
      if (before && before.version === last?.version) return before;
      const now = await read(on, workspace);
      newest.set(workspace, now);
      return now;
    },
    async add(workspace, from, insert) {
      const version = await db.tx(async (tx) => {
        // One at a time, so that the second finds that he built on what is no more.
        await tx.query(sql`lock table ${tableOf(workspace, table)} in share row exclusive mode`);
        if ((await read(tx, workspace)).version !== from) throw new AppError(changed);
        return insert(tx);
      });
      known.delete(workspace);
      return version;
    },
  };
}
