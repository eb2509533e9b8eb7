import { AppError } from '../../../contract/errors.ts';
import { resultOf, usersOf, whyNotRollup } from '../../../domain/schema/rollups.ts';
import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';

/** Settings that a figure kept by the engine can't have: nobody types it, and it is no fact that ages. */
const TYPED_ONLY = [
  'required',
  'unique',
  'default',
  'tracked',
  'priority',
  'decay',
  'minutes',
  'protected',
  'encrypted',
  'stage',
  'chain',
  'occasion',
  'open',
  'from',
] as const satisfies (keyof FieldDef)[];

/** The field as a roll-up is kept: read-only, of the type that follows from what it looks at. Any other comes back as it is. */
export function withRollup<Field extends Pick<FieldDef, 'name' | 'rollup'>>(
  objects: readonly ObjectDef[],
  object: string,
  field: Field,
): Field {
  const { rollup } = field;
  if (!rollup) return field;
  const why = whyNotRollup(objects, object, field.name, rollup);
  if (why) throw new AppError(why);
  const rest = Object.fromEntries(
    Object.entries(field).filter(([key]) => !(TYPED_ONLY as readonly string[]).includes(key)),
  );
  return { ...(rest as Field), ...resultOf(rollup, objects), readonly: true, search: 'none', match: 'none' };
}

/** A field that people fill does not become a roll-up, nor the other way: what stands in it would be lost. */
export function assertRollupStays(before: FieldDef, after: FieldDef): void {
  const kind = ({ rollup }: FieldDef): string =>
    rollup ? (['count', 'sum'].includes(rollup.fn) ? 'figure' : 'value') : 'none';
  // Figures of nothing are 0 from the start (ddl.ts), values are empty: the column says which.
  if (kind(before) !== kind(after) || before.type !== after.type) throw new AppError('rollup-fixed');
}

/** What roll-ups look at stays in plain and in use. */
export function assertReadable(objects: readonly ObjectDef[], after: FieldDef): void {
  if (!mayBeSealed(after) && !after.retired) return;
  const [user] = usersOf(objects, after.object, after.name);
  if (user) throw new AppError('rollup-uses', { field: user.field.label.zh, object: user.object.label.zh });
}
