import sql from 'sql-template-tag';
import type { Role } from '../../../domain/access/role.ts';
import type { Act } from '../../../domain/access/types.ts';
import type { Label } from '../../../domain/issue.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { rolePresets } from './presets.ts';

export interface StoredRole extends Role {
  starting: boolean;
  position: number;
}

interface Row extends Record<string, unknown> {
  id: string;
  label: Label;
  help: Label | null;
  objects: Role['objects'];
  acts: Act[];
  admin: boolean;
  starting: boolean;
  position: number;
}

/** All roles in their order. A workspace that has none yet gets the presets. */
export async function listRoles(on: Queryable, workspace: string): Promise<StoredRole[]> {
  const read = () =>
    on.query<Row>(sql`select id, label, help, objects, acts, admin, starting, position
      from ${tableOf(workspace, 'role')} order by position, id`);
  let rows = await read();
  if (rows.length === 0) {
    await on.query(sql`
      insert into ${tableOf(workspace, 'role')} (id, label, help, objects, acts, admin, starting, position, updated_by)
      select p->>'id', p->'label', p->'help', p->'objects', array(select jsonb_array_elements_text(p->'acts')),
        coalesce((p->>'admin')::boolean, false), coalesce((p->>'starting')::boolean, false), n, 'system'
      from jsonb_array_elements(${JSON.stringify(rolePresets())}::jsonb) with ordinality x(p, n)
      on conflict do nothing`);
    rows = await read();
  }
  return rows.map(({ help, admin, ...row }) => ({ ...row, ...(help && { help }), ...(admin && { admin }) }));
}

export async function saveRole(
  on: Queryable,
  workspace: string,
  role: Pick<Role, 'id' | 'label' | 'help' | 'objects' | 'acts'>,
  author: string,
): Promise<void> {
  await on.query(sql`
    insert into ${tableOf(workspace, 'role')} as r (id, label, help, objects, acts, position, updated_by)
    values (${role.id}, ${JSON.stringify(role.label)}::jsonb, ${role.help ? JSON.stringify(role.help) : null}::jsonb,
      ${JSON.stringify(role.objects)}::jsonb, ${role.acts},
      (select coalesce(max(position), 0) + 1 from ${tableOf(workspace, 'role')}), ${author})
    on conflict (id) do update set label = excluded.label, help = excluded.help, objects = excluded.objects,
      acts = excluded.acts, updated_at = now(), updated_by = excluded.updated_by where not r.admin`);
}

/** Roles by account, for those who were given some. */
export async function listHolders(on: Queryable, workspace: string): Promise<Map<string, string[]>> {
  const rows = await on.query<{ account: string; roles: string[] }>(
    sql`select account, roles from ${tableOf(workspace, 'person_role')}`,
  );
  return new Map(rows.map(({ account, roles }) => [account, roles]));
}

/** @param roles null: what new people have */
export async function giveRoles(
  on: Queryable,
  workspace: string,
  account: string,
  roles: string[] | null,
  author: string,
): Promise<void> {
  if (roles === null) {
    await on.query(sql`delete from ${tableOf(workspace, 'person_role')} where account = ${account}`);
    return;
  }
  await on.query(sql`insert into ${tableOf(workspace, 'person_role')} (account, roles, updated_by)
    values (${account}, ${roles}, ${author})
    on conflict (account) do update set roles = excluded.roles, updated_at = now(), updated_by = excluded.updated_by`);
}

/** Of all roles those that a person holds now. */
export function rolesHeld(
  roles: readonly StoredRole[],
  given: readonly string[] | undefined,
  person: { role: 'admin' | 'member' },
): StoredRole[] {
  if (person.role === 'admin') return roles.filter((role) => role.admin);
  return roles.filter((role) => !role.admin && (given ? given.includes(role.id) : role.starting));
}

/** Tells every node that access changed; in the transaction of the change. */
export async function moved(on: Queryable, workspace: string): Promise<void> {
  await on.query(sql`update ${tableOf(workspace, 'access_state')} set version = version + 1`);
}
