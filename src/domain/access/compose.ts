import { fieldsRead } from '../schema/rollups.ts';
import type { Catalog, ObjectDef, Rollup } from '../schema/types.ts';
import type { PersonFacts, Share } from './facts.ts';
import { modeOfGrant, strongest, weakest } from './reach.ts';
import { modeIn, type Role, type RoleObject, roleObject } from './role.ts';
import { isNone, rowsOf, union } from './rows.ts';
import { ACTIONS, ACTS, type Access, type FieldMode, type Grant, MODES, type ObjectAccess } from './types.ts';

/** A row carries one bit per grant, in an int4. Nobody has so many roles. */
const MOST_GRANTS = 30;

/**
 * What a person may do: the union of his roles, row by row. In a row he has the most that the roles reaching that row give, so
 * that a mode never applies where only another role leads (docs/decisions/0018).
 */
export function compose(roles: readonly Role[], facts: PersonFacts, catalog: Catalog): Access {
  const admin = roles.some((role) => role.admin);
  const objects = catalog.objects.flatMap((object): [string, ObjectAccess][] => {
    const access = admin ? everything() : objectAccess(roles, facts, object, catalog.objects);
    return access ? [[object.name, access]] : [];
  });
  const acts = ACTS.filter((act) => admin || roles.some((role) => role.acts.includes(act)));
  return { admin, acts, objects: Object.fromEntries(objects) };
}

const everything = (): ObjectAccess => ({ rows: true, actions: [...ACTIONS], fields: { '*': 'edit' } });

function objectAccess(
  roles: readonly Role[],
  facts: PersonFacts,
  object: ObjectDef,
  objects: readonly ObjectDef[],
): ObjectAccess | null {
  const given = roles.flatMap((role): Grant[] => {
    const said = roleObject(role, object.name);
    const rows = rowsOf(role, object, objects, facts);
    if (!said?.actions.includes('read') || isNone(rows)) return [];
    return [{ from: role.id, rows, actions: [...said.actions], fields: modesOf(said, object, role, objects) }];
  });
  const own = withoutWeaker(sameRowsTogether(given));
  const grants = [...own, ...ofShares(roles, facts, object, objects), ...ofAsking(facts, object)].slice(0, MOST_GRANTS);
  const reaching = grants.filter(({ within }) => !within);
  const [first] = reaching;
  if (!first) return null;
  const actions = ACTIONS.filter((action) => reaching.some((grant) => grant.actions.includes(action)));
  if (grants.length === 1) return { rows: first.rows, actions, fields: first.fields };
  return { rows: union(reaching.map(({ rows }) => rows)), actions, fields: floorOf(reaching, object), grants };
}

/** Field by field, because classes are resolved here; `*` stays for fields that come before this is composed anew. */
function modesOf(
  said: RoleObject,
  object: ObjectDef,
  role: Role,
  objects: readonly ObjectDef[],
): Record<string, FieldMode> {
  const writes = said.actions.includes('create') || said.actions.includes('update');
  const capped = (mode: FieldMode): FieldMode => (mode === 'edit' && !writes ? 'read' : mode);
  const rest = capped(said.fields['*'] ?? 'hidden');
  const fields: Record<string, FieldMode> = { '*': rest };
  for (const field of object.fields) {
    const own = capped(modeIn(said.fields, field).mode);
    const mode = field.rollup ? modeOfRollup(own, field.rollup, role, objects) : own;
    if (mode !== rest) fields[field.name] = mode;
  }
  return fields;
}

/**
 * A figure over other records shows no more than these do: who may not see them, or what is added up, sees no sum of it either. Of whose
 * records it is made does not matter: a customer's figure is the customer's, not the viewer's share of it.
 */
function modeOfRollup(own: FieldMode, rollup: Rollup, role: Role, objects: readonly ObjectDef[]): FieldMode {
  const said = roleObject(role, rollup.of);
  if (!said?.actions.includes('read')) return 'hidden';
  const source = objects.find(({ name }) => name === rollup.of);
  const read = [...fieldsRead(rollup)].flatMap((name) => source?.fields.find((field) => field.name === name) ?? []);
  const modes = read.map((field) => {
    const mode = modeIn(said.fields, field).mode;
    return field.rollup ? modeOfRollup(mode, field.rollup, role, objects) : mode;
  });
  return weakest([own === 'edit' ? 'read' : own, ...modes]);
}

