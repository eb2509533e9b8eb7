import sql from 'sql-template-tag';
import { indexRules, type Rule, type WakeIndex } from '../../../domain/automation/index.ts';
import type { Db, Queryable, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { createRuleVersions, type RuleVersions } from '../rule-versions.ts';

export interface AutomationRuleStore extends Pick<RuleVersions<Rule[]>, 'ready' | 'of'> {
  /**
   * Those in force for whoever reads now, and those that are on by what wakes them. Not as of a moment ago: a change that was written after a rule was
   * switched on must find it.
   */
  latest(on: Queryable, workspace: string): Promise<{ version: number; rules: Rule[]; index: WakeIndex }>;
  /** Throws `automation-rules-changed` when they are another version by now than `from`. */
  save(
    workspace: string,
    entry: { author: string; reason: string | null; rules: Rule[]; from: number; now: Date },
  ): Promise<number>;
  stop(tx: Tx, workspace: string, rule: string, at: Date, reason: StopReason): Promise<void>;
  resume(workspace: string, rule: string): Promise<void>;
  stopped(on: Queryable, workspace: string): Promise<Map<string, { at: Date; reason: StopReason }>>;
}

/** Why the guard stopped a rule. */
export interface StopReason {
  code: 'too-often';
  object: string;
  record: string;
  count: number;
}

const TABLE = 'automation_rule_version';

export function createAutomationRules(db: Db): AutomationRuleStore {
  const versions = createRuleVersions<Rule[]>(db, { table: TABLE, starting: [], changed: 'automation-rules-changed' });
  const newest = new Map<string, { version: number; rules: Rule[]; index: WakeIndex }>();
  return {
    ...versions,
    async latest(on, workspace) {
      const { version, rules } = await versions.latest(on, workspace);
      const known = newest.get(workspace);
      if (known?.version === version) return known;
      const read = { version, rules, index: indexRules(rules.filter(({ off }) => !off)) };
      newest.set(workspace, read);
      return read;
    },
    save: (workspace, { author, reason, rules, from, now }) =>
      versions.add(workspace, from, async (tx) => {
        const [row] = await tx.query<{
          version: number;
        }>(sql`insert into ${tableOf(workspace, TABLE)} (author, reason, rules)
          values (${author}, ${reason}, ${JSON.stringify(rules)}::jsonb) returning version`);
        // The clock of a rule begins when it is switched on: nothing is made up for from before.
        const on = rules.filter(({ off }) => !off).map(({ id }) => id);
        await tx.query(sql`delete from ${tableOf(workspace, 'automation_clock')} where rule <> all(${on}::uuid[])`);
        await tx.query(sql`insert into ${tableOf(workspace, 'automation_clock')} (rule, at)
          select rule, ${now}::timestamptz from unnest(${on}::uuid[]) rule on conflict do nothing`);
        await tx.query(sql`delete from ${tableOf(workspace, 'automation_stop')} where rule <> all(${on}::uuid[])`);
        return row?.version ?? 0;
      }),
    async stop(tx, workspace, rule, at, reason) {
      await tx.query(sql`insert into ${tableOf(workspace, 'automation_stop')} (rule, at, reason)
        values (${rule}, ${at}, ${JSON.stringify(reason)}::jsonb) on conflict do nothing`);
    },
    async resume(workspace, rule) {
      await db.query(sql`delete from ${tableOf(workspace, 'automation_stop')} where rule = ${rule}`);
    },
    async stopped(on, workspace) {
      const rows = await on.query<{ rule: string; at: Date; reason: StopReason }>(
        sql`select rule, at, reason from ${tableOf(workspace, 'automation_stop')}`,
      );
      return new Map(rows.map(({ rule, at, reason }) => [rule, { at, reason }]));
    },
  };
}
