import sql from 'sql-template-tag';
import type { Units } from '../../../contract/access.ts';
import { AppError } from '../../../contract/errors.ts';
import type { Db, Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { moved } from './role-store.ts';

export async function listUnits(on: Queryable, workspace: string): Promise<Units> {
  const table = (name: string) => tableOf(workspace, name);
  const [departments, teams, territories] = await Promise.all([
    on.query<Units['departments'][number]>(sql`
      select id, name, parent, manager, array(select account from ${table('department_person')} where department = d.id order by account) as accounts
      from ${table('department')} d order by position, name`),
    on.query<Units['teams'][number]>(sql`
      select id, name, array(select account from ${table('team_person')} where team = t.id order by account) as accounts
      from ${table('team')} t order by name`),
    on.query<Units['territories'][number]>(
      sql`select id, name, object, field, "values", accounts from ${table('territory')} order by name`,
    ),
  ]);
  return { departments, teams, territories };
}

export function saveDepartment(
  db: Db,
  workspace: string,
  id: string,
  unit: { name: string; parent: string | null; manager: string | null; accounts: string[] },
): Promise<void> {
  const departments = tableOf(workspace, 'department');
  return db.tx(async (tx) => {
    // Two who move departments below each other at the same moment must not both succeed.
    await tx.query(sql`select from ${tableOf(workspace, 'access_state')} for update`);
    const above = await tx.query<{ id: string }>(sql`
      with recursive up as (
        select id, parent from ${departments} where id = ${unit.parent}::uuid
        union select d.id, d.parent from ${departments} d join up on d.id = up.parent
      ) select id from up`);
    if (unit.parent === id || above.some((one) => one.id === id)) throw new AppError('department-below');
    if (unit.parent !== null && above.length === 0) throw new AppError('not-found');
    await tx.query(sql`insert into ${departments} (id, name, parent, manager)
      values (${id}, ${unit.name}, ${unit.parent}, ${unit.manager})
      on conflict (id) do update set name = excluded.name, parent = excluded.parent, manager = excluded.manager`);
    await tx.query(sql`delete from ${tableOf(workspace, 'department_person')} where department = ${id}`);
    await tx.query(sql`insert into ${tableOf(workspace, 'department_person')} (department, account)
      select distinct ${id}::uuid, unnest(${unit.accounts}::text[])`);
    await moved(tx, workspace);
  });
}

export function saveTeam(
  db: Db,
  workspace: string,
  id: string,
  unit: { name: string; accounts: string[] },
): Promise<void> {
  return db.tx(async (tx) => {
    await tx.query(sql`insert into ${tableOf(workspace, 'team')} (id, name) values (${id}, ${unit.name})
      on conflict (id) do update set name = excluded.name`);
    await tx.query(sql`delete from ${tableOf(workspace, 'team_person')} where team = ${id}`);
    await tx.query(sql`insert into ${tableOf(workspace, 'team_person')} (team, account)
      select distinct ${id}::uuid, unnest(${unit.accounts}::text[])`);
    await moved(tx, workspace);
  });
}

export function saveTerritory(
  db: Db,
  workspace: string,
  id: string,
  unit: { name: string; object: string; field: string; values: string[]; accounts: string[] },
): Promise<void> {
  return db.tx(async (tx) => {
    await tx.query(sql`insert into ${tableOf(workspace, 'territory')} (id, name, object, field, "values", accounts)
      values (${id}, ${unit.name}, ${unit.object}, ${unit.field}, ${unit.values}, ${unit.accounts})
      on conflict (id) do update set name = excluded.name, object = excluded.object, field = excluded.field,
        "values" = excluded."values", accounts = excluded.accounts`);
    await moved(tx, workspace);
  });
}

export function removeUnit(
  db: Db,
  workspace: string,
  kind: 'department' | 'team' | 'territory',
  id: string,
): Promise<void> {
  return db.tx(async (tx) => {
    if (kind === 'department') {
      const below = await tx.query(sql`select from ${tableOf(workspace, kind)} where parent = ${id} limit 1`);
      if (below.length > 0) throw new AppError('department-below');
    }
    const gone = await tx.query(sql`delete from ${tableOf(workspace, kind)} where id = ${id} returning id`);
    if (gone.length === 0) throw new AppError('not-found');
    await moved(tx, workspace);
  });
}
