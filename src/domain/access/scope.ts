import { modeOf, modeOfGrant, weakest } from './reach.ts';
import { type Access, type Action, type FieldMode, type Grant, MODES, type ObjectAccess } from './types.ts';

// Scopes of apps and keys: `read:customer`, `write:customer.mobile`, `delete:customer`; `*` for every object, those that come
// later too. They take away from what a person may and never add to it.

const VERBS = ['read', 'write', 'delete'] as const;

export interface Scope {
  verb: (typeof VERBS)[number];
  /** Name of an object, or `*`. */
  object: string;
  /** Only this field; absent: all of the object. */
  field?: string;
}

const FORM = /^(read|write|delete):(\*|[a-z][a-z0-9_]*)(?:\.([a-z][a-z0-9_]*))?$/;

/** What a scope means; null when it means nothing here. A record is deleted whole, and fields belong to one object. */
export function parseScope(text: string): Scope | null {
  const [, verb, object, field] = FORM.exec(text) ?? [];
  if (!verb || !object) return null;
  if (field !== undefined && (verb === 'delete' || object === '*')) return null;
  return { verb: verb as Scope['verb'], object, ...(field !== undefined && { field }) };
}

/** Whether what `given` allows includes `asked`. Who may write sees what stands there, so writing includes reading. */
export function covers(given: readonly string[], asked: string): boolean {
  const wanted = parseScope(asked);
  if (!wanted) return false;
  return given.some((text) => {
    const own = parseScope(text);
    if (!own) return false;
    const verb = own.verb === wanted.verb || (own.verb === 'write' && wanted.verb === 'read');
    const object = own.object === '*' || own.object === wanted.object;
    return verb && object && (own.field === undefined || own.field === wanted.field);
  });
}

interface Limit {
  actions: ReadonlySet<Action>;
  /** The most per field; `*` is what a field has that is not named. */
  fields: Record<string, FieldMode>;
}

const ACTIONS_OF: Record<Scope['verb'], readonly Action[]> = {
  read: ['read'],
  write: ['read', 'create', 'update', 'verify'],
  delete: ['read', 'delete', 'restore'],
};

function limitOf(scopes: readonly Scope[], object: string): Limit | null {
  const own = scopes.filter((scope) => scope.object === '*' || scope.object === object);
  if (own.length === 0) return null;
  const actions = new Set<Action>();
  const fields: Record<string, FieldMode> = { '*': 'hidden' };
  const raise = (key: string, mode: FieldMode): void => {
    if (MODES.indexOf(mode) > MODES.indexOf(fields[key] ?? 'hidden')) fields[key] = mode;
  };
  for (const { verb, field } of own) {
    // One field makes no record, and vouches for no other.
    for (const action of verb === 'write' && field !== undefined ? (['read', 'update'] as const) : ACTIONS_OF[verb])
      actions.add(action);
    if (verb !== 'delete') raise(field ?? '*', verb === 'write' ? 'edit' : 'read');
  }
  // A field that is named has at least what all have.
  for (const key of Object.keys(fields)) raise(key, fields['*'] ?? 'hidden');
  return { actions, fields };
}

/**
 * What is left of an access within scopes: per row and field the weaker of both, no acts, no administration, and of actions
 * only reading, creating, updating, verifying, deleting and restoring, for there is no scope that names another.
 */
export function narrow(access: Access, texts: readonly string[]): Access {
  const scopes = texts.flatMap((text) => parseScope(text) ?? []);
  const objects = Object.entries(access.objects).flatMap(([name, own]): [string, ObjectAccess][] => {
    const limit = limitOf(scopes, name);
    return limit && own.actions.includes('read') ? [[name, narrowObject(own, limit)]] : [];
  });
  return { admin: false, acts: [], objects: Object.fromEntries(objects) };
}

function narrowObject(own: ObjectAccess, limit: Limit): ObjectAccess {
  const less = (actions: readonly Action[]): Action[] => actions.filter((action) => limit.actions.has(action));
  return {
    rows: own.rows,
    actions: less(own.actions),
    fields: narrowFields(own.fields, limit, (field) => modeOf(own, field)),
    ...(own.grants && {
      grants: own.grants.map(
        (grant): Grant => ({
          ...grant,
          actions: less(grant.actions),
          fields: narrowFields(grant.fields, limit, (field) => modeOfGrant(grant, field)),
        }),
      ),
    }),
  };
}

function narrowFields(
  own: Record<string, FieldMode>,
  { fields: most }: Limit,
  modeNow: (field: string) => FieldMode,
): Record<string, FieldMode> {
  const names = new Set(['*', ...Object.keys(own), ...Object.keys(most)]);
  return Object.fromEntries(
    [...names].map((name) => [name, weakest([modeNow(name), most[name] ?? most['*'] ?? 'hidden'])]),
  );
}
