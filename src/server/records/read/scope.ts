import { AppError } from '../../../contract/errors.ts';
import { ceilingOf, modeOf, modeOfGrant } from '../../../domain/access/reach.ts';
import type { ObjectAccess } from '../../../domain/access/types.ts';
import type { Issue } from '../../../domain/issue.ts';
import type { Catalog, ObjectDef } from '../../../domain/schema/types.ts';
import type { Ctx } from '../types.ts';
import type { Seen } from './row.ts';

/** What one actor may see of one object. */
export interface Sight {
  object: ObjectDef;
  access: ObjectAccess;
  /** Living fields that are not hidden in every row, in the object's order. */
  fields: Seen[];
}

/** Resolves an object for reading. Objects the actor may not read don't exist for him. */
export function sightOf(ctx: Ctx, catalog: Catalog, name: string): Sight {
  const object = catalog.objects.find((o) => o.name === name);
  const access = ctx.access.objects[name];
  if (!object || object.retired || !access) throw new AppError('object-unknown', { object: name });
  if (!access.actions.includes('read') || access.rows === false) throw new AppError('forbidden');
  const fields = object.fields
    .filter((field) => !field.retired && ceilingOf(access, field.name) !== 'hidden')
    .map((field) => seenField(access, field));
  return { object, access, fields };
}

/** A field with its mode, and that of each grant where rows differ. */
export function seenField(access: ObjectAccess, field: Seen['field']): Seen {
  const mode = modeOf(access, field.name);
  const each = access.grants?.map((grant) => modeOfGrant(grant, field.name));
  return { field, mode, ...(each?.some((one) => one !== mode) && { each }) };
}

/** 422 with what is wrong, when anything is. */
export function refuse(issues: Issue[]): void {
  if (issues.length > 0) throw new AppError('invalid-input', { count: issues.length }, { issues });
}
