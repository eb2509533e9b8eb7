import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import type { ApprovalRule } from '../../../domain/approvals/index.ts';
import type { Db, Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

/** What another process saved is used within this time. */
const AGE_MS = 2000;

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

export interface RulesVersion {
  version: number;
  rules: ApprovalRule[];
}

/** Rules in memory, so that an act that no rule is about costs no query. */
export interface ApprovalRuleStore {
  ready(workspace: string): Promise<void>;
  /** Those in force, as of the last `ready`. */
  of(workspace: string): RulesVersion;
  /** Throws `approval-rules-changed` when they are another version by now than `from`. */
  save(workspace: string, entry: { author: string; rules: ApprovalRule[]; from: number }): Promise<number>;
}

export function createApprovalRules(db: Db, clock: () => number = () => performance.now()): ApprovalRuleStore {
  const known = new Map<string, { now: RulesVersion; at: number }>();
  const read = async (on: Queryable, workspace: string): Promise<RulesVersion> => {
    const [row] = await on.query<RulesVersion & Record<string, unknown>>(
      sql`select version, rules from ${tableOf(workspace, 'approval_rule_version')} order by version desc limit 1`,
    );
    return row ? { version: row.version, rules: row.rules } : { version: 0, rules: STARTING };
  };
  return {
    async ready(workspace) {
      const entry = known.get(workspace);
      if (entry && clock() - entry.at < AGE_MS) return;
      const at = clock();
      known.set(workspace, { now: await read(db, workspace), at });
    },
    of: (workspace) => known.get(workspace)?.now ?? { version: 0, rules: STARTING },
    async save(workspace, { author, rules, from }) {
      const table = tableOf(workspace, 'approval_rule_version');
      const version = await db.tx(async (tx) => {
        // One at a time, so that the second finds that he built on what is no more.
        await tx.query(sql`lock table ${table} in share row exclusive mode`);
        if ((await read(tx, workspace)).version !== from) throw new AppError('approval-rules-changed');
        const [row] = await tx.query<{ version: number }>(
          sql`insert into ${table} (author, rules) values (${author}, ${JSON.stringify(rules)}::jsonb) returning version`,
        );
        return row?.version ?? 0;
      });
      known.delete(workspace);
      return version;
    },
  };
}
