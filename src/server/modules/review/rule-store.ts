import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import { NO_RULES, type ReviewRules } from '../../../domain/review/index.ts';
import type { Db, Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

export interface RulesVersion {
  version: number;
  rules: ReviewRules;
}

/** What another process saved is used within this time. */
const AGE_MS = 2000;
/** Older decisions go without the name of their rule. */
const VERSIONS = 500;

/** Rules in memory, so that a write that no rule is about costs no query. */
export interface RuleStore {
  ready(workspace: string): Promise<void>;
  /** Those in force, as of the last `ready`. */
  of(workspace: string): RulesVersion;
  /** What rules were called in the version that decided. */
  names(workspace: string): Promise<(id: string, version: number) => string>;
  /** Throws `review-rules-changed` when they are another version by now than `from`. */
  save(
    workspace: string,
    entry: { author: string; reason: string | null; rules: ReviewRules; from: number; open: boolean },
  ): Promise<number>;
}

const NONE: RulesVersion = { version: 0, rules: NO_RULES };

export function createRuleStore(db: Db, clock: () => number = () => performance.now()): RuleStore {
  const known = new Map<string, { now: RulesVersion; at: number }>();
  const read = async (on: Queryable, workspace: string): Promise<RulesVersion> => {
    const [row] = await on.query<RulesVersion & Record<string, unknown>>(
      sql`select version, rules from ${tableOf(workspace, 'review_rule_version')} order by version desc limit 1`,
    );
    return row ? { version: row.version, rules: row.rules } : NONE;
  };
  return {
    async ready(workspace) {
      const entry = known.get(workspace);
      if (entry && clock() - entry.at < AGE_MS) return;
      const at = clock();
      known.set(workspace, { now: await read(db, workspace), at });
    },
    of: (workspace) => known.get(workspace)?.now ?? NONE,
    async names(workspace) {
      const rows = await db.query<{ version: number; rules: ReviewRules }>(
        sql`select version, rules from ${tableOf(workspace, 'review_rule_version')} order by version desc limit ${VERSIONS}`,
      );
      const found = new Map(
        rows.flatMap(({ version, rules }) => rules.decide.map(({ id, name }) => [`${version} ${id}`, name])),
      );
      return (id, version) => found.get(`${version} ${id}`) ?? '';
    },
    async save(workspace, { author, reason, rules, from, open }) {
      const version = await db.tx(async (tx) => {
        // One at a time, so that the second finds that he built on what is no more.
        await tx.query(sql`lock table ${tableOf(workspace, 'review_rule_version')} in share row exclusive mode`);
        if ((await read(tx, workspace)).version !== from) throw new AppError('review-rules-changed');
        const [row] = await tx.query<{
          version: number;
        }>(sql`insert into ${tableOf(workspace, 'review_rule_version')} (author, reason, rules)
          values (${author}, ${reason}, ${JSON.stringify(rules)}) returning version`);
        if (open)
          await tx.query(sql`update ${tableOf(workspace, 'proposal')} set judged_at = null where state = 'held'`);
        return row?.version ?? 0;
      });
      known.delete(workspace);
      return version;
    },
  };
}
