import type { Sql } from 'sql-template-tag';
import type { CellTuple, RecordState } from '../../../domain/freshness/plan.ts';
import type { Label } from '../../../domain/issue.ts';
import type { FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import type { RowFreshness } from '../types.ts';

/** Row of table `freshness` as reading needs it. */
export interface FreshnessState {
  record: string;
  segment: number;
  base_at: Date;
  base_confidence: number;
  cells: Record<string, CellTuple> | null;
  missing: number[] | null;
  /** How much faster it changes than its segment. */
  frailty: number;
  score: number;
  scored_at: Date;
  due_at: Date | null;
}

/** The columns of a row that belief goes by. */
export type BeliefColumns = Pick<
  FreshnessState,
  'segment' | 'base_at' | 'base_confidence' | 'cells' | 'missing' | 'frailty'
>;

/** The row as the mathematics takes it. */
export function recordStateOf({
  base_at: baseAt,
  base_confidence: baseConfidence,
  cells,
  missing,
  segment,
  frailty,
}: BeliefColumns): RecordState {
  return { baseAt, baseConfidence, cells, missing, segment, frailty };
}

/** How the freshness of one workspace reads; the freshness module provides it from the policy in force. */
export interface FreshnessLens {
  /** True in SQL when the cell is past due at `now`. `f`: alias of the record's freshness row. */
  stale(object: ObjectDef, field: FieldDef, f: Sql, now: Date): Sql;
  /** True in SQL when belief in the cell at `now` is below `confidence` (0..1). */
  below(object: ObjectDef, field: FieldDef, confidence: number, f: Sql, now: Date): Sql;
  /** What a kind of evidence is called. */
  kindLabel(kind: string): Label;
  /** Cells and score of one record at `now`. */
  row(object: ObjectDef, state: FreshnessState, values: Record<string, FieldValue>, now: Date): RowFreshness;
}
