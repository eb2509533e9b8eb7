import sql from 'sql-template-tag';
import type { ReviewRules } from '../../../domain/review/index.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

/** What rules were called in the version that decided. */
export async function ruleNames(db: Db, workspace: string): Promise<(id: string, version: number) => string> {
  const rows = await db.query<{ version: number; rules: ReviewRules }>(
    sql`select version, rules from ${tableOf(workspace, 'review_rule_version')} order by version desc limit 500`,
  );
  const names = new Map(
    rows.flatMap(({ version, rules }) => rules.decide.map(({ id, name }) => [`${version} ${id}`, name])),
  );
  return (id, version) => names.get(`${version} ${id}`) ?? '';
}
