import { ceilingOf, isPlain, modeOf } from '../access/reach.ts';
import type { Access, ObjectAccess } from '../access/types.ts';
import type { Issue } from '../issue.ts';
import type { Catalog, ObjectDef } from '../schema/types.ts';
import { type FilterEnv, isLeaf, readLeaf } from './meaning.ts';
import { findSubject, type Subject } from './subject.ts';
import type { Filter } from './types.ts';

/** Deep or wide trees cost planning time; no person writes one. */
const MAX_DEPTH = 8;
const MAX_LEAVES = 200;

/**
 * May the actor filter, sort, search or group by this? Null when he may; hidden things look as if they did not exist.
 * @param mode what counts where rows differ: `modeOf` (default) asks for a field that is plain in every row; `ceilingOf` is for
 *   conditions whose SQL looks at the field only in the rows where it is plain.
 */
export function subjectIssue(subject: Subject, access: Access, name: string, mode = modeOf): Issue | null {
  const unknown: Issue = { code: 'filter-field', field: name, params: { field: name } };
  const own = access.objects[subject.object.name];
  const refused = (code: string): Issue => ({ code, field: name, params: { field: name } });
  const check = (of: ObjectAccess | undefined, field: string): Issue | null => {
    if (isPlain(mode(of, field))) return null;
    const most = ceilingOf(of, field);
    if (most === 'hidden') return unknown;
    return refused(isPlain(most) ? 'filter-partly' : 'filter-access');
  };
  if (subject.is === 'system') return null;
  if (subject.is === 'field') return check(own, subject.field.name);
  const target = access.objects[subject.target.name];
  if (!target?.actions.includes('read')) return unknown;
  return check(own, subject.relation.name) ?? check(target, subject.field.name);
}

/** Everything that is wrong with a filter somebody sent. Empty: it can run. */
export function validateFilter(
  filter: Filter,
  catalog: Catalog,
  object: ObjectDef,
  access: Access,
  env: FilterEnv,
  mode = modeOf,
): Issue[] {
  const issues: Issue[] = [];
  let leaves = 0;
  const walk = (f: Filter, depth: number): void => {
    if (depth > MAX_DEPTH) {
      issues.push({ code: 'filter-size' });
      return;
    }
    if ('all' in f) for (const part of f.all) walk(part, depth + 1);
    else if ('any' in f) for (const part of f.any) walk(part, depth + 1);
    else if ('not' in f) walk(f.not, depth + 1);
    else if (isLeaf(f)) {
      leaves += 1;
      const subject = findSubject(catalog, object, f.field);
      if (!subject) issues.push({ code: 'filter-field', field: f.field, params: { field: f.field } });
      else {
        const forbidden = subjectIssue(subject, access, f.field, mode);
        if (forbidden) issues.push(forbidden);
        else {
          const read = readLeaf(f, subject, env);
          if ('issue' in read) issues.push(read.issue);
        }
      }
    }
  };
  walk(filter, 1);
  if (leaves > MAX_LEAVES) issues.push({ code: 'filter-size' });
  return issues;
}
