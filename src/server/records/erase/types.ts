import type { Tx } from '../../platform/postgres/db.ts';
import type { Ctx } from '../types.ts';

export type EraseMode = 'erase' | 'anonymise';

/** Records of one object that go. */
export interface EraseOrder {
  /** Change set it happens in, made by `open`. */
  changeSet: string;
  /** Id of the decision, for the tombstones. */
  erasure: string;
  object: string;
  ids: readonly string[];
  mode: EraseMode;
  ground: string;
  /** In the same transaction: marks that it was done. */
  alongside: (tx: Tx) => Promise<void>;
}

export interface Erased {
  records: number;
  fields: number;
  deltas: number;
  /** Rows that were about the records, per table. */
  copies: Record<string, number>;
}

/**
 * THE ERASE DOOR, beside the write door: the one place that rewrites history. It can't be undone and leaves tombstones: names of fields and counts,
 * never values.
 */
export interface EraseDoor {
  open(ctx: Ctx, changeSet: string, mode: EraseMode, ground: string): Promise<void>;
  erase(ctx: Ctx, order: EraseOrder): Promise<Erased>;
  close(ctx: Ctx, changeSet: string, records: Readonly<Record<string, number>>, mode: EraseMode): Promise<void>;
}

export const addCounts = (into: Record<string, number>, more: Readonly<Record<string, number>>): void => {
  for (const [key, n] of Object.entries(more)) if (n > 0) into[key] = (into[key] ?? 0) + n;
};
