import sql from 'sql-template-tag';
import type { Queryable } from '../../platform/postgres/db.ts';
import type { Person, RolesOf } from './deps.ts';

/** Ids of the roles whose holders need two factors. */
export async function factorRoles(on: Queryable): Promise<string[]> {
  const [row] = await on.query<{ value: string[] }>(sql`select value from auth.setting where name = 'two-factor'`);
  return row?.value ?? [];
}

export async function saveFactorRoles(on: Queryable, roles: readonly string[], by: string): Promise<void> {
  await on.query(sql`insert into auth.setting (name, value, updated_by)
    values ('two-factor', ${JSON.stringify(roles)}::jsonb, ${by})
    on conflict (name) do update set value = excluded.value, updated_at = now(), updated_by = excluded.updated_by`);
}

/** Does one of the person's roles ask for two factors? */
export async function needsFactors(required: readonly string[], person: Person, rolesOf: RolesOf): Promise<boolean> {
  if (required.length === 0) return false;
  return (await rolesOf(person)).some((role) => required.includes(role));
}
