import sql from 'sql-template-tag';
import type { ApprovalRule } from '../../../domain/approvals/index.ts';
import { managerAbove } from '../../../domain/approvals/index.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';

const MOST = 20;

/** Who manages a person: the manager of his department, or of the nearest one above, who can sign in and is not himself. */
export async function managerOf(on: Queryable, workspace: string, account: string): Promise<string | null> {
  const departments = tableOf(workspace, 'department');
  const rows = await on.query<{ manager: string | null }>(sql`
    with recursive up as (
      select d.id, d.parent, d.manager, 0 as depth from ${departments} d
      where d.id in (select department from ${tableOf(workspace, 'department_person')} where account = ${account}) or d.manager = ${account}
      union all
      select d.id, d.parent, d.manager, up.depth + 1 from ${departments} d join up on d.id = up.parent where up.depth < 20
    )
    select case when exists (select from auth."user" u where u.id::text = up.manager and not u.disabled) then manager end as manager
    from up order by depth, id`);
  return managerAbove(
    account,
    rows.map(({ manager }) => manager),
  );
}

/** Accounts that decide by a rule, who can sign in; without the asker. Nobody: administrators. */
export async function namedDeciders(
  on: Queryable,
  workspace: string,
  { rule: { decider }, manager, asker }: { rule: ApprovalRule; manager: string | null; asker: string },
): Promise<string[]> {
  const self = asker.replace(/^user:/, '');
  const one = decider.by === 'person' ? decider.account : decider.by === 'manager' ? manager : null;
  if (decider.by === 'role') return holdersOf(on, workspace, decider.role, self);
  const rows = await on.query<{ id: string }>(
    sql`select id::text as id from auth."user" where id::text = ${one} and id::text <> ${self} and not disabled`,
  );
  return rows.map(({ id }) => id);
}

/** Accounts that hold a role and can sign in. @param except one who does not count */
export async function holdersOf(on: Queryable, workspace: string, role: string, except: string): Promise<string[]> {
  const rows = await on.query<{ id: string }>(sql`
    select u.id::text as id from auth."user" u left join ${tableOf(workspace, 'person_role')} p on p.account = u.id::text
    where not u.disabled and u.id::text <> ${except} and (${role} = any(coalesce(p.roles,
      array(select r.id from ${tableOf(workspace, 'role')} r where r.starting)))
      or (u.role = 'admin' and exists (select from ${tableOf(workspace, 'role')} r where r.id = ${role} and r.admin)))
    order by u.name limit ${MOST}`);
  return rows.map(({ id }) => id);
}

export async function administrators(on: Queryable, asker: string): Promise<string[]> {
  const rows = await on.query<{ id: string }>(
    sql`select id::text as id from auth."user" where role = 'admin' and not disabled and 'user:' || id <> ${asker} order by id limit ${MOST}`,
  );
  return rows.map(({ id }) => id);
}
