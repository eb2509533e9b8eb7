import { narrow } from '../../../domain/access/scope.ts';
import type { Access } from '../../../domain/access/types.ts';
import type { Caller } from '../../platform/http/caller.ts';

const known = new WeakMap<Access, Map<string, Access>>();

/** What a caller may do: what the person may, within the scopes of the key or app that calls. */
export function withinScopes(access: Access, { scopes }: Pick<Caller, 'scopes'>): Access {
  if (!scopes) return access;
  const key = scopes.join(' ');
  const narrowed = known.get(access) ?? new Map<string, Access>();
  known.set(access, narrowed);
  const found = narrowed.get(key) ?? narrow(access, scopes);
  narrowed.set(key, found);
  return found;
}