/** What every row has: the modes of those that reach all rows, and else the least of the others. */
function floorOf(grants: readonly Grant[], object: ObjectDef): Record<string, FieldMode> {
  const everywhere = grants.filter(({ rows }) => rows === true);
  const floor = (field: string): FieldMode => {
    const base = everywhere.length > 0 ? strongest(everywhere.map((grant) => modeOfGrant(grant, field))) : 'hidden';
    return everywhere.length > 0 ? base : weakest(grants.map((grant) => modeOfGrant(grant, field)));
  };
  const fields: Record<string, FieldMode> = { '*': floor('*') };
  for (const { name } of object.fields) if (floor(name) !== fields['*']) fields[name] = floor(name);
  return fields;
}

function sameRowsTogether(grants: readonly Grant[]): Grant[] {
  const byRows = new Map<string, Grant>();
  for (const grant of grants) {
    const key = JSON.stringify(grant.rows);
    const known = byRows.get(key);
    byRows.set(key, known ? { ...known, from: `${known.from}+${grant.from}`, ...most(known, grant) } : grant);
  }
  return [...byRows.values()];
}

function most(a: Grant, b: Grant): Pick<Grant, 'actions' | 'fields'> {
  const names = new Set([...Object.keys(a.fields), ...Object.keys(b.fields)]);
  return {
    actions: ACTIONS.filter((action) => a.actions.includes(action) || b.actions.includes(action)),
    fields: Object.fromEntries(
      [...names].map((name) => [name, strongest([modeOfGrant(a, name), modeOfGrant(b, name)])]),
    ),
  };
}

/** Grants that give nothing beyond one that reaches all rows cost a condition for nothing. */
function withoutWeaker(grants: readonly Grant[]): Grant[] {
  return grants.filter(
    (grant) => !grants.some((other) => other !== grant && other.rows === true && coveredBy(grant, other)),
  );
}

function coveredBy(grant: Grant, other: Grant): boolean {
  const names = new Set([...Object.keys(grant.fields), ...Object.keys(other.fields)]);
  const rank = (mode: FieldMode): number => MODES.indexOf(mode);
  return (
    grant.actions.every((action) => other.actions.includes(action)) &&
    [...names].every((name) => rank(modeOfGrant(grant, name)) <= rank(modeOfGrant(other, name)))
  );
}

/**
 * A shared record: as his own roles would let him see it if they reached it, but no more than he who shared it could. Roles that
 * name `shared` among their rows take part; without one, nothing can be shared with the person.
 */
function ofShares(
  roles: readonly Role[],
  facts: PersonFacts,
  object: ObjectDef,
  objects: readonly ObjectDef[],
): Grant[] {
  const willing = roles.flatMap((role) => {
    const said = roleObject(role, object.name);
    if (!said?.actions.includes('read') || !said.rows.some(({ rule }) => rule === 'shared')) return [];
    return [modesOf(said, object, role, objects)];
  });
  if (willing.length === 0) return [];
  const alike = new Map<string, { share: Share; records: string[] }>();
  for (const share of facts.shares.filter((one) => one.object === object.name)) {
    const key = JSON.stringify([share.actions, share.fields]);
    const known = alike.get(key) ?? { share, records: [] };
    known.records.push(share.record);
    alike.set(key, known);
  }
  return [...alike.values()].map(({ share, records }): Grant => {
    const fields: Record<string, FieldMode> = { '*': 'hidden' };
    for (const { name } of object.fields) {
      const mine = strongest(willing.map((modes) => modeOfGrant({ fields: modes }, name)));
      fields[name] = weakest([mine, modeOfGrant(share, name)]);
    }
    return { from: 'share', rows: { field: '$id', op: 'in', value: records }, actions: share.actions, fields };
  });
}

function ofAsking(facts: PersonFacts, object: ObjectDef): Grant[] {
  const byField = new Map<string, string[]>();
  for (const { field, record } of facts.asked.filter((one) => one.object === object.name))
    byField.set(field, [...(byField.get(field) ?? []), record]);
  return [...byField].map(([field, records]): Grant => {
    const rows = { field: '$id', op: 'in' as const, value: records };
    return { from: 'asked', rows, actions: [], fields: { '*': 'hidden', [field]: 'read' }, within: true };
  });
}
