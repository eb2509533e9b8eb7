import sql from 'sql-template-tag';
import { access as api } from '../../../contract/access.ts';
import { AppError } from '../../../contract/errors.ts';
import { compose } from '../../../domain/access/compose.ts';
import { modeOf, rowsFor } from '../../../domain/access/reach.ts';
import type { Role } from '../../../domain/access/role.ts';
import type { Access } from '../../../domain/access/types.ts';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import { objectOf } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { scopeSql } from '../../records/read/filter-sql.ts';
import type { Ctx } from '../../records/types.ts';
import { checkRole } from './check-role.ts';
import { type AccessDeps, systemEnv } from './deps.ts';
import { giveRoles, listHolders, listRoles, moved, rolesHeld, type StoredRole, saveRole } from './role-store.ts';

/** Roles, who has them, and what a change would mean. */
export function rolesRoutes(app: App, deps: AccessDeps): void {
  const { db, ctxOf } = deps;

  route(app, api.roles, async (call) => {
    const { workspace } = await ctxOf(call);
    const [roles, holders, accounts] = await Promise.all([
      listRoles(db, workspace),
      listHolders(db, workspace),
      deps.accounts(),
    ]);
    const people = accounts.map((person) => {
      const given = holders.get(person.id);
      const held = rolesHeld(roles, given, person).map(({ id }) => id);
      const starting = given === undefined && person.role !== 'admin';
      return { account: person.id, name: person.name, disabled: person.disabled ?? false, roles: held, starting };
    });
    const countOf = (id: string) => people.filter((one) => !one.disabled && one.roles.includes(id)).length;
    return { roles: roles.map((role) => view(role, countOf(role.id))), people };
  });

  route(app, api.saveRole, async (call) => {
    const ctx = await ctxOf(call);
    const { id } = call.params;
    const before = (await listRoles(db, ctx.workspace)).find((role) => role.id === id);
    if (before?.admin) throw new AppError('role-fixed');
    const catalog = await deps.catalog.get(ctx.workspace);
    checkRole(call.body, catalog, ctx.access, systemEnv(deps, ctx, catalog));
    await db.tx(async (tx) => {
      const help = before?.help;
      await saveRole(tx, ctx.workspace, { id, ...call.body, ...(help && { help }) }, ctx.actor);
      await moved(tx, ctx.workspace);
    });
    deps.access.forget();
    return { ok: true as const };
  });

  route(app, api.deleteRole, async (call) => {
    const ctx = await ctxOf(call);
    const role = (await listRoles(db, ctx.workspace)).find(({ id }) => id === call.params.id);
    if (!role) throw new AppError('not-found');
    if (role.admin || role.starting) throw new AppError('role-fixed');
    await db.tx(async (tx) => {
      const [held] = await tx.query<{ n: number }>(sql`
        select count(*)::int as n from ${tableOf(ctx.workspace, 'person_role')} where ${role.id} = any(roles)`);
      if (held && held.n > 0) throw new AppError('role-held', { count: held.n });
      await tx.query(sql`delete from ${tableOf(ctx.workspace, 'role')} where id = ${role.id}`);
      await moved(tx, ctx.workspace);
    });
    deps.access.forget();
    return { ok: true as const };
  });

  route(app, api.giveRoles, async (call) => {
    const ctx = await ctxOf(call);
    const { account } = call.params;
    const person = (await deps.accounts()).find(({ id }) => id === account);
    if (!person) throw new AppError('not-found');
    const roles = await listRoles(db, ctx.workspace);
    const wanted = roles.filter(({ id }) => call.body.roles.includes(id));
    if (wanted.length < new Set(call.body.roles).size) throw new AppError('not-found');
    const admin = wanted.some((role) => role.admin);
    if (admin !== (person.role === 'admin')) await deps.setAdmin(account, admin);
    const others = wanted.filter((role) => !role.admin).map(({ id }) => id);
    await db.tx(async (tx) => {
      // An administrator who is one no more begins as new people do, unless he was given something else.
      await giveRoles(tx, ctx.workspace, account, admin && others.length === 0 ? null : others, ctx.actor);
      await moved(tx, ctx.workspace);
    });
    deps.access.forget();
    return { ok: true as const };
  });

  route(app, api.preview, async (call) => {
    const ctx = await ctxOf(call);
    const { role, account, object: name } = call.body;
    const person = (await deps.accounts()).find(({ id }) => id === account);
    if (!person) throw new AppError('not-found');
    const catalog = await deps.catalog.get(ctx.workspace);
    const object = objectOf(catalog, name);
    checkRole(role, catalog, ctx.access, systemEnv(deps, ctx, catalog));
    const { access, roles, facts } = await deps.access.composed(ctx.workspace, person);
    const changed: Role[] = roles.map((one) => (one.id === role.id && !one.admin ? role : one));
    if (!roles.some(({ id }) => id === role.id)) changed.push(role);
    const after = compose(changed, facts, catalog);
    return {
      before: await countReached(deps, ctx, catalog, object, access),
      after: await countReached(deps, ctx, catalog, object, after),
      fields: object.fields
        .filter((field) => !field.retired)
        .map(({ name: field }) => ({
          field,
          before: modeOf(access.objects[name], field),
          after: modeOf(after.objects[name], field),
        }))
        .filter((one) => one.before !== one.after),
    };
  });
}

const view = ({ position: _, admin, ...role }: StoredRole, holders: number) => ({
  ...role,
  admin: admin ?? false,
  holders,
});

/** Counted no further: a preview says how much, not to the last record. */
const COUNT_CAP = 10_000;

async function countReached(deps: AccessDeps, ctx: Ctx, catalog: Catalog, object: ObjectDef, access: Access) {
  if (rowsFor(access.objects[object.name], 'read') === false) return { rows: 0, exact: true };
  const reached = scopeSql(access, object, 't', systemEnv(deps, ctx, catalog));
  const [row] = await deps.db.query<{ n: number }>(sql`
    select count(*)::int as n from (select from ${tableOf(ctx.workspace, object.name)} t
      where t.deleted_at is null and ${reached} limit ${COUNT_CAP + 1}) found`);
  const rows = row?.n ?? 0;
  return { rows: Math.min(rows, COUNT_CAP), exact: rows <= COUNT_CAP };
}
