import sql from 'sql-template-tag';
import { NO_RULES, type ReviewRules } from '../../../domain/review/index.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { createRuleVersions, type RuleVersions } from '../rule-versions.ts';

/** Older decisions go without the name of their rule. */
const VERSIONS = 500;

export interface RuleStore extends Pick<RuleVersions<ReviewRules>, 'ready' | 'of'> {
  /** What rules were called in the version that decided. */
  names(workspace: string): Promise<(id: string, version: number) => string>;
  /** Throws `review-rules-changed` when they are another version by now than `from`. */
  save(
    workspace: string,
    entry: { author: string; reason: string | null; rules: ReviewRules; from: number; open: boolean },
  ): Promise<number>;
}

const TABLE = 'review_rule_version';

export function createRuleStore(db: Db): RuleStore {
  const versions = createRuleVersions<ReviewRules>(db, {
    table: TABLE,
    starting: NO_RULES,
    changed: 'review-rules-changed',
  });
  return {
    ...versions,
    async names(workspace) {
      const rows = await db.query<{ version: number; rules: ReviewRules }>(
        sql`select version, rules from ${tableOf(workspace, TABLE)} order by version desc limit ${VERSIONS}`,
      );
      const found = new Map(
        rows.flatMap(({ version, rules }) => rules.decide.map(({ id, name }) => [`${version} ${id}`, name])),
      );
      return (id, version) => found.get(`${version} ${id}`) ?? '';
    },
    save: (workspace, { author, reason, rules, from, open }) =>
      versions.add(workspace, from, async (tx) => {
        const [row] = await tx.query<{
          version: number;
        }>(sql`insert into ${tableOf(workspace, TABLE)} (author, reason, rules)
          values (${author}, ${reason}, ${JSON.stringify(rules)}) returning version`);
        if (open)
          await tx.query(sql`update ${tableOf(workspace, 'proposal')} set judged_at = null where state = 'held'`);
        return row?.version ?? 0;
      }),
  };
}
