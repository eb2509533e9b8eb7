import { applyEvidence, type EvidenceKind } from './cell.ts';

/**
 * What is stored of one cell, as in `freshness.cells`: belief (`confidence` at `asOf`), and who settled the value how (verification or plain
 * write). The last two places are there only when a signal moved belief since: then `asOf` is the signal's moment and `settled` that of
 * `method` and `actor`. So a call that connects raises belief and leaves the *verified* clock alone.
 */
export type CellTuple = [
  confidence: number,
  /** Epoch seconds `confidence` holds for. */
  asOf: number,
  method: string | null,
  actor: string | null,
  /** Epoch seconds; null = not known to have changed. */
  changed: number | null,
  /** Epoch seconds. */
  settled?: number,
  /** Kind of the last signal. */
  signal?: string,
];

/** Epoch seconds at which someone settled the value: verified it or wrote it. */
export function settledAt(tuple: CellTuple): number {
  return tuple[5] ?? tuple[1];
}

/**
 * A cell after a signal, or null when the signal says nothing: it is older than what settled the value (it spoke of another value or of what is known
 * better), or repeats the last one within the kind's `repeatDays`.
 * @param cell as stored; undefined where the record's default stands, settled at `baseAt`
 * @param belief 0..1, in the cell at `at` by its hazard, before the signal
 * @param at epoch seconds of the signal @param baseAt epoch seconds
 */
export function afterSignal(
  cell: CellTuple | undefined,
  belief: number,
  kind: EvidenceKind,
  at: number,
  baseAt: number,
): CellTuple | null {
  const settled = cell ? settledAt(cell) : baseAt;
  const [, asOf, method, actor, changed] = cell ?? [0, baseAt, null, null, null];
  if (at < settled) return null;
  const repeat = (kind.repeatDays ?? 0) * 86_400;
  if (cell?.[6] === kind.kind && Math.abs(at - asOf) < repeat) return null;
  // One that comes in late counts, but does not turn back what a later one said.
  return [round(applyEvidence(belief, kind)), Math.max(at, asOf), method, actor, changed, settled, kind.kind];
}

/** Five digits are far below what anybody knows of a likelihood, and short to store. */
function round(p: number): number {
  return Math.round(p * 1e5) / 1e5;
}
