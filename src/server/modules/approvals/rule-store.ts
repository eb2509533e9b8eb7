import sql from 'sql-template-tag';
import type { ApprovalRule } from '../../../domain/approvals/index.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { createRuleVersions, type RuleVersions } from '../rule-versions.ts';

/** In force until somebody says otherwise: nobody but an administrator takes more than 1,000 rows out of the house by himself (OWASP ASVS 5.0, 2.3.5). */
const STARTING: ApprovalRule[] = [
  {
    id: '01970000-0000-7000-8000-000000000001',
    kind: 'export',
    above: 1000,
    decider: { by: 'manager' },
    hours: 24,
    exceptAdmins: true,
  },
  {
    id: '01970000-0000-7000-8000-000000000002',
    kind: 'claim',
    above: 0,
    decider: { by: 'manager' },
    hours: 48,
    exceptAdmins: true,
  },
];

export interface ApprovalRuleStore extends Pick<RuleVersions<ApprovalRule[]>, 'ready' | 'of'> {
  /** Throws `approval-rules-changed` when they are another version by now than `from`. */
  save(workspace: string, entry: { author: string; rules: ApprovalRule[]; from: number }): Promise<number>;
}

const TABLE = 'approval_rule_version';

export function createApprovalRules(db: Db): ApprovalRuleStore {
  const versions = createRuleVersions<ApprovalRule[]>(db, {
    table: TABLE,
    starting: STARTING,
    changed: 'approval-rules-changed',
  });
  return {
    ...versions,
    save: (workspace, { author, rules, from }) =>
      versions.add(workspace, from, async (tx) => {
        const [row] = await tx.query<{ version: number }>(sql`insert into ${tableOf(workspace, TABLE)} (author, rules)
          values (${author}, ${JSON.stringify(rules)}::jsonb) returning version`);
        return row?.version ?? 0;
      }),
  };
}
