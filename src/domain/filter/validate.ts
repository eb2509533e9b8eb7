import type { Access, FieldMode, ObjectAccess } from '../access/types.ts';
import type { Issue } from '../issue.ts';
import type { Catalog, ObjectDef } from '../schema/types.ts';
import { type FilterEnv, isLeaf, readLeaf } from './meaning.ts';
import { findSubject, type Subject } from './subject.ts';
import type { Filter } from './types.ts';

/** Deep or wide trees cost planning time; no person writes one. */
const MAX_DEPTH = 8;
const MAX_LEAVES = 200;

export const modeOf = (access: ObjectAccess | undefined, field: string): FieldMode =>
  access?.fields[field] ?? access?.fields['*'] ?? 'hidden';

/** Values of a masked or ranged field are known only in part, so they may not be told apart by filtering or sorting either. */
export const isPlain = (mode: FieldMode): boolean => mode === 'read' || mode === 'edit';

/** May the actor filter, sort, search or group by this? Null when he may; hidden things look as if they did not exist. */
export function subjectIssue(subject: Subject, access: Access, name: string): Issue | null {
  const unknown: Issue = { code: 'filter-field', field: name, params: { field: name } };
  const own = access.objects[subject.object.name];
  const check = (mode: FieldMode): Issue | null => {
    if (mode === 'hidden') return unknown;
    return isPlain(mode) ? null : { code: 'filter-access', field: name, params: { field: name } };
  };
  if (subject.is === 'system') return null;
  if (subject.is === 'field') return check(modeOf(own, subject.field.name));
  const target = access.objects[subject.target.name];
  if (!target?.actions.includes('read')) return unknown;
  return check(modeOf(own, subject.relation.name)) ?? check(modeOf(target, subject.field.name));
}

/** Everything that is wrong with a filter somebody sent. Empty: it can run. */
export function validateFilter(
  filter: Filter,
  catalog: Catalog,
  object: ObjectDef,
  access: Access,
  env: FilterEnv,
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
        const forbidden = subjectIssue(subject, access, f.field);
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
