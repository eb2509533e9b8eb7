import { covers, parseScope, type Scope } from '../../../domain/access/scope.ts';

// Scopes as one picks them: per object a level for all of it, more for single fields, and whether records may be deleted.

export type Level = 'none' | 'read' | 'write';

export interface ObjectScopes {
  level: Level;
  /** Fields that have more than `level`. */
  fields: Record<string, 'read' | 'write'>;
  remove: boolean;
}

/** By object name; `*`: every object. */
export type ScopeDraft = Record<string, ObjectScopes>;

export const NOTHING: ObjectScopes = { level: 'none', fields: {}, remove: false };

export function toDraft(scopes: readonly string[]): ScopeDraft {
  const draft: ScopeDraft = {};
  const known = scopes.map(parseScope).filter((scope): scope is Scope => scope !== null);
  for (const { verb, object, field } of known) {
    draft[object] ??= { level: 'none', fields: {}, remove: false };
    const own = draft[object];
    if (verb === 'delete') own.remove = true;
    else if (field === undefined) own.level = own.level === 'write' ? 'write' : verb;
    else if (own.fields[field] !== 'write') own.fields[field] = verb;
  }
  return draft;
}

/** Without what something else in it covers. */
export function toScopes(draft: ScopeDraft): string[] {
  const all = Object.entries(draft).flatMap(([object, { level, fields, remove }]) => [
    ...(level === 'none' ? [] : [`${level}:${object}`]),
    ...Object.entries(fields).map(([field, verb]) => `${verb}:${object}.${field}`),
    ...(remove ? [`delete:${object}`] : []),
  ]);
  return all.filter(
    (scope, n) => !all.some((other, m) => m !== n && covers([other], scope) && !(m > n && covers([scope], other))),
  );
}
