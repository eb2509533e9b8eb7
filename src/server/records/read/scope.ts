import { AppError } from '../../../contract/errors.ts';
import type { FieldMode, ObjectAccess } from '../../../domain/access/types.ts';
import { modeOf } from '../../../domain/filter/validate.ts';
import type { Issue } from '../../../domain/issue.ts';
import type { Catalog, FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import type { Ctx } from '../types.ts';

/** What one actor may see of one object. */
export interface Sight {
  object: ObjectDef;
  access: ObjectAccess;
  /** Living fields that are not hidden, in the object's order. */
  fields: { field: FieldDef; mode: FieldMode }[];
}

/** Resolves an object for reading. Objects the actor may not read don't exist for him. */
export function sightOf(ctx: Ctx, catalog: Catalog, name: string): Sight {
  const object = catalog.objects.find((o) => o.name === name);
  const access = ctx.access.objects[name];
  if (!object || object.retired || !access) throw new AppError('object-unknown', { object: name });
  if (!access.actions.includes('read') || access.rows === false) throw new AppError('forbidden');
  const fields = object.fields
    .filter((field) => !field.retired)
    .map((field) => ({ field, mode: modeOf(access, field.name) }))
    .filter(({ mode }) => mode !== 'hidden');
  return { object, access, fields };
}

/** 422 with what is wrong, when anything is. */
export function refuse(issues: Issue[]): void {
  if (issues.length > 0) throw new AppError('invalid-input', { count: issues.length }, { issues });
}
