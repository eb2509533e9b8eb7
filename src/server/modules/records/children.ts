import { modeOf } from '../../../domain/access/reach.ts';
import type { Catalog, FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import type { Ctx } from '../../records/types.ts';

/** An object whose records belong to those of another, with the relation that says so. */
export interface Child {
  object: ObjectDef;
  parent: FieldDef;
}

/** May the actor see the field in every row? */
export const isReadable = (ctx: Ctx, object: ObjectDef, field: string): boolean =>
  ['read', 'edit'].includes(modeOf(ctx.access.objects[object.name], field));

/** Objects whose parent relation points at this one, where the actor may read both the object and the relation. */
export function childrenOf(catalog: Catalog, ctx: Ctx, object: string): Child[] {
  return catalog.objects.flatMap((one) => {
    const parent = one.fields.find((f) => f.name === one.parent && f.target === object && !f.retired);
    const access = ctx.access.objects[one.name];
    if (!parent || one.retired || !access?.actions.includes('read') || access.rows === false) return [];
    return isReadable(ctx, one, parent.name) ? [{ object: one, parent }] : [];
  });
}
