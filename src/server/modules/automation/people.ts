import sql from 'sql-template-tag';
import type { Whom } from '../../../domain/automation/index.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { administrators, holdersOf, managerOf } from '../approvals/index.ts';

/** Accounts that are meant, who can sign in. Where nobody manages or owns, administrators are told. */
export async function peopleMeant(db: Db, workspace: string, whom: Whom, owner: string | null): Promise<string[]> {
  const active = async (account: string | null): Promise<string[]> => {
    const rows = await db.query<{ id: string }>(
      sql`select id::text as id from auth."user" where id::text = ${account} and not disabled`,
    );
    return rows.map(({ id }) => id);
  };
  if (whom.who === 'person') return active(whom.account);
  if (whom.who === 'role') return holdersOf(db, workspace, whom.role, '');
  const one = whom.who === 'owner' ? owner : owner && (await managerOf(db, workspace, owner));
  const found = await active(one);
  return found.length > 0 ? found : administrators(db, '');
}

/** Members of a team who can sign in, with how many living records of the object each owns. */
export async function teamLoads(
  db: Db,
  workspace: string,
  team: string,
  count: (accounts: string[]) => Promise<Map<string, number>>,
): Promise<{ account: string; load: number }[]> {
  const rows = await db.query<{ id: string }>(sql`select u.id::text as id from auth."user" u
    join ${tableOf(workspace, 'team_person')} p on p.account = u.id::text where p.team::text = ${team} and not u.disabled order by u.id`);
  const accounts = rows.map(({ id }) => id);
  const loads = await count(accounts);
  return accounts.map((account) => ({ account, load: loads.get(account) ?? 0 }));
}
