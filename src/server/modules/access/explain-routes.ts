import sql, { join, raw } from 'sql-template-tag';
import { access as api } from '../../../contract/access.ts';
import { AppError } from '../../../contract/errors.ts';
import { explain } from '../../../domain/access/explain.ts';
import type { PersonFacts } from '../../../domain/access/facts.ts';
import { ceilingOf, modeOfGrant } from '../../../domain/access/reach.ts';
import { type Role, type RowRule, roleObject } from '../../../domain/access/role.ts';
import { isNone, rowsOf } from '../../../domain/access/rows.ts';
import type { Access, FieldMode } from '../../../domain/access/types.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import { fieldOf, objectOf } from '../../records/catalog/lookup.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { filterSql, TRUE } from '../../records/read/filter-sql.ts';
import type { Ctx } from '../../records/types.ts';
import { type AccessDeps, systemEnv } from './deps.ts';

/** Why somebody can or can't: of oneself what one may know exists; of others for administrators. */
export function explainRoutes(app: App, deps: AccessDeps): void {
  route(app, api.explain, async (call) => {
    const ctx = await deps.ctxOf(call);
    const { object: name, record, field: fieldName, action = 'read', account } = call.query;
    const mine = ctx.actor.replace(/^user:/, '');
    const who = account ?? mine;
    if (who !== mine && !ctx.access.admin) throw new AppError('forbidden');
    const person = (await deps.accounts()).find(({ id }) => id === who);
    if (!person) throw new AppError('not-found');
    const catalog = await deps.catalog.get(ctx.workspace);
    const object = objectOf(catalog, name);
    const own = ctx.access.objects[name];
    if (!own) throw new AppError('object-unknown', { object: name });
    const field = fieldName === undefined ? undefined : fieldOf(object, fieldName);
    const hidden = field && ceilingOf(own, field.name) === 'hidden';
    if (fieldName !== undefined && (!field || field.retired || hidden)) throw new AppError('not-found');
    // Whoever asks must see the record himself.
    if (record !== undefined) await deps.read.get(ctx, name, record);
    const { roles, facts, access } = await deps.access.composed(ctx.workspace, person);
    const reaching = record === undefined ? undefined : await rulesReaching(deps, ctx, object, roles, facts, record);
    const given = record === undefined || !field ? null : givenIn(access, name, record, field.name);
    const found = explain(roles, { object, action, ...(field && { field }), ...(reaching && { reaching }), given });
    return {
      ...found,
      reasons: found.reasons.map(({ role, code, sentence }) => ({ role, code, message: sentence[ctx.lang] })),
    };
  });
}

/** Of each role the first rule whose rows hold the record. */
async function rulesReaching(
  deps: AccessDeps,
  ctx: Ctx,
  object: ObjectDef,
  roles: readonly Role[],
  facts: PersonFacts,
  record: string,
): Promise<Map<string, RowRule['rule']>> {
  const catalog = await deps.catalog.get(ctx.workspace);
  const env = systemEnv(deps, ctx, catalog);
  const asked = roles.flatMap((role) => {
    const said = roleObject(role, object.name);
    return (said?.rows ?? []).flatMap((rule) => {
      const only: Role = { ...role, objects: { ...role.objects, [object.name]: { ...(said ?? EMPTY), rows: [rule] } } };
      const rows = rowsOf(only, object, catalog.objects, facts);
      return isNone(rows) ? [] : [{ role: role.id, rule: rule.rule, rows }];
    });
  });
  if (asked.length === 0) return new Map();
  const columns = asked.map(
    ({ rows }, place) =>
      sql`coalesce(${rows === true ? TRUE : filterSql(rows, object, 't', env)}, false) as ${raw(`r${place}`)}`,
  );
  const [row] = await deps.db.query<Record<string, boolean>>(
    sql`select ${join(columns, ', ')} from ${tableOf(ctx.workspace, object.name)} t where t.id = ${record}::uuid`,
  );
  const reaching = new Map<string, RowRule['rule']>();
  for (const [place, { role, rule }] of asked.entries())
    if (row?.[`r${place}`] && !reaching.has(role)) reaching.set(role, rule);
  return reaching;
}

const EMPTY = { rows: [], actions: [], fields: {} };

function givenIn(
  access: Access,
  object: string,
  record: string,
  field: string,
): { by: 'share' | 'asked'; mode: FieldMode } | null {
  for (const grant of access.objects[object]?.grants ?? []) {
    if (grant.from !== 'share' && grant.from !== 'asked') continue;
    const holds =
      grant.rows !== true &&
      'field' in grant.rows &&
      Array.isArray(grant.rows.value) &&
      grant.rows.value.includes(record);
    const mode = modeOfGrant(grant, field);
    if (holds && mode !== 'hidden') return { by: grant.from, mode };
  }
  return null;
}
