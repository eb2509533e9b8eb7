import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import type { Policy } from '../../../domain/freshness/policy.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

interface VersionRow extends Record<string, unknown> {
  version: number;
  at: Date;
  author: string;
  reason: string | null;
  scenario: string | null;
  policies: Policy[];
}

const NEWEST = 100;

/** Versions of the policy, newest first, each with how many rules it changed. */
export async function listVersions(
  deps: { db: Db; names: (workspace: string, ids: string[]) => Promise<Record<string, string>> },
  workspace: string,
) {
  const rows = await deps.db.query<VersionRow>(sql`
    select version, at, author, reason, scenario, policies from ${tableOf(workspace, 'policy_version')}
    order by version desc limit ${NEWEST + 1}`);
  const names = await deps.names(workspace, [...new Set(rows.map((row) => row.author))]);
  return rows.slice(0, NEWEST).map((row, index) => ({
    version: row.version,
    at: row.at.toISOString(),
    author: row.author,
    authorName: names[row.author] ?? row.author,
    reason: row.reason,
    scenario: row.scenario,
    rules: row.policies.length,
    changed: changedRules(rows[index + 1]?.policies ?? [], row.policies),
  }));
}

export async function readVersion(db: Db, workspace: string, version: number) {
  const [row] = await db.query<VersionRow>(
    sql`select version, scenario, policies from ${tableOf(workspace, 'policy_version')} where version = ${version}`,
  );
  if (!row) throw new AppError('not-found');
  return { version: row.version, scenario: row.scenario, policies: row.policies };
}

/** Rules added, removed, or different. */
function changedRules(before: readonly Policy[], after: readonly Policy[]): number {
  const keyOf = ({ object, field, segment }: Policy) => JSON.stringify([object, field, segment?.filter]);
  const old = new Map(before.map((policy) => [keyOf(policy), JSON.stringify(policy)]));
  const kept = after.filter((policy) => old.get(keyOf(policy)) === JSON.stringify(policy)).length;
  const keys = new Set([...before, ...after].map(keyOf));
  return keys.size - kept;
}
