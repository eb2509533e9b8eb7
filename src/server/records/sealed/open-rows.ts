import { AppError } from '../../../contract/errors.ts';
import { mayBeSealed } from '../../../domain/schema/sealed.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import type { TableRow } from '../catalog/columns.ts';
import { modeHere, reachOf, type Seen } from '../read/row.ts';
import type { Ctx } from '../types.ts';
import { isSealed } from './sealed-value.ts';
import type { Lookup, SealedAt, Sealing } from './sealing.ts';

/** Stands in the place of a value whose key is not at hand. */
export const LOCKED = { zh: '（已锁定）', en: '(locked)' } as const;

/** Opens what stands in rows, or in what deltas replaced, in place. */
export interface OpenRows {
  (rows: readonly TableRow[]): Promise<void>;
  past(deltas: readonly { record: string; before: Record<string, unknown> }[]): Promise<void>;
}

/** Who asks for encrypted fields gets them opened after it is known how he sees them: what is hidden in a row stays closed. null: none is encrypted. */
export function openerFor(
  deps: { db: Queryable; sealing?: Sealing },
  ctx: Pick<Ctx, 'workspace' | 'lang'>,
  object: ObjectDef,
  fields: readonly Seen[],
): OpenRows | null {
  const sealed = fields.filter(({ field }) => mayBeSealed(field));
  if (sealed.length === 0) return null;
  const names = new Set(sealed.map(({ field }) => field.name));
  const word = LOCKED[ctx.lang];
  const open = async (rows: readonly TableRow[]): Promise<void> => {
    const slots = rows.flatMap((row) => {
      const reach = reachOf(row);
      const visible = sealed.filter((seen) => modeHere(seen, reach) !== 'hidden');
      return slotsIn(object, row.id, row, (name) => visible.some(({ field }) => field.name === name));
    });
    await openSlots(deps, ctx.workspace, slots, (slot) => {
      const row = slot.values as TableRow & { $locked?: string[] };
      row.$locked = [...(row.$locked ?? []), slot.field];
      slot.values[slot.field] = word;
    });
  };
  const past: OpenRows['past'] = async (deltas) => {
    const slots = deltas.flatMap(({ record, before }) => slotsIn(object, record, before, (name) => names.has(name)));
    await openSlots(deps, ctx.workspace, slots, (slot) => {
      slot.values[slot.field] = word;
    });
  };
  return Object.assign(open, { past });
}

interface Slot extends SealedAt {
  values: Record<string, unknown>;
}

function slotsIn(
  object: Pick<ObjectDef, 'name'>,
  record: string,
  values: Record<string, unknown>,
  wanted: (name: string) => boolean,
): Slot[] {
  return Object.entries(values).flatMap(([field, sealed]) =>
    isSealed(sealed) && wanted(field) ? [{ object: object.name, field, record, sealed, values }] : [],
  );
}

async function openSlots(
  { db, sealing }: { db: Queryable; sealing?: Sealing },
  workspace: string,
  slots: readonly Slot[],
  locked: (slot: Slot) => void,
): Promise<void> {
  if (slots.length === 0) return;
  const opened = await sealing?.open(db, workspace, slots);
  for (const [place, slot] of slots.entries()) {
    const value = opened?.[place] ?? null;
    if (value === null) locked(slot);
    else slot.values[slot.field] = value;
  }
}

/** Opens what is sealed among values of records, in place, whoever asks. `word`: in the place of what is locked; null: it stays as it is. */
export async function openValues(
  deps: { db: Queryable; sealing?: Sealing },
  workspace: string,
  object: string,
  word: string | null,
  records: readonly { record: string; values: Record<string, unknown> }[],
): Promise<void> {
  const slots = records.flatMap(({ record, values }) => slotsIn({ name: object }, record, values, () => true));
  await openSlots(deps, workspace, slots, (slot) => {
    if (word !== null) slot.values[slot.field] = word;
  });
}

/** How encrypted fields of a workspace are looked up; undefined where the keys for it are not at hand. */
export async function lookupIfOpen(sealing: Sealing | undefined, workspace: string): Promise<Lookup | undefined> {
  try {
    return await sealing?.lookup(workspace);
  } catch (error) {
    if (error instanceof AppError && error.code.startsWith('master-key-')) return undefined;
    throw error;
  }
}
